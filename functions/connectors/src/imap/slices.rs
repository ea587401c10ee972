//! Searches of the mails' texts, some thousand mails at a time. A server without an index of them reads
//! every mail and says nothing until it has, for minutes in a large folder; so it is asked for as many as
//! it reads in a few seconds, and whoever searches can put that down in between.

use std::time::{Duration, Instant};

use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::exact::{self, Exact, Untold};
use super::fault::Fault;
use super::search;
use super::session::Session;

/// Mails of the first search. In a folder with no more of them there is one search.
const FIRST: u32 = 2_000;
/// A search that took less makes the next one larger, and one that took more makes it smaller.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(5);

/// Whether a search of the open folder may take long.
pub(super) fn are_needed(session: &Session, query: &Query) -> bool {
    let opened = session.opened.as_ref();
    let mails = opened.and_then(|opened| opened.exists);
    search::reads_texts(query) && mails.is_none_or(|mails| mails > FIRST)
}

/// Messages of the open folder that match and have a higher UID than `after`, as far as searches come that
/// together take about so long; and up to which UID that is, if not to the last.
pub(super) async fn find(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    after: u32,
    time: Duration,
) -> Result<(Exact, Option<u32>), Fault> {
    let began = Instant::now();
    let everything = Query::All(Vec::new());
    let all = search::wide(session, &everything, now).await?;
    let mut rest = all.get(all.partition_point(|uid| *uid <= after)..);
    let mut size = FIRST as usize;
    let mut found = Exact {
        uids: Vec::new(),
        untold: Untold::default(),
    };
    while let Some(uids) = rest.filter(|uids| !uids.is_empty()) {
        let (slice, left) = uids.split_at(size.min(uids.len()));
        let (Some(first), Some(last)) = (slice.first(), slice.last()) else {
            break;
        };
        let slice_began = Instant::now();
        let here = search::wide_within(session, query, now, (*first, *last)).await?;
        let here = exact::settle(session, query, now, here).await?;
        found.uids.extend(here.uids);
        found.untold.add(here.untold);
        match slice_began.elapsed() {
            took if took < SHORT => size = size.saturating_mul(4),
            took if took > LONG => size = (size / 2).max(100),
            _ => {}
        }
        rest = Some(left);
        if began.elapsed() > time && !left.is_empty() {
            return Ok((found, Some(*last)));
        }
    }
    Ok((found, None))
}
