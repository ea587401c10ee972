//! Change numbers: what is asked with them, and what they tell of what somebody else did meanwhile.

use std::sync::{Arc, Mutex};

use bulkhead_connectors::imap::Imap;
use bulkhead_engine::kinds::mail::{ItemState, Place};
use bulkhead_engine::ports::MailStore;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

use crate::meddler::{Act, through};
use crate::support::{
    TAG, change, changes, find, messages, moved_to, open, states, taken_back, tally, with_flags,
};

/// What a server was asked.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    /// What it was asked since somebody wanted to know this last.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Connects through something that notes each command and makes this of it.
async fn noting(server: &Dovecot, act: impl Fn(&str) -> Act + Send + 'static) -> (Imap, Asked) {
    let asked = Asked::default();
    let notes = asked.clone();
    let imap = through(server, move |sent| {
        notes.0.lock().unwrap().push(sent.to_owned());
        act(sent)
    });
    (imap.await, asked)
}

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
    let (imap, asked) = noting(&server, |_| Act::Pass).await;
    let ids = find(&imap, "in:inbox").await;
    let mut seen = states(&imap, &ids).await;
    let label = changes(&ids, &seen, with_flags(&["a"], &[]));
    let effects = imap.change(&label, TAG).await.unwrap();
    assert_eq!(tally(&effects), (3, 0, 0, 0));
    let since = || {
        let mut asked = asked.take();
        asked.retain(|sent| sent.contains("(CHANGEDSINCE "));
        asked
    };
    assert_eq!(since().len(), 1);
    // One that changed while it was looked at has no version that any mail ever has.
    seen = states(&imap, &ids).await;
    seen[0].version = None;
    let label = changes(&ids, &seen, with_flags(&["b"], &[]));
    let effects = imap.change(&label, TAG).await.unwrap();
    assert_eq!(tally(&effects), (2, 1, 0, 0), "{effects:?}");
    assert_eq!(since(), [""; 0]);
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
        let (imap, asked) = noting(&server, move |sent| {
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
            asked.take();
            let effects = imap.change(&forward, TAG).await.unwrap();
            assert_eq!(tally(&effects), (3, 0, 0, 0));
            let asked = asked.take();
            let is_store = |sent: &&String| sent.starts_with("UID STORE");
            let mut after = asked.iter().rev().take_while(|sent| !is_store(sent));
            let looks = after.any(|sent| sent.starts_with("UID FETCH"));
            assert_eq!(looks, strips, "{asked:?}");
            let undone = imap.change(&taken_back(&forward, &effects), TAG).await;
            assert_eq!(tally(&undone.unwrap()), (3, 0, 0, 0));
        }
    }
}
