//! The messages of a folder that match a search: asked for in slices where that takes long, and told exactly.

use std::time::Duration;

use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::exact::{self, Exact};
use super::fault::Fault;
use super::session::Session;
use super::{messages, search, slices};

/// Messages of the open folder that match, in ascending order of their UIDs.
pub(super) async fn find(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
) -> Result<Exact, Fault> {
    if slices::are_needed(session, query) {
        let (found, _) = slices::find(session, query, now, 0, Duration::MAX).await?;
        return Ok(found);
    }
    let found = search::wide(session, query, now).await?;
    exact::settle(session, query, now, found).await
}

/// The same with UIDs above this one, as far as a search comes that takes about so long; and up to which UID that
/// is, if not to the last.
pub(super) async fn find_after(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    after: u32,
    time: Duration,
) -> Result<(Exact, Option<u32>), Fault> {
    if slices::are_needed(session, query) {
        return slices::find(session, query, now, after, time).await;
    }
    Ok((find(session, query, now).await?, None))
}

/// The same, the last received first.
pub(super) async fn find_newest_first(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
) -> Result<Exact, Fault> {
    if session.can.sort && !slices::are_needed(session, query) {
        let found = search::wide_sorted(session, query, now).await?;
        return exact::settle(session, query, now, found).await;
    }
    let mut found = find(session, query, now).await?;
    // A mail that was moved has a new UID and its old date, so the order of UIDs will not do.
    let dates = messages::fetch(session, &found.uids, "UID INTERNALDATE", "").await?;
    exact::all_told(session, &found.uids, &dates).await?;
    let mut dated: Vec<_> = dates
        .values()
        .map(|mail| (mail.received, mail.uid))
        .collect();
    dated.sort_unstable();
    found.uids = dated.into_iter().rev().map(|(_, uid)| uid).collect();
    Ok(found)
}
