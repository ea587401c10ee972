//! What the endpoints of the sign-in share.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::keys::Keys;
use super::sessions::Sessions;

/// Everybody's password.
pub const PASSWORD: &str = "Correct horse battery staple 1";

/// The pool's id: the last part of the issuer's address.
pub(super) const POOL: &str = "eu-central-1_Bulkhead0";
/// The one app client: public, code flow only, scope `openid`.
pub(super) const CLIENT: &str = "5vqkl1fh3bulkhead0app0client";
/// What the endpoints share.
pub(super) struct Pool {
    pub(super) address: String,
    pub(super) keys: Mutex<Keys>,
    pub(super) sessions: Mutex<Sessions>,
    pub(super) mood: Mutex<Mood>,
}

/// How the service behaves.
#[derive(Clone)]
pub(super) struct Mood {
    pub(super) lifetime: Duration,
    /// What is said of it, where that is not true.
    pub(super) promised: Option<Duration>,
    pub(super) slow: Duration,
    pub(super) down: bool,
    pub(super) refuses_refresh: bool,
    pub(super) rotates_refresh_tokens: bool,
    pub(super) denied: Vec<String>,
    pub(super) callbacks: Vec<String>,
    pub(super) logouts: Vec<String>,
}

impl Pool {
    pub(super) fn issuer(&self) -> String {
        format!("{}/{POOL}", self.address)
    }

    pub(super) fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap()
    }

    pub(super) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap()
    }

    pub(super) fn mood(&self) -> MutexGuard<'_, Mood> {
        self.mood.lock().unwrap()
    }
}
