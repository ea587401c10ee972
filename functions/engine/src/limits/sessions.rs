//! How many workers have a session with a provider at the same time, over all processes and jobs of an
//! account. Mail servers count sessions, and refuse whoever comes in beyond what they allow.
//!
//! A row of the account holds who has one, and until when: a holder that died lets go by itself. What a
//! person looks at meanwhile is not counted; it takes one more, for a moment.

use std::collections::BTreeMap;

use bulkhead_shared::api::AccountKind;
use bulkhead_shared::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::token_bucket::KEPT;
use crate::ports::{Expect, Ports, Write};
use crate::records::names;
use crate::records::store::{Stored, load_text, text_row};

/// Sessions of one mailbox side by side. Many servers allow ten for one user, shared by all of their mail
/// programs.
const MAIL_SERVER: u32 = 3;
/// After a server had too many of them, as many as it took are used for so long.
const NARROWED: SignedDuration = SignedDuration::from_mins(5);
/// A session is taken for so much longer than it was asked for: a lane that goes from chunk to chunk writes that
/// down once in a while and not twice a chunk.
const LONGER: SignedDuration = SignedDuration::from_mins(1);
/// Who finds none free looks again so much later.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(1);

/// Who has a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Sessions {
    /// Until when, by holder.
    held: BTreeMap<String, Timestamp>,
    /// How many the server took when it last had too many, and until when that is believed.
    #[serde(default)]
    narrowed: Option<(u32, Timestamp)>,
}

/// What a worker is told that wants one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    /// It may have one.
    Taken,
    /// The provider does not count.
    Uncounted,
    /// None before this time.
    Later(Timestamp),
}

impl Sessions {
    fn most(&self, now: Timestamp) -> usize {
        let narrowed = self.narrowed.filter(|(_, until)| *until > now);
        narrowed.map_or(MAIL_SERVER, |(most, _)| most) as usize
    }

    fn drop_dead(&mut self, now: Timestamp) {
        self.held.retain(|_, until| *until > now);
    }
}

/// Takes a session for this holder, who needs it until then. Who has one already keeps it.
pub(crate) async fn take(
    ports: &Ports,
    kind: AccountKind,
    account: &AccountId,
    holder: &str,
    until: Timestamp,
) -> Result<Seat, Error> {
    if kind != AccountKind::Imap {
        return Ok(Seat::Uncounted);
    }
    change(ports, account, |sessions, now| {
        match sessions.held.get(holder) {
            Some(held) if *held >= until => return (Seat::Taken, false),
            None if sessions.held.len() >= sessions.most(now) => {
                return (Seat::Later(now + AGAIN_AFTER), false);
            }
            _ => {}
        }
        sessions.held.insert(holder.to_owned(), until + LONGER);
        (Seat::Taken, true)
    })
    .await
}

/// Lets go of it.
pub(crate) async fn let_go(ports: &Ports, account: &AccountId, holder: &str) -> Result<(), Error> {
    change(ports, account, |sessions, _| {
        ((), sessions.held.remove(holder).is_some())
    })
    .await
}

/// The server refused this holder a session because it has too many: as many as the others have from now on.
/// Says when to try again; none if nobody else has one, so that it is the account itself that has to wait.
pub(crate) async fn narrow(
    ports: &Ports,
    account: &AccountId,
    holder: &str,
) -> Result<Option<Timestamp>, Error> {
    change(ports, account, |sessions, now| {
        sessions.held.remove(holder);
        let others = u32::try_from(sessions.held.len()).unwrap_or(MAIL_SERVER);
        if others > 0 {
            sessions.narrowed = Some((others.min(MAIL_SERVER), now + NARROWED));
        }
        ((others > 0).then_some(now + AGAIN_AFTER), true)
    })
    .await
}

/// Changes the row, unless there is nothing to change; again if somebody else was faster.
async fn change<T>(
    ports: &Ports,
    account: &AccountId,
    change: impl Fn(&mut Sessions, Timestamp) -> (T, bool),
) -> Result<T, Error> {
    let key = names::sessions(account);
    loop {
        let now = ports.clock.now();
        let stored: Option<Stored<Sessions>> = load_text(ports.table.as_ref(), &key).await?;
        let (expect, version) = match &stored {
            Some(stored) => (Expect::Version(stored.version), stored.version),
            None => (Expect::Absent, 0),
        };
        let mut sessions = stored.map(|stored| stored.record).unwrap_or_default();
        sessions.drop_dead(now);
        let (answer, changed) = change(&mut sessions, now);
        if !changed {
            return Ok(answer);
        }
        let row = text_row(key.clone(), version + 1, &sessions, Some(now + KEPT))?;
        let written = ports.table.write(vec![Write::Put(row, expect)]).await;
        match written.map_err(Error::from) {
            Err(error) if error.is_conflict() => {}
            written => return written.map(|()| answer),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::dispatch::send_one;
    use crate::jobs::control;
    use crate::ports::Message;
    use crate::records::AccountRecord;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use bulkhead_shared::api::Job;
    use bulkhead_shared::job::State;
    use bulkhead_shared::operations::{Archive, MarkRead, Operation, TestDeliver};
    use bulkhead_shared::options::JobOptions;
    use futures::executor::block_on;
    use std::collections::BTreeSet;
    use std::time::Duration;

    async fn wants(stage: &Stage, holder: &str, seconds: i64) -> Seat {
        let until = stage.ports.clock.now() + SignedDuration::from_secs(seconds);
        let kind = AccountKind::Imap;
        take(&stage.ports, kind, &stage.account, holder, until)
            .await
            .unwrap()
    }

    #[test]
    fn three_have_a_session_and_the_dead_let_go() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(1)).await.unwrap();
            for holder in ["a", "b", "c", "c"] {
                assert_eq!(wants(&stage, holder, 60).await, Seat::Taken, "{holder}");
            }
            assert!(matches!(wants(&stage, "d", 60).await, Seat::Later(_)));
            let_go(&stage.ports, &stage.account, "b").await.unwrap();
            let_go(&stage.ports, &stage.account, "nobody")
                .await
                .unwrap();
            assert_eq!(wants(&stage, "d", 60).await, Seat::Taken);
            assert!(matches!(wants(&stage, "e", 60).await, Seat::Later(_)));
            // All of them died.
            stage
                .clock
                .advance(LONGER.unsigned_abs() + Duration::from_secs(61));
            assert_eq!(wants(&stage, "e", 60).await, Seat::Taken);
        });
    }

    #[test]
    fn there_are_fewer_once_the_server_said_so() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(1)).await.unwrap();
            let narrowed =
                async |holder| narrow(&stage.ports, &stage.account, holder).await.unwrap();
            for holder in ["a", "b"] {
                assert_eq!(wants(&stage, holder, 1_000).await, Seat::Taken);
            }
            assert!(narrowed("b").await.is_some());
            assert!(matches!(wants(&stage, "c", 1_000).await, Seat::Later(_)));
            let_go(&stage.ports, &stage.account, "a").await.unwrap();
            assert_eq!(wants(&stage, "c", 1_000).await, Seat::Taken);
            // The only one there was: the account has to wait.
            assert!(narrowed("c").await.is_none());
            // After a while the server may take more again.
            stage.clock.advance(NARROWED.unsigned_abs());
            for holder in ["a", "b", "c"] {
                assert_eq!(wants(&stage, holder, 60).await, Seat::Taken, "{holder}");
            }
        });
    }

    #[test]
    fn who_has_a_session_is_written_down_for_as_long_as_that_matters() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(1)).await.unwrap();
            let now = stage.ports.clock.now();
            let after = |seconds| now + SignedDuration::from_secs(seconds);
            let key = names::sessions(&stage.account);
            let row = async || stage.ports.table.get(&key).await.unwrap().unwrap();
            for holder in ["a", "b", "c"] {
                wants(&stage, holder, 60).await;
            }
            assert_eq!(row().await.expires, Some(after(3_600)));
            let version = row().await.version;
            // It was taken for a minute more than it was asked for, which is written down again only beyond that.
            for (seconds, written) in [(60, 0), (120, 0), (121, 1), (181, 1), (182, 2)] {
                assert_eq!(wants(&stage, "a", seconds).await, Seat::Taken);
                assert_eq!(row().await.version, version + written, "{seconds} s");
            }
            assert_eq!(wants(&stage, "d", 60).await, Seat::Later(after(1)));
            // Until then exactly, and no moment longer.
            stage.clock.set(after(120) - SignedDuration::from_nanos(1));
            let later = stage.ports.clock.now() + SignedDuration::from_secs(1);
            assert_eq!(wants(&stage, "d", 60).await, Seat::Later(later));
            stage.clock.set(after(120));
            assert_eq!(wants(&stage, "d", 60).await, Seat::Taken);
            let narrowed = narrow(&stage.ports, &stage.account, "d").await;
            assert_eq!(narrowed.unwrap(), Some(after(121)));
            // Only on a mail server is anything counted.
            let until = after(500);
            let sandbox = take(
                &stage.ports,
                AccountKind::Sandbox,
                &stage.account,
                "e",
                until,
            );
            assert_eq!(sandbox.await.unwrap(), Seat::Uncounted);
        });
    }

    /// Lets the account be one on a mail server.
    async fn on_a_mail_server(stage: &Stage) {
        let key = names::account(&stage.user, &stage.account);
        let table = stage.ports.table.as_ref();
        let stored: Stored<AccountRecord> = load_text(table, &key).await.unwrap().unwrap();
        let record = AccountRecord {
            kind: AccountKind::Imap,
            ..stored.record
        };
        let row = text_row(key, stored.version + 1, &record, None).unwrap();
        let write = Write::Put(row, Expect::Version(stored.version));
        table.write(vec![write]).await.unwrap();
    }

    #[test]
    fn a_chunk_waits_for_a_session_and_leaves_none_behind() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(40)).await.unwrap();
            on_a_mail_server(&stage).await;
            let id = stage.archiving(JobOptions::default()).await.unwrap();
            for holder in ["a", "b", "c"] {
                assert_eq!(wants(&stage, holder, 60).await, Seat::Taken);
            }
            let calls = stage.mailbox.calls();
            for _ in 0..3 {
                stage.step().await.unwrap();
            }
            assert_eq!(stage.mailbox.calls(), calls, "nobody is called");
            let waiting = stage.job(&id).await.unwrap();
            assert_eq!(
                (waiting.state, waiting.counts.succeeded),
                (State::Running, 0)
            );
            for holder in ["a", "b", "c"] {
                let_go(&stage.ports, &stage.account, holder).await.unwrap();
            }
            stage.clock.advance(Duration::from_secs(5));
            let job = stage.run_to_end(&id).await;
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
            for holder in ["d", "e", "f"] {
                assert_eq!(wants(&stage, holder, 60).await, Seat::Taken, "{holder}");
            }
        });
    }

    /// Who has a session.
    async fn holders(stage: &Stage) -> Vec<String> {
        let key = names::sessions(&stage.account);
        let stored: Option<Stored<Sessions>> =
            load_text(stage.ports.table.as_ref(), &key).await.unwrap();
        let held = stored.map(|stored| stored.record.held).unwrap_or_default();
        held.into_keys().collect()
    }

    #[test]
    fn a_lane_keeps_its_session_from_chunk_to_chunk_and_lets_go_when_it_stops() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(40)).await.unwrap();
            on_a_mail_server(&stage).await;
            let options = JobOptions {
                parallel_chunks: Some(1),
                ..JobOptions::default()
            };
            let id = stage.archiving(options).await.unwrap();
            stage.step().await.unwrap();
            let lane = holders(&stage).await;
            assert_eq!(lane.len(), 1, "{lane:?}");
            stage.step().await.unwrap();
            assert_eq!(holders(&stage).await, lane, "the same one");
            control::pause(&stage.ports, &stage.user, &id)
                .await
                .unwrap();
            stage.step().await.unwrap();
            assert!(holders(&stage).await.is_empty(), "of a job on hold");
            control::resume(&stage.ports, &stage.user, &id)
                .await
                .unwrap();
            let job = stage.run_to_end(&id).await;
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
            assert!(holders(&stage).await.is_empty(), "at the end");
        });
    }

    #[test]
    fn each_lane_of_each_job_has_a_session_of_its_own() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(40)).await.unwrap();
            on_a_mail_server(&stage).await;
            let lanes = |lanes| JobOptions {
                parallel_chunks: Some(lanes),
                ..JobOptions::default()
            };
            let (archive, read) = (Archive {}, MarkRead {});
            let one = stage.draft(Operation::Archive(archive), Stage::inbox(), lanes(1));
            let one = one.await.unwrap();
            let two = stage.draft(Operation::MarkRead(read), Stage::inbox(), lanes(2));
            let two = two.await.unwrap();
            for job in [one, two] {
                stage.confirm(&job).await.unwrap();
            }
            for _ in 0..3 {
                stage.step().await.unwrap();
            }
            assert_eq!(holders(&stage).await.len(), 3);
        });
    }

    #[test]
    fn an_early_message_of_a_chunk_that_waits_leaves_the_lane_its_session() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(40)).await.unwrap();
            on_a_mail_server(&stage).await;
            let options = JobOptions {
                parallel_chunks: Some(1),
                ..JobOptions::default()
            };
            // Wherever the first chunk begins.
            let flaky = (0..=4).chain(36..=40).map(|identity| (identity, 1));
            stage
                .mailbox
                .trouble(|trouble| trouble.flaky = flaky.collect());
            let id = stage.archiving(options).await.unwrap();
            stage.step().await.unwrap();
            assert!(holders(&stage).await.is_empty(), "the first chunk waits");
            let early = Message::Chunk {
                job: id.clone(),
                chunk: 0,
            };
            send_one(&stage.ports, &stage.user, early, SignedDuration::ZERO).await;
            stage.step().await.unwrap();
            let lane = holders(&stage).await;
            assert_eq!(lane.len(), 1, "the second chunk was worked on: {lane:?}");
            stage.step().await.unwrap();
            assert_eq!(holders(&stage).await, lane);
            let job = stage.run_to_end(&id).await;
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
        });
    }

    /// Lets all answers of the first call get lost, and the worker that is to look for them find no session free.
    async fn finds_no_session_to_look(operation: Operation) -> (Stage, Job) {
        let stage = Stage::new(MemoryMailbox::new(6)).await.unwrap();
        on_a_mail_server(&stage).await;
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        let options = JobOptions {
            parallel_chunks: Some(1),
            ..JobOptions::default()
        };
        let draft = stage.draft(operation, Stage::inbox(), options);
        let id = draft.await.unwrap();
        stage.confirm(&id).await.unwrap();
        stage.step().await.unwrap();
        let open = stage.job(&id).await.unwrap().counts.pending;
        assert!(open > 0, "the first call is not answered");
        let calls = stage.mailbox.calls();
        for holder in ["a", "b", "c"] {
            assert_eq!(wants(&stage, holder, 7_200).await, Seat::Taken);
        }
        for _ in 0..5 {
            stage.clock.advance(Duration::from_secs(600));
            stage.step().await.unwrap();
        }
        assert_eq!(stage.mailbox.calls(), calls, "nobody is called");
        assert_eq!(stage.job(&id).await.unwrap().counts.pending, open);
        for holder in ["a", "b", "c"] {
            let_go(&stage.ports, &stage.account, holder).await.unwrap();
        }
        let job = stage.run_to_end(&id).await;
        (stage, job)
    }

    #[test]
    fn invariant_3_who_finds_no_session_before_it_has_looked_forgets_nothing() {
        block_on(async {
            let deliver = Operation::TestDeliver(TestDeliver {});
            let (stage, job) = finds_no_session_to_look(deliver).await;
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 6));
            let delivered = stage.mailbox.delivered();
            let ids: BTreeSet<_> = delivered.iter().map(|letter| &letter.id).collect();
            assert_eq!((delivered.len(), ids.len()), (6, 6), "each once");
            let archive = Operation::Archive(Archive {});
            let (stage, job) = finds_no_session_to_look(archive).await;
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 6));
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
            let undone = stage.undo(&job.id).await.unwrap();
            assert_eq!(undone.counts.succeeded, 6);
        });
    }
}
