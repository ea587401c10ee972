//! A job's state as a coloured word.

use bulkhead_shared::api::Job;
use bulkhead_shared::job::State;
use yew::prelude::*;

use crate::copy::jobs;
use crate::state::taken_back::TakenBack;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct StateChipProps {
    pub state: State,
}

/// The word; its class and `data-state` carry the wire's name.
#[component]
pub fn StateChip(props: &StateChipProps) -> Html {
    let name = props.state.name();
    html! {
        <span class={classes!("chip", format!("state-{name}"))} data-testid="job-state" data-state={name}>
            { jobs::state(props.state) }
        </span>
    }
}

#[derive(Properties, PartialEq)]
pub struct StandProps {
    pub job: Job,
    /// What became of its work.
    pub taken_back: TakenBack,
}

/// The state of a job, or that its work was taken back.
#[component]
pub fn Stand(props: &StandProps) -> Html {
    let word = match props.taken_back {
        TakenBack::No => return html! { <StateChip state={props.job.state} /> },
        TakenBack::UnderWay => words::job_being_undone(),
        TakenBack::Yes => words::job_undone(),
    };
    let state = props.job.state.name();
    html! { <span class="chip" data-testid="job-state" data-state={state} data-undone="true">{ word }</span> }
}
