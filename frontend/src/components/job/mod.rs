//! One job, whatever state it is in: preparing, preview, progress or ending. The same in a dialog
//! over the mailbox and on a page of its own. Preview and ending are parts of their own.

pub mod counts;
pub mod drift;
pub mod ending;
pub mod failures;
pub mod family;
pub mod frame;
pub mod inside;
pub mod items_table;
pub mod lists;
pub mod model_line;
pub mod options;
pub mod outcome_list;
pub mod planning;
pub mod preview;
pub mod progress;
pub mod proposals;
pub mod protected;
pub mod reason;
pub mod record;
pub mod redraft;
pub mod sample;
pub mod stage;
pub mod state_chip;
pub mod whats_next;
pub mod whereabouts;

use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::components::job::ending::ending;
use crate::components::job::frame::Frame;
use crate::components::job::planning::Planning;
use crate::components::job::preview::preview;
use crate::components::job::progress::Progress;
pub use crate::components::job::stage::{Around, StageProps};
use crate::components::later::{Drawn, later};
use crate::components::problem_note::ProblemNote;
use crate::hooks::job_poll::use_job_poll;
use crate::remote::Remote;
use crate::session::Session;
use crate::words;

/// A job, once its part is here.
#[wasm_split(job, fallible, preload(fetch))]
pub fn panel(job: JobId, around: Around) -> Drawn {
    Ok(html! { <JobPanel {job} {around} /> })
}

#[derive(Properties, PartialEq)]
pub struct JobPanelProps {
    pub job: JobId,
    pub around: Around,
}

/// The job.
#[component]
pub fn JobPanel(props: &JobPanelProps) -> Html {
    let session = use_context::<Session>();
    let known = session
        .as_ref()
        .and_then(|session| session.known.get(&props.job).cloned());
    let watched = use_job_poll(props.job.clone(), known);
    let state = watched.job.ready().map(|job| job.state);
    {
        // Every list follows a change of state at once.
        let tell = session.as_ref().map(|session| session.tell_job.clone());
        let job = watched.job.ready().cloned();
        use_effect_with((props.job.clone(), state), move |_| {
            if let (Some(tell), Some(job)) = (tell, job) {
                tell.emit(job);
            }
        });
    }
    match &watched.job {
        Remote::NotAsked | Remote::Loading => html! {
            <Frame title={words::job_title()}>
                <div class="skeleton-lines" role="status" aria-busy="true" aria-label={words::loading()}><i /><i /><i /></div>
            </Frame>
        },
        Remote::Failed(error) => html! {
            <Frame title={words::job_title()}>
                <ProblemNote error={error.clone()} retry={watched.ask_now.clone()} />
            </Frame>
        },
        Remote::Ready(job) => stage(StageProps {
            job: job.clone(),
            title: session
                .map_or_else(String::new, |session| session.title(job))
                .into(),
            watched: watched.clone(),
            around: props.around.clone(),
        }),
    }
}

fn stage(stage: StageProps) -> Html {
    let key = stage.job.id.to_string();
    match stage.job.state {
        State::Planning | State::Checking => html! { <Planning {key} ..stage /> },
        State::Draft => later("preview", move || preview(stage.clone())),
        State::Queued | State::Running | State::Paused | State::Cancelling => {
            html! { <Progress {key} ..stage /> }
        }
        State::Completed | State::Failed | State::Cancelled | State::Expired => {
            later("ended", move || ending(stage.clone()))
        }
    }
}
