//! What is read of a message: signals from its headers and structure, its subject, and the beginning of its text.

use mail_parser::{Message, MessageParser};

use crate::signal::{self, Signal};

/// Bytes of a message that are looked at, from its beginning: enough for its headers and its text, and for the
/// parser to be quick whatever is attached.
pub const MESSAGE_BYTES: usize = 96 << 10;
/// Characters of its text that count.
const TEXT_CHARS: usize = 3_000;
/// Characters of its subject that count.
const SUBJECT_CHARS: usize = 250;

/// A message as it is looked at.
pub(crate) struct Mail {
    pub(crate) signals: Vec<Signal>,
    pub(crate) subject: String,
    /// What its sender wrote: without quotes and what stands below the line of dashes.
    pub(crate) text: String,
}

impl Mail {
    /// Reads a message from its beginning.
    pub(crate) fn read(message: &[u8]) -> Self {
        let start = message.get(..MESSAGE_BYTES).unwrap_or(message);
        match MessageParser::default().parse(start) {
            Some(message) => Self::of(&message),
            None => Self::of_text(&String::from_utf8_lossy(start)),
        }
    }

    fn of(message: &Message<'_>) -> Self {
        let subject: String = message
            .subject()
            .unwrap_or_default()
            .chars()
            .take(SUBJECT_CHARS)
            .collect();
        let text = message.body_text(0);
        let text = written(text.as_deref().unwrap_or_default());
        Self {
            signals: signal::found(message, &subject, &text),
            subject,
            text,
        }
    }

    fn of_text(text: &str) -> Self {
        Self {
            signals: Vec::new(),
            subject: String::new(),
            text: written(text),
        }
    }

    /// Whether there is nothing in it at all.
    pub(crate) fn is_empty(&self) -> bool {
        let blank = |text: &str| !text.contains(char::is_alphanumeric);
        blank(&self.subject) && blank(&self.text)
    }
}

/// The beginning of what somebody wrote: no quoted lines, nothing from the line of dashes on that begins a
/// signature (RFC 3676, section 4.3).
fn written(text: &str) -> String {
    let mut kept = String::with_capacity(text.len().min(2 * TEXT_CHARS));
    let mut chars = 0;
    for line in text.lines() {
        if line == "-- " || line == "--" || line.starts_with("____") {
            break;
        }
        if line.trim_start().starts_with('>') {
            continue;
        }
        for c in line.chars() {
            if chars == TEXT_CHARS {
                return kept;
            }
            kept.push(c);
            chars += 1;
        }
        kept.push('\n');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_signatures_are_somebody_elses_words() {
        let mail = Mail::read(b"Subject: a\r\n\r\nmine\r\n> yours\r\nmine\r\n-- \r\nJob title\r\n");
        assert_eq!(mail.subject, "a");
        assert_eq!(mail.text, "mine\nmine\n");
    }

    #[test]
    fn what_is_no_mail_is_read_all_the_same() {
        assert!(Mail::read(b"").is_empty());
        assert!(Mail::read(&[0, 255, 13, 10, 0]).is_empty());
        let long = "wort ".repeat(10_000);
        let mail = Mail::read(format!("Subject: a\r\n\r\n{long}").as_bytes());
        assert_eq!(mail.text.trim_end().chars().count(), TEXT_CHARS - 1);
    }
}
