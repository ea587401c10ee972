//! Opens accounts on AWS: IMAP mailboxes and CardDAV address books. The sandbox is a file on somebody's own machine, and there is
//! no such machine here.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_connectors::dav;
use bulkhead_connectors::discover::{self, Programs};
use bulkhead_connectors::exchange;
use bulkhead_connectors::imap::{self, Reach};
use bulkhead_engine::ports::{Account, CallError, Connectors, Outlet};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, Consent, Discovered, ImapConnection};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use jiff::Timestamp;

/// Accounts that are open in this process.
pub struct OpenAccounts {
    reach: Reach,
    imap: imap::Accounts,
    dav: dav::Accounts,
    cyrus: imap::directory::Accounts,
    exchange: exchange::Accounts,
    programs: Programs,
}

impl OpenAccounts {
    /// None is open yet.
    pub fn new(reach: Reach, programs: Programs, outlet: Option<Arc<dyn Outlet>>) -> Self {
        Self {
            reach,
            imap: imap::Accounts::new(reach)
                .with_lists(reach)
                .with_outlet(outlet),
            dav: dav::Accounts::new(reach, Arc::new(Timestamp::now)),
            cyrus: imap::directory::Accounts::new(reach),
            exchange: exchange::Accounts::new(reach),
            programs,
        }
    }

    /// Hangs up everywhere: the process may be frozen after its answer, and a frozen one still counts
    /// against the sessions that a mail server allows.
    pub fn hang_up(&self) {
        self.imap.close_all();
        self.dav.close_all();
        self.cyrus.close_all();
        self.exchange.close_all();
    }
}

#[async_trait]
impl Connectors for OpenAccounts {
    async fn open(
        &self,
        account: &AccountId,
        connection: &Connection,
    ) -> Result<Arc<dyn Account>, CallError> {
        match connection {
            Connection::Imap(connection) => Ok(self.imap.open(account, connection).await?),
            Connection::Dav(connection) => Ok(self.dav.open(account, connection).await?),
            Connection::Cyrus(connection) => Ok(self.cyrus.open(account, connection).await?),
            Connection::Exchange(connection) => Ok(self.exchange.open(account, connection).await?),
            Connection::Sandbox {} => Err(CallError::Unsupported(
                "The sandbox is only there when Bulkhead runs on your own machine; connect a mail \
                 server instead."
                    .to_owned(),
            )),
        }
    }

    async fn discover(&self, address: &str) -> Discovered {
        discover::discover(address, self.reach, &self.programs).await
    }

    async fn consented(&self, consent: &Consent) -> Result<ImapConnection, CallError> {
        discover::consented(consent, self.reach, &self.programs).await
    }

    async fn close(&self, account: &AccountId) {
        self.imap.close(account);
        self.dav.close(account);
        self.cyrus.close(account);
        self.exchange.close(account);
    }

    fn least_abilities(&self, kind: AccountKind) -> BTreeMap<Kind, Abilities> {
        match kind {
            AccountKind::Imap | AccountKind::Sandbox => {
                [(Kind::Mail, imap::least_abilities())].into()
            }
            AccountKind::Dav => [(Kind::Contact, dav::abilities())].into(),
            AccountKind::Cyrus => [(Kind::Mailbox, imap::directory::least_abilities())].into(),
            AccountKind::Exchange => [(Kind::Mailbox, exchange::least_abilities())].into(),
        }
    }
}
