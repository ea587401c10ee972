//! Events in the outbox, and how far their readers are: texts under names that never change.

use std::path::PathBuf;

use bulkhead_engine::outbox::{Event, News, Position};
use bulkhead_engine::ports::{Key, Row, Selected};
use bulkhead_engine::records::JobEvent;
use bulkhead_engine::records::store::read_text;
use bulkhead_shared::api::{ReasonCount, Relation};
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::OperationName;
use bulkhead_shared::options::{Brake, Settings};
use bulkhead_shared::outcome::{Counts, ItemReason, Outcome};
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn file() -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    tests.join("golden/outbox/v1.jsonl")
}

/// Every event there is.
fn samples() -> Vec<JobEvent> {
    let (running, paused) = (State::Running, State::Paused);
    let settings = Settings {
        batch_size: 500,
        parallel_chunks: 4,
        stop_on_error: false,
        retry_failed: true,
        max_retries: 2,
        delay_between_batches: 1.5,
        brake: Brake::default(),
        undo_days: 7,
    };
    let counts = Counts {
        succeeded: 3,
        failed: 1,
        cancelled: 2,
        ..Counts::default()
    };
    let never_started = Counts {
        cancelled: 2,
        ..Counts::default()
    };
    let refused = ReasonCount {
        outcome: Outcome::Failed,
        reason: ItemReason::Refused,
        count: 1,
    };
    let until = "2026-11-26T12:00:00Z".parse().unwrap();
    vec![
        JobEvent::JobDrafted {
            operation: OperationName::Undo,
            selected: Selected::Undo,
            relation: Some(Relation::Undo),
            parent: Some("arc_01m8asr3x1xrdbg3zrw61havs4".parse().unwrap()),
        },
        JobEvent::JobFrozen { total: 6 },
        JobEvent::JobConfirmed {
            total: 6,
            manifest_hash: Some(serde_json::from_str(&format!("\"{}\"", "ab".repeat(32))).unwrap()),
            settings,
        },
        JobEvent::JobStarted {},
        JobEvent::JobPaused {
            state: paused,
            reason: StateReason::WaitingForProvider { until },
        },
        JobEvent::JobResumed { state: running },
        JobEvent::JobStopped {
            state: State::Cancelling,
            reason: StateReason::ByUser,
        },
        JobEvent::JobEnded {
            operation: OperationName::Archive,
            state: State::Cancelled,
            reason: Some(StateReason::ByUser),
            counts,
            never_started,
            reasons: vec![refused],
            took: Some(SignedDuration::from_millis(61_500)),
            outcomes: Some("cd".repeat(32)),
        },
    ]
}

/// All lines that this program writes.
fn lines() -> Vec<String> {
    let events = (1u64..).zip(samples());
    let events = events.map(|(sequence, happened)| event(sequence, happened));
    let mut lines: Vec<String> = events.map(|event| line(&event)).collect();
    lines.push(line(&News { last: 8 }));
    lines.push(line(&Position { sequence: 7 }));
    // What came later.
    let later = later().into_iter();
    lines.extend(later.map(|happened| line(&event(11, happened))));
    lines
}

fn later() -> Vec<JobEvent> {
    vec![
        JobEvent::JobChecking { total: 6 },
        JobEvent::JobDrifted {
            left: 1,
            changed: 2,
            joined: 3,
        },
        JobEvent::JobUnchecked {
            reason: StateReason::CheckFailed,
        },
    ]
}

fn event(sequence: u64, happened: JobEvent) -> Event {
    Event {
        sequence,
        at: "2026-11-26T10:00:00.5Z".parse().unwrap(),
        owner: "ann".parse().unwrap(),
        job: "arc_01m8asr3x1xrdbg3zrw61havs4".parse().unwrap(),
        account: "acc_01m8ashh8qtpa6hnw7rvx9x8rq".parse().unwrap(),
        happened,
    }
}

fn line(record: &impl Serialize) -> String {
    serde_json::to_string(record).unwrap()
}

fn again<T: Serialize + DeserializeOwned>(line: &str) -> String {
    let key = Key {
        partition: "p".to_owned(),
        sort: "s".to_owned(),
    };
    let row = Row {
        key,
        version: 1,
        body: line.as_bytes().to_vec(),
        expires: None,
        listing: None,
        due: None,
    };
    self::line(&read_text::<T>(&row).unwrap().record)
}

#[test]
fn events_are_written_and_read_as_they_ever_were() {
    let golden = std::fs::read_to_string(file()).unwrap();
    let golden: Vec<&str> = golden.lines().collect();
    assert_eq!(lines(), golden);
    for (place, line) in golden.iter().enumerate() {
        let read = match place {
            8 => again::<News>(line),
            9 => again::<Position>(line),
            _ => again::<Event>(line),
        };
        assert_eq!(read, **line);
    }
}

#[test]
#[ignore = "makes the file: for who adds an event"]
fn make_golden_events() {
    std::fs::create_dir_all(file().parent().unwrap()).unwrap();
    std::fs::write(file(), lines().join("\n") + "\n").unwrap();
}
