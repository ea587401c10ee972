//! Rows looked through by the directory: a job that touches nothing, from its draft to its last result.

use bulkhead_shared::api::{Confirm, ItemOutcome, NewJob};
use bulkhead_shared::job::State;

use crate::api::{self, Answer};
use crate::browser;

/// Milliseconds between two questions where the server names none.
const PAUSE: u32 = 500;

/// What was found of each row, one job after the other.
pub(super) async fn look_through(jobs: Vec<NewJob>) -> Answer<Vec<ItemOutcome>> {
    let mut all = Vec::new();
    for new in jobs {
        all.extend(looked_through(new).await?);
    }
    Ok(all)
}

async fn looked_through(new: NewJob) -> Answer<Vec<ItemOutcome>> {
    let mut job = api::draft(&new, &browser::random_key()).await?;
    let mut etag = None;
    let mut is_confirmed = false;
    while !job.state.is_ended() {
        if let (State::Draft, Some(hash), false) = (job.state, &job.manifest_hash, is_confirmed) {
            let confirm = Confirm {
                manifest_hash: hash.clone(),
                drift_hash: None,
            };
            job = api::confirm(job.id.clone(), confirm).await?;
            is_confirmed = true;
            continue;
        }
        let news = api::job(job.id.clone(), etag).await?;
        etag = news.etag;
        match news.job {
            Some(now) => job = now,
            None => browser::sleep(news.ask_again.unwrap_or(PAUSE)).await,
        }
    }
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = api::rows(job.id.clone(), cursor).await?;
        all.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}
