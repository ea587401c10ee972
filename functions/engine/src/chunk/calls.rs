//! The provider calls of one claim: as large as the provider manages in a few seconds, and cut when the
//! worker's time is over.

use std::pin::pin;
use std::time::Duration;

use bulkhead_shared::api::Called;
use futures::future::{Either, select};
use jiff::{SignedDuration, Timestamp};

use crate::limits::RESERVE;
use crate::ports::Ports;
use crate::records::pace::{Doing, Paces};
use crate::tasks::Task;

/// A call that broke off after so long was too large, or the provider is gone: the next one is smaller.
const SLOW: Duration = Duration::from_secs(4);

/// A call's size, as far as its provider and the job go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) doing: Doing,
    /// Before anything is known of the provider's pace.
    pub(super) first: u32,
    pub(super) most: u32,
}

/// The size of a call that acts on them.
pub(super) fn acting(task: &dyn Task) -> Size {
    let doing = match (task.asks(), task.touches()) {
        (true, _) => Doing::Asking,
        (false, true) => Doing::Changing,
        (false, false) => Doing::Reading,
    };
    Size {
        doing,
        first: task.first_call_items(),
        most: task.call_items(),
    }
}

/// Makes the calls of a claim.
pub(super) struct Calls<'a> {
    ports: &'a Ports,
    deadline: Timestamp,
    /// What is known of the provider's pace.
    paces: &'a mut Paces,
    /// How long the longest call took that changed something or looked what became of that; none before the
    /// first.
    longest: Option<SignedDuration>,
    called: Called,
}

impl<'a> Calls<'a> {
    pub(super) fn new(ports: &'a Ports, deadline: Timestamp, paces: &'a mut Paces) -> Self {
        Self {
            ports,
            deadline,
            paces,
            longest: None,
            called: Called::default(),
        }
    }

    /// Whether there is no time for another call, which may take as long as the longest did.
    pub(super) fn is_late(&self) -> bool {
        let reserve = self.longest.map_or(RESERVE, |longest| longest.max(RESERVE));
        self.ports.clock.now() + reserve > self.deadline
    }

    /// Whether none was made yet: the first one is made however late it is.
    pub(super) fn is_first(&self) -> bool {
        self.longest.is_none()
    }

    /// What those that were made cost.
    pub(super) fn called(&self) -> Called {
        self.called
    }

    /// How many items the next call should hold.
    pub(super) fn items(&self, size: Size) -> usize {
        self.paces.size(size.doing, size.first, size.most) as usize
    }

    /// The size of a call that finds out what became of changes: it takes away what a half-done change left, so
    /// it holds no more than a change may.
    pub(super) fn finding(&self, most: u32) -> Size {
        let learned = self.paces.learned(Doing::Changing);
        Size {
            doing: Doing::Finding,
            first: learned.unwrap_or(most).min(most),
            most,
        }
    }

    /// Makes a call with so many items, and learns from how long it takes; none if it had no end within
    /// the worker's time.
    pub(super) async fn make<T>(
        &mut self,
        size: Size,
        items: usize,
        call: impl Future<Output = T>,
        is_answer: impl Fn(&T) -> bool,
    ) -> Option<T> {
        let end = self.ports.clock.until(self.deadline);
        let began = self.ports.clock.now();
        let answer = match select(pin!(call), end).await {
            Either::Left((answer, _)) => Some(answer),
            Either::Right(_) => None,
        };
        self.learn(size, items, began, answer.as_ref().is_some_and(is_answer));
        answer
    }

    /// The same for a call that must not be cut: what it hands on would be cut in the middle.
    pub(super) async fn make_whole<T>(
        &mut self,
        size: Size,
        items: usize,
        call: impl Future<Output = T>,
        is_answer: impl Fn(&T) -> bool,
    ) -> T {
        let began = self.ports.clock.now();
        let answer = call.await;
        self.learn(size, items, began, is_answer(&answer));
        answer
    }

    fn learn(&mut self, size: Size, items: usize, began: Timestamp, is_answered: bool) {
        let took = self.ports.clock.now().duration_since(began);
        if size.doing != Doing::Looking {
            self.longest = self.longest.max(Some(took));
        }
        if size.doing == Doing::Asking {
            return;
        }
        let took = Duration::try_from(took).unwrap_or_default();
        self.called += Called {
            calls: 1,
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        };
        let allowed = self.paces.size(size.doing, size.first, size.most);
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        if is_answered {
            self.paces.took(size.doing, items, allowed, size.most, took);
        } else if took >= SLOW {
            self.paces.timed_out(size.doing, items);
        }
    }

    /// Whoever made a call died in it, with so many items in hand.
    pub(super) fn was_left(&mut self, size: Size, items: usize) {
        if size.doing == Doing::Asking {
            return;
        }
        let allowed = self.paces.size(size.doing, size.first, size.most);
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        self.paces.timed_out(size.doing, allowed.min(items));
    }
}
