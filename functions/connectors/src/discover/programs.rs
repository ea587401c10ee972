//! As what programs this server is known to providers: without that no provider asks a person for a consent.
//! Whoever runs the server registers it there once, and writes down what the provider gave out for it.

use bulkhead_shared::api::{ConsentOffer, Discovered, MailServer, Security, Submission, WayIn};
use serde::Deserialize;

use super::providers;

/// All of them, as they are written down: a JSON list.
///
/// A provider that is in the table is named; one's own is described.
#[derive(Debug, Default)]
pub struct Programs(Vec<Program>);

/// Why a list of programs cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadPrograms {
    /// It is none, or something in it is missing or unknown.
    #[error("it is no list of programs: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A provider that takes no consents, or is not in the table.
    #[error("{0:?} is no provider that takes consents; there are {1}")]
    NoSuchProvider(String, String),
    /// An address that nobody should be sent to.
    #[error("{0:?} does not begin with https:// (or http:// on this machine itself)")]
    Unsafe(String),
}

/// One of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Program {
    provider: At,
    pub(super) client_id: String,
    /// Where the provider gave one.
    #[serde(default)]
    pub(super) client_secret: Option<String>,
}

/// Where it is known.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum At {
    /// At the provider of this name in the table.
    Table(String),
    /// At one that is described here.
    Own(Box<Own>),
}

/// A mail server with a sign-in of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Own {
    name: String,
    /// What its addresses end with.
    domains: Vec<String>,
    host: String,
    port: u16,
    security: Security,
    #[serde(default)]
    submission: Option<Submission>,
    /// The page on which a person gives a consent.
    authorize: String,
    /// Where tokens are given out.
    token_endpoint: String,
    /// What the consent has to cover.
    scope: String,
}

impl Programs {
    /// Reads a list of them.
    pub fn read(text: &str) -> Result<Self, BadPrograms> {
        let programs: Vec<Program> = serde_json::from_str(text)?;
        for program in &programs {
            match &program.provider {
                At::Table(name) => {
                    let known: Vec<_> = providers::names_with_consents().collect();
                    if !known.contains(&name.as_str()) {
                        let known = known.join(", ");
                        return Err(BadPrograms::NoSuchProvider(name.clone(), known));
                    }
                }
                At::Own(own) => {
                    for place in [&own.authorize, &own.token_endpoint] {
                        if !is_safe(place) {
                            return Err(BadPrograms::Unsafe(place.clone()));
                        }
                    }
                }
            }
        }
        Ok(Self(programs))
    }

    /// The program at the provider of this name in the table.
    pub(super) fn at(&self, provider: &str) -> Option<&Program> {
        let is_there =
            |program: &&Program| matches!(&program.provider, At::Table(name) if name == provider);
        self.0.iter().find(is_there)
    }

    /// The program at one's own mail server for addresses of this domain.
    pub(super) fn of_domain(&self, domain: &str) -> Option<&Program> {
        let has = |own: &Own| own.domains.iter().any(|it| it.eq_ignore_ascii_case(domain));
        self.0.iter().find(|program| program.own().is_some_and(has))
    }
}

impl Program {
    /// One's own mail server, if it is known there.
    pub(super) fn own(&self) -> Option<&Own> {
        match &self.provider {
            At::Table(_) => None,
            At::Own(own) => Some(own),
        }
    }

    /// Where a consent is given.
    pub(super) fn offer(&self) -> Option<ConsentOffer> {
        let (authorize, scope) = match &self.provider {
            At::Table(name) => {
                let provider = providers::named(name)?;
                (provider.authorize.clone()?, provider.scope.clone()?)
            }
            At::Own(own) => (own.authorize.clone(), own.scope.clone()),
        };
        Some(ConsentOffer {
            authorize,
            client_id: self.client_id.clone(),
            scope,
        })
    }
}

impl Own {
    /// What is known of it.
    pub(super) fn discovered(&self, address: &str) -> Discovered {
        Discovered {
            provider: Some(self.name.clone()),
            server: Some(MailServer {
                host: self.host.clone(),
                port: self.port,
                security: self.security,
                user: address.to_owned(),
            }),
            submission: self.submission.clone(),
            ways: vec![WayIn::Oauth],
            token_endpoint: Some(self.token_endpoint.clone()),
            ..Discovered::default()
        }
    }
}

/// Encrypted, or this machine itself.
fn is_safe(place: &str) -> bool {
    let is_loopback =
        |host: Option<&str>| matches!(host, Some("127.0.0.1" | "localhost" | "[::1]"));
    reqwest::Url::parse(place).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => is_loopback(url.host_str()),
        _ => false,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::discover::discover;
    use crate::imap::Reach;

    const LIST: &str = r#"[
        {"provider": "Gmail", "client_id": "g", "client_secret": "s"},
        {"provider": {"name": "Example", "domains": ["Example.org"], "host": "mail.example.org",
            "port": 993, "security": "tls", "authorize": "https://id.example.org/authorize",
            "token_endpoint": "https://id.example.org/token", "scope": "mail offline_access"},
         "client_id": "own"}]"#;

    #[tokio::test]
    async fn a_consent_is_offered_where_this_server_is_known() {
        let programs = Programs::read(LIST).unwrap();
        let google = discover("ann@gmail.com", Reach::Public, &programs).await;
        let offer = google.consent.unwrap();
        assert_eq!(offer.client_id, "g");
        assert_eq!(offer.scope, "https://mail.google.com/");
        assert!(offer.authorize.starts_with("https://accounts.google.com/"));
        let own = discover("ann@example.org", Reach::Public, &programs).await;
        assert_eq!(own.consent.unwrap().client_id, "own");
        let server = own.server.unwrap();
        assert_eq!(
            (server.host.as_str(), server.user.as_str()),
            ("mail.example.org", "ann@example.org")
        );
        let microsoft = discover("ann@outlook.com", Reach::Public, &programs).await;
        assert!(microsoft.token_endpoint.is_some() && microsoft.consent.is_none());
        // What the provider gave out for the program stays here.
        let told = serde_json::to_string(&google.ways).unwrap() + &format!("{:?}", google.notes);
        assert!(!told.contains("\"s\""), "{told}");
    }

    #[test]
    fn a_list_that_cannot_be_used_says_why() {
        let refused = |text: &str| Programs::read(text).unwrap_err().to_string();
        assert!(refused("{}").contains("no list"));
        assert!(refused(r#"[{"provider": "Gmail"}]"#).contains("client_id"));
        assert!(refused(r#"[{"provider": "GMX", "client_id": "c"}]"#).contains("Gmail"));
        let plain = LIST.replace(
            "https://id.example.org/token",
            "http://id.example.org/token",
        );
        assert!(refused(&plain).contains("https://"), "{}", refused(&plain));
        assert!(Programs::read("[]").is_ok());
    }
}
