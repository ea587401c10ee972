//! Answers that are odd in themselves: too early, in no order, with a blank too many, megabytes long,
//! with brackets where nobody expects them.

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::kinds::mail::SEEN;
use bulkhead_engine::ports::{CallError, MailStore};
use bulkhead_shared::query::Query;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

use crate::meddler::{self, Act, responses, through};
use crate::odd::Sink;
use crate::support::{
    at_port, change, changes, find, messages, now, open, states, taken_back, tally, with_flags,
};

/// iCloud says nothing where a search found nothing, and something where it found something.
fn silent_about_nothing(answer: Vec<u8>) -> Vec<u8> {
    let says = |response: &Vec<u8>| response.trim_ascii() != b"* SEARCH";
    let all = responses(&answer).into_iter();
    all.filter(says).flatten().collect()
}

#[tokio::test]
async fn nothing_said_is_nothing_found_only_where_all_others_are() {
    let server = Dovecot::start(Mode::Bare);
    server.client().append("INBOX", &messages(12), "");
    for lies in [false, true] {
        let imap = through(&server, move |command| {
            let is_search = command.starts_with("UID SEARCH");
            match is_search {
                // A server that says nothing though there are some.
                true if lies && command.contains("SUBJECT") && !command.contains("NOT (") => {
                    Act::Say("$tag OK SEARCH completed\r\n".to_owned())
                }
                true => Act::Rewrite(silent_about_nothing),
                false => Act::Pass,
            }
        })
        .await;
        let search = async |text: &str| {
            let query = Query::parse(text).unwrap();
            let found = imap.matches(&query, now(), None, 100).await;
            found.map(|page| page.matches.len())
        };
        assert!(matches!(search("label:nobody").await, Ok(0)));
        match lies {
            false => {
                assert!(matches!(search("subject:nowhere").await, Ok(0)));
                assert!(matches!(search("subject:00007").await, Ok(1)));
                assert!(matches!(search("subject:grün before:1990").await, Ok(0)));
                let ids = find(&imap, "").await;
                let gone = ids[0].to_string().replacen(".1.", ".999.", 1);
                let states = imap.states(&[gone.parse().unwrap(), ids[1].clone()]).await;
                let states = states.unwrap();
                assert!(states[0].is_none() && states[1].is_some());
            }
            true => assert!(matches!(
                search("subject:00007").await,
                Err(CallError::Unavailable(_))
            )),
        }
    }
}

#[tokio::test]
async fn p1_an_answer_before_the_literal_was_sent_selects_nothing() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(3), "");
    for (command, answer) in [
        (
            "UID SEARCH",
            "* SEARCH 1 2 3\r\n$tag OK SEARCH completed\r\n",
        ),
        ("UID SORT", "* SORT 1 2 3\r\n$tag OK SORT completed\r\n"),
    ] {
        let imap = through(&server, move |sent| {
            if sent.starts_with(command) && sent.ends_with('}') {
                Act::Say(answer.to_owned())
            } else {
                Act::Pass
            }
        })
        .await;
        let query = Query::parse("subject:Grüße").unwrap();
        let selected = if command == "UID SEARCH" {
            imap.matches(&query, now(), None, 100).await.err()
        } else {
            imap.list(&query, now(), None, 100).await.err()
        };
        assert!(
            matches!(selected, Some(CallError::Unavailable(_))),
            "{selected:?}"
        );
        // Another session is not disturbed.
        assert_eq!(find(&imap, "").await.len(), 3);
    }
}

/// Descending, each twice, with one that nobody asked for.
fn disordered(answer: Vec<u8>) -> Vec<u8> {
    let mut all = responses(&answer);
    let end = all.pop().unwrap();
    all.reverse();
    let twice = all.clone();
    let unasked = b"* 99 FETCH (UID 999 FLAGS (\\Deleted) BODY[] {1}\r\nx)\r\n".to_vec();
    [all, vec![unasked], twice, vec![end]].concat().concat()
}

#[tokio::test]
async fn p3_fetch_answers_have_no_order() {
    let server = Dovecot::start(Mode::Normal);
    let mut mails = messages(20);
    server.client().append("INBOX", &mails, "work");
    let imap = through(&server, |sent| {
        if sent.starts_with("UID FETCH") {
            Act::Rewrite(disordered)
        } else {
            Act::Pass
        }
    })
    .await;
    let ids = find(&imap, "").await;
    assert_eq!(ids.len(), 20);
    let mut sink = Sink::default();
    imap.fetch(&ids, &mut sink).await.unwrap();
    assert!(sink.skipped.is_empty());
    let mut got: Vec<_> = sink.messages.into_iter().map(|(_, bytes)| bytes).collect();
    got.sort();
    mails.sort();
    assert!(got == mails, "each once, to the byte");
    let items = imap.items(&ids).await.unwrap();
    assert!(
        items
            .iter()
            .all(|item| item.as_ref().unwrap().labels == ["work"])
    );
    let forward = changes(&ids, &states(&imap, &ids).await, with_flags(&[SEEN], &[]));
    assert_eq!(tally(&change(&imap, &forward).await), (20, 0, 0, 0));
}

#[tokio::test]
async fn x3_a_blank_at_the_end_is_no_reason_to_find_nothing() {
    fn blank(answer: Vec<u8>) -> Vec<u8> {
        let mut all = responses(&answer);
        all[0] = [all[0].trim_ascii_end(), b" \r\n"].concat();
        all.concat()
    }
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(3), "");
    let imap = through(&server, |sent| {
        if sent.starts_with("UID SORT") {
            Act::Rewrite(blank)
        } else {
            Act::Pass
        }
    })
    .await;
    let page = imap.list(&Query::parse("").unwrap(), now(), None, 10).await;
    assert_eq!(page.unwrap().items.len(), 3);
}

#[tokio::test]
async fn x3_an_answer_that_cannot_be_read_or_does_not_come_is_an_error() {
    for answer in [
        "* SORT 1 2 three\r\n$tag OK done\r\n",
        "* SROT 1 2\r\n$tag OK\r\n",
        "$tag OK done\r\n",
    ] {
        let server = Dovecot::start(Mode::Normal);
        server.client().append("INBOX", &messages(3), "");
        let imap = through(&server, move |sent| {
            if sent.starts_with("UID SORT") {
                Act::Say(answer.to_owned())
            } else {
                Act::Pass
            }
        })
        .await;
        let page = imap.list(&Query::parse("").unwrap(), now(), None, 10).await;
        assert!(
            matches!(page, Err(CallError::Unavailable(_))),
            "{answer}: {page:?}"
        );
    }
}

#[tokio::test]
async fn p12_a_search_may_answer_in_megabytes() {
    let server = Dovecot::start(Mode::Bare);
    server.client().append("INBOX", &messages(3), "");
    let uids: Vec<String> = (1..=600_000).map(|uid: u32| uid.to_string()).collect();
    let answer = format!("* SEARCH {}\r\n$tag OK done\r\n", uids.join(" "));
    let port = meddler::start(server.port, move |sent| {
        if sent.starts_with("UID SEARCH ALL") {
            Act::Say(answer.clone())
        } else {
            Act::Pass
        }
    })
    .await;
    for _ in 0..5 {
        let imap = Imap::open(&at_port(&server, port), Reach::Anywhere)
            .await
            .unwrap();
        let query = Query::parse("in:inbox").unwrap();
        let page = imap.matches(&query, now(), None, 100).await.unwrap();
        assert!(page.next.is_some(), "there are 600,000");
        assert_eq!(
            page.matches.len(),
            3,
            "of the first 100, those that are there"
        );
    }
}

#[tokio::test]
async fn k1_a_bracket_in_a_keyword_is_a_letter() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(3), "\\Seen \\Flagged [urgent");
    let imap = open(&server).await;
    let ids = find(&imap, "").await;
    for item in imap.items(&ids).await.unwrap().into_iter().flatten() {
        assert_eq!(item.labels, ["[urgent"]);
        assert!(item.subject.starts_with("mail ") && item.from.contains("Ann"));
        assert!(item.size > 1_000 && item.date.as_second() > 1_700_000_000);
        assert!(item.starred && !item.unread);
    }
    assert_eq!(imap.folders().await.unwrap().labels, ["[urgent"]);
    let unread = changes(&ids, &states(&imap, &ids).await, with_flags(&[], &[SEEN]));
    assert_eq!(tally(&change(&imap, &unread).await), (3, 0, 0, 0));
    // The same as a label of our own.
    let before = other.contents("INBOX");
    let label = changes(
        &ids,
        &states(&imap, &ids).await,
        with_flags(&["[later"], &[]),
    );
    let effects = change(&imap, &label).await;
    assert_eq!(tally(&effects), (3, 0, 0, 0));
    let undone = change(&imap, &taken_back(&label, &effects)).await;
    assert_eq!(tally(&undone), (3, 0, 0, 0));
    assert_eq!(other.contents("INBOX"), before);
}
