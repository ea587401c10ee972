//! Lists that somebody wants no more mails from, and how each is asked for that (RFC 2369, RFC 8058).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::outcome::ItemReason;
use crate::words;

/// After so long nothing more may come of a list that was asked. Laws and large providers give senders two days to
/// ten (16 CFR 316.5, Gmail's rules for senders); what comes later comes although it was asked.
const PATIENCE: SignedDuration = SignedDuration::from_hours(10 * 24);

/// A list or sender behind some mails, and how it is asked to write no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailingList {
    /// Names it: the id of the list in small letters (RFC 2919), or the sender's address where it has none. Addresses
    /// to unsubscribe at name nothing: most are another for each mail.
    pub key: String,
    /// What a person knows it by: the sender's name, or the address.
    pub name: String,
    /// The sender's bare address in small letters; empty if there is none.
    #[serde(default)]
    pub address: String,
    /// How many of the mails came by it.
    pub mails: u64,
    pub way: Way,
    /// When it was asked the last time, by an earlier job.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    pub asked_at: Option<Timestamp>,
}

impl MailingList {
    /// As it is stored with a job.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts and numbers alone: this cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What [`MailingList::to_bytes`] wrote.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// How a list is asked, or why it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Way {
    /// By one request to this page (RFC 8058).
    OneClick {
        url: String,
        host: String,
        /// The server of the account that says that the signature is good, by its own name.
        vouched_by: String,
        /// The domain that signed what the mail says of unsubscribing.
        signed_by: String,
    },
    /// By a mail (RFC 2369).
    Mail {
        to: String,
        from: String,
        subject: String,
        body: String,
    },
    /// Not asked: it names only a page, which a person may open.
    WebPage { url: String },
    /// Not asked: it could be asked by one request, but nothing proves that the page belongs to whoever wrote the mail.
    NotTrusted { url: String, why: Distrust },
    /// Not asked: it takes mails, and the account sends none.
    CannotSend { to: String },
    /// Not asked: its mails do not say how.
    NotTold,
    /// Not asked: it is spam, and an answer tells its sender that somebody reads it.
    Spam,
}

impl Way {
    /// Why it is not asked; none where it is.
    pub fn obstacle(&self) -> Option<ItemReason> {
        match self {
            Self::OneClick { .. } | Self::Mail { .. } => None,
            Self::WebPage { .. } => Some(ItemReason::WebPageOnly),
            Self::NotTrusted { .. } => Some(ItemReason::NotTrusted),
            Self::CannotSend { .. } => Some(ItemReason::CannotSend),
            Self::NotTold => Some(ItemReason::NoUnsubscribe),
            Self::Spam => Some(ItemReason::FromSpam),
        }
    }

    /// In a few words, for a list.
    pub fn text(&self) -> String {
        match self {
            Self::OneClick { host, .. } => words::unsubscribe_way_one_click(host),
            Self::Mail { to, .. } => words::unsubscribe_way_mail(to),
            Self::WebPage { .. } => words::unsubscribe_way_web_page().to_owned(),
            Self::NotTrusted { why, .. } => words::unsubscribe_way_not_trusted(why.text()),
            Self::CannotSend { to } => words::unsubscribe_way_cannot_send(to),
            Self::NotTold => words::unsubscribe_way_not_told().to_owned(),
            Self::Spam => words::unsubscribe_way_spam().to_owned(),
        }
    }
}

/// Why a page is not trusted that could be asked by one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Distrust {
    /// The account's own server does not say that it checked a signature.
    NotChecked,
    /// No signature that it found good covers what the mail says of unsubscribing.
    NotCovered,
    /// The mail says twice how to unsubscribe: one of them may be somebody else's.
    Ambiguous,
}

impl Distrust {
    /// The end of a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::NotChecked => words::distrust_not_checked(),
            Self::NotCovered => words::distrust_not_covered(),
            Self::Ambiguous => words::distrust_ambiguous(),
        }
    }
}

/// That a list was asked to write no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unsubscribed {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// Whether its server said yes. If not, the answer was lost.
    pub answered: bool,
    /// Whether mails came later than ten days after that.
    pub still_comes: bool,
}

impl Unsubscribed {
    /// Of a list that was asked then, and whose last mail came at `latest`.
    pub fn of(at: Timestamp, answered: bool, latest: Option<Timestamp>) -> Self {
        Self {
            at,
            answered,
            still_comes: latest.is_some_and(|latest| latest > at + PATIENCE),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_comes_ten_days_later_comes_although_it_was_asked() {
        let at: Timestamp = "2026-11-27T00:00:00Z".parse().unwrap();
        let comes = |latest: Option<&str>| {
            let latest = latest.map(|latest| latest.parse().unwrap());
            Unsubscribed::of(at, true, latest).still_comes
        };
        assert!(!comes(None));
        assert!(!comes(Some("2026-12-07T00:00:00Z")));
        assert!(comes(Some("2026-12-07T00:00:01Z")));
    }

    #[test]
    fn each_way_to_ask_is_told_in_a_few_words_and_each_distrust_with_its_reason() {
        let url = || "https://x.example/u".to_owned();
        let distrusted = |why| Way::NotTrusted { url: url(), why };
        let one_click = Way::OneClick {
            url: url(),
            host: "x.example".to_owned(),
            vouched_by: "mx.example.org".to_owned(),
            signed_by: "lists.example".to_owned(),
        };
        let by_mail = Way::Mail {
            to: "leave@x.example".to_owned(),
            from: "me@example.org".to_owned(),
            subject: "bye".to_owned(),
            body: String::new(),
        };
        let cannot_send = Way::CannotSend {
            to: "leave@x.example".to_owned(),
        };
        for (way, text) in [
            (one_click, "One request to x.example"),
            (by_mail, "A mail to leave@x.example"),
            (
                Way::WebPage { url: url() },
                "Only by a web page, which is not opened from here",
            ),
            (
                distrusted(Distrust::NotChecked),
                "Not trustworthy: your mail server does not vouch for it",
            ),
            (
                distrusted(Distrust::NotCovered),
                "Not trustworthy: no valid signature covers it",
            ),
            (
                distrusted(Distrust::Ambiguous),
                "Not trustworthy: the mail says it twice",
            ),
            (
                cannot_send,
                "By a mail to leave@x.example, but this account sends none",
            ),
            (Way::NotTold, "Its mails do not say how"),
            (
                Way::Spam,
                "Spam: an answer would tell its sender that somebody reads it",
            ),
        ] {
            assert_eq!(way.text(), text);
        }
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let list = MailingList {
            key: "news.example".to_owned(),
            name: "News".to_owned(),
            address: "news@example.org".to_owned(),
            mails: 3,
            way: Way::NotTrusted {
                url: "https://example.org/u".to_owned(),
                why: Distrust::NotCovered,
            },
            asked_at: None,
        };
        assert_eq!(MailingList::of_bytes(&list.to_bytes()), Some(list));
        assert_eq!(MailingList::of_bytes(b"{}"), None);
    }
}
