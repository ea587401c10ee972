//! A mail is followed by its own identity, and never taken for its twin.

use std::sync::Mutex;

use bulkhead_connectors::imap::Imap;
use bulkhead_engine::kinds::mail::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::MailStore;
use bulkhead_shared::ids::ItemId;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::imap_client::Client;

use crate::between::{Act, Between};
use crate::support::{
    TAG, assert_same, change, changes, find, messages, moved_to, open, states, taken_back, tally,
};

const RECEIVED: &str = "05-Jan-2026 10:00:00 +0000";

/// A mail without a Message-ID.
const TWIN: &[u8] = b"From: a@example.com\r\nSubject: twin\r\n\r\nThe same.\r\n";

fn keywords(client: &mut Client, folder: &str) -> Vec<String> {
    let seen = client.contents(folder).into_iter();
    seen.flat_map(|mail| mail.flags)
        .filter(|flag| flag.starts_with("$bh-"))
        .collect()
}

/// A server that has no name of its own for a message, and on which somebody else appends a twin to the
/// archive right before the mails arrive there.
async fn with_a_stranger(server: &Dovecot, flags: &'static str) -> Imap {
    let stranger = Mutex::new(server.client());
    Between::new()
        .on_command(move |command| {
            if command.starts_with("ID ") {
                return Act::Answer("* ID NIL\r\nOK done".to_owned());
            }
            if command.starts_with("UID MOVE") && command.contains("Archive") {
                let mut stranger = stranger.lock().unwrap();
                stranger.append_at("Archive", flags, RECEIVED, TWIN);
            }
            Act::Pass(command.to_owned())
        })
        .open(server)
        .await
}

#[tokio::test]
async fn a_stranger_s_twin_is_not_taken_for_ours() {
    for flags in ["", "\\Flagged"] {
        let server = Dovecot::start(Mode::NoUidplus);
        let mut other = server.client();
        for _ in 0..3 {
            other.append_at("INBOX", "", RECEIVED, TWIN);
        }
        let before = other.contents("INBOX");
        let imap = with_a_stranger(&server, flags).await;
        let ids = find(&imap, "in:inbox").await;
        let ids = &ids[..2];
        let forward = changes(ids, &states(&imap, ids).await, moved_to("Archive"));
        let effects = change(&imap, &forward).await;
        assert_eq!(tally(&effects), (2, 0, 0, 0), "{flags:?}");
        assert_eq!(other.contents("Archive").len(), 3);
        let undone = change(&imap, &taken_back(&forward, &effects)).await;
        assert_eq!(tally(&undone), (2, 0, 0, 0), "{flags:?}");
        assert_same(&other.contents("INBOX"), &before, "ours are back");
        let stayed = other.contents("Archive");
        assert_eq!(stayed.len(), 1, "the stranger's stays");
        assert_eq!(stayed[0].flags.join(" "), flags);
        assert_eq!(keywords(&mut other, "INBOX"), [""; 0]);
        assert_eq!(keywords(&mut other, "Archive"), [""; 0]);
    }
}

#[tokio::test]
async fn where_nobody_can_tell_it_is_uncertain() {
    let server = Dovecot::start(Mode::NoUidplus);
    let mut other = server.client();
    for _ in 0..2 {
        other.append_at("INBOX", "", RECEIVED, TWIN);
    }
    // This server keeps no keywords, so nothing tells ours from the stranger's.
    let stranger = Mutex::new(server.client());
    let imap = Between::new()
        .on_command(move |command| {
            if command.starts_with("ID ") {
                return Act::Answer("* ID NIL\r\nOK done".to_owned());
            }
            if command.starts_with("UID MOVE") {
                let mut stranger = stranger.lock().unwrap();
                stranger.append_at("Archive", "", RECEIVED, TWIN);
            }
            Act::Pass(command.to_owned())
        })
        .on_line(|_, line| match line.starts_with("* OK [PERMANENTFLAGS") {
            true => "* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted)] ok".to_owned(),
            false => line.to_owned(),
        })
        .open(&server)
        .await;
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(effects, [Effect::Unknown, Effect::Unknown]);
    let found = imap.reconcile(&forward, TAG).await.unwrap();
    assert_eq!(found, [Found::Unclear, Found::Unclear]);
}

/// Somebody moves these mails away and back: they have other UIDs then.
fn move_away_and_back(client: &mut Client, folder: &str, set: &str) {
    client.select(folder);
    client.command(&format!("MOVE {set} Work"));
    client.select("Work");
    client.command(&format!("MOVE 1:* \"{folder}\""));
}

async fn follows(imap: &Imap, server: &Dovecot) {
    let mut other = server.client();
    other.command("CREATE Work");
    other.append("INBOX", &messages(20), "work");
    other.append("Archive", &messages(50)[20..], "");
    let before = other.contents("INBOX");
    let ids = find(imap, "in:inbox").await;
    let forward = changes(&ids, &states(imap, &ids).await, moved_to("Archive"));
    let effects = change(imap, &forward).await;
    let back = taken_back(&forward, &effects);
    move_away_and_back(&mut other, "Archive", "33:40");

    let ids: Vec<ItemId> = back.iter().map(|change| change.id.clone()).collect();
    let now = imap.states(&ids).await.unwrap();
    let lost: Vec<ItemState> = back
        .iter()
        .zip(&now)
        .filter(|(_, state)| state.is_none())
        .map(|(change, _)| change.from.clone())
        .collect();
    assert_eq!(lost.len(), 8);
    let known: Vec<ItemId> = ids
        .iter()
        .zip(&now)
        .filter_map(|(id, state)| state.as_ref().map(|_| id.clone()))
        .collect();
    let followed = imap.follow(&lost, &known).await.unwrap();
    let mut followed = followed.into_iter().map(Option::unwrap);
    let undo: Vec<Change> = back
        .into_iter()
        .zip(now)
        .map(|(change, state)| {
            let (id, from) = match state {
                Some(state) => (change.id, state),
                None => followed.next().unwrap(),
            };
            assert_eq!(from.state, change.from.state);
            Change {
                id,
                from,
                to: change.to,
            }
        })
        .collect();
    assert_eq!(tally(&change(imap, &undo).await), (20, 0, 0, 0));
    assert_same(&other.contents("INBOX"), &before, "all are back");
    assert_eq!(other.contents("Archive").len(), 30);
}

#[tokio::test]
async fn a_mail_moved_away_and_back_is_followed_by_the_server_s_name_for_it() {
    let server = Dovecot::start(Mode::Normal);
    follows(&open(&server).await, &server).await;
}

#[tokio::test]
async fn a_mail_moved_away_and_back_is_followed_by_what_it_is() {
    let server = Dovecot::start(Mode::Old);
    let imap = Between::answering(&[("ID ", "* ID NIL\r\nOK done")])
        .open(&server)
        .await;
    follows(&imap, &server).await;
}

#[tokio::test]
async fn a_twin_is_never_followed() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.command("CREATE Work");
    for folder in ["INBOX", "Archive"] {
        other.append_at(folder, "", RECEIVED, TWIN);
    }
    let imap = Between::answering(&[("ID ", "* ID NIL\r\nOK done")])
        .open(&server)
        .await;
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = change(&imap, &forward).await;
    let back = taken_back(&forward, &effects);
    // Both are moved away and back: nobody can say which of them was ours.
    move_away_and_back(&mut other, "Archive", "1:2");
    let lost = vec![back[0].from.clone()];
    assert_eq!(imap.follow(&lost, &[]).await.unwrap(), [None]);
}

#[tokio::test]
async fn a_refused_claim_leaves_none_behind() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(5), "");
    // It marks two of five, tells nothing of it, and says no.
    let helper = Mutex::new(server.client());
    let imap = Between::new()
        .on_command(move |command| {
            if let Some((_, keyword)) = command.split_once("+FLAGS ($bh-") {
                let mut helper = helper.lock().unwrap();
                helper.select("INBOX");
                helper.command(&format!("STORE 1:2 +FLAGS ($bh-{keyword}"));
                return Act::Answer("NO [LIMIT] Too many keywords".to_owned());
            }
            Act::Pass(command.to_owned())
        })
        .open(&server)
        .await;
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Done { .. }))
    );
    assert_eq!(other.contents("INBOX").len(), 5);
    assert_eq!(keywords(&mut other, "INBOX"), [""; 0]);
}
