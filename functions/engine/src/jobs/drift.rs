//! What changed between freezing a selection and now.
//!
//! Frozen items that left or changed make a confirmation void until they were shown. Items that
//! came to match since are shown too, but they are not part of the job, so a mailbox that keeps
//! receiving mail can still be confirmed.
//!
//! A look goes in steps, each a page of the search or a chunk of what was frozen, so that it can be put
//! down after any of them and gone on with by somebody else.

use std::collections::{HashMap, HashSet};

use bulkhead_shared::api::{Drift, KeptOut, SelectionSummary};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use serde::{Deserialize, Serialize};

use crate::access::account_of;
use crate::accounts;
use crate::error::Error;
use crate::kinds::version::ItemVersion;
use crate::plan::{Keeper, load_except, load_manifest, searched};
use crate::ports::{Expect, Ports, Write};
use crate::records::store::{content_expiry, load_text, packed_rows, text_row};
use crate::records::{CheckStep, Entry, JobRecord, Reached, Seen, names};
use crate::stores::{ItemStore, calls};

/// Items named in a drift.
const SAMPLE: usize = 10;
/// Hexadecimal digits kept of a match's id, and of its version: collisions among millions are not to be
/// expected.
const ID_DIGITS: usize = 16;
/// See [`ID_DIGITS`].
const VERSION_DIGITS: usize = 8;

/// A look at what drifted.
pub(crate) struct DriftCheck<'a> {
    ports: &'a Ports,
    store: &'a dyn ItemStore,
    job: &'a JobRecord,
    /// What is found is stored under this number, for whoever goes on; none if nobody will.
    stored_as: Option<u32>,
    pub(crate) reached: Reached,
    /// The matches that were found, ids with their versions; none yet of what an earlier one found.
    matching: Option<HashMap<u64, u32>>,
    /// What of that is no part of the job.
    left_out: Option<(HashSet<ItemId>, Keeper)>,
}

impl<'a> DriftCheck<'a> {
    /// Begins, or goes on there.
    pub(crate) fn new(
        ports: &'a Ports,
        store: &'a dyn ItemStore,
        job: &'a JobRecord,
        stored_as: Option<u32>,
        reached: Reached,
    ) -> Self {
        let matching = (reached.pages == 0).then(HashMap::new);
        Self {
            ports,
            store,
            job,
            stored_as,
            reached,
            matching,
            left_out: None,
        }
    }

    /// Whether there is nothing left to look at.
    pub(crate) fn is_done(&self) -> bool {
        self.reached.next == CheckStep::Done
    }

    /// Does one step. If it fails, nothing of it counts.
    pub(crate) async fn step(&mut self) -> Result<(), Error> {
        match self.reached.next.clone() {
            CheckStep::Begin => self.begin().await,
            CheckStep::Search { cursor } => self.search(cursor.as_deref()).await,
            CheckStep::Compare { chunk } => self.compare(chunk).await,
            CheckStep::Look { chunk } => self.look(chunk).await,
            CheckStep::Done => Ok(()),
        }
    }

    /// What drifted, once all is looked at; none if nothing left, changed or joined.
    pub(crate) fn drift(&self) -> Option<Drift> {
        let Reached {
            left,
            changed,
            searched,
            matched,
            ..
        } = self.reached;
        let joined = searched.saturating_sub(matched);
        (left + changed + joined > 0).then(|| Drift {
            left,
            changed,
            joined,
            sample: self.reached.sample.clone(),
            hash: sha256_hex(self.reached.hash.as_bytes()),
        })
    }

    /// Nothing at all changed in the account: the cheap answer, and the usual one.
    async fn begin(&mut self) -> Result<(), Error> {
        let token = &self.job.sync_token;
        let unchanged = token.is_some() && self.store.sync_token().await? == *token;
        self.reached.next = match &self.job.selection {
            _ if unchanged || self.job.takes_lists() => CheckStep::Done,
            // What is no duplicate is found by the search too.
            SelectionSummary::Query { .. } if !self.job.takes_duplicates() => {
                CheckStep::Search { cursor: None }
            }
            _ => CheckStep::Look { chunk: 0 },
        };
        Ok(())
    }

    /// Runs the query again, a page of it.
    async fn search(&mut self, cursor: Option<&str>) -> Result<(), Error> {
        let (job, ports) = (self.job, self.ports);
        let SelectionSummary::Query { query, .. } = &job.selection else {
            return Err(Error::Missing("query"));
        };
        let query = searched(ports, job, query).await?;
        if self.left_out.is_none() {
            let keeper = Keeper::of(self.store, job, &query).await?;
            self.left_out = Some((load_except(ports, job).await?, keeper));
        }
        let most = self.store.abilities().page_items;
        let page = self
            .store
            .matches(&query, job.created_at, cursor, most)
            .await?;
        // What was searched then and cannot be searched now did not leave: it has to be looked at. Mails that came since
        // are among those that nobody has looked at yet, and were not searched then either.
        let is_about_classes = |one: &Unsearched| one.why == UnsearchedWhy::NotLookedAt;
        let new = |one: &Unsearched| !is_about_classes(one) && !job.unsearched.contains(one);
        if page.unsearched.iter().any(new) {
            self.reached = Reached {
                next: CheckStep::Look { chunk: 0 },
                ..Reached::default()
            };
            return Ok(());
        }
        let left_out = self.left_out.as_ref();
        let wanted = page.matches.into_iter();
        let wanted = wanted.filter(|found| {
            !left_out.is_some_and(|(except, keeper)| {
                except.contains(&found.id) || keeper.keeps_out(found, &mut KeptOut::default())
            })
        });
        let found: Vec<String> = wanted
            .map(|found| short(&found.id, found.version.as_ref()))
            .collect();
        if let Some(number) = self.stored_as {
            let key = names::matches(&job.id, number, self.reached.pages);
            let expires = Some(content_expiry(ports.clock.now()));
            let page = PageFound {
                matches: found.concat(),
            };
            let row = text_row(key, 1, &page, expires)?;
            let put = Write::Put(row, Expect::Anything);
            ports.table.write(vec![put]).await?;
        }
        if let Some(matching) = &mut self.matching {
            matching.extend(found.iter().filter_map(|short| numbers(short)));
        }
        self.reached.pages += 1;
        self.reached.searched += found.len() as u64;
        self.reached.next = match page.next {
            Some(next) => CheckStep::Search { cursor: Some(next) },
            None => CheckStep::Compare { chunk: 0 },
        };
        Ok(())
    }

    /// The matches, also those that an earlier one found.
    async fn matching(&mut self) -> Result<HashMap<u64, u32>, Error> {
        if let Some(matching) = self.matching.take() {
            return Ok(matching);
        }
        let number = self.stored_as.ok_or(Error::Missing("matches"))?;
        let mut matching = HashMap::new();
        for page in 0..self.reached.pages {
            let key = names::matches(&self.job.id, number, page);
            let stored = load_text::<PageFound>(self.ports.table.as_ref(), &key).await?;
            let found = stored.ok_or(Error::Missing("matches"))?.record;
            let shorts = found.matches.as_bytes().chunks(ID_DIGITS + VERSION_DIGITS);
            let shorts = shorts.filter_map(|short| std::str::from_utf8(short).ok());
            matching.extend(shorts.filter_map(numbers));
        }
        Ok(matching)
    }

    /// Compares a chunk of what was frozen with what was found.
    async fn compare(&mut self, chunk: u32) -> Result<(), Error> {
        let matching = self.matching().await?;
        if chunk == 0 {
            // The same may be found on two pages, when something moves while it is searched.
            self.reached.searched = matching.len() as u64;
        }
        let compared = self.compare_with(&matching, chunk).await;
        self.matching = Some(matching);
        compared
    }

    async fn compare_with(
        &mut self,
        matching: &HashMap<u64, u32>,
        chunk: u32,
    ) -> Result<(), Error> {
        let mut found = Found::default();
        if chunk < self.job.chunks() {
            let items = load_manifest(self.ports, self.job, chunk).await?.items;
            for (place, Entry { id, seen, .. }) in items.into_iter().enumerate() {
                let frozen = numbers(&short(&id, seen.version()));
                let Some((key, version)) = frozen else {
                    continue;
                };
                match matching.get(&key) {
                    None => found.leaves(place, id),
                    Some(now) => {
                        self.reached.matched += 1;
                        if *now != version {
                            found.changed.push(id);
                        }
                    }
                }
            }
        }
        self.note(chunk, found).await?;
        self.reached.next = self.after(chunk, |chunk| CheckStep::Compare { chunk });
        Ok(())
    }

    /// Looks at each frozen item of a chunk.
    async fn look(&mut self, chunk: u32) -> Result<(), Error> {
        let mut found = Found::default();
        if chunk < self.job.chunks() {
            let items = load_manifest(self.ports, self.job, chunk).await?.items;
            let mut places = items.iter().enumerate();
            for call in calls(self.store, &items) {
                let ids: Vec<ItemId> = call.iter().map(|entry| entry.id.clone()).collect();
                let states = self.store.states(&ids).await?;
                for ((place, entry), state) in places.by_ref().zip(states) {
                    match (&entry.seen, Seen::of(&state)) {
                        (Seen::At(_), Seen::Gone) => found.leaves(place, entry.id.clone()),
                        (then, now) if *then != now => found.changed.push(entry.id.clone()),
                        _ => {}
                    }
                }
            }
        }
        self.note(chunk, found).await?;
        self.reached.next = self.after(chunk, |chunk| CheckStep::Look { chunk });
        Ok(())
    }

    fn after(&self, chunk: u32, step: impl Fn(u32) -> CheckStep) -> CheckStep {
        match chunk + 1 {
            next if next < self.job.chunks() => step(next),
            _ => CheckStep::Done,
        }
    }

    /// Notes what was found in a chunk. What left is skipped once that was seen and confirmed, so its
    /// places are stored.
    async fn note(&mut self, chunk: u32, found: Found) -> Result<(), Error> {
        if let Some(number) = self.stored_as
            && !found.left_at.is_empty()
        {
            let key = names::left(&self.job.id, &check_name(number), chunk);
            let rows = packed_rows(key, &found.left_at, self.ports.clock.now())?;
            let rows = rows.into_rows().collect();
            self.ports.table.put_many(rows).await?;
        }
        let reached = &mut self.reached;
        reached.compared += u64::from(self.job.chunk_size(chunk));
        reached.left += found.left.len() as u64;
        reached.changed += found.changed.len() as u64;
        let ids = || found.left.iter().chain(&found.changed);
        let room = SAMPLE.saturating_sub(reached.sample.len());
        reached.sample.extend(ids().take(room).cloned());
        if ids().next().is_some() {
            // What joined is not part of the job, so it does not void what was seen.
            let mut text = std::mem::take(&mut reached.hash);
            for (kind, ids) in [("left", &found.left), ("changed", &found.changed)] {
                text.extend([kind, "\n"]);
                ids.iter().for_each(|id| text.extend([id.as_str(), "\n"]));
            }
            reached.hash = sha256_hex(text.as_bytes());
        }
        Ok(())
    }
}

/// The name under which a check's rows are: what an earlier one stored does not count.
pub(crate) fn check_name(number: u32) -> String {
    format!("check-{number}")
}

/// What was found in a chunk.
#[derive(Default)]
struct Found {
    left: Vec<ItemId>,
    left_at: Vec<u32>,
    changed: Vec<ItemId>,
}

impl Found {
    fn leaves(&mut self, place: usize, id: ItemId) {
        self.left.push(id);
        self.left_at.push(u32::try_from(place).unwrap_or(u32::MAX));
    }
}

/// A page of matches as it is stored: one after the other, each in few digits.
#[derive(Serialize, Deserialize)]
struct PageFound {
    matches: String,
}

/// A match in few digits, as it is stored: 12 bytes for each instead of its id.
fn short(id: &ItemId, version: Option<&ItemVersion>) -> String {
    let mut short = sha256_hex(id.as_str().as_bytes());
    short.truncate(ID_DIGITS);
    let version = version.map_or(&[][..], ItemVersion::as_bytes);
    short.push_str(&sha256_hex(version)[..VERSION_DIGITS]);
    short
}

/// The same as numbers.
fn numbers(short: &str) -> Option<(u64, u32)> {
    let (id, version) = short.split_at_checked(ID_DIGITS)?;
    let id = u64::from_str_radix(id, 16).ok()?;
    let version = u32::from_str_radix(version, 16).ok()?;
    Some((id, version))
}

/// The drift of a draft; none if nothing left, changed or joined.
pub(crate) async fn find(
    ports: &Ports,
    store: &dyn ItemStore,
    job: &JobRecord,
) -> Result<Option<Drift>, Error> {
    let mut check = DriftCheck::new(ports, store, job, None, Reached::default());
    while !check.is_done() {
        check.step().await?;
    }
    Ok(check.drift())
}

/// Whether nothing at all changed in the account since a draft was frozen, as far as one call tells.
pub(crate) async fn is_unchanged(ports: &Ports, job: &JobRecord) -> Result<bool, Error> {
    if job.sync_token.is_none() {
        return Ok(false);
    }
    let account = account_of(ports.table.as_ref(), &job.owner, &job.account).await?;
    let store = accounts::items(ports, &account, job.kind).await?;
    Ok(store.sync_token().await? == job.sync_token)
}
