//! Invariant 10: what is written into a log by accident names nobody, no place and no secret, and still says what it was.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::fmt::Debug;

use bulkhead_shared::api::{
    AccessToken, BringCode, Connection, Consent, Credentials, DavConnection, ExchangeConnection,
    ImapConnection, MailServer, OAuth, Security, SessionKey, Submission,
};
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::Looked;

/// Stands wherever a name, a place or a secret does.
const SECRET: &str = "secret";

fn secret() -> String {
    SECRET.to_owned()
}

#[track_caller]
fn says(what: &dyn Debug, expected: &str) {
    assert_eq!(format!("{what:?}"), expected);
    assert!(!format!("{what:#?}").contains(SECRET));
}

fn imap() -> ImapConnection {
    ImapConnection {
        host: secret(),
        port: 993,
        security: Security::Tls,
        user: secret(),
        credentials: Credentials::Password(secret()),
        submission: Some(submission()),
    }
}

fn submission() -> Submission {
    Submission {
        host: secret(),
        port: 587,
        security: Security::StartTls,
        per_minute: None,
    }
}

fn token() -> AccessToken {
    AccessToken {
        token: secret(),
        until: "2026-11-20T10:00:00Z".parse().unwrap(),
    }
}

#[test]
fn a_connection_says_how_and_neither_where_nor_who() {
    let by_imap = "ImapConnection { port: 993, security: Tls, .. }";
    says(&Connection::Sandbox {}, "Sandbox");
    says(&Connection::Imap(imap()), by_imap);
    says(&Connection::Cyrus(imap()), by_imap);
    says(
        &submission(),
        "Submission { port: 587, security: StartTls, .. }",
    );
    let dav = DavConnection {
        url: secret(),
        user: secret(),
        password: secret(),
    };
    says(&Connection::Dav(dav), "DavConnection { .. }");
    let exchange = ExchangeConnection {
        tenant: secret(),
        client_id: secret(),
        certificate: secret(),
        private_key: secret(),
    };
    says(&Connection::Exchange(exchange), "ExchangeConnection { .. }");
    let server = MailServer {
        host: secret(),
        port: 143,
        security: Security::None,
        user: secret(),
    };
    says(&server, "MailServer { port: 143, security: None, .. }");
}

#[test]
fn credentials_say_of_which_kind_they_are() {
    says(&Credentials::Password(secret()), "Password");
    let oauth = OAuth {
        token_endpoint: secret(),
        client_id: secret(),
        client_secret: Some(secret()),
        refresh_token: secret(),
        access: Some(token()),
    };
    says(&Credentials::OAuth(oauth.clone()), "OAuth");
    says(&oauth, "OAuth { .. }");
    says(&token(), "AccessToken { until: 2026-11-20T10:00:00Z, .. }");
    let consent = Consent {
        name: Some(secret()),
        address: secret(),
        code: secret(),
        verifier: secret(),
        redirect_uri: secret(),
    };
    says(&consent, "Consent { .. }");
    says(&BringCode { code: secret() }, "BringCode { .. }");
    says(&SessionKey { key: secret() }, "SessionKey { .. }");
}

#[test]
fn what_is_known_of_mails_is_counted_and_not_listed() {
    let mails = ["secret-1", "secret-2"].map(|id| (id.parse::<ItemId>().unwrap(), Class::Receipt));
    says(&Looked::new(7, HashMap::from(mails)), "Looked(7, 2 mails)");
}
