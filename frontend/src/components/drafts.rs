//! The drafts that wait for a yes, apart from what was done.

use bulkhead_shared::api::Job;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::job::state_chip::StateChip;
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::copy::jobs;
use crate::hooks::asking::use_asking;
use crate::routes::Route;
use crate::session::Session;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct DraftsProps {
    /// Newest first.
    pub drafts: Vec<Job>,
}

/// The section; nothing where there are none.
#[component]
pub fn Drafts(props: &DraftsProps) -> Html {
    let session = use_context::<Session>();
    let asking = use_asking();
    if props.drafts.is_empty() {
        return Html::default();
    }
    let discard = |job: &Job| {
        let (asking, id) = (asking.clone(), job.id.clone());
        let reload = session.as_ref().map(|session| session.reload_jobs.clone());
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            asking.make("discard", api::discard(id.clone()), move |()| {
                if let Some(reload) = reload {
                    reload.emit(());
                }
            });
        })
    };
    let title = |job: &Job| match &session {
        Some(session) => session.title(job),
        None => jobs::title(job, &props.drafts),
    };
    let row = |job: &Job| {
        let until = job.confirm_by.map(browser::full);
        html! {
            <li key={job.id.to_string()} class="history-row" data-testid="draft-row" data-job={job.id.to_string()}>
                <Go to={Route::Job { job: job.id.clone() }} class="history-link">
                    <span class="history-title"><span>{ title(job) }</span></span>
                    <StateChip state={job.state} />
                    <span class="history-counts"><span class="muted">{ jobs::selection(&job.selection, job.kind, job.relation) }</span></span>
                    <span class="history-when muted">{ until.map(|until| words::drafts_until(&until)) }</span>
                </Go>
                <span class="history-undo">
                    <button type="button" class="text-button" onclick={discard(job)} disabled={asking.busy.is_some()}
                        data-testid="discard-draft">{ words::drafts_discard() }</button>
                </span>
            </li>
        }
    };
    html! {
        <section class="drafts" aria-labelledby="drafts" data-testid="drafts">
            <h2 id="drafts">{ words::drafts() }</h2>
            <p class="muted small">{ words::drafts_are() }</p>
            <ul class="family-group">{ for props.drafts.iter().map(row) }</ul>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </section>
    }
}
