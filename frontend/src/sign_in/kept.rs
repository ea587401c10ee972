//! What is kept while the page is gone: the attempt under way, the refresh token, the session's key.
//!
//! The access token is in memory only. The refresh token is in `sessionStorage`, because memory alone
//! would lose the person at each reload; what is there ends with the tab and no other tab reads it.
//! Scripts of others, who could read it, do not run here: the content policy allows our own files
//! and nothing inline. A cookie that no script reads would need a server of ours between the app
//! and the sign-in, and that server would then hold everybody's refresh tokens.
//!
//! The key of a session on one's own machine is in `localStorage`: all tabs have it, and pages of other
//! ports do not. It is worth nothing without the cookie.

use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::Storage;

use crate::json;
use crate::state::callback::Attempt;

const ATTEMPT: &str = "bulkhead.attempt";
const REFRESH: &str = "bulkhead.refresh";
const KEY: &str = "bulkhead.key";

/// Keeps an attempt until the person comes back; whether it is kept.
pub(super) fn keep_attempt(attempt: &Attempt) -> bool {
    keep(ATTEMPT, attempt)
}

/// The attempt under way, which has only one answer: it is no longer kept.
pub(super) fn take_attempt() -> Option<Attempt> {
    take(ATTEMPT)
}

/// Keeps something of this tab's while the person is away from the app; whether it is kept.
pub fn keep(name: &str, value: &impl Serialize) -> bool {
    serde_json::to_string(value).is_ok_and(|text| put(name, &text))
}

/// What was kept; it no longer is.
pub fn take<T: DeserializeOwned>(name: &str) -> Option<T> {
    let text = get(name)?;
    forget(name);
    json::read(&text).ok()
}

/// Keeps the refresh token. Where it cannot be kept, the person signs in at each reload.
pub(super) fn keep_refresh(token: &str) {
    put(REFRESH, token);
}

/// The refresh token, if this tab has one.
pub(super) fn refresh() -> Option<String> {
    get(REFRESH)
}

/// Forgets the refresh token.
pub(super) fn forget_refresh() {
    forget(REFRESH);
}

/// Keeps the key of a session.
pub fn keep_key(key: &str) {
    if let Some(storage) = of_all_tabs() {
        let _ = storage.set_item(KEY, key);
    }
}

/// The key of the session, if there is one.
pub fn key() -> Option<String> {
    of_all_tabs()?.get_item(KEY).ok()?
}

/// Forgets the key.
pub(super) fn forget_key() {
    if let Some(storage) = of_all_tabs() {
        let _ = storage.remove_item(KEY);
    }
}

fn of_all_tabs() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Whether it is kept: a browser may keep nothing.
fn put(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
