//! Turns at the model of a person: so many requests in a minute and so many at the same time, over all processes and
//! jobs. One row holds what is left, who asks at this moment, and until when the model asked everybody to wait. A holder
//! that died lets go by itself.

use std::collections::BTreeMap;

use bulkhead_shared::ids::UserId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::token_bucket::{KEPT, is_running};
use crate::ports::{Expect, Ports, Write};
use crate::records::store::{Stored, load_text, text_row};
use crate::records::{ModelRecord, names};

/// What requests in a minute count in.
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// A turn lasts no longer: twice the time that a request may take, for it may be made once more.
const TURN: SignedDuration = SignedDuration::from_mins(3);
/// Who finds no place free looks again so much later.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(1);
/// How long to wait where the model names no time.
const UNNAMED_WAIT: SignedDuration = SignedDuration::from_secs(20);
/// The longest wait that is taken at its word. Services that count by the day name up to one.
const WAIT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// Who has a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    requests: u32,
    until: Timestamp,
}

/// The row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Turns {
    /// Requests that are left of the present window.
    left: u32,
    /// When it began.
    since: Timestamp,
    /// By holder.
    #[serde(default)]
    held: BTreeMap<String, Held>,
    /// Nobody asks before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    waits: Option<Timestamp>,
}

/// What somebody is told that wants to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// So many requests may be made now; at least one.
    Granted(u32),
    /// None before this time.
    Later(Timestamp),
}

/// Takes a turn of up to so many requests.
pub(crate) async fn take(
    ports: &Ports,
    owner: &UserId,
    model: &ModelRecord,
    holder: &str,
    wanted: u32,
) -> Result<Turn, Error> {
    change(ports, owner, model, |turns, now| {
        turns.held.remove(holder);
        if let Some(until) = turns.waits {
            return (Turn::Later(until), false);
        }
        let busy: u32 = turns.held.values().map(|held| held.requests).sum();
        let free = model.side_by_side.saturating_sub(busy);
        let granted = wanted.min(free).min(turns.left);
        if granted == 0 {
            let until = match turns.left {
                0 => turns.since + WINDOW,
                _ => now + AGAIN_AFTER,
            };
            return (Turn::Later(until), false);
        }
        turns.left -= granted;
        let held = Held {
            requests: granted,
            until: now + TURN,
        };
        turns.held.insert(holder.to_owned(), held);
        (Turn::Granted(granted), true)
    })
    .await
}

/// What came of a turn.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ended {
    /// Requests that were made beyond those that were granted: an answer that made no sense is asked for again.
    pub(crate) extra: u32,
    /// Whether the model asked to wait, and until when if it said.
    pub(crate) asked_to_wait: Option<Option<Timestamp>>,
}

/// Ends a turn. Answers until when nobody asks any more, where the model asked to wait.
pub(crate) async fn give_back(
    ports: &Ports,
    owner: &UserId,
    model: &ModelRecord,
    holder: &str,
    ended: Ended,
) -> Result<Option<Timestamp>, Error> {
    change(ports, owner, model, |turns, now| {
        turns.held.remove(holder);
        turns.left = turns.left.saturating_sub(ended.extra);
        let until = ended.asked_to_wait.map(|until| {
            until
                .unwrap_or(now + UNNAMED_WAIT)
                .clamp(now + AGAIN_AFTER, now + WAIT_MOST)
        });
        turns.waits = turns.waits.max(until);
        (until, true)
    })
    .await
}

/// Changes the row, unless there is nothing to change; again if somebody else was faster.
async fn change<T>(
    ports: &Ports,
    owner: &UserId,
    model: &ModelRecord,
    change: impl Fn(&mut Turns, Timestamp) -> (T, bool),
) -> Result<T, Error> {
    let key = names::model_turns(owner);
    loop {
        let now = ports.clock.now();
        let stored: Option<Stored<Turns>> = load_text(ports.table.as_ref(), &key).await?;
        let (expect, version) = match &stored {
            Some(stored) => (Expect::Version(stored.version), stored.version),
            None => (Expect::Absent, 0),
        };
        let mut turns = as_of(stored.map(|stored| stored.record), model, now);
        let (answer, changed) = change(&mut turns, now);
        if !changed {
            return Ok(answer);
        }
        let kept = turns.waits.unwrap_or(now) + KEPT;
        let row = text_row(key.clone(), version + 1, &turns, Some(kept))?;
        let written = ports.table.write(vec![Write::Put(row, expect)]).await;
        match written.map_err(Error::from) {
            Err(error) if error.is_conflict() => {}
            written => return written.map(|()| answer),
        }
    }
}

/// The row as it is at this time: what has ended is dropped.
fn as_of(stored: Option<Turns>, model: &ModelRecord, now: Timestamp) -> Turns {
    let new = Turns {
        left: model.requests_per_minute,
        since: now,
        held: BTreeMap::new(),
        waits: None,
    };
    let Some(mut turns) = stored else {
        return new;
    };
    turns.held.retain(|_, held| held.until > now);
    // One further off was stored by a clock that was wrong.
    turns.waits = turns.waits.map(|until| until.min(now + WAIT_MOST));
    turns.waits = turns.waits.filter(|until| *until > now);
    if !is_running(turns.since + WINDOW, WINDOW, now) {
        (turns.left, turns.since) = (new.left, now);
    }
    turns.left = turns.left.min(model.requests_per_minute);
    turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::model::elsewhere;
    use crate::testing::stage::Stage;
    use futures::executor::block_on;

    /// A model that is asked ten times in a minute, and by four at the same time.
    fn model() -> ModelRecord {
        elsewhere(10, 4)
    }

    async fn stage() -> Stage {
        Stage::new(MemoryMailbox::new(0)).await.unwrap()
    }

    async fn wants(stage: &Stage, holder: &str, requests: u32) -> Turn {
        take(&stage.ports, &stage.user, &model(), holder, requests)
            .await
            .unwrap()
    }

    async fn gives(stage: &Stage, holder: &str, ended: Ended) -> Option<Timestamp> {
        give_back(&stage.ports, &stage.user, &model(), holder, ended)
            .await
            .unwrap()
    }

    fn after(stage: &Stage, seconds: i64) -> Timestamp {
        stage.ports.clock.now() + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn so_many_ask_at_the_same_time_and_so_often_in_a_minute() {
        block_on(async {
            let stage = stage().await;
            let minute = after(&stage, 60);
            assert_eq!(wants(&stage, "a", 3).await, Turn::Granted(3));
            assert_eq!(wants(&stage, "b", 3).await, Turn::Granted(1));
            assert_eq!(wants(&stage, "c", 1).await, Turn::Later(after(&stage, 1)));
            assert_eq!(gives(&stage, "a", Ended::default()).await, None);
            assert_eq!(wants(&stage, "c", 9).await, Turn::Granted(3));
            for holder in ["b", "c"] {
                gives(&stage, holder, Ended::default()).await;
            }
            // Three of ten are left.
            assert_eq!(wants(&stage, "d", 4).await, Turn::Granted(3));
            gives(&stage, "d", Ended::default()).await;
            assert_eq!(wants(&stage, "e", 1).await, Turn::Later(minute));
            stage.clock.set(minute);
            assert_eq!(wants(&stage, "e", 9).await, Turn::Granted(4));
        });
    }

    #[test]
    fn who_asks_again_has_one_turn_and_who_died_lets_go_after_three_minutes() {
        block_on(async {
            let stage = stage().await;
            assert_eq!(wants(&stage, "a", 4).await, Turn::Granted(4));
            assert_eq!(wants(&stage, "a", 4).await, Turn::Granted(4));
            assert_eq!(wants(&stage, "b", 1).await, Turn::Later(after(&stage, 1)));
            let ends = after(&stage, 180);
            stage.clock.set(ends - SignedDuration::from_nanos(1));
            assert_eq!(wants(&stage, "b", 1).await, Turn::Later(after(&stage, 1)));
            stage.clock.set(ends);
            assert_eq!(wants(&stage, "b", 1).await, Turn::Granted(1));
        });
    }

    #[test]
    fn what_was_asked_beyond_a_turn_counts_as_well() {
        block_on(async {
            let stage = stage().await;
            let beyond = |extra| Ended {
                extra,
                ..Ended::default()
            };
            assert_eq!(wants(&stage, "a", 2).await, Turn::Granted(2));
            assert_eq!(gives(&stage, "a", beyond(7)).await, None);
            assert_eq!(wants(&stage, "a", 4).await, Turn::Granted(1));
            let minute = after(&stage, 60);
            gives(&stage, "a", beyond(7)).await;
            assert_eq!(wants(&stage, "a", 4).await, Turn::Later(minute));
        });
    }

    #[test]
    fn what_the_model_asks_for_everybody_waits_for_at_its_word_for_a_day() {
        block_on(async {
            let (second, day) = (1, 24 * 3_600);
            for (asked, waits) in [
                (None, 20),
                (Some(-5), second),
                (Some(0), second),
                (Some(90), 90),
                (Some(day), day),
                (Some(day + 1), day),
            ] {
                let stage = stage().await;
                let until = asked.map(|seconds| after(&stage, seconds));
                let ended = Ended {
                    asked_to_wait: Some(until),
                    ..Ended::default()
                };
                let until = after(&stage, waits);
                assert_eq!(gives(&stage, "a", ended).await, Some(until), "{asked:?}");
                let row = stage
                    .ports
                    .table
                    .get(&names::model_turns(&stage.user))
                    .await;
                let kept = until + SignedDuration::from_hours(1);
                assert_eq!(row.unwrap().unwrap().expires, Some(kept));
                // Who was told so before waits no shorter for it.
                let sooner = Ended {
                    asked_to_wait: Some(Some(after(&stage, 1))),
                    ..Ended::default()
                };
                gives(&stage, "b", sooner).await;
                stage.clock.set(until - SignedDuration::from_nanos(1));
                assert_eq!(wants(&stage, "c", 1).await, Turn::Later(until));
                stage.clock.set(until);
                assert_eq!(wants(&stage, "c", 1).await, Turn::Granted(1));
            }
        });
    }
}
