//! Rows that get no mail: left out when a job is drafted, and kept beside it so that they can be shown, and a draft
//! written anew.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::recipient::Recipient;
use bulkhead_shared::problem::Invalid;

use crate::error::Error;
use crate::ports::Ports;
use crate::records::store::{content_expiry, load_text, text_row};
use crate::records::{JobRecord, LeftOut, LeftOutRecord, names};
use crate::suppression;

/// Bytes of what rows brought in one stored row, most: with their frame below what a row may have.
const PART_BYTES: usize = 128 * 1024;

/// What a row makes: an item, and what is brought for it.
type Made = (ItemId, Vec<u8>);

/// Leaves those out that are on the account's list of those who get no mail.
pub(super) async fn leave_out(
    ports: &Ports,
    job: &mut JobRecord,
    rows: Vec<Made>,
) -> Result<Vec<Made>, Error> {
    if job.kind != Kind::Recipient {
        return Ok(rows);
    }
    let list = suppression::list_of(ports.table.as_ref(), &job.account).await?;
    if list.is_empty() {
        return Ok(rows);
    }
    let (mut kept, mut out) = (Vec::with_capacity(rows.len()), Vec::new());
    for (row, (id, input)) in (1..).zip(rows) {
        let recipient = Recipient::of_bytes(&input);
        match recipient.and_then(|recipient| list.left_out(row, &recipient)) {
            Some(left) => out.push(LeftOut {
                row,
                address: left.address,
                why: left.why,
                input: String::from_utf8_lossy(&input).into_owned(),
            }),
            None => kept.push((id, input)),
        }
    }
    if kept.is_empty() {
        let text = "All of them are on this account's list of those who get no mail.";
        return Err(Invalid::new("selection.rows", text).into());
    }
    job.suppress(out.len() as u64);
    store(ports, job, out).await?;
    Ok(kept)
}

async fn store(ports: &Ports, job: &JobRecord, out: Vec<LeftOut>) -> Result<(), Error> {
    let mut parts = Vec::new();
    let mut bytes = 0;
    for left in out {
        bytes += left.input.len();
        match parts.last_mut() {
            Some(LeftOutRecord { rows }) if bytes <= PART_BYTES => rows.push(left),
            _ => {
                bytes = left.input.len();
                parts.push(LeftOutRecord { rows: vec![left] });
            }
        }
    }
    let expires = content_expiry(ports.clock.now());
    let rows = (0..).zip(&parts);
    let rows = rows.map(|(part, record)| {
        let key = names::left_out(&job.id, part);
        text_row(key, 1, record, Some(expires))
    });
    let rows = rows.collect::<Result<Vec<_>, Error>>()?;
    if !rows.is_empty() {
        ports.table.put_many(rows).await?;
    }
    Ok(())
}

/// The rows of a job that were left out, in their order.
pub(crate) async fn load_left_out(ports: &Ports, job: &JobRecord) -> Result<Vec<LeftOut>, Error> {
    let mut out: Vec<LeftOut> = Vec::new();
    for part in 0.. {
        if out.len() as u64 >= job.suppressed {
            break;
        }
        let key = names::left_out(&job.id, part);
        let stored = load_text::<LeftOutRecord>(ports.table.as_ref(), &key).await?;
        out.extend(stored.ok_or(Error::Missing("left out"))?.record.rows);
    }
    Ok(out)
}
