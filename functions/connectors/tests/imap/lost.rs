//! Lost answers: the line is cut at every step of a move, and another process finds out what happened.

use std::sync::atomic::Ordering;

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::kinds::mail::{Change, Found};
use bulkhead_engine::ports::{CallError, MailStore};
use bulkhead_shared::kinds::mail::Item;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

use crate::meddler::{Act, through};
use crate::proxy::{self, Cut};
use crate::support::{
    TAG, assert_same, at_port, changes, find, messages, moved_to, open, states, taken_back, tally,
    with_flags,
};

/// Moves 300 mails with the line cut, lets a fresh connector reconcile, finishes what was not done, and
/// takes everything back.
async fn moves_survive(mode: Mode, cut: Cut) {
    let server = Dovecot::start(mode);
    let mut other = server.client();
    other.append("INBOX", &messages(300), "\\Flagged work");
    let before = other.contents("INBOX");
    let (port, switch) = proxy::start(server.port, cut).await;
    let imap = Imap::open(&at_port(&server, port), Reach::Anywhere)
        .await
        .unwrap();
    let ids = find(&imap, "in:inbox").await;
    let seen = states(&imap, &ids).await;
    let forward = changes(&ids, &seen, moved_to("Archive"));
    switch.store(1, Ordering::SeqCst);
    let lost = imap.change(&forward, TAG).await;
    assert!(
        matches!(lost, Err(CallError::Unavailable(_))),
        "{cut:?}: {lost:?}"
    );

    let fresh = open(&server).await;
    let found = fresh.reconcile(&forward, TAG).await.unwrap();
    let mut rest = Vec::new();
    let mut undo = Vec::new();
    for (found, change) in found.iter().zip(&forward) {
        match found {
            Found::Done { id, state } => undo.push(Change {
                id: id.clone(),
                from: state.clone(),
                to: change.from.state.clone(),
            }),
            Found::NotDone { id, state } => rest.push(Change {
                id: id.clone(),
                from: state.clone(),
                to: change.to.clone(),
            }),
            other => panic!("{cut:?}: {other:?}"),
        }
    }
    assert_eq!(switch.load(Ordering::SeqCst), 0, "{cut:?}: it was not cut");
    match cut {
        Cut::Before(&["UID STORE" | "MOVE" | "COPY"]) => assert_eq!(undo.len(), 0, "{cut:?}"),
        Cut::After(&["-FLAGS"]) => assert_eq!(rest.len(), 0, "{cut:?}"),
        _ => {}
    }
    let effects = fresh.change(&rest, TAG).await.unwrap();
    assert_eq!(tally(&effects), (rest.len(), 0, 0, 0), "{cut:?}");
    undo.extend(taken_back(&rest, &effects));
    let what = format!("{cut:?}: each once, without a claim");
    assert_same(&other.contents("INBOX"), &[], &what);
    assert_same(&other.contents("Archive"), &before, &what);
    let effects = fresh.change(&undo, TAG).await.unwrap();
    assert_eq!(tally(&effects), (300, 0, 0, 0), "{cut:?}");
    assert_same(&other.contents("INBOX"), &before, &what);
    assert_same(&other.contents("Archive"), &[], &what);
}

#[tokio::test]
async fn invariant_3_a_move_is_found_out_wherever_the_line_was_cut() {
    for cut in [
        Cut::Before(&["UID STORE"]),
        Cut::After(&["UID STORE"]),
        Cut::Before(&["MOVE"]),
        Cut::After(&["MOVE"]),
        Cut::Before(&["-FLAGS"]),
        Cut::After(&["-FLAGS"]),
    ] {
        moves_survive(Mode::Normal, cut).await;
    }
}

#[tokio::test]
async fn invariant_3_a_move_by_copying_is_found_out_wherever_the_line_was_cut() {
    for cut in [
        Cut::After(&["+FLAGS ($bh"]),
        Cut::Before(&["COPY"]),
        Cut::After(&["COPY"]),
        Cut::After(&["\\Deleted"]),
        Cut::Before(&["EXPUNGE"]),
        Cut::After(&["EXPUNGE"]),
        Cut::After(&["-FLAGS"]),
    ] {
        moves_survive(Mode::Old, cut).await;
    }
}

#[tokio::test]
async fn invariant_3_lost_flag_changes_are_found_out() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(50), "");
    for (cut, done) in [
        (Cut::Before(&["UID STORE"]), 0),
        (Cut::After(&["UID STORE"]), 50),
    ] {
        let (port, switch) = proxy::start(server.port, cut).await;
        let imap = Imap::open(&at_port(&server, port), Reach::Anywhere)
            .await
            .unwrap();
        let ids = find(&imap, "in:inbox").await;
        let seen = states(&imap, &ids).await;
        let forward = changes(&ids, &seen, with_flags(&["todo"], &[]));
        switch.store(1, Ordering::SeqCst);
        assert!(imap.change(&forward, TAG).await.is_err());
        let found = open(&server).await.reconcile(&forward, TAG).await.unwrap();
        let is_done = |found: &&Found| matches!(found, Found::Done { .. });
        assert_eq!(found.iter().filter(is_done).count(), done);
    }
}

#[tokio::test]
async fn what_somebody_else_took_away_is_missing() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(3), "");
    let imap = open(&server).await;
    let ids = find(&imap, "").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    other.select("INBOX");
    other.command("STORE 2 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    let found = imap.reconcile(&forward, TAG).await.unwrap();
    assert!(matches!(found[0], Found::NotDone { .. }));
    assert_eq!(found[1], Found::Missing);
}

#[tokio::test]
async fn what_is_only_read_is_read_again_when_a_kept_session_is_gone() {
    let server = Dovecot::start(Mode::Normal);
    for cut in [Cut::Before(&["LIST"]), Cut::After(&["LIST"])] {
        let (port, switch) = proxy::start(server.port, cut).await;
        let imap = Imap::open(&at_port(&server, port), Reach::Anywhere)
            .await
            .unwrap();
        // Nothing shows that the session is gone before the command is on its way.
        switch.store(1, Ordering::SeqCst);
        imap.folders().await.unwrap();
        assert_eq!(switch.load(Ordering::SeqCst), 0, "{cut:?}: it was cut");
    }
}

#[tokio::test]
async fn a_session_that_the_server_dropped_is_replaced() {
    let server = Dovecot::start(Mode::Normal);
    let imap = open(&server).await;
    imap.folders().await.unwrap();
    // Every session of the user is thrown out, as at a restart.
    server.kick();
    imap.folders().await.unwrap();
}

/// The server goes on with what was sent before the line broke: one mail more at each look, for a second.
#[tokio::test]
async fn what_the_server_is_still_at_is_waited_for() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(5), "");
    let imap = open(&server).await;
    let ids = find(&imap, "in:inbox").await;
    let seen = states(&imap, &ids).await;
    let forward = changes(&ids, &seen, with_flags(&["todo"], &[]));
    other.select("INBOX");
    let mut mails = 1..=5;
    let fresh = through(&server, move |sent| {
        let is_look = sent.starts_with("UID SEARCH");
        if let Some(mail) = is_look.then(|| mails.next()).flatten() {
            other.command(&format!("STORE {mail} +FLAGS (todo)"));
        }
        Act::Pass
    })
    .await;
    let found = fresh.reconcile(&forward, TAG).await.unwrap();
    let is_done = |found: &Found| matches!(found, Found::Done { .. });
    assert!(found.iter().all(is_done), "{found:?}");
}

/// Where a move copies it marks originals as deleted. A mark that somebody else put there is theirs, also on a mail that
/// our move had begun with.
#[tokio::test]
async fn a_mark_of_deletion_that_is_not_ours_stays() {
    const MARK: &str = "\\Deleted";
    for (mode, cut, before) in [
        (Mode::Normal, Cut::Before(&["MOVE"]), false),
        (Mode::Old, Cut::Before(&["UID STORE"]), false),
        (Mode::Old, Cut::After(&["+FLAGS ($bh"]), true),
    ] {
        let server = Dovecot::start(mode);
        let mut other = server.client();
        let flags = if before { MARK } else { "" };
        other.append("INBOX", &messages(2), flags);
        let (port, switch) = proxy::start(server.port, cut).await;
        let imap = Imap::open(&at_port(&server, port), Reach::Anywhere)
            .await
            .unwrap();
        let ids = find(&imap, "in:inbox").await;
        let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
        switch.store(1, Ordering::SeqCst);
        assert!(imap.change(&forward, TAG).await.is_err(), "{cut:?}");
        other.select("INBOX");
        other.command(&format!("STORE 1:2 +FLAGS ({MARK})"));
        let found = open(&server).await.reconcile(&forward, TAG).await.unwrap();
        let not_done = |found: &Found| matches!(found, Found::NotDone { .. });
        assert!(found.iter().all(not_done), "{cut:?}: {found:?}");
        let left = other.contents("INBOX");
        assert_eq!(left.len(), 2, "{cut:?}");
        for mail in left {
            assert_eq!(mail.flags, [MARK], "{cut:?}");
        }
    }
}

/// A copy with our claim that nobody misses goes only if it is the same to the byte: it is a mail.
#[tokio::test]
async fn a_claimed_copy_too_many_goes_only_where_it_is_the_same() {
    const RECEIVED: &str = "05-Jan-2026 10:00:00 +0000";
    const ONE: &[u8] = b"From: a@example.com\r\nSubject: one\r\n\r\nThe same.\r\n";
    const ALIKE: &[u8] = b"From: a@example.com\r\nSubject: one\r\n\r\nThe sane.\r\n";
    const TWO: &[u8] = b"From: a@example.com\r\nSubject: two\r\n\r\nThe same.\r\n";
    // A server that copies, and has no name of its own for a message.
    fn nameless(sent: &str) -> Act {
        match sent.starts_with("ID ") {
            true => Act::Say("* ID NIL\r\n$tag OK done\r\n".to_owned()),
            false => Act::Pass,
        }
    }
    for is_same in [true, false] {
        let server = Dovecot::start(Mode::Old);
        let mut other = server.client();
        other.append_at("INBOX", "", RECEIVED, ONE);
        other.append_at("INBOX", "", RECEIVED, TWO);
        let imap = through(&server, |sent| match sent.starts_with("UID EXPUNGE") {
            true => Act::Lose,
            false => nameless(sent),
        })
        .await;
        let ids = find(&imap, "in:inbox").await;
        let items = imap.items(&ids).await.unwrap();
        let is_one = |item: &Option<Item>| item.as_ref().is_some_and(|it| it.subject == "one");
        let one = items.iter().position(is_one).unwrap();
        let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
        assert!(imap.change(&forward, TAG).await.is_err());
        let claim = other.contents("Archive")[0].flags[0].clone();
        assert!(claim.starts_with("$bh-"), "{claim}");
        match is_same {
            true => drop(other.command("COPY 1:2 Archive")),
            false => other.append_at("Archive", &claim, RECEIVED, ALIKE),
        }
        let fresh = through(&server, nameless).await;
        let found = fresh.reconcile(&forward, TAG).await.unwrap();
        let is_done = |found: &Found| matches!(found, Found::Done { .. });
        let left = other.contents("Archive");
        if is_same {
            assert!(found.iter().all(is_done), "{found:?}");
            assert_eq!(left.len(), 2);
        } else {
            assert_eq!(left.len(), 3, "a stranger's mail stays");
            assert_eq!(found[one], Found::Unclear);
            assert!(is_done(&found[1 - one]), "{found:?}");
        }
        assert_eq!(other.contents("INBOX"), []);
    }
}
