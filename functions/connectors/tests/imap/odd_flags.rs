//! What servers do to flags: other cases, flags that are told and not kept, folders that let nothing be changed.
//! What is told of a change is so, and what was changed comes back.

use bulkhead_engine::kinds::mail::{Effect, Place};
use bulkhead_engine::ports::MailStore;
use bulkhead_shared::query::Query;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode, READ_ONLY_FOLDER};

use crate::meddler::{Act, through};
use crate::support::{
    TAG, changes, find, messages, moved_to, now, open, states, taken_back, tally, with_flags,
};

/// Each list of flags in an answer, made into another.
fn lists(answer: Vec<u8>, of: impl Fn(&str) -> String) -> Vec<u8> {
    let text = String::from_utf8(answer).unwrap();
    let mut parts = text.split("FLAGS (");
    let mut other = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (list, rest) = part.split_once(')').unwrap();
        other += &format!("FLAGS ({}){rest}", of(list));
    }
    other.into_bytes()
}

/// System flags in capitals and twice, with `\Recent` and one that nobody knows (Domino, hMailServer).
#[tokio::test]
async fn flags_in_another_case_are_the_same_flags() {
    fn loud(answer: Vec<u8>) -> Vec<u8> {
        lists(answer, |list| {
            let upper: Vec<String> = list
                .split(' ')
                .map(|flag| match flag.starts_with('\\') {
                    true => format!("{} {}", flag.to_uppercase(), flag.to_lowercase()),
                    false => flag.to_owned(),
                })
                .collect();
            format!("\\Recent {} \\X-Odd", upper.join(" "))
        })
    }
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(4), "\\Seen \\Flagged Work");
    other.append("INBOX", &messages(2), "");
    let before = other.contents("INBOX");
    let imap = through(&server, |command| match command.starts_with("UID ") {
        true => Act::Rewrite(loud),
        false => Act::Pass,
    })
    .await;
    let query = Query::parse("in:inbox").unwrap();
    let listed = imap.list(&query, now(), None, 10).await.unwrap();
    let unread = listed.items.iter().filter(|item| item.unread).count();
    let starred = listed.items.iter().filter(|item| item.starred).count();
    assert_eq!((listed.items.len(), unread, starred), (6, 2, 4));
    for item in &listed.items {
        let shown = |label: &String| !label.starts_with('\\');
        assert!(item.labels.iter().all(shown), "{:?}", item.labels);
    }
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(
        &ids,
        &states(&imap, &ids).await,
        with_flags(&["\\Seen"], &[]),
    );
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(tally(&effects), (6, 0, 0, 0));
    assert!(
        other
            .contents("INBOX")
            .iter()
            .all(|mail| mail.flags.iter().any(|flag| flag == "\\Seen"))
    );
    let undone = imap.change(&taken_back(&forward, &effects), TAG).await;
    assert_eq!(tally(&undone.unwrap()), (6, 0, 0, 0));
    assert_eq!(other.contents("INBOX"), before);
}

/// Exchange and Courier tell keywords in small letters, whatever was set.
#[tokio::test]
async fn a_label_that_comes_back_in_small_letters_is_the_label() {
    fn small(answer: Vec<u8>) -> Vec<u8> {
        lists(answer, |list| {
            let small = |flag: &str| match flag.starts_with('\\') {
                true => flag.to_owned(),
                false => flag.to_lowercase(),
            };
            list.split(' ').map(small).collect::<Vec<_>>().join(" ")
        })
    }
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(4), "");
    let before = other.contents("INBOX");
    let imap = through(&server, |command| match command.starts_with("UID ") {
        true => Act::Rewrite(small),
        false => Act::Pass,
    })
    .await;
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, with_flags(&["ToDo"], &[]));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(tally(&effects), (4, 0, 0, 0), "{effects:?}");
    let undone = imap.change(&taken_back(&forward, &effects), TAG).await;
    assert_eq!(tally(&undone.unwrap()), (4, 0, 0, 0));
    assert_eq!(other.contents("INBOX"), before, "no label stays");
}

/// OK, and nothing was kept: Exchange with keywords, a mailbox with 26 of them, Gmail with some.
#[tokio::test]
async fn an_ok_to_a_label_that_was_not_kept_is_not_done() {
    for answer in [
        "$tag OK STORE completed.\r\n",
        "* 1 FETCH (UID 1 FLAGS ())\r\n$tag OK done\r\n",
    ] {
        let server = Dovecot::start(Mode::Normal);
        let mut other = server.client();
        other.append("INBOX", &messages(3), "");
        let before = other.contents("INBOX");
        let imap = through(&server, move |command| {
            match command.starts_with("UID STORE") && command.contains("todo") {
                true => Act::Say(answer.to_owned()),
                false => Act::Pass,
            }
        })
        .await;
        let ids = find(&imap, "in:inbox").await;
        let forward = changes(&ids, &states(&imap, &ids).await, with_flags(&["todo"], &[]));
        let effects = imap.change(&forward, TAG).await.unwrap();
        let done = |effect: &Effect| matches!(effect, Effect::Done { .. });
        assert!(!effects.iter().any(done), "{answer}: {effects:?}");
        assert_eq!(other.contents("INBOX"), before);
    }
}

/// A server that leaves alone what changed since, as it was asked to, and says nothing of it (wildduck #770).
#[tokio::test]
async fn what_was_left_alone_without_a_word_is_told_as_changed_and_not_moved() {
    fn silent(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let Some((before, rest)) = text.split_once("[MODIFIED ") else {
            return text.into_bytes();
        };
        let (_, after) = rest.split_once("] ").unwrap();
        format!("{before}{after}").into_bytes()
    }
    for (to, add, remove) in [
        ("INBOX", "new", ""),
        ("INBOX", "", "old"),
        ("Archive", "", ""),
    ] {
        let server = Dovecot::start(Mode::Normal);
        let mut other = server.client();
        other.append("INBOX", &messages(3), "old");
        let mut helper = server.client();
        helper.select("INBOX");
        let mut late = true;
        // Right before the first write somebody stars the second mail.
        let imap = through(&server, move |sent| {
            if sent.contains("UNCHANGEDSINCE") && std::mem::take(&mut late) {
                helper.command("STORE 2 +FLAGS (\\Flagged)");
            }
            Act::Rewrite(silent)
        })
        .await;
        let ids = find(&imap, "in:inbox").await;
        let seen = states(&imap, &ids).await;
        let wanted = |flag: &'static str| Some(flag).filter(|flag| !flag.is_empty());
        let (add, remove) = (Vec::from_iter(wanted(add)), Vec::from_iter(wanted(remove)));
        let both = |place: &Place| with_flags(&add, &remove)(&moved_to(to)(place));
        let forward = changes(&ids, &seen, both);
        let effects = imap.change(&forward, TAG).await.unwrap();
        let what = format!("{to} +{add:?} -{remove:?}");
        assert_eq!(tally(&effects), (2, 1, 0, 0), "{what}: {effects:?}");
        let left = other.contents("INBOX").into_iter();
        let starred = left.filter(|mail| mail.flags.iter().any(|flag| flag == "\\Flagged"));
        let starred: Vec<Vec<String>> = starred.map(|mail| mail.flags).collect();
        assert_eq!(starred, [["\\Flagged", "old"]], "{what}");
    }
}

/// OK to the claim, and it was not kept: the mails are moved all the same, or stay and are told so.
#[tokio::test]
async fn a_claim_that_was_not_kept_loses_no_mail() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(5), "");
    let before = other.contents("INBOX");
    let imap = through(&server, |command| {
        match command.starts_with("UID STORE") && command.contains("$bh-") {
            true => Act::Say("$tag OK STORE completed.\r\n".to_owned()),
            false => Act::Pass,
        }
    })
    .await;
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = imap.change(&forward, TAG).await.unwrap();
    let (done, _, missing, _) = tally(&effects);
    assert_eq!(missing, 0, "{effects:?}");
    let archived = other.contents("Archive");
    assert_eq!(archived.len() + other.contents("INBOX").len(), 5);
    assert!(done <= archived.len(), "{effects:?}");
    let undone = imap
        .change(&taken_back(&forward, &effects), TAG)
        .await
        .unwrap();
    assert_eq!(tally(&undone).2, 0);
    let all = [other.contents("INBOX"), other.contents("Archive")].concat();
    assert!(before.iter().all(|mail| all.contains(mail)), "{all:?}");
}

/// Folders in which nothing may be changed: by their rights, by `[READ-ONLY]`, by no flags that stay.
#[tokio::test]
async fn where_nothing_may_be_changed_it_is_told_and_nothing_is() {
    fn read_only(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        text.replace("[READ-WRITE]", "[READ-ONLY]").into_bytes()
    }
    fn none_stay(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let lines = text
            .split("\r\n")
            .map(|line| match line.split_once("[PERMANENTFLAGS (") {
                Some((before, _)) => format!("{before}[PERMANENTFLAGS ()] none"),
                None => line.to_owned(),
            });
        lines.collect::<Vec<_>>().join("\r\n").into_bytes()
    }
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.command(&format!("CREATE {READ_ONLY_FOLDER}"));
    for folder in ["INBOX", READ_ONLY_FOLDER] {
        other.append(folder, &messages(3), "");
    }
    let before = [other.contents("INBOX"), other.contents(READ_ONLY_FOLDER)];
    let imap = |becomes: fn(Vec<u8>) -> Vec<u8>| {
        through(&server, move |command| {
            match command.starts_with("SELECT") {
                true => Act::Rewrite(becomes),
                false => Act::Pass,
            }
        })
    };
    for (imap, query) in [
        (open(&server).await, "in:Frozen"),
        (imap(read_only).await, "in:inbox"),
        (imap(none_stay).await, "in:inbox"),
    ] {
        let ids = find(&imap, query).await;
        assert_eq!(ids.len(), 3);
        let seen = states(&imap, &ids).await;
        let label = changes(&ids, &seen, with_flags(&["todo"], &[]));
        let read = changes(&ids, &seen, with_flags(&["\\Seen"], &[]));
        for forward in [label, read] {
            let effects = imap.change(&forward, TAG).await.unwrap();
            let refused = effects
                .iter()
                .all(|effect| matches!(effect, Effect::Refused(_)));
            assert!(refused, "{query}: {effects:?}");
        }
    }
    assert_eq!(
        [other.contents("INBOX"), other.contents(READ_ONLY_FOLDER)],
        before
    );
}
