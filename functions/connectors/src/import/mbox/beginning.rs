//! What a message begins with: the line after a separator tells whether it is one.

use super::message::{is_empty, is_quoted};
use super::separator;
use crate::headers;

/// What a message may begin with after a separator that is one beyond doubt: a field, nothing at all, or
/// a separator of another file that somebody left in.
pub(super) fn may_begin(line: &[u8]) -> bool {
    line.is_empty()
        || is_empty(line)
        || is_quoted(line)
        || separator::begins(line)
        || name_of(line).is_some()
}

/// The name of the field that this line begins, if it looks like one.
fn name_of(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    headers::is_name(name).then_some(name)
}

/// A field that a message begins with, as far as anybody ever saw one do; `Note:` is none.
pub(super) fn is_usual_field(line: &[u8]) -> bool {
    const USUAL: [&str; 36] = [
        "apparently-to",
        "arc-authentication-results",
        "arc-message-signature",
        "arc-seal",
        "authentication-results",
        "bcc",
        "cc",
        "comments",
        "content-disposition",
        "content-length",
        "content-transfer-encoding",
        "content-type",
        "date",
        "delivered-to",
        "dkim-signature",
        "domainkey-signature",
        "envelope-to",
        "from",
        "in-reply-to",
        "lines",
        "list-id",
        "message-id",
        "mime-version",
        "old-return-path",
        "organization",
        "received",
        "received-spf",
        "references",
        "reply-to",
        "resent-from",
        "return-path",
        "sender",
        "status",
        "subject",
        "to",
        "user-agent",
    ];
    name_of(line).is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.starts_with(b"x-") || USUAL.iter().any(|usual| usual.as_bytes() == name)
    })
}

/// The length that a header tells.
pub(super) fn content_length(header: &[u8]) -> Option<usize> {
    let value = headers::field(header, "Content-Length")?;
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}
