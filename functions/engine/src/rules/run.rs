//! A worker looks through a mailbox for a rule, page by page.

use std::time::Duration;

use bulkhead_shared::api::{LookFor, ProtectedMail, RuleState, ScanState};
use bulkhead_shared::ids::{AccountId, ItemId, UserId};
use bulkhead_shared::kinds::mail::Item;
use bulkhead_shared::outcome::ItemResult;
use bulkhead_shared::query::Query;
use bulkhead_shared::rules::{Past, RUN_MOST, When};
use jiff::Timestamp;

use super::act::act;
use super::arrived::Arrived;
use super::judge::{Sure, became, count, is_done, is_of_sender, protection, sure};
use super::rows::{self, NO_SUCH_RULE};
use super::runs::runs;
use super::sight::{PAGE, Sight, Sought};
use super::turns;
use super::unknown::{MAILS_MOST, unknown};
use crate::access;
use crate::accounts;
use crate::background::{self, Working};
use crate::classes;
use crate::error::Error;
use crate::header::bare_address;
use crate::kinds::mail::Place;
use crate::ports::{CallError, MailStore, Match, Ports};
use crate::reading;
use crate::records::store::erase;
use crate::records::{
    AccountRecord, FoundRecord, LookSoFar, RuleLookRecord, RuleRecord, Tally, TestRecord, names,
};

/// Protected mails that are named.
const PROTECTED_MOST: usize = 20;
/// Characters of a sender or subject that are kept.
const SHOWN_CHARS: usize = 120;
/// After so long a run is drafted for which there were too many open jobs. Within the time that a silent worker has,
/// so that nobody else begins with it.
const NO_ROOM: Duration = Duration::from_secs(30);
const NO_MAILS: &str = "This account has no mails.";
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
    looking.work.record.is_refused = matches!(&looked, Err(Error::Provider(CallError::SignIn)));
    looking.work.ended(looked).await?;
    if looking.work.record.standing.state == ScanState::Running {
        return Ok(());
    }
    // It may be the turn of another rule. Where somebody else goes on, that is as good.
    match turns::turns(ports, &names::rule_turns(account), false).await {
        Err(error) if error.is_conflict() => Ok(()),
        begun => begun,
    }
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
        let Some(known) = rest.first() else {
            return self.work.give_up(NO_SUCH_RULE.to_owned()).await;
        };
        let rule = &known.rule;
        let is_run = record.wanted == LookFor::Run;
        if rule.wording() != record.wording || is_run && rule.percent != record.percent {
            return self.work.give_up(CHANGED.to_owned()).await;
        }
        let (turn, begun_at) = (record.turn, record.begun_at);
        if turn.is_some() && runs(ports, known).await?.state(known) != RuleState::On {
            // Switched off, or paused, since its turn began.
            return self.work.done().await;
        }
        let open = accounts::open(ports, &account).await?;
        let Some(mail) = open.clone().mail() else {
            return self.work.give_up(NO_MAILS.to_owned()).await;
        };
        if let Some(found) = self.found_before().await? {
            return self.act(&account, mail.as_ref(), known, &found).await;
        }
        let arrived = match turn.is_some() && rule.when == (When::NewMail {}) {
            true => Arrived::of(ports, id, &known.id, begun_at).await?,
            false => None,
        };
        let sync_token = match &arrived {
            Some(_) => mail.sync_token().await?,
            None => None,
        };
        if let Some(arrived) = &arrived
            && sync_token.is_some()
            && arrived.record.sync_token == sync_token
        {
            // Nothing changed since the last look, so nothing is read.
            return self.work.done().await;
        }
        let record = &self.work.record;
        let sought = Sought {
            wanted: record.wanted,
            now: record.begun_at,
            since: arrived.as_ref().map(|arrived| arrived.since),
        };
        let sight = Sight::of(ports, &account, open, rule, &sought, before).await?;
        let Some(sight) = sight else {
            return self.work.give_up(NO_MAILS.to_owned()).await;
        };
        let (query, past) = match sought.wanted {
            LookFor::Test => match rule.past() {
                Some(past) => (Some(past.query.clone()), Some(past)),
                None => (None, None),
            },
            LookFor::Run => (rule.query().map(|query| sought.narrowed(query)), None),
        };
        let Some(query) = query else {
            let problem = "The rule's search cannot be read.".to_owned();
            return self.work.give_up(problem).await;
        };
        let query = classes::knowing(ports, id, query).await?;
        let judged = Judging {
            arrived: arrived.as_ref(),
            sync_token,
        };
        let Some(looked) = self.look(mail.as_ref(), &sight, &query, &judged).await? else {
            return self.work.put_down(Duration::ZERO).await;
        };
        // Only who still has it may say what was found.
        self.work.tell().await?;
        match past {
            Some(past) => self.tested(&sight, &past, looked.tally).await,
            None => {
                let found = self.found(looked, &judged).await?;
                self.act(&account, mail.as_ref(), known, &found).await
            }
        }
    }

    /// What an earlier try for the same turn found, which is done then and not looked for again.
    async fn found_before(&self) -> Result<Option<FoundRecord>, Error> {
        let record = &self.work.record;
        if record.turn.is_none() {
            return Ok(None);
        }
        let key = names::rule_found(self.work.account);
        let found = rows::get::<FoundRecord>(self.work.ports, &key).await?;
        Ok(found.filter(|it| it.rule == record.rule && it.begun_at == record.begun_at))
    }

    /// Does what was found, where the rule runs by itself.
    async fn act(
        &mut self,
        account: &AccountRecord,
        mail: &dyn MailStore,
        rule: &RuleRecord,
        found: &FoundRecord,
    ) -> Result<(), Error> {
        self.work.record.found = found.ids.len() as u64;
        let Some(turn) = self.work.record.turn else {
            return self.work.done().await;
        };
        let (ports, owner) = (self.work.ports, self.work.owner);
        match act(ports, owner, account, mail, rule, found, turn).await {
            Ok(()) => {}
            // There will be room once some of them have ended.
            Err(Error::TooManyOpen { .. }) => return self.work.put_down(NO_ROOM).await,
            Err(error) => return Err(error),
        }
        self.work.done().await
    }

    /// Looks at all pages; none if the time was over before.
    async fn look(
        &mut self,
        mail: &dyn MailStore,
        sight: &Sight,
        query: &Query,
        judging: &Judging<'_>,
    ) -> Result<Option<LookSoFar>, Error> {
        let (ports, id) = (self.work.ports, self.work.account);
        let now = self.work.record.begun_at;
        if self.work.record.total.is_none() {
            self.work.record.total = mail.list(query, now, None, 1).await?.total;
        }
        let so_far = rows::get::<LookSoFar>(ports, &names::rule_so_far(id)).await?;
        let mut so_far = so_far.unwrap_or_default();
        if so_far.sync_token.is_none() {
            // As it was before anything was read.
            so_far.sync_token = judging.sync_token.clone();
        }
        loop {
            let most = PAGE.min(mail.abilities().page_items);
            let cursor = so_far.cursor.as_deref();
            let page = mail.matches(query, now, cursor, most).await?;
            so_far.looked += page.matches.len() as u64;
            so_far.tally.unsearched |= !page.unsearched.is_empty();
            for seen in self.see(mail, sight, page.matches, judging).await? {
                match sight.wanted {
                    LookFor::Test => test(&mut so_far.tally, sight, seen),
                    LookFor::Run => find(&mut so_far.tally, sight, seen, judging),
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
                return Ok(Some(so_far));
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
        judging: &Judging<'_>,
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
            match sight.needs_senders() || judging.arrived.is_some() {
                true => items.extend(mail.items(some).await?),
                false => items.extend(vec![None; some.len()]),
            }
        }
        let said = match sight.needs_classes() {
            true => reading::classes(mail, self.work.ports.model.as_ref(), &ids).await?,
            false => vec![None; ids.len()],
        };
        let seen = there.into_iter().zip(items).zip(said);
        let seen = seen.map(|(((id, place), item), said)| Seen {
            id,
            place,
            sender: item
                .as_ref()
                .map(|item| bare_address(&item.from))
                .unwrap_or_default(),
            item,
            said,
        });
        Ok(seen
            .filter(|seen| is_of_sender(&sight.rule, &seen.sender))
            .collect())
    }

    /// Stores what a back-test found.
    async fn tested(&mut self, sight: &Sight, past: &Past, tally: Tally) -> Result<(), Error> {
        let (ports, id, record) = (self.work.ports, self.work.account, &self.work.record);
        let unknown = unknown(sight.knows_answered, past, record.looked, &tally);
        let test = TestRecord {
            wording: record.wording.clone(),
            at: record.begun_at,
            tally,
            unknown,
        };
        rows::put(ports, names::rule_test(id, &record.rule), &test).await?;
        self.work.done().await
    }

    /// Stores what a run found, and which new mails were judged.
    async fn found(&self, looked: LookSoFar, judging: &Judging<'_>) -> Result<FoundRecord, Error> {
        let (ports, id, record) = (self.work.ports, self.work.account, &self.work.record);
        let found = FoundRecord {
            rule: record.rule.clone(),
            begun_at: record.begun_at,
            ids: looked.tally.ids,
        };
        let is_whole = looked.cursor.is_none();
        let arrived = judging.arrived.map(|arrived| {
            let judged = looked.tally.judged;
            arrived.after(record.begun_at, looked.sync_token, judged, is_whole)
        });
        rows::put_found(ports, id, &found, arrived.as_ref()).await?;
        Ok(found)
    }
}

/// What tells whether a mail is new, where a rule is about new ones.
struct Judging<'a> {
    arrived: Option<&'a Arrived>,
    /// What the provider said of the account before it was looked through.
    sync_token: Option<String>,
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
        tally.protected.push(protected(&item, why, percent));
    }
}

/// A mail that is named, with as much of it as is kept.
fn protected(item: &Item, why: &str, percent: u8) -> ProtectedMail {
    let shown = |text: &str| text.chars().take(SHOWN_CHARS).collect();
    ProtectedMail {
        id: item.id.clone(),
        from: shown(&item.from),
        subject: shown(&item.subject),
        why: why.to_owned(),
        percent,
    }
}

/// Takes a mail that the rule has something to do with. Where it is about new ones, each is judged once.
fn find(tally: &mut Tally, sight: &Sight, seen: Seen, judging: &Judging<'_>) {
    if let Some(arrived) = judging.arrived {
        let judged = seen.item.as_ref().and_then(|item| arrived.judge(item));
        let Some(judged) = judged else { return };
        tally.judged.push(judged);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::MemoryMailbox;
    use futures::executor::block_on;

    /// However many bytes a character has.
    #[test]
    fn of_a_sender_and_a_subject_a_hundred_and_twenty_characters_are_kept() {
        let mailbox = MemoryMailbox::new(1);
        let id = mailbox.id_of(1).unwrap();
        let items = block_on(mailbox.items(std::slice::from_ref(&id)));
        let item = items.unwrap().remove(0).unwrap();
        for (from, subject, kept) in [
            (119, 120, (119, 120)),
            (120, 121, (120, 120)),
            (121, 0, (120, 0)),
        ] {
            let item = Item {
                from: "ä".repeat(from),
                subject: "€".repeat(subject),
                ..item.clone()
            };
            let expected = ProtectedMail {
                id: id.clone(),
                from: "ä".repeat(kept.0),
                subject: "€".repeat(kept.1),
                why: "it has a star".to_owned(),
                percent: 90,
            };
            assert_eq!(protected(&item, "it has a star", 90), expected);
        }
    }
}
