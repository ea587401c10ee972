//! The file in which a domain describes its mail servers for mail programs (Thunderbird's autoconfiguration,
//! <https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/>). Asked of the domain itself only.

use bulkhead_shared::api::{MailServer, Security};
use serde::Deserialize;

use crate::imap::Reach;
use crate::web;

#[derive(Deserialize)]
struct Config {
    #[serde(rename = "emailProvider")]
    provider: Described,
}

#[derive(Deserialize)]
struct Described {
    #[serde(rename = "incomingServer", default)]
    incoming: Vec<Incoming>,
}

#[derive(Deserialize)]
struct Incoming {
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
) -> Option<MailServer> {
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

/// The first IMAP server with encryption.
fn read(body: &[u8], address: &str, local: &str, domain: &str) -> Option<MailServer> {
    let text = std::str::from_utf8(body).ok()?;
    let config: Config = quick_xml::de::from_str(text).ok()?;
    let known = config.provider.incoming.into_iter().filter_map(|server| {
        let security = match server.socket.trim() {
            "SSL" => Security::Tls,
            "STARTTLS" => Security::StartTls,
            _ => return None,
        };
        let fill = |text: &str| {
            text.replace("%EMAILADDRESS%", address)
                .replace("%EMAILLOCALPART%", local)
                .replace("%EMAILDOMAIN%", domain)
        };
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let host = fill(server.hostname.trim()).to_lowercase();
        let is_host = host.contains('.') && host.chars().all(inner);
        let user = server.username.as_deref().unwrap_or("%EMAILADDRESS%");
        (server.kind == "imap" && is_host && server.port != 0).then(|| MailServer {
            host,
            port: server.port,
            security,
            user: fill(user.trim()),
        })
    });
    known.min_by_key(|server| server.security != Security::Tls)
}

#[cfg(test)]
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
<outgoingServer type="smtp"><hostname>smtp.own.example</hostname><port>465</port></outgoingServer>
</emailProvider></clientConfig>"#;

    #[test]
    fn takes_the_imap_server_with_encryption() {
        let server = read(FILE.as_bytes(), "ann@own.example", "ann", "own.example");
        assert_eq!(
            server,
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
