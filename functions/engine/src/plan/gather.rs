//! Freezing what is put together: something is noted of each item that is selected, and once all are known, some of
//! them are what the job is about.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Gathering;

use super::duplicates::{self, Duplicates};
use super::freezer::{Freezer, load_manifest};
use super::lists;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{Entry, JobRecord};
use crate::stores::ItemStore;

/// These items, each with what is noted of it, as far as that can be told.
pub(crate) async fn note(
    store: &dyn ItemStore,
    by: Gathering,
    ids: &[ItemId],
) -> Result<Vec<Entry>, Error> {
    match by {
        Gathering::Duplicates => duplicates::note(store, ids).await,
        Gathering::Lists => lists::note(store, ids).await,
    }
}

/// The items of a job, of all that were noted.
pub(crate) async fn gather(
    ports: &Ports,
    store: &dyn ItemStore,
    job: &mut JobRecord,
    by: Gathering,
    noted: Vec<Entry>,
) -> Result<Vec<Entry>, Error> {
    match by {
        Gathering::Duplicates => {
            let Duplicates { entries, groups } = duplicates::duplicates(noted)?;
            job.grouped(groups);
            Ok(entries)
        }
        Gathering::Lists => lists::lists(ports, store, &job.account, noted).await,
    }
}

/// Puts together what a planner noted. It has rows of its own: a planner that comes after a death goes on with what was
/// noted.
pub(super) async fn gather_noted(
    ports: &Ports,
    store: &dyn ItemStore,
    job: &mut JobRecord,
    by: Gathering,
    freezer: &mut Freezer,
) -> Result<(), Error> {
    freezer.keep(ports).await?;
    job.reached(freezer.gathered(), None);
    let mut all = Vec::new();
    for chunk in 0..job.chunks() {
        all.extend(load_manifest(ports, job, chunk).await?.items);
    }
    let entries = gather(ports, store, job, by, all).await?;
    *freezer = Freezer::after(job, ports.clock.now());
    for entry in entries {
        freezer.add(entry, None)?;
        freezer.store(ports).await?;
    }
    Ok(())
}
