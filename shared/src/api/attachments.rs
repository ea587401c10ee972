//! Files that were uploaded to go along with mails.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Files that are kept, in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptFiles {
    pub files: Vec<KeptFile>,
    /// Until when they are kept.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub until: Timestamp,
}

/// A file that is kept: known by its bytes, whatever it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptFile {
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in small hexadecimal digits.
    pub sha256: String,
}
