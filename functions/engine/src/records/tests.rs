//! Names of rows and texts in them that never change (others are among the golden texts), and what follows from a
//! chunk's row.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;
use jiff::SignedDuration;

fn job() -> JobId {
    "arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap()
}

fn account() -> AccountId {
    "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap()
}

pub(super) fn noon() -> Timestamp {
    "2026-11-27T12:00:00Z".parse().unwrap()
}

/// The sort keys of rows that are all in this partition.
fn are_in(partition: &str, rows: &[(Key, &str)]) {
    for (key, sort) in rows {
        assert_eq!((&*key.partition, &*key.sort), (partition, *sort));
    }
}

#[test]
fn the_rows_of_a_job_are_where_they_ever_were() {
    let job = job();
    let first = names::manifest(&job, 2, 7);
    are_in(
        "arc_01arz3ndektsv4rrffq69g5fav",
        &[
            (names::job(&job), "JOB"),
            (names::chunk(&job, 7), "CHUNK#000007"),
            (first.clone(), "MANIFEST#002#000007"),
            (names::except(&job, 7), "MANIFEST#EXCEPT#000007"),
            (names::left(&job, "ab", 7), "MANIFEST#LEFT#ab#000007"),
            (names::matches(&job, 2, 7), "MATCHES#002#000007"),
            (names::prior(&job, 7), "UNDO#000007#BEFORE"),
            (names::after(&job, 7), "UNDO#000007#AFTER"),
            (names::outcomes(&job, 7), "OUTCOMES#000007"),
            (names::results(&job, 7), "RESULTS#000007"),
            (names::piece(&first, "ab", 3), "MANIFEST#002#000007#ab#P003"),
            (names::trouble(&names::job(&job)), "SWEEP#JOB"),
        ],
    );
    let span = status_span(&job);
    assert_eq!((&*span.partition, span.reverse), (job.as_str(), false));
    assert_eq!(
        (&*span.from, &*span.to, span.limit),
        ("CHUNK#", "JOB", None)
    );
}

#[test]
fn the_rows_of_a_person_are_where_they_ever_were() {
    let user = "ann".parse().unwrap();
    are_in(
        "USER#ann",
        &[
            (
                names::account(&user, &account()),
                "ACCOUNT#acc_01arz3ndektsv4rrffq69g5fav",
            ),
            (names::idempotency(&user, "ab"), "KEY#ab"),
            (names::of_face(&user, "labels"), "FACE#labels"),
            (names::open_jobs(&user), "OPEN"),
        ],
    );
    are_in(
        "RATE#ann",
        &[
            (names::requests(&user), "REQUESTS"),
            (names::tries(&user), "TRIES"),
            (names::waiting(&user), "WAITING"),
        ],
    );
    are_in("BUDGET#USER#ann", &[(names::model_turns(&user), "MODEL")]);
    are_in("AUDIT#ann", &[(names::audit(&user, 17), "000000000017")]);
    are_in(
        "OUTBOX#ann",
        &[
            (names::event(&user, 17), "000000000017"),
            (names::news(&user), "NEWS"),
            (names::position("OUTBOX#ann", "mail"), "READ#mail"),
        ],
    );
}

#[test]
fn the_rows_of_an_account_are_where_they_ever_were() {
    let (account, job) = (account(), job());
    let of = |name: &str| format!("{name}#acc_01arz3ndektsv4rrffq69g5fav");
    are_in(
        &of("BUDGET"),
        &[
            (names::budget(&account, "archive"), "archive"),
            (names::wait(&account), "WAIT"),
            (names::sessions(&account), "SESSIONS"),
        ],
    );
    are_in("BUDGET#ses", &[(names::outlet_budget("ses"), "OUTLET")]);
    // By the beginning of the SHA-256 of `INBOX`.
    are_in(
        &of("SCAN"),
        &[(
            names::scanned_folder(&account, "INBOX"),
            "FOLDER#83ecb521bf320f677287e8b923809bb3",
        )],
    );
    are_in(
        &of("REVIEW"),
        &[(
            names::waiting_mails(&account, &job, 7),
            "MAILS#01arz3ndektsv4rrffq69g5fav#000007",
        )],
    );
    are_in(&of("CLASSES"), &[(names::classes(&account), "KEPT")]);
    are_in(&of("FILES"), &[(names::file(&account, "ab"), "FILE#ab")]);
    let piece = names::file_piece(&account, "ab", 7);
    are_in(&format!("{}#ab", of("FILE")), &[(piece, "PIECE#007")]);
}

#[test]
fn a_chunk_that_nobody_has_begun_says_next_to_nothing() {
    let chunk = ChunkRecord::new(3, 500, noon());
    let written = serde_json::to_value(&chunk).unwrap();
    let expected = json!({"number": 3, "size": 500, "hold": {"is": "free"}, "counts": {},
        "started_at": "2026-11-27T12:00:00Z", "updated_at": "2026-11-27T12:00:00Z"});
    assert_eq!(written, expected);
    assert_eq!(
        serde_json::from_value::<ChunkRecord>(written).unwrap(),
        chunk
    );
}

#[test]
fn a_chunk_says_all_that_happened_to_it() {
    let chunk = ChunkRecord {
        hold: Hold::Leased { until: noon() },
        in_flight: true,
        notes: 1,
        attempts: 2,
        turn: 3,
        breaks: 4,
        waits_since: Some(noon()),
        reconciles: 5,
        lapses: 6,
        counts: Counts {
            // Of a chunk's row these are told by nobody.
            pending: 90,
            running: 91,
            succeeded: 7,
            failed: 8,
            skipped: 9,
            cancelled: 10,
            uncertain: 11,
        },
        outcomes_hash: Some("ab".to_owned()),
        tokens: TokensSpent {
            requests: 12,
            ..TokensSpent::default()
        },
        parts: vec!["part".to_owned()],
        called: Called {
            calls: 13,
            milliseconds: 14,
        },
        ..ChunkRecord::new(3, 500, noon())
    };
    let written = serde_json::to_value(&chunk).unwrap();
    let counts = json!({"succeeded": 7, "failed": 8, "skipped": 9, "cancelled": 10,
        "uncertain": 11});
    for (field, value) in [
        (
            "hold",
            json!({"is": "leased", "until": "2026-11-27T12:00:00Z"}),
        ),
        ("in_flight", json!(true)),
        ("notes", json!(1)),
        ("attempts", json!(2)),
        ("turn", json!(3)),
        ("breaks", json!(4)),
        ("waits_since", json!("2026-11-27T12:00:00Z")),
        ("looks", json!(5)),
        ("lapses", json!(6)),
        ("counts", counts),
        ("outcomes_hash", json!("ab")),
        ("parts", json!(["part"])),
    ] {
        assert_eq!(written[field], value, "{field}");
    }
    let mut read = chunk.clone();
    (read.counts.pending, read.counts.running) = (0, 0);
    assert_eq!(
        serde_json::from_value::<ChunkRecord>(written).unwrap(),
        read
    );
}

#[test]
fn a_chunk_is_leased_to_the_instant_and_open_as_far_as_nothing_ended() {
    let mut chunk = ChunkRecord::new(0, 10, noon());
    let until = noon() + SignedDuration::from_secs(60);
    for (hold, seconds, is_leased) in [
        (Hold::Free, 0, false),
        (Hold::Leased { until }, 59, true),
        (Hold::Leased { until }, 60, false),
        (Hold::Waiting { until }, 0, false),
        (Hold::Done, 0, false),
    ] {
        chunk.hold = hold;
        let now = noon() + SignedDuration::from_secs(seconds);
        assert_eq!(chunk.is_leased(now), is_leased, "{hold:?}");
    }
    for (succeeded, failed, open) in [(0, 0, 10), (3, 2, 5), (8, 2, 0), (8, 3, 0)] {
        chunk.counts.succeeded = succeeded;
        chunk.counts.failed = failed;
        assert_eq!(chunk.open_items(), open);
    }
}

/// Whether this field is written of a record, and how.
fn written(record: &impl Serialize, field: &str) -> Option<Value> {
    serde_json::to_value(record).unwrap().get(field).cloned()
}

#[test]
fn what_is_zero_or_as_usual_is_left_out_of_texts() {
    let said = |dropped| SaidRecord {
        item: "a".parse().unwrap(),
        at: noon(),
        again: None,
        dropped,
    };
    assert_eq!(written(&said(0), "dropped"), None);
    assert_eq!(written(&said(2), "dropped"), Some(json!(2)));
    let filing = |proposes, told| FilingRecord {
        owner: "ann".parse().unwrap(),
        account: account(),
        job: job(),
        proposes,
        told,
        next: 0,
        sure: Default::default(),
        tries: 0,
        done: false,
    };
    assert_eq!(written(&filing(true, 0), "proposes"), None);
    assert_eq!(written(&filing(false, 0), "proposes"), Some(json!(false)));
    assert_eq!(written(&filing(true, 0), "told"), None);
    assert_eq!(written(&filing(true, 2), "told"), Some(json!(2)));
    // A filing of before that could be told only of what proposed something.
    let mut old = serde_json::to_value(filing(false, 0)).unwrap();
    old.as_object_mut().unwrap().remove("proposes");
    let old: FilingRecord = serde_json::from_value(old).unwrap();
    assert!(old.proposes);
    let rule = |earlier_undone: u32| -> RuleRecord {
        let words = json!({"name": "Old", "operation": {"type": "archive"}});
        let record = json!({"id": "rul_1", "rule": words, "earlier_undone": earlier_undone});
        serde_json::from_value(record).unwrap()
    };
    assert_eq!(written(&rule(0), "earlier_undone"), None);
    assert_eq!(written(&rule(2), "earlier_undone"), Some(json!(2)));
}

#[test]
fn work_that_is_asked_for_has_no_trouble_behind_it() {
    let asked = serde_json::to_value(Standing::asked(noon())).unwrap();
    let expected = json!({"state": "running", "tries": 0, "updated_at": "2026-11-27T12:00:00Z"});
    assert_eq!(asked, expected);
}

#[test]
fn a_model_is_named_by_what_it_is_called_and_where_it_is() {
    let at = ModelAt {
        url: "https://models.example.org/v1".to_owned(),
        model: "small".to_owned(),
    };
    let named = at.named();
    assert_eq!(
        (&*named.model, &*named.host),
        ("small", "models.example.org")
    );
    let elsewhere = model_name(Some(&at));
    assert!(elsewhere.contains("models.example.org"), "{elsewhere}");
    assert!(!model_name(None).contains("example"));
    assert_ne!(model_name(None), "");
}

#[test]
fn an_item_that_is_gone_has_no_version() {
    use crate::kinds::ItemState;
    let version = crate::kinds::version::ItemVersion::from(7_u64);
    let present = ItemState {
        state: crate::kinds::State::Contact(b"BEGIN:VCARD".to_vec()),
        version: Some(version.clone()),
        identity: None,
    };
    let seen = Seen::of(&present);
    assert_eq!(seen, Seen::At(Some(version.clone())));
    assert_eq!(seen.version(), Some(&version));
    let gone = Seen::of(&ItemState::ABSENT);
    assert_eq!((gone.version(), &gone), (None, &Seen::Gone));
    assert_eq!(Seen::At(None).version(), None);
}
