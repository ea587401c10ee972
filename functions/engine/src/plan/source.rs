//! What a planner reads, page by page: the matches of a query, or what another job did or left.

use std::collections::HashSet;

use bulkhead_shared::api::{KeptOut, Relation, SelectionSummary};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::operations::Gathering;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::proposal::Proposal;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::cut::CHUNK_ITEMS;
use super::descend::{Again, again_page, load_parent, undo_page};
use super::gather::note;
use super::headers::fill_in;
use super::keeper::Keeper;
use super::page::Page;
use super::proposed::proposed_page;
use crate::classes;
use crate::error::Error;
use crate::ports::{Matches, Ports};
use crate::records::store::load_packed;
use crate::records::{Entry, Found, JobRecord, Seen, names};
use crate::stores::ItemStore;

/// Matches asked for at once at the most where each is read too, so that a planner looks at the clock often
/// enough.
const NOTED_ITEMS: u32 = CHUNK_ITEMS;
/// Ids in one of the rows that hold what a query's selection leaves out.
pub(crate) const EXCEPT_ITEMS: usize = 1_000;

/// Where a job's items come from.
pub(super) enum Source {
    /// What a search finds.
    Query(Box<Search>),
    /// What this job changed.
    Undo(Box<JobRecord>),
    /// What failed in this job.
    Retry(Box<JobRecord>),
    /// What this job was stopped before.
    Rest(Box<JobRecord>),
    /// What this job proposed this for.
    Proposed(Box<JobRecord>, Proposal),
}

/// All that match but some.
pub(super) struct Search {
    query: Query,
    except: HashSet<ItemId>,
    /// Of the others these are kept out.
    keeper: Keeper,
    account: AccountId,
    asked_at: Timestamp,
    /// What the items are put together by, so that something has to be noted of each.
    gathers: Option<Gathering>,
}

impl Source {
    /// The source of a job's items.
    pub(super) async fn of(
        ports: &Ports,
        store: &dyn ItemStore,
        job: &JobRecord,
    ) -> Result<Self, Error> {
        match (&job.selection, job.relation) {
            (SelectionSummary::Query { query, .. }, _) => {
                let query = searched(ports, job, query).await?;
                Ok(Self::Query(Box::new(Search {
                    keeper: Keeper::of(store, job, &query).await?,
                    query,
                    account: job.account.clone(),
                    except: load_except(ports, job).await?,
                    asked_at: job.created_at,
                    gathers: job.operation.gathers(),
                })))
            }
            (_, Some(Relation::Undo)) => Ok(Self::Undo(load_parent(ports, job).await?)),
            (_, Some(Relation::Retry)) => Ok(Self::Retry(load_parent(ports, job).await?)),
            (_, Some(Relation::Rest)) => Ok(Self::Rest(load_parent(ports, job).await?)),
            (_, Some(Relation::Proposed)) => {
                let proposal = Proposal::doing(&job.operation);
                let proposal = proposal.ok_or(Error::Missing("proposal"))?;
                Ok(Self::Proposed(load_parent(ports, job).await?, proposal))
            }
            (
                SelectionSummary::Ids { .. }
                | SelectionSummary::Rows { .. }
                | SelectionSummary::Parent {},
                None,
            ) => Err(Error::Missing("selection")),
        }
    }

    /// How many items there are by the parent's final counts: what of them no page has cannot be
    /// read. None for a query, which has what it finds.
    pub(super) fn counted(&self) -> u64 {
        let counts = |parent: &JobRecord| parent.counts.unwrap_or_default();
        match self {
            // What is counted is what it finds.
            Self::Query(_) | Self::Proposed(..) => 0,
            Self::Undo(parent) => counts(parent).succeeded,
            Self::Retry(parent) => parent.retryable(),
            Self::Rest(parent) => counts(parent).cancelled,
        }
    }

    /// The page that `cursor` names; the first one without.
    pub(super) async fn page(
        &self,
        ports: &Ports,
        store: &dyn ItemStore,
        cursor: Option<&str>,
    ) -> Result<Page, Error> {
        let parent = match self {
            Self::Query(search) => return search.page(ports, store, cursor).await,
            Self::Undo(parent)
            | Self::Retry(parent)
            | Self::Rest(parent)
            | Self::Proposed(parent, _) => parent,
        };
        let chunk = match cursor {
            None => 0,
            Some(cursor) => cursor.parse().map_err(|_| Error::Missing("cursor"))?,
        };
        if chunk >= parent.chunks() {
            return Ok(Page::default());
        }
        let page = match self {
            // It has no parent.
            Self::Query(_) => Page::default(),
            Self::Undo(_) => undo_page(ports, store, parent, chunk).await?,
            Self::Retry(_) => again_page(ports, store, parent, chunk, Again::NotDone).await?,
            Self::Rest(_) => again_page(ports, store, parent, chunk, Again::NotStarted).await?,
            Self::Proposed(_, proposal) => {
                proposed_page(ports, store, parent, chunk, *proposal).await?
            }
        };
        let next = chunk + 1;
        Ok(Page {
            next: (next < parent.chunks()).then(|| next.to_string()),
            ..page
        })
    }
}

impl Search {
    async fn page(
        &self,
        ports: &Ports,
        store: &dyn ItemStore,
        cursor: Option<&str>,
    ) -> Result<Page, Error> {
        let page = store.abilities().page_items;
        let most = match self.gathers {
            Some(_) => page.min(NOTED_ITEMS),
            None => page,
        };
        let found = store.matches(&self.query, self.asked_at, cursor, most);
        let mut found = found.await?;
        fill_in(ports, &self.account, &mut found.matches).await?;
        match self.gathers {
            Some(by) => noted(store, by, found, &self.except).await,
            None => Ok(matches(found, &self.except, &self.keeper)),
        }
    }
}

/// What was found, but for what is left out or kept out.
fn matches(page: Matches, except: &HashSet<ItemId>, keeper: &Keeper) -> Page {
    let mut entries = Vec::with_capacity(page.matches.len());
    let mut folders = Vec::with_capacity(page.matches.len());
    let mut facts = Vec::with_capacity(page.matches.len());
    let mut kept_out = KeptOut::default();
    for found in page.matches {
        if except.contains(&found.id) || keeper.keeps_out(&found, &mut kept_out) {
            continue;
        }
        facts.extend(found.facts.map(|told| (found.id.clone(), told)));
        let (id, seen) = (found.id, Seen::At(found.version));
        let input = None;
        entries.push((Entry { id, seen, input }, None));
        folders.extend(found.folder);
    }
    Page {
        entries,
        found: Found {
            folders,
            facts,
            kept_out,
            unsearched: page.unsearched,
            ..Found::default()
        },
        next: page.next,
    }
}

/// What was found, but for what is left out, each with what is noted of it.
async fn noted(
    store: &dyn ItemStore,
    by: Gathering,
    page: Matches,
    except: &HashSet<ItemId>,
) -> Result<Page, Error> {
    let ids = page.matches.into_iter().map(|found| found.id);
    let ids: Vec<ItemId> = ids.filter(|id| !except.contains(id)).collect();
    let entries = note(store, by, &ids).await?.into_iter();
    Ok(Page {
        entries: entries.map(|entry| (entry, None)).collect(),
        found: Found {
            unsearched: page.unsearched,
            ..Found::default()
        },
        next: page.next,
    })
}

/// The query that a job's items come from, with what is known of the account's mails now where it asks for that.
pub(crate) async fn searched(ports: &Ports, job: &JobRecord, query: &str) -> Result<Query, Error> {
    classes::knowing(ports, &job.account, parse(job, query)?).await
}

/// What stays the same as long as nothing changes that the job's items follow from; none if nobody can tell. What mails
/// are about is kept here, and their provider knows nothing of it.
pub(super) async fn token(store: &dyn ItemStore, job: &JobRecord) -> Result<Option<String>, Error> {
    let is_about_classes = match &job.selection {
        SelectionSummary::Query { query, .. } => parse(job, query)?.looked().is_some(),
        _ => false,
    };
    match is_about_classes {
        true => Ok(None),
        false => Ok(store.sync_token().await?),
    }
}

/// The stored query was checked when it was drafted.
fn parse(job: &JobRecord, query: &str) -> Result<Query, Error> {
    Query::parse_for(job.kind, query)
        .map_err(|error| Invalid::new("selection.query", error.to_string()).into())
}

/// The items a query's selection leaves out.
pub(crate) async fn load_except(ports: &Ports, job: &JobRecord) -> Result<HashSet<ItemId>, Error> {
    let SelectionSummary::Query { except, .. } = job.selection else {
        return Ok(HashSet::new());
    };
    let mut ids = HashSet::new();
    for part in 0..u32::try_from(except.div_ceil(EXCEPT_ITEMS as u64)).unwrap_or(u32::MAX) {
        let key = names::except(&job.id, part);
        let some: Vec<ItemId> = load_packed(ports.table.as_ref(), key)
            .await?
            .ok_or(Error::Missing("exceptions"))?;
        ids.extend(some);
    }
    Ok(ids)
}
