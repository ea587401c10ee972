//! Another draft in place of one: a confirmation covers the options too, so they are not changed in it.

use bulkhead_shared::api::{Job, NewJob, SelectionSummary};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::options::{JobOptions, Protected};
use bulkhead_shared::selection::Selection;

use crate::api::{self, Answer, Ask};
use crate::session::Intentions;

/// What the draft was made from: remembered in this tab, or told by the draft itself where it
/// tells all of it. None: there can be no other in its place. `keeps_out`: protected mails are kept out of it.
pub fn asked_for(job: &Job, keeps_out: bool, intentions: &Intentions) -> Option<NewJob> {
    if job.parent.is_some() {
        return None;
    }
    intentions.of(&job.id).or_else(|| match &job.selection {
        SelectionSummary::Query { query, except: 0 } => Some(NewJob {
            account: job.account.clone(),
            operation: job.operation.clone(),
            selection: Selection::Query {
                query: query.clone(),
                except: Vec::new(),
            },
            options: JobOptions {
                protected: keeps_out.then_some(Protected::KeepOut),
                ..JobOptions::default()
            },
            confirm: None,
        }),
        SelectionSummary::Query { .. }
        | SelectionSummary::Ids { .. }
        | SelectionSummary::Rows { .. }
        | SelectionSummary::Parent {} => None,
    })
}

/// Drafts this, and drops the old draft.
pub async fn instead(old: JobId, asked: &NewJob, key: &str) -> Answer<Job> {
    let draft = api::draft(asked, key).await?;
    // The old draft would run out by itself; that it could not be dropped is no failure.
    let _ = api::ask(old, Ask::Cancel).await;
    Ok(draft)
}
