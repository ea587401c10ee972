//! The beginnings of mails, read for a model, and what it says of them put to their places.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::{ItemReason, ItemResult};

use crate::ports::{CallError, MailStore};
use crate::reading::Beginnings;
use crate::tasks::{Effect, Performed};

/// Mails as far as they could be read.
pub(super) struct Read {
    /// By place: what became of those that could not be read; none of the others, and where nothing is known.
    effects: Vec<Option<Effect>>,
    /// The places of those that could.
    places: Vec<usize>,
    /// What was read of them.
    pub(super) beginnings: Vec<Vec<u8>>,
    /// What broke the reading off.
    pub(super) broke: Option<CallError>,
}

impl Read {
    /// So many bytes of each of these mails.
    pub(super) async fn of(mail: &dyn MailStore, ids: &[ItemId], bytes: usize) -> Self {
        let mut beginnings = Beginnings::new(ids.len(), bytes);
        let answer = mail.fetch_beginnings(ids, bytes, &mut beginnings).await;
        let mut read = Self {
            effects: Vec::with_capacity(ids.len()),
            places: Vec::new(),
            beginnings: Vec::new(),
            broke: answer.err(),
        };
        for (place, beginning) in beginnings.finish().into_iter().enumerate() {
            read.effects.push(match beginning {
                Some(Ok(bytes)) => {
                    read.places.push(place);
                    read.beginnings.push(bytes);
                    None
                }
                Some(Err(ItemReason::Missing)) => Some(Effect::Missing),
                Some(Err(reason)) => Some(Effect::Refused(reason)),
                None => None,
            });
        }
        read
    }

    /// With what was said of those that could be read, in their order; `otherwise` says what becomes of one of which
    /// nothing is known. One that says fewer or more has not said of whom.
    pub(super) fn told(
        mut self,
        found: Vec<Option<Result<ItemResult, ItemReason>>>,
        otherwise: Option<fn() -> Effect>,
    ) -> Vec<Option<Effect>> {
        let fits = found.len() == self.places.len();
        let mut found = found.into_iter().filter(|_| fits);
        for place in self.places {
            if let Some(effect) = self.effects.get_mut(place) {
                *effect = match found.next() {
                    Some(Some(Ok(result))) => Some(Effect::Result(result)),
                    Some(Some(Err(reason))) => Some(Effect::Refused(reason)),
                    Some(None) => otherwise.map(|otherwise| otherwise()),
                    None => Some(Effect::Refused(ItemReason::Internal)),
                };
            }
        }
        self.effects
    }

    /// None of those that could be read is told, for this reason.
    pub(super) fn refused(self, reason: ItemReason) -> Performed {
        let found = vec![Some(Err(reason)); self.places.len()];
        Performed {
            effects: self.told(found, None),
            broke: None,
            spent: Default::default(),
            waits: None,
        }
    }
}
