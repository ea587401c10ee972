//! What was just done, with the way back: ten seconds at the foot of the page, and longer in the sidebar.

use std::collections::BTreeSet;

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::CallError;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::problem_note::ProblemNote;
use crate::copy::jobs;
use crate::hooks::job_poll::use_job_poll;
use crate::hooks::taking_back::{Taking, take_back};
use crate::session::Session;
use crate::state::job_view::not_done;
use crate::words;

/// How long it stays, in milliseconds.
const STAYS: u32 = 10_000;

/// What pages can ask for.
#[derive(Clone, PartialEq)]
pub struct Undoing {
    /// Takes a job back.
    pub take_back: Callback<JobId>,
    /// A job was begun that no dialog shows.
    pub begun: Callback<Job>,
    /// Offers to take back a job that has ended.
    pub offer: Callback<Job>,
}

#[derive(Debug, Clone, PartialEq, Default)]
enum Shown {
    #[default]
    Nothing,
    /// A job that no dialog shows is under way.
    UnderWay(Box<Job>),
    /// It is being found out what can go back.
    Looking,
    /// A job has ended.
    Ended(Box<Job>),
    /// The wish came to nothing.
    Failed(CallError),
}

/// The bar, and what pages can ask of it.
pub struct UseUndoBar {
    /// What pages can ask of it.
    pub undoing: Undoing,
    /// Takes the last act back that stands.
    pub undo_last: Callback<()>,
    pub bar: Html,
}

/// The bar of this tab. `open` shows a draft that has to be looked at.
#[hook]
pub fn use_undo_bar(session: &Option<Session>, open: Callback<JobId>) -> UseUndoBar {
    let shown = use_state_eq(Shown::default);
    let round = use_mut_ref(|| 0_u32);
    let begun = use_mut_ref(Vec::<Job>::new);
    let in_hand = use_mut_ref(BTreeSet::<JobId>::new);
    let show = {
        let (shown, round, begun) = (shown.setter(), round.clone(), begun.clone());
        use_callback((), move |what: Shown, ()| {
            if let Shown::UnderWay(job) = &what {
                begun.borrow_mut().push((**job).clone());
            }
            let mine = round.borrow().wrapping_add(1);
            round.replace(mine);
            let passes = matches!(what, Shown::Ended(_) | Shown::Failed(_));
            shown.set(what);
            let (shown, round) = (shown.clone(), round.clone());
            if passes {
                spawn_local(async move {
                    browser::sleep(STAYS).await;
                    if *round.borrow() == mine {
                        shown.set(Shown::Nothing);
                    }
                });
            }
        })
    };
    let tell = session.as_ref().map(|session| session.tell_job.clone());
    let undo = {
        let (show, in_hand) = (show.clone(), in_hand.clone());
        let deps = (tell.clone(), open);
        use_callback(deps, move |id: JobId, (tell, open)| {
            if !in_hand.borrow_mut().insert(id.clone()) {
                return;
            }
            let in_hand = in_hand.clone();
            let (show, tell, open) = (show.clone(), tell.clone(), open.clone());
            show.emit(Shown::Looking);
            spawn_local(async move {
                match take_back(id.clone()).await {
                    Ok(Taking::Begun(job)) => {
                        if let Some(tell) = tell {
                            tell.emit((*job).clone());
                        }
                        show.emit(Shown::UnderWay(job));
                    }
                    Ok(Taking::ToDecide(draft)) => {
                        show.emit(Shown::Nothing);
                        open.emit(draft);
                    }
                    Err(error) => show.emit(Shown::Failed(error)),
                }
                in_hand.borrow_mut().remove(&id);
            });
        })
    };
    {
        // Whatever ends is told, whoever began it.
        let ended = session
            .as_ref()
            .and_then(|session| session.known.ended.clone());
        let show = show.clone();
        use_effect_with(ended, move |ended| {
            if let Some(ended) = ended.as_ref().filter(|ended| is_told(&ended.job)) {
                show.emit(Shown::Ended(Box::new(ended.job.clone())));
            }
        });
    }
    let undo_last = {
        let (session, undo) = (session.clone(), undo.clone());
        Callback::from(move |()| {
            let mut acts = session.iter().flat_map(Session::acts);
            let last = acts.find(|act| !in_hand.borrow().contains(&act.id));
            if let Some(last) = last {
                undo.emit(last.id.clone());
            }
        })
    };
    let undoing = Undoing {
        take_back: undo,
        begun: show.reform(|job| Shown::UnderWay(Box::new(job))),
        offer: show.reform(|job| Shown::Ended(Box::new(job))),
    };
    let bar = match session {
        Some(session) => html! {
            <>
                { watches(&mut begun.borrow_mut(), session) }
                { bar(&shown, session, &undoing, show.reform(|()| Shown::Nothing)) }
            </>
        },
        None => Html::default(),
    };
    UseUndoBar {
        undoing,
        undo_last,
        bar,
    }
}

/// What changed nothing outside is seen where it was asked for.
fn is_told(job: &Job) -> bool {
    job.operation.format().is_none()
}

/// Looks after the jobs that no dialog shows, each until it is known to have ended.
fn watches(begun: &mut Vec<Job>, session: &Session) -> Html {
    begun.retain(|job| {
        let known = session.known.get(&job.id);
        known.is_none_or(|known| !known.state.is_ended())
    });
    let watch = |job: &Job| html! { <Watch key={job.id.to_string()} job={job.clone()} /> };
    begun.iter().map(watch).collect()
}

fn bar(shown: &Shown, session: &Session, undoing: &Undoing, close: Callback<()>) -> Html {
    let inside = match shown {
        Shown::Nothing => return html! { <div class="undo-place" role="status" /> },
        Shown::Looking => html! { <span class="undo-text">{ words::undo_bar_looking() }</span> },
        Shown::UnderWay(job) => html! {
            <span class="undo-text">{ words::undo_bar_under_way(&session.title(job)) }</span>
        },
        Shown::Failed(error) => html! { <ProblemNote error={error.clone()} /> },
        Shown::Ended(job) => {
            let id = job.id.clone();
            let undo = undoing.take_back.reform(move |_: MouseEvent| id.clone());
            html! {
                <>
                    <span class="undo-text" data-testid="undo-bar-text">{ ended_words(job, session) }</span>
                    if session.can_take_back(job) {
                        <button type="button" class="text-button" onclick={undo} title="z" data-testid="undo-bar-undo">
                            { session.undo_words(job) }
                        </button>
                    }
                </>
            }
        }
    };
    let close = close.reform(|_: MouseEvent| ());
    html! {
        <div class="undo-place" role="status">
            <div class="undo-bar" data-testid="undo-bar">
                { inside }
                <button type="button" class="icon-button" onclick={close} aria-label={words::close()} data-testid="undo-bar-close">
                    <Icon glyph={Glyph::Close} />
                </button>
            </div>
        </div>
    }
}

fn ended_words(job: &Job, session: &Session) -> String {
    let done = jobs::report(job, &session.known.jobs);
    let missed = not_done(&job.counts);
    match (job.state, missed) {
        (State::Cancelled, _) => words::undo_bar_stopped(&done),
        (_, 0) => done,
        (_, missed) => words::undo_bar_missed(&done, missed),
    }
}

#[derive(Properties, PartialEq)]
struct WatchProps {
    job: Job,
}

/// Asks how a job stands that nothing else shows.
#[component]
fn Watch(props: &WatchProps) -> Html {
    let watched = use_job_poll(props.job.id.clone(), Some(props.job.clone()));
    let session = use_context::<Session>();
    let job = watched.job.ready().cloned();
    use_effect_with(job.as_ref().map(|job| job.state), move |_| {
        if let (Some(job), Some(session)) = (job, session) {
            session.tell_job.emit(job);
        }
    });
    Html::default()
}
