//! Models that do as a test expects: one on this machine, and one somewhere else that remembers what it heard.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bulkhead_shared::api::TokensSpent;
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use jiff::Timestamp;

use super::memory::lock;
use crate::ports::{CallError, EndpointConnection, Endpoints, Model, Told};
use crate::records::{ModelAt, ModelRecord};
use crate::written::{Order, Written};

/// Says that every mail is a newsletter, and repeats its first line as the reason. Mails without any text are
/// refused.
pub struct FirstLineModel;

#[async_trait]
impl Model for FirstLineModel {
    fn message_bytes(&self) -> usize {
        30
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let found = beginnings.iter().map(|beginning| {
            let text = String::from_utf8_lossy(beginning);
            let line = text.lines().next().ok_or(ItemReason::Refused)?;
            Ok(ItemResult {
                class: Class::Newsletter.name().to_owned(),
                percent: Some(90),
                detail: Some(format!("{line}, in {} bytes", beginning.len())),
                about: None,
            })
        });
        Told::all(found.collect())
    }
}

/// A model somewhere else that is asked so often in a minute, by so many at the same time, and of one mail each time.
pub fn elsewhere(requests_per_minute: u32, side_by_side: u32) -> ModelRecord {
    ModelRecord {
        seal: AccountId::new(Timestamp::UNIX_EPOCH, 1),
        at: ModelAt {
            url: "https://api.example.com/v1".to_owned(),
            model: "m".to_owned(),
        },
        sealed: None,
        requests_per_minute,
        side_by_side,
        mails_per_request: 1,
        chosen_at: Timestamp::UNIX_EPOCH,
    }
}

/// What happens at a call instead of an answer.
type Instead = Box<dyn FnOnce(usize) -> Told + Send>;
/// The same where replies are written.
type InsteadOfWriting = Box<dyn FnOnce(&[Order]) -> Told<Written> + Send>;

#[derive(Default)]
struct Heard {
    /// The mails of each call, and the key that came along.
    calls: Vec<(Option<String>, Vec<Vec<u8>>)>,
    instead: VecDeque<Instead>,
    /// What was to be written, call by call.
    orders: Vec<Vec<Order>>,
    instead_of_writing: VecDeque<InsteadOfWriting>,
}

/// Models somewhere else: all of one mind, that every mail is a receipt. Each mail takes ten tokens and one answer. They
/// write what they are told, with the number of the call behind it: no text comes twice.
#[derive(Clone, Default)]
pub struct MemoryEndpoints(Arc<Mutex<Heard>>);

impl MemoryEndpoints {
    /// Mails of each call so far.
    pub fn calls(&self) -> Vec<usize> {
        let heard = lock(&self.0);
        heard.calls.iter().map(|(_, mails)| mails.len()).collect()
    }

    /// The keys that came along.
    pub fn keys(&self) -> Vec<Option<String>> {
        let heard = lock(&self.0);
        heard.calls.iter().map(|(key, _)| key.clone()).collect()
    }

    /// At the next call that has no such yet, this happens instead.
    pub fn instead(&self, what: impl FnOnce(usize) -> Told + Send + 'static) {
        lock(&self.0).instead.push_back(Box::new(what));
    }

    /// What was to be written, call by call.
    pub fn orders(&self) -> Vec<Vec<Order>> {
        lock(&self.0).orders.clone()
    }

    /// At the next call that writes and has no such yet, this happens instead.
    pub fn instead_of_writing(
        &self,
        what: impl FnOnce(&[Order]) -> Told<Written> + Send + 'static,
    ) {
        lock(&self.0).instead_of_writing.push_back(Box::new(what));
    }
}

/// Writes what each of these orders says, for twenty tokens and five of the answer.
pub fn as_ordered(orders: &[Order], call: usize) -> Told<Written> {
    let written = orders.iter().map(|order| {
        let said = format!("{} ({call})", order.instruction);
        order.accept(&said).map_err(|_| ItemReason::Unwritten)
    });
    let mails = orders.len() as u64;
    Told {
        spent: TokensSpent {
            requests: mails,
            untold: 0,
            input: 20 * mails,
            output: 5 * mails,
        },
        ..Told::all(written.collect())
    }
}

impl Endpoints for MemoryEndpoints {
    fn check(&self, url: &str) -> Result<(), CallError> {
        match url.contains("forbidden") {
            true => Err(CallError::Unsupported(
                "This is not a place we go to.".to_owned(),
            )),
            false => Ok(()),
        }
    }

    fn open(&self, connection: &EndpointConnection) -> Result<Arc<dyn Model>, CallError> {
        self.check(&connection.url)?;
        Ok(Arc::new(MemoryEndpoint {
            endpoints: self.clone(),
            connection: connection.clone(),
        }))
    }
}

struct MemoryEndpoint {
    endpoints: MemoryEndpoints,
    connection: EndpointConnection,
}

#[async_trait]
impl Model for MemoryEndpoint {
    fn message_bytes(&self) -> usize {
        1_000
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let instead = {
            let mut heard = lock(&self.endpoints.0);
            let call = (self.connection.key.clone(), beginnings.to_vec());
            heard.calls.push(call);
            heard.instead.pop_front()
        };
        if let Some(instead) = instead {
            return instead(beginnings.len());
        }
        let result = ItemResult {
            class: Class::Receipt.name().to_owned(),
            percent: Some(90),
            detail: None,
            about: None,
        };
        let mails = beginnings.len() as u64;
        Told {
            spent: TokensSpent {
                requests: mails.div_ceil(self.connection.mails_per_request as u64),
                untold: 0,
                input: 10 * mails,
                output: mails,
            },
            ..Told::all(vec![Ok(result); beginnings.len()])
        }
    }

    async fn write(&self, orders: &[Order]) -> Told<Written> {
        let (call, instead) = {
            let mut heard = lock(&self.endpoints.0);
            heard.orders.push(orders.to_vec());
            (heard.orders.len(), heard.instead_of_writing.pop_front())
        };
        match instead {
            Some(instead) => instead(orders),
            None => as_ordered(orders, call),
        }
    }
}
