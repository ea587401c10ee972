//! One job, whatever state it is in: preparing, preview, progress or ending. The same in a dialog
//! over the mailbox and on a page of its own.

pub mod counts;
pub mod drift;
pub mod ending;
pub mod failures;
pub mod family;
pub mod frame;
pub mod options;
pub mod planning;
pub mod preview;
pub mod progress;
pub mod reason;
pub mod sample;
pub mod state_chip;
pub mod whereabouts;

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use yew::prelude::*;

use crate::components::job::ending::Ending;
use crate::components::job::frame::Frame;
use crate::components::job::planning::Planning;
use crate::components::job::preview::PreviewView;
use crate::components::job::progress::Progress;
use crate::components::problem_note::ProblemNote;
use crate::hooks::job_poll::{WatchedJob, use_job_poll};
use crate::remote::Remote;
use crate::session::Session;

/// What surrounds a job panel and what it may ask of its surroundings.
#[derive(Clone, PartialEq)]
pub struct Around {
    /// In a dialog, or as a page.
    pub in_dialog: bool,
    /// Closes the panel. The job goes on.
    pub close: Callback<()>,
    /// Shows another job in its place; the flag says that Back skips this one.
    pub open: Callback<(JobId, bool)>,
    /// The job was confirmed: what was selected for it is settled.
    pub confirmed: Callback<()>,
}

#[derive(Properties, PartialEq)]
pub struct JobPanelProps {
    pub job: JobId,
    pub around: Around,
}

/// What each state's view gets.
#[derive(Properties, PartialEq, Clone)]
pub struct StageProps {
    /// The job as last told.
    pub job: Job,
    /// What it does, in words.
    pub title: AttrValue,
    /// The watch that told it.
    pub watched: WatchedJob,
    /// What surrounds it.
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
            <Frame title="Job">
                <div class="skeleton-lines" role="status" aria-busy="true" aria-label="Loading"><i /><i /><i /></div>
            </Frame>
        },
        Remote::Failed(error) => html! {
            <Frame title="Job">
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
        State::Draft => html! { <PreviewView {key} ..stage /> },
        State::Queued | State::Running | State::Paused | State::Cancelling => {
            html! { <Progress {key} ..stage /> }
        }
        State::Completed | State::Failed | State::Cancelled | State::Expired => {
            html! { <Ending {key} ..stage /> }
        }
    }
}
