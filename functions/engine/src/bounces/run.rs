//! A worker looks for reports: finds what looks like one, reads the beginning of each once, and stores what it tells.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use bulkhead_shared::api::BounceKind;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::limits::BOUNCE_DAYS;
use bulkhead_shared::query::Query;
use bulkhead_shared::suppression::Suppression;
use bulkhead_shared::unsearched::summary;
use jiff::Timestamp;

use super::matching::{Sent, SentMails};
use super::report::{self, Failure};
use super::{rows, verdict};
use crate::access;
use crate::accounts;
use crate::background::{self, Working};
use crate::error::Error;
use crate::ports::{CallError, MailStore, Ports};
use crate::reading::Beginnings;
use crate::records::store::erase;
use crate::records::{BounceLookRecord, BounceRecord, SuppressedRecord, names};
use crate::suppression;

/// Found in one call.
const PAGE: u32 = 200;
/// Read in one call, and stored together.
const READ_AT_ONCE: usize = 20;
/// Bytes of a report that are read: its fields, and the header of the mail that came back, also behind a long text.
const REPORT_BYTES: usize = 256 * 1024;
/// Reports that one look reads, most.
const READ_MOST: u64 = 5_000;
/// Mails that are known to be read already.
const SEEN_MOST: usize = 6_000;

/// Who writes reports, and how they are headed.
const LOOKS_LIKE_ONE: &str = "from:mailer-daemon OR from:mail-daemon OR from:postmaster OR from:mdaemon \
    OR from:microsoftexchange OR from:feedback OR subject:undeliverable OR subject:undelivered \
    OR subject:\"delivery status\" OR subject:\"delivery fail\" OR subject:\"delivery has failed\" \
    OR subject:\"mail delivery\" OR subject:\"returned mail\" OR subject:\"failure notice\" \
    OR subject:\"feedback report\" OR subject:\"complaint about\"";

/// Looks for reports. Work that would go beyond `deadline` is stored and asked for again.
pub(crate) async fn run(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    deadline: Timestamp,
) -> Result<(), Error> {
    let Some(work) = background::take(ports, owner, account, deadline).await? else {
        return Ok(());
    };
    let mut look = Look { work };
    let went = look.go().await;
    look.work.ended(went).await
}

/// A look that is under way here.
struct Look<'a> {
    work: Working<'a, BounceLookRecord>,
}

impl Look<'_> {
    async fn go(&mut self) -> Result<(), Error> {
        self.work.tell().await?;
        let (ports, owner, id) = (self.work.ports, self.work.owner, self.work.account);
        let table = ports.table.as_ref();
        let account = match access::account_of(table, owner, id).await {
            // Forgotten meanwhile; so is what was kept.
            Err(Error::NotFound) => return erase(table, names::bounces_partition(id)).await,
            found => found?,
        };
        let open = accounts::open(ports, &account).await?;
        let Some(mail) = open.mail() else {
            let problem = "This account has no mails.".to_owned();
            return self.work.give_up(problem).await;
        };
        let query = query(self.work.record.begun_at, self.work.record.whole_until);
        let query = Query::parse(&query).map_err(|error| {
            CallError::Unsupported(format!("Reports cannot be searched for: {error}"))
        })?;
        let mut sent = SentMails::of(ports, owner, id);
        loop {
            let cursor = self.work.record.cursor.clone();
            let page = mail
                .matches(&query, self.work.record.begun_at, cursor.as_deref(), PAGE)
                .await?;
            if !page.unsearched.is_empty() {
                self.work.record.standing.problem = Some(summary(&page.unsearched));
            }
            let ids: Vec<ItemId> = page.matches.into_iter().map(|it| it.id).collect();
            for some in self.unread(ids).chunks(READ_AT_ONCE) {
                if !self.work.is_in_time() {
                    return self.work.put_down(Duration::ZERO).await;
                }
                if self.work.record.read >= READ_MOST {
                    let problem = format!("Only the first {READ_MOST} reports were read.");
                    return self.end(Some(problem)).await;
                }
                self.read(mail.as_ref(), some, &mut sent).await?;
                self.work.tell().await?;
            }
            self.work.record.cursor = page.next;
            if self.work.record.cursor.is_none() {
                let problem = self.work.record.standing.problem.take();
                return self.end(problem).await;
            }
        }
    }

    /// Those that nobody has read yet.
    fn unread(&self, ids: Vec<ItemId>) -> Vec<ItemId> {
        let seen: HashSet<&str> = self.work.record.seen.iter().map(String::as_str).collect();
        let mut ids = ids;
        ids.retain(|id| !seen.contains(mark(id).as_str()));
        ids
    }

    async fn read(
        &mut self,
        mail: &dyn MailStore,
        ids: &[ItemId],
        sent: &mut SentMails<'_>,
    ) -> Result<(), Error> {
        let mut found = Vec::new();
        let call = (mail.abilities().call_items as usize).max(1);
        for some in ids.chunks(call) {
            let mut beginnings = Beginnings::new(some.len(), REPORT_BYTES);
            mail.fetch_beginnings(some, REPORT_BYTES, &mut beginnings)
                .await?;
            for bytes in beginnings.finish().into_iter().flatten().flatten() {
                let Some(report) = report::read(&bytes) else {
                    continue;
                };
                if let Some((sent, failure)) = sent.find(&report).await? {
                    found.push(self.bounce(sent, failure));
                }
            }
        }
        self.store(&found).await?;
        self.work.record.read += ids.len() as u64;
        self.work.record.seen.extend(ids.iter().map(mark));
        let over = self.work.record.seen.len().saturating_sub(SEEN_MOST);
        self.work.record.seen.drain(..over);
        Ok(())
    }

    fn bounce(&self, sent: Sent, failure: &Failure) -> (JobId, BounceRecord) {
        let (kind, reason) = match failure.is_complaint {
            true => (BounceKind::Complaint, None),
            false => {
                let verdict = verdict::judge(failure.status, &failure.said);
                let kind = match verdict.for_good {
                    true => BounceKind::ForGood,
                    false => BounceKind::ThisTime,
                };
                (kind, Some(verdict.reason))
            }
        };
        let record = BounceRecord {
            number: sent.number,
            item: sent.item,
            kind,
            reason,
            said: Some(failure.said.clone()).filter(|said| !said.is_empty()),
            at: self.work.ports.clock.now(),
        };
        (sent.job, record)
    }

    /// Stores what came back beside its job, and puts addresses that are worth no further mail onto the list.
    async fn store(&self, found: &[(JobId, BounceRecord)]) -> Result<(), Error> {
        rows::put(self.work.ports, found).await?;
        let mut gone = BTreeMap::new();
        for (job, bounce) in found {
            let why = match bounce.kind {
                BounceKind::ForGood => Suppression::Bounced,
                BounceKind::Complaint => Suppression::Complained,
                BounceKind::ThisTime => continue,
            };
            let record = SuppressedRecord {
                address: bounce.item.to_string(),
                why,
                at: bounce.at,
                note: bounce.said.clone(),
                job: Some(job.clone()),
            };
            gone.insert(bounce.item.to_string(), record);
        }
        suppression::bounced(self.work.ports, self.work.account, gone).await
    }

    /// It is over, and whole unless something is named that kept it from that.
    async fn end(&mut self, problem: Option<String>) -> Result<(), Error> {
        let record = &mut self.work.record;
        if problem.is_none() {
            record.whole_until = Some(record.begun_at);
        }
        record.cursor = None;
        self.work.done_but_for(problem).await
    }
}

/// What looks like a report and came since the last look that was whole.
fn query(begun: Timestamp, whole_until: Option<Timestamp>) -> String {
    let since = whole_until.map(|until| {
        // A day more, because clocks differ.
        begun.duration_since(until).as_hours() / 24 + 2
    });
    let days = since.unwrap_or(BOUNCE_DAYS + 1).clamp(1, BOUNCE_DAYS + 1);
    format!("in:anywhere newer_than:{days}d ({LOOKS_LIKE_ONE})")
}

/// Tells a mail from others in little room.
fn mark(id: &ItemId) -> String {
    let mut hash = sha256_hex(id.as_str().as_bytes());
    hash.truncate(12);
    hash
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_search_goes_back_to_the_last_look_that_was_whole() {
        let begun = Timestamp::UNIX_EPOCH;
        let days = |hours: Option<i64>| {
            let whole = hours.map(|hours| begun - SignedDuration::from_hours(hours));
            let query = query(begun, whole);
            let days = query.strip_prefix("in:anywhere newer_than:");
            let (days, rest) = days
                .and_then(|it| it.split_once("d (from:"))
                .unwrap_or_default();
            assert!(rest.ends_with("\"complaint about\")"), "{rest}");
            assert!(Query::parse(&query).is_ok(), "{query}");
            days.parse::<i64>().ok()
        };
        for (hours, found) in [
            (None, 8),
            (Some(0), 2),
            (Some(23), 2),
            (Some(24), 3),
            (Some(6 * 24), 8),
            (Some(30 * 24), 8),
            // A clock that was ahead.
            (Some(-72), 1),
        ] {
            assert_eq!(days(hours), Some(found), "{hours:?}");
        }
    }
}
