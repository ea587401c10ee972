//! Lists asked to write no more: by one request to a real server over TLS, and by a mail through a real Exim.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::ports::{Account, CallError, Delivery, OneClick};
use bulkhead_shared::api::{Credentials, ImapConnection, Security};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::list_server::ListServer;
use jiff::SignedDuration;

async fn asker(dovecot: &Dovecot, reach: Reach, certificates: &[Vec<u8>]) -> Arc<dyn OneClick> {
    let to = ImapConnection {
        host: "127.0.0.1".to_owned(),
        port: dovecot.port,
        security: Security::None,
        user: dovecot.user.clone(),
        credentials: Credentials::Password(dovecot.password.clone()),
        submission: None,
    };
    let imap = match certificates {
        [] => Imap::open(&to, reach).await,
        trusted => Imap::open_trusting(&to, reach, trusted).await,
    };
    Arc::new(imap.unwrap()).one_click().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_list_answers_is_told_apart_and_nothing_else_reaches_it() {
    let (dovecot, list) = (Dovecot::start(Mode::Normal), ListServer::start());
    let lists = asker(&dovecot, Reach::Anywhere, &[list.certificate()]).await;
    let refused = |reason| Ok(Delivery::Refused(reason));
    let elsewhere = || refused(ItemReason::LeadsElsewhere);
    let no = || refused(ItemReason::ListRefused);
    let deferred = |seconds| Ok(Delivery::Deferred(SignedDuration::from_secs(seconds)));
    let cases: [(&str, Result<Delivery, CallError>); 24] = [
        ("/200", Ok(Delivery::Done)),
        ("/202", Ok(Delivery::Done)),
        ("/204", Ok(Delivery::Done)),
        ("/301", elsewhere()),
        ("/302", elsewhere()),
        ("/303", elsewhere()),
        ("/307", elsewhere()),
        ("/308", elsewhere()),
        ("/400", no()),
        ("/401", no()),
        ("/403", no()),
        ("/404", no()),
        ("/405", no()),
        ("/410", no()),
        ("/422", no()),
        ("/429", Ok(Delivery::Unavailable)),
        ("/429?7", deferred(7)),
        ("/429?999999999", deferred(3_600)),
        ("/503?soon", Ok(Delivery::Unavailable)),
        // What says that it failed may have done it.
        ("/500", Ok(Delivery::Unknown)),
        ("/502", Ok(Delivery::Unknown)),
        ("/504", Ok(Delivery::Unknown)),
        ("/cut", Ok(Delivery::Unknown)),
        // Only its status is heard.
        ("/long", Ok(Delivery::Done)),
    ];
    let mut asked = Vec::new();
    for (path, expected) in cases {
        let answer = lists.ask(&list.page(path)).await;
        assert_eq!(format!("{answer:?}"), format!("{expected:?}"), "{path}");
        asked.push(format!("POST {path} HTTP/1.1"));
    }
    let requests = list.requests();
    let lines: Vec<&str> = requests
        .iter()
        .map(|request| request.line.as_str())
        .collect();
    assert_eq!(lines, asked, "each once, and no page that one leads to");
    for request in &requests {
        assert_eq!(request.body, "List-Unsubscribe=One-Click");
        let kind = request.field("content-type");
        assert_eq!(kind, Some("application/x-www-form-urlencoded"));
        for secret in ["cookie", "referer", "authorization", "origin"] {
            assert_eq!(request.field(secret), None, "{request:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_answers_is_waited_for_so_long_and_no_longer() {
    let (dovecot, list) = (Dovecot::start(Mode::Normal), ListServer::start());
    let lists = asker(&dovecot, Reach::Anywhere, &[list.certificate()]).await;
    let began = Instant::now();
    let answer = lists.ask(&list.page("/hang")).await.unwrap();
    assert_eq!(answer, Delivery::Unknown);
    let took = began.elapsed();
    assert!(
        took > Duration::from_secs(15) && took < Duration::from_secs(30),
        "{took:?}"
    );
    assert_eq!(list.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_proves_nothing_or_is_not_public_is_not_asked() {
    let (dovecot, list) = (Dovecot::start(Mode::Normal), ListServer::start());
    let not_public = Delivery::Refused(ItemReason::NotPublic);
    // Trusts another certificate.
    let lists = asker(&dovecot, Reach::Anywhere, &[dovecot.certificate()]).await;
    assert_eq!(lists.ask(&list.page("/200")).await.unwrap(), not_public);
    // As it is on somebody's own machine: its mail server may be anywhere, lists may not.
    let lists = asker(&dovecot, Reach::Anywhere, &[]).await;
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let page = format!("https://{host}:{}/200", list.port);
        assert_eq!(lists.ask(&page).await.unwrap(), not_public, "{page}");
    }
    assert_eq!(list.requests(), []);
    // Nobody is there: nothing was asked.
    let lists = asker(&dovecot, Reach::Anywhere, &[list.certificate()]).await;
    assert_eq!(
        lists.ask("https://127.0.0.1:1/u").await.unwrap(),
        Delivery::Unavailable
    );
}
