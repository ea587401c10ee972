//! Delivering from the mailbox in memory: it keeps what was handed over, and misbehaves like its changes.

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::hash::sha256;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;

use super::{MemoryMailbox, Moment, lock};
use crate::ports::{CallError, Delivery, Letter, Postbox, SentCopy};

impl MemoryMailbox {
    /// The same mailbox with a limit on letters in a window.
    pub fn sending_at_most(mut self, letters: u32, seconds: u32) -> Self {
        self.sends.allowance = Some(Allowance {
            items: letters,
            seconds,
        });
        self
    }

    /// The same mailbox, but its letters go out by this way, like those of other accounts.
    pub fn sending_by(mut self, outlet: &'static str) -> Self {
        self.outlet = Some(outlet);
        self
    }

    /// All that was handed over, in this order; twice what was handed over twice.
    pub fn delivered(&self) -> Vec<Letter> {
        lock(&self.inside).delivered.clone()
    }

    fn deliver_one(&self, letter: &Letter) -> Delivery {
        let identity = self.identity_of(letter);
        let mut trouble = lock(&self.trouble);
        if trouble.refuse.contains(&identity) {
            return Delivery::Refused(ItemReason::Refused);
        }
        if let Some(wait) = trouble.defer.remove(&identity) {
            return Delivery::Deferred(wait);
        }
        let mut flaky = trouble.flaky.get_mut(&identity).into_iter();
        if let Some(times) = flaky.find(|times| **times > 0) {
            *times -= 1;
            return Delivery::Unavailable;
        }
        let delivered = &mut lock(&self.inside).delivered;
        delivered.push(letter.clone());
        let theirs = format!("theirs-{}", delivered.len() - 1).parse();
        match theirs {
            Ok(theirs) if trouble.renames => Delivery::DoneAs(theirs),
            _ => Delivery::Done,
        }
    }

    /// Of the mail that a letter is made of; 0 of none.
    fn identity_of(&self, letter: &Letter) -> u64 {
        let text = String::from_utf8_lossy(&letter.bytes);
        let item = text.lines().find_map(|line| line.strip_prefix("X-Item: "));
        let mails = self.mails().into_iter();
        let mut of_it = mails.filter(|mail| Some(super::id(mail).as_str()) == item);
        of_it.next().map_or(0, |mail| mail.identity)
    }
}

#[async_trait]
impl Postbox for MemoryMailbox {
    #[allow(
        clippy::misnamed_getters,
        reason = "its other abilities are those of its mails"
    )]
    fn abilities(&self) -> &Abilities {
        &self.sends
    }

    fn outlet(&self) -> Option<&'static str> {
        self.outlet
    }

    fn user(&self) -> Option<&str> {
        Some("me@example.org")
    }

    fn objection(&self, _: &Operation) -> Option<String> {
        lock(&self.trouble).objection.clone()
    }

    async fn deliver(&self, letters: &[Letter]) -> Result<Vec<Delivery>, CallError> {
        self.begin_call()?;
        self.sleep(Moment::BeforeEffect);
        let (reached, lost) = self.next_trouble(letters.len())?;
        let done = letters.iter().take(reached);
        let done = done.map(|letter| self.deliver_one(letter)).collect();
        self.sleep(Moment::AfterEffect);
        if lost { Err(super::broken()) } else { Ok(done) }
    }

    async fn sent(&self, beginning: &str) -> Result<Vec<ItemId>, CallError> {
        self.begin_call()?;
        let ids = self.delivered().into_iter().map(|letter| letter.id);
        let is_blind = lock(&self.trouble).blind;
        Ok(ids
            .filter(|id| !is_blind && id.as_str().starts_with(beginning))
            .collect())
    }

    async fn find(&self, ids: &[ItemId]) -> Result<Vec<SentCopy>, CallError> {
        self.begin_call()?;
        if lock(&self.trouble).blind {
            return Ok(vec![SentCopy::NotFound; ids.len()]);
        }
        let delivered = self.delivered();
        let copy = |id: &ItemId| {
            let letter = delivered.iter().find(|letter| letter.id == *id);
            letter.map_or(SentCopy::NotFound, |letter| {
                SentCopy::Ours(sha256(&letter.bytes))
            })
        };
        Ok(ids.iter().map(copy).collect())
    }
}
