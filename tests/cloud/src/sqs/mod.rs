//! SQS: standard queues with visibility timeouts, delays, long polls, dead-letter queues and fair
//! message groups, over the JSON protocol that the SDKs speak, and directly for the event source
//! mapping. It can be told to behave as badly as SQS is allowed to.
//!
//! Not there: FIFO queues, message moves, tags, queue policies (they are kept, not enforced), and
//! the limit of 120 000 messages in flight.

mod checksum;
mod message;
mod protocol;
mod queue;
mod receipt;
mod refusal;
mod requests;
mod server;
mod settings;
mod stored;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

pub use message::{AttributeValue, Depth, NewMessage, Receive, Received, Sent};
pub use protocol::Answer;
pub use refusal::Refusal;
pub use server::Served;

use queue::{Handed, Order, Queue};
use settings::{MOST_HIDDEN, MOST_WAITED, Settings};

use crate::clock::Clock;
use crate::often::Often;
use crate::{ACCOUNT, REGION};

/// How badly SQS behaves. All of it is within its contract.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// A received message is delivered once more, though nobody's time is over ("at least once").
    pub duplicates: Often,
    /// A receive takes messages in any order.
    pub disorder: Often,
    /// A receive brings less than there is: a short poll nothing (it asks only some of the servers),
    /// a long poll one message.
    pub short_receives: Often,
    /// An entry of a batch is not sent, deleted or changed, the service is to blame.
    pub failed_entries: Often,
    /// A call over HTTP is refused with `RequestThrottled`.
    pub throttled: Often,
    /// A call over HTTP is answered with 500, and nothing was done.
    pub broken: Often,
    /// A call over HTTP is answered with 500 though everything was done.
    pub lost_answers: Often,
}

/// The service. Clones are the same service.
#[derive(Clone)]
pub struct Sqs {
    clock: Clock,
    state: Arc<Mutex<State>>,
    /// Changes whenever a message may have become visible.
    arrivals: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    queues: BTreeMap<String, Queue>,
    faults: Faults,
}

impl State {
    /// A dead-letter queue has to be there before it is named.
    fn check_target(&self, settings: &Settings) -> Result<(), Refusal> {
        let target = settings.redrive.as_ref().map(|it| it.target.as_str());
        match target.map(|target| self.queues.contains_key(name_in_arn(target))) {
            Some(false) => Err(Refusal::InvalidParameterValue(
                "Value for parameter RedrivePolicy is invalid. Reason: Dead letter target does not \
                 exist."
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }
}

impl Default for Sqs {
    fn default() -> Self {
        Self::new(Clock::default())
    }
}

impl Sqs {
    /// A service without queues that goes by this clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            state: Arc::default(),
            arrivals: watch::Sender::new(()),
        }
    }

    /// The clock it goes by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Behaves like this from now on.
    pub fn misbehave(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// Makes a queue, by the attributes of CreateQueue. The same again is fine.
    pub fn create(
        &self,
        queue: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), Refusal> {
        if !is_name(queue) {
            return Err(Refusal::InvalidParameterValue(
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
                    .to_owned(),
            ));
        }
        let mut state = self.state();
        let there = state.queues.get(queue).map(|it| it.settings.clone());
        let mut settings = there.clone().unwrap_or_default();
        settings.set(attributes)?;
        if there.is_some_and(|there| there != settings) {
            return Err(Refusal::QueueNameExists);
        }
        state.check_target(&settings)?;
        let now_ms = self.clock.now_ms();
        let queues = state.queues.entry(queue.to_owned());
        queues.or_insert_with(|| Queue::new(arn(queue), settings, now_ms));
        Ok(())
    }

    /// Changes attributes of a queue, by those of SetQueueAttributes.
    pub fn set(&self, queue: &str, attributes: &BTreeMap<String, String>) -> Result<(), Refusal> {
        let mut state = self.state();
        let there = state.queues.get(queue).ok_or(Refusal::QueueDoesNotExist)?;
        let mut settings = there.settings.clone();
        settings.set(attributes)?;
        state.check_target(&settings)?;
        if let Some(there) = state.queues.get_mut(queue) {
            there.settings = settings;
            there.changed_ms = self.clock.now_ms();
        }
        Ok(())
    }

    /// All attributes of a queue, by the names of GetQueueAttributes.
    pub fn attributes(&self, queue: &str) -> Result<BTreeMap<String, String>, Refusal> {
        self.with(queue, |queue, _| Ok(queue.attributes()))
    }

    /// The names of all queues.
    #[must_use]
    pub fn queues(&self) -> Vec<String> {
        self.state().queues.keys().cloned().collect()
    }

    /// Sends one message.
    pub fn send(&self, queue: &str, message: NewMessage) -> Result<Sent, Refusal> {
        let sent = self.with(queue, |queue, now_ms| queue.send(message, new_id(), now_ms));
        self.arrivals.send_replace(());
        sent
    }

    /// Receives up to ten messages; waits for the first one as long as asked.
    pub async fn receive(&self, queue: &str, receive: Receive) -> Result<Vec<Received>, Refusal> {
        check(receive)?;
        let wait = match receive.wait {
            Some(wait) => wait,
            None => self.with(queue, |queue, _| Ok(queue.settings.wait))?,
        };
        let end_ms = self.clock.now_ms() + wait.as_millis() as i64;
        let mut arrivals = self.arrivals.subscribe();
        let mut moves = self.clock.moves();
        loop {
            let (received, next_ms) = self.receive_now(queue, receive, !wait.is_zero())?;
            let left_ms = end_ms - self.clock.now_ms();
            if !received.is_empty() || left_ms <= 0 {
                return Ok(received);
            }
            let next_ms = next_ms.unwrap_or(end_ms).min(end_ms) - self.clock.now_ms();
            let pause = Duration::from_millis(u64::try_from(next_ms).unwrap_or_default());
            tokio::select! {
                _ = arrivals.changed() => {}
                _ = moves.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// What can be received now, and when there will be more.
    fn receive_now(
        &self,
        name: &str,
        receive: Receive,
        long: bool,
    ) -> Result<(Vec<Received>, Option<i64>), Refusal> {
        let now_ms = self.clock.now_ms();
        let mut state = self.state();
        let State { queues, faults } = &mut *state;
        let queue = queues.get_mut(name).ok_or(Refusal::QueueDoesNotExist)?;
        queue.settle(now_ms);
        let visibility = receive.visibility.unwrap_or(queue.settings.visibility);
        let order = match faults.disorder.strikes() {
            true => Order::Random,
            false => Order::Usual,
        };
        let most = match faults.short_receives.strikes() {
            true => usize::from(long),
            false => receive.most,
        };
        let mut received = Vec::new();
        let mut given_up = Vec::new();
        let mut doubled = Vec::new();
        while received.len() < most {
            match queue.receive(order, visibility, now_ms) {
                Some(Handed::Out(message, number)) => {
                    received.push(*message);
                    if faults.duplicates.strikes() {
                        doubled.push(number);
                    }
                }
                Some(Handed::GivenUp(message)) => given_up.push(message),
                None => break,
            }
        }
        // Only now, so that no batch holds a message twice.
        doubled.into_iter().for_each(|number| queue.double(number));
        let next_ms = queue.next_ready_ms();
        let target = queue.settings.redrive.as_ref().map(|it| it.target.clone());
        let target = target.as_deref().map(name_in_arn);
        if let Some(dead) = target.and_then(|target| queues.get_mut(target)) {
            for message in given_up {
                dead.take_in(message, &arn(name));
            }
            self.arrivals.send_replace(());
        }
        Ok((received, next_ms))
    }

    /// Deletes a message by the receipt of its last receive; anything older deletes nothing.
    pub fn delete(&self, queue: &str, receipt: &str) -> Result<(), Refusal> {
        self.with(queue, |queue, _| queue.delete(&receipt.parse()?))
    }

    /// Hides a received message for so long from now, at most 12 hours since the receive. Zero gives
    /// it back.
    pub fn hide(&self, queue: &str, receipt: &str, visibility: Duration) -> Result<(), Refusal> {
        if visibility > MOST_HIDDEN {
            return Err(out_of_bounds("VisibilityTimeout", visibility.as_secs()));
        }
        self.with(queue, |queue, now_ms| {
            queue.hide(&receipt.parse()?, visibility, now_ms)
        })?;
        self.arrivals.send_replace(());
        Ok(())
    }

    /// Empties a queue, at most once a minute.
    pub fn purge(&self, queue: &str) -> Result<(), Refusal> {
        self.with(queue, Queue::purge)
    }

    /// How many messages a queue holds.
    pub fn depth(&self, queue: &str) -> Result<Depth, Refusal> {
        self.with(queue, |queue, _| Ok(queue.depth()))
    }

    /// Does something with a queue that is as the clock says.
    fn with<T>(
        &self,
        queue: &str,
        act: impl FnOnce(&mut Queue, i64) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let now_ms = self.clock.now_ms();
        let mut state = self.state();
        let queue = state
            .queues
            .get_mut(queue)
            .ok_or(Refusal::QueueDoesNotExist)?;
        queue.settle(now_ms);
        act(queue, now_ms)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The ARN of a queue of this name.
#[must_use]
pub fn arn(queue: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}")
}

fn name_in_arn(arn: &str) -> &str {
    arn.rsplit_once(':').map_or(arn, |(_, name)| name)
}

fn is_name(name: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=80).contains(&name.len()) && name.bytes().all(sign)
}

fn check(receive: Receive) -> Result<(), Refusal> {
    if !(1..=10).contains(&receive.most) {
        return Err(Refusal::InvalidParameterValue(format!(
            "Value {} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, \
             if provided.",
            receive.most
        )));
    }
    match (receive.wait, receive.visibility) {
        (Some(wait), _) if wait > MOST_WAITED => {
            Err(out_of_bounds("WaitTimeSeconds", wait.as_secs()))
        }
        (_, Some(hidden)) if hidden > MOST_HIDDEN => {
            Err(out_of_bounds("VisibilityTimeout", hidden.as_secs()))
        }
        _ => Ok(()),
    }
}

fn out_of_bounds(parameter: &str, value: u64) -> Refusal {
    Refusal::InvalidParameterValue(format!(
        "Value {value} for parameter {parameter} is invalid."
    ))
}

/// A random id in the form of a UUID.
fn new_id() -> String {
    let hex = format!("{:032x}", rand::random::<u128>());
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}
