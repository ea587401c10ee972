//! Schema 4, the first in which headers are kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::records::pack::Unreadable;
use crate::records::scan::{ScannedFolder, ScannedMail, ScannedSender};

/// Columns rather than rows: what is alike stands side by side, and deflates to a few bytes a mail.
#[derive(Serialize, Deserialize)]
pub(super) struct Headers {
    name: String,
    mark: Option<String>,
    next: Option<String>,
    senders: Vec<Sender>,
    /// Each as the difference to the one before.
    keys: Vec<i64>,
    from: Vec<u32>,
    /// Seconds, each as the difference to the one before.
    received: Vec<i64>,
    sizes: Vec<u64>,
    /// [`UNREAD`], [`STARRED`] and [`ANSWERED`].
    marks: Vec<u8>,
}

const UNREAD: u8 = 1;
const STARRED: u8 = 2;
const ANSWERED: u8 = 4;

#[derive(Serialize, Deserialize)]
struct Sender {
    address: String,
    name: String,
    list: Option<String>,
    unsubscribe: bool,
    automatic: bool,
}

impl From<&ScannedFolder> for Headers {
    fn from(folder: &ScannedFolder) -> Self {
        let senders = folder.senders.iter().map(|sender| Sender {
            address: sender.address.clone(),
            name: sender.name.clone(),
            list: sender.list.clone(),
            unsubscribe: sender.unsubscribe,
            automatic: sender.automatic,
        });
        let mails = &folder.mails;
        let mark = |is: bool, bit: u8| if is { bit } else { 0 };
        Self {
            name: folder.name.clone(),
            mark: folder.mark.clone(),
            next: folder.next.clone(),
            senders: senders.collect(),
            keys: differences(mails.iter().map(|mail| mail.key.cast_signed())),
            from: mails.iter().map(|mail| mail.sender).collect(),
            received: differences(mails.iter().map(|mail| mail.received.as_second())),
            sizes: mails.iter().map(|mail| mail.size).collect(),
            marks: mails
                .iter()
                .map(|mail| {
                    mark(mail.unread, UNREAD)
                        | mark(mail.starred, STARRED)
                        | mark(mail.answered, ANSWERED)
                })
                .collect(),
        }
    }
}

impl TryFrom<Headers> for ScannedFolder {
    type Error = Unreadable;
    fn try_from(stored: Headers) -> Result<Self, Unreadable> {
        let damaged = |what| Unreadable::Damaged(what, None);
        let count = stored.keys.len();
        let lengths = [
            stored.from.len(),
            stored.received.len(),
            stored.sizes.len(),
            stored.marks.len(),
        ];
        if lengths.iter().any(|length| *length != count) {
            return Err(damaged("it has not one for each mail"));
        }
        let senders: Vec<ScannedSender> = stored.senders.into_iter().map(Into::into).collect();
        if stored
            .from
            .iter()
            .any(|from| *from as usize >= senders.len())
        {
            return Err(damaged("it names a sender that is not there"));
        }
        let rest = stored.from.into_iter().zip(stored.sizes).zip(stored.marks);
        let times = sums(stored.received).zip(sums(stored.keys));
        let mails = times
            .zip(rest)
            .map(|((second, key), ((sender, size), marks))| {
                Ok(ScannedMail {
                    key: key.cast_unsigned(),
                    sender,
                    received: Timestamp::from_second(second)
                        .map_err(|_| damaged("a time is none"))?,
                    size,
                    unread: marks & UNREAD != 0,
                    starred: marks & STARRED != 0,
                    answered: marks & ANSWERED != 0,
                })
            });
        Ok(Self {
            mails: mails.collect::<Result<_, Unreadable>>()?,
            name: stored.name,
            mark: stored.mark,
            next: stored.next,
            senders,
        })
    }
}

impl From<Sender> for ScannedSender {
    fn from(stored: Sender) -> Self {
        Self {
            address: stored.address,
            name: stored.name,
            list: stored.list,
            unsubscribe: stored.unsubscribe,
            automatic: stored.automatic,
        }
    }
}

fn differences(numbers: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut last = 0_i64;
    let difference = |number: i64| number.wrapping_sub(std::mem::replace(&mut last, number));
    numbers.map(difference).collect()
}

fn sums(differences: Vec<i64>) -> impl Iterator<Item = i64> {
    differences.into_iter().scan(0_i64, |last, difference| {
        *last = last.wrapping_add(difference);
        Some(*last)
    })
}
