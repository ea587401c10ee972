//! Rows as they are written and read.
#![allow(clippy::unwrap_used)]

use bulkhead_shared::job::State;
use std::sync::Arc;

use futures::executor::block_on;
use serde_json::json;

use super::*;
use crate::records::tests::noon;
use crate::testing::intercept::{self, Call, Failure};
use crate::testing::mailbox::MemoryMailbox;
use crate::testing::memory::MemoryTable;
use crate::testing::stage::Stage;
use crate::testing::table;

fn days(days: i64) -> Option<Timestamp> {
    Some(noon() + SignedDuration::from_hours(24 * days))
}

fn key(sort: &str) -> Key {
    table::key("p", sort)
}

fn text(body: &str) -> Row {
    Row {
        body: body.as_bytes().to_vec(),
        ..table::row("p", "s", 7)
    }
}

#[test]
fn a_text_is_read_up_to_the_schema_that_this_program_writes() {
    for (body, number) in [
        (r#"{"until":1}"#, 1),
        (r#"{"schema":0,"until":2}"#, 2),
        (r#"{"schema":3,"until":3}"#, 3),
    ] {
        let read = read_text::<serde_json::Value>(&text(body)).unwrap();
        assert_eq!((&read.record["until"], read.version), (&json!(number), 7));
    }
    let refused = read_text::<serde_json::Value>(&text(r#"{"schema":4}"#));
    assert!(refused.unwrap_err().is_unreadable());
    let damaged = read_text::<serde_json::Value>(&text("{"));
    assert!(matches!(damaged, Err(Error::Record(_))));
}

#[test]
fn a_packed_record_is_as_many_rows_as_it_needs_and_kept_for_six_weeks() {
    block_on(async {
        let small = packed_rows(key("s"), &vec![1_u32, 2], noon()).unwrap();
        assert_eq!((small.pieces.len(), small.head.expires), (0, days(45)));
        // What hardly gets smaller by packing.
        let mut state = 1_u32;
        let noise: Vec<u32> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state
        })
        .take(200_000)
        .collect();
        let large = packed_rows(key("s"), &noise, noon()).unwrap();
        assert!(large.pieces.len() >= 2, "{}", large.pieces.len());
        for (piece, row) in (1..).zip(&large.pieces) {
            assert!(row.key.sort.ends_with(&format!("#P{piece:03}")));
            assert_eq!((row.expires, row.version), (days(45), 1));
        }
        let table = MemoryTable::new();
        // What another write of the same row left.
        let other = packed_rows(key("s"), &noise[1..].to_vec(), noon()).unwrap();
        table.put_many(other.pieces).await.unwrap();
        let rows: Vec<Row> = large.into_rows().collect();
        assert_eq!(
            rows.last().unwrap().key,
            key("s"),
            "the head is stored last"
        );
        table.put_many(rows).await.unwrap();
        let found = load_packed_row::<Vec<u32>>(&table, key("s")).await.unwrap();
        let found = found.unwrap();
        assert!(found.record == noise && found.version == 1);
        assert_eq!(
            load_packed::<Vec<u32>>(&table, key("t")).await.unwrap(),
            None
        );
    });
}

#[test]
fn a_packed_record_that_is_one_row_is_one_read() {
    block_on(async {
        let by = intercept::by(|_, call| match call {
            Call::Range(_) => Err(Failure::Unavailable),
            _ => Ok(()),
        });
        let table = intercept::table(Arc::new(MemoryTable::new()), &by);
        let small = packed_rows(key("s"), &vec![1_u32, 2], noon()).unwrap();
        table.put_many(small.into_rows().collect()).await.unwrap();
        let found = load_packed::<Vec<u32>>(table.as_ref(), key("s")).await;
        assert_eq!(found.unwrap(), Some(vec![1, 2]));
    });
}

#[test]
fn all_rows_of_a_partition_are_erased_and_no_others() {
    block_on(async {
        for count in [0, 1, ATOMIC_WRITES_MOST, 2 * ATOMIC_WRITES_MOST + 1] {
            let table = MemoryTable::new();
            let row = |key: Key| Row { key, ..text("{}") };
            let mut rows: Vec<Row> = (0..count).map(|n| row(key(&format!("R#{n:05}")))).collect();
            rows.push(row(Key {
                partition: "q".to_owned(),
                ..key("R")
            }));
            table.put_many(rows).await.unwrap();
            erase(&table, "p".to_owned()).await.unwrap();
            let left: Vec<Key> = table.rows().into_iter().map(|row| row.key).collect();
            assert_eq!(left.len(), 1, "{count}");
            assert_eq!(left[0].partition, "q");
        }
    });
}

#[test]
fn a_jobs_row_is_listed_kept_for_a_year_and_due() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let id = stage.archiving(Default::default()).await.unwrap();
        let table = stage.ports.table.as_ref();
        let job = load_job(table, &id).await.unwrap().unwrap();
        let row = job_row(&job.record, 9, noon()).unwrap();
        let listing = Listing {
            owner: "ann".to_owned(),
            place: id.by_time().to_owned(),
        };
        assert_eq!((row.version, row.listing), (9, Some(listing)));
        assert_eq!(row.expires, days(365));
        assert_eq!(row.due, Some(noon() + SignedDuration::from_secs(30)));
        assert_eq!(row.key, names::job(&id));
        let chunk = ChunkRecord::new(3, 10, noon());
        let row = chunk_row(&id, &chunk, 4, noon()).unwrap();
        assert_eq!((row.version, row.expires), (4, days(45)));
        assert_eq!((row.key, row.due), (names::chunk(&id, 3), None));
    });
}

#[test]
fn the_version_of_a_job_grows_with_its_chunks_until_it_has_ended() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let id = stage.archiving(Default::default()).await.unwrap();
        let table = stage.ports.table.as_ref();
        let version = stage.job(&id).await.unwrap().version;
        for (number, chunk_version) in [(5, 2), (6, 3)] {
            let chunk = ChunkRecord::new(number, 1, noon());
            let row = chunk_row(&id, &chunk, chunk_version, noon()).unwrap();
            table.put_many(vec![row]).await.unwrap();
        }
        let found = load_job_with_chunks(table, &id).await.unwrap().unwrap();
        let numbers: Vec<u32> = found.chunks.iter().map(|it| it.record.number).collect();
        assert_eq!(numbers, [5, 6]);
        assert_eq!(found.version(), version + 5);
    });
}

#[test]
fn the_version_of_a_job_that_has_ended_is_its_own() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let table = stage.ports.table.as_ref();
        let archive = bulkhead_shared::operations::Archive {};
        let archive = bulkhead_shared::operations::Operation::Archive(archive);
        let ended = stage.draft(archive, Stage::inbox(), Default::default());
        let ended = ended.await.unwrap();
        crate::jobs::control::cancel(&stage.ports, &stage.user, &ended)
            .await
            .unwrap();
        let row = chunk_row(&ended, &ChunkRecord::new(0, 1, noon()), 9, noon()).unwrap();
        table.put_many(vec![row]).await.unwrap();
        let found = load_job_with_chunks(table, &ended).await.unwrap().unwrap();
        assert_eq!(found.job.record.state, State::Cancelled);
        assert_eq!(
            (found.version(), found.chunks.len()),
            (found.job.version, 1)
        );
    });
}

#[test]
fn chunks_without_a_job_are_none() {
    block_on(async {
        let table = MemoryTable::new();
        let id: JobId = "arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
        assert_eq!(load_job_with_chunks(&table, &id).await.unwrap(), None);
        let row = chunk_row(&id, &ChunkRecord::new(0, 1, noon()), 1, noon()).unwrap();
        table.put_many(vec![row]).await.unwrap();
        assert_eq!(load_job_with_chunks(&table, &id).await.unwrap(), None);
        assert!(load_job(&table, &id).await.unwrap().is_none());
    });
}

#[test]
fn a_job_is_written_back_only_as_it_was_read() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let id = stage.archiving(Default::default()).await.unwrap();
        let table = stage.ports.table.as_ref();
        let mut job = load_job(table, &id).await.unwrap().unwrap();
        let mut slower = job.clone();
        let version = job.version;
        keep_job(&stage.ports, &mut job, noon()).await.unwrap();
        assert_eq!(job.version, version + 1);
        let stored = load_job(table, &id).await.unwrap().unwrap();
        assert_eq!(stored, job);
        let refused = keep_job(&stage.ports, &mut slower, noon()).await;
        assert!(refused.unwrap_err().is_conflict());
        assert_eq!(slower.version, version);
    });
}
