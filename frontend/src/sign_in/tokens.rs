//! The tokens of who is signed in, the access token in memory.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Deserialize;

use super::exchange::Tokens;
use super::{Hosted, kept, proof};
use crate::browser;
use crate::state::lease::Lease;

#[derive(Default)]
struct Here {
    hosted: Option<Rc<Hosted>>,
    held: Option<Held>,
}

/// The access token.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) token: Rc<str>,
    pub(super) lease: Lease,
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

/// The access token, if there is one.
pub(super) fn held() -> Option<Held> {
    HERE.with_borrow(|here| here.held.clone())
}
