//! Which of the mails that a search finds are kept out of a job, because they are protected.

use std::collections::HashSet;

use bulkhead_shared::api::KeptOut;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::{Query, Term};

use crate::error::Error;
use crate::ports::Match;
use crate::records::JobRecord;
use crate::stores::ItemStore;

/// Keeps protected mails out. What the search itself names is meant, and not kept out.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    starred: bool,
    answered: bool,
    /// In small letters.
    labels: HashSet<String>,
    /// Mails of protected senders and lists.
    of_senders: HashSet<ItemId>,
}

impl Keeper {
    /// What the job's guard has kept out of what this search finds.
    pub(crate) async fn of(
        store: &dyn ItemStore,
        job: &JobRecord,
        query: &Query,
    ) -> Result<Self, Error> {
        let Some(guard) = &job.guard else {
            return Ok(Self::default());
        };
        let named = query.terms();
        let (mut labels, mut senders) = (HashSet::new(), Vec::new());
        for text in &guard.keeps {
            match Query::parse(text) {
                Ok(keeps) if keeps.terms().iter().all(|term| named.contains(term)) => {}
                Ok(Query::Term(Term::Label(label))) => {
                    labels.insert(label.to_lowercase());
                }
                Ok(keeps) => senders.push(keeps),
                // It was checked before it was kept; a search that means nothing here finds nothing.
                Err(_) => {}
            }
        }
        Ok(Self {
            starred: !named.contains(&&Term::Starred),
            answered: true,
            labels,
            of_senders: found_too(store, job, query, senders).await?,
        })
    }

    /// Whether a mail is kept out, and counts it if it is.
    pub(crate) fn keeps_out(&self, found: &Match, kept_out: &mut KeptOut) -> bool {
        let Some(facts) = &found.facts else {
            return false;
        };
        let is_protected = |label: &String| self.labels.contains(&label.to_lowercase());
        let why = if self.starred && facts.starred {
            &mut kept_out.starred
        } else if self.answered && facts.answered {
            &mut kept_out.answered
        } else if self.of_senders.contains(&found.id) {
            &mut kept_out.of_senders
        } else if !self.labels.is_empty() && facts.labels.iter().any(is_protected) {
            &mut kept_out.labelled
        } else {
            return false;
        };
        *why += 1;
        true
    }
}

/// What the search finds that one of the others finds, too: looked for by itself, because not every provider tells the
/// sender of each mail that it finds.
async fn found_too(
    store: &dyn ItemStore,
    job: &JobRecord,
    query: &Query,
    others: Vec<Query>,
) -> Result<HashSet<ItemId>, Error> {
    let mut found = HashSet::new();
    if others.is_empty() {
        return Ok(found);
    }
    let both = Query::All(vec![query.clone(), Query::Any(others)]);
    let most = store.abilities().page_items;
    let mut cursor: Option<String> = None;
    loop {
        let page = store
            .matches(&both, job.created_at, cursor.as_deref(), most)
            .await?;
        found.extend(page.matches.into_iter().map(|found| found.id));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(found);
        }
    }
}
