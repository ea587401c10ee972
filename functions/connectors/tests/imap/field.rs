//! More of what people reported of other mail programs: answers that tell too little, too much or of something
//! else, folders that change under a job, servers that are full. Nothing is ever silently fewer, and no other
//! mail is touched.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bulkhead_connectors::imap::Imap;
use bulkhead_engine::kinds::mail::{Change, Effect, Found};
use bulkhead_engine::ports::{CallError, MailStore};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::imap_client::Client;

use crate::meddler::{Act, no, responses, through};
use crate::odd::Sink;
use crate::support::{
    TAG, changes, find, messages, moved_to, now, open, states, taken_back, tally, with_flags,
};

/// A server whose answers to commands that begin so become something else.
async fn saying(server: &Dovecot, to: &'static str, becomes: fn(Vec<u8>) -> Vec<u8>) -> Imap {
    through(server, move |command| match command.starts_with(to) {
        true => Act::Rewrite(becomes),
        false => Act::Pass,
    })
    .await
}

fn filled(mode: Mode, count: usize) -> (Dovecot, Client) {
    let server = Dovecot::start(mode);
    let mut client = server.client();
    client.append("INBOX", &messages(count), "");
    (server, client)
}

async fn planned(imap: &Imap, query: &str, folder: &str) -> (Vec<ItemId>, Vec<Change>) {
    let ids = find(imap, query).await;
    let changes = changes(&ids, &states(imap, &ids).await, moved_to(folder));
    (ids, changes)
}

/// Puts something else between the brackets of COPYUID.
fn copyuid(answer: Vec<u8>, of: impl Fn(&str) -> String) -> Vec<u8> {
    let text = String::from_utf8(answer).unwrap();
    let Some((before, rest)) = text.split_once("[COPYUID ") else {
        return text.into_bytes();
    };
    let (inner, after) = rest.split_once(']').unwrap();
    format!("{before}[COPYUID {}]{after}", of(inner)).into_bytes()
}

/// After what a server tells of a move: how many were done at once, and how many after a look. All eight have
/// to be in the archive, none with a claim, and all come back.
async fn moved_and_back(server: &Dovecot, imap: &Imap) -> (usize, usize) {
    let mut other = server.client();
    let before = other.contents("INBOX");
    let (_, forward) = planned(imap, "in:inbox", "Archive").await;
    let effects = imap.change(&forward, TAG).await.unwrap();
    let at_once = tally(&effects).0;
    let open: Vec<Change> = forward
        .iter()
        .zip(&effects)
        .filter(|(_, effect)| **effect == Effect::Unknown)
        .map(|(change, _)| change.clone())
        .collect();
    assert_eq!(at_once + open.len(), before.len(), "{effects:?}");
    let mut back = taken_back(&forward, &effects);
    let looked = imap.reconcile(&open, TAG).await.unwrap();
    for (change, found) in open.iter().zip(&looked) {
        let Found::Done { id, state } = found else {
            panic!("{found:?}");
        };
        back.push(Change {
            id: id.clone(),
            from: state.clone(),
            to: change.from.state.clone(),
        });
    }
    assert_eq!(other.contents("Archive"), before, "as they were");
    let undone = imap.change(&back, TAG).await.unwrap();
    let undone_at_once = tally(&undone).0;
    let open: Vec<Change> = back
        .iter()
        .zip(&undone)
        .filter(|(_, effect)| **effect == Effect::Unknown)
        .map(|(change, _)| change.clone())
        .collect();
    let looked = imap.reconcile(&open, TAG).await.unwrap();
    let found = looked.iter().filter(|it| matches!(it, Found::Done { .. }));
    assert_eq!(
        undone_at_once + found.count(),
        before.len(),
        "{undone:?} {looked:?}"
    );
    assert_eq!(other.contents("INBOX"), before, "as they were before");
    (at_once, before.len() - at_once)
}

/// GreenMail told the source's UIDVALIDITY, IceWarp 0, Cyrus cut long sets; others tell more targets than
/// sources, or none.
#[tokio::test]
async fn what_copyuid_tells_wrongly_moves_nothing_else_and_loses_nothing() {
    let validity_of_another: fn(Vec<u8>) -> Vec<u8> = |answer| {
        copyuid(answer, |inner| {
            let (_, sets) = inner.split_once(' ').unwrap();
            format!("4711 {sets}")
        })
    };
    let zero: fn(Vec<u8>) -> Vec<u8> = |answer| {
        copyuid(answer, |inner| {
            let (_, sets) = inner.split_once(' ').unwrap();
            format!("0 {sets}")
        })
    };
    let cut: fn(Vec<u8>) -> Vec<u8> = |answer| {
        copyuid(answer, |inner| {
            let parts: Vec<&str> = inner.split(' ').collect();
            let half = |set: &str| {
                let (first, _) = set.split_once(':').unwrap();
                let first: u32 = first.parse().unwrap();
                format!("{first}:{}", first + 3)
            };
            format!("{} {} {}", parts[0], half(parts[1]), half(parts[2]))
        })
    };
    let more: fn(Vec<u8>) -> Vec<u8> = |answer| copyuid(answer, |inner| format!("{inner},900:905"));
    for (name, becomes, at_once) in [
        ("another validity", validity_of_another, 8),
        ("validity 0", zero, 0),
        ("half of it", cut, 4),
        ("more targets", more, 0),
    ] {
        let (server, _client) = filled(Mode::Normal, 8);
        let imap = saying(&server, "UID MOVE", becomes).await;
        let told = moved_and_back(&server, &imap).await;
        assert_eq!(told, (at_once, 8 - at_once), "{name}");
    }
}

/// Gmail tells of the same place with another UID after a copy, others of mails that go while they tell.
#[tokio::test]
async fn what_goes_and_comes_in_the_middle_of_an_answer_changes_no_other_mail() {
    fn busy(answer: Vec<u8>) -> Vec<u8> {
        let mut all = responses(&answer);
        let end = all.pop().unwrap();
        let noise: [&[u8]; 7] = [
            b"* 9 EXPUNGE\r\n",
            b"* 9 EXISTS\r\n* 3 RECENT\r\n",
            b"* VANISHED 4711:4712\r\n",
            b"* 1 FETCH (UID 4294967295 FLAGS (\\Deleted \\Seen) MODSEQ (18446744073709551615))\r\n",
            b"* 1 FETCH (UID 0 FLAGS (\\Deleted))\r\n",
            b"* 2 FETCH (FLAGS (\\Deleted))\r\n",
            b"* FLAGS (\\Seen)\r\n* OK [UNKNOWN-CODE (a \"b\" {3}\r\n)])] x\r\n",
        ];
        let mut busy = Vec::new();
        for (place, response) in all.into_iter().enumerate() {
            busy.extend(noise[place % noise.len()]);
            busy.extend(response);
        }
        for noise in noise {
            busy.extend(noise);
        }
        [busy, end].concat()
    }
    let (server, mut other) = filled(Mode::Normal, 12);
    let before = other.contents("INBOX");
    let imap = through(&server, |command| {
        let is_one = [
            "UID FETCH",
            "UID SEARCH",
            "UID SORT",
            "UID STORE",
            "UID MOVE",
        ];
        match is_one.iter().any(|word| command.starts_with(word)) {
            true => Act::Rewrite(busy),
            false => Act::Pass,
        }
    })
    .await;
    let query = Query::parse("in:inbox").unwrap();
    let listed = imap.list(&query, now(), None, 50).await.unwrap();
    assert_eq!((listed.items.len(), listed.total), (12, Some(12)));
    assert!(
        listed
            .items
            .iter()
            .all(|item| item.subject.starts_with("mail "))
    );
    let (ids, forward) = planned(&imap, "in:inbox", "Archive").await;
    let mut sink = Sink::default();
    imap.fetch(&ids, &mut sink).await.unwrap();
    assert_eq!((sink.messages.len(), sink.skipped.len()), (12, 0));
    let effects = imap.change(&forward, TAG).await.unwrap();
    assert_eq!(tally(&effects), (12, 0, 0, 0));
    let undone = imap.change(&taken_back(&forward, &effects), TAG).await;
    assert_eq!(tally(&undone.unwrap()), (12, 0, 0, 0));
    assert_eq!(other.contents("INBOX"), before);
}

/// A hole in the mailbox: Gmail says `NO Some messages could not be FETCHed`, Exchange says OK and leaves them
/// out.
#[tokio::test]
async fn a_mail_that_is_never_told_of_is_named_or_an_error_and_never_left_out() {
    fn without(answer: &[u8]) -> Vec<Vec<u8>> {
        let mut all = responses(answer);
        all.retain(|line| !String::from_utf8_lossy(line).contains("(UID 2 "));
        all
    }
    let silent: fn(Vec<u8>) -> Vec<u8> = |answer| without(&answer).concat();
    let refused: fn(Vec<u8>) -> Vec<u8> = |answer| {
        let mut all = without(&answer);
        let end = String::from_utf8(all.pop().unwrap()).unwrap();
        let tag = end.split(' ').next().unwrap();
        all.push(format!("{tag} NO Some messages could not be FETCHed (Failure)\r\n").into_bytes());
        all.concat()
    };
    for becomes in [silent, refused] {
        let (server, _client) = filled(Mode::Normal, 4);
        let ids = find(&open(&server).await, "in:inbox").await;
        let imap = saying(&server, "UID FETCH", becomes).await;
        let query = Query::parse("in:inbox newer_than:9d").unwrap();
        if let Ok(listed) = imap.list(&query, now(), None, 10).await {
            let whole = listed.items.len() == 4 || !listed.unsearched.is_empty();
            assert!(whole, "{listed:?}");
        }
        if let Ok(page) = imap.matches(&query, now(), None, 10).await {
            let whole = page.matches.len() == 4 || !page.unsearched.is_empty();
            assert!(whole, "{page:?}");
        }
        if let Ok(states) = imap.states(&ids).await {
            assert!(states.iter().all(Option::is_some), "{states:?}");
        }
        let mut sink = Sink::default();
        let fetched = imap.fetch(&ids, &mut sink).await;
        assert!(
            !sink.reasons.contains(&ItemReason::Missing),
            "{:?}",
            sink.reasons
        );
        let named = fetched.is_err() || sink.messages.len() + sink.skipped.len() == 4;
        assert!(named, "{fetched:?}");
    }
}

/// DasWookie: "many of my folders are renamed in the backend for archive, and new ones are created". The new
/// one has the same name and the same UIDs.
#[tokio::test]
async fn a_folder_that_took_anothers_place_in_mid_job_is_left_alone() {
    for mode in [Mode::Normal, Mode::Bare] {
        let server = Dovecot::start(mode);
        let mut other = server.client();
        other.command("CREATE Work");
        other.append("Work", &messages(5), "");
        let imap = open(&server).await;
        let (ids, forward) = planned(&imap, "in:Work", "Archive").await;
        assert_eq!(ids.len(), 5);
        other.command("RENAME Work Old");
        // Dovecot's UIDVALIDITY is a time in seconds.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        other.command("CREATE Work");
        let strangers: Vec<Vec<u8>> = (0..5)
            .map(|n| format!("Subject: stranger {n}\r\n\r\nx\r\n").into_bytes())
            .collect();
        other.append("Work", &strangers, "");
        let before = other.contents("Work");
        let effects = imap.change(&forward, TAG).await.unwrap();
        let label = changes(
            &ids,
            &forward.iter().map(|it| it.from.clone()).collect::<Vec<_>>(),
            with_flags(&["todo"], &[]),
        );
        let labelled = imap.change(&label, TAG).await.unwrap();
        assert_eq!(
            other.contents("Work"),
            before,
            "{mode:?} {effects:?} {labelled:?}"
        );
        assert_eq!(
            other.contents("Archive").len() + other.contents("Old").len(),
            5
        );
        let mut sink = Sink::default();
        imap.fetch(&ids, &mut sink).await.unwrap();
        let strange = sink
            .messages
            .iter()
            .any(|(_, body)| body.starts_with(b"Subject: stranger"));
        assert!(!strange, "{mode:?}");
    }
}

/// Zimbra, Cyrus and RainLoop: nothing can be moved to the trash of a mailbox that is full.
#[tokio::test]
async fn a_full_mailbox_is_told_as_full_and_keeps_every_mail_as_it_was() {
    for (mode, command) in [(Mode::Normal, "UID MOVE"), (Mode::Old, "UID COPY")] {
        for text in [
            "[OVERQUOTA] Quota exceeded (mailbox for user is full)",
            "[OVERQUOTA]",
        ] {
            let (server, mut other) = filled(mode, 6);
            let before = other.contents("INBOX");
            let imap = through(&server, move |sent| match sent.starts_with(command) {
                true => no(text),
                false => Act::Pass,
            })
            .await;
            let (_, forward) = planned(&imap, "in:inbox", "Trash").await;
            let effects = imap.change(&forward, TAG).await.unwrap();
            let full = Effect::Refused(ItemReason::OverQuota);
            assert!(effects.iter().all(|effect| *effect == full), "{effects:?}");
            assert_eq!(other.contents("INBOX"), before, "no claim, no \\Deleted");
            assert_eq!(other.contents("Trash"), []);
        }
    }
}

/// Servers that announce what they do not know: a proxy in front of several, an account that was moved.
#[tokio::test]
async fn a_command_that_the_server_announced_and_does_not_know_changes_nothing() {
    for (mode, command, answer) in [
        (Mode::Normal, "UID MOVE", "BAD Unknown command MOVE"),
        (
            Mode::Normal,
            "UID MOVE",
            "BAD [CLIENTBUG] Command is not valid in this state",
        ),
        (Mode::Normal, "UID MOVE", "NO [X-UNHEARD (of)] Not today"),
        (Mode::Old, "UID COPY", "BAD Unknown command"),
        (Mode::Old, "UID EXPUNGE", "BAD Unknown command"),
        (Mode::Old, "UID EXPUNGE", "NO [NOPERM] Not for you"),
        (Mode::Normal, "UID STORE", "BAD Too long"),
    ] {
        let (server, mut other) = filled(mode, 5);
        let before = other.contents("INBOX");
        // The first one is refused, what cleans up behind it is not.
        let refused = Arc::new(AtomicBool::new(false));
        let once = Arc::clone(&refused);
        let imap = through(&server, move |sent| {
            if sent.starts_with(command) && !once.swap(true, Ordering::SeqCst) {
                return Act::Say(format!("$tag {answer}\r\n"));
            }
            Act::Pass
        })
        .await;
        let (_, forward) = planned(&imap, "in:inbox", "Archive").await;
        let effects = imap.change(&forward, TAG).await;
        assert!(refused.load(Ordering::SeqCst), "{command}");
        let what = format!("{command} {answer}: {effects:?}");
        if let Ok(effects) = &effects {
            let (done, changed, missing, _) = tally(effects);
            assert_eq!((done, changed, missing), (0, 0, 0), "{what}");
        }
        assert_eq!(other.contents("INBOX"), before, "{what}");
        assert_eq!(other.contents("Archive"), [], "{what}");
    }
}

/// Names as they are: with quotes, backslashes, brackets, `NIL`, signs that IMAP's UTF-7 needs, blanks at the
/// end, a `%` and a `*`.
#[tokio::test]
async fn every_name_of_a_folder_is_listed_searched_moved_into_and_left() {
    // What a person sees, and how it is written on the wire.
    let names = [
        ("a \"b\" c", "a \\\"b\\\" c"),
        ("back\\slash", "back\\\\slash"),
        ("NIL", "NIL"),
        ("[Gmail]", "[Gmail]"),
        ("{5}", "{5}"),
        ("(x) y", "(x) y"),
        ("Q&A", "Q&-A"),
        ("&", "&-"),
        ("Größe", "Gr&APYA3w-e"),
        ("R&D~", "R&-D~"),
        ("late ", "late "),
        ("in:box", "in:box"),
        ("-minus", "-minus"),
        ("OR", "OR"),
    ];
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    for (name, wire) in names {
        other.command(&format!("CREATE \"{wire}\""));
        let mail = format!(
            "Subject: in {name}\r\nMessage-ID: <{}@x>\r\n\r\nx\r\n",
            name.len()
        );
        other.append(wire, &[mail.into_bytes()], "");
    }
    let imap = open(&server).await;
    let folders = imap.folders().await.unwrap().folders;
    assert_eq!(find(&imap, "").await.len(), names.len());
    for (name, wire) in names {
        assert!(folders.iter().any(|folder| folder.name == name), "{name}");
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        let query = format!("in:\"{quoted}\"");
        let (ids, forward) = planned(&imap, &query, "Archive").await;
        assert_eq!(ids.len(), 1, "{name}");
        let effects = imap.change(&forward, TAG).await.unwrap();
        assert_eq!(tally(&effects), (1, 0, 0, 0), "{name}");
        assert_eq!(other.contents(wire), [], "{name}");
        let undone = imap.change(&taken_back(&forward, &effects), TAG).await;
        assert_eq!(tally(&undone.unwrap()), (1, 0, 0, 0), "{name}");
        assert_eq!(other.contents(wire).len(), 1, "{name}");
    }
}

/// LIST lines as Lotus Notes, MailKit's and vmime's reporters saw them; a folder that is told twice is one, and
/// `Inbox` is the inbox.
#[tokio::test]
async fn a_folder_that_is_told_twice_is_searched_once() {
    fn twice(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let odd = "* LIST (\\HasNoChildren) \"/\" Inbox\r\n* LIST (\\Noselect \\HasChildren) \"/\" Top\r\n\
                   * LIST (\\NonExistent \\Subscribed) \"/\" Gone\r\n* LIST (\\HasNoChildren) \"/\" \"Archive\"\r\n\
                   * LIST (\\HasNoChildren \\UnMarked) \"/\" Archive\r\n* LIST (\\NoInferiors) NIL INBOX\r\n";
        format!("{odd}{text}").into_bytes()
    }
    let (server, mut other) = filled(Mode::Normal, 3);
    other.append("Archive", &messages(2), "");
    let imap = saying(&server, "LIST", twice).await;
    for (query, count) in [("", 5), ("in:inbox", 3), ("in:archive", 2)] {
        let query = Query::parse(query).unwrap();
        let listed = imap.list(&query, now(), None, 50).await.unwrap();
        assert_eq!(
            (listed.items.len(), listed.total),
            (count, Some(count as u64))
        );
        assert!(listed.unsearched.is_empty(), "{:?}", listed.unsearched);
        let page = imap.matches(&query, now(), None, 50).await.unwrap();
        assert_eq!(page.matches.len(), count);
    }
    let folders = imap.folders().await.unwrap().folders;
    let inboxes = folders
        .iter()
        .filter(|it| it.name.eq_ignore_ascii_case("inbox"));
    assert_eq!(inboxes.count(), 1);
}

/// Sizes that are not so (Exchange, Domino): an export is whole, whatever was announced.
#[tokio::test]
async fn a_size_that_is_not_so_cuts_no_mail() {
    fn sized(answer: Vec<u8>, size: &str) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let mut parts = text.split("RFC822.SIZE ");
        let mut sized = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
            sized += &format!("RFC822.SIZE {size}{rest}");
        }
        sized.into_bytes()
    }
    let small: fn(Vec<u8>) -> Vec<u8> = |answer| sized(answer, "1");
    let large: fn(Vec<u8>) -> Vec<u8> = |answer| sized(answer, "4294967295");
    let none: fn(Vec<u8>) -> Vec<u8> = |answer| sized(answer, "NIL");
    let server = Dovecot::start(Mode::Normal);
    let mut mails = messages(3);
    mails.push(
        [
            b"Subject: large\r\n\r\n".to_vec(),
            b"line\r\n".repeat(500_000),
        ]
        .concat(),
    );
    server.client().append("INBOX", &mails, "");
    for becomes in [small, large, none] {
        let imap = saying(&server, "UID FETCH", becomes).await;
        let ids = find(&imap, "in:inbox").await;
        let mut sink = Sink::default();
        imap.fetch(&ids, &mut sink).await.unwrap();
        let mut got: Vec<Vec<u8>> = sink.messages.into_iter().map(|(_, body)| body).collect();
        got.sort();
        let mut wanted = mails.clone();
        wanted.sort();
        assert!(got == wanted, "{} of {}", got.len(), wanted.len());
    }
}

/// The line goes in the middle of an answer, with and without a goodbye.
#[tokio::test]
async fn a_goodbye_in_the_middle_of_an_answer_is_no_end_of_it() {
    for word in ["UID FETCH", "UID SEARCH", "UID SORT", "LIST"] {
        for goodbye in [
            "* BYE Server shutting down.\r\n",
            "* 1 FETCH (UID 1 FLAGS (\\Se",
            "",
        ] {
            let (server, _client) = filled(Mode::Normal, 4);
            let imap = through(&server, move |command| match command.starts_with(word) {
                true => Act::SayAndHangUp(goodbye.to_owned()),
                false => Act::Pass,
            })
            .await;
            let query = Query::parse("in:inbox newer_than:9d").unwrap();
            let what = format!("{word} {goodbye:?}");
            match imap.list(&query, now(), None, 10).await {
                Ok(listed) => assert_eq!(listed.items.len(), 4, "{what}"),
                Err(CallError::Unavailable(_) | CallError::Throttled { .. }) => {}
                Err(error) => panic!("{what}: {error:?}"),
            }
            match imap.matches(&query, now(), None, 10).await {
                Ok(page) => assert_eq!(page.matches.len(), 4, "{what}"),
                Err(CallError::Unavailable(_) | CallError::Throttled { .. }) => {}
                Err(error) => panic!("{what}: {error:?}"),
            }
        }
    }
}

/// Change numbers that are all 0, or the same: a claim on a condition that nobody can meet.
#[tokio::test]
async fn change_numbers_that_say_nothing_are_not_taken_for_changes() {
    fn zero(answer: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8(answer).unwrap();
        let mut parts = text.split("MODSEQ (");
        let mut zeroed = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
            zeroed += &format!("MODSEQ (0{rest}");
        }
        zeroed.into_bytes()
    }
    let (server, mut other) = filled(Mode::Normal, 5);
    let before = other.contents("INBOX");
    let imap = saying(&server, "UID FETCH", zero).await;
    let ids = find(&imap, "in:inbox").await;
    let told = imap.states(&ids).await;
    let Ok(seen) = told else {
        // Not understood is told so.
        return;
    };
    let seen: Vec<_> = seen.into_iter().flatten().collect();
    let forward = changes(&ids, &seen, moved_to("Archive"));
    let effects = imap.change(&forward, TAG).await.unwrap();
    let (done, changed, missing, _) = tally(&effects);
    assert_eq!(missing, 0);
    let archived = other.contents("Archive").len();
    assert_eq!((done, changed), (archived, 5 - archived), "{effects:?}");
    assert_eq!(other.contents("INBOX").len(), 5 - archived);
    let left: Vec<_> = other.contents("INBOX");
    assert!(
        left.iter().all(|mail| before.contains(mail)),
        "no claim stays"
    );
}
