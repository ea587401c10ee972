//! What was done in the last hour and can be taken back.

use bulkhead_shared::api::{Job, Relation};
use yew::prelude::*;

use crate::browser;
use crate::components::link::Go;
use crate::components::undo_bar::Undoing;
use crate::copy::jobs;
use crate::routes::Route;
use crate::session::Session;
use crate::words;

/// So many are named; older ones stand in the history.
const NAMED: usize = 3;

/// The section; nothing where nothing was done.
#[component]
pub fn JustDone() -> Html {
    let (Some(session), Some(undoing)) = (use_context::<Session>(), use_context::<Undoing>())
    else {
        return Html::default();
    };
    let done: Vec<&Job> = session.just_done().take(NAMED).collect();
    if done.is_empty() {
        return Html::default();
    }
    let row = |job: &Job| {
        let id = job.id.clone();
        let undo = undoing.take_back.reform(move |_: MouseEvent| id.clone());
        let until = job.undo_until.map(browser::full);
        html! {
            <li key={job.id.to_string()} class="done-row">
                <Go to={Route::Job { job: job.id.clone() }} class="nav-item grow">
                    <span class="grow">{ jobs::report(job, &session.known.jobs) }</span>
                </Go>
                <button type="button" class="text-button" onclick={undo} data-testid="tray-undo"
                    title={words::sidebar_undo_until(&session.undo_words(job), &until.unwrap_or_default())}>
                    { if job.relation == Some(Relation::Undo) { words::sidebar_redo() } else { words::sidebar_undo() } }
                </button>
            </li>
        }
    };
    html! {
        <section class="sidebar-jobs" aria-label={words::sidebar_just_done()} data-testid="just-done">
            <h2>{ words::sidebar_just_done() }</h2>
            <ul class="nav-list">{ for done.into_iter().map(row) }</ul>
        </section>
    }
}
