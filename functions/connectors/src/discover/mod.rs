//! Which mail server an address belongs to: by a table of providers, by what its domain says in the DNS
//! (RFC 6186, and whose servers take its mail), by the file that mail programs look for; else it is asked
//! for. Nobody but the domain itself is asked, and nobody is told the address.

mod autoconfig;
mod dns;
mod programs;
pub(crate) mod providers;

use std::time::Duration;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{
    Consent, Credentials, Discovered, ImapConnection, MailServer, Security, Submission,
};
use tokio::time::timeout;

use crate::imap::Reach;
use crate::imap::redeem;
use dns::Resolver;
use programs::Program;
use providers::Provider;

pub use programs::{BadPrograms, Programs};

/// The longest that looking may take: a person waits for it.
const LOOK_MOST: Duration = Duration::from_secs(8);

/// What is known of the mail server of this address. Nothing found is an answer too.
pub async fn discover(address: &str, within: Reach, programs: &Programs) -> Discovered {
    let (mut found, program) = found(address, within, programs).await;
    found.consent = program.and_then(Program::offer);
    found
}

/// How the mailbox of this address is reached by a consent that was just given for it.
pub async fn consented(
    consent: &Consent,
    within: Reach,
    programs: &Programs,
) -> Result<ImapConnection, CallError> {
    let (found, program) = found(&consent.address, within, programs).await;
    let (Some(server), Some(program), Some(endpoint)) =
        (found.server, program, found.token_endpoint)
    else {
        return Err(CallError::Unsupported(
            "This server is not known as a program to whoever keeps this mailbox; connect it in another way."
                .to_owned(),
        ));
    };
    let (id, secret) = (program.client_id.as_str(), program.client_secret.as_deref());
    let oauth = redeem(&endpoint, id, secret, consent, within).await?;
    Ok(ImapConnection {
        host: server.host,
        port: server.port,
        security: server.security,
        user: server.user,
        credentials: Credentials::OAuth(oauth),
        submission: found.submission,
    })
}

/// What is known, and as what program this server is known there.
async fn found<'a>(
    address: &str,
    within: Reach,
    programs: &'a Programs,
) -> (Discovered, Option<&'a Program>) {
    let domain = parts(address).map(|(_, domain)| domain);
    if let Some(program) = domain.as_deref().and_then(|it| programs.of_domain(it))
        && let Some(own) = program.own()
    {
        return (own.discovered(address.trim()), Some(program));
    }
    let found = discover_by(address, within, &Resolver::of_this_machine()).await;
    let program = found.provider.as_deref().and_then(|it| programs.at(it));
    (found, program)
}

async fn discover_by(address: &str, within: Reach, resolver: &Resolver) -> Discovered {
    let Some((local, domain)) = parts(address) else {
        return Discovered::default();
    };
    if let Some(provider) = providers::of_domain(&domain) {
        return of_provider(provider, address);
    }
    let looking = look(address, &local, &domain, within, resolver);
    timeout(LOOK_MOST, looking).await.unwrap_or_default()
}

/// The two halves of an address, the domain in lower case.
fn parts(address: &str) -> Option<(String, String)> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    let domain = domain.trim_end_matches('.').to_lowercase();
    let is_label = |label: &str| {
        let inner = |c: char| c.is_alphanumeric() || c == '-';
        (1..=63).contains(&label.len()) && label.chars().all(inner)
    };
    let is_name = domain.contains('.') && domain.len() <= 253 && domain.split('.').all(is_label);
    (is_name && !local.is_empty()).then(|| (local.to_owned(), domain))
}

async fn look(
    address: &str,
    local: &str,
    domain: &str,
    within: Reach,
    resolver: &Resolver,
) -> Discovered {
    for (service, security) in [("_imaps", Security::Tls), ("_imap", Security::StartTls)] {
        if let Some((host, port)) = resolver.service(service, domain).await {
            if let Some(provider) = providers::of_host(&host) {
                return of_provider(provider, address);
            }
            let server = MailServer {
                host,
                port,
                security,
                user: address.to_owned(),
            };
            return of_server(server, takes_ours(domain, resolver).await);
        }
    }
    let takes_mail = resolver.takes_mail(domain).await;
    let known = takes_mail.iter().find_map(|host| providers::of_mx(host));
    if let Some(provider) = known {
        return of_provider(provider, address);
    }
    match autoconfig::ask(address, local, domain, within).await {
        Some(found) => of_server(found.server, found.submission),
        None => Discovered::default(),
    }
}

/// The server that takes a domain's own mails (RFC 8314, section 5.1, and RFC 6186, section 3.1).
async fn takes_ours(domain: &str, resolver: &Resolver) -> Option<Submission> {
    let services = [
        ("_submissions", Security::Tls),
        ("_submission", Security::StartTls),
    ];
    for (service, security) in services {
        if let Some((host, port)) = resolver.service(service, domain).await {
            return Some(Submission {
                host,
                port,
                security,
                per_minute: None,
            });
        }
    }
    None
}

fn of_server(server: MailServer, submission: Option<Submission>) -> Discovered {
    Discovered {
        server: Some(server),
        submission,
        ..Discovered::default()
    }
}

fn of_provider(provider: &Provider, address: &str) -> Discovered {
    let server = provider.host.as_ref().map(|host| MailServer {
        host: host.clone(),
        port: 993,
        security: Security::Tls,
        user: address.trim().to_owned(),
    });
    Discovered {
        provider: Some(provider.name.clone()),
        server,
        submission: provider.submission(),
        ways: provider.ways.clone(),
        token_endpoint: provider.token_endpoint.clone(),
        consent: None,
        notes: provider.notes.clone(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use bulkhead_shared::api::WayIn;

    async fn of(address: &str, resolver: &Resolver) -> Discovered {
        discover_by(address, Reach::Public, resolver).await
    }

    #[tokio::test]
    async fn big_providers_are_known_without_asking_anybody() {
        let nobody = Resolver::of(Vec::new());
        for (address, host, way) in [
            ("ann@gmail.com", "imap.gmail.com", WayIn::AppPassword),
            (
                " Ann.B+c@GoogleMail.com ",
                "imap.gmail.com",
                WayIn::AppPassword,
            ),
            ("a@hotmail.com", "outlook.office365.com", WayIn::Oauth),
            ("a@yahoo.de", "imap.mail.yahoo.com", WayIn::AppPassword),
            ("a@me.com", "imap.mail.me.com", WayIn::AppPassword),
            ("a@gmx.net", "imap.gmx.net", WayIn::Password),
            ("a@gmx.li", "imap.gmx.com", WayIn::Password),
            // Its mail comes in by GMX's hosts, but not all of its people can read it there.
            ("a@mail.com", "imap.mail.com", WayIn::Password),
            ("a@web.de", "imap.web.de", WayIn::Password),
            ("a@fastmail.fm", "imap.fastmail.com", WayIn::AppPassword),
            ("a@163.com", "imap.163.com", WayIn::AppPassword),
        ] {
            let found = of(address, &nobody).await;
            let server = found.server.unwrap();
            assert_eq!(
                (server.host.as_str(), server.port),
                (host, 993),
                "{address}"
            );
            assert_eq!(server.user, address.trim());
            assert_eq!(found.ways[0], way, "{address}");
        }
        let microsoft = of("a@live.com", &nobody).await;
        assert!(
            microsoft
                .token_endpoint
                .unwrap()
                .starts_with("https://login.")
        );
        assert!(of("a@proton.me", &nobody).await.server.is_none());
    }

    #[tokio::test]
    async fn a_domain_says_where_its_mail_is() {
        let resolver = dns::testing::answering(&[
            (
                "_imaps._tcp.own.example",
                &[(10, 9_993, "mail.own.example")][..],
                &[],
            ),
            ("_imaps._tcp.none.example", &[(0, 0, ".")], &[]),
            (
                "_imap._tcp.none.example",
                &[(0, 143, "plain.none.example")],
                &[],
            ),
            ("corp.example", &[], &["aspmx.l.google.com"]),
            (
                "shop.example",
                &[],
                &["shop-example.mail.protection.outlook.com"],
            ),
        ])
        .await;
        let found = of("ann@own.example", &resolver).await;
        assert_eq!(
            found.server,
            Some(MailServer {
                host: "mail.own.example".to_owned(),
                port: 9_993,
                security: Security::Tls,
                user: "ann@own.example".to_owned(),
            })
        );
        let plain = of("ann@none.example", &resolver).await.server.unwrap();
        assert_eq!((plain.port, plain.security), (143, Security::StartTls));
        let google = of("ann@corp.example", &resolver).await;
        assert_eq!(google.provider.as_deref(), Some("Gmail"));
        let microsoft = of("ann@shop.example", &resolver).await;
        assert_eq!(microsoft.server.unwrap().host, "outlook.office365.com");
    }

    #[tokio::test]
    async fn what_is_no_address_belongs_nowhere() {
        let nobody = Resolver::of(Vec::new());
        for text in [
            "",
            "ann",
            "ann@",
            "@gmail.com",
            "a@b",
            "a@b..c",
            "a@x/y.example",
            "a@[127.0.0.1]",
        ] {
            assert_eq!(of(text, &nobody).await, Discovered::default(), "{text}");
        }
    }
}
