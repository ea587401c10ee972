//! The tokens of who is signed in: the access token in memory, renewed before its end or when the
//! server no longer takes it, by one call however many wait for it.

use std::cell::RefCell;
use std::rc::Rc;

use bulkhead_shared::problem::{Code, Problem};
use js_sys::Promise;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::exchange::{self, NoTokens, Tokens};
use super::{Hosted, kept, proof};
use crate::api::{Answer, CallError};
use crate::browser;
use crate::state::lease::Lease;

#[derive(Default)]
struct Here {
    hosted: Option<Rc<Hosted>>,
    held: Option<Held>,
    /// The renewal under way: whoever needs a token waits for the same one.
    renewal: Option<Promise>,
}

#[derive(Clone)]
struct Held {
    token: Rc<str>,
    lease: Lease,
    person: Option<Rc<str>>,
}

/// What the app reads in an ID token.
#[derive(Deserialize)]
pub(super) struct Identity {
    pub(super) aud: String,
    pub(super) nonce: Option<String>,
    email: Option<String>,
}

thread_local! {
    static HERE: RefCell<Here> = RefCell::default();
}

/// From now on people sign in there.
pub fn use_hosted(hosted: Hosted) {
    HERE.with_borrow_mut(|here| here.hosted = Some(Rc::new(hosted)));
}

/// Whether people sign in at a hosted sign-in.
pub fn is_hosted() -> bool {
    hosted().is_some()
}

/// What the person is called at the sign-in, if it says so.
pub fn person() -> Option<Rc<str>> {
    held().and_then(|held| held.person)
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

/// The hosted sign-in, if there is one.
pub(super) fn hosted() -> Option<Rc<Hosted>> {
    HERE.with_borrow(|here| here.hosted.clone())
}

/// Holds what the sign-in gave out.
pub(super) fn hold(tokens: Tokens) {
    if let Some(refresh) = &tokens.refresh_token {
        kept::keep_refresh(refresh);
    }
    let identity: Option<Identity> = tokens.id_token.as_deref().and_then(proof::claims);
    let fresh = Held {
        token: tokens.access_token.into(),
        lease: Lease::new(browser::now_ms(), tokens.expires_in),
        person: identity.and_then(|identity| identity.email).map(Into::into),
    };
    HERE.with_borrow_mut(|here| here.held = Some(fresh));
}

/// Forgets all tokens; answers the refresh token, which is still good elsewhere.
pub(super) fn drop_all() -> Option<String> {
    let refresh = kept::refresh();
    kept::forget_refresh();
    HERE.with_borrow_mut(|here| here.held = None);
    refresh
}

fn held() -> Option<Held> {
    HERE.with_borrow(|here| here.held.clone())
}

fn renewal() -> Promise {
    if let Some(running) = HERE.with_borrow(|here| here.renewal.clone()) {
        return running;
    }
    let promise = future_to_promise(async {
        renew_once().await;
        HERE.with_borrow_mut(|here| here.renewal = None);
        Ok(JsValue::UNDEFINED)
    });
    HERE.with_borrow_mut(|here| here.renewal = Some(promise.clone()));
    promise
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
