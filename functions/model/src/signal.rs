//! Signals that need no words: what headers and structure tell. Each has a row of weights of its own, and a
//! text that explains it.

use mail_parser::{Addr, Address, HeaderName, Message, MessagePart, MimeHeaders};

macro_rules! signals {
    ($($name:ident: $text:literal,)*) => {
        /// Something that a mail's headers or structure show.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "each is described by its text")]
        pub enum Signal {
            $($name,)*
        }

        impl Signal {
            /// Every signal, in the order of their rows of weights.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What it says, as the end of “because …”.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

signals! {
    ListId: "it names a mailing list",
    ListPost: "the list takes answers",
    ListUnsubscribe: "it can be unsubscribed from",
    OneClick: "it can be unsubscribed from with one click",
    Bulk: "its header says that it goes to many",
    Automatic: "its header says that a machine wrote it",
    NoReply: "its sender takes no answers",
    RoleSender: "its sender is an office, not a person",
    Calendar: "it brings a calendar entry",
    File: "it has a file",
    Document: "it has a PDF file",
    Answer: "it answers another mail",
    ManyRecipients: "it goes to several people",
    NoRecipient: "it names no recipient",
    OtherReplyTo: "answers go to another domain than its sender's",
    Markup: "it is a designed page without a plain text",
    ManyLinks: "it is full of links",
    Campaign: "its header names a campaign",
    Loud: "its subject shouts",
    Asks: "it asks a question",
    Amount: "it names an amount of money",
    Short: "it is short",
    Returned: "it is a report about a mail",
    NoName: "its sender has no name",
}

/// Letters up to which a text is short.
const SHORT: usize = 160;
/// Links from which on a text is full of them.
const MANY_LINKS: usize = 8;
/// Recipients from which on there are several.
const SEVERAL: usize = 4;

/// The signals of a message, in their order.
pub(crate) fn found(message: &Message<'_>, subject: &str, text: &str) -> Vec<Signal> {
    let all = Signal::ALL.iter().copied();
    let sight = Sight {
        message,
        subject,
        text,
    };
    all.filter(|signal| sight.shows(*signal)).collect()
}

struct Sight<'a> {
    message: &'a Message<'a>,
    subject: &'a str,
    text: &'a str,
}

impl Sight<'_> {
    fn shows(&self, signal: Signal) -> bool {
        match signal {
            Signal::ListId => self.has("List-Id"),
            Signal::ListPost => self.has("List-Post") || self.has("X-Mailman-Version"),
            Signal::ListUnsubscribe => self.has("List-Unsubscribe"),
            Signal::OneClick => self.has("List-Unsubscribe-Post"),
            Signal::Bulk => matches!(self.value("Precedence").as_str(), "bulk" | "list" | "junk"),
            Signal::Automatic => self.is_automatic(),
            Signal::NoReply => self.sender_begins(&[
                "noreply",
                "no-reply",
                "no_reply",
                "donotreply",
                "do-not-reply",
            ]),
            Signal::RoleSender => self.sender_begins(&[
                "info",
                "news",
                "newsletter",
                "service",
                "support",
                "notify",
                "notification",
                "alert",
                "update",
                "billing",
                "invoice",
                "rechnung",
                "order",
                "bestell",
                "hello",
                "team",
                "mailer-daemon",
                "postmaster",
                "security",
                "offers",
                "tracking",
                "account",
            ]),
            Signal::Calendar => self.has_part("text", "calendar"),
            Signal::File => self.message.parts.iter().any(is_file),
            Signal::Document => self.has_part("application", "pdf"),
            Signal::Answer => self.has("In-Reply-To") || self.has("References"),
            Signal::ManyRecipients => self.recipients() >= SEVERAL,
            Signal::NoRecipient => self.recipients() == 0,
            Signal::OtherReplyTo => self.replies_elsewhere(),
            Signal::Markup => self.is_page(),
            Signal::ManyLinks => self.text.matches("http").count() >= MANY_LINKS,
            Signal::Campaign => [
                "Feedback-ID",
                "X-Campaign",
                "X-CampaignID",
                "X-Mailgun-Tag",
                "X-SG-EID",
            ]
            .iter()
            .any(|name| self.has(name)),
            Signal::Loud => is_loud(self.subject),
            Signal::Asks => self.subject.contains('?') || self.text.contains('?'),
            Signal::Amount => names_amount(self.subject) || names_amount(self.text),
            Signal::Short => self.text.chars().count() <= SHORT,
            Signal::Returned => {
                self.has_part("message", "delivery-status") || self.has_part("multipart", "report")
            }
            Signal::NoName => self.sender().is_some_and(|sender| sender.name().is_none()),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.message
            .header_raw(name)
            .is_some_and(|value| !value.trim().is_empty())
    }

    fn value(&self, name: &str) -> String {
        let value = self.message.header_raw(name).unwrap_or_default();
        value.trim().to_ascii_lowercase()
    }

    fn is_automatic(&self) -> bool {
        let automatic = self.value("Auto-Submitted");
        !matches!(automatic.as_str(), "" | "no")
            || self.has("X-Auto-Response-Suppress")
            || self.has("X-Autoreply")
    }

    fn sender(&self) -> Option<&Addr<'_>> {
        self.message.from().and_then(Address::first)
    }

    fn sender_begins(&self, starts: &[&str]) -> bool {
        let address = self.sender().and_then(Addr::address).unwrap_or_default();
        let address = address.to_ascii_lowercase();
        starts.iter().any(|start| address.starts_with(start))
    }

    fn recipients(&self) -> usize {
        let fields = [HeaderName::To, HeaderName::Cc].map(|name| self.message.header(name));
        let fields = fields
            .into_iter()
            .flatten()
            .filter_map(|value| value.as_address());
        fields
            .map(|address| {
                address
                    .iter()
                    .filter(|party| party.address().is_some())
                    .count()
            })
            .sum()
    }

    fn replies_elsewhere(&self) -> bool {
        let domain = |address: Option<&Addr<'_>>| {
            let address = address.and_then(Addr::address)?.rsplit_once('@')?.1;
            Some(address.to_ascii_lowercase())
        };
        let reply = domain(self.message.reply_to().and_then(Address::first));
        match (domain(self.sender()), reply) {
            (Some(from), Some(reply)) => from != reply,
            _ => false,
        }
    }

    fn is_page(&self) -> bool {
        self.message
            .text_body
            .iter()
            .all(|part| self.message.html_body.contains(part))
            && self
                .message
                .html_part(0)
                .is_some_and(mail_parser::MessagePart::is_text_html)
    }

    fn has_part(&self, main: &str, sub: &str) -> bool {
        self.message
            .parts
            .iter()
            .any(|part| part.is_content_type(main, sub))
    }
}

/// Whether most of its letters are capitals, or it ends in more than one exclamation mark.
fn is_loud(subject: &str) -> bool {
    let letters = subject.chars().filter(|c| c.is_alphabetic());
    let (capitals, all) = letters.fold((0, 0), |(capitals, all), c| {
        (capitals + usize::from(c.is_uppercase()), all + 1)
    });
    subject.contains("!!") || (all >= 8 && capitals * 10 > all * 7)
}

fn names_amount(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let signs = ["€", "$", "£", "EUR", "USD"];
    signs.iter().any(|sign| {
        text.match_indices(sign).any(|(at, sign)| {
            let end = at + sign.len();
            let before =
                at.checked_sub(1).is_some_and(digit) || at.checked_sub(2).is_some_and(digit);
            before || digit(end) || digit(end + 1)
        })
    })
}

/// Whether a part is a file.
fn is_file(part: &MessagePart<'_>) -> bool {
    part.attachment_name().is_some()
        || part
            .content_disposition()
            .is_some_and(|how| how.is_attachment())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Mail;

    #[test]
    fn headers_tell_what_no_word_does() {
        let mail = Mail::read(
            b"From: no-reply@shop.example\r\nTo: a@x.example\r\nSubject: SALE SALE!!\r\nList-Id: <a.b>\r\n\
              List-Unsubscribe: <https://x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
              Precedence: Bulk\r\nReply-To: x@other.example\r\n\r\nOnly 5 \xe2\x82\xac!\r\n",
        );
        let expected = [
            Signal::ListId,
            Signal::ListUnsubscribe,
            Signal::OneClick,
            Signal::Bulk,
            Signal::NoReply,
            Signal::OtherReplyTo,
            Signal::Loud,
            Signal::Amount,
            Signal::Short,
            Signal::NoName,
        ];
        assert_eq!(mail.signals, expected);
    }

    #[test]
    fn an_amount_is_a_number_with_a_currency() {
        assert!(names_amount("10 €") && names_amount("$5") && names_amount("EUR 12,00"));
        assert!(!names_amount("€uro") && !names_amount("10 pieces"));
    }
}
