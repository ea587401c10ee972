//! Whether a mail has a file attached, by its structure: the same rule for what an IMAP server tells
//! and for what is read from a file. The type at the top does not say it: a signed mail holds its file
//! inside, a mailing list adds a footer as a part, a logo is a part too.

#[cfg(feature = "sandbox")]
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

/// A part of a mail, or the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Part {
    /// The type in lower case: `text`, `multipart`, …
    pub(crate) kind: String,
    /// What comes after the slash, in lower case.
    pub(crate) subtype: String,
    pub(crate) disposition: Disposition,
    /// It has a file name.
    pub(crate) named: bool,
    /// It has a Content-ID, so that another part can show it.
    pub(crate) has_id: bool,
    /// The parts of a multipart.
    pub(crate) parts: Vec<Part>,
}

/// How a part wants to be shown (RFC 2183).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Disposition {
    /// It does not say.
    #[default]
    None,
    /// In the text, or in a way of its own.
    Inline,
    /// As a file.
    Attachment,
}

impl Disposition {
    pub(crate) fn of(word: &str) -> Self {
        // RFC 2183: what is not known is treated as an attachment.
        match word.to_ascii_lowercase().as_str() {
            "" => Self::None,
            "inline" => Self::Inline,
            _ => Self::Attachment,
        }
    }
}

/// Whether a mail of this structure has a file attached; none where it cannot be told, because what is
/// inside is encrypted.
pub(crate) fn has_file(mail: &Part) -> Option<bool> {
    inside(mail, "")
}

/// The same of a part inside a multipart of this subtype.
fn inside(part: &Part, parent: &str) -> Option<bool> {
    match (part.kind.as_str(), part.subtype.as_str()) {
        ("multipart", "encrypted") => None,
        ("multipart", subtype) => {
            let told: Vec<_> = part
                .parts
                .iter()
                .map(|part| inside(part, subtype))
                .collect();
            if told.contains(&Some(true)) {
                return Some(true);
            }
            (!told.contains(&None)).then_some(false)
        }
        ("application", "pkcs7-mime" | "x-pkcs7-mime") => None,
        ("application", "pgp-signature" | "pkcs7-signature" | "x-pkcs7-signature") => Some(false),
        _ => Some(is_file(part, parent)),
    }
}

fn is_file(part: &Part, parent: &str) -> bool {
    match (parent, part.kind.as_str(), part.subtype.as_str()) {
        // A picture in the text, whatever it says of itself (Gmail's bounces call theirs attached).
        ("related", "image", _) if part.has_id => false,
        _ if part.disposition == Disposition::Attachment => true,
        // What a bounce or a digest consists of.
        ("report" | "digest", ..) => part.named,
        (_, "message", "rfc822" | "global") => true,
        // Another way to say the same, or something that the text shows.
        ("alternative" | "related", ..) | (_, "text" | "message", _) => part.named,
        _ => true,
    }
}

/// The structure of a message that was read whole.
#[cfg(feature = "sandbox")]
pub(crate) fn structure(message: &Message<'_>) -> Part {
    message
        .parts
        .first()
        .map(|part| of(message, part, 0))
        .unwrap_or_default()
}

/// How deep parts are looked into: deeper than any honest mail nests them.
#[cfg(feature = "sandbox")]
const DEPTH_MOST: usize = 50;

#[cfg(feature = "sandbox")]
fn of(message: &Message<'_>, part: &MessagePart<'_>, depth: usize) -> Part {
    let kind = part.content_type();
    let disposition = part.content_disposition();
    let parts = match &part.body {
        PartType::Multipart(ids) if depth < DEPTH_MOST => ids
            .iter()
            .filter_map(|id| message.parts.get(usize::try_from(*id).ok()?))
            .map(|part| of(message, part, depth + 1))
            .collect(),
        _ => Vec::new(),
    };
    Part {
        kind: kind.map_or("text".to_owned(), |kind| kind.ctype().to_ascii_lowercase()),
        subtype: kind
            .and_then(|kind| kind.subtype())
            .unwrap_or("plain")
            .to_ascii_lowercase(),
        disposition: disposition.map_or(Disposition::None, |disposition| {
            Disposition::of(disposition.ctype())
        }),
        named: part.attachment_name().is_some(),
        has_id: part.content_id().is_some(),
        parts,
    }
}
