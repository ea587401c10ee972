//! Which mails of a person are in a batch that has not ended: no two batches work on the same one. All of them
//! are in one row, so that of two requests at the same time one sees the other. A claim has an end of its own:
//! whatever becomes of its batch, it keeps nobody out for long.

use std::collections::BTreeSet;

use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Expect, Ports, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::{Stored, load_text, text_row};
use bulkhead_shared::api::EmailId;
use bulkhead_shared::ids::UserId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::status::has_ended;

/// How long a claim holds at the most.
const HOLDS: SignedDuration = SignedDuration::from_mins(15);
/// Claims from which on those of ended batches are dropped, whether anybody asks for their mails or not: a
/// hundred ids each, these and a few more fit into a row.
const MANY: usize = 40;

/// The row.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Claims {
    claims: Vec<Claim>,
}

/// The mails of a batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claim {
    batch: String,
    emails: BTreeSet<EmailId>,
    until: Timestamp,
}

/// Claims these mails for a batch. Some of them being claimed by another one is a conflict.
pub(super) async fn take(
    ports: &Ports,
    user: &UserId,
    batch: &str,
    emails: &[EmailId],
) -> Result<(), Error> {
    let emails: BTreeSet<EmailId> = emails.iter().copied().collect();
    loop {
        let now = ports.clock.now();
        let mut stored = load(ports, user).await?;
        let many = stored.record.claims.len() >= MANY;
        let mut kept = Vec::new();
        for claim in std::mem::take(&mut stored.record.claims) {
            let overlaps = !claim.emails.is_disjoint(&emails);
            if claim.until <= now {
                continue;
            }
            if (overlaps || many) && has_ended(ports, user, &claim.batch).await? {
                continue;
            }
            if overlaps {
                return Err(Error::NotPossible(
                    "Some of these mails are being processed by another batch; wait until it has ended.",
                ));
            }
            kept.push(claim);
        }
        kept.push(Claim {
            batch: batch.to_owned(),
            emails: emails.clone(),
            until: now + HOLDS,
        });
        stored.record.claims = kept;
        if save(ports, user, stored).await? {
            return Ok(());
        }
    }
}

/// Lets a batch's claim go: it came to nothing. Not done, it ends by itself.
pub(super) async fn release(ports: &Ports, user: &UserId, batch: &str) -> Result<(), Error> {
    let mut stored = load(ports, user).await?;
    stored.record.claims.retain(|claim| claim.batch != batch);
    save(ports, user, stored).await.map(drop)
}

async fn load(ports: &Ports, user: &UserId) -> Result<Stored<Claims>, Error> {
    let stored = load_text(ports.table.as_ref(), &names::of_face(user, "BATCH#CLAIMS")).await?;
    Ok(stored.unwrap_or(Stored {
        record: Claims::default(),
        version: 0,
    }))
}

/// Whether it was kept: if not, somebody else was first.
async fn save(ports: &Ports, user: &UserId, stored: Stored<Claims>) -> Result<bool, Error> {
    let expect = match stored.version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    };
    let key = names::of_face(user, "BATCH#CLAIMS");
    let row = text_row(key, stored.version + 1, &stored.record, None)?;
    match ports.table.write(vec![Write::Put(row, expect)]).await {
        Ok(()) => Ok(true),
        Err(error) => match Error::from(error) {
            error if error.is_conflict() => Ok(false),
            error => Err(error),
        },
    }
}
