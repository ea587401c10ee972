//! Models somewhere else that speak OpenAI's words: OpenAI itself, vLLM, Ollama, llama.cpp, Bedrock and others. They are
//! asked over `POST {url}/chat/completions`, and what they answer is believed only as far as it fits what was asked.

mod answer;
mod ask;
mod dialect;
mod order;
mod prompt;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::ports::{CallError, EndpointConnection, Endpoints, Model, Random, Told};
use bulkhead_engine::reading::{EXCERPT_READ, excerpt};
use bulkhead_engine::written::{Order, Unfit, Written};
use bulkhead_shared::api::TokensSpent;
use bulkhead_shared::class::Class;
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use futures::future::join_all;
use reqwest::{Client, Url};

use crate::bounded_http;
use crate::imap::Reach;
use answer::{Sure, Verdict};
use dialect::Dialect;
use order::Ordered;
use prompt::{Again, Asked};

/// The longest that reaching a server may take.
const CONNECT_MOST: Duration = Duration::from_secs(10);
/// The longest that a whole answer may take. A small model on one thread needs some two seconds a mail.
const ANSWER_MOST: Duration = Duration::from_secs(60);
/// Models that are kept open, most: each has a connection, and what was learned of its server.
const OPEN_MOST: usize = 64;

/// Models that are asked from this process.
pub struct OpenEndpoints {
    reach: Reach,
    random: Arc<dyn Random>,
    answer_most: Duration,
    open: Mutex<Vec<Arc<Endpoint>>>,
}

impl OpenEndpoints {
    /// Within these bounds. `random` makes marks that no mail can know.
    pub fn new(reach: Reach, random: Arc<dyn Random>) -> Self {
        Self::with_patience(reach, random, ANSWER_MOST)
    }

    /// The same with another limit for a whole answer.
    pub fn with_patience(reach: Reach, random: Arc<dyn Random>, answer_most: Duration) -> Self {
        Self {
            reach,
            random,
            answer_most,
            open: Mutex::default(),
        }
    }
}

/// Says which models may be asked, and asks none: for who only stores what was chosen.
pub struct NamedEndpoints(pub Reach);

impl Endpoints for NamedEndpoints {
    fn check(&self, url: &str) -> Result<(), CallError> {
        place(self.0, url).map(|_| ())
    }

    fn open(&self, _: &EndpointConnection) -> Result<Arc<dyn Model>, CallError> {
        Err(CallError::Unsupported("No model is asked here.".to_owned()))
    }
}

/// Where a model is asked whose API begins there, if that is permitted.
fn place(within: Reach, url: &str) -> Result<Url, CallError> {
    let unsupported = |text: &str| CallError::Unsupported(text.to_owned());
    let url = Url::parse(&format!("{}/chat/completions", url.trim_end_matches('/'))).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| unsupported("This is no address of a web server."))?;
    let is_plain = url.scheme() == "http" && !is_this_machine(&url);
    // A name is looked up when it is asked, and what it leads to is checked then.
    match bounded_http::permits(within, &url) && !is_plain {
        true if within == Reach::Anywhere || url.scheme() == "https" => Ok(url),
        _ => Err(unsupported(match within {
            Reach::Anywhere => "Without encryption only a model on this machine itself is asked.",
            Reach::Public => {
                "Only models on the public internet are asked, with encryption and at the usual ports."
            }
        })),
    }
}

/// Whether an address without encryption is one of this machine, by its number or the name that stands for it.
fn is_this_machine(url: &Url) -> bool {
    let host = bounded_http::host(url);
    let address = host.parse::<std::net::IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

impl Endpoints for OpenEndpoints {
    fn check(&self, url: &str) -> Result<(), CallError> {
        place(self.reach, url).map(|_| ())
    }

    fn open(&self, connection: &EndpointConnection) -> Result<Arc<dyn Model>, CallError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.iter().find(|it| it.connection == *connection) {
            return Ok(known.clone());
        }
        let url = place(self.reach, &connection.url)?;
        let security = bounded_http::security(&url);
        let client = bounded_http::client(self.reach, security, CONNECT_MOST, self.answer_most)?;
        let endpoint = Arc::new(Endpoint {
            client,
            url,
            connection: connection.clone(),
            random: self.random.clone(),
            dialect: Mutex::default(),
        });
        if open.len() >= OPEN_MOST {
            open.clear();
        }
        open.push(endpoint.clone());
        Ok(endpoint)
    }
}

/// One model.
struct Endpoint {
    client: Client,
    url: Url,
    connection: EndpointConnection,
    random: Arc<dyn Random>,
    /// What its server was found to understand.
    dialect: Mutex<Dialect>,
}

#[async_trait]
impl Model for Endpoint {
    fn message_bytes(&self) -> usize {
        EXCERPT_READ
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let mails: Vec<String> = beginnings.iter().map(|bytes| excerpt(bytes)).collect();
        let requests = mails.chunks(self.connection.mails_per_request.max(1));
        together(join_all(requests.map(|mails| self.told(mails))).await)
    }

    async fn write(&self, orders: &[Order]) -> Told<Written> {
        together(join_all(orders.iter().map(|order| self.written(order))).await)
    }
}

/// What several requests told, in their order.
fn together<T>(told: Vec<Told<T>>) -> Told<T> {
    let mut all = Told::all(Vec::new());
    for some in told {
        all.found.extend(some.found);
        all.spent += some.spent;
        all.broke = worse(all.broke, some.broke);
    }
    all
}

impl Endpoint {
    /// What one request tells, and another one about those mails of which the first told nothing that can be used.
    async fn told(&self, mails: &[String]) -> Told {
        let mut spent = TokensSpent::default();
        let mut found: Vec<Option<Verdict>> = vec![None; mails.len()];
        let mut again = Again::No;
        let mut broke = None;
        for _ in 0..2 {
            let open = (0..mails.len()).filter(|place| found[*place].is_none());
            let open: Vec<usize> = open.collect();
            if open.is_empty() {
                break;
            }
            let asked = open.iter().map(|place| mails[*place].as_str()).collect();
            let asked = Asked::new(asked, self.random.as_ref());
            match self.ask(&asked, again, &mut spent).await {
                Ok(told) => {
                    again = match told.said.iter().any(Option::is_some) {
                        _ if told.was_cut => Again::Cut,
                        true => Again::Partly,
                        false => Again::Unusable,
                    };
                    for (place, verdict) in open.into_iter().zip(told.said) {
                        found[place] = verdict;
                    }
                }
                Err(error) => {
                    broke = Some(error);
                    break;
                }
            }
        }
        let found = found.into_iter().map(|verdict| match verdict {
            Some(verdict) => Some(Ok(self.result(verdict))),
            // Nothing is known where it could not be asked; where it was, it said nothing that can be used.
            None => broke.is_none().then_some(Err(ItemReason::Unclassified)),
        });
        Told {
            found: found.collect(),
            spent,
            broke,
        }
    }

    /// What one request has written, and another one where that may not become a draft.
    async fn written(&self, order: &Order) -> Told<Written> {
        let mut spent = TokensSpent::default();
        let mut again = Again::No;
        for _ in 0..2 {
            let asked = Ordered::new(order, self.random.as_ref());
            let answered = match self.ask(&asked, again, &mut spent).await {
                Ok(answered) => answered,
                Err(error) => {
                    return Told {
                        spent,
                        ..Told::nothing(1, error)
                    };
                }
            };
            again = match answered.said {
                Ok(written) => {
                    return Told {
                        spent,
                        ..Told::all(vec![Ok(written)])
                    };
                }
                Err(_) if answered.was_cut => Again::Cut,
                Err(Unfit::Misshapen) => Again::Unusable,
                Err(unfit) => Again::Unfit(unfit),
            };
        }
        Told {
            spent,
            ..Told::all(vec![Err(ItemReason::Unwritten)])
        }
    }

    fn result(&self, verdict: Verdict) -> ItemResult {
        let model = &self.connection.model;
        // What a model says of its own certainty was never measured, so it is taken for little: the strictest dial lets
        // none of it pass.
        let (percent, detail) = match verdict.sure {
            Sure::Certain => (90, format!("{model} is certain.")),
            Sure::Likely => (70, format!("{model} finds it likely.")),
            Sure::Guess => (40, format!("{model} guesses.")),
        };
        ItemResult {
            class: Class::name(verdict.class).to_owned(),
            percent: Some(percent),
            detail: Some(detail),
            about: None,
        }
    }
}

/// Of two that broke off: a wait that is asked for goes first, the longer one.
fn worse(one: Option<CallError>, other: Option<CallError>) -> Option<CallError> {
    match (one, other) {
        (Some(CallError::Throttled { until: one }), Some(CallError::Throttled { until })) => {
            Some(CallError::Throttled {
                until: one.max(until),
            })
        }
        (one, Some(wait @ CallError::Throttled { .. })) => {
            drop(one);
            Some(wait)
        }
        (one, other) => one.or(other),
    }
}
