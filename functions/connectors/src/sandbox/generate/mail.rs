//! A mail that is made, and what a mailbox is made from.

use jiff::Timestamp;

/// What a mailbox is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) struct Recipe {
    pub(in crate::sandbox) seed: u64,
    /// How many mails there are.
    pub(in crate::sandbox) mails: u32,
    /// The newest ones are just older than this.
    pub(in crate::sandbox) now: Timestamp,
}

/// Somebody with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Party {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) address: String,
}

impl Party {
    pub(super) fn new(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            address: address.into(),
        }
    }

    /// As a person sees it.
    pub(in crate::sandbox) fn shown(&self) -> String {
        format!("{} <{}>", self.name, self.address)
    }
}

/// A file that comes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Attachment {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    /// Lines of base 64, 57 bytes each.
    pub(super) lines: u32,
}

/// A mail, short of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Mail {
    pub(in crate::sandbox) index: u32,
    pub(in crate::sandbox) received: Timestamp,
    pub(in crate::sandbox) folder: &'static str,
    /// System flags and labels.
    pub(in crate::sandbox) flags: Vec<&'static str>,
    pub(in crate::sandbox) sender: Party,
    pub(in crate::sandbox) recipients: Vec<Party>,
    pub(in crate::sandbox) subject: String,
    pub(in crate::sandbox) text: String,
    /// Bytes of mark-up around the same text; 0: plain text only.
    pub(super) html: u32,
    pub(in crate::sandbox) attachments: Vec<Attachment>,
    /// The mail of the same thread that this one answers.
    pub(super) answers: Option<u32>,
    /// Sent by a machine.
    pub(super) bulk: bool,
    /// The id of the list that it came by, which may be empty; none if it came by none.
    pub(super) list: Option<String>,
}
