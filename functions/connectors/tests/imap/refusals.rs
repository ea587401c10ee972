//! Refusals: for now, for good, and in words that only people understand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::kinds::mail::{Change, Effect, Found};
use bulkhead_engine::ports::{Account, CallError, MailStore};
use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::operations::mail::archive::Archive;
use bulkhead_shared::operations::mail::label::Label;
use bulkhead_shared::operations::{Operation, OperationName};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

use crate::meddler::{self, Act, no, responses, through, try_through};
use crate::odd::Sink;
use crate::support::{
    TAG, at_port, change, changes, find, messages, moved_to, now, open, states, taken_back, tally,
    with_flags,
};

/// Refuses the commands that hold these words once they are armed: so many times, with this text.
fn refusing(
    words: &'static str,
    text: &'static str,
) -> (Arc<AtomicUsize>, impl FnMut(&str) -> Act + Send + 'static) {
    let armed = Arc::new(AtomicUsize::new(0));
    let left = Arc::clone(&armed);
    let meddle = move |sent: &str| {
        let refuses = sent.contains(words) && left.load(Ordering::SeqCst) > 0;
        if refuses {
            left.fetch_sub(1, Ordering::SeqCst);
            Act::Say(format!("$tag {text}\r\n"))
        } else {
            Act::Pass
        }
    };
    (armed, meddle)
}

#[tokio::test]
async fn x2_a_refusal_in_an_export_is_not_missing() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(10), "");
    let ids = find(&open(&server).await, "").await;
    let forbidden = Some(ItemReason::Forbidden);
    let refused = Some(ItemReason::Refused);
    // What is refused, how often, and whether the call fails or each mail is skipped.
    for (words, text, times, for_now, skipped) in [
        ("SELECT", "NO [INUSE] Mailbox is in use", 9, true, None),
        ("SELECT", "NO [NOPERM] Not for you", 9, false, forbidden),
        ("BODY.PEEK[HEADER", "NO [UNAVAILABLE] later", 9, true, None),
        ("BODY.PEEK[]", "NO [UNAVAILABLE] later", 1, false, None),
        ("BODY.PEEK[]", "NO [SERVERBUG] Oops", 1, false, None),
        ("BODY.PEEK[]", "NO [SERVERBUG] Oops", 99, true, None),
        ("BODY.PEEK[]", "NO Request is throttled.", 1, true, None),
        ("BODY.PEEK[]", "BAD Unknown", 99, false, refused),
        ("BODY.PEEK[]", "OK nothing comes", 1, false, None),
        ("BODY.PEEK[]", "OK nothing comes", 99, true, None),
    ] {
        let (armed, meddle) = refusing(words, text);
        let imap = try_through(&server, meddle).await.unwrap();
        armed.store(times, Ordering::SeqCst);
        let mut sink = Sink::default();
        let fetched = imap.fetch(&ids, &mut sink).await;
        let what = format!("{words} {text} {times}: {fetched:?} {:?}", sink.reasons);
        assert_eq!(fetched.is_err(), for_now, "{what}");
        assert!(
            matches!(
                fetched,
                Ok(()) | Err(CallError::Unavailable(_) | CallError::Throttled { .. })
            ),
            "{what}"
        );
        match skipped {
            Some(reason) => assert_eq!(sink.reasons, vec![reason; 10], "{what}"),
            None => assert!(sink.reasons.is_empty(), "{what}"),
        }
        if !for_now && skipped.is_none() {
            assert_eq!(sink.messages.len(), 10, "{what}");
        }
    }
}

#[tokio::test]
async fn x2_what_is_gone_is_told_gone_and_the_others_come() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(10), "");
    let imap = open(&server).await;
    let ids = find(&imap, "").await;
    other.select("INBOX");
    other.command("STORE 3:4 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    let mut sink = Sink::default();
    imap.fetch(&ids, &mut sink).await.unwrap();
    assert_eq!(sink.messages.len(), 8);
    assert_eq!(sink.skipped, [2, 3]);
    assert_eq!(sink.reasons, [ItemReason::Missing; 2]);
}

/// As the engine does: what is asked to wait is tried again after that time. The effects that were
/// not done otherwise.
async fn patiently(imap: &Imap, mut open: Vec<Change>) -> (Vec<Change>, Vec<Effect>) {
    let (mut done, mut effects) = (Vec::new(), Vec::new());
    for _ in 0..100 {
        if open.is_empty() {
            break;
        }
        let next: Vec<Change> = open.drain(..open.len().min(50)).collect();
        match imap.change(&next, TAG).await {
            Ok(told) => {
                done.extend(next);
                effects.extend(told);
            }
            Err(CallError::Throttled { until }) => {
                let wait = until.unwrap().duration_since(now());
                tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
                open.extend(next);
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(open.is_empty());
    (done, effects)
}

#[tokio::test]
async fn p5_throttling_in_words_costs_time_and_nothing_else() {
    const WORDS: &str = "Request is throttled. Suggested Backoff Time: 40 milliseconds";
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(200), "");
    for kind in ["NO", "BAD"] {
        let mut count = 0;
        let imap = try_through(&server, move |sent| {
            let counts = ["UID STORE", "UID MOVE", "UID COPY"]
                .iter()
                .any(|word| sent.contains(word));
            count += usize::from(counts);
            if counts && count % 3 == 0 {
                Act::Say(format!("$tag {kind} {WORDS}\r\n"))
            } else {
                Act::Pass
            }
        })
        .await
        .unwrap();
        let ids = find(&imap, "in:inbox").await;
        let label = changes(&ids, &states(&imap, &ids).await, with_flags(&[kind], &[]));
        let (_, effects) = patiently(&imap, label).await;
        assert_eq!(tally(&effects), (200, 0, 0, 0), "{kind}");
        let archive = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
        let (done, effects) = patiently(&imap, archive).await;
        assert_eq!(tally(&effects), (200, 0, 0, 0), "{kind}");
        let (_, undone) = patiently(&imap, taken_back(&done, &effects)).await;
        assert_eq!(tally(&undone), (200, 0, 0, 0), "{kind}");
        let left = other.contents("INBOX");
        assert!(
            left.iter()
                .all(|mail| !mail.flags.iter().any(|flag| flag.starts_with("$bh-")))
        );
    }
}

#[tokio::test]
async fn p5_a_line_that_is_cut_after_throttling_is_no_failure_of_what_was_not_done() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(100), "");
    let mut count = 0;
    let imap = try_through(&server, move |sent| {
        // Also when a folder is opened.
        count += usize::from(sent.contains("STORE"));
        if sent.contains("STORE") && count > 2 && count % 3 == 1 {
            Act::SayAndHangUp(
                "$tag BAD Request is throttled. Suggested Backoff Time: 40 milliseconds\r\n\
                 * BYE Connection closed. 14\r\n"
                    .to_owned(),
            )
        } else {
            Act::Pass
        }
    })
    .await
    .unwrap();
    let ids = find(&imap, "").await;
    let label = changes(&ids, &states(&imap, &ids).await, with_flags(&["a"], &[]));
    let (_, effects) = patiently(&imap, label).await;
    assert_eq!(tally(&effects), (100, 0, 0, 0));
}

#[tokio::test]
async fn p7_too_many_connections_is_no_wrong_password() {
    let server = Dovecot::start(Mode::Normal);
    let mut left = 2;
    let port = meddler::start(server.port, move |sent| {
        if sent.starts_with("AUTHENTICATE") && left > 0 {
            left -= 1;
            no("[ALERT] Too many simultaneous connections. (Failure)")
        } else {
            Act::Pass
        }
    })
    .await;
    let to = at_port(&server, port);
    for _ in 0..2 {
        let busy = Imap::open(&to, Reach::Anywhere).await.unwrap_err();
        assert!(
            matches!(busy, CallError::Throttled { until: Some(_) }),
            "{busy:?}"
        );
    }
    Imap::open(&to, Reach::Anywhere).await.unwrap();
}

#[tokio::test]
async fn x6_callers_share_the_one_session_that_the_server_allows() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(5), "");
    let mut first = true;
    // Our sessions end with the test, so the first may stay the only one.
    let imap = try_through(&server, move |sent| {
        if sent.starts_with("AUTHENTICATE") && !std::mem::take(&mut first) {
            no("[UNAVAILABLE] Maximum number of connections from user+IP exceeded")
        } else {
            Act::Pass
        }
    })
    .await
    .unwrap();
    let began = Instant::now();
    let ids = find(&imap, "").await;
    let calls = (0..6).map(|_| imap.states(&ids));
    for states in futures::future::join_all(calls).await {
        assert_eq!(states.unwrap().into_iter().flatten().count(), 5);
    }
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn p8_says_who_asks_and_an_inbox_that_cannot_be_opened_fails_the_test() {
    let server = Dovecot::start(Mode::Normal);
    let mut known = false;
    let imap = try_through(&server, move |sent| {
        known |= sent.starts_with("ID (\"name\" \"Bulkhead\" \"version\" \"");
        if sent.starts_with("SELECT") && !known {
            no("SELECT Unsafe Login. Please contact kefu@188.com for help")
        } else {
            Act::Pass
        }
    })
    .await
    .unwrap();
    imap.test().await.unwrap();
    let unsafe_login = try_through(&server, |sent| {
        if sent.starts_with("SELECT") {
            no("SELECT Unsafe Login. Please contact kefu@188.com for help")
        } else {
            Act::Pass
        }
    })
    .await
    .unwrap();
    assert!(unsafe_login.test().await.is_err());
}

fn without_new_keywords(answer: Vec<u8>) -> Vec<u8> {
    let all = responses(&answer).into_iter().map(|line| {
        let text = String::from_utf8_lossy(&line).replace(" \\*)]", ")]");
        text.into_bytes()
    });
    all.collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn k3_a_server_without_keywords_offers_no_labels_and_promises_less() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(3), "");
    let imap = try_through(&server, |sent| {
        if sent.starts_with("SELECT") {
            Act::Rewrite(without_new_keywords)
        } else if sent.contains("FLAGS") && sent.contains("STORE") && !sent.contains('\\') {
            Act::Say("$tag BAD Command Argument Error. 11\r\n".to_owned())
        } else {
            Act::Pass
        }
    })
    .await
    .unwrap();
    let abilities = imap.abilities();
    assert!(abilities.of(OperationName::Label).is_none());
    let archive = abilities.of(OperationName::Archive).unwrap();
    assert_eq!(archive.undo, Reversibility::BestEffort);
    assert!(archive.note.contains("may be missed"), "{}", archive.note);
    assert_eq!(
        abilities.of(OperationName::MarkRead).unwrap().undo,
        Reversibility::Exact
    );
    let label = Operation::from(Label {
        add: vec!["work".to_owned()],
        remove: Vec::new(),
    });
    assert!(imap.objection(&label).await.unwrap().is_some());
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = change(&imap, &forward).await;
    assert_eq!(tally(&effects), (3, 0, 0, 0));
    let undone = change(&imap, &taken_back(&forward, &effects)).await;
    assert_eq!(tally(&undone), (3, 0, 0, 0));
}

#[tokio::test]
async fn k3_a_label_that_the_server_does_not_take_is_told_before_the_draft() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(3), "");
    let before = other.contents("INBOX");
    let imap = try_through(&server, |sent| {
        let longest = sent.split([' ', '(', ')']).map(str::len).max();
        if sent.contains("STORE") && longest > Some(50) {
            no("[CANNOT] Keyword length too long")
        } else {
            Act::Pass
        }
    })
    .await
    .unwrap();
    let label = |name: &str| {
        Operation::from(Label {
            add: vec![name.to_owned()],
            remove: Vec::new(),
        })
    };
    let why = imap.objection(&label(&"x".repeat(60))).await.unwrap();
    assert!(why.unwrap().contains("Keyword length too long"));
    for fine in ["work", "[urgent"] {
        assert_eq!(imap.objection(&label(fine)).await.unwrap(), None);
    }
    assert!(imap.objection(&label("two words")).await.unwrap().is_some());
    assert_eq!(
        imap.objection(&Operation::from(Archive {})).await.unwrap(),
        None
    );
    assert_eq!(other.contents("INBOX"), before, "nothing was touched");
    assert!(imap.folders().await.unwrap().labels.is_empty());
}

/// Says NO to a STORE of flags after it told of the first two mails only.
#[tokio::test]
async fn what_was_told_before_a_refusal_is_done_and_the_rest_is_not() {
    fn cut(answer: Vec<u8>) -> Vec<u8> {
        let all = responses(&answer);
        let end = String::from_utf8(all.last().unwrap().clone()).unwrap();
        let tag = end.split(' ').next().unwrap();
        let is_told = |line: &&Vec<u8>| String::from_utf8_lossy(line).contains(" FETCH (");
        let told = all.iter().filter(is_told).take(2);
        let mut cut = told.flatten().copied().collect::<Vec<u8>>();
        cut.extend(format!("{tag} NO [NOPERM] Not these\r\n").into_bytes());
        cut
    }
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(4), "");
    let imap = through(&server, |sent| match sent.contains("+FLAGS") {
        true => Act::Rewrite(cut),
        false => Act::Pass,
    })
    .await;
    let ids = find(&imap, "").await;
    let label = changes(&ids, &states(&imap, &ids).await, with_flags(&["a"], &[]));
    let effects = imap.change(&label, TAG).await.unwrap();
    assert_eq!(tally(&effects), (2, 0, 0, 2), "{effects:?}");
    let refused = Effect::Refused(ItemReason::Forbidden);
    assert_eq!(effects[2..], [refused.clone(), refused]);
}

/// Flags are put on, and the server refuses to take others off: half of it is done.
#[tokio::test]
async fn half_done_is_not_told_as_refused() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(3), "old");
    let imap = through(&server, |sent| match sent.contains("-FLAGS (old)") {
        true => no("[LIMIT] Not today"),
        false => Act::Pass,
    })
    .await;
    let ids = find(&imap, "").await;
    let seen = states(&imap, &ids).await;
    let forward = changes(&ids, &seen, with_flags(&["new"], &["old"]));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(effects, [Effect::Unknown, Effect::Unknown, Effect::Unknown]);
    let found = open(&server).await.reconcile(&forward, TAG).await.unwrap();
    for found in found {
        let Found::NotDone { state, .. } = found else {
            panic!("{found:?}")
        };
        let flags: Vec<&str> = state.state.flags.iter().map(String::as_str).collect();
        assert_eq!(flags, ["new", "old"]);
    }
}

/// A move is refused, and so is taking the claims off again: what is left behind is for reconciling to find.
#[tokio::test]
async fn a_claim_that_could_not_be_taken_off_is_not_forgotten() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(3), "");
    let before = other.contents("INBOX");
    let imap = through(&server, |sent| {
        match sent.contains("UID MOVE") || sent.contains("-FLAGS ($bh-") {
            true => no("[LIMIT] Not today"),
            false => Act::Pass,
        }
    })
    .await;
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(effects, [Effect::Unknown, Effect::Unknown, Effect::Unknown]);
    let found = open(&server).await.reconcile(&forward, TAG).await.unwrap();
    let not_done = |found: &Found| matches!(found, Found::NotDone { .. });
    assert!(found.iter().all(not_done), "{found:?}");
    assert_eq!(other.contents("INBOX"), before, "no claim stays");
}
