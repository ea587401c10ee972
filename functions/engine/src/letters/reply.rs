//! Replies as they are drafted: to whoever takes an answer, in the thread of the mail, with the text that was given
//! above a part of what it answers.
//!
//! The mail is untrusted: of it only addresses, ids, one line of a subject and quoted lines get into a draft, each
//! bounded. Who is never answered follows RFC 3834, section 2, although a person sends the draft: a reply to a list or
//! a program is one that nobody wants to find among their drafts.

mod own;
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

pub(crate) use own::own_mails;
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

/// A reply but for its text: all of it that follows from the mail.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    id: ItemId,
    /// As whom, and to whom first.
    envelope: Envelope,
    /// Headers as they are written, in their order.
    headers: Vec<(&'static str, String)>,
    /// What a template can say of the mail.
    values: BTreeMap<&'static str, String>,
    /// What stands beneath the text; empty where nothing does.
    quoted: String,
}

impl Frame {
    /// That of the reply to the mail that begins like this; or why there is none. `own` is the address under which the
    /// account signs in, or what it calls itself there.
    pub(crate) fn of(id: ItemId, beginning: &[u8], own: Option<&str>) -> Result<Self, ItemReason> {
        let mail = MessageParser::default().parse(beginning);
        let mail = mail.ok_or(ItemReason::NobodyToAnswer)?;
        let header = crate::header::header_of(beginning);
        let parties = whom::parties(&mail, header, own)?;
        let first = parties.to.first().ok_or(ItemReason::NobodyToAnswer)?;
        let from = parties.from.as_ref();
        Ok(Self {
            envelope: Envelope {
                from: from.map_or_else(String::new, |from| from.address.to_string()),
                to: first.address.to_string(),
            },
            headers: headers_of(&id, &mail, &parties),
            values: values(&mail, first),
            quoted: quote::quoted(&mail, first),
            id,
        })
    }

    pub(crate) fn id(&self) -> &ItemId {
        &self.id
    }

    /// The draft with this text, a template.
    pub(crate) fn filled(&self, template: &str, now: Timestamp) -> Result<Letter, ItemReason> {
        self.saying(&text::fill(template, &self.values)?, now)
    }

    /// The draft with this text as it is.
    pub(crate) fn saying(&self, said: &str, now: Timestamp) -> Result<Letter, ItemReason> {
        let body = match self.quoted.is_empty() {
            true => said.to_owned(),
            false => format!("{}\n\n{}", said.trim_end(), self.quoted),
        };
        Ok(Letter {
            id: self.id.clone(),
            envelope: self.envelope.clone(),
            bytes: self.message(&body, now).map_err(|_| ItemReason::Internal)?,
        })
    }

    fn message(&self, body: &str, now: Timestamp) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        headers::write(&mut out, "Date", &build::date(now));
        for (name, text) in &self.headers {
            headers::write(&mut out, name, text);
        }
        build::part("text/plain", body).write_part(&mut out)?;
        Ok(out)
    }
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

/// All headers but the date.
fn headers_of(
    id: &ItemId,
    mail: &Message<'_>,
    parties: &whom::Parties,
) -> Vec<(&'static str, String)> {
    let to: Vec<String> = parties.to.iter().map(headers::mailbox).collect();
    let references = thread::references(mail);
    let from = parties.from.as_ref();
    let all = [
        ("From", from.map(headers::mailbox)),
        ("To", Some(to.join(", "))),
        ("Message-ID", Some(format!("<{id}>"))),
        ("Subject", Some(headers::text(&thread::subject(mail)))),
        ("In-Reply-To", thread::id(mail).map(|id| format!("<{id}>"))),
        ("References", Some(references).filter(|it| !it.is_empty())),
        ("MIME-Version", Some("1.0".to_owned())),
    ];
    let written = all.into_iter();
    written
        .filter_map(|(name, text)| Some((name, text?)))
        .collect()
}

#[cfg(test)]
mod tests;
