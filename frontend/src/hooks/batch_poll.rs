//! Watches a batch: every two seconds, until it has ended, nobody looks any more, or five minutes have passed.

use std::cell::Cell;
use std::rc::Rc;

use bulkhead_shared::api::BatchStatus;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::hooks::round::use_round;
use crate::remote::Remote;

/// Between two questions.
const PAUSE_MS: u32 = 2_000;
/// Questions in five minutes.
const QUESTIONS_MOST: u32 = 150;

/// A batch under watch.
#[derive(Clone, PartialEq)]
pub struct WatchedBatch {
    /// The newest answer.
    pub status: Remote<BatchStatus>,
    /// Nobody asks any more, because it takes so long.
    pub is_given_up: bool,
    /// Goes on asking.
    pub go_on: Callback<()>,
}

/// Watches this batch as long as the component lives; none: asks nobody.
#[hook]
pub fn use_batch_poll(batch: Option<String>) -> WatchedBatch {
    let status = use_state(|| Remote::<BatchStatus>::NotAsked);
    let is_given_up = use_state(|| false);
    let (round, go_on) = use_round();
    {
        let (status, is_given_up) = (status.clone(), is_given_up.clone());
        use_effect_with((batch, round), move |(batch, _)| {
            let wanted = Rc::new(Cell::new(true));
            is_given_up.set(false);
            if let Some(batch) = batch.clone() {
                status.set(Remote::Loading);
                let wanted = wanted.clone();
                spawn_local(async move {
                    for _ in 0..QUESTIONS_MOST {
                        let answer = api::batch_status(batch.clone()).await;
                        if !wanted.get() {
                            return;
                        }
                        // One answer that does not come is no end: the next one may.
                        let goes_on = match &answer {
                            Ok(found) => !found.status.is_ended(),
                            Err(error) => error.code().is_none(),
                        };
                        status.set(answer.into());
                        if !goes_on {
                            return;
                        }
                        TimeoutFuture::new(PAUSE_MS).await;
                        if !wanted.get() {
                            return;
                        }
                    }
                    is_given_up.set(true);
                });
            }
            move || wanted.set(false)
        });
    }
    WatchedBatch {
        status: (*status).clone(),
        is_given_up: *is_given_up,
        go_on,
    }
}
