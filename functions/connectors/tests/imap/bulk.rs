//! Thousands of mails moved and flagged while somebody else works in the same mailbox.

use std::time::Instant;

use bulkhead_engine::kinds::mail::Effect;
use bulkhead_engine::ports::MailStore;
use bulkhead_shared::api::Role;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

use crate::support::{
    change, changes, find, messages, moved_to, open, states, taken_back, tally, with_flags,
};

#[tokio::test]
async fn five_thousand_are_archived_and_undone_and_others_changes_stay() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(5_000), "\\Flagged work");
    let before = other.contents("INBOX");
    let imap = open(&server).await;
    let archive = imap.folder_for(Role::Archive).await.unwrap();
    assert_eq!(archive, "Archive");

    let ids = find(&imap, "in:inbox").await;
    assert_eq!(ids.len(), 5_000);
    let seen = states(&imap, &ids).await;
    // Between our look and our move: 3 flagged, 1 flagged and back, 2 expunged, 1 moved away.
    other.select("INBOX");
    other.command("STORE 10:12 +FLAGS (\\Answered)");
    other.command("STORE 20 +FLAGS (mine)");
    other.command("STORE 20 -FLAGS (mine)");
    other.command("STORE 2001:2002 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    other.command("MOVE 4000 Sent");

    let started = Instant::now();
    let forward = changes(&ids, &seen, moved_to("Archive"));
    let effects = change(&imap, &forward).await;
    println!("5,000 moves took {:?}", started.elapsed());
    assert_eq!(tally(&effects), (4_993, 4, 3, 0));
    assert_eq!(other.contents("INBOX").len(), 4);
    let archived = other.contents("Archive");
    assert_eq!(archived.len(), 4_993);
    assert!(
        archived
            .iter()
            .all(|mail| mail.flags == ["\\Flagged", "work"])
    );

    // Before the undo: one more flagged, one expunged.
    other.command("STORE 100 +FLAGS (\\Seen)");
    other.command("STORE 200 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    let back = taken_back(&forward, &effects);
    let started = Instant::now();
    let undone = change(&imap, &back).await;
    println!("taking them back took {:?}", started.elapsed());
    assert_eq!(tally(&undone), (4_991, 1, 1, 0));
    let after = other.contents("INBOX");
    assert_eq!(after.len(), 4_995);
    assert_eq!(other.contents("Archive").len(), 1);
    let changed: Vec<_> = after.iter().filter(|mail| !before.contains(mail)).collect();
    assert_eq!(changed.len(), 3, "only what somebody else changed differs");

    // An undo can be undone.
    let again = change(&imap, &taken_back(&back, &undone)).await;
    assert_eq!(tally(&again), (4_991, 0, 0, 0));
    assert_eq!(other.contents("Archive").len(), 4_992);
}

#[tokio::test]
async fn labels_and_marks_touch_only_their_own_flags() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(3_000), "\\Answered theirs");
    let before = other.contents("INBOX");
    let imap = open(&server).await;
    let ids = find(&imap, "is:unread").await;
    let seen = states(&imap, &ids).await;
    other.command("STORE 1:7 +FLAGS (later)");

    let forward = changes(&ids, &seen, with_flags(&["todo", "\\Seen"], &["theirs"]));
    let started = Instant::now();
    let effects = change(&imap, &forward).await;
    println!("3,000 labels and marks took {:?}", started.elapsed());
    assert_eq!(tally(&effects), (2_993, 7, 0, 0));
    for (effect, change) in effects.iter().zip(&forward) {
        if let Effect::Done { id, state } = effect {
            assert_eq!((id, &state.state), (&change.id, &change.to));
            assert!(state.version > change.from.version);
        }
    }
    let marked = other.contents("INBOX");
    let ours = marked
        .iter()
        .filter(|mail| mail.flags == ["\\Answered", "\\Seen", "todo"]);
    assert_eq!(ours.count(), 2_993);

    // Somebody adds a label of theirs to some: those are left alone, with our label and theirs.
    other.command("STORE 50:59 +FLAGS (urgent)");
    let undone = change(&imap, &taken_back(&forward, &effects)).await;
    assert_eq!(tally(&undone), (2_983, 10, 0, 0));
    let after = other.contents("INBOX");
    assert_eq!(
        after.iter().filter(|mail| before.contains(mail)).count(),
        2_983
    );
    let urgent = after
        .iter()
        .filter(|mail| mail.flags.contains(&"urgent".to_owned()));
    assert!(
        urgent
            .clone()
            .all(|mail| mail.flags.contains(&"todo".to_owned()))
    );
    assert_eq!(urgent.count(), 10);
}

#[tokio::test]
async fn flags_and_folder_change_together() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(20), "old");
    let imap = open(&server).await;
    let ids = find(&imap, "").await;
    let seen = states(&imap, &ids).await;
    let flag = with_flags(&["new", "\\Seen"], &["old"]);
    let forward = changes(&ids, &seen, |place| moved_to("Archive")(&flag(place)));
    let effects = change(&imap, &forward).await;
    assert_eq!(tally(&effects), (20, 0, 0, 0));
    assert!(
        other
            .contents("Archive")
            .iter()
            .all(|mail| mail.flags == ["\\Seen", "new"])
    );
    // The states that were told are those that are there.
    let told: Vec<_> = taken_back(&forward, &effects);
    let ids: Vec<_> = told.iter().map(|change| change.id.clone()).collect();
    let is: Vec<_> = told.iter().map(|change| change.from.clone()).collect();
    assert_eq!(states(&imap, &ids).await, is);
    assert_eq!(tally(&change(&imap, &told).await), (20, 0, 0, 0));
    assert!(
        other
            .contents("INBOX")
            .iter()
            .all(|mail| mail.flags == ["old"])
    );
}

/// Ours against the bare commands, on the same server and mails; printed, not judged: machines differ.
#[tokio::test]
async fn five_thousand_moves_beside_the_bare_commands() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(5_000), "");
    let imap = open(&server).await;
    for round in 0..3 {
        let ids = find(&imap, "in:inbox").await;
        let seen = states(&imap, &ids).await;
        let forward = changes(&ids, &seen, moved_to("Archive"));
        let started = Instant::now();
        assert_eq!(tally(&change(&imap, &forward).await), (5_000, 0, 0, 0));
        let ours = started.elapsed();
        other.select("Archive");
        let started = Instant::now();
        for _ in 0..5 {
            other.command("MOVE 1:1000 INBOX");
        }
        println!("round {round}: ours {ours:?}, bare {:?}", started.elapsed());
    }
}

#[tokio::test]
async fn the_headers_of_ten_thousand_are_read() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(10_000), "\\Seen");
    other.command("SELECT INBOX");
    other.command("STORE 1:1000 -FLAGS (\\Seen)");
    let imap = open(&server).await;
    let started = Instant::now();
    let folders = imap.header_folders().await.unwrap();
    let inbox = folders
        .iter()
        .find(|folder| folder.name == "INBOX")
        .unwrap();
    assert_eq!(inbox.mails, Some(10_000));
    assert!(inbox.mark.is_some());
    let (mut cursor, mut unread, mut read) = (None::<String>, 0, 0);
    loop {
        let page = imap
            .headers("INBOX", cursor.as_deref(), 2_000)
            .await
            .unwrap();
        read += page.headers.len();
        unread += page.headers.iter().filter(|header| header.unread).count();
        assert!(
            page.headers
                .iter()
                .all(|header| header.address.contains('@'))
        );
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    println!("10,000 headers took {:?}", started.elapsed());
    assert_eq!((read, unread), (10_000, 1_000));
}
