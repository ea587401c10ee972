//! What of a mail stands beneath the reply to it.

use bulkhead_shared::address::Mailbox;
use mail_parser::{DateTime, Message};

use crate::reading::text_of;

/// Lines that are quoted, most.
const LINES: usize = 100;
/// Bytes that are quoted, most: with the longest text of a person's a draft stays below a hundred KB however its
/// letters are encoded.
const BYTES: usize = 8_000;
/// What stands for the rest.
const MORE: &str = "> […]";

/// Who wrote when, and what, each line behind a mark. Nothing where nothing is to be read.
pub(super) fn quoted(mail: &Message<'_>, by: &Mailbox) -> String {
    let text = text_of(mail);
    let text = text.trim_end();
    if text.trim().is_empty() {
        return String::new();
    }
    let mut quoted = attribution(mail, by);
    let mut left = BYTES;
    for (place, line) in text.lines().enumerate() {
        let line: String = line
            .chars()
            .filter(|c| !c.is_control() || *c == '\t')
            .collect();
        let line = line.trim_end();
        if place == LINES || line.len() > left {
            quoted.push('\n');
            quoted.push_str(MORE);
            break;
        }
        left -= line.len();
        quoted.push_str(match line {
            "" => "\n>",
            line if line.starts_with('>') => "\n>",
            _ => "\n> ",
        });
        quoted.push_str(line);
    }
    quoted.push('\n');
    quoted
}

/// In no language, for that of the mail is not known.
fn attribution(mail: &Message<'_>, by: &Mailbox) -> String {
    let who = match by.name.is_empty() {
        true => by.address.to_string(),
        false => by.name.clone(),
    };
    match mail.date() {
        Some(date) => format!("{who}, {}:", moment(date)),
        None => format!("{who}:"),
    }
}

/// As the sender's clock showed it.
pub(super) fn moment(at: &DateTime) -> String {
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        at.year, at.month, at.day, at.hour, at.minute
    )
}
