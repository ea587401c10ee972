//! Which mails are new to a rule. A mail is judged once: what comes back, because a person took a run back, is no
//! new mail.

use std::collections::HashSet;

use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mail::Item;
use bulkhead_shared::query::{Moment, Query, Term};
use jiff::{SignedDuration, Timestamp};

use super::rows;
use super::turns;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{ArrivedRecord, Judged, names};

/// How much later a mail may show up than the time that its server says it was received: clocks differ, and mails are
/// brought from one server to another.
const LATE: SignedDuration = SignedDuration::from_hours(1);
/// Mails that are remembered as judged, most. Of more the earliest are: what came before them is not looked at again.
const JUDGED_MOST: usize = 1_000;
/// Letters of a mark: enough to tell the mails of two hours apart.
const MARK_LETTERS: usize = 16;

/// What is new to a rule.
pub(super) struct Arrived {
    pub(super) record: ArrivedRecord,
    /// Mails that were received before are not.
    pub(super) since: Timestamp,
    known: HashSet<String>,
}

impl Arrived {
    /// What is new to this rule of an account; none if it has no turns of its own any more.
    pub(super) async fn of(
        ports: &Ports,
        account: &AccountId,
        rule: &str,
        now: Timestamp,
    ) -> Result<Option<Self>, Error> {
        let Some(turn) = turns::of(ports, account).await?.remove(rule) else {
            return Ok(None);
        };
        let record = rows::get::<ArrivedRecord>(ports, &names::rule_arrived(account, rule)).await?;
        let record = record.unwrap_or_default();
        // What was judged before it was switched on anew says nothing of what is new now.
        let whole = record.whole_until.filter(|until| *until > turn.since);
        let since = whole.map_or(turn.since, |until| turn.since.max(until - LATE));
        // A clock that was ahead once would hide all that comes until it is caught up with.
        let since = since.min(now - LATE).max(turn.since);
        let known = record.judged.iter().map(|judged| judged.mark.clone());
        Ok(Some(Self {
            known: known.collect(),
            since,
            record,
        }))
    }

    /// That a mail is not older.
    pub(super) fn term(since: Timestamp) -> Query {
        Query::Term(Term::After(Moment::At(since)))
    }

    /// How this mail is remembered; none if it is not new.
    pub(super) fn judge(&self, item: &Item) -> Option<Judged> {
        let mark = mark(item);
        let is_new = item.date >= self.since && !self.known.contains(&mark);
        is_new.then_some(Judged {
            at: item.date,
            mark,
        })
    }

    /// What is to be remembered after a look that was begun at this time and judged these. One that did not come to
    /// its end is begun anew for what it did not see.
    pub(super) fn after(
        &self,
        begun_at: Timestamp,
        sync_token: Option<String>,
        judged: Vec<Judged>,
        is_whole: bool,
    ) -> ArrivedRecord {
        let mut all: Vec<Judged> = self.record.judged.iter().cloned().chain(judged).collect();
        if !is_whole {
            return ArrivedRecord {
                judged: all,
                sync_token: None,
                ..self.record.clone()
            };
        }
        let mut whole_until = begun_at;
        all.retain(|judged| judged.at >= begun_at - LATE);
        all.sort_by_key(|judged| std::cmp::Reverse(judged.at));
        if all.len() > JUDGED_MOST {
            all.truncate(JUDGED_MOST);
            let oldest = all.last().map_or(begun_at, |judged| judged.at);
            whole_until = oldest + LATE;
        }
        ArrivedRecord {
            sync_token,
            whole_until: Some(whole_until),
            judged: all,
        }
    }
}

/// Tells a mail from others, wherever it is.
fn mark(item: &Item) -> String {
    let told = (item.date.as_second(), item.size, &item.from, &item.subject);
    let mut hash = sha256_hex(format!("{told:?}").as_bytes());
    hash.truncate(MARK_LETTERS);
    hash
}
