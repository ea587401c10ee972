//! The latest jobs, kept up to date: by asking at the pace the server names, by what the pages of this
//! tab learn, and at once when another tab has news.

use std::cell::Cell;
use std::rc::Rc;

use bulkhead_shared::api::Job;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::BroadcastChannel;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::hooks::round::use_round;
use crate::state::known_jobs::{KnownJobs, News};
use crate::state::pace::Pace;

/// Where the tabs of this app tell one another that a job has news.
const CHANNEL: &str = "bulkhead.jobs";

/// The latest jobs under watch.
pub struct RecentJobs {
    /// As they are known.
    pub known: Rc<KnownJobs>,
    /// Asks for them now.
    pub reload: Callback<()>,
    /// Takes in what a page has learned of a job.
    pub tell: Callback<Job>,
}

/// Watches the latest jobs while somebody is signed in.
#[hook]
pub fn use_recent_jobs(signed_in: bool) -> RecentJobs {
    let known = use_reducer(KnownJobs::default);
    let (round, reload) = use_round();
    {
        let dispatch = known.dispatcher();
        use_effect_with((signed_in, round), move |&(signed_in, round)| {
            let wanted = Rc::new(Cell::new(signed_in));
            let watching = watch(dispatch, wanted.clone());
            spawn_local(async move {
                if round == 0 {
                    api::after_the_list().await;
                }
                watching.await;
            });
            move || wanted.set(false)
        });
    }
    let channel = use_memo((), |()| BroadcastChannel::new(CHANNEL).ok());
    {
        let (channel, reload) = (channel.clone(), reload.clone());
        use_effect_with((), move |()| {
            let listener = Closure::<dyn Fn()>::new(move || reload.emit(()));
            if let Some(channel) = &*channel {
                channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
            }
            move || {
                if let Some(channel) = &*channel {
                    channel.set_onmessage(None);
                }
                drop(listener);
            }
        });
    }
    let latest = use_mut_ref(|| (*known).clone());
    latest.replace((*known).clone());
    let tell = {
        let dispatch = known.dispatcher();
        use_callback((), move |job: Job, ()| {
            if !latest.borrow().is_news(&job) {
                return;
            }
            if let Some(channel) = &*channel {
                // Without it the other tabs learn of it when they ask next.
                let _ = channel.post_message(&JsValue::TRUE);
            }
            dispatch.dispatch(News::One(Box::new(job)));
        })
    };
    RecentJobs {
        known: Rc::new((*known).clone()),
        reload,
        tell,
    }
}

async fn watch(known: UseReducerDispatcher<KnownJobs>, wanted: Rc<Cell<bool>>) {
    let mut losses = 0;
    let mut asked_for = None;
    while wanted.get() {
        let answer = api::recent_jobs().await;
        if !wanted.get() {
            return;
        }
        match answer {
            Ok((jobs, ask_again)) => {
                losses = 0;
                asked_for = ask_again;
                known.dispatch(News::Listed(jobs));
            }
            Err(_) => losses += 1,
        }
        let pace = Pace {
            asked_for,
            hidden: browser::is_hidden(),
            losses,
        };
        browser::sleep(pace.millis()).await;
    }
}
