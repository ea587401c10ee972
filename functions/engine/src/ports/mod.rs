//! What the engine needs from the world. Each port is narrow, is implemented by an adapter in a
//! crate of its own, and has a conformance suite in the module `testing`.

mod account;
mod call_error;
mod contacts;
mod drafts;
mod headers;
mod import;
mod ledger;
mod mail;
mod mailboxes;
mod matches;
mod meter;
mod model;
mod one_click;
mod parts;
mod postbox;
mod queue;
mod seal;
mod table;

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::Timestamp;

pub use account::{Account, Connectors, SandboxDials};
pub use bulkhead_shared::kinds::contact::AddressBook;
pub use call_error::CallError;
pub use contacts::{ContactPage, ContactRow, ContactStore};
pub use drafts::{DRAFT_FLAGS, DRAFTS_AT_ONCE, DraftStore};
pub use headers::{Header, HeaderFolder, Headers, ListMail};
pub use import::{IncomingFile, MailImport};
pub use ledger::{Ledger, LedgerError, Note};
pub use mail::{MailStore, MessageSink};
pub use mailboxes::{MailboxPage, MailboxStore};
pub use matches::{Facts, FromWhom, HeaderPlace, Match, Matches};
pub use meter::{Fact, Limit, Meter, Selected, Silent};
pub use model::{DeployedModel, EndpointConnection, Endpoints, Model, Told};
pub use one_click::OneClick;
pub use parts::{
    FileLabel, FileSource, HandOut, PartReader, PartWriter, Parts, PartsError, Section,
};
pub use postbox::{Delivery, Envelope, Letter, Outlet, Postbox, SentCopy};
pub use queue::{Message, Outgoing, QUEUE_DELAY_MOST, Queue, QueueError};
pub use seal::{SealError, SealedFor, Sealer};
pub use table::{
    ATOMIC_WRITES_MOST, DUE_SHARDS, Due, DueShard, Expect, Key, Listing, Row, Span, Table,
    TableError, Write,
};

/// All ports together: what a handler is given.
#[derive(Clone)]
pub struct Ports {
    /// Where everything is stored.
    pub table: Arc<dyn Table>,
    /// Where work is queued.
    pub queue: Arc<dyn Queue>,
    /// Opens accounts.
    pub connectors: Arc<dyn Connectors>,
    /// Where an export's parts are kept.
    pub parts: Arc<dyn Parts>,
    /// Where what is about to leave is noted, beside the table.
    pub ledger: Arc<dyn Ledger>,
    /// Seals credentials.
    pub sealer: Arc<dyn Sealer>,
    /// Tells what mails are about, and sends nothing anywhere.
    pub model: Arc<dyn Model>,
    /// Models somewhere else.
    pub endpoints: Arc<dyn Endpoints>,
    /// The one of these that is offered to who chose none.
    pub deployed: Option<DeployedModel>,
    /// Keeps figures.
    pub meter: Arc<dyn Meter>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bits.
    pub random: Arc<dyn Random>,
}

/// The time. Tests move it by hand.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Ends at this time: for calls that must not go on beyond it. A clock that does not run by itself has no
    /// such end.
    fn until(&self, _at: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

impl<F: Fn() -> Timestamp + Send + Sync> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}

/// Random bits. Tests have the same ones each time.
pub trait Random: Send + Sync {
    /// 128 of them.
    fn bits(&self) -> u128;
}

impl<F: Fn() -> u128 + Send + Sync> Random for F {
    fn bits(&self) -> u128 {
        self()
    }
}

#[cfg(test)]
mod tests;
