//! Who is signed in: codes on their way, refresh tokens, and the browser's own cookie.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::random;
use sha2::{Digest, Sha256};

/// An authorization code holds five minutes.
const CODE_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// What a code stands for until it is exchanged.
pub(super) struct Grant {
    pub(super) name: String,
    pub(super) nonce: Option<String>,
    callback: String,
    challenge: Option<String>,
    begun: Instant,
}

/// Everything that holds for a while.
#[derive(Default)]
pub(super) struct Sessions {
    codes: HashMap<String, Grant>,
    refresh: HashMap<String, String>,
    cookies: HashMap<String, String>,
    /// How often tokens were renewed.
    pub(super) renewals: usize,
}

impl Sessions {
    /// A code for who just signed in.
    pub(super) fn code(
        &mut self,
        name: &str,
        callback: &str,
        nonce: Option<&str>,
        challenge: Option<&str>,
    ) -> String {
        let code = secret();
        let grant = Grant {
            name: name.to_owned(),
            nonce: nonce.map(str::to_owned),
            callback: callback.to_owned(),
            challenge: challenge.map(str::to_owned),
            begun: Instant::now(),
        };
        self.codes.insert(code.clone(), grant);
        code
    }

    /// What the code stands for, if all fits. A code is gone after the first try.
    pub(super) fn redeem(&mut self, code: &str, callback: &str, verifier: &str) -> Option<Grant> {
        let grant = self.codes.remove(code)?;
        let proven = match &grant.challenge {
            Some(challenge) => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == *challenge,
            None => true,
        };
        let fits = proven && grant.callback == callback && grant.begun.elapsed() < CODE_LIFETIME;
        fits.then_some(grant)
    }

    /// A new refresh token.
    pub(super) fn begin(&mut self, name: &str) -> String {
        let token = secret();
        self.refresh.insert(token.clone(), name.to_owned());
        token
    }

    /// Whose refresh token it is, if it is good.
    pub(super) fn renew(&mut self, token: &str) -> Option<String> {
        let name = self.refresh.get(token).cloned()?;
        self.renewals += 1;
        Some(name)
    }

    /// Ends a refresh token; one that is not good is nobody's business.
    pub(super) fn revoke(&mut self, token: &str) {
        self.refresh.remove(token);
    }

    /// How many refresh tokens are good.
    pub(super) fn open(&self) -> usize {
        self.refresh.len()
    }

    /// Remembers a browser; answers its cookie.
    pub(super) fn remember(&mut self, name: &str) -> String {
        let cookie = secret();
        self.cookies.insert(cookie.clone(), name.to_owned());
        cookie
    }

    /// Whose browser it is.
    pub(super) fn remembered(&self, cookie: &str) -> Option<String> {
        self.cookies.get(cookie).cloned()
    }

    /// Forgets a browser.
    pub(super) fn forget(&mut self, cookie: &str) {
        self.cookies.remove(cookie);
    }
}

/// A name nobody can guess: codes, refresh tokens, cookies.
fn secret() -> String {
    let bytes: [u8; 32] = random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
