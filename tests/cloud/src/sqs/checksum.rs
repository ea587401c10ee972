//! MD5 as SQS counts it; the SDKs compare it with what they sent and received.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest as _, Md5};

use super::message::AttributeValue;
use super::refusal::Refusal;

/// Of a body, in hex.
pub(crate) fn of_text(text: &str) -> String {
    hex(Md5::digest(text))
}

/// Of a message's attributes, in hex; none of none. "Calculating the MD5 message digest for message
/// attributes" in the SQS developer guide: sorted by name, each of name, type, one byte for
/// text (1) or binary (2) and value; each with its length in front, four bytes, big-endian.
pub(crate) fn of_attributes(
    attributes: &BTreeMap<String, AttributeValue>,
) -> Result<Option<String>, Refusal> {
    if attributes.is_empty() {
        return Ok(None);
    }
    let mut digest = Md5::new();
    for (name, attribute) in attributes {
        let (kind, value) = value(name, attribute)?;
        take(&mut digest, name.as_bytes());
        take(&mut digest, attribute.data_type.as_bytes());
        digest.update([kind]);
        take(&mut digest, &value);
    }
    Ok(Some(hex(digest.finalize())))
}

fn value(name: &str, attribute: &AttributeValue) -> Result<(u8, Vec<u8>), Refusal> {
    let wrong = |what: &str| {
        Refusal::InvalidParameterValue(format!("The message attribute '{name}' {what}."))
    };
    let logical = attribute.data_type.split('.').next().unwrap_or_default();
    match (logical, &attribute.string_value, &attribute.binary_value) {
        ("String" | "Number", Some(text), _) => Ok((1, text.clone().into_bytes())),
        ("Binary", _, Some(text)) => BASE64_STANDARD
            .decode(text)
            .map(|bytes| (2, bytes))
            .map_err(|_| wrong("is no Base64")),
        ("String" | "Number" | "Binary", _, _) => Err(wrong("has no value")),
        _ => Err(wrong("has an invalid message attribute type")),
    }
}

fn take(digest: &mut Md5, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    digest.update(length.to_be_bytes());
    digest.update(bytes);
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
