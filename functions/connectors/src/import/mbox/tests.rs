#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::message::is_quoted;
use super::*;

type Read = Vec<Result<Imported, Problem>>;

fn read(text: &[u8]) -> Read {
    Mbox::new(text).collect()
}

fn raws(text: &[u8]) -> Vec<String> {
    read(text)
        .into_iter()
        .map(|message| String::from_utf8(message.unwrap().raw).unwrap())
        .collect()
}

/// Messages and what was recognised.
fn recognised(text: &[u8]) -> (Vec<String>, Recognised) {
    let mut mbox = Mbox::new(text);
    let raws = mbox
        .by_ref()
        .map(|message| String::from_utf8(message.unwrap().raw).unwrap())
        .collect();
    (raws, mbox.recognised())
}

const TWO: &str = "From a@example.com Thu Jan  1 10:00:00 2026\nSubject: one\n\nHello\n\n\
    From b@example.com Fri Jan  2 10:00:00 2026\nSubject: two\n\n>From here\n>>From there\nFrom my side\n";

#[test]
fn reads_messages_and_undoes_quoting() {
    let (messages, recognised) = recognised(TWO.as_bytes());
    assert_eq!(messages[0], "Subject: one\n\nHello\n");
    assert_eq!(
        messages[1],
        "Subject: two\n\nFrom here\n>From there\nFrom my side\n"
    );
    assert_eq!(messages.len(), 2);
    assert_eq!(recognised.count(Form::Quoted), 2);
    assert_eq!(recognised.count(Form::FromInText), 1);
    assert_eq!(recognised.count(Form::DatedSeparator), 2);
    assert_eq!(recognised.count(Form::LineFeeds), 1);
}

#[test]
fn reads_every_line_end_and_passes_over_a_byte_order_mark() {
    let with_carriage_returns = TWO.replace('\n', "\r\n");
    let (messages, found) = recognised(with_carriage_returns.as_bytes());
    assert_eq!(messages[0], "Subject: one\r\n\r\nHello\r\n");
    assert_eq!(messages.len(), 2);
    assert_eq!(found.count(Form::CarriageReturnLineFeeds), 1);
    let (messages, found) = recognised(TWO.replace('\n', "\r").as_bytes());
    assert_eq!(messages, raws(TWO.as_bytes()));
    assert_eq!(found.count(Form::CarriageReturns), 1);
    let (messages, found) = recognised(format!("\u{feff}\n{TWO}").as_bytes());
    assert_eq!(messages, raws(TWO.as_bytes()));
    assert_eq!(found.count(Form::ByteOrderMark), 1);
}

#[test]
fn knows_place_and_time() {
    let second = read(TWO.as_bytes()).remove(1).unwrap();
    let offset = TWO.find("From b").unwrap() as u64;
    assert_eq!(second.place, Place::Mbox { number: 2, offset });
    assert_eq!(
        second.received,
        Some("2026-01-02T10:00:00Z".parse().unwrap())
    );
    let google = b"From 123@xxx Mon Jan 05 12:00:00 +0200 2026\nA: b\n";
    let message = read(google).remove(0).unwrap();
    assert_eq!(
        message.received,
        Some("2026-01-05T10:00:00Z".parse().unwrap())
    );
}

#[test]
fn sentences_that_begin_with_from_stay_in_their_mail() {
    let text = "From ann@example.org Tue Mar  3 09:00:00 2026\nSubject: one\n\n\
        The figures are below.\n\nFrom my side nothing else: the rest is fine.\n\
        Note: this line looks like a header.\n\nFrom 3 pm we are closed.\n\n\
        From shop@example.org Wed Mar  4 09:00:00 2026\nSubject: two\n\ntext\n";
    let (messages, recognised) = recognised(text.as_bytes());
    assert_eq!(messages.len(), 2);
    assert_eq!(
        messages[0],
        "Subject: one\n\nThe figures are below.\n\nFrom my side nothing else: the rest is fine.\n\
         Note: this line looks like a header.\n\nFrom 3 pm we are closed.\n"
    );
    assert_eq!(messages[1], "Subject: two\n\ntext\n");
    assert_eq!(recognised.count(Form::FromInText), 2);
    let lines: Vec<String> = recognised.lines().collect();
    let at = text.find("From my side").unwrap();
    let line = format!(
        "2 lines that begin with “From ” and were taken for text, first in message 1 at byte {at}"
    );
    assert!(lines.contains(&line), "{lines:?}");
}

#[test]
fn what_follows_a_line_in_doubt_decides_and_nothing_of_it_is_lost() {
    let head = "From a@example.com Thu Jan  1 10:00:00 2026\nSubject: one\n\ntext\n";
    for (middle, messages) in [
        // One word alone, before what a message begins with and after an empty line.
        ("\nFrom MAILER-DAEMON\nReceived: x\n\nb\n", 2),
        ("\nFrom \nSubject: x\n\nb\n", 2),
        ("\nFrom Berlin\nwith love\n", 1),
        ("\nFrom Monday\nNote: bring shoes\n", 1),
        ("From MAILER-DAEMON\nReceived: x\n\nb\n", 1),
        // A sender and a date.
        (
            "\nFrom - Tue Jul 11 12:08:34 2011\nX-Mozilla-Status: 0001\n\nb\n",
            2,
        ),
        (
            "From - Tue Jul 11 12:08:34 2011\nX-Mozilla-Status: 0001\n\nb\n",
            2,
        ),
        (
            "\nFrom b@example.com Thu Jan  1 10:00:00 2026\nOdd-Field: x\n\nb\n",
            2,
        ),
        (
            "From b@example.com Thu Jan  1 10:00:00 2026\nOdd-Field: x\n\nb\n",
            1,
        ),
        (
            "\nFrom b@example.com Thu Jan  1 10:00:00 2026\nis what the log says.\n",
            1,
        ),
        (
            "\nFrom b@example.com Thu Jan  1 10:00:00 2026\n\nno header at all\n",
            2,
        ),
        (
            "\nFrom b@example.com Thu Jan  1 10:00:00 2026\n>From - Mon Jan 26 17:20:56 2009\nX-A: b\n",
            2,
        ),
        // A patch in a text, whose date is always the same.
        (
            "\nFrom 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: x\n\np\n",
            1,
        ),
    ] {
        let text = format!("{head}{middle}");
        let read = raws(text.as_bytes());
        assert_eq!(read.len(), messages, "{middle}");
        for line in middle.lines().filter(|line| !line.starts_with("From ")) {
            let line = line.strip_prefix(">From").map_or(line, |_| &line[1..]);
            assert!(
                read.iter().any(|raw| raw.contains(line)),
                "{middle}: {line}"
            );
        }
    }
    let patches = "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nSubject: a\n\np\n\n";
    assert_eq!(raws(patches.repeat(2).as_bytes()).len(), 2);
}

#[test]
fn a_length_is_believed_where_it_leads_on() {
    let inside =
        "before\n\nFrom b@example.com Thu Jan  1 10:00:00 2026\nSubject: inside\n\n>From x\n";
    let counted = |length: usize, body: &str| {
        format!(
            "From a@example.com Thu Jan  1 10:00:00 2026\nContent-Length: {length}\nSubject: a\n\n{body}\n"
        )
    };
    // A writer that tells every length does not quote.
    let text = counted(5, "text\n") + &counted(inside.len(), inside) + &counted(2, "b\n");
    let (messages, found) = recognised(text.as_bytes());
    assert_eq!(messages.len(), 3);
    assert!(messages[1].ends_with(inside), "{}", messages[1]);
    assert_eq!(found.count(Form::ContentLength), 3);
    // Anybody can put a length into a mail: it must not swallow those that follow.
    let rest = counted(5, "text\n") + TWO;
    let plain = "From a@example.com Thu Jan  1 10:00:00 2026\nSubject: a\n\nx\n\n";
    let trap = format!("{plain}{}", counted(rest.len() + 6, "text\n") + &rest);
    assert_eq!(raws(trap.as_bytes()).len(), 5);
    assert_eq!(
        raws((counted(rest.len() + 6, "text\n") + &rest).as_bytes()).len(),
        4
    );
    // Wrong ones.
    for length in [0, 1, 4, 6, 700, usize::MAX] {
        let text = counted(length, "text\nmore\n") + TWO;
        let (messages, found) = recognised(text.as_bytes());
        assert_eq!(messages.len(), 3, "{length}");
        assert!(messages[0].ends_with("text\nmore\n"), "{length}");
        assert_eq!(found.count(Form::WrongContentLength), 1, "{length}");
    }
}

#[test]
fn reports_and_goes_on() {
    let text = b"From a\n\nFrom b\nSubject: good\n\nbody\n";
    let messages = read(text);
    let problem = messages[0].as_ref().unwrap_err();
    assert_eq!(problem.fault, Fault::Empty);
    assert_eq!(problem.to_string(), "message 1 at byte 0: is empty");
    assert!(messages[1].is_ok());
}

#[test]
fn refuses_what_is_no_mbox() {
    let messages = read(b"PK\x03\x04 something else");
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].as_ref().unwrap_err().fault, Fault::NoMbox);
    assert!(read(b"").is_empty());
    assert!(read(b"\n\r\n").is_empty());
}

#[test]
fn a_message_too_large_is_skipped_in_flat_memory() {
    let mut text = b"From a\nSubject: large\n\n".to_vec();
    text.extend("x".repeat(2_000_000).bytes());
    text.extend(b"\n\nFrom b\nSubject: good\n");
    let mut mbox = Mbox::with_most(&text[..], 1_000);
    let messages: Vec<_> = mbox.by_ref().collect();
    assert_eq!(messages[0].as_ref().unwrap_err().fault, Fault::TooLarge);
    assert_eq!(messages[1].as_ref().unwrap().raw, b"Subject: good\n");
    assert!(mbox.lines.capacity() < 400_000, "{}", mbox.lines.capacity());
}

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }
}

/// Pieces that files are made of, put together at random.
fn made_up(dice: &mut Dice) -> Vec<u8> {
    const PIECES: [&[u8]; 24] = [
        b"From a@example.com Thu Jan  1 10:00:00 2026",
        b"From - Tue Jul 11 12:08:34 2011",
        b"From MAILER-DAEMON",
        b"From my side nothing",
        b">From quoted",
        b">>From twice",
        b"From ",
        b"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001",
        b"Subject: one",
        b"Received: x",
        b" folded",
        b"Content-Length: 20",
        b"Content-Length: 5",
        b"Note: x",
        b"plain text",
        b"\xff\xfe\x00",
        b"\n\n",
        b"\r\n\r\n",
        b"\r",
        b">",
        b"F",
        b"X-Mozilla-Status: 0009",
        b"",
        b"=?utf-8?Q?=C3?=",
    ];
    let mut text = b"From x@example.com Thu Jan  1 10:00:00 2026\nSubject: first\n\n".to_vec();
    for _ in 0..dice.roll(40) {
        text.extend(PIECES[dice.roll(PIECES.len())]);
        text.extend([&b"\n"[..], b"\n", b"\n", b"\r\n", b"", b"\n\n"][dice.roll(6)]);
    }
    for _ in 0..dice.roll(4) {
        let at = dice.roll(text.len());
        text[at] = u8::try_from(dice.roll(256)).unwrap();
    }
    text
}

#[test]
fn every_byte_of_a_damaged_file_is_in_a_message_or_told() {
    let mut dice = Dice(0x5eed);
    let mut messages = 0;
    for round in 0..3_000 {
        let text = made_up(&mut dice);
        let read = read(&text);
        let begins: Vec<usize> = read.iter().map(offset).collect();
        let mut before = 0;
        for (index, message) in read.iter().enumerate() {
            let begin = begins[index];
            let end = begins.get(index + 1).copied().unwrap_or(text.len());
            // Nothing between two messages but empty lines.
            if index == 0 {
                assert!(text[..begin].trim_ascii().is_empty(), "round {round}");
            } else {
                assert_eq!(begin, before, "round {round}");
            }
            before = end;
            let Ok(mail) = message else { continue };
            messages += 1;
            let lines: Vec<&[u8]> = text[begin..end].split_inclusive(|&b| b == b'\n').collect();
            let quoted = |line: &&[u8]| line[usize::from(is_quoted(line))..].to_vec();
            let undone: Vec<u8> = lines[1..].iter().flat_map(quoted).collect();
            let whole: Vec<u8> = lines[1..].concat();
            let is_prefix = |of: &[u8]| {
                of.strip_prefix(&mail.raw[..])
                    .is_some_and(|rest| rest.trim_ascii().is_empty())
            };
            assert!(
                is_prefix(&undone) || is_prefix(&whole),
                "round {round}, message {index}:\n{:?}\n{:?}",
                String::from_utf8_lossy(&mail.raw),
                String::from_utf8_lossy(&whole)
            );
            let _ = mail.envelope();
        }
    }
    assert!(messages > 4_000, "{messages}");
}

fn offset(message: &Result<Imported, Problem>) -> usize {
    let place = match message {
        Ok(mail) => &mail.place,
        Err(problem) => &problem.place,
    };
    match place {
        Place::Mbox { offset, .. } => usize::try_from(*offset).unwrap(),
        other => panic!("{other}"),
    }
}
