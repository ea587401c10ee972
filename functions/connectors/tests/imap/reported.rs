//! What servers said according to people who use other mail programs with them: each costs its own field,
//! or nothing, and nothing is told that is not so.

use bulkhead_engine::kinds::mail::Effect;
use bulkhead_engine::ports::{CallError, MailStore};
use bulkhead_shared::query::Query;
use bulkhead_shared::unsearched::UnsearchedWhy;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

use crate::meddler::{self, Act, through};
use crate::odd::Sink;
use crate::support::{
    TAG, changes, find, messages, moved_to, now, states, taken_back, tally, with_flags,
};

/// The answer with these words instead of those.
fn with(answer: Vec<u8>, these: &str, instead_of: &str) -> Vec<u8> {
    let text = String::from_utf8(answer).unwrap();
    text.replace(instead_of, these).into_bytes()
}

/// Puts another time of arrival into the answers about the second and the third mail.
fn undated(answer: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8(answer).unwrap();
    let dated = |line: &str| {
        let odd = match line {
            line if line.contains("UID 2 ") => "00-Jan-0000 00:00:00 +0000",
            line if line.contains("UID 3 ") => "Tue, 31 Dec 2024 23:00:02 +9900",
            _ => return line.to_owned(),
        };
        let Some(at) = line.find("INTERNALDATE \"") else {
            return line.to_owned();
        };
        let (before, rest) = line.split_at(at + 14);
        let after = rest.split_once('"').unwrap().1;
        format!("{before}{odd}\"{after}")
    };
    let lines: Vec<String> = text.split("\r\n").map(dated).collect();
    lines.join("\r\n").into_bytes()
}

/// Domino says `00-Jan-0000`, and a mail from a misled clock has a zone of 99 hours.
#[tokio::test]
async fn a_mail_without_a_time_is_listed_and_named_where_times_are_asked_for() {
    for mode in [Mode::Normal, Mode::Bare] {
        let server = Dovecot::start(mode);
        server.client().append("INBOX", &messages(4), "");
        let imap = through(&server, |command| match command.contains("INTERNALDATE") {
            true => Act::Rewrite(undated),
            false => Act::Pass,
        })
        .await;
        let all = Query::parse("in:inbox").unwrap();
        let listed = imap.list(&all, now(), None, 10).await.unwrap();
        assert_eq!((listed.items.len(), listed.total), (4, Some(4)), "{mode:?}");
        assert!(listed.unsearched.is_empty());
        for (query, found) in [("in:inbox newer_than:1d", 2), ("in:inbox older_than:1d", 0)] {
            let query = Query::parse(query).unwrap();
            let listed = imap.list(&query, now(), None, 10).await.unwrap();
            let page = imap.matches(&query, now(), None, 10).await.unwrap();
            assert_eq!(page.matches.len(), found, "{mode:?} {query:?}");
            assert_eq!(listed.items.len(), found);
            for unsearched in [listed.unsearched, page.unsearched] {
                let told = unsearched.first().unwrap();
                assert_eq!((told.why, told.items), (UnsearchedWhy::Undated, Some(2)));
            }
        }
    }
}

/// Exchange leaves the OK out, others the blank before a parenthesis; and what nobody asked for may come at
/// any time.
#[tokio::test]
async fn answers_that_lack_a_word_or_are_of_something_else_change_nothing() {
    fn odd(answer: Vec<u8>) -> Vec<u8> {
        let odd = with(answer, "* [COPYUID", "* OK [COPYUID");
        let odd = with(odd, " FETCH(", " FETCH (");
        let more =
            "* JMAPACCESS \"https://example.com/jmap\"\r\n* NO [ALERT] soon\r\n* [ALERT] x\r\n";
        [more.as_bytes(), &odd].concat()
    }
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(12), "work");
    let before = other.contents("INBOX");
    let imap = through(&server, |command| match command.split(' ').next() {
        Some("LOGIN" | "AUTHENTICATE") => Act::Pass,
        _ => Act::Rewrite(odd),
    })
    .await;
    let ids = find(&imap, "in:inbox").await;
    assert_eq!(ids.len(), 12);
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(tally(&effects), (12, 0, 0, 0));
    let undone = imap.change(&taken_back(&forward, &effects), TAG).await;
    assert_eq!(tally(&undone.unwrap()), (12, 0, 0, 0));
    assert_eq!(other.contents("INBOX"), before);
}

/// A Tencent server tells `BODY[] NIL` of mails that are there.
#[tokio::test]
async fn a_body_that_is_nil_is_not_missing_and_the_others_come() {
    fn nil(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let Some(begin) = text.find("* 2 FETCH (UID 2 BODY[] {") else {
            return text.into_bytes();
        };
        let end = text.get(begin..).unwrap().find("\r\n)\r\n").unwrap() + begin + 5;
        let (before, after) = (text.get(..begin).unwrap(), text.get(end..).unwrap());
        format!("{before}* 2 FETCH (UID 2 BODY[] NIL)\r\n{after}").into_bytes()
    }
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(4), "");
    let imap = through(&server, |command| match command.contains("BODY.PEEK[])") {
        true => Act::Rewrite(nil),
        false => Act::Pass,
    })
    .await;
    let ids = find(&imap, "").await;
    let mut sink = Sink::default();
    let told = imap.fetch(&ids, &mut sink).await;
    assert!(matches!(told, Err(CallError::Unavailable(_))), "{told:?}");
    assert!(sink.skipped.is_empty());
    assert_eq!(sink.messages.len(), 3);
}

/// Exchange lets somebody in and then does not reach the mailbox.
#[tokio::test]
async fn a_mailbox_that_is_not_reached_is_for_now_and_never_empty() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(3), "");
    let mut asked = 0;
    let imap = through(&server, move |command| {
        let is_one = ["LIST", "SELECT", "STATUS", "UID"];
        asked += u32::from(command.starts_with("SELECT"));
        match is_one.iter().any(|word| command.starts_with(word)) && asked > 1 {
            true => Act::Say("$tag BAD User is authenticated but not connected.\r\n".to_owned()),
            false => Act::Pass,
        }
    })
    .await;
    let query = Query::parse("").unwrap();
    let ids = ["1.1.INBOX".parse().unwrap()];
    let page = imap.matches(&query, now(), None, 10).await;
    assert!(matches!(page, Err(CallError::Unavailable(_))), "{page:?}");
    let listed = imap.list(&query, now(), None, 10).await;
    assert!(matches!(listed, Err(CallError::Unavailable(_))));
    let states = imap.states(&ids).await;
    assert!(matches!(states, Err(CallError::Unavailable(_))));
}

/// Servers that say they can tell where copies went, and then do not say it, or say it of nothing (Yandex,
/// IceWarp).
#[tokio::test]
async fn a_copy_that_is_not_told_of_is_found_by_looking() {
    fn none(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let Some((before, rest)) = text.split_once("[COPYUID ") else {
            return text.into_bytes();
        };
        let after = rest.split_once(']').unwrap().1;
        format!("{before}[COPYUID 1493194087 none]{after}").into_bytes()
    }
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(8), "");
    let imap = through(&server, |command| match command.starts_with("UID MOVE") {
        true => Act::Rewrite(none),
        false => Act::Pass,
    })
    .await;
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert!(effects.iter().all(|effect| *effect == Effect::Unknown));
    let found = imap.reconcile(&forward, TAG).await.unwrap();
    let done = found.iter().filter(|found| {
        matches!(found, bulkhead_engine::kinds::mail::Found::Done { state, .. } if state.state.folder == "Archive")
    });
    assert_eq!(done.count(), 8);
    let there = other.contents("Archive");
    assert!(
        there.iter().all(|mail| mail.flags.is_empty()),
        "no claim stays"
    );
}

/// STORE answers that name other mails, twice, and without the flags (Proton Mail Bridge, Domino).
#[tokio::test]
async fn what_a_store_tells_of_others_is_not_taken_for_ours() {
    fn odd(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let first = text.lines().next().unwrap_or_default().to_owned();
        let doubled =
            format!("* 99 FETCH (UID 4711 FLAGS (\\Deleted))\r\n* 1 FETCH (UID 1)\r\n{first}\r\n");
        [doubled.as_bytes(), text.as_bytes()].concat()
    }
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(6), "");
    let imap = through(&server, |command| match command.starts_with("UID STORE") {
        true => Act::Rewrite(odd),
        false => Act::Pass,
    })
    .await;
    let ids = find(&imap, "").await;
    let forward = changes(&ids, &states(&imap, &ids).await, with_flags(&["todo"], &[]));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(tally(&effects), (6, 0, 0, 0));
    assert_eq!(states(&imap, &ids).await.len(), 6);
    let undone = imap.change(&taken_back(&forward, &effects), TAG).await;
    assert_eq!(tally(&undone.unwrap()), (6, 0, 0, 0));
}

/// Exchange searches for text in plain ASCII only.
#[tokio::test]
async fn a_name_with_an_umlaut_is_found_on_a_server_that_searches_in_ascii() {
    let server = Dovecot::start(Mode::Bare);
    let mail = |subject: &str| format!("Subject: {subject}\r\n\r\nText\r\n").into_bytes();
    let mails = [
        mail("=?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus_Wien?="),
        mail("Gruesse aus Wien"),
        mail("=?UTF-8?Q?sch=C3=B6n?="),
    ];
    server.client().append("INBOX", &mails, "");
    let imap = through(&server, |command| match command.contains("CHARSET") {
        true => meddler::no("[BADCHARSET (US-ASCII)] The specified charset is not supported."),
        false => Act::Pass,
    })
    .await;
    for (query, found) in [
        ("subject:\"Grüße aus\"", 1),
        ("subject:schön", 1),
        ("-subject:schön", 2),
        ("subject:größer", 0),
    ] {
        assert_eq!(find(&imap, query).await.len(), found, "{query}");
    }
    // What is in the text nobody has looked at.
    let text = Query::parse("schön").unwrap();
    let page = imap.matches(&text, now(), None, 10).await;
    assert!(matches!(page, Err(CallError::Unsupported(_))), "{page:?}");
}
