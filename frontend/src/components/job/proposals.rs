//! What a job proposes to do with the mails it looked through: a suggestion for each sender, with how many mails it
//! is about, how sure it is and why, and a way to accept it. Accepting is a decision about mails that wait for a person,
//! so they wait no more: it drafts an ordinary job, with its preview and its undo.

use bulkhead_shared::api::{DecideReview, Job, ReviewDecided, ReviewPick, ReviewVerdict};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::limits::REVIEWED_PER_REQUEST;
use bulkhead_shared::outcome::Outcome;
use bulkhead_shared::proposal::Proposal;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api::{self, Answer};
use crate::components::later::Drawn;
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::copy::numbers::items;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::routes::Route;
use crate::state::suggestions::{Suggestion, Suggestions};
use crate::words;

/// Results on a page, and pages that are read.
const PAGE: u32 = 500;
const PAGES_MOST: usize = 50;
/// Senders that are shown of each proposal.
const SENDERS_MOST: usize = 12;

#[derive(Properties, PartialEq)]
struct ProposalsProps {
    /// A job that proposes, and has ended.
    pub job: Job,
    /// Shows the job that accepting drafts.
    pub on_draft: Callback<JobId>,
}

/// What a job proposes, once its part is here.
#[wasm_split(proposals, fallible, preload(fetch))]
pub fn proposals(job: Job, on_draft: Callback<JobId>) -> Drawn {
    Ok(html! { <Proposals {job} {on_draft} /> })
}

/// The proposals.
#[component]
fn Proposals(props: &ProposalsProps) -> Html {
    let found = use_loading(props.job.id.clone(), |job| Some(suggested(job)));
    let asking = use_asking();
    // Nothing came of the last one: somebody decided about its mails already.
    let was_decided = use_state(|| false);
    let found = match &found.remote {
        Remote::NotAsked | Remote::Loading => {
            return html! { <div class="skeleton-lines" aria-busy="true"><i /><i /></div> };
        }
        Remote::Failed(error) => {
            return html! { <ProblemNote error={error.clone()} retry={found.reload} /> };
        }
        Remote::Ready(found) => found.clone(),
    };
    let accept = |proposal: Proposal, mut ids: Vec<ItemId>, testid: String| {
        let Some(operation) = proposal.operation_of(&props.job.operation) else {
            return Html::default();
        };
        ids.truncate(REVIEWED_PER_REQUEST);
        let order = operation.order(&items(ids.len() as u64, props.job.kind));
        let (asking, on_draft) = (asking.clone(), props.on_draft.clone());
        let (account, was_decided) = (props.job.account.clone(), was_decided.clone());
        let wanted = DecideReview {
            mails: ReviewPick::Ids { ids },
            verdict: ReviewVerdict::Accept {},
            draft_only: true,
        };
        let disabled = asking.busy.is_some();
        let onclick = Callback::from(move |_: MouseEvent| {
            let (on_draft, was_decided) = (on_draft.clone(), was_decided.clone());
            let call = api::decide_review(account.clone(), wanted.clone());
            asking.make("accept", call, move |decided: ReviewDecided| {
                was_decided.set(decided.jobs.is_empty());
                if let Some(job) = decided.jobs.into_iter().next() {
                    on_draft.emit(job.id);
                }
            });
        });
        html! { <button type="button" class="button small" {onclick} {disabled} data-testid={testid}>{ words::asks_more(&order) }</button> }
    };
    let row = |proposal: Proposal, one: &Suggestion| {
        html! {
            <li key={one.sender.clone()} class="suggestion" data-testid="suggestion">
                <span class="grow">
                    <strong>{ &one.sender }</strong>
                    { " " }{ words::job_proposals_sure(&items(one.ids.len() as u64, props.job.kind), one.percent) }{ " " }
                    <span class="muted">{ &one.why }</span>
                </span>
                { accept(proposal, one.ids.clone(), format!("accept-{}-one", proposal.name())) }
            </li>
        }
    };
    let group = |(proposal, suggestions): (Proposal, Vec<Suggestion>)| {
        let all: Vec<ItemId> = suggestions.iter().flat_map(|one| one.ids.clone()).collect();
        let count = items(all.len() as u64, props.job.kind);
        let more = suggestions.len().saturating_sub(SENDERS_MOST);
        html! {
            <details key={proposal.name()} class="options">
                <summary data-testid={format!("proposal-{}", proposal.name())}>{ proposal.label() }<span class="muted">{ words::job_proposals_of_senders(&count, suggestions.len() as u64) }</span></summary>
                <ul class="suggestions">
                    { for suggestions.iter().take(SENDERS_MOST).map(|one| row(proposal, one)) }
                    if more > 0 { <li class="muted">{ words::job_proposals_more_senders(more as u64) }</li> }
                </ul>
                <p class="suggestion">{ accept(proposal, all, format!("accept-{}", proposal.name())) }</p>
            </details>
        }
    };
    let read = found.total() as u64;
    html! {
        <section class="findings" aria-label={words::job_proposals_title()} data-testid="proposals">
            <h2>{ words::job_proposals_title() }</h2>
            <p class="muted small">{ words::job_proposals_meaning() }</p>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            if *was_decided {
                <p class="muted small" role="status" data-testid="proposals-decided">{ words::job_proposals_none_waits() }{ " " }
                    <Go to={Route::Review { account: props.job.account.clone() }} class="link-button small" testid="proposals-review">{ words::job_proposals_review() }</Go></p>
            }
            { for found.by_proposal().into_iter().map(group) }
            if read < props.job.counts.succeeded {
                <p class="muted small">{ words::job_proposals_first(read) }</p>
            }
        </section>
    }
}

async fn suggested(job: JobId) -> Answer<Suggestions> {
    let mut suggestions = Suggestions::default();
    let mut cursor = None;
    for _ in 0..PAGES_MOST {
        let page = api::job_items_by(job.clone(), Some(Outcome::Succeeded), cursor, PAGE).await?;
        suggestions.add(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(suggestions)
}
