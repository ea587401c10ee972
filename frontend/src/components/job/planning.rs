//! A selection being frozen: the number found grows until it stands.

use yew::prelude::*;

use crate::api::{self, Ask};
use crate::components::job::StageProps;
use crate::components::job::frame::Frame;
use crate::components::job::reason::Standing;
use crate::components::problem_note::ProblemNote;
use crate::copy::jobs;
use crate::copy::numbers::thousands;
use crate::hooks::asking::use_asking;

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
            data-testid="cancel-draft">{ "Cancel" }</button>
    };
    html! {
        <Frame title={format!("{}…", job.operation.about().label)} {footer}>
            <Standing job={job.clone()} lost={props.watched.lost} />
            <div class="planning" data-testid="planning">
                <div class="big-number" data-testid="planning-count">{ thousands(job.total) }</div>
                <div class="muted">{ "found so far" }</div>
                <progress class="busy" aria-label="Gathering" />
                <p class="muted">{ format!("Looking for {}.", jobs::selection(&job.selection, job.kind, job.relation)) }</p>
            </div>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </Frame>
    }
}
