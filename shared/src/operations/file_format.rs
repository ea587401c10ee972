//! What files are made of items.

use serde::{Deserialize, Serialize};

/// What a file holds that an operation makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Mails.
    Mails(ExportFormat),
    /// Contacts.
    Contacts(ContactFormat),
    /// Mailboxes of a directory.
    Mailboxes(MailboxFormat),
}

impl FileFormat {
    /// The media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mails(format) => format.media_type(),
            Self::Contacts(format) => format.media_type(),
            Self::Mailboxes(format) => format.media_type(),
        }
    }

    /// The file's extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mails(format) => format.extension(),
            Self::Contacts(format) => format.extension(),
            Self::Mailboxes(format) => format.extension(),
        }
    }

    /// Whether it is one array of objects.
    pub fn is_json(self) -> bool {
        matches!(
            self,
            Self::Mails(ExportFormat::Json) | Self::Mailboxes(MailboxFormat::Json)
        )
    }
}

/// What an export's file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ExportFormat {
    /// Whole messages in mbox form (RFC 4155, `>From` quoted).
    Mbox,
    /// One row of headers for each mail.
    Csv,
    /// One object of headers for each mail, in an array.
    Json,
}

impl ExportFormat {
    /// The media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mbox => "application/mbox",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// The file's extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mbox => "mbox",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mbox => "mbox",
            Self::Csv => "CSV",
            Self::Json => "JSON",
        }
    }
}

/// What an export's file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ContactFormat {
    /// Cards in version 4.0 (RFC 6350), one after the other.
    Vcard4,
    /// Cards in version 3.0 (RFC 2426), one after the other.
    Vcard3,
    /// One row for each contact, under the headers of Google's own export.
    Csv,
}

impl ContactFormat {
    /// The media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Vcard4 | Self::Vcard3 => "text/vcard; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The file's extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Vcard4 | Self::Vcard3 => "vcf",
            Self::Csv => "csv",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Vcard4 => "vCard 4.0",
            Self::Vcard3 => "vCard 3.0",
            Self::Csv => "CSV",
        }
    }
}

/// What an export's file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MailboxFormat {
    /// One row for each mailbox.
    Csv,
    /// One object for each mailbox, in an array.
    Json,
}

impl MailboxFormat {
    /// The media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// The file's extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
        }
    }
}
