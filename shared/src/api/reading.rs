//! One mail as somebody reads it.

use serde::{Deserialize, Serialize};

/// What is in a mail. Nothing of it was made harmless: whoever shows the HTML does that.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its text, as it was sent or made of its HTML; none if it has neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its HTML, if it was sent with any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Whether it says how to unsubscribe from its list (RFC 2369).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsubscribe: bool,
    /// The files in it.
    pub attachments: Vec<Attachment>,
    /// Its beginning as it is stored, with what is no text replaced.
    pub source: String,
    /// Bytes of the mail that were read.
    pub read_bytes: u64,
    /// Whether that was all of it, and `text` and `html` are whole. If not, there may be more attachments.
    pub whole: bool,
}

/// A file in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// What the sender called it; none if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the sender says it is: `application/pdf`.
    pub media_type: String,
    /// Bytes, unpacked.
    pub size: u64,
}
