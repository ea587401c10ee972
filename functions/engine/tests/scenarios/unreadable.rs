//! Jobs of which a packed record is damaged or gone: everything else they did can still be taken back
//! or tried again, and what cannot is counted, shown and left alone.

use std::collections::BTreeSet;
use std::time::Duration;

use bulkhead_engine::jobs::{children, download, preview, results};
use bulkhead_engine::ports::{Expect, Key, Message, Row, Table, Write};
use bulkhead_engine::records::pack::{pack, unpack};
use bulkhead_engine::records::schema::Packable;
use bulkhead_engine::records::store::load_job;
use bulkhead_engine::records::{After, Ending, Manifest, Prior, names};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::api::{ItemOutcome, Job, Preview};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use futures::executor::block_on;
use jiff::SignedDuration;

/// In three chunks of four.
const MAILS: u64 = 12;
/// The chunk that is damaged.
const CHUNK: u32 = 1;

fn options() -> JobOptions {
    JobOptions {
        batch_size: Some(4),
        brake: Some(Brake {
            enabled: false,
            ..Brake::default()
        }),
        ..JobOptions::default()
    }
}

/// How a row is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Cut,
    LaterForm,
    OneLess,
    Gone,
}

impl Damage {
    /// What a person is told of it.
    fn told(self) -> &'static str {
        match self {
            Self::Cut | Self::OneLess => "our records of what was done are damaged",
            Self::Gone => "our records of what was done are missing",
            Self::LaterForm => {
                "a later version of Bulkhead recorded what was done, and this one cannot read it"
            }
        }
    }
}

const DAMAGES: [Damage; 4] = [
    Damage::Cut,
    Damage::LaterForm,
    Damage::OneLess,
    Damage::Gone,
];

/// What the row holds, without the chunk's first mail: all others would get what belongs to another.
fn one_less(key: &Key, body: &[u8]) -> Vec<u8> {
    fn rest<T>(body: &[u8]) -> Vec<u8>
    where
        Vec<T>: Packable,
    {
        let mut list: Vec<T> = unpack(body, &[]).unwrap();
        list.remove(0);
        pack(&list).unwrap().head
    }
    match key.sort.as_str() {
        sort if sort.ends_with("BEFORE") => rest::<Option<Prior>>(body),
        sort if sort.ends_with("AFTER") => rest::<Option<After>>(body),
        sort if sort.starts_with("OUTCOMES") => rest::<Option<Ending>>(body),
        _ => {
            let mut manifest: Manifest = unpack(body, &[]).unwrap();
            manifest.items.remove(0);
            pack(&manifest).unwrap().head
        }
    }
}

async fn damage(stage: &Stage, key: Key, how: Damage) {
    let row = stage.table.get(&key).await.unwrap().unwrap();
    let mut body = row.body.clone();
    match how {
        Damage::Cut => body.truncate(body.len() / 2),
        Damage::LaterForm => body[0] += 1,
        Damage::OneLess => body = one_less(&key, &body),
        Damage::Gone => {}
    }
    let write = match how {
        Damage::Gone => Write::Delete(key, Expect::Anything),
        _ => Write::Put(Row { body, ..row }, Expect::Anything),
    };
    stage.table.write(vec![write]).await.unwrap();
}

async fn manifest_of(stage: &Stage, id: &JobId) -> Key {
    let job = load_job(stage.table.as_ref(), id).await.unwrap().unwrap();
    names::manifest(id, job.record.generation, CHUNK)
}

/// The mails of the chunk, by identity; to be asked before they move.
async fn mails_of_chunk(stage: &Stage, id: &JobId) -> BTreeSet<u64> {
    let key = manifest_of(stage, id).await;
    let row = stage.table.get(&key).await.unwrap().unwrap();
    let items = unpack::<Manifest>(&row.body, &[]).unwrap().items;
    let ids: BTreeSet<ItemId> = items.into_iter().map(|entry| entry.id).collect();
    let is_in = |identity: &u64| ids.contains(&stage.mailbox.id_of(*identity).unwrap());
    (1..=MAILS).filter(is_in).collect()
}

/// A stage with a job that archived all mails, and the mails of the chunk that will be damaged.
async fn archived() -> (Stage, Job, BTreeSet<u64>) {
    let stage = Stage::new(MemoryMailbox::new(MAILS)).await.unwrap();
    let id = stage.archiving(options()).await.unwrap();
    let lost = mails_of_chunk(&stage, &id).await;
    assert_eq!(lost.len(), 4);
    stage.run().await.unwrap();
    let job = stage.job(&id).await.unwrap();
    assert_eq!(job.counts.succeeded, MAILS);
    (stage, job, lost)
}

async fn draft_undo(stage: &Stage, id: &JobId) -> (JobId, Preview) {
    let undo = children::undo(&stage.ports, &stage.user, id).await.unwrap();
    stage.run().await.unwrap();
    let shown = preview::preview(&stage.ports, &stage.user, &undo).await;
    (undo, shown.unwrap())
}

async fn items(stage: &Stage, id: &JobId, outcome: Option<Outcome>) -> Vec<ItemOutcome> {
    let page = results::items(&stage.ports, &stage.user, id, outcome, None, 50).await;
    page.unwrap().items
}

/// What the preview says of items that were left out.
fn left_out(preview: &Preview) -> Option<&str> {
    let mut reasons = preview.risk.reasons.iter();
    let reason = reasons.find(|reason| reason.contains("left out"));
    reason.map(String::as_str)
}

/// Takes the job back, with the mails of its damaged chunk left out.
async fn all_but(stage: &Stage, job: &Job, lost: &BTreeSet<u64>, why: &str, context: &str) {
    let (undo, shown) = draft_undo(stage, &job.id).await;
    let figures = shown.undo.unwrap();
    assert_eq!(
        (figures.can_go_back, figures.changed_since, figures.gone),
        (8, 0, 0),
        "{context}"
    );
    let expected = format!("4 more mails are left out and will stay as is: {why}.");
    assert_eq!(left_out(&shown).unwrap(), expected, "{context}");
    assert_eq!(job.counts.succeeded, shown.total + 4, "{context}");
    stage.confirm(&undo).await.unwrap();
    stage.run().await.unwrap();
    let undone = stage.job(&undo).await.unwrap();
    let counts = (undone.total, undone.counts.succeeded);
    assert_eq!((undone.state, counts), (State::Completed, (8, 8)));
    for mail in stage.mailbox.mails() {
        let expected = match lost.contains(&mail.identity) {
            true => ("Archive", 1),
            false => ("INBOX", 2),
        };
        let found = (mail.place.folder.as_str(), mail.touched);
        assert_eq!(found, expected, "{context}: mail {}", mail.identity);
    }
    // What was taken back can be brought there again, and has records of its own.
    let again = stage.undo(&undo).await.unwrap();
    assert_eq!(again.counts.succeeded, 8, "{context}");
}

#[test]
fn invariant_9_what_cannot_be_read_is_left_alone_and_the_rest_is_taken_back() {
    for how in DAMAGES {
        for row in ["MANIFEST", "BEFORE", "AFTER"] {
            block_on(async {
                let (stage, job, lost) = archived().await;
                let key = match row {
                    "MANIFEST" => manifest_of(&stage, &job.id).await,
                    "BEFORE" => names::prior(&job.id, CHUNK),
                    _ => names::after(&job.id, CHUNK),
                };
                damage(&stage, key, how).await;
                all_but(&stage, &job, &lost, how.told(), &format!("{row}, {how:?}")).await;
            });
        }
    }
}

#[test]
fn invariant_9_an_undo_does_not_need_the_outcomes() {
    for how in DAMAGES {
        block_on(async {
            let (stage, job, _) = archived().await;
            damage(&stage, names::outcomes(&job.id, CHUNK), how).await;
            let (undo, shown) = draft_undo(&stage, &job.id).await;
            assert_eq!((shown.total, left_out(&shown)), (MAILS, None), "{how:?}");
            stage.confirm(&undo).await.unwrap();
            stage.run().await.unwrap();
            let undone = stage.job(&undo).await.unwrap();
            assert_eq!(undone.counts.succeeded, MAILS, "{how:?}");
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 2));
        });
    }
}

#[test]
fn invariant_4_a_job_whose_chunk_was_lost_on_the_way_can_be_taken_back() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(MAILS)).await.unwrap();
        let id = stage.archiving(options()).await.unwrap();
        damage(&stage, manifest_of(&stage, &id).await, Damage::Cut).await;
        let lost = Message::Chunk {
            job: id.clone(),
            chunk: CHUNK,
        };
        let deadline = stage.ports.clock.now() + SignedDuration::from_secs(30);
        let worked = work::handle(&stage.ports, &lost, deadline).await;
        assert!(worked.unwrap_err().is_unreadable());
        stage.clock.advance(Duration::from_secs(120));
        work::dead_letter(&stage.ports, &lost).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.counts.succeeded, job.counts.failed), (8, 4));
        // It was never touched, so nothing of it has to go back.
        let (undo, shown) = draft_undo(&stage, &id).await;
        assert_eq!((shown.total, left_out(&shown)), (8, None));
        stage.confirm(&undo).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&undo).await.unwrap().counts.succeeded, 8);
        let mails = stage.mailbox.mails();
        assert!(mails.iter().all(|mail| mail.place.folder == "INBOX"));
    });
}

#[test]
fn a_retry_leaves_out_what_cannot_be_read_and_says_so() {
    for how in DAMAGES {
        for row in ["MANIFEST", "OUTCOMES"] {
            block_on(async {
                let stage = Stage::new(MemoryMailbox::new(MAILS)).await.unwrap();
                let refused = (1..=MAILS).collect();
                stage.mailbox.trouble(|trouble| trouble.refuse = refused);
                let id = stage.archiving(options()).await.unwrap();
                stage.run().await.unwrap();
                assert_eq!(stage.job(&id).await.unwrap().counts.failed, MAILS);
                let key = match row {
                    "MANIFEST" => manifest_of(&stage, &id).await,
                    _ => names::outcomes(&id, CHUNK),
                };
                damage(&stage, key, how).await;
                stage.mailbox.trouble(|trouble| trouble.refuse.clear());
                let (ports, user) = (&stage.ports, &stage.user);
                let retry = children::retry(ports, user, &id, limits::OPEN_JOBS).await;
                let retry = retry.unwrap();
                stage.run().await.unwrap();
                let shown = preview::preview(ports, user, &retry).await.unwrap();
                let context = format!("{row}, {how:?}: {shown:?}");
                assert_eq!(shown.total, 8, "{context}");
                let why = how.told();
                let expected = format!("4 more mails are left out and will stay as is: {why}.");
                assert_eq!(left_out(&shown).unwrap(), expected, "{context}");
                stage.confirm(&retry).await.unwrap();
                stage.run().await.unwrap();
                let retried = stage.job(&retry).await.unwrap();
                assert_eq!(retried.counts.succeeded, 8, "{context}");
            });
        }
    }
}

#[test]
fn what_the_table_cannot_read_for_now_is_waited_for_and_not_left_out() {
    block_on(async {
        let (stage, job, _) = archived().await;
        for key in [
            manifest_of(&stage, &job.id).await,
            names::prior(&job.id, CHUNK),
            names::after(&job.id, CHUNK),
        ] {
            let undo = children::undo(&stage.ports, &stage.user, &job.id).await;
            let undo = undo.unwrap();
            stage.table.busy_at(Some(key));
            assert!(stage.run().await.unwrap_err().is_passing());
            let waiting = stage.job(&undo).await.unwrap();
            assert_eq!(waiting.state, State::Planning);
            stage.table.busy_at(None);
            assert_eq!(stage.run_to_end(&undo).await.state, State::Draft);
            let shown = preview::preview(&stage.ports, &stage.user, &undo).await;
            let shown = shown.unwrap();
            assert_eq!((shown.total, left_out(&shown)), (MAILS, None));
            bulkhead_engine::jobs::control::cancel(&stage.ports, &stage.user, &undo)
                .await
                .unwrap();
        }
    });
}

/// How many are listed, and how many of them are left out.
async fn listed(stage: &Stage, id: &JobId, outcome: Option<Outcome>) -> (usize, u64) {
    let page = results::items(&stage.ports, &stage.user, id, outcome, None, 50).await;
    let page = page.unwrap();
    (page.items.len(), page.unreadable)
}

async fn csv(stage: &Stage, id: &JobId) -> Vec<String> {
    let file = download::outcomes_csv(&stage.ports, &stage.user, id).await;
    let mut file = file.unwrap();
    let mut text = String::new();
    while let Some(piece) = file.next().await.unwrap() {
        text.push_str(std::str::from_utf8(&piece).unwrap());
    }
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn outcomes_that_cannot_be_read_are_said_to_be_and_the_others_are_listed() {
    for how in DAMAGES {
        block_on(async {
            let (stage, job, _) = archived().await;
            damage(&stage, names::after(&job.id, CHUNK), how).await;
            assert_eq!(listed(&stage, &job.id, None).await, (12, 0), "{how:?}");
            damage(&stage, names::outcomes(&job.id, CHUNK), how).await;
            assert_eq!(listed(&stage, &job.id, None).await, (8, 4), "{how:?}");
            let succeeded = Some(Outcome::Succeeded);
            assert_eq!(listed(&stage, &job.id, succeeded).await, (8, 4), "{how:?}");
            let failed = Some(Outcome::Failed);
            assert_eq!(listed(&stage, &job.id, failed).await, (0, 0), "{how:?}");
            // The file has a row for each, by the ids that were frozen.
            let rows = csv(&stage, &job.id).await;
            assert_eq!(rows.len(), 12, "{how:?}");
            for (number, row) in (1..).zip(&rows) {
                let cells: Vec<&str> = row.split(',').collect();
                let lost = number > 4 * CHUNK && number <= 4 * (CHUNK + 1);
                let status = if lost { "unreadable" } else { "succeeded" };
                let said = (cells[0].parse(), cells[1].is_empty(), cells[2]);
                assert_eq!(said, (Ok(number), false, status), "{how:?}: {row}");
                assert!(!lost || cells.len() == 11, "{row}");
            }
        });
        block_on(async {
            let (stage, job, _) = archived().await;
            damage(&stage, manifest_of(&stage, &job.id).await, how).await;
            assert_eq!(listed(&stage, &job.id, None).await, (8, 4), "{how:?}");
            let rows = csv(&stage, &job.id).await;
            let lost = rows.iter().filter(|row| row.contains(",,unreadable,"));
            assert_eq!((rows.len(), lost.count()), (12, 4), "{how:?}");
        });
    }
}

#[test]
fn what_cannot_be_read_is_told_once_however_small_the_pages() {
    block_on(async {
        let (stage, job, _) = archived().await;
        damage(&stage, names::outcomes(&job.id, CHUNK), Damage::Cut).await;
        for limit in 1..=9 {
            let (mut items, mut unreadable) = (0, 0);
            let mut cursor = None;
            loop {
                let at = cursor.as_deref();
                let page =
                    results::items(&stage.ports, &stage.user, &job.id, None, at, limit).await;
                let page = page.unwrap();
                items += page.items.len();
                unreadable += page.unreadable;
                cursor = page.next_cursor;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!((items, unreadable), (8, 4), "{limit}");
        }
    });
}

#[test]
fn invariant_1_what_was_ended_by_its_count_is_listed_as_it_was_counted() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(MAILS)).await.unwrap();
        let id = stage.archiving(options()).await.unwrap();
        let lost = mails_of_chunk(&stage, &id).await;
        // One of them is left for another attempt, and then the chunk's records are damaged.
        stage.mailbox.trouble(|trouble| {
            trouble.flaky.insert(*lost.first().unwrap(), 1);
        });
        while stage.step().await.unwrap() {}
        damage(&stage, names::prior(&id, CHUNK), Damage::Cut).await;
        stage.clock.advance(Duration::from_secs(120));
        let again = stage.queue.take().unwrap();
        work::dead_letter(&stage.ports, &again).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.counts.succeeded, job.counts.failed), (11, 1));
        let failed = items(&stage, &id, Some(Outcome::Failed)).await;
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].reason, Some(ItemReason::Internal));
        assert_eq!(items(&stage, &id, Some(Outcome::Succeeded)).await.len(), 11);
        assert_eq!(items(&stage, &id, Some(Outcome::Cancelled)).await, []);
        // Its way back is lost with the record of what the chunk's mails were.
        let (_, shown) = draft_undo(&stage, &id).await;
        assert_eq!(shown.total, 8);
        assert!(left_out(&shown).unwrap().starts_with("3 "));
    });
}
