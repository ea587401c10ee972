//! What a mail says that came because another one could not be delivered (RFC 3464), or was called spam (RFC 5965).

use bulkhead_shared::address::{self, Mailbox};
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::fields::{Group, addresses, groups};
use super::text;
use super::verdict::enhanced_in;
use crate::letters::{Enhanced, key_of};

/// Ids of mails that one report may name.
const IDS_MOST: usize = 20;
/// Recipients of whom one report may tell.
const FAILURES_MOST: usize = 100;

/// A report.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The ids of the mails that it may be about, without brackets.
    pub(super) message_ids: Vec<String>,
    failures: Vec<Failure>,
    /// It has fields for programs, so its text is for people alone.
    has_fields: bool,
    /// Whom the mail was for, by its own header.
    returned_to: Vec<String>,
}

/// What is told of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// The addresses that it may be written under.
    recipients: Vec<String>,
    /// It was called spam, and not sent back.
    pub(super) is_complaint: bool,
    pub(super) status: Option<Enhanced>,
    /// In the words of a server, shortened.
    pub(super) said: String,
}

/// Reads a report; none if it tells of no mail that came back.
pub(super) fn read(bytes: &[u8]) -> Option<Report> {
    let message = MessageParser::default().parse(bytes)?;
    let mut report = Report::default();
    for part in &message.parts {
        report.take(part);
    }
    let words = message.body_text(0).unwrap_or_default();
    if !report.has_fields {
        report.take_text(&message, &words);
    } else {
        report.name_the_mail(&message);
        report.say_more(&words);
    }
    report.message_ids.truncate(IDS_MOST);
    report.failures.truncate(FAILURES_MOST);
    (!report.failures.is_empty() && !report.message_ids.is_empty()).then_some(report)
}

impl Report {
    /// What it tells of whoever has this address; none if it names somebody else.
    pub(super) fn of(&self, address: &str) -> Option<&Failure> {
        let is_it = |text: &String| {
            let key = Mailbox::read(text).ok().and_then(|it| key_of(&it.address));
            // Servers change the case of what stands before the @.
            key.is_some_and(|key| key.eq_ignore_ascii_case(address))
        };
        let named = self
            .failures
            .iter()
            .find(|it| it.recipients.iter().any(is_it));
        named.or_else(|| match &self.failures[..] {
            // Sent on to another address, which the report names instead.
            [only] if self.returned_to.iter().any(is_it) => Some(only),
            _ => None,
        })
    }

    fn take(&mut self, part: &MessagePart<'_>) {
        if let PartType::Message(returned) = &part.body {
            return self.take_returned(returned);
        }
        let kind = part.content_type().map(|kind| {
            let subtype = kind.c_subtype.as_deref().unwrap_or_default();
            format!("{}/{subtype}", kind.c_type).to_lowercase()
        });
        let text = || String::from_utf8_lossy(part.contents()).into_owned();
        match kind.as_deref() {
            Some("message/delivery-status" | "message/global-delivery-status") => {
                self.take_status(&groups(&text()));
            }
            Some("message/feedback-report") => self.take_complaint(&groups(&text())),
            Some("text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers") => {
                if let Some(returned) = MessageParser::default().parse_headers(part.contents()) {
                    self.take_returned(&returned);
                }
            }
            _ => {}
        }
    }

    /// The mail that came back, or its header.
    fn take_returned(&mut self, returned: &Message<'_>) {
        self.message_ids
            .extend(returned.message_id().map(str::to_owned));
        let to = returned.to().and_then(Address::first);
        let to = to.and_then(|to| to.address.as_deref());
        self.returned_to.extend(to.map(str::to_owned));
    }

    /// A group about the mail, and one about each recipient.
    fn take_status(&mut self, groups: &[Group]) {
        self.has_fields = true;
        for group in groups {
            let id = ["original-message-id", "x-original-message-id"];
            let id = id.iter().find_map(|name| group.get(name));
            self.message_ids.extend(id.map(bare));
            let named = ["original-recipient", "final-recipient"];
            let named = named.iter().filter_map(|name| group.get(name));
            let recipients: Vec<String> = named.flat_map(addresses).collect();
            let status = group.get("status").and_then(enhanced_in);
            let failed = match group.get("action") {
                Some(action) => action.to_lowercase().starts_with("failed"),
                None => status.is_some_and(|(class, _, _)| class == 5),
            };
            if failed && !recipients.is_empty() {
                let said = group.get("diagnostic-code").unwrap_or_default();
                let said = said.split_once(';').map_or(said, |(_, said)| said);
                self.failures.push(Failure {
                    recipients,
                    is_complaint: false,
                    status,
                    said: text::shortened(said),
                });
            }
        }
    }

    /// What a provider tells of whoever pressed its button for spam.
    fn take_complaint(&mut self, groups: &[Group]) {
        self.has_fields = true;
        let fields = groups.iter();
        let get = |name: &str| fields.clone().find_map(|group| group.get(name));
        if !get("feedback-type").is_some_and(|kind| kind.eq_ignore_ascii_case("abuse")) {
            return;
        }
        let recipient = get("original-rcpt-to").map(addresses);
        self.failures.push(Failure {
            recipients: recipient.unwrap_or_default(),
            is_complaint: true,
            status: None,
            said: String::new(),
        });
    }

    /// What the report's own header says of the mail that it is about.
    fn name_the_mail(&mut self, message: &Message<'_>) {
        for header in ["In-Reply-To", "References", "X-Original-Message-ID"] {
            let value = message.header_raw(header).unwrap_or_default();
            self.message_ids.extend(value.split_whitespace().map(bare));
        }
    }

    /// Where the fields do not tell why, the text does.
    fn say_more(&mut self, words: &str) {
        for failure in &mut self.failures {
            if failure.said.is_empty() && !failure.is_complaint {
                let told = failure.recipients.iter();
                let told = told.filter_map(|whom| text::said_of(words, whom)).next();
                failure.said = told.unwrap_or_default();
            }
        }
    }

    /// A report without fields.
    fn take_text(&mut self, message: &Message<'_>, words: &str) {
        let failed = message
            .header_raw("X-Failed-Recipients")
            .unwrap_or_default();
        let is_from_server = !failed.is_empty() || is_from_server(message);
        if !is_from_server || !text::is_failure(words) {
            return;
        }
        let told = text::read(words);
        let mut recipients = told.recipients;
        recipients.extend(failed.split(',').map(|it| it.trim().to_owned()));
        let ids = told.message_ids.iter();
        self.message_ids.extend(ids.map(|id| bare(id)));
        let to = told.returned_to.iter().flat_map(|to| address::list(to));
        let to = to.filter_map(|(_, to)| Some(to.ok()?.address.to_string()));
        self.returned_to.extend(to);
        self.name_the_mail(message);
        self.failures.push(Failure {
            recipients,
            is_complaint: false,
            status: enhanced_in(&told.said),
            said: told.said,
        });
    }
}

/// Whether a mail is from a server, and from nobody.
fn is_from_server(message: &Message<'_>) -> bool {
    const SERVERS: [&str; 6] = [
        "mailer-daemon",
        "mail-daemon",
        "maildaemon",
        "postmaster",
        "mdaemon",
        "microsoftexchange",
    ];
    let from = message.from().and_then(Address::first);
    let from = from.and_then(|from| from.address.as_deref());
    let from = from.unwrap_or_default().to_lowercase();
    let bounced_to = message.header_raw("Return-Path").map(str::trim);
    SERVERS.iter().any(|server| from.starts_with(server)) || bounced_to == Some("<>")
}

/// An id without its brackets.
fn bare(id: &str) -> String {
    id.trim()
        .trim_start_matches('<')
        .trim_end_matches('>')
        .to_owned()
}
