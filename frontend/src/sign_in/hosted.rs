//! The addresses of a hosted sign-in.

use bulkhead_shared::api::SignIn;

/// The addresses of a hosted sign-in, as the server names them.
#[derive(Debug, Clone, PartialEq)]
pub struct Hosted {
    pub(super) authorize: String,
    pub(super) token: String,
    pub(super) logout: String,
    pub(super) client: String,
    pub(super) scope: String,
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
    pub(super) fn revoke(&self) -> String {
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
