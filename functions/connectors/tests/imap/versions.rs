//! Change numbers: what is asked with them, and what they tell of what somebody else did meanwhile.

use std::sync::{Arc, Mutex};

use bulkhead_engine::kinds::mail::{ItemState, Place};
use bulkhead_engine::ports::MailStore;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

use crate::meddler::{Act, through};
use crate::support::{
    TAG, change, changes, find, messages, moved_to, open, states, taken_back, tally, with_flags,
};

/// A job looks at its mails one after the other, so the states of one call are from several times. What changed after it
/// was looked at is left alone, also if that was before another of them was looked at.
#[tokio::test]
async fn each_mail_is_compared_with_what_was_seen_of_it() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(3), "");
    let imap = open(&server).await;
    let ids = find(&imap, "in:inbox").await;
    let early = states(&imap, &ids).await;
    other.select("INBOX");
    other.command("STORE 1 +FLAGS (\\Flagged)");
    other.command("STORE 2 +FLAGS (theirs)");
    let late = states(&imap, &ids).await;
    // The first as it was, the second as it is.
    let seen: Vec<ItemState> = vec![early[0].clone(), late[1].clone(), early[2].clone()];
    let forward = changes(&ids, &seen, moved_to("Archive"));
    let effects = change(&imap, &forward).await;
    assert_eq!(tally(&effects), (2, 1, 0, 0), "{effects:?}");
    let left = other.contents("INBOX");
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].flags, ["\\Flagged"]);
}

/// The server is asked only for what changed since, and never since a change number that there is not (RFC 7162, section
/// 7: it is larger than zero).
#[tokio::test]
async fn only_what_changed_since_is_asked_for() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(3), "");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    let imap = through(&server, move |sent| {
        notes.lock().unwrap().push(sent.to_owned());
        Act::Pass
    })
    .await;
    let ids = find(&imap, "in:inbox").await;
    let mut seen = states(&imap, &ids).await;
    let label = changes(&ids, &seen, with_flags(&["a"], &[]));
    let effects = imap.change(&label, TAG).await.unwrap();
    assert_eq!(tally(&effects), (3, 0, 0, 0));
    let since = |asked: &Vec<String>| {
        let words = asked
            .iter()
            .filter_map(|sent| sent.split_once("(CHANGEDSINCE "));
        words.map(|(_, rest)| rest.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(since(&asked.lock().unwrap()).len(), 1);
    asked.lock().unwrap().clear();
    // One that changed while it was looked at has no version that any mail ever has.
    seen = states(&imap, &ids).await;
    seen[0].version = None;
    let label = changes(&ids, &seen, with_flags(&["b"], &[]));
    let effects = imap.change(&label, TAG).await.unwrap();
    assert_eq!(tally(&effects), (2, 1, 0, 0), "{effects:?}");
    assert_eq!(since(&asked.lock().unwrap()), [""; 0]);
}

/// Servers may tell of a STORE without its change number (RFC 7162, section 3.1.3, wants it told). It is asked for then,
/// for an undo needs it; where it was told nothing is asked twice.
#[tokio::test]
async fn a_change_number_is_asked_for_where_it_was_not_told() {
    fn stripped(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let mut parts = text.split(" MODSEQ (");
        let mut bare = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            bare += part.split_once(')').unwrap().1;
        }
        bare.into_bytes()
    }
    for strips in [false, true] {
        let server = Dovecot::start(Mode::Normal);
        let mut other = server.client();
        other.append("INBOX", &messages(3), "");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&asked);
        let imap = through(&server, move |sent| {
            notes.lock().unwrap().push(sent.to_owned());
            match strips && sent.starts_with("UID STORE") {
                true => Act::Rewrite(stripped),
                false => Act::Pass,
            }
        })
        .await;
        let ids = find(&imap, "in:inbox").await;
        for to in [moved_to("INBOX"), moved_to("Archive")] {
            let label = |place: &Place| with_flags(&["a"], &[])(&to(place));
            let forward = changes(&ids, &states(&imap, &ids).await, label);
            asked.lock().unwrap().clear();
            let effects = imap.change(&forward, TAG).await.unwrap();
            assert_eq!(tally(&effects), (3, 0, 0, 0));
            let after = asked
                .lock()
                .unwrap()
                .iter()
                .rev()
                .cloned()
                .collect::<Vec<_>>();
            let mut after = after
                .iter()
                .take_while(|sent| !sent.starts_with("UID STORE"));
            let looks = after.any(|sent| sent.starts_with("UID FETCH"));
            assert_eq!(looks, strips, "{:?}", asked.lock().unwrap());
            let undone = imap.change(&taken_back(&forward, &effects), TAG).await;
            assert_eq!(tally(&undone.unwrap()), (3, 0, 0, 0));
        }
    }
}
