//! State, reason and connection of a job in one or two lines.

use bulkhead_shared::api::Job;
use bulkhead_shared::job::{State, StateReason};
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::state_chip::StateChip;
use crate::copy::jobs;
use crate::copy::moments::countdown;
use crate::hooks::tick::use_tick;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct StandingProps {
    pub job: Job,
    /// Whether answers fail to come.
    #[prop_or_default]
    pub lost: bool,
}

/// Where the job is and why.
#[component]
pub fn Standing(props: &StandingProps) -> Html {
    let job = &props.job;
    let waits = match job.reason {
        Some(StateReason::WaitingForProvider { until }) if job.state == State::Paused => {
            Some(until)
        }
        _ => None,
    };
    use_tick(1_000, waits.is_some());
    let left = waits.map(|until| (until.as_millisecond() - browser::now_ms()).max(0) as u64);
    let reason = job
        .reason
        .map(|why| jobs::why(job.state, why, browser::full));
    html! {
        <>
            <div class="standing" aria-live="polite">
                <StateChip state={job.state} />
                if let Some(left) = left {
                    <span class="countdown" role="timer" aria-live="off" data-testid="countdown">
                        { countdown(left.div_ceil(1_000)) }
                    </span>
                }
                <span class="standing-text" data-testid="job-reason">
                    { reason.unwrap_or_else(|| jobs::state_sentence(job.state).to_owned()) }
                </span>
            </div>
            if props.lost {
                <div class="note note-warn" role="status" data-testid="connection-lost">
                    <Icon glyph={Glyph::Alert} />
                    <div class="note-text">{ words::job_connection_lost() }</div>
                </div>
            }
        </>
    }
}
