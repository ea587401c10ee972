//! Reports that are no more than a text, as qmail and older servers write them; and the texts of others, where the
//! fields beside them tell nothing.

use bulkhead_shared::address;

/// Lines behind which the mail stands that came back.
const COPY_BEGINS: [&str; 11] = [
    "copy of the message",
    "copy of your message",
    "below this line is",
    "original message headers",
    "original message follows",
    "original message --",
    "message header follows",
    "lines of the message follow",
    "headers of the message",
    "undelivered message follows",
    "unsent message below",
];
/// What a text says that tells of a mail which came back for good.
const FAILED: [&str; 16] = [
    "could not be delivered",
    "couldn't be delivered",
    "could not deliver",
    "unable to deliver",
    "wasn't able to deliver",
    "wasn't delivered",
    "was not delivered",
    "not been delivered to the following recipients because",
    "did not reach the following",
    "delivery has failed",
    "delivery failed",
    "failed permanently",
    "permanent error",
    "permanent fatal error",
    "undeliverable",
    "couldn't be found",
];
/// What a text says that tells of a mail on which somebody still works.
const DELAYED: [&str; 10] = [
    "has not yet been delivered",
    "not yet been delivered",
    "warning message only",
    "hasn't been delivered yet",
    "delivery is delayed",
    "has been delayed",
    "is delayed",
    "will be retried",
    "will retry",
    "do not need to resend",
];
/// Letters of what a server said that are kept.
const SAID_CHARS: usize = 300;
/// Addresses in a text that are looked at.
const NAMED_MOST: usize = 50;
/// Lines of a text that are looked at.
const LINES: usize = 2_000;

/// A report in words.
pub(super) struct Told {
    /// Those whom it names, before the mail that came back.
    pub(super) recipients: Vec<String>,
    pub(super) said: String,
    /// What stands in the header of the mail that came back.
    pub(super) message_ids: Vec<String>,
    pub(super) returned_to: Vec<String>,
}

/// Whether it says that a mail came back, and nobody tries again.
pub(super) fn is_failure(text: &str) -> bool {
    let (words, _) = parted(text);
    let words = words.to_lowercase().replace('\u{2019}', "'");
    let has = |any: &[&str]| any.iter().any(|sentence| words.contains(sentence));
    has(&FAILED) && !has(&DELAYED)
}

/// What a text tells.
pub(super) fn read(text: &str) -> Told {
    let (words, copy) = parted(text);
    let recipients = named(words);
    let said = recipients.iter().find_map(|whom| said_of(words, whom));
    let header: Vec<&str> = copy.lines().map(unquoted).take(LINES).collect();
    Told {
        said: said.unwrap_or_else(|| first_code(words)),
        message_ids: values(&header, "message-id:"),
        returned_to: values(&header, "to:"),
        recipients,
    }
}

/// What stands below the line with an address, until the next empty one.
pub(super) fn said_of(text: &str, whom: &str) -> Option<String> {
    let (words, _) = parted(text);
    let mut lines = words.lines().take(LINES);
    let whom = whom.to_lowercase();
    loop {
        let line = lines.find(|line| line.to_lowercase().contains(&whom))?;
        let rest = line.trim().trim_end_matches(':').trim_end_matches('>');
        let more = lines.clone().map_while(|line| {
            let line = line.trim();
            (!line.is_empty()).then_some(line)
        });
        let said: Vec<&str> = more.collect();
        if !said.is_empty() {
            return Some(shortened(&said.join(" ")));
        }
        // All of it is in this line: `<ann@example.org>: 550 no such user`.
        if rest.contains(' ') && rest.contains(|c: char| c.is_ascii_digit()) {
            return Some(shortened(rest));
        }
    }
}

/// In one line, and no longer than it is kept.
pub(super) fn shortened(said: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars()
        .filter(|c| !c.is_control())
        .take(SAID_CHARS)
        .collect()
}

/// What is told, and the mail that came back, which may be none.
fn parted(text: &str) -> (&str, &str) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let lower = line.to_lowercase();
        let end = at + line.len();
        if COPY_BEGINS.iter().any(|begin| lower.contains(begin)) {
            return (
                text.get(..at).unwrap_or_default(),
                text.get(end..).unwrap_or_default(),
            );
        }
        at = end;
    }
    (text, text)
}

/// The addresses in a text.
fn named(text: &str) -> Vec<String> {
    let is_outside = |c: char| c.is_whitespace() || "<>()[],;\"'".contains(c);
    let words = text
        .lines()
        .take(LINES)
        .flat_map(|line| line.split(is_outside));
    let mut found: Vec<String> = Vec::new();
    for word in words.filter(|word| word.contains('@')) {
        if found.len() == NAMED_MOST {
            break;
        }
        let word = word
            .trim_start_matches("mailto:")
            .trim_end_matches(['.', ':']);
        if address::Mailbox::read(word).is_ok() && !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// The line with the first code of a server.
fn first_code(text: &str) -> String {
    let has_code = |line: &&str| super::verdict::enhanced_in(line).is_some();
    let line = text.lines().take(LINES).find(has_code);
    shortened(line.unwrap_or_default())
}

/// A line of a mail that somebody may have quoted.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t'])
}

/// What fields of this name say; a value may stand in the next line.
fn values(header: &[&str], name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, line) in header.iter().enumerate() {
        let Some(start) = line.get(..name.len()) else {
            continue;
        };
        if !start.eq_ignore_ascii_case(name) {
            continue;
        }
        let value = line.get(name.len()..).unwrap_or_default().trim();
        let value = match value {
            "" => header.get(at + 1).copied().unwrap_or_default().trim(),
            value => value,
        };
        found.push(value.to_owned());
    }
    found
}
