//! Replies as they are drafted: to whoever takes an answer, in the thread of the mail, with the text that was given
//! above a part of what it answers.
//!
//! The mail is untrusted: of it only addresses, ids, one line of a subject and quoted lines get into a draft, each
//! bounded. Who is never answered follows RFC 3834, section 2, although a person sends the draft: a reply to a list or
//! a program is one that nobody wants to find among their drafts.

mod quote;
mod text;
mod thread;
mod whom;

use std::collections::BTreeMap;

use bulkhead_shared::address::Mailbox;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use mail_parser::{Message, MessageParser};

use super::build;
use super::headers;
use crate::ports::{Envelope, Letter};

pub(crate) use text::check as check_reply;

/// Bytes of a mail that are read for a reply: headers, and a text far longer than what is quoted.
pub(crate) const REPLY_READ: usize = 64 << 10;
/// Digits of what tells drafts apart in their ids: 128 bits.
const KEY_DIGITS: usize = 32;
/// The domain of ids where an account has none: nobody's (RFC 2606).
const NO_DOMAIN: &str = "drafts.invalid";

/// The id of the draft that a job makes for a mail: the same however often it is tried. `own` is the address under
/// which the account signs in.
pub(crate) fn reply_id(
    job: &JobId,
    mail: &ItemId,
    own: Option<&str>,
) -> Result<ItemId, ItemReason> {
    let mut key = sha256_hex(format!("{job}\n{mail}").as_bytes());
    key.truncate(KEY_DIGITS);
    let domain = own.and_then(|own| Mailbox::read(own).ok());
    let domain = domain.and_then(|own| build::ascii(&own.address));
    let domain = domain.as_ref().map_or(NO_DOMAIN, |own| own.domain());
    super::id(&format!("draft-{key}"), domain)
}

/// What a reply is made of.
pub(crate) struct ReplySource<'a> {
    /// The mail's beginning.
    pub(crate) beginning: &'a [u8],
    /// The address under which the account signs in, or what it calls itself there.
    pub(crate) own: Option<&'a str>,
    /// The text, as a template.
    pub(crate) text: &'a str,
}

/// The draft of a reply; or why there is none.
pub(crate) fn reply(
    id: ItemId,
    source: &ReplySource<'_>,
    now: Timestamp,
) -> Result<Letter, ItemReason> {
    let mail = MessageParser::default().parse(source.beginning);
    let mail = mail.ok_or(ItemReason::NobodyToAnswer)?;
    let header = crate::header::header_of(source.beginning);
    let parties = whom::parties(&mail, header, source.own)?;
    let first = parties.to.first().ok_or(ItemReason::NobodyToAnswer)?;
    let said = text::fill(source.text, &values(&mail, first))?;
    let quoted = quote::quoted(&mail, first);
    let body = match quoted.is_empty() {
        true => said,
        false => format!("{}\n\n{quoted}", said.trim_end()),
    };
    let bytes = message(&id, &mail, &parties, &body, now);
    Ok(Letter {
        id,
        envelope: Envelope {
            from: parties
                .from
                .map_or_else(String::new, |from| from.address.to_string()),
            to: first.address.to_string(),
        },
        bytes: bytes.map_err(|_| ItemReason::Internal)?,
    })
}

/// What a text can say of the mail.
fn values(mail: &Message<'_>, to: &Mailbox) -> BTreeMap<&'static str, String> {
    let name = match to.name.is_empty() {
        true => to.address.local().to_owned(),
        false => to.name.clone(),
    };
    let first = name.split_whitespace().next().unwrap_or(&name);
    BTreeMap::from([
        ("first_name", first.trim_end_matches(',').to_owned()),
        ("name", name.clone()),
        ("address", to.address.to_string()),
        ("subject", thread::bare_subject(mail)),
        ("date", mail.date().map_or_else(String::new, quote::moment)),
    ])
}

fn message(
    id: &ItemId,
    mail: &Message<'_>,
    parties: &whom::Parties,
    body: &str,
    now: Timestamp,
) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut header = |name: &str, text: &str| headers::write(&mut out, name, text);
    header("Date", &build::date(now));
    if let Some(from) = &parties.from {
        header("From", &headers::mailbox(from));
    }
    let to: Vec<String> = parties.to.iter().map(headers::mailbox).collect();
    header("To", &to.join(", "));
    header("Message-ID", &format!("<{id}>"));
    header("Subject", &headers::text(&thread::subject(mail)));
    if let Some(answered) = thread::id(mail) {
        header("In-Reply-To", &format!("<{answered}>"));
    }
    let references = thread::references(mail);
    if !references.is_empty() {
        header("References", &references);
    }
    header("MIME-Version", "1.0");
    build::part("text/plain", body).write_part(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests;
