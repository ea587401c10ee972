//! The access token, renewed before its end or when the server no longer takes it, by one call however many wait for
//! it. What only a hosted sign-in needs of that is a part of the app that nobody else fetches.

use std::cell::RefCell;
use std::rc::Rc;

use bulkhead_shared::problem::{Code, Problem};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::exchange::{self, NoTokens};
use super::kept;
use super::tokens::{Held, drop_all, held, hold, hosted, is_hosted};
use crate::api::{Answer, CallError};
use crate::browser;
use crate::components::later::Doing;

thread_local! {
    /// The renewal under way: whoever needs a token waits for the same one.
    static RENEWAL: RefCell<Option<Promise>> = RefCell::default();
}

/// The token that a call carries; none where a cookie travels by itself.
pub async fn token() -> Answer<Option<Rc<str>>> {
    if !is_hosted() {
        return Ok(None);
    }
    let held = held().ok_or_else(signed_out)?;
    if held.lease.is_fresh(browser::now_ms()) {
        return Ok(Some(held.token));
    }
    match renew(&held.token).await {
        Err(CallError::SignInDown) if held.lease.is_alive(browser::now_ms()) => {
            Ok(Some(held.token))
        }
        renewed => renewed.map(Some),
    }
}

/// Another token than `stale`. Calls that were refused side by side are content with the first
/// that came.
pub async fn renew(stale: &str) -> Answer<Rc<str>> {
    let other = |held: &Held| *held.token != *stale;
    if let Some(held) = held().filter(other) {
        return Ok(held.token);
    }
    // It never fails: what came of it is in `HERE`.
    let _ = JsFuture::from(renewal()).await;
    match held() {
        Some(held) if other(&held) => Ok(held.token),
        Some(_) => Err(CallError::SignInDown),
        None => Err(signed_out()),
    }
}

/// Takes up again what the tab kept over a reload. Answers whether there was anything good.
pub async fn resume() -> Answer<bool> {
    match resuming().await {
        Ok(resuming) => resuming.await,
        Err(_) => Err(CallError::SignInDown),
    }
}

#[wasm_split(hosted, fallible)]
fn resuming() -> Result<Doing<Answer<bool>>, SplitLoaderError> {
    Ok(Box::pin(resume_here()))
}

async fn resume_here() -> Answer<bool> {
    let (Some(hosted), Some(refresh)) = (hosted(), kept::refresh()) else {
        return Ok(false);
    };
    match exchange::renew(&hosted, &refresh).await {
        Ok(tokens) => {
            hold(tokens);
            Ok(true)
        }
        Err(NoTokens::Refused) => {
            drop_all();
            Ok(false)
        }
        Err(NoTokens::Unreachable) => Err(CallError::SignInDown),
    }
}

fn renewal() -> Promise {
    if let Some(running) = RENEWAL.with_borrow(Clone::clone) {
        return running;
    }
    let promise = future_to_promise(async {
        // Where its part does not come, there is no new token, as if the sign-in could not be reached.
        if let Ok(renewing) = renewing().await {
            renewing.await;
        }
        RENEWAL.set(None);
        Ok(JsValue::UNDEFINED)
    });
    RENEWAL.set(Some(promise.clone()));
    promise
}

#[wasm_split(hosted, fallible)]
fn renewing() -> Result<Doing<()>, SplitLoaderError> {
    Ok(Box::pin(renew_once()))
}

async fn renew_once() {
    let (Some(hosted), Some(refresh)) = (hosted(), kept::refresh()) else {
        drop_all();
        return;
    };
    let answer = exchange::renew(&hosted, &refresh).await;
    // Who signed out meanwhile stays signed out.
    if kept::refresh().as_ref() != Some(&refresh) {
        return;
    }
    match answer {
        Ok(tokens) => hold(tokens),
        Err(NoTokens::Refused) => {
            drop_all();
        }
        Err(NoTokens::Unreachable) => {}
    }
}

fn signed_out() -> CallError {
    CallError::Problem(Box::new(Problem::new(Code::Unauthenticated)))
}
