//! Which mails of a person are in a batch that has not ended: no two batches work on the same one. All of them
//! are in one row, so that of two requests at the same time one sees the other. A claim has an end of its own:
//! whatever becomes of its batch, it keeps nobody out for long.

use std::collections::{BTreeSet, HashMap};

use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Expect, Ports, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::{Stored, load_text, text_row};
use bulkhead_shared::api::{EmailId, EmailStatus};
use bulkhead_shared::ids::UserId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::record::KEPT;
use super::status::has_ended;
use super::words::Work;

/// How long a claim holds at the most.
const HOLDS: SignedDuration = SignedDuration::from_mins(15);
/// Claims from which on those of ended batches are dropped, whether anybody asks for their mails or not: a
/// hundred ids each, these and a few more fit into a row.
const MANY: usize = 40;

/// Batches of which it is remembered that they processed their mails: with fifty ids each they fit beside the claims.
const REMEMBERED: usize = 40;

/// The row.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Claims {
    claims: Vec<Claim>,
    /// Mails of batches that processed them, the latest batches last.
    #[serde(default)]
    processed: Vec<Processed>,
}

/// Mails that a batch processed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Processed {
    emails: BTreeSet<EmailId>,
    /// Until when that is told: as long as the batch is.
    until: Timestamp,
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
            let is_over = claim.until <= now;
            if (overlaps || many || is_over) && has_ended(ports, user, &claim.batch).await? {
                stored.record.remember(claim, now);
                continue;
            }
            if is_over {
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

impl Claims {
    /// Notes that the mails of a batch which has ended were processed, if that was its work.
    fn remember(&mut self, ended: Claim, now: Timestamp) {
        self.processed.retain(|known| known.until > now);
        if Work::of_id(&ended.batch) == Some(Work::Process) {
            self.processed.push(Processed {
                emails: ended.emails,
                until: now + KEPT,
            });
        }
        let more = self.processed.len().saturating_sub(REMEMBERED);
        self.processed.drain(..more);
    }
}

/// Which of these mails a batch works on, and which one has processed lately.
pub(super) async fn standing(
    ports: &Ports,
    user: &UserId,
    emails: &BTreeSet<EmailId>,
) -> Result<HashMap<EmailId, EmailStatus>, Error> {
    let now = ports.clock.now();
    let known = load(ports, user).await?.record;
    let mut standing = HashMap::new();
    let mut note = |of: &BTreeSet<EmailId>, status| {
        for email in of.intersection(emails) {
            standing.insert(*email, status);
        }
    };
    for processed in known.processed.iter().filter(|it| it.until > now) {
        note(&processed.emails, EmailStatus::Processed);
    }
    for claim in &known.claims {
        if claim.emails.is_disjoint(emails) {
            continue;
        }
        match has_ended(ports, user, &claim.batch).await? {
            true if Work::of_id(&claim.batch) == Some(Work::Process) => {
                note(&claim.emails, EmailStatus::Processed);
            }
            false if claim.until > now => note(&claim.emails, EmailStatus::Processing),
            _ => {}
        }
    }
    Ok(standing)
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
