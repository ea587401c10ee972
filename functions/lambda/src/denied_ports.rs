//! Takes the place of ports that a function must not have. Its permissions do not allow them either;
//! this says so before anything is called, and the log shows which code asked for too much.

use async_trait::async_trait;
use bulkhead_connectors::imap;
use bulkhead_engine::ports::{
    Account, CallError, Connectors, EndpointConnection, Endpoints, Ledger, LedgerError, Model,
    Note, Outgoing, PartReader, PartWriter, Parts, PartsError, Queue, QueueError, SealError,
    SealedFor, Sealer, Told,
};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::outcome::ItemReason;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Has none of them.
pub struct DeniedPorts;

/// The function must not have what was asked for. A fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("this function has no {0}")]
pub struct NotHere(&'static str);

fn refuse(port: &'static str) -> NotHere {
    tracing::error!(port, "A function asked for a port that it must not have.");
    NotHere(port)
}

#[async_trait]
impl Queue for DeniedPorts {
    async fn send(&self, _group: &str, messages: Vec<Outgoing>) -> Result<(), QueueError> {
        Err(QueueError {
            failed: messages,
            cause: Box::new(refuse("queue")),
        })
    }
}

#[async_trait]
impl Connectors for DeniedPorts {
    async fn open(
        &self,
        _account: &AccountId,
        _connection: &Connection,
    ) -> Result<Arc<dyn Account>, CallError> {
        refuse("connectors");
        Err(CallError::Refused(ItemReason::Internal))
    }

    async fn close(&self, _account: &AccountId) {}

    fn least_abilities(&self, _kind: AccountKind) -> BTreeMap<Kind, Abilities> {
        [(Kind::Mail, imap::least_abilities())].into()
    }
}

#[async_trait]
impl Model for DeniedPorts {
    fn message_bytes(&self) -> usize {
        0
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        refuse("model");
        Told::nothing(beginnings.len(), CallError::Refused(ItemReason::Internal))
    }
}

impl Endpoints for DeniedPorts {
    fn check(&self, _url: &str) -> Result<(), CallError> {
        refuse("endpoints");
        Err(CallError::Refused(ItemReason::Internal))
    }

    fn open(&self, _connection: &EndpointConnection) -> Result<Arc<dyn Model>, CallError> {
        refuse("endpoints");
        Err(CallError::Refused(ItemReason::Internal))
    }
}

#[async_trait]
impl Parts for DeniedPorts {
    async fn create(&self, _job: &JobId, _name: &str) -> Result<Box<dyn PartWriter>, PartsError> {
        Err(PartsError(Box::new(refuse("parts"))))
    }

    async fn open(
        &self,
        _job: &JobId,
        _name: &str,
    ) -> Result<Option<Box<dyn PartReader>>, PartsError> {
        Err(PartsError(Box::new(refuse("parts"))))
    }
}

#[async_trait]
impl Ledger for DeniedPorts {
    async fn note(&self, _job: &JobId, _chunk: u32, _notes: &[Note]) -> Result<(), LedgerError> {
        Err(LedgerError(Box::new(refuse("ledger"))))
    }

    async fn read(&self, _job: &JobId, _chunk: u32) -> Result<Vec<Note>, LedgerError> {
        Err(LedgerError(Box::new(refuse("ledger"))))
    }
}

#[async_trait]
impl Sealer for DeniedPorts {
    async fn seal(&self, _: SealedFor<'_>, _plain: &[u8]) -> Result<Vec<u8>, SealError> {
        Err(SealError::Unavailable(Box::new(refuse("sealer"))))
    }

    async fn unseal(&self, _: SealedFor<'_>, _sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        Err(SealError::Unavailable(Box::new(refuse("sealer"))))
    }
}
