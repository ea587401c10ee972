//! Taking a job back in one go: its undo is drafted, and confirmed where nothing in its preview has to be
//! weighed. Anything else is for a person to look at.

use bulkhead_shared::api::{Confirm, Gate, Job, Preview};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::api::{self, Answer, Ask, CallError};
use crate::browser;
use crate::components::later::Doing;
use crate::state::pace::Pace;

/// What became of the wish to take a job back.
pub enum Taking {
    /// It is being taken back by this job.
    Begun(Box<Job>),
    /// Its draft is to be looked at first.
    ToDecide(JobId),
}

/// Takes a job back, as far as that goes without saying.
pub async fn take_back(id: JobId) -> Answer<Taking> {
    match taking_back(id).await {
        Ok(taking_back) => taking_back.await,
        Err(_) => Err(CallError::Offline),
    }
}

/// The same, once its part is here.
#[wasm_split(preview, fallible)]
fn taking_back(id: JobId) -> Result<Doing<Answer<Taking>>, SplitLoaderError> {
    Ok(Box::pin(take_back_here(id)))
}

async fn take_back_here(id: JobId) -> Answer<Taking> {
    let draft = frozen(api::ask(id, Ask::Undo).await?).await?;
    if draft.state != State::Draft {
        return Ok(Taking::ToDecide(draft.id));
    }
    let preview = api::preview(draft.id.clone()).await?;
    if !goes_without_saying(&preview) {
        return Ok(Taking::ToDecide(draft.id));
    }
    let yes = Confirm {
        manifest_hash: preview.manifest_hash,
        drift_hash: None,
    };
    match api::confirm(draft.id.clone(), yes).await {
        Ok(job) => Ok(Taking::Begun(Box::new(job))),
        // What changed in this very moment is shown with the draft.
        Err(CallError::Problem(_)) => Ok(Taking::ToDecide(draft.id)),
        Err(error) => Err(error),
    }
}

fn goes_without_saying(preview: &Preview) -> bool {
    let all_go_back = preview
        .undo
        .is_some_and(|undo| undo.can_go_back == preview.total);
    all_go_back && preview.total > 0 && preview.gate == Gate::Confirm && preview.drift.is_none()
}

/// Waits until it is known what the undo would do.
async fn frozen(mut job: Job) -> Answer<Job> {
    let mut etag = None;
    while job.state == State::Planning {
        let news = api::job(job.id.clone(), etag).await?;
        etag = news.etag;
        if let Some(newer) = news.job {
            job = newer;
        }
        if job.state == State::Planning {
            let pace = Pace {
                asked_for: news.ask_again,
                hidden: false,
                losses: 0,
            };
            browser::sleep(pace.millis()).await;
        }
    }
    Ok(job)
}
