//! Thousands of answers that are slightly damaged: whatever happens to them, nothing is ever silently
//! fewer. Each is an answer as Dovecot gives it, with one byte or line put wrong; asked again, the server
//! answers right.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bulkhead_engine::ports::{MessageSink, PartsError};
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{Duration, timeout};

use super::bodies::Extent;
use super::export;
use super::folders;
use super::messages::{self, Messages};
use super::name::item_id;
use super::session::Session;
use super::wire::Wire;
use super::words::Words;

const UIDS: [u32; 6] = [101, 102, 103, 204, 205, 306];
const ITEMS: &str = "UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM)]";
/// Folders with what they are for and how many mails they hold.
const FOLDERS: [(&str, &str, u64); 4] = [
    ("INBOX", "", 6),
    ("Archive", " \\Archive", 41),
    ("Work stuff", "", 17),
    ("Trash", " \\Trash", 5),
];
/// Damages of each kind of answer.
const TIMES: u64 = 1_500;

/// Numbers that look random and are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        // Knuth's constants for a linear congruence.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }
}

/// Bytes of an answer that are not inside of a literal.
fn outside_literals(answer: &[u8]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut at = 0;
    while at < answer.len() {
        let end = answer[at..].iter().position(|&b| b == b'\n').unwrap() + at + 1;
        places.extend(at..end);
        let line = String::from_utf8_lossy(&answer[at..end]);
        let literal = line.trim_end().strip_suffix('}');
        let length = literal.and_then(|line| line.rsplit('{').next()?.parse::<usize>().ok());
        at = end + length.unwrap_or(0);
    }
    places
}

/// Puts one thing wrong that cannot make another right answer of it.
fn damaged(answer: &[u8], random: &mut Random) -> Vec<u8> {
    const ODD: &[u8] = b"()[]{}\"\\*%<>~+&\0\x7f\xff\xc3xX";
    let places = outside_literals(answer);
    let is_digit = |at: usize| answer.get(at).is_some_and(u8::is_ascii_digit);
    loop {
        let at = places[random.below(places.len())];
        let odd = ODD[random.below(ODD.len())];
        let mut bytes = answer.to_vec();
        match random.below(4) {
            0 => bytes.insert(at, odd),
            1 => bytes[at] = odd,
            2 if !(is_digit(at) || is_digit(at.wrapping_sub(1)) && is_digit(at + 1)) => {
                bytes.remove(at);
            }
            3 if at + 1 < bytes.len() && !is_digit(at) && !is_digit(at + 1) => {
                bytes.swap(at, at + 1);
            }
            _ => continue,
        }
        return bytes;
    }
}

fn flags(uid: u32) -> &'static str {
    match uid % 3 {
        0 => "\\Seen work",
        1 => "",
        _ => "\\Flagged [urgent $Forwarded",
    }
}

fn body(uid: u32) -> String {
    format!("From: Ann {uid} <a{uid}@example.com>\r\n\r\nHello {uid}\r\n")
}

/// What an honest server answers.
fn honest(command: &str) -> Vec<u8> {
    let (tag, command) = command.trim_end().split_once(' ').unwrap();
    let mut answer = String::new();
    if command.starts_with("UID FETCH") && command.contains("BODY.PEEK[]") {
        for (seq, uid) in asked(command) {
            let body = body(uid);
            let length = body.len();
            answer += &format!("* {seq} FETCH (UID {uid} BODY[] {{{length}}}\r\n{body})\r\n");
        }
    } else if command.starts_with("UID FETCH") {
        for (seq, uid) in asked(command) {
            let header = format!("From: Ann {uid} <a{uid}@example.com>\r\n\r\n");
            answer += &format!(
                "* {seq} FETCH (UID {uid} FLAGS ({}) INTERNALDATE \"05-Jan-2026 10:00:00 +0000\" \
                 RFC822.SIZE {} BODY[HEADER.FIELDS (FROM)] {{{}}}\r\n{header})\r\n",
                flags(uid),
                body(uid).len(),
                header.len()
            );
        }
    } else if command.starts_with("UID SEARCH") {
        let uids: Vec<String> = asked(command)
            .iter()
            .map(|(_, uid)| uid.to_string())
            .collect();
        answer += &format!("* SEARCH {}\r\n", uids.join(" "));
    } else if command.starts_with("UID SORT") {
        answer += "* SORT 306 101 204 102 205 103\r\n";
    } else if command.starts_with("UID ESEARCH") {
        return format!(
            "* ESEARCH (TAG \"{tag}\") UID ALL 101:103,204:205,306\r\n{tag} OK done.\r\n"
        )
        .into_bytes();
    } else if command.starts_with("LIST") {
        for (name, attributes, mails) in FOLDERS {
            answer += &format!(
                "* LIST (\\HasNoChildren{attributes}) \"/\" \"{name}\"\r\n\
                 * STATUS \"{name}\" (MESSAGES {mails} UNSEEN 3)\r\n"
            );
        }
    } else if command.starts_with("SELECT") {
        answer += "* FLAGS (\\Answered \\Seen work)\r\n* OK [PERMANENTFLAGS (\\Seen work \\*)] Flags \
                   permitted.\r\n* 6 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] UIDs valid\r\n\
                   * OK [UIDNEXT 307] Predicted next UID\r\n";
    }
    format!("{answer}{tag} OK done.\r\n").into_bytes()
}

fn asked(command: &str) -> Vec<(usize, u32)> {
    let set = command
        .split(' ')
        .find_map(super::uids::read)
        .unwrap_or_else(|| UIDS.to_vec());
    (1..)
        .zip(UIDS)
        .filter(|(_, uid)| set.contains(uid))
        .collect()
}

/// Answers commands, the first that begins so damaged; hangs up if nothing more is asked, as when the
/// damage makes whoever asked wait for more.
async fn serve(mut line: DuplexStream, first: &'static str, seed: u64) {
    let mut to_damage = true;
    let mut buffer = vec![0; 4_096];
    while let Ok(Ok(read @ 1..)) = timeout(Duration::from_millis(300), line.read(&mut buffer)).await
    {
        let command = String::from_utf8_lossy(&buffer[..read]).into_owned();
        let mut answer = honest(&command);
        if to_damage && command.contains(first) {
            to_damage = false;
            answer = damaged(&answer, &mut Random(seed));
        }
        if line.write_all(&answer).await.is_err() {
            return;
        }
    }
}

fn session(first: &'static str, seed: u64) -> Session {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    tokio::spawn(serve(theirs, first, seed));
    Session::new(Wire::new(Box::new(ours)))
}

/// How many answers were taken, of so many; the others were errors.
#[track_caller]
fn mostly_taken(taken: u64, least: u64) {
    assert!(taken > TIMES * least / 100, "{taken} of {TIMES} were taken");
}

async fn undamaged() -> Messages {
    let mut session = session("nothing", 0);
    messages::fetch(&mut session, &UIDS, ITEMS, "")
        .await
        .unwrap()
}

#[tokio::test]
async fn of_damaged_fetches_no_message_is_missing_and_the_others_are_whole() {
    let truth = undamaged().await;
    assert_eq!(truth.len(), UIDS.len());
    let mut taken = 0;
    for seed in 0..TIMES {
        let mut session = session("UID FETCH", seed);
        if let Ok(found) = messages::fetch(&mut session, &UIDS, ITEMS, "").await {
            taken += 1;
            assert!(found.keys().eq(truth.keys()), "{seed}: {:?}", found.keys());
            let whole = truth
                .iter()
                .filter(|(uid, mail)| found.get(uid) == Some(mail));
            assert!(whole.count() + 2 >= UIDS.len(), "{seed}: {found:#?}");
        }
    }
    mostly_taken(taken, 30);
}

#[tokio::test]
async fn of_damaged_searches_nothing_is_missing() {
    for (command, first) in [
        ("UID SEARCH ALL", "UID SEARCH"),
        ("UID SORT (REVERSE ARRIVAL) UTF-8 ALL", "UID SORT"),
        ("UID ESEARCH", "UID ESEARCH"),
    ] {
        let mut taken = 0;
        for seed in 0..TIMES {
            let mut session = session(first, seed);
            let mut found = None;
            let mut on = |told| {
                if let super::session::Told::Found(uids) = told {
                    found.get_or_insert_with(Vec::new).extend(uids);
                }
            };
            let end = session.run(Words::new(command), &mut on).await;
            // As a search takes it: no answer is none.
            if let (Ok(end), Some(mut found)) = (end, found)
                && end.refusal().is_none()
            {
                found.sort_unstable();
                assert_eq!(found, UIDS, "{command} {seed}");
                taken += 1;
            }
        }
        mostly_taken(taken, 5);
    }
}

#[tokio::test]
async fn of_damaged_folder_lists_no_folder_is_missing_and_no_count_is_wrong() {
    let mut taken = 0;
    for seed in 0..TIMES {
        let mut session = session("LIST", seed);
        session.can.list_status = true;
        let Ok(listing) = folders::list_all(&mut session).await else {
            continue;
        };
        taken += 1;
        let listed = listing.folders.len() + listing.odd;
        assert!(
            listed >= FOLDERS.len(),
            "{seed}: {listing:#?} {}",
            String::from_utf8_lossy(&damaged(&honest("a LIST"), &mut Random(seed)))
        );
        for folder in &listing.folders {
            let truth = FOLDERS.iter().find(|(name, ..)| *name == folder.name);
            let told = folder.counts.get("MESSAGES");
            if let Some((_, _, mails)) = truth {
                assert!(
                    told.is_none_or(|told| told == *mails),
                    "{seed}: {folder:#?}"
                );
            }
        }
    }
    mostly_taken(taken, 30);
}

#[tokio::test]
async fn a_damaged_select_never_opens_another_folder() {
    let mut taken = 0;
    for seed in 0..TIMES {
        let mut session = session("SELECT", seed);
        if let Ok(Ok(opened)) = session.open("INBOX").await {
            assert_eq!(opened.validity, 7, "{seed}");
            assert!(opened.exists.is_none_or(|count| count == 6), "{seed}");
            taken += 1;
        }
    }
    mostly_taken(taken, 30);
}

#[tokio::test]
async fn of_damaged_exports_no_mail_is_told_missing() {
    let ids: Vec<_> = UIDS
        .iter()
        .map(|uid| item_id(7, *uid, "INBOX").unwrap())
        .collect();
    for first in ["UID FETCH", "BODY.PEEK[]"] {
        let mut taken = 0;
        for seed in 0..TIMES {
            let mut session = session(first, seed);
            let mut sink = Sink::default();
            let whole = export::fetch(&mut session, &ids, Extent::Whole, &mut sink)
                .await
                .is_ok();
            for (place, bytes) in &sink.bodies {
                assert_eq!(
                    String::from_utf8_lossy(bytes),
                    body(UIDS[*place]),
                    "{first} {seed}"
                );
            }
            assert!(
                sink.skipped.is_empty(),
                "{first} {seed}: {:?}",
                sink.skipped
            );
            assert!(!whole || sink.bodies.len() == UIDS.len(), "{first} {seed}");
            taken += u64::from(whole);
        }
        mostly_taken(taken, 30);
    }
}

#[derive(Default)]
struct Sink {
    current: (usize, Vec<u8>),
    bodies: BTreeMap<usize, Vec<u8>>,
    skipped: Vec<usize>,
}

#[async_trait]
impl MessageSink for Sink {
    async fn begin(&mut self, index: usize, _: Timestamp, _: &str) -> Result<(), PartsError> {
        self.current = (index, Vec::new());
        Ok(())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        self.current.1.extend_from_slice(bytes);
        Ok(())
    }

    async fn end(&mut self) -> Result<(), PartsError> {
        let (index, bytes) = std::mem::take(&mut self.current);
        assert!(self.bodies.insert(index, bytes).is_none(), "{index} twice");
        Ok(())
    }

    async fn skip(&mut self, index: usize, _: ItemReason) -> Result<(), PartsError> {
        self.skipped.push(index);
        Ok(())
    }
}
