//! One standard queue: what lies in it, who has what in hand, until when. Time comes from outside, in
//! milliseconds since 1970.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use rand::seq::IteratorRandom;

use super::message::{Depth, NewMessage, Received, Sent};
use super::receipt::Receipt;
use super::refusal::Refusal;
use super::settings::{MOST_DELAYED, MOST_HIDDEN, Settings};
use super::stored::{Place, Stored, message_bytes};

/// How the next message is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Usual,
    Random,
}

/// A queue and its messages.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) settings: Settings,
    pub(crate) created_ms: i64,
    pub(crate) changed_ms: i64,
    purged_ms: Option<i64>,
    arn: String,
    messages: BTreeMap<u64, Stored>,
    next: u64,
    /// What can be received now, by message group.
    ready: BTreeMap<Option<String>, BTreeSet<u64>>,
    /// What cannot, by when it can.
    hidden: BTreeSet<(i64, u64)>,
    /// Everything, by when it was sent.
    by_age: BTreeSet<(i64, u64)>,
    /// How many of a message group are in somebody's hands.
    in_flight: HashMap<Option<String>, usize>,
}

impl Queue {
    pub(crate) fn new(arn: String, settings: Settings, now_ms: i64) -> Self {
        Self {
            settings,
            created_ms: now_ms,
            changed_ms: now_ms,
            purged_ms: None,
            arn,
            messages: BTreeMap::new(),
            next: 0,
            ready: BTreeMap::new(),
            hidden: BTreeSet::new(),
            by_age: BTreeSet::new(),
            in_flight: HashMap::new(),
        }
    }

    /// Takes a message in.
    pub(crate) fn send(
        &mut self,
        message: NewMessage,
        id: String,
        now_ms: i64,
    ) -> Result<Sent, Refusal> {
        self.check(&message)?;
        let delay = message.delay.unwrap_or(self.settings.delay);
        let place = match delay.is_zero() {
            true => Place::Ready,
            false => Place::Delayed {
                until_ms: now_ms + ms(delay),
            },
        };
        let stored = Stored::new(message, id, place, now_ms)?;
        let sent = stored.sent();
        self.put(stored);
        Ok(sent)
    }

    /// The rules for a single message, also of a batch.
    fn check(&self, message: &NewMessage) -> Result<(), Refusal> {
        if message.body.is_empty() {
            return Err(Refusal::MissingParameter("MessageBody"));
        }
        let bytes = message_bytes(message);
        if bytes > self.settings.most_bytes {
            return Err(Refusal::InvalidParameterValue(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than {} bytes.",
                self.settings.most_bytes
            )));
        }
        if message.delay.is_some_and(|delay| delay > MOST_DELAYED) {
            return Err(Refusal::InvalidParameterValue(
                "DelaySeconds must be >= 0 and <= 900.".to_owned(),
            ));
        }
        Ok(())
    }

    /// Takes in what another queue gave up on.
    pub(crate) fn take_in(&mut self, mut message: Stored, source: &str) {
        message.place = Place::Ready;
        message.receives_here = 0;
        message.source = Some(source.to_owned());
        self.put(message);
    }

    fn put(&mut self, message: Stored) {
        let number = self.next;
        self.next += 1;
        let place = message.place;
        self.by_age.insert((message.sent_ms, number));
        self.messages.insert(number, message);
        self.arrive(number, place);
    }

    /// What was hidden and is not any more, and what is too old, by the clock.
    pub(crate) fn settle(&mut self, now_ms: i64) {
        while let Some(&(until_ms, number)) = self.hidden.first()
            && until_ms <= now_ms
        {
            self.place(number, Place::Ready);
        }
        // Retention counts from the first sending, in a dead-letter queue too (standard queues).
        let oldest_ms = now_ms - ms(self.settings.retention);
        while let Some(&(sent_ms, number)) = self.by_age.first()
            && sent_ms < oldest_ms
        {
            self.remove(number);
        }
    }

    /// The next message to hand out, hidden for `visibility` from now on.
    pub(crate) fn receive(
        &mut self,
        order: Order,
        visibility: Duration,
        now_ms: i64,
    ) -> Option<Handed> {
        let number = self.pick(order)?;
        let most = self.settings.redrive.as_ref().map(|it| it.most_receives);
        let message = self.messages.get_mut(&number)?;
        if most.is_some_and(|most| message.receives_here >= most) {
            return self.remove(number).map(Handed::GivenUp);
        }
        let received = message.receive(number, &self.arn, now_ms);
        let until_ms = now_ms + ms(visibility);
        self.place(number, Place::InFlight { until_ms });
        Some(Handed::Out(Box::new(received), number))
    }

    /// Fair queues: of several message groups, the one with the fewest messages in hand comes first;
    /// within a group, and without groups, the oldest.
    fn pick(&self, order: Order) -> Option<u64> {
        let ready = self.ready.iter().filter_map(|(group, numbers)| {
            let busy = self.in_flight.get(group).copied().unwrap_or_default();
            numbers.first().map(|first| (busy, *first))
        });
        match order {
            Order::Usual => ready.min().map(|(_, number)| number),
            Order::Random => self
                .ready
                .values()
                .flatten()
                .choose(&mut rand::rng())
                .copied(),
        }
    }

    /// Lets a message be received once more while it is in somebody's hands: "on rare occasions"
    /// a standard queue delivers twice.
    pub(crate) fn double(&mut self, number: u64) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        if !message.copy {
            let mut copy = message.clone();
            copy.copy = true;
            copy.place = Place::Ready;
            self.put(copy);
        }
    }

    /// When the next hidden message can be received.
    pub(crate) fn next_ready_ms(&self) -> Option<i64> {
        self.hidden.first().map(|(until_ms, _)| *until_ms)
    }

    /// Deletes what the receipt is for. "You must provide the most recently received handle;
    /// otherwise the request succeeds, but the message might not be deleted": here it is not.
    pub(crate) fn delete(&mut self, receipt: &Receipt) -> Result<(), Refusal> {
        self.knows(receipt)?;
        if let Some(message) = self.messages.get(&receipt.number)
            && message.receives == receipt.receives
        {
            self.remove(receipt.number);
        }
        Ok(())
    }

    fn knows(&self, receipt: &Receipt) -> Result<(), Refusal> {
        if receipt.queue == self.arn {
            Ok(())
        } else {
            Err(Refusal::ReceiptHandleIsInvalid)
        }
    }

    /// Hides a message in hand for so long from now; zero gives it back at once.
    pub(crate) fn hide(
        &mut self,
        receipt: &Receipt,
        visibility: Duration,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.knows(receipt)?;
        let unknown = || {
            Refusal::InvalidParameterValue(
                "Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is \
                 not available for visibility timeout change."
                    .to_owned(),
            )
        };
        let message = self.messages.get(&receipt.number).ok_or_else(unknown)?;
        if message.receives != receipt.receives {
            return Err(unknown());
        }
        if !matches!(message.place, Place::InFlight { .. }) {
            return Err(Refusal::MessageNotInflight);
        }
        // Twelve hours count from the receive, not from each extension.
        if now_ms + ms(visibility) > message.received_ms + ms(MOST_HIDDEN) {
            return Err(Refusal::InvalidParameterValue(format!(
                "Value {} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout \
                 for the message is beyond the limit [43200 seconds].",
                visibility.as_secs()
            )));
        }
        let place = if visibility.is_zero() {
            Place::Ready
        } else {
            let until_ms = now_ms + ms(visibility);
            Place::InFlight { until_ms }
        };
        self.place(receipt.number, place);
        Ok(())
    }

    /// Empties the queue, at most once a minute.
    pub(crate) fn purge(&mut self, now_ms: i64) -> Result<(), Refusal> {
        if self.purged_ms.is_some_and(|at| now_ms - at < 60_000) {
            return Err(Refusal::PurgeQueueInProgress);
        }
        self.purged_ms = Some(now_ms);
        self.messages.clear();
        self.ready.clear();
        self.hidden.clear();
        self.by_age.clear();
        self.in_flight.clear();
        Ok(())
    }

    /// How many messages there are.
    pub(crate) fn depth(&self) -> Depth {
        let mut depth = Depth::default();
        for message in self.messages.values() {
            match message.place {
                Place::Ready => depth.visible += 1,
                Place::Delayed { .. } => depth.delayed += 1,
                Place::InFlight { .. } => depth.in_flight += 1,
            }
        }
        depth
    }

    /// As GetQueueAttributes shows it.
    pub(crate) fn attributes(&self) -> BTreeMap<String, String> {
        let depth = self.depth();
        let mut shown = self.settings.shown();
        let counts = [
            ("ApproximateNumberOfMessages", depth.visible as i64),
            (
                "ApproximateNumberOfMessagesNotVisible",
                depth.in_flight as i64,
            ),
            ("ApproximateNumberOfMessagesDelayed", depth.delayed as i64),
            ("CreatedTimestamp", self.created_ms / 1_000),
            ("LastModifiedTimestamp", self.changed_ms / 1_000),
        ];
        shown.extend(counts.map(|(name, number)| (name.to_owned(), number.to_string())));
        shown.insert("QueueArn".to_owned(), self.arn.clone());
        shown
    }

    fn place(&mut self, number: u64, place: Place) {
        self.leave(number);
        if let Some(message) = self.messages.get_mut(&number) {
            message.place = place;
            self.arrive(number, place);
        }
    }

    fn remove(&mut self, number: u64) -> Option<Stored> {
        self.leave(number);
        let message = self.messages.remove(&number)?;
        self.by_age.remove(&(message.sent_ms, number));
        Some(message)
    }

    fn leave(&mut self, number: u64) {
        let Some(message) = self.messages.get(&number) else {
            return;
        };
        match message.place {
            Place::Ready => {
                if let Some(numbers) = self.ready.get_mut(&message.group) {
                    numbers.remove(&number);
                    if numbers.is_empty() {
                        self.ready.remove(&message.group);
                    }
                }
            }
            Place::Delayed { until_ms } => {
                self.hidden.remove(&(until_ms, number));
            }
            Place::InFlight { until_ms } => {
                self.hidden.remove(&(until_ms, number));
                if let Some(count) = self.in_flight.get_mut(&message.group) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }

    fn arrive(&mut self, number: u64, place: Place) {
        let group = self
            .messages
            .get(&number)
            .and_then(|message| message.group.clone());
        match place {
            Place::Ready => {
                self.ready.entry(group).or_default().insert(number);
            }
            Place::Delayed { until_ms } => {
                self.hidden.insert((until_ms, number));
            }
            Place::InFlight { until_ms } => {
                self.hidden.insert((until_ms, number));
                *self.in_flight.entry(group).or_default() += 1;
            }
        }
    }
}

/// What became of a message that was picked.
pub(crate) enum Handed {
    /// Somebody has it now; its number, to double it.
    Out(Box<Received>, u64),
    /// It was received too often already and belongs to the dead-letter queue.
    GivenUp(Stored),
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
