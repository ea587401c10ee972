//! What can be done to items: one module for each operation, which brings everything that is to be
//! known of it. Request schema, form, checks in browser and server, toolbar, keys, words, risk, metrics and job
//! ids follow from there.
//!
//! To add one: write its module, and name it with those of its kind and in the list.

#[macro_use]
mod list;
mod about;
mod export;
mod file_format;
#[cfg(feature = "openapi")]
mod openapi;
#[cfg(feature = "testing")]
pub mod test_deliver;
pub mod undo;

/// Operations on contacts.
pub mod contact {
    pub mod check;
    pub mod create;
    pub mod delete;
    pub mod export;
    pub mod merge;
    pub mod update;
}

/// Operations on whole mailboxes.
pub mod mailbox {
    mod brought;
    pub mod export;
    pub mod recover;
    pub mod restore;
    pub mod validate;

    pub use brought::{Brought, MailboxRow};
}

/// Operations on mails.
pub mod mail {
    pub mod archive;
    pub mod classify;
    pub mod draft_reply;
    pub mod export;
    pub mod label;
    pub mod mark_read;
    pub mod mark_unread;
    pub mod move_to;
    pub mod process;
    pub mod star;
    pub mod trash;
    pub mod unstar;
    pub mod unsubscribe;
}

/// Operations on recipients.
pub mod recipient {
    mod attached;
    pub mod bulk_send;
    mod row;

    pub use attached::Attached;
    pub use row::{CellFault, Recipient};
}

use serde::{Deserialize, Serialize};

use crate::problem::Invalid;

pub use about::{
    About, Aspect, Choice, ContactTarget, Field, Gathering, Input, MailTarget, MailboxTarget,
    OperationSpec, Risk, RiskLevel, Target, Task, WrongRow,
};
pub use contact::update::Replacement;
pub use file_format::{ContactFormat, ExportFormat, FileFormat, MailboxFormat};
pub use mail::draft_reply::ReplyLanguage;
pub use mail::process::{Certainty, Then};

// In the order of the toolbar.
operations! {
    Archive: mail::archive,
    Trash: mail::trash,
    Label: mail::label,
    MarkRead: mail::mark_read,
    MarkUnread: mail::mark_unread,
    Star: mail::star,
    Unstar: mail::unstar,
    Move: mail::move_to,
    Export: mail::export,
    Classify: mail::classify,
    Process: mail::process,
    DraftReply: mail::draft_reply,
    Unsubscribe: mail::unsubscribe,
    CreateContacts: contact::create,
    UpdateContacts: contact::update,
    DeleteContacts: contact::delete,
    MergeContacts: contact::merge,
    ExportContacts: contact::export,
    CheckContacts: contact::check,
    RecoverMailboxes: mailbox::recover,
    RestoreMailboxes: mailbox::restore,
    ValidateMailboxes: mailbox::validate,
    ExportMailboxes: mailbox::export,
    BulkSend: recipient::bulk_send,
    Undo: undo,
    #[cfg(feature = "testing")]
    TestDeliver: test_deliver,
}

impl Operation {
    /// Whether it takes mails out of sight: people may lose what they wanted to keep.
    pub fn hides(&self) -> bool {
        self.about().hides()
    }
}

#[cfg(test)]
mod tests;
