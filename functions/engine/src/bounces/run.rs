//! A worker looks for reports: finds what looks like one, reads the beginning of each once, and stores what it tells.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use bulkhead_shared::api::{BounceKind, ScanState};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::limits::BOUNCE_DAYS;
use bulkhead_shared::query::Query;
use bulkhead_shared::suppression::Suppression;
use bulkhead_shared::unsearched::summary;
use jiff::{SignedDuration, Timestamp};

use super::matching::{Sent, SentMails};
use super::report::{self, Failure};
use super::{HOLD, rows, verdict};
use crate::access;
use crate::accounts;
use crate::error::Error;
use crate::limits::{backoff, budget};
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
/// After so many tries in a row that reached nobody a look is given up.
const TRIES_MOST: u32 = 5;
/// What is left of the time when work is put down, for storing it.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);

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
    let Some(stored) = rows::load(ports.table.as_ref(), account).await? else {
        // Erased.
        return Ok(());
    };
    let now = ports.clock.now();
    if stored.record.state != ScanState::Running {
        return Ok(());
    }
    if let Some(until) = stored.record.held_until.filter(|until| *until > now) {
        // Somebody works on it, or did: then this message goes on with it.
        return rows::send(ports, owner, account, wait(until, now)).await;
    }
    if let Some(until) = budget::waits(ports, account).await? {
        return rows::send(ports, owner, account, wait(until, now)).await;
    }
    let mut look = Look {
        ports,
        owner,
        account,
        deadline,
        version: stored.version,
        record: stored.record,
    };
    match look.tell(ScanState::Running).await {
        Err(error) if error.is_conflict() => return Ok(()),
        told => told?,
    }
    match look.go().await {
        Err(Error::Provider(error)) => look.stopped(error).await,
        Err(error) if error.is_conflict() => Ok(()),
        went => went,
    }
}

/// A message about a look was delivered too often: the look is given up. Says whether there was one.
pub(crate) async fn dead_letter(ports: &Ports, account: &AccountId) -> Result<bool, Error> {
    let Some(stored) = rows::load(ports.table.as_ref(), account).await? else {
        return Ok(false);
    };
    if stored.record.state != ScanState::Running {
        return Ok(false);
    }
    let record = BounceLookRecord {
        state: ScanState::Failed,
        problem: Some("Looking for reports broke down again and again.".to_owned()),
        held_until: None,
        updated_at: ports.clock.now(),
        ..stored.record
    };
    rows::keep(ports, account, &record, stored.version).await?;
    Ok(true)
}

fn wait(until: Timestamp, now: Timestamp) -> Duration {
    let left = until.duration_since(now);
    left.max(SignedDuration::ZERO).unsigned_abs()
}

/// A look that is under way here.
struct Look<'a> {
    ports: &'a Ports,
    owner: &'a UserId,
    account: &'a AccountId,
    deadline: Timestamp,
    record: BounceLookRecord,
    /// The version of the row that says how far it is.
    version: u64,
}

impl Look<'_> {
    async fn go(&mut self) -> Result<(), Error> {
        let table = self.ports.table.as_ref();
        let account = match access::account_of(table, self.owner, self.account).await {
            // Forgotten meanwhile; so is what was kept.
            Err(Error::NotFound) => {
                return erase(table, names::bounces_partition(self.account)).await;
            }
            found => found?,
        };
        let open = accounts::open(self.ports, &account).await?;
        let Some(mail) = open.mail() else {
            return self.give_up("This account has no mails.".to_owned()).await;
        };
        let query = Query::parse(&self.query()).map_err(|error| {
            CallError::Unsupported(format!("Reports cannot be searched for: {error}"))
        })?;
        let mut sent = SentMails::of(self.ports, self.owner, self.account);
        loop {
            let cursor = self.record.cursor.clone();
            let page = mail
                .matches(&query, self.record.begun_at, cursor.as_deref(), PAGE)
                .await?;
            if !page.unsearched.is_empty() {
                self.record.problem = Some(summary(&page.unsearched));
            }
            let ids: Vec<ItemId> = page.matches.into_iter().map(|it| it.id).collect();
            for some in self.unread(ids).chunks(READ_AT_ONCE) {
                if self.ports.clock.now() + MARGIN >= self.deadline {
                    return self.put_down().await;
                }
                if self.record.read >= READ_MOST {
                    let problem = format!("Only the first {READ_MOST} reports were read.");
                    return self.end(Some(problem)).await;
                }
                self.read(mail.as_ref(), some, &mut sent).await?;
                self.tell(ScanState::Running).await?;
            }
            self.record.cursor = page.next;
            if self.record.cursor.is_none() {
                let problem = self.record.problem.take();
                return self.end(problem).await;
            }
        }
    }

    /// What looks like a report and came since the last look that was whole.
    fn query(&self) -> String {
        let begun = self.record.begun_at;
        let since = self.record.whole_until.map(|until| {
            // A day more, because clocks differ.
            begun.duration_since(until).as_hours() / 24 + 2
        });
        let days = since.unwrap_or(BOUNCE_DAYS + 1).clamp(1, BOUNCE_DAYS + 1);
        format!("in:anywhere newer_than:{days}d ({LOOKS_LIKE_ONE})")
    }

    /// Those that nobody has read yet.
    fn unread(&self, ids: Vec<ItemId>) -> Vec<ItemId> {
        let seen: HashSet<&str> = self.record.seen.iter().map(String::as_str).collect();
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
        self.record.read += ids.len() as u64;
        self.record.seen.extend(ids.iter().map(mark));
        let over = self.record.seen.len().saturating_sub(SEEN_MOST);
        self.record.seen.drain(..over);
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
            at: self.ports.clock.now(),
        };
        (sent.job, record)
    }

    /// Stores what came back beside its job, and puts addresses that are worth no further mail onto the list.
    async fn store(&self, found: &[(JobId, BounceRecord)]) -> Result<(), Error> {
        rows::put(self.ports, found).await?;
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
        suppression::bounced(self.ports, self.account, gone).await
    }

    /// Lets others go on.
    async fn put_down(&mut self) -> Result<(), Error> {
        self.record.held_until = None;
        self.keep(ScanState::Running).await?;
        rows::send(self.ports, self.owner, self.account, Duration::ZERO).await
    }

    /// It is over, and whole unless something is named that kept it from that.
    async fn end(&mut self, problem: Option<String>) -> Result<(), Error> {
        if problem.is_none() {
            self.record.whole_until = Some(self.record.begun_at);
        }
        self.record.problem = problem;
        self.record.cursor = None;
        self.record.tries = 0;
        self.tell(ScanState::Done).await
    }

    /// The provider did not go along.
    async fn stopped(&mut self, error: CallError) -> Result<(), Error> {
        let delay = match error {
            CallError::Throttled { until } => {
                let until = budget::park(self.ports, self.account, until).await?;
                wait(until, self.ports.clock.now())
            }
            CallError::Unavailable(_) if self.record.tries < TRIES_MOST => {
                self.record.tries += 1;
                let bits = self.ports.random.bits();
                backoff::delay(self.record.tries, bits).unsigned_abs()
            }
            error => return self.give_up(error.to_string()).await,
        };
        self.record.held_until = None;
        self.keep(ScanState::Running).await?;
        rows::send(self.ports, self.owner, self.account, delay).await
    }

    async fn give_up(&mut self, problem: String) -> Result<(), Error> {
        self.record.problem = Some(problem);
        self.record.held_until = None;
        self.keep(ScanState::Failed).await
    }

    /// Says how far it is; and, as long as it runs, that somebody works on it.
    async fn tell(&mut self, state: ScanState) -> Result<(), Error> {
        let running = state == ScanState::Running;
        self.record.held_until = running.then(|| self.ports.clock.now() + HOLD);
        self.keep(state).await
    }

    async fn keep(&mut self, state: ScanState) -> Result<(), Error> {
        self.record.updated_at = self.ports.clock.now();
        self.record.state = state;
        rows::keep(self.ports, self.account, &self.record, self.version).await?;
        self.version += 1;
        Ok(())
    }
}

/// Tells a mail from others in little room.
fn mark(id: &ItemId) -> String {
    let mut hash = sha256_hex(id.as_str().as_bytes());
    hash.truncate(12);
    hash
}
