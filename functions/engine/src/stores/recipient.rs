//! Recipients as items: made of rows, there for nobody before they get their mail, and gone to somebody
//! else's mailbox afterwards.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::{Card, Kind};
use bulkhead_shared::operations::recipient::Recipient;
use bulkhead_shared::operations::{Operation, Target};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::item_store::{ItemStore, Judged, Row, none_of, of_another_kind};
use crate::kinds::{Change, Effect, Found, Goal, ItemState};
use crate::letters;
use crate::ports::{CallError, Matches, Postbox};

/// What is the same as long as an account's recipients are: there never are any but those that are brought.
const ALWAYS: &str = "brought";

/// Those who get mails from an account.
pub(super) struct Recipients(pub(super) Arc<dyn Postbox>);

#[async_trait]
impl ItemStore for Recipients {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        self.0.allowance().await
    }

    async fn objection(&self, operation: &Operation) -> Result<Option<String>, CallError> {
        Ok(self.0.objection(operation))
    }

    async fn check(&self, _target: &Target) -> Result<Option<Invalid>, CallError> {
        Ok(None)
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        Ok(Some(ALWAYS.to_owned()))
    }

    async fn matches(
        &self,
        _query: &Query,
        _now: Timestamp,
        _cursor: Option<&str>,
        _limit: u32,
    ) -> Result<Matches, CallError> {
        Err(CallError::Unsupported(
            "Recipients are brought, not searched.".to_owned(),
        ))
    }

    async fn cards(&self, ids: &[ItemId]) -> Result<Vec<Option<Card>>, CallError> {
        Ok(vec![None; ids.len()])
    }

    fn card_of_input(&self, operation: &Operation, id: &ItemId, input: &[u8]) -> Option<Card> {
        match operation {
            Operation::BulkSend(send) => letters::card(send, id, input),
            _ => None,
        }
    }

    fn check_rows(&self, operation: &Operation, inputs: &[Vec<u8>]) -> Option<Invalid> {
        match operation {
            Operation::BulkSend(send) => letters::check(send, inputs).err(),
            _ => None,
        }
    }

    /// Each is known by the address, so nobody is one of a job's recipients twice.
    async fn rows(
        &self,
        _operation: &Operation,
        rows: Vec<Row>,
    ) -> Result<Vec<(ItemId, Vec<u8>)>, CallError> {
        let entries = rows.into_iter().map(|Row { input, .. }| {
            let key = Recipient::of_bytes(&input);
            let key = key.and_then(|recipient| letters::address_key(&recipient));
            let id = key.and_then(|key| key.parse().ok());
            Ok((id.ok_or(CallError::Refused(ItemReason::Internal))?, input))
        });
        entries.collect()
    }

    async fn goal(&self, _target: Target) -> Result<Goal, CallError> {
        Err(none_of(Kind::Recipient))
    }

    async fn past_goal(&self, target: Target) -> Result<Goal, CallError> {
        self.goal(target).await
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        Ok(vec![ItemState::ABSENT; ids.len()])
    }

    async fn judge(
        &self,
        _operation: &Operation,
        items: &[(ItemId, Option<Vec<u8>>)],
        _now: Timestamp,
    ) -> Result<Vec<Judged>, CallError> {
        Ok(vec![Err(ItemReason::Internal); items.len()])
    }

    async fn change(&self, _changes: &[Change], _tag: &str) -> Result<Vec<Effect>, CallError> {
        Err(of_another_kind())
    }

    async fn reconcile(&self, _changes: &[Change], _tag: &str) -> Result<Vec<Found>, CallError> {
        Err(of_another_kind())
    }
}
