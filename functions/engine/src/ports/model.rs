//! Who tells what mails are about.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::api::{ChooseModel, TokensSpent};
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::problem::Invalid;

use super::CallError;
use crate::written::{Order, Written};

/// A model: a program on this machine, or a service.
#[async_trait]
pub trait Model: Send + Sync {
    /// Bytes of a message that it reads, from its beginning.
    fn message_bytes(&self) -> usize;

    /// What each of these mails is about, told from its beginning; or why that cannot be told. The class of a result
    /// is one of [`bulkhead_shared::class::Class`], and nothing that stands in a mail has any other effect.
    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told;

    /// The text of a reply by each of these orders; or why there is none. What is built in writes nothing.
    async fn write(&self, orders: &[Order]) -> Told<Written> {
        Told::nothing(orders.len(), CallError::Refused(ItemReason::ModelRefused))
    }
}

/// What a model said of mails.
#[derive(Debug)]
pub struct Told<T = ItemResult> {
    /// Of each mail, in the order asked; none where nothing is known of it.
    pub found: Vec<Option<Result<T, ItemReason>>>,
    /// What that took.
    pub spent: TokensSpent,
    /// What kept it from saying more.
    pub broke: Option<CallError>,
}

impl<T> Told<T> {
    /// Something of each, for nothing.
    pub fn all(found: Vec<Result<T, ItemReason>>) -> Self {
        Self {
            found: found.into_iter().map(Some).collect(),
            spent: TokensSpent::default(),
            broke: None,
        }
    }

    /// Nothing of so many.
    pub fn nothing(mails: usize, broke: CallError) -> Self {
        Self {
            found: (0..mails).map(|_| None).collect(),
            spent: TokensSpent::default(),
            broke: Some(broke),
        }
    }
}

/// How a model somewhere else is reached. It has a key in it, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct EndpointConnection {
    /// Where its API begins.
    pub url: String,
    /// What it is called there.
    pub model: String,
    /// The key, if it wants one.
    pub key: Option<String>,
    /// Mails of one request, most. As many requests are made at the same time as the mails of a call need.
    pub mails_per_request: usize,
}

/// A model somewhere else that whoever runs this offers to everybody who chose none. It has a key in it, so it is never
/// shown. Nothing is sent there before a person agrees for an account.
#[derive(Clone, PartialEq, Eq)]
pub struct DeployedModel(ChooseModel);

impl DeployedModel {
    /// As it is configured, if it is one that a person could choose.
    pub fn new(wanted: ChooseModel) -> Result<Self, Invalid> {
        wanted.validate()?;
        Ok(Self(wanted))
    }

    /// What is configured.
    pub fn get(&self) -> &ChooseModel {
        &self.0
    }
}

/// Models somewhere else that speak OpenAI's words.
pub trait Endpoints: Send + Sync {
    /// Whether one may be asked there. Asks nobody.
    fn check(&self, url: &str) -> Result<(), CallError>;

    /// Such a model. Asks nobody yet.
    fn open(&self, connection: &EndpointConnection) -> Result<Arc<dyn Model>, CallError>;
}
