//! The latest jobs for the sidebar: asked often while one is under way, seldom otherwise.

use std::cell::Cell;
use std::rc::Rc;

use bulkhead_shared::api::Job;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::hooks::round::use_round;
use crate::state::pace::Pace;

const SECONDS_UNDER_WAY: f64 = 3.0;
const SECONDS_AT_REST: f64 = 30.0;

/// The latest jobs, and how to ask for them now.
#[hook]
pub fn use_recent_jobs(signed_in: bool) -> (Rc<Vec<Job>>, Callback<()>) {
    let jobs = use_state(|| Rc::new(Vec::new()));
    let (round, reload) = use_round();
    {
        let jobs = jobs.clone();
        use_effect_with((signed_in, round), move |&(signed_in, _)| {
            let wanted = Rc::new(Cell::new(signed_in));
            let going = wanted.clone();
            spawn_local(async move {
                let mut losses = 0;
                let mut under_way = false;
                while going.get() {
                    let answer = api::jobs(None, None).await;
                    if !going.get() {
                        return;
                    }
                    match answer {
                        Ok(found) => {
                            losses = 0;
                            under_way = found.jobs.iter().any(|job| !job.state.is_ended());
                            jobs.set(Rc::new(found.jobs));
                        }
                        Err(_) => losses += 1,
                    }
                    let seconds = if under_way {
                        SECONDS_UNDER_WAY
                    } else {
                        SECONDS_AT_REST
                    };
                    let pace = Pace {
                        asked_for: Some(seconds),
                        hidden: browser::is_hidden(),
                        losses,
                    };
                    browser::sleep(pace.millis()).await;
                }
            });
            move || wanted.set(false)
        });
    }
    ((*jobs).clone(), reload)
}
