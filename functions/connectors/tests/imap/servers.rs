//! Getting in, and servers that cannot do, or do not allow, what others can.

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::kinds::mail::Effect;
use bulkhead_engine::ports::{Account, CallError, MailStore};
use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Credentials, Role, Security};
use bulkhead_shared::operations::OperationName;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode, READ_ONLY_FOLDER};

use crate::support::{
    TAG, assert_same, change, changes, find, messages, moved_to, open, plain, states, taken_back,
    tally, with_flags,
};

#[tokio::test]
async fn signs_in_with_tls_and_starttls_and_checks_the_certificate() {
    let server = Dovecot::start(Mode::Normal);
    for (security, port) in [
        (Security::Tls, server.tls_port),
        (Security::StartTls, server.port),
    ] {
        let mut to = plain(&server);
        to.host = "localhost".to_owned();
        (to.security, to.port) = (security, port);
        let imap = Imap::open_trusting(&to, Reach::Anywhere, &[server.certificate()])
            .await
            .unwrap();
        assert!(imap.test().await.unwrap().starts_with("Signed in"));
        let distrusted = Imap::open(&to, Reach::Anywhere).await;
        assert!(matches!(distrusted, Err(CallError::Unavailable(_))));
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_told_nowhere() {
    let server = Dovecot::start(Mode::Normal);
    let mut to = plain(&server);
    to.credentials = Credentials::Password("guess \"1\\ü".to_owned());
    let error = Imap::open(&to, Reach::Anywhere).await.unwrap_err();
    assert!(matches!(error, CallError::SignIn), "{error:?}");
    assert!(!format!("{to:?} {error:?} {error}").contains("guess"));
    to.port = 1;
    let error = Imap::open(&to, Reach::Anywhere).await.unwrap_err();
    assert!(matches!(error, CallError::Unavailable(_)));
    assert!(!format!("{error:?} {error}").contains("guess"));
}

#[tokio::test]
async fn without_encryption_only_this_machine_is_reached() {
    let server = Dovecot::start(Mode::Normal);
    let mut to = plain(&server);
    to.host = "192.0.2.1".to_owned();
    let error = Imap::open(&to, Reach::Anywhere).await.unwrap_err();
    assert!(matches!(error, CallError::Unsupported(_)), "{error:?}");
}

#[tokio::test]
async fn an_old_server_does_the_same_by_copying() {
    let server = Dovecot::start(Mode::Old);
    let mut other = server.client();
    other.append("INBOX", &messages(1_500), "\\Seen work");
    // Somebody else's deleted mail has to survive our removals.
    other.append("INBOX", &messages(1), "\\Deleted");
    let before = other.contents("INBOX");
    let imap = open(&server).await;
    let archive = imap.abilities().of(OperationName::Archive).unwrap();
    assert_eq!(archive.undo, Reversibility::BestEffort);
    let ids = find(&imap, "label:work").await;
    let seen = states(&imap, &ids).await;
    other.command("STORE 5 +FLAGS (theirs)");
    let forward = changes(&ids, &seen, moved_to("Archive"));
    let effects = change(&imap, &forward).await;
    assert_eq!(tally(&effects), (1_499, 1, 0, 0));
    assert_eq!(other.contents("INBOX").len(), 2);
    assert_eq!(other.contents("Archive").len(), 1_499);
    let undone = change(&imap, &taken_back(&forward, &effects)).await;
    assert_eq!(tally(&undone), (1_499, 0, 0, 0));
    let after = other.contents("INBOX");
    assert_eq!(
        after.iter().filter(|mail| before.contains(mail)).count(),
        1_500
    );
}

#[tokio::test]
async fn a_server_without_uidplus_is_followed_by_recognising_mails() {
    let server = Dovecot::start(Mode::NoUidplus);
    let mut other = server.client();
    other.append("INBOX", &messages(1_200), "work");
    other.append("Archive", &messages(5), "");
    let before = other.contents("INBOX");
    let imap = open(&server).await;
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = change(&imap, &forward).await;
    assert_eq!(tally(&effects), (1_200, 0, 0, 0));
    let undone = change(&imap, &taken_back(&forward, &effects)).await;
    assert_eq!(tally(&undone), (1_200, 0, 0, 0));
    assert_same(&other.contents("INBOX"), &before, "undone");
    assert_eq!(other.contents("Archive").len(), 5);
}

#[tokio::test]
async fn a_server_that_cannot_move_safely_offers_no_move() {
    let server = Dovecot::start(Mode::Bare);
    server.client().append("INBOX", &messages(2), "");
    let imap = open(&server).await;
    for kind in [
        OperationName::Archive,
        OperationName::Trash,
        OperationName::Move,
    ] {
        assert!(imap.abilities().of(kind).is_none());
    }
    assert!(imap.abilities().of(OperationName::Label).is_some());
    let ids = find(&imap, "").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(effects, vec![Effect::Refused(ItemReason::Refused); 2]);
}

#[tokio::test]
async fn a_read_only_folder_is_told_apart_from_success() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.command(&format!("CREATE {READ_ONLY_FOLDER}"));
    other.append(READ_ONLY_FOLDER, &messages(3), "");
    let before = other.contents(READ_ONLY_FOLDER);
    let imap = open(&server).await;
    let ids = find(&imap, "in:frozen").await;
    assert_eq!(ids.len(), 3);
    let seen = states(&imap, &ids).await;
    let refused = vec![Effect::Refused(ItemReason::Forbidden); 3];
    let marks = changes(&ids, &seen, with_flags(&["\\Seen"], &[]));
    assert_eq!(imap.change(&marks, TAG).await.unwrap(), refused);
    let moves = changes(&ids, &seen, moved_to("Archive"));
    assert_eq!(imap.change(&moves, TAG).await.unwrap(), refused);
    assert_same(&other.contents(READ_ONLY_FOLDER), &before, "untouched");
}

#[tokio::test]
async fn a_missing_folder_is_named_as_the_reason() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(2), "work");
    let before = other.contents("INBOX");
    let imap = open(&server).await;
    let ids = find(&imap, "").await;
    let moves = changes(&ids, &states(&imap, &ids).await, moved_to("No/Such"));
    let effects = imap.change(&moves, TAG).await.unwrap();
    assert_eq!(effects, vec![Effect::Refused(ItemReason::NoSuchFolder); 2]);
    assert_same(&other.contents("INBOX"), &before, "no claim stays");
    for (asked, name) in [("Neu/Büro & Co", "Neu/Büro & Co"), ("Archive", "Archive")] {
        for _ in 0..2 {
            assert_eq!(imap.folder_made(asked).await.unwrap(), name);
        }
        let ids = find(&imap, "in:inbox").await;
        let moves = changes(&ids, &states(&imap, &ids).await, moved_to(name));
        let effects = imap.change(&moves, TAG).await.unwrap();
        assert_eq!(tally(&effects), (2, 0, 0, 0), "{asked}");
        imap.change(&taken_back(&moves, &effects), TAG)
            .await
            .unwrap();
        assert_eq!(find(&imap, "in:inbox").await.len(), 2);
    }
    // Drafts is not there yet: it is made, and found the next time.
    let drafts = imap.folder_for(Role::Drafts).await.unwrap();
    assert_eq!(imap.folder_for(Role::Drafts).await.unwrap(), drafts);
    let listed = imap.folders().await.unwrap();
    assert_eq!(listed.folders[0].role, Some(Role::Inbox));
    assert_eq!(listed.folders[0].total, Some(2));
    assert_eq!(listed.labels, ["work"]);
    assert!(
        listed
            .folders
            .iter()
            .any(|folder| folder.role == Some(Role::Drafts))
    );
}
