//! What is stored of looking for reports: read and written.

use std::time::Duration;

use bulkhead_shared::ids::{AccountId, JobId, UserId};
use jiff::SignedDuration;

use crate::error::Error;
use crate::ports::{Expect, Message, Outgoing, Ports, Span, Table, Write};
use crate::records::store::{Stored, content_expiry, load_text, read_text, text_row};
use crate::records::{BounceLookRecord, BounceRecord, names};

/// How long it lasts how far a look was.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 60);

pub(super) async fn load(
    table: &dyn Table,
    account: &AccountId,
) -> Result<Option<Stored<BounceLookRecord>>, Error> {
    load_text(table, &names::bounce_look(account)).await
}

/// Writes how far a look is, if nobody else did since this version.
pub(super) async fn keep(
    ports: &Ports,
    account: &AccountId,
    record: &BounceLookRecord,
    version: u64,
) -> Result<(), Error> {
    let expires = ports.clock.now() + KEPT;
    let row = text_row(
        names::bounce_look(account),
        version + 1,
        record,
        Some(expires),
    )?;
    let expect = match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    };
    Ok(ports.table.write(vec![Write::Put(row, expect)]).await?)
}

/// Asks for a look.
pub(super) async fn send(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    delay: Duration,
) -> Result<(), Error> {
    let message = Message::Bounces {
        owner: owner.clone(),
        account: account.clone(),
    };
    let outgoing = vec![Outgoing { message, delay }];
    Ok(ports.queue.send(owner.as_str(), outgoing).await?)
}

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
