//! A hosted sign-in: the authorization code flow with PKCE (RFC 7636), done by the app itself.
//!
//! `travel` leaves for the sign-in and comes back with a code, `tokens` holds what the code brought
//! and renews it, `leave` ends it. Where people sign in with the address that the server printed, none of
//! this happens: the browser has a cookie that the app never sees, and the app a key that goes with it.

mod exchange;
mod kept;
mod leave;
mod proof;
mod tabs;
mod tokens;
mod travel;

use bulkhead_shared::api::{SIGN_IN_FRAGMENT, SignIn};

pub use kept::{keep_key, key};
pub use leave::{leave, leave_like_another_tab};
pub use tabs::on_leave_elsewhere;
pub use tokens::{is_hosted, person, renew, resume, token, use_hosted};
pub use travel::{begin, finish};

/// Where the browser comes back to with a code.
pub const CALLBACK: &str = "/signed-in";
/// Where the browser comes back to when it signed out.
pub const SIGNED_OUT: &str = "/signed-out";

/// The code in the fragment of an address that the server printed.
pub fn code_in(fragment: &str) -> Option<String> {
    let code = fragment.strip_prefix(SIGN_IN_FRAGMENT)?;
    (!code.is_empty()).then(|| code.to_owned())
}

/// The addresses of a hosted sign-in, as the server names them.
#[derive(Debug, Clone, PartialEq)]
pub struct Hosted {
    authorize: String,
    token: String,
    logout: String,
    client: String,
    scope: String,
}

impl Hosted {
    /// The hosted sign-in, if that is how people sign in.
    pub fn of(way: SignIn) -> Option<Self> {
        match way {
            SignIn::Token {} => None,
            SignIn::Hosted {
                authorize,
                token,
                logout,
                client,
                scope,
            } => Some(Self {
                authorize,
                token,
                logout,
                client,
                scope,
            }),
        }
    }

    /// Where a refresh token is ended: beside the address that gives it out, as RFC 7009 servers
    /// have it and Cognito documents it.
    fn revoke(&self) -> String {
        let folder = self.token.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/revoke")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ends_tokens_beside_where_they_come_from() {
        let text = str::to_owned;
        let hosted = Hosted::of(SignIn::Hosted {
            authorize: text("https://in.example/oauth2/authorize"),
            token: text("https://in.example/oauth2/token"),
            logout: text("https://in.example/logout"),
            client: text("app"),
            scope: text("openid"),
        });
        assert_eq!(hosted.unwrap().revoke(), "https://in.example/oauth2/revoke");
        assert_eq!(Hosted::of(SignIn::Token {}), None);
    }
}
