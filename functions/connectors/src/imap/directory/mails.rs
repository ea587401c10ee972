//! Mails of a folder, as far as it takes to tell which of two folders' mails are the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::imap::fault::Fault;
use crate::imap::fetched::Fetched;
use crate::imap::messages::{self, Messages};
use crate::imap::session::Session;

/// What is fetched to tell which mails are the same.
const ITEMS: &str = "UID FLAGS INTERNALDATE EMAILID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]";

/// A mail, as far as it takes to tell whether two are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mail {
    pub(super) uid: u32,
    /// The same for the same bytes, in any folder.
    pub(super) content: String,
    /// Its Message-ID; none if it has none.
    pub(super) message_id: Option<String>,
    pub(super) received: Option<Timestamp>,
    pub(super) seen: bool,
}

impl Mail {
    /// The mail that was fetched; none if the server did not tell what it is.
    pub(super) fn of(fetched: &Fetched) -> Option<Self> {
        let header = fetched.header.as_deref().unwrap_or_default();
        Some(Self {
            uid: fetched.uid,
            content: fetched.guid.clone()?,
            message_id: message_id(header),
            received: fetched.received,
            seen: fetched.flags.as_ref()?.contains("\\Seen"),
        })
    }

    /// The same for two that are the same mail.
    pub(super) fn key(&self) -> &str {
        self.message_id.as_deref().unwrap_or(&self.content)
    }
}

/// What stands in the field `Message-ID`, without blanks.
fn message_id(header: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(header);
    let (_, value) = text.split_once(':')?;
    let value: String = value.split_whitespace().collect();
    (!value.is_empty()).then_some(value)
}

/// All mails of the open folder, in the order of their UIDs.
pub(super) async fn mails(session: &mut Session) -> Result<Vec<Mail>, Fault> {
    let mut told = Messages::new();
    messages::fetch_set(session, "1:*", ITEMS, "", &mut told).await?;
    let mails = told.values().map(Mail::of);
    mails.collect::<Option<Vec<Mail>>>().ok_or(Fault::Senseless)
}

/// What a copy that was never answered did: on Cyrus all of it, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arrival {
    /// All is there: UIDs of the copies by those of what was copied.
    All(BTreeMap<u32, u32>),
    Nothing,
    /// Some of it is there, and nobody tells where from.
    Unclear,
}

/// Looks for copies of these mails among those that came since: all of them, one behind the other.
pub(super) fn arrival(asked: &[Mail], came: &[Mail]) -> Arrival {
    let is_run = |run: &&[Mail]| {
        let mut pairs = run.iter().zip(asked);
        pairs.all(|(one, other)| one.content == other.content)
    };
    let run = came.windows(asked.len().max(1)).find(is_run);
    if let Some(run) = run.filter(|_| !asked.is_empty()) {
        let pairs = asked.iter().zip(run);
        return Arrival::All(pairs.map(|(from, to)| (from.uid, to.uid)).collect());
    }
    let contents: BTreeSet<&str> = asked.iter().map(|mail| mail.content.as_str()).collect();
    let is_known = |mail: &Mail| contents.contains(mail.content.as_str());
    match came.iter().any(is_known) {
        true => Arrival::Unclear,
        false => Arrival::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_there_whole_or_not_at_all_or_nobody_knows() {
        let mail = |uid, content: &str| Mail {
            uid,
            content: content.to_owned(),
            message_id: None,
            received: None,
            seen: false,
        };
        let asked = [mail(1, "a"), mail(3, "b")];
        let all = [mail(9, "x"), mail(10, "a"), mail(11, "b")];
        assert_eq!(
            arrival(&asked, &all),
            Arrival::All(BTreeMap::from([(1, 10), (3, 11)]))
        );
        assert_eq!(arrival(&asked, &all[..1]), Arrival::Nothing);
        assert_eq!(arrival(&asked, &all[..2]), Arrival::Unclear);
        assert_eq!(arrival(&[], &all), Arrival::Nothing);
    }

    #[test]
    fn a_message_id_is_read_whatever_stands_around_it() {
        for header in [
            "Message-ID: <a@b>\r\n\r\n",
            "message-id:<a@b>\r\n\r\n",
            "MESSAGE-ID:\r\n <a@b>\r\n\r\n",
        ] {
            assert_eq!(message_id(header.as_bytes()).as_deref(), Some("<a@b>"));
        }
        for none in ["", "\r\n", "Message-ID: \r\n\r\n"] {
            assert_eq!(message_id(none.as_bytes()), None);
        }
    }
}
