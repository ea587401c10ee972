//! A worker weighs the senders and lists of an account, one after the other.

use std::collections::HashSet;
use std::time::Duration;

use bulkhead_shared::api::{Scan, ScanState};
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::{SignedDuration, Timestamp};

use super::bundle::bundled;
use super::leaning::Leanings;
use super::learned::settle;
use super::looking::Looking;
use super::rows;
use super::source::{Source, sources};
use crate::access;
use crate::accounts;
use crate::background::{self, Working};
use crate::error::Error;
use crate::people::people;
use crate::ports::Ports;
use crate::records::store::erase;
use crate::records::{AccountRecord, AdviceRecord, SuggestionsRecord, names};
use crate::scan;
use crate::unsubscribe;

/// Sources that are weighed: those with the most mails.
const SOURCES_MOST: usize = 200;
/// How long until it is looked again whether all headers were read.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// After so long without a word the reading of headers is taken for broken.
const SCAN_MOST: SignedDuration = SignedDuration::from_mins(15);

/// Weighs what is to be weighed of an account. Work that would go beyond `deadline` is stored and asked for again.
pub(crate) async fn run(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    deadline: Timestamp,
) -> Result<(), Error> {
    let Some(work) = background::take(ports, owner, account, deadline).await? else {
        return Ok(());
    };
    let mut weighing = Weighing { work };
    let weighed = weighing.begin().await;
    weighing.work.ended(weighed).await
}

/// A weighing that is under way here.
struct Weighing<'a> {
    work: Working<'a, AdviceRecord>,
}

impl Weighing<'_> {
    async fn begin(&mut self) -> Result<(), Error> {
        let (ports, id) = (self.work.ports, self.work.account);
        let table = ports.table.as_ref();
        let account = match access::account_of(table, self.work.owner, id).await {
            // Forgotten meanwhile; so is what was kept.
            Err(Error::NotFound) => return erase(table, names::advice_partition(id)).await,
            found => found?,
        };
        let headers = scan::progress(ports, id).await?;
        match headers {
            Some(headers) if headers.state == ScanState::Done => self.weigh(&account).await,
            Some(headers) if self.is_alive(&headers) => self.work.look_again(LOOK_AGAIN).await,
            headers => {
                let said = headers.and_then(|headers| headers.problem);
                let problem = said.unwrap_or_else(|| "The headers could not be read.".to_owned());
                self.work.give_up(problem).await
            }
        }
    }

    fn is_alive(&self, headers: &Scan) -> bool {
        headers.state == ScanState::Running && headers.at + SCAN_MOST > self.work.ports.clock.now()
    }

    async fn weigh(&mut self, account: &AccountRecord) -> Result<(), Error> {
        let (ports, id) = (self.work.ports, self.work.account);
        let leanings = Leanings::of(&settle(ports, id).await?);
        let open = accounts::open(ports, account).await?;
        let folders = scan::scanned(ports, account).await?.unwrap_or_default();
        let people = people(open.clone()).await?;
        let now = ports.clock.now();
        let mut all = sources(&folders, &people, now);
        all.truncate(SOURCES_MOST);
        let asked = unsubscribe::asked(ports.table.as_ref(), id).await?;
        for source in &mut all {
            source.can_be_left &= asked.asked_at(&source.key).is_none();
        }
        self.work.record.sources = Some(all.len() as u64);
        self.work.tell().await?;
        let Some(mail) = open.mail() else {
            let problem = "This account has no mails.".to_owned();
            return self.work.give_up(problem).await;
        };
        let looking = Looking {
            mail: mail.as_ref(),
            model: ports.model.as_ref(),
            leanings: &leanings,
            now,
        };
        let mut so_far = rows::weighed(ports.table.as_ref(), id).await?;
        let known: HashSet<String> = so_far.sources.iter().cloned().collect();
        let left: Vec<&Source> = all.iter().filter(|it| !known.contains(&it.query)).collect();
        for (index, source) in left.into_iter().enumerate() {
            self.work.record.weighed = so_far.sources.len() as u64;
            // However late it is, one is weighed: who puts down what they never began comes to no end.
            if index > 0 && !self.work.is_in_time() {
                rows::put_weighed(ports, id, &so_far).await?;
                return self.work.put_down(Duration::ZERO).await;
            }
            self.work.tell_now_and_then().await?;
            so_far.weighed.extend(looking.weigh(source).await?);
            so_far.sources.push(source.query.clone());
        }
        let suggestions = bundled(so_far.weighed);
        self.work.record.weighed = all.len() as u64;
        // Only who still has it may say what is suggested.
        self.work.tell().await?;
        let suggestions = SuggestionsRecord { suggestions };
        rows::put_suggestions(ports, id, &suggestions).await?;
        self.work.done().await
    }
}
