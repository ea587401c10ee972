//! Idempotency keys: the same request twice is one job, also when both arrive at once.

use bulkhead_shared::api::NewJob;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::limits;
use bulkhead_shared::problem::Invalid;
use jiff::{SignedDuration, Timestamp};

use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Write};
use crate::records::store::{Stored, load_text, text_row};
use crate::records::{UsedKey, names};

/// Hours an idempotency key is remembered.
const KEY_HOURS: i64 = 24;

/// One use of an idempotency key.
pub(crate) struct KeyUse {
    key: Key,
    request: String,
    replaces: Option<u64>,
}

impl KeyUse {
    pub(crate) fn new(user: &UserId, key: &str, new: &NewJob) -> Result<Self, Error> {
        let chars = key.chars().count();
        if chars == 0 || chars > limits::IDEMPOTENCY_KEY_CHARS {
            let text = format!(
                "An idempotency key has 1 to {} characters.",
                limits::IDEMPOTENCY_KEY_CHARS
            );
            return Err(Invalid::new("Idempotency-Key", text).into());
        }
        let request = sha256_hex(&serde_json::to_vec(new)?);
        Ok(Self {
            key: names::idempotency(user, &sha256_hex(key.as_bytes())),
            request,
            replaces: None,
        })
    }

    /// The write that remembers the key for this job. Fails if the same key was used meanwhile.
    pub(crate) fn write(&self, job: &JobId, now: Timestamp) -> Result<Write, Error> {
        let until = now + SignedDuration::from_hours(KEY_HOURS);
        let record = UsedKey {
            request: self.request.clone(),
            job: job.clone(),
            until,
        };
        // An expired key's row may still be there; it is replaced.
        let expect = self.replaces.map_or(Expect::Absent, Expect::Version);
        let version = self.replaces.unwrap_or(0) + 1;
        Ok(Write::Put(
            text_row(self.key.clone(), version, &record, Some(until))?,
            expect,
        ))
    }
}

/// The job an earlier use of this key made. Another request under the same key is refused.
pub(crate) async fn known(
    ports: &Ports,
    used: Option<&mut KeyUse>,
    now: Timestamp,
) -> Result<Option<JobId>, Error> {
    let Some(used) = used else { return Ok(None) };
    let stored: Option<Stored<UsedKey>> = load_text(ports.table.as_ref(), &used.key).await?;
    match stored {
        Some(stored) if stored.record.until > now => {
            if stored.record.request != used.request {
                return Err(Error::KeyReused);
            }
            Ok(Some(stored.record.job))
        }
        expired => {
            used.replaces = expired.map(|stored| stored.version);
            Ok(None)
        }
    }
}

/// The job that was made under a key, whatever the request was; none if there is none, or the key was forgotten.
pub(crate) async fn made_under(
    ports: &Ports,
    user: &UserId,
    key: &str,
) -> Result<Option<JobId>, Error> {
    let key = names::idempotency(user, &sha256_hex(key.as_bytes()));
    let stored = load_text::<UsedKey>(ports.table.as_ref(), &key).await?;
    let now = ports.clock.now();
    let used = stored.map(|stored| stored.record);
    Ok(used.filter(|used| used.until > now).map(|used| used.job))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use bulkhead_shared::operations::Archive;
    use bulkhead_shared::options::JobOptions;
    use futures::executor::block_on;

    #[test]
    fn the_job_that_was_made_under_a_key_is_found_by_the_key_alone_for_a_day() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(1)).await.unwrap();
            let (ports, user) = (&stage.ports, &stage.user);
            let new = stage.request(Archive {}.into(), Stage::inbox(), JobOptions::default());
            let used = KeyUse::new(user, "key", &new).unwrap();
            let now = ports.clock.now();
            let job = JobId::new("arc", now, 1);
            let write = used.write(&job, now).unwrap();
            ports.table.write(vec![write]).await.unwrap();
            let ends = now + SignedDuration::from_hours(24);
            let bob = "bob".parse().unwrap();
            for (at, user, key, found) in [
                (now, user, "key", Some(&job)),
                (now, user, "other", None),
                (now, &bob, "key", None),
                (
                    ends - SignedDuration::from_nanos(1),
                    user,
                    "key",
                    Some(&job),
                ),
                (ends, user, "key", None),
            ] {
                stage.clock.set(at);
                let made = made_under(ports, user, key).await.unwrap();
                assert_eq!(made.as_ref(), found, "{key} of {user} at {at}");
            }
        });
    }
}
