//! Where a reply belongs: its subject, and the ids of what it answers (RFC 5322, section 3.6.4).

use bulkhead_shared::limits::SUBJECT_BYTES;
use mail_parser::{HeaderValue, Message};

/// What stands before the subject of a reply, in the languages in which mail programs write it; always without its
/// colon, and with whatever number stands behind it: `Re[2]`, `Re*2`, `Re^2`.
const REPLIED: [&str; 7] = ["re", "aw", "antw", "sv", "odp", "ref", "vs"];
/// Ids that are named, most: the first, which began the thread, and the last ones.
const REFERENCES: usize = 20;
/// Bytes of all ids together, most: some servers take no more than 4 KB of all headers.
const REFERENCES_BYTES: usize = 2_000;
/// Bytes of an id, most: a line of a header holds no more (RFC 5322, section 2.1.1).
const ID_BYTES: usize = 900;

/// The id of a mail; none where it has none that can be written.
pub(super) fn id<'a>(mail: &'a Message<'_>) -> Option<&'a str> {
    mail.message_id().filter(|id| is_id(id))
}

/// The ids of the thread up to the mail, the mail's own last; nothing where it has none.
pub(super) fn references(mail: &Message<'_>) -> String {
    let Some(own) = id(mail) else {
        return String::new();
    };
    let before = match ids(mail.references()) {
        // What a mail answers is its thread only where it is one mail.
        none if none.is_empty() => match ids(mail.in_reply_to()) {
            one if one.len() == 1 => one,
            _ => Vec::new(),
        },
        ids => ids,
    };
    let mut all: Vec<&str> = before.into_iter().filter(|it| *it != own).collect();
    all.push(own);
    let is_too_long = |all: &[&str]| {
        let bytes: usize = all.iter().map(|id| id.len() + "<> ".len()).sum();
        all.len() > REFERENCES || bytes > REFERENCES_BYTES
    };
    // The oldest but the first go first. That one and the mail's own always fit.
    const { assert!(REFERENCES >= 2 && 2 * (ID_BYTES + "<> ".len()) <= REFERENCES_BYTES) };
    while is_too_long(&all) {
        all.remove(1);
    }
    let all = all.into_iter().map(|id| format!("<{id}>"));
    all.collect::<Vec<_>>().join(" ")
}

fn ids<'a>(value: &'a HeaderValue<'_>) -> Vec<&'a str> {
    let all = value.as_text_list().unwrap_or_default().iter();
    all.map(AsRef::as_ref).filter(|id| is_id(id)).collect()
}

/// Whether it can be written between brackets and stays one.
fn is_id(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>".contains(&byte);
    !id.is_empty() && id.len() <= ID_BYTES && id.bytes().all(is_plain)
}

/// The subject of the reply.
pub(super) fn subject(mail: &Message<'_>) -> String {
    format!("Re: {}", bare_subject(mail)).trim_end().to_owned()
}

/// The subject of the mail on one line, without what says that it is a reply itself.
pub(super) fn bare_subject(mail: &Message<'_>) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let subject: String = mail
        .subject()
        .unwrap_or_default()
        .chars()
        .map(visible)
        .collect();
    let words: Vec<&str> = subject.split_whitespace().collect();
    let subject = words.join(" ");
    let mut bare = subject.as_str();
    while let Some(rest) = without_replied(bare) {
        bare = rest;
    }
    let most = SUBJECT_BYTES - "Re: ".len();
    bare.get(..bare.floor_char_boundary(most))
        .unwrap_or_default()
        .to_owned()
}

/// What follows `Re:`, `AW:` or `Re[2]:`; none where it begins with something else.
fn without_replied(subject: &str) -> Option<&str> {
    let (word, rest) = subject.split_once(':')?;
    let word = word.trim_end();
    let word = match word.split_once(['[', '(', '*', '^']) {
        Some((word, number)) if is_number(number) => word,
        Some(_) => return None,
        None => word,
    };
    let is_one = REPLIED.iter().any(|it| word.eq_ignore_ascii_case(it));
    is_one.then(|| rest.trim_start())
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_end_matches([']', ')']);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
