//! Watches one job: asks at the pace the server names, more rarely in a hidden tab, and stops when
//! the job has ended or nobody looks any more.

use std::cell::Cell;
use std::rc::Rc;

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::hooks::round::use_round;
use crate::remote::Remote;
use crate::state::job_view::newest;
use crate::state::pace::Pace;

/// A job under watch.
#[derive(Clone, PartialEq)]
pub struct WatchedJob {
    /// The newest answer.
    pub job: Remote<Job>,
    /// Whether answers fail to come; the last one is still shown.
    pub lost: bool,
    /// Takes in an answer that came another way, and goes on watching.
    pub put: Callback<Job>,
    /// Asks now.
    pub ask_now: Callback<()>,
}

enum Arrival {
    Job(Box<Job>),
    Failed(api::CallError),
    Lost(bool),
}

#[derive(Clone, PartialEq, Default)]
struct Watch {
    job: Remote<Job>,
    lost: bool,
}

impl Reducible for Watch {
    type Action = Arrival;

    fn reduce(self: Rc<Self>, arrival: Arrival) -> Rc<Self> {
        let shown = self.job.ready().cloned();
        Rc::new(match arrival {
            Arrival::Job(job) => Self {
                job: Remote::Ready(newest(shown, *job)),
                lost: false,
            },
            Arrival::Failed(error) => Self {
                job: Remote::Failed(error),
                lost: false,
            },
            Arrival::Lost(lost) => Self {
                job: self.job.clone(),
                lost,
            },
        })
    }
}

/// Watches `job` as long as the component lives. What is `known` of it is shown until there is an answer.
#[hook]
pub fn use_job_poll(job: JobId, known: Option<Job>) -> WatchedJob {
    let watch = use_reducer(Watch::default);
    let (round, ask_now) = use_round();
    {
        let dispatch = watch.dispatcher();
        use_effect_with((job.clone(), round), move |(job, _)| {
            let wanted = Rc::new(Cell::new(true));
            spawn_local(poll(job.clone(), dispatch, wanted.clone()));
            move || wanted.set(false)
        });
    }
    {
        let ask_now = ask_now.clone();
        use_effect_with((), move |()| on_return(move || ask_now.emit(())));
    }
    let put = {
        let (watch, ask_now) = (watch.dispatcher(), ask_now.clone());
        use_callback((), move |job: Job, ()| {
            watch.dispatch(Arrival::Job(Box::new(job)));
            ask_now.emit(());
        })
    };
    // The answer for another job is not shown for this one.
    let known = known.filter(|known| known.id == job);
    let known = known.map_or(Remote::Loading, Remote::Ready);
    let shown = match &watch.job {
        Remote::Ready(shown) if shown.id != job => known,
        Remote::NotAsked | Remote::Loading => known,
        other => other.clone(),
    };
    WatchedJob {
        job: shown,
        lost: watch.lost,
        put,
        ask_now,
    }
}

async fn poll(id: JobId, watch: UseReducerDispatcher<Watch>, wanted: Rc<Cell<bool>>) {
    let mut etag = None;
    let mut losses = 0;
    let mut asked_for = None;
    while wanted.get() {
        let answer = api::job(id.clone(), etag.clone()).await;
        if !wanted.get() {
            return;
        }
        match answer {
            Ok(news) => {
                etag = news.etag;
                asked_for = news.ask_again;
                if losses > 0 {
                    watch.dispatch(Arrival::Lost(false));
                }
                losses = 0;
                if let Some(job) = news.job {
                    let ended = job.state.is_ended();
                    watch.dispatch(Arrival::Job(Box::new(job)));
                    if ended {
                        return;
                    }
                }
            }
            Err(error) if error.is_passing() => {
                losses += 1;
                watch.dispatch(Arrival::Lost(true));
            }
            Err(error) => return watch.dispatch(Arrival::Failed(error)),
        }
        let pace = Pace {
            asked_for,
            hidden: browser::is_hidden(),
            losses,
        };
        browser::sleep(pace.millis()).await;
    }
}

/// Calls `back` whenever the tab comes into sight again. Answers how to stop that.
fn on_return(back: impl Fn() + 'static) -> impl FnOnce() {
    let listener = Closure::<dyn Fn()>::new(move || {
        if !browser::is_hidden() {
            back();
        }
    });
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = &document {
        let function = listener.as_ref().unchecked_ref::<js_sys::Function>();
        // Without it the next regular question brings the news, only later.
        let _ = document.add_event_listener_with_callback("visibilitychange", function);
    }
    move || {
        if let Some(document) = &document {
            let function = listener.as_ref().unchecked_ref::<js_sys::Function>();
            let _ = document.remove_event_listener_with_callback("visibilitychange", function);
        }
    }
}
