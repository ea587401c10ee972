//! A worker weighs the senders and lists of an account, one after the other.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bulkhead_shared::api::{Scan, ScanState};
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::vcard::Search;
use jiff::{SignedDuration, Timestamp};

use super::bundle::bundled;
use super::leaning::Leanings;
use super::learned::settle;
use super::looking::Looking;
use super::rows;
use super::source::{Source, sources};
use super::start::HOLD;
use crate::access;
use crate::accounts;
use crate::error::Error;
use crate::limits::{backoff, budget};
use crate::ports::{Account, CallError, Ports};
use crate::records::store::erase;
use crate::records::{AccountRecord, AdviceRecord, SuggestionsRecord, names};
use crate::scan;

/// Sources that are weighed: those with the most mails.
const SOURCES_MOST: usize = 200;
/// After so many tries in a row that reached nobody it is given up.
const TRIES_MOST: u32 = 5;
/// How often others are told how far it is.
const TELL_EVERY: SignedDuration = SignedDuration::from_millis(400);
/// What is left of the time when work is put down, for storing it; whoever calls has kept some for that as well.
const MARGIN: SignedDuration = SignedDuration::from_secs(2);
/// How long until it is looked again whether all headers were read.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// After so long without a word the reading of headers is taken for broken.
const SCAN_MOST: SignedDuration = SignedDuration::from_mins(15);
/// Pages of contacts that are read, for knowing who is one.
const CONTACT_PAGES: u32 = 50;

/// Weighs what is to be weighed of an account. Work that would go beyond `deadline` is stored and asked for again.
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
        return rows::send(ports, owner, account, rows::wait(until, now)).await;
    }
    if let Some(until) = budget::waits(ports, account).await? {
        return rows::send(ports, owner, account, rows::wait(until, now)).await;
    }
    let mut work = Work {
        ports,
        owner,
        account,
        deadline,
        version: stored.version,
        told_at: now,
        record: stored.record,
    };
    match work.begin().await {
        Err(Error::Provider(error)) => work.stopped(error).await,
        Err(error) if error.is_conflict() => Ok(()),
        done => done,
    }
}

/// A message about it was delivered too often: it is given up. Says whether there was anything to give up.
pub(crate) async fn dead_letter(ports: &Ports, account: &AccountId) -> Result<bool, Error> {
    let Some(stored) = rows::load(ports.table.as_ref(), account).await? else {
        return Ok(false);
    };
    if stored.record.state != ScanState::Running {
        return Ok(false);
    }
    let record = AdviceRecord {
        state: ScanState::Failed,
        problem: Some("Looking through the mailbox broke down again and again.".to_owned()),
        held_until: None,
        updated_at: ports.clock.now(),
        ..stored.record
    };
    rows::keep(ports, account, &record, stored.version).await?;
    Ok(true)
}

/// Work that is under way here.
struct Work<'a> {
    ports: &'a Ports,
    owner: &'a UserId,
    account: &'a AccountId,
    deadline: Timestamp,
    record: AdviceRecord,
    /// The version of the row that says how far it is.
    version: u64,
    told_at: Timestamp,
}

impl Work<'_> {
    async fn begin(&mut self) -> Result<(), Error> {
        let table = self.ports.table.as_ref();
        let account = match access::account_of(table, self.owner, self.account).await {
            // Forgotten meanwhile; so is what was kept.
            Err(Error::NotFound) => {
                return erase(table, names::advice_partition(self.account)).await;
            }
            found => found?,
        };
        let headers = scan::progress(self.ports, self.account).await?;
        match headers {
            Some(headers) if headers.state == ScanState::Done => self.weigh(&account).await,
            Some(headers) if self.is_alive(&headers) => {
                rows::send(self.ports, self.owner, self.account, LOOK_AGAIN).await
            }
            headers => {
                let said = headers.and_then(|headers| headers.problem);
                let problem = said.unwrap_or_else(|| "The headers could not be read.".to_owned());
                self.give_up(problem).await
            }
        }
    }

    fn is_alive(&self, headers: &Scan) -> bool {
        headers.state == ScanState::Running && headers.at + SCAN_MOST > self.ports.clock.now()
    }

    async fn weigh(&mut self, account: &AccountRecord) -> Result<(), Error> {
        let table = self.ports.table.as_ref();
        let leanings = Leanings::of(&settle(self.ports, self.account).await?);
        let open = accounts::open(self.ports, account).await?;
        let folders = scan::scanned(self.ports, account)
            .await?
            .unwrap_or_default();
        let people = people(open.clone()).await?;
        let now = self.ports.clock.now();
        let mut all = sources(&folders, &people, now);
        all.truncate(SOURCES_MOST);
        self.record.sources = Some(all.len() as u64);
        self.tell(ScanState::Running).await?;
        let Some(mail) = open.mail() else {
            return self.give_up("This account has no mails.".to_owned()).await;
        };
        let looking = Looking {
            mail: mail.as_ref(),
            model: self.ports.model.as_ref(),
            leanings: &leanings,
            now,
        };
        let mut so_far = rows::weighed(table, self.account).await?;
        let known: HashSet<String> = so_far.sources.iter().cloned().collect();
        let left: Vec<&Source> = all.iter().filter(|it| !known.contains(&it.query)).collect();
        for (index, source) in left.into_iter().enumerate() {
            self.record.weighed = so_far.sources.len() as u64;
            // However late it is, one is weighed: who puts down what they never began comes to no end.
            if index > 0 && self.ports.clock.now() + MARGIN >= self.deadline {
                rows::put_weighed(self.ports, self.account, &so_far).await?;
                return self.put_down().await;
            }
            self.tell_now_and_then().await?;
            so_far.weighed.extend(looking.weigh(source).await?);
            so_far.sources.push(source.query.clone());
        }
        let suggestions = bundled(so_far.weighed);
        self.record.weighed = all.len() as u64;
        self.record.tries = 0;
        self.record.problem = None;
        // Only who still has it may say what is suggested.
        self.tell(ScanState::Running).await?;
        let suggestions = SuggestionsRecord { suggestions };
        rows::put_suggestions(self.ports, self.account, &suggestions).await?;
        self.tell(ScanState::Done).await
    }

    /// Lets others go on.
    async fn put_down(&mut self) -> Result<(), Error> {
        self.record.held_until = None;
        self.keep(ScanState::Running).await?;
        rows::send(self.ports, self.owner, self.account, Duration::ZERO).await
    }

    /// The provider did not go along.
    async fn stopped(&mut self, error: CallError) -> Result<(), Error> {
        let delay = match error {
            CallError::Throttled { until } => {
                let until = budget::park(self.ports, self.account, until).await?;
                rows::wait(until, self.ports.clock.now())
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

    async fn tell_now_and_then(&mut self) -> Result<(), Error> {
        if self.ports.clock.now().duration_since(self.told_at) < TELL_EVERY {
            return Ok(());
        }
        self.tell(ScanState::Running).await
    }

    /// Says how far it is; and, as long as it runs, that somebody works on it.
    async fn tell(&mut self, state: ScanState) -> Result<(), Error> {
        let running = state == ScanState::Running;
        self.record.held_until = running.then(|| self.ports.clock.now() + HOLD);
        self.told_at = self.ports.clock.now();
        self.keep(state).await
    }

    async fn keep(&mut self, state: ScanState) -> Result<(), Error> {
        self.record.state = state;
        self.record.updated_at = self.ports.clock.now();
        rows::keep(self.ports, self.account, &self.record, self.version).await?;
        self.version += 1;
        Ok(())
    }
}

/// The addresses of everybody in the account's contacts; nobody where it has none.
async fn people(open: Arc<dyn Account>) -> Result<HashSet<String>, CallError> {
    let mut people = HashSet::new();
    let Some(contacts) = open.contacts() else {
        return Ok(people);
    };
    let (everybody, mut cursor) = (Search::words(""), None::<String>);
    for _ in 0..CONTACT_PAGES {
        let most = contacts.abilities().page_items;
        let page = contacts.list(&everybody, cursor.as_deref(), most).await?;
        for row in page.rows {
            let lines = row.shown.search.lines();
            people.extend(
                lines
                    .filter_map(|line| line.strip_prefix("email:"))
                    .map(|address| address.trim().to_owned()),
            );
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    people.remove("");
    Ok(people)
}
