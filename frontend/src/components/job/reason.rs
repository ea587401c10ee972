//! State, reason and connection of a job in one or two lines.

use bulkhead_shared::api::Job;
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::state_chip::StateChip;
use crate::copy::jobs;

#[derive(Properties, PartialEq)]
pub struct StandingProps {
    /// The job.
    pub job: Job,
    /// Whether answers fail to come.
    #[prop_or_default]
    pub lost: bool,
}

/// Where the job is and why.
#[component]
pub fn Standing(props: &StandingProps) -> Html {
    let job = &props.job;
    let reason = job
        .reason
        .map(|why| jobs::why(job.state, why, browser::full));
    html! {
        <>
            <div class="standing" aria-live="polite">
                <StateChip state={job.state} />
                <span class="standing-text" data-testid="job-reason">
                    { reason.unwrap_or_else(|| jobs::state_sentence(job.state).to_owned()) }
                </span>
            </div>
            if props.lost {
                <div class="note note-warn" role="status" data-testid="connection-lost">
                    <Icon glyph={Glyph::Alert} />
                    <div class="note-text">{ "Connection lost, still trying. The job itself goes on." }</div>
                </div>
            }
        </>
    }
}
