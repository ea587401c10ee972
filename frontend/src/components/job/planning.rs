//! A selection being frozen: the number found grows until it stands. And a selection being checked after it
//! was confirmed: how much of it was compared with what there is now.

use bulkhead_shared::api::{Checking, Job};
use bulkhead_shared::job::State;
use yew::prelude::*;

use crate::api::{self, Ask};
use crate::components::job::StageProps;
use crate::components::job::frame::Frame;
use crate::components::job::reason::Standing;
use crate::components::problem_note::ProblemNote;
use crate::copy::jobs;
use crate::copy::numbers::thousands;
use crate::hooks::asking::use_asking;
use crate::words;

/// The planning stage.
#[component]
pub fn Planning(props: &StageProps) -> Html {
    let asking = use_asking();
    let job = &props.job;
    let cancel = {
        let (asking, id, put) = (asking.clone(), job.id.clone(), props.watched.put.clone());
        Callback::from(move |_| {
            let put = put.clone();
            asking.make("cancel", api::ask(id.clone(), Ask::Cancel), move |job| {
                put.emit(job)
            });
        })
    };
    let footer = html! {
        <button type="button" class="button" onclick={cancel} disabled={asking.busy.is_some()}
            data-testid="cancel-draft">{ words::cancel() }</button>
    };
    html! {
        <Frame title={words::asks_more(job.operation.about().label.say())} {footer}>
            <Standing job={job.clone()} lost={props.watched.lost} />
            if job.state == State::Checking {
                { checking(job) }
                if props.around.in_dialog {
                    <p class="muted">{ words::job_planning_discards() }</p>
                }
            } else {
                <div class="planning" data-testid="planning">
                    <div class="big-number" data-testid="planning-count">{ thousands(job.total) }</div>
                    <div class="muted">{ words::job_planning_found() }</div>
                    <progress class="busy" aria-label={words::job_planning_gathering()} />
                    <p class="muted">{ words::job_planning_looking(&jobs::selection(&job.selection, job.kind, job.relation)) }</p>
                </div>
            }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </Frame>
    }
}

/// How far the look at what changed is: first the search runs again, then what was frozen is compared.
fn checking(job: &Job) -> Html {
    let so_far = job.checking.unwrap_or(Checking {
        searched: 0,
        compared: 0,
    });
    let (number, what) = match so_far.compared {
        0 => (
            thousands(so_far.searched),
            words::job_planning_looked_at(job.kind.plural()),
        ),
        compared => (thousands(compared), words::job_planning_compared(job.total)),
    };
    let done = (so_far.searched.min(job.total) + so_far.compared) as f64;
    let share = done / (2 * job.total.max(1)) as f64;
    html! {
        <div class="planning" data-testid="checking">
            <div class="big-number" data-testid="checking-count">{ number }</div>
            <div class="muted">{ what }</div>
            <progress aria-label={words::job_planning_checking()} max="1" value={format!("{share:.3}")} />
            <p class="muted">{ words::job_planning_checking_meaning() }</p>
        </div>
    }
}
