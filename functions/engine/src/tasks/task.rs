//! What whoever works on a chunk knows of an operation.

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::api::TokensSpent;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::{ItemReason, ItemResult, Outcome};
use bulkhead_shared::unsubscribe::MailingList;
use jiff::{SignedDuration, Timestamp};

use crate::error::Error;
use crate::kinds::duplicate::Kept;
use crate::kinds::{Back, Found, ItemState, State};
use crate::letters::Frame;
use crate::limits::budget::Take;
use crate::ports::{CallError, Letter};
use crate::records::Prior;

/// An item that waits for its turn.
#[derive(Clone)]
pub(crate) struct Item<'a> {
    /// Its place in the whole job, from 0.
    pub(crate) number: u64,
    /// Its id now.
    pub(crate) id: ItemId,
    /// What it is now, where somebody just looked.
    pub(crate) state: Option<ItemState>,
    /// In an undo, its way back.
    pub(crate) back: Option<&'a Back>,
    /// What the operation brings for it.
    pub(crate) input: Option<&'a [u8]>,
}

/// What is to be done with an item.
#[derive(Clone)]
pub(crate) struct Step {
    /// Its id; the one that is given to it where it is to be delivered.
    pub(crate) id: ItemId,
    /// What it is before.
    pub(crate) from: ItemState,
    /// What is to be done.
    pub(crate) act: Act,
}

impl Step {
    /// To be read, whatever it is.
    fn read(item: Item<'_>) -> Self {
        Self {
            id: item.id,
            from: item.state.unwrap_or(ItemState::ABSENT),
            act: Act::Read(item.input.map(<[u8]>::to_vec)),
        }
    }
}

/// A list that is to be asked, and by what.
#[derive(Clone)]
pub(crate) struct Question {
    pub(super) list: MailingList,
    /// The mail; none where it is a request.
    pub(super) letter: Option<Letter>,
}

/// A reply without its text, and what of the mail a model is told that writes it.
#[derive(Clone)]
pub(crate) struct Unwritten {
    pub(super) frame: Frame,
    pub(super) excerpt: String,
}

/// What is to be done with an item.
#[derive(Clone)]
pub(crate) enum Act {
    /// Bring it to this state.
    Become(State),
    /// Take it away, as long as this one is there and says the same.
    GiveWay(Kept),
    /// Hand this over.
    Deliver(Letter),
    /// Have a text written for this, and hand it over.
    Write(Box<Unwritten>),
    /// Ask this.
    Ask(Box<Question>),
    /// Read it, with what the operation brings for it.
    Read(Option<Vec<u8>>),
}

impl Act {
    /// About as many bytes as it takes to store what comes of it; never fewer.
    pub(crate) fn stored_bytes(&self) -> usize {
        match self {
            Self::Become(state) => state.stored_bytes(),
            Self::GiveWay(_) => State::Absent.stored_bytes(),
            Self::Deliver(_) | Self::Write(_) | Self::Ask(_) | Self::Read(_) => 0,
        }
    }
}

/// Why an item gets no step: how it ends, and why.
pub(crate) type NoStep = (Outcome, ItemReason);

/// What came of a step.
pub(crate) enum Effect {
    /// Done. What the item is now, where that is worth knowing.
    Done(Option<(ItemId, ItemState)>),
    /// Done, with this result.
    Result(ItemResult),
    /// Not done: somebody changed it since it was seen.
    Changed,
    /// Not done: it is no longer there.
    Missing,
    /// Not done: the item that was to stay in its place is no longer what it was.
    ChangedSince,
    /// Not done, and not worth another attempt.
    Refused(ItemReason),
    /// Not done, for a reason that passes.
    Unavailable,
    /// Not done, for the model could not be asked, which passes.
    ModelUnavailable,
    /// Not done, and not to be tried again before so long.
    Deferred(SignedDuration),
    /// It may be done or not.
    Unknown,
}

/// What came of a call.
pub(crate) struct Performed {
    /// For each step; none where nothing is known of it.
    pub(crate) effects: Vec<Option<Effect>>,
    /// What broke it off.
    pub(crate) broke: Option<CallError>,
    /// What asking a model took.
    pub(crate) spent: TokensSpent,
    /// Until when a model asked everybody to wait: what nothing is known of was not done, and waits.
    pub(crate) waits: Option<Timestamp>,
}

impl Performed {
    /// The answer of a call that does all or nothing.
    pub(super) fn of(steps: usize, answer: Result<Vec<Effect>, CallError>) -> Self {
        match answer {
            Ok(effects) => Self::partly(effects.into_iter().map(Some).collect(), None),
            Err(error) => Self::partly((0..steps).map(|_| None).collect(), Some(error)),
        }
    }

    /// The answer of a call that may have been broken off between two steps.
    pub(super) fn partly(effects: Vec<Option<Effect>>, broke: Option<CallError>) -> Self {
        Self {
            effects,
            broke,
            spent: TokensSpent::default(),
            waits: None,
        }
    }
}

/// What the end of a claim made of the effects that were held back.
pub(crate) enum Finished {
    /// They count, and this part of the job's file holds them, if there is one.
    Kept(Option<String>),
    /// They never were.
    Discarded,
}

/// How an operation acts on the items of a chunk; made for one claim of it.
#[async_trait]
pub(crate) trait Task: Send {
    /// Whether it leaves something outside. Then what [`Task::prepare`] found is stored before
    /// [`Task::perform`], and what was never answered is looked for.
    fn touches(&self) -> bool;

    /// Whether a step may be taken again that is known not to have taken effect. If not, no more is prepared
    /// than the next call takes, so that little is left open by a death.
    fn repeats(&self) -> bool {
        true
    }

    /// Whether effects count only once [`Task::finish`] says so.
    fn holds(&self) -> bool {
        false
    }

    /// Whether [`Task::prepare`] asks the provider.
    fn looks(&self) -> bool {
        false
    }

    /// How many items a call that only looks holds, at the most.
    fn look_items(&self) -> u32 {
        self.call_items()
    }

    /// How many items a call of [`Task::perform`] holds, at the most.
    fn call_items(&self) -> u32;

    /// How many the first one holds.
    fn first_call_items(&self) -> u32 {
        self.call_items()
    }

    /// What the provider allows at this moment; none where it names no limit.
    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        Ok(None)
    }

    /// Whose allowance that is, where other accounts have it too.
    fn shares_with(&self) -> Option<&'static str> {
        None
    }

    /// Whether it asks somebody besides the account's provider. That one has a pace of its own: a call holds as many
    /// items as [`Task::call_items`] says.
    fn asks(&self) -> bool {
        false
    }

    /// How many of so many items it may act on now, where somebody besides the provider has a say. What is granted is
    /// used up by the next call.
    async fn admit(&mut self, wanted: u32) -> Result<Take, Error> {
        Ok(Take::Granted(wanted))
    }

    /// What is to be done with each of these items; or how it ends without. In the order asked. Left as it
    /// is, each is read.
    async fn prepare(
        &mut self,
        items: Vec<Item<'_>>,
    ) -> Result<Vec<Result<Step, NoStep>>, CallError> {
        Ok(items.into_iter().map(|item| Ok(Step::read(item))).collect())
    }

    /// The step that may have been taken with an item that was this before; none if there was none to take.
    fn taken(&self, _item: Item<'_>, _prior: &Prior) -> Option<Step> {
        None
    }

    /// The id and the state under which an item went out, of which the bytes' hash was noted, or is not known. None
    /// where nothing goes out.
    fn sent_as(&self, _number: u64, _sha256: Option<&[u8; 32]>) -> Option<(ItemId, ItemState)> {
        None
    }

    /// Numbers of the job's items that went out, as far as somebody else can tell.
    async fn sent(&mut self) -> Result<Vec<u64>, CallError> {
        Ok(Vec::new())
    }

    /// Takes these steps, in one call.
    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error>;

    /// Looks what became of steps whose answer never came. In the order asked. Repeats nothing.
    async fn inspect(&mut self, steps: &[Step]) -> Result<Vec<Found>, CallError> {
        Ok(vec![Found::Unclear; steps.len()])
    }

    /// Ends the claim's work.
    async fn finish(self: Box<Self>) -> Result<Finished, Error> {
        Ok(Finished::Kept(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::place;
    use futures::executor::block_on;

    /// One that says no more than it has to.
    struct Reading;

    #[async_trait]
    impl Task for Reading {
        fn touches(&self) -> bool {
            false
        }

        fn call_items(&self) -> u32 {
            7
        }

        async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
            Ok(Performed::partly(
                steps.iter().map(|_| None).collect(),
                None,
            ))
        }
    }

    /// Nobody else's allowance is used up, and no call is smaller than it may be.
    #[test]
    fn what_a_task_does_not_say_binds_it_to_nobody_else() {
        block_on(async {
            let mut task = Reading;
            assert_eq!(task.shares_with(), None);
            assert_eq!((task.look_items(), task.first_call_items()), (7, 7));
            assert_eq!(task.allowance().await.unwrap(), None);
            assert!(matches!(task.admit(5).await, Ok(Take::Granted(5))));
            assert_eq!(task.sent().await.unwrap(), [0_u64; 0]);
            assert_eq!(task.sent_as(1, None), None);
            assert!(task.repeats() && !task.holds() && !task.looks() && !task.asks());
        });
    }

    /// What is taken away, handed over or read leaves nothing that grows with the item.
    #[test]
    fn an_act_takes_as_many_bytes_as_the_state_that_it_brings() {
        let states = [
            place("INBOX", &["\\Seen", "$Label"]),
            State::Contact(vec![7; 5_000]),
            State::Absent,
        ];
        for state in states {
            let bytes = state.stored_bytes();
            assert_eq!(Act::Become(state).stored_bytes(), bytes);
        }
        assert_eq!(Act::Read(Some(vec![7; 5_000])).stored_bytes(), 0);
    }
}
