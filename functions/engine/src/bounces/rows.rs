//! What is stored of mails that came back: read and written.

use bulkhead_shared::ids::JobId;

use crate::error::Error;
use crate::ports::{Ports, Span, Table};
use crate::records::store::{content_expiry, read_text, text_row};
use crate::records::{BounceRecord, names};

/// The mails of a job that came back, in the order of its items.
pub(super) async fn found(table: &dyn Table, job: &JobId) -> Result<Vec<BounceRecord>, Error> {
    let span = Span {
        partition: job.to_string(),
        from: names::BOUNCES_FROM.to_owned(),
        to: format!("{}~", names::BOUNCES_FROM),
        reverse: false,
        limit: None,
    };
    let rows = table.range(&span).await?;
    let rows = rows.iter().map(|row| Ok(read_text(row)?.record));
    rows.collect()
}

/// Stores mails that came back, each with its job.
pub(super) async fn put(ports: &Ports, found: &[(JobId, BounceRecord)]) -> Result<(), Error> {
    if found.is_empty() {
        return Ok(());
    }
    let expires = Some(content_expiry(ports.clock.now()));
    let rows = found
        .iter()
        .map(|(job, record)| text_row(names::bounce(job, record.number), 1, record, expires));
    let rows = rows.collect::<Result<Vec<_>, Error>>()?;
    Ok(ports.table.put_many(rows).await?)
}
