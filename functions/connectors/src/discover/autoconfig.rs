//! The file in which a domain describes its mail servers for mail programs (Thunderbird's autoconfiguration,
//! <https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/>). Asked of the domain itself only.

use bulkhead_shared::api::{MailServer, Security, Submission};
use serde::Deserialize;

use crate::imap::Reach;
use crate::web;

#[derive(Deserialize)]
struct Config {
    #[serde(rename = "emailProvider")]
    provider: Provider,
}

#[derive(Deserialize)]
struct Provider {
    #[serde(rename = "incomingServer", default)]
    incoming: Vec<Named>,
    #[serde(rename = "outgoingServer", default)]
    outgoing: Vec<Named>,
}

/// The servers that a domain names.
#[derive(Debug, PartialEq)]
pub(super) struct Described {
    pub(super) server: MailServer,
    pub(super) submission: Option<Submission>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "@type")]
    kind: String,
    hostname: String,
    port: u16,
    #[serde(rename = "socketType")]
    socket: String,
    #[serde(default)]
    username: Option<String>,
}

/// What the domain says, if it says anything that can be used.
pub(super) async fn ask(
    address: &str,
    local: &str,
    domain: &str,
    within: Reach,
) -> Option<Described> {
    let places = [
        format!("https://autoconfig.{domain}/mail/config-v1.1.xml"),
        format!("https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml"),
    ];
    for place in places {
        let answer = web::get(&place, within).await;
        if let Ok(answer) = answer
            && answer.status == 200
            && let Some(server) = read(&answer.body, address, local, domain)
        {
            return Some(server);
        }
    }
    None
}

/// The first IMAP server with encryption, and the first that takes mails to be sent.
fn read(body: &[u8], address: &str, local: &str, domain: &str) -> Option<Described> {
    let text = std::str::from_utf8(body).ok()?;
    let config: Config = quick_xml::de::from_str(text).ok()?;
    let fill = |text: &str| {
        text.replace("%EMAILADDRESS%", address)
            .replace("%EMAILLOCALPART%", local)
            .replace("%EMAILDOMAIN%", domain)
    };
    let best = |servers: Vec<Named>, kind: &str| {
        let known = servers.into_iter().filter(|server| server.kind == kind);
        let known = known.filter_map(|server| server.usable(fill));
        known.min_by_key(|server| server.security != Security::Tls)
    };
    let server = best(config.provider.incoming, "imap")?;
    let outgoing = best(config.provider.outgoing, "smtp");
    // The same user signs in to both, or there is no way that we have.
    let outgoing = outgoing.filter(|outgoing| outgoing.user == server.user);
    Some(Described {
        submission: outgoing.map(|outgoing| Submission {
            host: outgoing.host,
            port: outgoing.port,
            security: outgoing.security,
            per_minute: None,
        }),
        server,
    })
}

impl Named {
    /// The server, if it is one and encrypts.
    fn usable(self, fill: impl Fn(&str) -> String) -> Option<MailServer> {
        let security = match self.socket.trim() {
            "SSL" => Security::Tls,
            "STARTTLS" => Security::StartTls,
            _ => return None,
        };
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let host = fill(self.hostname.trim()).to_lowercase();
        let is_host = host.contains('.') && host.chars().all(inner);
        let user = self.username.as_deref().unwrap_or("%EMAILADDRESS%");
        (is_host && self.port != 0).then(|| MailServer {
            host,
            port: self.port,
            security,
            user: fill(user.trim()),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="own.example"><domain>own.example</domain>
<displayName>Own</displayName>
<incomingServer type="pop3"><hostname>pop.own.example</hostname><port>995</port><socketType>SSL</socketType>
<authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
<incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>143</port><socketType>STARTTLS</socketType>
<authentication>password-cleartext</authentication><authentication>OAuth2</authentication>
<username>%EMAILADDRESS%</username></incomingServer>
<incomingServer type="imap"><hostname>IMAP.own.example</hostname><port>993</port><socketType>SSL</socketType>
<authentication>password-encrypted</authentication><username>%EMAILLOCALPART%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.own.example</hostname><port>465</port><socketType>SSL</socketType>
<username>%EMAILLOCALPART%</username></outgoingServer>
</emailProvider></clientConfig>"#;

    #[test]
    fn takes_the_imap_server_with_encryption() {
        let found = read(FILE.as_bytes(), "ann@own.example", "ann", "own.example").unwrap();
        let submission = found.submission.unwrap();
        assert_eq!(
            (submission.host.as_str(), submission.port),
            ("smtp.own.example", 465)
        );
        assert_eq!(
            Some(found.server),
            Some(MailServer {
                host: "imap.own.example".to_owned(),
                port: 993,
                security: Security::Tls,
                user: "ann".to_owned(),
            })
        );
    }

    #[test]
    fn what_is_odd_says_nothing() {
        let plain = FILE.replace("SSL", "plain").replace("STARTTLS", "plain");
        let elsewhere = FILE.replace("own.example</hostname>", "own.example/x</hostname>");
        let nowhere = elsewhere.replace("%EMAILDOMAIN%", "a b");
        for text in [
            "",
            "<html><body>404</body></html>",
            &plain,
            &nowhere,
            "\u{0}",
        ] {
            assert_eq!(read(text.as_bytes(), "a@b.c", "a", "b.c"), None, "{text}");
        }
    }
}
