//! Answers that real servers give on bad days: each is told apart, and none is taken for "nothing".

use std::sync::Arc;

use bulkhead_connectors::dav::{Dav, DavConnection};
use bulkhead_connectors::imap::Reach;
use bulkhead_engine::kinds::contact::{Change, Effect, ItemState};
use bulkhead_engine::ports::{CallError, ContactStore};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::Search;
use jiff::Timestamp;

use crate::fake::{Fake, Reply, Request};

const BOOK: &str = "/book%40x/";
const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:Ann\r\nN:Ann;;;;\r\nEND:VCARD\r\n";

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn multistatus(inner: &str) -> Reply {
    let body = format!(
        "<multistatus xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\">{inner}</multistatus>"
    );
    Reply::Answer(207, "", body)
}

fn found(href: &str, properties: &str) -> String {
    format!(
        "<response><href>{href}</href><propstat><prop>{properties}</prop>\
         <status>HTTP/1.1 200 OK</status></propstat></response>"
    )
}

fn status(code: u16) -> Reply {
    Reply::Answer(code, "", String::new())
}

/// An address book at [`BOOK`]; everything else as the test says.
async fn server(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (Fake, Dav) {
    let fake = Fake::start(move |request| match request.method.as_str() {
        "PROPFIND" if request.body.contains("current-user-principal") => multistatus(&found(
            BOOK,
            "<resourcetype><collection/><C:addressbook/></resourcetype>",
        )),
        _ => reply(request),
    })
    .await;
    let dav = open(&fake, BOOK).await.unwrap();
    (fake, dav)
}

async fn open(fake: &Fake, path: &str) -> Result<Dav, CallError> {
    let to = DavConnection {
        url: format!("http://127.0.0.1:{}{path}", fake.port),
        user: "ann".to_owned(),
        password: "secret".to_owned(),
    };
    Dav::open(&to, Reach::Anywhere, Arc::new(now)).await
}

fn creation(name: &str) -> Change {
    Change {
        id: format!("{BOOK}{name}.vcf").parse().unwrap(),
        from: ItemState::absent(),
        to: Some(CARD.into()),
    }
}

#[tokio::test]
async fn what_a_write_is_answered_is_told_apart() {
    use bulkhead_engine::kinds::Effect::{Changed, Refused, Unavailable, Unknown};
    let condition = |name: &str| {
        format!(
            "<error xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><C:{name}/></error>"
        )
    };
    for (code, body, expected) in [
        (202, String::new(), Unknown),
        (302, String::new(), Refused(ItemReason::Refused)),
        (400, String::new(), Refused(ItemReason::Refused)),
        (403, String::new(), Refused(ItemReason::Forbidden)),
        (
            403,
            condition("valid-address-data"),
            Refused(ItemReason::Refused),
        ),
        (
            403,
            condition("max-resource-size"),
            Refused(ItemReason::TooLarge),
        ),
        (404, String::new(), Refused(ItemReason::NoSuchFolder)),
        (409, String::new(), Refused(ItemReason::NoSuchFolder)),
        (
            409,
            condition("no-uid-conflict"),
            Refused(ItemReason::Refused),
        ),
        (412, String::new(), Changed),
        (413, String::new(), Refused(ItemReason::TooLarge)),
        (423, String::new(), Unavailable),
        (500, String::new(), Unknown),
        (502, "<html>".to_owned(), Unknown),
        (504, String::new(), Unknown),
        (507, String::new(), Refused(ItemReason::OverQuota)),
    ] {
        let answer = body.clone();
        let (_fake, dav) = server(move |_| Reply::Answer(code, "", answer.clone())).await;
        let effects = dav.change(&[creation("a")], "tag").await.unwrap();
        assert_eq!(effects, [expected], "{code} {body}");
    }
    let (_fake, dav) = server(|_| Reply::HangUp).await;
    let effects = dav.change(&[creation("a")], "tag").await.unwrap();
    assert_eq!(effects, [Unknown]);
}

/// A server that told no version: what was seen is compared by what it says.
#[tokio::test]
async fn a_card_without_a_version_is_missing_only_where_it_is_gone() {
    use bulkhead_engine::kinds::Effect::{Changed, Missing, Refused};
    let card = |etag: &'static str, card: &str| Reply::Answer(200, etag, card.to_owned());
    let other = CARD.replace("Ann", "Bob");
    for (now, expected) in [
        (status(404), Missing),
        (status(410), Missing),
        (card("ETag: \"e\"", &other), Changed),
        // The same, and still without a version: nothing can be changed safely.
        (card("", CARD), Refused(ItemReason::Refused)),
    ] {
        let what = format!("{now:?}");
        let (fake, dav) = server(move |_| now.clone()).await;
        let change = Change {
            from: ItemState::present(None, CARD.into()),
            to: None,
            ..creation("a")
        };
        let effects = dav.change(&[change], "tag").await.unwrap();
        assert_eq!(effects, [expected], "{what}");
        let writes = |asked: &String| asked.starts_with("DELETE") || asked.starts_with("PUT");
        assert!(!fake.asked().iter().any(writes), "{what}");
    }
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_left_alone() {
    for (header, until) in [
        ("Retry-After: 7", "2026-06-01T12:00:07Z"),
        (
            "Retry-After: Mon, 1 Jun 2026 12:05:00 GMT",
            "2026-06-01T12:05:00Z",
        ),
        ("Retry-After: 999999", "2026-06-01T13:00:00Z"),
    ] {
        for code in [429, 503] {
            let (fake, dav) = server(move |_| Reply::Answer(code, header, String::new())).await;
            let before = fake.asked().len();
            let changes = [creation("a")];
            for _ in 0..2 {
                let error = dav.change(&changes, "tag").await.unwrap_err();
                let time = until.parse().unwrap();
                assert!(
                    matches!(error, CallError::Throttled { until: Some(said) } if said == time),
                    "{header}: {error:?}"
                );
            }
            assert_eq!(
                fake.asked().len() - before,
                1,
                "asked again before the time"
            );
        }
    }
    let (_fake, dav) = server(|_| status(503)).await;
    let error = dav.change(&[creation("a")], "tag").await.unwrap_err();
    assert!(matches!(error, CallError::Unavailable(_)), "{error:?}");
    let (_fake, dav) = server(|_| status(401)).await;
    let error = dav.change(&[creation("a")], "tag").await.unwrap_err();
    assert!(matches!(error, CallError::SignIn), "{error:?}");
}

#[tokio::test]
async fn what_is_done_before_the_server_asks_to_wait_is_done() {
    let (_fake, dav) = server(|request| match request.path.as_str() {
        "/book%40x/a.vcf" if request.method == "PUT" => {
            Reply::Answer(201, "ETag: \"1\"", String::new())
        }
        _ => Reply::Answer(429, "Retry-After: 7", String::new()),
    })
    .await;
    let changes: Vec<Change> = ["a", "b", "c", "d", "e", "f"].map(creation).into();
    let effects = dav.change(&changes, "tag").await.unwrap();
    assert!(matches!(effects[0], Effect::Done { .. }), "{effects:?}");
    assert!(
        effects[1..]
            .iter()
            .all(|effect| *effect == Effect::Unavailable)
    );
}

#[tokio::test]
async fn an_answer_that_is_not_understood_is_no_empty_list() {
    let whole = found("/book@x/a.vcf", "<getetag>\"1\"</getetag>");
    for (what, reply) in [
        (
            "a page to sign in",
            Reply::Answer(200, "", "<html>Sign in</html>".to_owned()),
        ),
        ("an empty answer", Reply::Answer(207, "", String::new())),
        (
            "cut off",
            Reply::Answer(207, "", "<multistatus xmlns=\"DAV:\"><response>".to_owned()),
        ),
        ("no token", multistatus(&whole)),
        (
            "no version",
            multistatus(&format!(
                "{}<sync-token>t</sync-token>",
                found("/book@x/a.vcf", "")
            )),
        ),
        ("broken", status(500)),
        ("gone", status(404)),
        ("no line", Reply::HangUp),
    ] {
        let reply = std::sync::Mutex::new(Some(reply));
        let (_fake, dav) =
            server(move |_| reply.lock().unwrap().take().unwrap_or(Reply::HangUp)).await;
        let list = dav.list(&Search::words(""), None, 10).await;
        assert!(list.is_err(), "{what}: {list:?}");
    }
}

/// Two cards, named `@` here and `%40` there.
fn two_cards(request: &Request, can_sync: bool, can_report: bool, line_end: &str) -> Reply {
    let etag = "<getetag>W/\"1\"</getetag>";
    let names = ["a", "b"];
    if request.body.contains("sync-collection") {
        if !can_sync {
            return status(403);
        }
        if request.body.contains("<sync-token>old</sync-token>") {
            return status(403);
        }
        let cards = names
            .map(|name| found(&format!("/book@x/{name}.vcf"), etag))
            .concat();
        return multistatus(&format!("{cards}<sync-token>old</sync-token>"));
    }
    if request.method == "PROPFIND" {
        let cards = names
            .map(|name| found(&format!("{BOOK}{name}.vcf"), etag))
            .concat();
        let book = found(BOOK, "<resourcetype><collection/></resourcetype>");
        return multistatus(&format!("{book}{cards}"));
    }
    if request.method == "REPORT" {
        let asked = names
            .iter()
            .filter(|name| request.body.contains(&format!("{name}.vcf")));
        let card = CARD.replace("\r\n", line_end);
        // The second card is left out of every answer.
        let first = asked.filter(|name| **name == "a");
        let data = format!("{etag}<C:address-data>{card}</C:address-data>");
        let cards: String = first
            .map(|name| found(&format!("{BOOK}{name}.vcf"), &data))
            .collect();
        return if can_report {
            multistatus(&cards)
        } else {
            status(501)
        };
    }
    Reply::Answer(200, "ETag: W/\"1\"", CARD.to_owned())
}

#[tokio::test]
async fn what_a_server_cannot_do_is_done_otherwise() {
    for can_sync in [true, false] {
        for can_report in [true, false] {
            for line_end in ["\r\n", "&#13;\n", "\n"] {
                let (_fake, dav) =
                    server(move |request| two_cards(request, can_sync, can_report, line_end)).await;
                // Twice: the token of the first time is not known any more.
                for _ in 0..2 {
                    let page = dav.list(&Search::words(""), None, 10).await.unwrap();
                    assert_eq!(page.total, 2);
                    let ids: Vec<_> = page.rows.iter().map(|row| row.id.clone()).collect();
                    for contact in dav.read(&ids).await.unwrap() {
                        let card = String::from_utf8(contact.state.unwrap()).unwrap();
                        assert_eq!(card, CARD, "{line_end:?}");
                        assert_eq!(contact.version.unwrap().as_bytes(), b"\"1\"");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn credentials_go_to_no_stranger() {
    let stranger = Fake::start(|_| status(200)).await;
    let away = format!("http://127.0.0.1:{}/", stranger.port);
    let location: &'static str = Box::leak(format!("Location: {away}").into_boxed_str());
    let fake = Fake::start(move |_| Reply::Answer(301, location, String::new())).await;
    assert!(matches!(
        open(&fake, "/").await.err(),
        Some(CallError::Unsupported(_))
    ));
    let principal = found(
        "/",
        &format!("<current-user-principal><href>{away}</href></current-user-principal>"),
    );
    let fake = Fake::start(move |_| multistatus(&principal)).await;
    assert!(open(&fake, "/").await.is_err());
    assert!(stranger.asked().is_empty());
    let endless = Fake::start(|_| Reply::Answer(301, "Location: /again", String::new())).await;
    assert!(open(&endless, "/").await.is_err());
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let (_fake, dav) = server(|request| match request.method.as_str() {
        "GET" => Reply::Answer(200, "ETag: \"1\"", "x".repeat(17 << 20)),
        _ => status(501),
    })
    .await;
    let id = creation("a").id;
    let error = dav.read(&[id]).await.unwrap_err();
    assert!(
        matches!(error, CallError::Refused(ItemReason::TooLarge)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_without_its_name() {
    let (_, dav) = server(|_| status(200)).await;
    let closed = {
        let fake = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        fake.local_addr().unwrap().port()
    };
    drop(dav);
    let to = DavConnection {
        url: format!("http://127.0.0.1:{closed}/secret/path"),
        user: "ann".to_owned(),
        password: "secret".to_owned(),
    };
    let error = Dav::open(&to, Reach::Anywhere, Arc::new(now))
        .await
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "the provider cannot be reached: nothing answers at this port"
    );
    assert_eq!(format!("{to:?}"), "DavConnection { .. }");
}
