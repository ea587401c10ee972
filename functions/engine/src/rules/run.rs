//! A worker looks through a mailbox for a rule, page by page.

use std::time::Duration;

use bulkhead_shared::api::{LookFor, ProtectedMail};
use bulkhead_shared::ids::{AccountId, ItemId, UserId};
use bulkhead_shared::kinds::mail::Item;
use bulkhead_shared::outcome::ItemResult;
use bulkhead_shared::query::Query;
use bulkhead_shared::rules::{Past, RUN_MOST};
use jiff::Timestamp;

use super::judge::{Sure, became, count, is_done, is_of_sender, protection, sure};
use super::rows::{self, NO_SUCH_RULE};
use super::sight::{PAGE, Sight};
use super::unknown::{MAILS_MOST, unknown};
use crate::access;
use crate::accounts;
use crate::background::{self, Working};
use crate::error::Error;
use crate::kinds::mail::Place;
use crate::ports::{CallError, MailStore, Match, Ports};
use crate::reading::classes;
use crate::records::store::erase;
use crate::records::{FoundRecord, LookSoFar, RuleLookRecord, Tally, TestRecord, names};

/// Protected mails that are named.
const PROTECTED_MOST: usize = 20;
/// Characters of a sender or subject that are kept.
const SHOWN_CHARS: usize = 120;
const CHANGED: &str = "The rule was changed meanwhile. Look again.";

/// Looks through an account's mails for one of its rules. Work that would go beyond `deadline` is stored and asked
/// for again.
pub(crate) async fn run(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    deadline: Timestamp,
) -> Result<(), Error> {
    let Some(work) = background::take(ports, owner, account, deadline).await? else {
        return Ok(());
    };
    let mut looking = Looking { work };
    let looked = looking.begin().await;
    looking.work.ended(looked).await
}

/// A look that is under way here.
struct Looking<'a> {
    work: Working<'a, RuleLookRecord>,
}

/// What is known of one mail.
struct Seen {
    id: ItemId,
    place: Place,
    /// As a list shows it; only where its sender matters.
    item: Option<Item>,
    /// The sender's address in small letters; empty where it does not matter, or there is none.
    sender: String,
    said: Option<ItemResult>,
}

impl Looking<'_> {
    async fn begin(&mut self) -> Result<(), Error> {
        self.work.tell().await?;
        let (ports, id) = (self.work.ports, self.work.account);
        let table = ports.table.as_ref();
        let account = match access::account_of(table, self.work.owner, id).await {
            // Forgotten meanwhile; so is what was kept.
            Err(Error::NotFound) => return erase(table, names::rules_partition(id)).await,
            found => found?,
        };
        let rules = rows::list(ports, id).await?.record.rules;
        let record = &self.work.record;
        let Some(at) = rules.iter().position(|rule| rule.id == record.rule) else {
            return self.work.give_up(NO_SUCH_RULE.to_owned()).await;
        };
        let (before, rest) = rules.split_at(at);
        let Some(rule) = rest.first().map(|rule| rule.rule.clone()) else {
            return self.work.give_up(NO_SUCH_RULE.to_owned()).await;
        };
        let is_run = record.wanted == LookFor::Run;
        if rule.wording() != record.wording || is_run && rule.percent != record.percent {
            return self.work.give_up(CHANGED.to_owned()).await;
        }
        let open = accounts::open(ports, &account).await?;
        let (wanted, now) = (record.wanted, record.begun_at);
        let sight = Sight::of(ports, &account, open.clone(), &rule, wanted, before, now).await?;
        let (Some(sight), Some(mail)) = (sight, open.mail()) else {
            let problem = "This account has no mails.".to_owned();
            return self.work.give_up(problem).await;
        };
        let (query, past) = match wanted {
            LookFor::Test => match rule.past() {
                Some(past) => (Some(past.query.clone()), Some(past)),
                None => (None, None),
            },
            LookFor::Run => (rule.query(), None),
        };
        let Some(query) = query else {
            let problem = "The rule's search cannot be read.".to_owned();
            return self.work.give_up(problem).await;
        };
        match self.look(mail.as_ref(), &sight, &query).await? {
            None => self.work.put_down(Duration::ZERO).await,
            Some(tally) => self.finish(&sight, past.as_ref(), tally).await,
        }
    }

    /// Looks at all pages; none if the time was over before.
    async fn look(
        &mut self,
        mail: &dyn MailStore,
        sight: &Sight,
        query: &Query,
    ) -> Result<Option<Tally>, Error> {
        let (ports, id) = (self.work.ports, self.work.account);
        let now = self.work.record.begun_at;
        if self.work.record.total.is_none() {
            self.work.record.total = mail.list(query, now, None, 1).await?.total;
        }
        let so_far = rows::get::<LookSoFar>(ports, &names::rule_so_far(id)).await?;
        let mut so_far = so_far.unwrap_or_default();
        loop {
            let most = PAGE.min(mail.abilities().page_items);
            let cursor = so_far.cursor.as_deref();
            let page = mail.matches(query, now, cursor, most).await?;
            so_far.looked += page.matches.len() as u64;
            so_far.tally.unsearched |= !page.unsearched.is_empty();
            for seen in self.see(mail, sight, page.matches).await? {
                match sight.wanted {
                    LookFor::Test => test(&mut so_far.tally, sight, seen),
                    LookFor::Run => find(&mut so_far.tally, sight, seen),
                }
            }
            so_far.cursor = page.next;
            self.work.record.looked = so_far.looked;
            self.work.record.found = so_far.tally.ids.len() as u64;
            let is_enough = match sight.wanted {
                LookFor::Test => so_far.looked >= MAILS_MOST,
                LookFor::Run => so_far.tally.ids.len() >= RUN_MOST,
            };
            if so_far.cursor.is_none() || is_enough {
                return Ok(Some(so_far.tally));
            }
            if !self.work.is_in_time() {
                rows::put(ports, names::rule_so_far(id), &so_far).await?;
                return Ok(None);
            }
            self.work.tell_now_and_then().await?;
        }
    }

    /// Looks closer at some mails. Those that are gone meanwhile, and what is none of a rule's business, are left out.
    async fn see(
        &self,
        mail: &dyn MailStore,
        sight: &Sight,
        found: Vec<Match>,
    ) -> Result<Vec<Seen>, CallError> {
        let ids: Vec<ItemId> = found.into_iter().map(|found| found.id).collect();
        let mut there: Vec<(ItemId, Place)> = Vec::with_capacity(ids.len());
        for some in ids.chunks(mail.abilities().call_items.max(1) as usize) {
            let states = mail.states(some).await?;
            let known = some.iter().zip(states);
            there.extend(known.filter_map(|(id, state)| {
                let place = state?.state;
                (!sight.is_apart(&place.folder)).then(|| (id.clone(), place))
            }));
        }
        let ids: Vec<ItemId> = there.iter().map(|(id, _)| id.clone()).collect();
        let mut items: Vec<Option<Item>> = Vec::with_capacity(ids.len());
        for some in ids.chunks(mail.abilities().call_items.max(1) as usize) {
            match sight.needs_senders() {
                true => items.extend(mail.items(some).await?),
                false => items.extend(vec![None; some.len()]),
            }
        }
        let said = match sight.needs_classes() {
            true => classes(mail, self.work.ports.model.as_ref(), &ids).await?,
            false => vec![None; ids.len()],
        };
        let seen = there.into_iter().zip(items).zip(said);
        let seen = seen.map(|(((id, place), item), said)| Seen {
            id,
            place,
            sender: item
                .as_ref()
                .map(|item| address(&item.from))
                .unwrap_or_default(),
            item,
            said,
        });
        Ok(seen
            .filter(|seen| is_of_sender(&sight.rule, &seen.sender))
            .collect())
    }

    async fn finish(
        &mut self,
        sight: &Sight,
        past: Option<&Past>,
        tally: Tally,
    ) -> Result<(), Error> {
        let (ports, id) = (self.work.ports, self.work.account);
        // Only who still has it may say what was found.
        self.work.tell().await?;
        let record = &self.work.record;
        match past {
            Some(past) => {
                let unknown = unknown(sight, past, record.looked, &tally);
                let test = TestRecord {
                    wording: record.wording.clone(),
                    at: record.begun_at,
                    tally,
                    unknown,
                };
                rows::put(ports, names::rule_test(id, &record.rule), &test).await?;
            }
            None => {
                let found = FoundRecord {
                    rule: record.rule.clone(),
                    begun_at: record.begun_at,
                    ids: tally.ids,
                };
                rows::put(ports, names::rule_found(id), &found).await?;
            }
        }
        self.work.done().await
    }
}

/// Counts a mail of the past.
fn test(tally: &mut Tally, sight: &Sight, seen: Seen) {
    tally.mails += 1;
    let percent = match sure(&sight.rule, seen.said.as_ref()) {
        Sure::Percent(percent) => percent,
        Sure::Other => return tally.other += 1,
        Sure::Untold => return tally.untold += 1,
    };
    let Some(why) = protection(&sight.rule, &seen.place, &seen.sender, &sight.known) else {
        let is_done = is_done(&sight.target, sight.folder.as_deref(), &seen.place);
        let is_found = sight.found.contains(&seen.id);
        let became = became(is_done, is_found, &seen.place);
        return count(tally, percent, Some(became));
    };
    count(tally, percent, None);
    if let Some(item) = seen.item
        && tally.protected.len() < PROTECTED_MOST
    {
        let shown = |text: &str| text.chars().take(SHOWN_CHARS).collect();
        tally.protected.push(ProtectedMail {
            id: seen.id,
            from: shown(&item.from),
            subject: shown(&item.subject),
            why: why.to_owned(),
            percent,
        });
    }
}

/// Takes a mail that the rule has something to do with.
fn find(tally: &mut Tally, sight: &Sight, seen: Seen) {
    let said = seen.said.as_ref();
    let enough = match sure(&sight.rule, said) {
        Sure::Percent(percent) => percent >= sight.rule.percent,
        Sure::Other | Sure::Untold => false,
    };
    let stays = protection(&sight.rule, &seen.place, &seen.sender, &sight.known).is_some()
        || is_done(&sight.target, sight.folder.as_deref(), &seen.place)
        || sight.is_taken(&seen.id, &seen.sender, said);
    if enough && !stays && tally.ids.len() < RUN_MOST {
        tally.ids.push(seen.id);
    }
}

/// The bare address in small letters of a sender as written.
fn address(from: &str) -> String {
    let inside = from
        .rsplit_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inside
        .map_or(from, |(address, _)| address)
        .trim()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_told_from_the_name_beside_it() {
        assert_eq!(address("\"Ann <3\" <Ann@X.example>"), "ann@x.example");
        assert_eq!(address(" ann@x.example "), "ann@x.example");
        assert_eq!(address("<>"), "");
    }
}
