//! A job's state as a coloured word.

use bulkhead_shared::job::State;
use yew::prelude::*;

use crate::copy::jobs;

#[derive(Properties, PartialEq)]
pub struct StateChipProps {
    /// The state.
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
