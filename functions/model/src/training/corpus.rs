//! The public collection of mails: six thousand from 2002, by folder spam and not. Which class a mail has is told
//! by its folder, its lists' headers, and who sent it.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use mail_parser::{Message, MessageParser};

use super::known::Known;
use super::random::number_of;
use crate::read::Mail;
use bulkhead_shared::class::Class;

const FOLDERS: [&str; 5] = ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"];

/// All mails of a folder of the collection, by name.
pub(super) fn folder(collection: &Path, folder: &str) -> io::Result<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(collection.join("data").join(folder))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "txt") {
            names.push(path);
        }
    }
    names.sort();
    names.into_iter().map(fs::read).collect()
}

/// Every mail of the collection whose class can be told, once.
pub(super) fn mails(collection: &Path) -> io::Result<Vec<Known>> {
    let mut seen = BTreeSet::new();
    let mut mails = Vec::new();
    for name in FOLDERS {
        for message in folder(collection, name)? {
            let Some(class) = class(name, &message) else {
                continue;
            };
            // The same text twice would be learned by heart and then measured.
            let number = number_of(Mail::read(&message).text.as_bytes());
            if seen.insert(number) {
                let fifth = (number % 5) as u8;
                mails.push(Known {
                    class,
                    fifth,
                    message,
                });
            }
        }
    }
    Ok(mails)
}

fn class(folder: &str, message: &[u8]) -> Option<Class> {
    if folder.starts_with("spam") {
        return Some(Class::Spam);
    }
    let message = MessageParser::default().parse(message)?;
    if folder == "hard-ham-1" || is_news(&message) {
        return Some(Class::Newsletter);
    }
    is_of_list(&message).then_some(Class::ListDiscussion)
}

/// News items, each a mail of its own, and headlines of the day.
pub(super) fn is_news(message: &Message<'_>) -> bool {
    let from = message.header_raw("From").unwrap_or_default();
    from.contains("rssfeeds@") || from.contains("pudge@perl.org")
}

fn is_of_list(message: &Message<'_>) -> bool {
    let named = [
        "List-Id",
        "List-Post",
        "X-Mailman-Version",
        "Mailing-List",
        "X-Mailing-List",
    ];
    let sender = message.header_raw("Sender").unwrap_or_default();
    named.iter().any(|name| message.header_raw(*name).is_some())
        || ["-admin@", "-bounces@", "owner-"]
            .iter()
            .any(|part| sender.contains(part))
}
