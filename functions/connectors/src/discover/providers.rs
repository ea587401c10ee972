//! What is known of the large providers, as data with its sources (`providers.json`). The data tells more than
//! is read here: what is odd there is dealt with where it is met, whoever the server belongs to.

use std::sync::LazyLock;

use bulkhead_shared::api::{Security, Submission, WayIn};
use serde::Deserialize;

/// A provider of mailboxes.
#[derive(Debug, Deserialize)]
pub(crate) struct Provider {
    pub(crate) name: String,
    /// What its addresses end with.
    domains: Vec<String>,
    /// What the names of its servers that take mail end with: it also serves others' domains.
    mx: Vec<String>,
    /// Its server, on port 993; none if it has none.
    #[serde(default)]
    pub(crate) host: Option<String>,
    pub(crate) ways: Vec<WayIn>,
    #[serde(default)]
    pub(crate) token_endpoint: Option<String>,
    /// The page on which a person gives a consent, and what that has to cover.
    #[serde(default)]
    pub(crate) authorize: Option<String>,
    #[serde(default)]
    pub(crate) scope: Option<String>,
    /// What a person should know, in sentences.
    pub(crate) notes: Vec<String>,
    /// Sessions that it allows for one mailbox.
    #[serde(default)]
    pub(crate) connections: Option<usize>,
    /// Its server for mails to be sent, with TLS from the first byte on port 465 or STARTTLS on 587.
    #[serde(default)]
    submission: Option<Way>,
    /// It keeps copies of sent mails by itself.
    #[serde(default)]
    pub(crate) files_sent: bool,
}

impl Provider {
    /// Its server for mails to be sent.
    pub(crate) fn submission(&self) -> Option<Submission> {
        let way = self.submission.as_ref()?;
        Some(Submission {
            host: way.host.clone(),
            port: way.port,
            // RFC 8314, section 3.3.
            security: if way.port == 465 {
                Security::Tls
            } else {
                Security::StartTls
            },
            per_minute: None,
        })
    }
}

/// A server that takes mails to be sent.
#[derive(Debug, Deserialize)]
struct Way {
    host: String,
    port: u16,
}

static PROVIDERS: LazyLock<Vec<Provider>> =
    LazyLock::new(|| serde_json::from_str(include_str!("providers.json")).unwrap_or_default());

/// The provider of this name.
pub(super) fn named(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.name == name)
}

/// The names of those that take consents.
pub(super) fn names_with_consents() -> impl Iterator<Item = &'static str> {
    let takes = |provider: &&Provider| provider.authorize.is_some();
    PROVIDERS
        .iter()
        .filter(takes)
        .map(|provider| provider.name.as_str())
}

/// Whose addresses end with this domain.
pub(crate) fn of_domain(domain: &str) -> Option<&'static Provider> {
    PROVIDERS
        .iter()
        .find(|provider| provider.domains.iter().any(|known| known == domain))
}

/// Whose server this is.
pub(crate) fn of_host(host: &str) -> Option<&'static Provider> {
    let is_it = |known: &String| known.eq_ignore_ascii_case(host);
    PROVIDERS
        .iter()
        .find(|provider| provider.host.as_ref().is_some_and(is_it))
}

/// Whose server takes the mail, by its name.
pub(crate) fn of_mx(host: &str) -> Option<&'static Provider> {
    let host = host.to_lowercase();
    let ends = |end: &String| {
        host.strip_suffix(end.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    PROVIDERS
        .iter()
        .find(|provider| provider.mx.iter().any(ends))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_has_sources_and_no_domain_is_anybody_elses() {
        let text = include_str!("providers.json");
        let all: Vec<Provider> = serde_json::from_str(text).unwrap();
        let written: Vec<Value> = serde_json::from_str(text).unwrap();
        assert!(all.len() >= 20);
        for entry in &written {
            let sources = entry["sources"].as_array().unwrap();
            let is_place = |source: &Value| source.as_str().unwrap().starts_with("https://");
            assert!(
                !sources.is_empty() && sources.iter().all(is_place),
                "{entry}"
            );
            for sentence in entry["throttles"].as_array().into_iter().flatten() {
                let line = format!("b2 NO {}\r\n", sentence.as_str().unwrap());
                assert!(crate::imap::asks_to_wait(&line), "{line}");
            }
        }
        let mut domains = BTreeSet::new();
        for provider in &all {
            let name = &provider.name;
            assert_eq!(provider.host.is_none(), provider.ways.is_empty(), "{name}");
            let is_known = |way: Submission| [465, 587].contains(&way.port);
            let sends = provider.submission().is_some_and(is_known);
            assert_eq!(provider.host.is_some(), sends, "{name}");
            assert_eq!(
                provider.ways.contains(&WayIn::Oauth),
                provider.token_endpoint.is_some(),
                "{name}"
            );
            let page = provider.authorize.as_deref().unwrap_or("https://");
            assert!(page.starts_with("https://"), "{name}");
            assert_eq!(
                provider.authorize.is_some(),
                provider.scope.is_some(),
                "{name}"
            );
            assert_eq!(
                provider.authorize.is_some(),
                provider.token_endpoint.is_some(),
                "{name}"
            );
            for domain in &provider.domains {
                assert!(domains.insert(domain.clone()), "{domain} twice");
                assert_eq!(*domain, domain.to_lowercase());
            }
        }
    }

    #[test]
    fn servers_that_take_mail_are_told_by_the_end_of_their_names() {
        let name = |host: &str| of_mx(host).map(|provider| provider.name.as_str());
        assert_eq!(name("ASPMX.L.google.com"), Some("Gmail"));
        assert_eq!(name("notgoogle.com"), None);
        assert_eq!(name("google.com.evil.example"), None);
        assert_eq!(of_host("IMAP.gmail.com").unwrap().connections, Some(15));
    }
}
