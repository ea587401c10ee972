//! What follows from a job's record, and what may happen to it.
#![allow(clippy::unwrap_used)]

use bulkhead_shared::options::Brake;
use serde_json::{Value, json};

use super::*;
use crate::ports::{Facts, FromWhom, Selected};
pub(super) use crate::records::tests::noon;
use crate::testing::stage::settings;

pub(super) fn after_noon(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

fn operation(text: Value) -> Operation {
    serde_json::from_value(text).unwrap()
}

fn archive() -> Operation {
    operation(json!({"type": "archive"}))
}

fn send() -> Operation {
    operation(
        json!({"type": "bulk_send", "from": "ann@example.org", "subject": "Hi",
        "text": "Hello", "hold_seconds": 90}),
    )
}

fn draft(operation: Operation) -> JobDraft {
    JobDraft {
        id: "arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap(),
        owner: "ann".parse().unwrap(),
        account: "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap(),
        kind: Kind::Mail,
        operation,
        selection: SelectionSummary::Ids { count: 3 },
        settings: settings(2, 1),
        chunk_items: 4,
        reversible: true,
        guard: None,
        rule: None,
        model: None,
        descends: None,
    }
}

/// A job that was just drafted, at noon.
pub(super) fn drafted() -> JobRecord {
    JobRecord::new(draft(archive()), noon()).0
}

pub(super) fn hash() -> ManifestHash {
    serde_json::from_value(json!("ab".repeat(32))).unwrap()
}

/// One that was frozen and confirmed, an hour after noon.
fn confirmed(total: u64) -> JobRecord {
    let mut job = drafted();
    let _ = job.freeze(total, 4, 0, Vec::new(), hash(), noon()).unwrap();
    let _ = job.confirm(None, after_noon(3_600)).unwrap();
    job
}

fn counts(succeeded: u64, failed: u64, uncertain: u64) -> Counts {
    Counts {
        succeeded,
        failed,
        uncertain,
        ..Counts::default()
    }
}

fn reason(outcome: Outcome, reason: ItemReason, count: u64) -> ReasonCount {
    ReasonCount {
        outcome,
        reason,
        count,
    }
}

fn end(job: &mut JobRecord, counts: Counts, in_chunks: Counts, at: Timestamp) -> Vec<JobEvent> {
    let ended = Ended {
        counts,
        in_chunks,
        reasons: vec![
            reason(Outcome::Failed, ItemReason::Refused, 2),
            reason(Outcome::Uncertain, ItemReason::NoAnswer, 1),
            reason(Outcome::Skipped, ItemReason::Missing, 4),
        ],
        tokens: TokensSpent {
            requests: 3,
            ..TokensSpent::default()
        },
        chunks_done: 2,
        called: Some(Called {
            calls: 7,
            milliseconds: 900,
        }),
        outcomes: "cd".repeat(32),
    };
    job.end(ended, at).unwrap().events().to_vec()
}

#[test]
fn a_fresh_record_says_only_what_there_is_to_say() {
    let written = serde_json::to_value(drafted()).unwrap();
    let expected = json!({
        "id": "arc_01arz3ndektsv4rrffq69g5fav", "owner": "ann",
        "account": "acc_01arz3ndektsv4rrffq69g5fav", "kind": "mail",
        "operation": {"type": "archive"}, "selection": {"kind": "ids", "count": 3},
        "settings": {"batch_size": 2, "parallel_chunks": 1, "stop_on_error": false,
            "retry_failed": true, "max_retries": 2, "delay_between_batches": 0.0,
            "brake": Brake::default(), "undo_days": 7},
        "state": "planning", "why": null, "total": 0, "chunk_items": 4, "generation": 0,
        "planning_until": null, "plan_attempts": 0, "plan_troubles": 0, "put_down": null,
        "manifest_hash": null, "mark": null, "drift": null, "undo_preview": null,
        "unreadable": 0, "unreadable_why": {"newer": 0, "missing": 0}, "elsewhere": 0,
        "parent": null, "relation": null, "children": [], "reversible": true,
        "created_at": "2026-11-27T12:00:00Z", "confirmed_at": null, "started_at": null,
        "paused_at": null, "ended_at": null, "counts": null, "chunks_done": 0, "reasons": [],
    });
    assert_eq!(written, expected);
    let read: JobRecord = serde_json::from_value(written).unwrap();
    assert_eq!(read, drafted());
}

#[test]
fn what_is_not_zero_is_written() {
    let mut job = drafted();
    job.0.suppressed = 2;
    job.0.schema = 3;
    job.0.tokens.requests = 1;
    job.0.put_down = Some(PutDown {
        taken: true,
        ..PutDown::default()
    });
    let written = serde_json::to_value(&job).unwrap();
    assert_eq!(written["suppressed"], 2);
    assert_eq!(written["schema"], 3);
    assert_eq!(written["tokens"]["requests"], 1);
    assert_eq!(written["put_down"], json!({"cursor": null, "taken": true}));
    let put_down = serde_json::to_value(PutDown::default()).unwrap();
    assert_eq!(put_down, json!({"cursor": null}));
    // What was stored before there was anything else.
    let mut old = written;
    old.as_object_mut().unwrap().remove("kind");
    let old: JobRecord = serde_json::from_value(old).unwrap();
    assert_eq!(old.kind, Kind::Mail);
}

/// Items, items of a chunk, items of a batch; items of each chunk, batches.
type Cut<'a> = (u64, Option<u32>, u32, &'a [u32], u64);

#[test]
fn items_are_cut_into_chunks_and_those_into_batches() {
    let cases: [Cut<'_>; 10] = [
        (0, Some(4), 2, &[], 0),
        (1, Some(4), 2, &[1], 1),
        (4, Some(4), 2, &[4], 2),
        (5, Some(4), 2, &[4, 1], 3),
        (10, Some(4), 2, &[4, 4, 2], 5),
        // No batch goes beyond its chunk.
        (10, Some(4), 3, &[4, 4, 2], 5),
        (12, Some(4), 5, &[4, 4, 4], 3),
        // A batch was a chunk.
        (5, None, 2, &[2, 2, 1], 3),
        // What nobody would store.
        (2, Some(0), 2, &[1, 1], 2),
        (2, Some(4), 0, &[2], 2),
    ];
    for (total, chunk_items, batch_size, sizes, batches) in cases {
        let mut job = drafted();
        job.0.total = total;
        job.0.chunk_items = chunk_items;
        job.0.settings.batch_size = batch_size;
        let case = format!("{total} in {chunk_items:?} in {batch_size}");
        assert_eq!(job.chunks() as usize, sizes.len(), "{case}");
        let found: Vec<u32> = (0..job.chunks())
            .map(|chunk| job.chunk_size(chunk))
            .collect();
        assert_eq!(found, sizes, "{case}");
        assert_eq!(job.chunk_size(job.chunks()), 0, "{case}");
        assert_eq!(job.batches(), batches, "{case}");
    }
}

#[test]
fn the_first_chunks_are_in_the_rows_of_planners_that_died() {
    let mut job = drafted();
    job.0.generation = 6;
    let rows = |generation, before| EarlierRows { generation, before };
    job.0.earlier = vec![rows(2, 3), rows(4, 5)];
    let found: Vec<u32> = (0..7).map(|chunk| job.generation_of(chunk)).collect();
    assert_eq!(found, [2, 2, 2, 4, 4, 6, 6]);
}

#[test]
fn a_draft_is_open_for_a_day_and_while_it_is_checked() {
    let day = 24 * 3_600;
    for (state, at, is_open) in [
        (State::Planning, day - 1, true),
        (State::Draft, day - 1, true),
        (State::Planning, day, false),
        (State::Draft, day, false),
        // Whoever said yes in time waits for nobody's clock.
        (State::Checking, day, true),
        (State::Queued, 0, false),
        (State::Cancelled, 0, false),
    ] {
        let mut job = drafted();
        job.0.state = state;
        assert_eq!(job.is_open_draft(after_noon(at)), is_open, "{state:?}");
        assert_eq!(job.confirm_by(), after_noon(day));
    }
}

#[test]
fn work_begins_with_the_confirmation_or_after_the_time_to_stop_it_whole() {
    for (operation, seconds) in [(archive(), 0), (send(), 90)] {
        let mut job = JobRecord::new(draft(operation), noon()).0;
        assert_eq!(job.begins_at(), None);
        job.0.confirmed_at = Some(noon());
        assert_eq!(job.begins_at(), Some(after_noon(seconds)));
        // The sweep does not look before it begins, and not at once.
        job.0.state = State::Queued;
        assert_eq!(job.due(noon()), Some(after_noon(seconds.max(30))));
    }
}

#[test]
fn what_changed_something_can_be_undone_for_so_many_days_after_its_end() {
    let week = Some(after_noon(7 * 24 * 3_600));
    let cases = [
        (Some(counts(1, 0, 0)), true, true, week),
        (Some(counts(0, 0, 1)), true, true, week),
        // Of a job from before counts were kept.
        (None, true, true, week),
        (Some(counts(0, 3, 0)), true, true, None),
        (Some(counts(1, 0, 0)), false, true, None),
        (Some(counts(1, 0, 0)), true, false, None),
    ];
    for (counts, reversible, is_confirmed, until) in cases {
        let mut job = drafted();
        assert_eq!((job.undo_until(), job.results_until()), (None, None));
        job.0.ended_at = Some(noon());
        job.0.counts = counts;
        job.0.reversible = reversible;
        job.0.confirmed_at = is_confirmed.then(noon);
        assert_eq!(job.undo_until(), until, "{counts:?}");
        assert_eq!(job.results_until(), Some(after_noon(24 * 3_600)));
    }
}

#[test]
fn the_sweep_looks_at_each_state_when_something_may_be_to_do() {
    let now = noon();
    let waits = |seconds| {
        let until = after_noon(seconds);
        Some(StateReason::WaitingForProvider { until })
    };
    let day = 24 * 3_600;
    for (state, why, seconds) in [
        (State::Planning, None, Some(30)),
        (State::Draft, None, Some(day)),
        (State::Checking, None, Some(30)),
        (State::Running, None, Some(30)),
        (State::Cancelling, None, Some(30)),
        (State::Queued, None, Some(30)),
        (State::Paused, waits(31), Some(31)),
        (State::Paused, waits(29), Some(30)),
        (State::Paused, Some(StateReason::ByUser), Some(7 * day - 60)),
        (State::Completed, None, None),
        (State::Failed, None, None),
        (State::Cancelled, None, None),
        (State::Expired, None, None),
    ] {
        let mut job = drafted();
        job.0.state = state;
        job.0.why = why;
        job.0.paused_at = Some(after_noon(-60));
        assert_eq!(job.due(now), seconds.map(after_noon), "{state:?} {why:?}");
    }
    let mut job = drafted();
    job.0.state = State::Paused;
    assert_eq!(
        job.due(now),
        Some(after_noon(7 * day)),
        "held at no known time"
    );
}

#[test]
fn a_model_is_asked_by_what_computes_and_by_what_writes() {
    let classify = operation(json!({"type": "classify"}));
    assert!(asks_a_model(Kind::Mail, &classify));
    assert!(!asks_a_model(Kind::Contact, &classify));
    assert!(!asks_a_model(Kind::Mail, &archive()));
    assert!(!is_written(&archive()));
    for (says, written) in [("text", false), ("instruction", true)] {
        let reply = operation(json!({"type": "draft_reply", says: "Thanks."}));
        assert_eq!(is_written(&reply), written);
        assert_eq!(asks_a_model(Kind::Mail, &reply), written);
        assert!(!asks_a_model(Kind::Recipient, &reply));
    }
    for (operation, asks) in [(archive(), false), (classify, true)] {
        let job = JobRecord::new(draft(operation), noon()).0;
        assert_eq!(job.asks_a_model(), asks);
    }
}

#[test]
fn only_some_operations_gather_lists_or_what_says_the_same() {
    for (named, lists, duplicates) in [
        ("archive", false, false),
        ("unsubscribe", true, false),
        ("merge_contacts", false, true),
    ] {
        let job = JobRecord::new(draft(operation(json!({"type": named}))), noon()).0;
        assert_eq!(job.takes_lists(), lists, "{named}");
        assert_eq!(job.takes_duplicates(), duplicates, "{named}");
    }
}

#[test]
fn what_a_person_leaves_as_it_is_is_not_tried_again() {
    let mut job = confirmed(10);
    end(
        &mut job,
        counts(3, 2, 1),
        Counts::default(),
        after_noon(7_200),
    );
    assert_eq!(job.retryable(), 3);
    assert_eq!(job.left_of(&job.reasons.clone()), 0);
    let refused = (Outcome::Failed, ItemReason::Refused);
    for (outcome, reason, leaves) in [
        (Outcome::Failed, ItemReason::Missing, false),
        (Outcome::Uncertain, ItemReason::Refused, false),
        // What was skipped is never tried again anyway.
        (Outcome::Skipped, ItemReason::Missing, false),
        (refused.0, refused.1, true),
        (refused.0, refused.1, true),
    ] {
        assert_eq!(job.leave(outcome, reason), leaves, "{outcome:?} {reason:?}");
    }
    assert_eq!(job.left_as_is, [reason(refused.0, refused.1, 2)]);
    assert!(job.is_left_as_is(refused.0, Some(refused.1)));
    assert!(!job.is_left_as_is(refused.0, None));
    assert!(!job.is_left_as_is(Outcome::Uncertain, Some(refused.1)));
    assert!(!job.is_left_as_is(refused.0, Some(ItemReason::NoAnswer)));
    assert_eq!((job.left_of(&job.reasons.clone()), job.retryable()), (2, 1));
    assert!(job.leave(Outcome::Uncertain, ItemReason::NoAnswer));
    assert_eq!((job.left_of(&job.reasons.clone()), job.retryable()), (3, 0));
}

#[test]
fn a_job_tells_how_its_items_were_named() {
    let ids = || SelectionSummary::Ids { count: 1 };
    let query = || SelectionSummary::Query {
        query: "in:inbox".to_owned(),
        except: 0,
    };
    let rows = || SelectionSummary::Rows { count: 1 };
    let parent = || SelectionSummary::Parent {};
    let cases = [
        (ids(), None, Selected::Ids),
        (query(), None, Selected::Query),
        (rows(), None, Selected::Rows),
        (parent(), None, Selected::Ids),
        (parent(), Some(Relation::Undo), Selected::Undo),
        (parent(), Some(Relation::Retry), Selected::Retry),
        (rows(), Some(Relation::Rest), Selected::Retry),
        (ids(), Some(Relation::Proposed), Selected::Ids),
        (query(), Some(Relation::Undo), Selected::Undo),
    ];
    for (selection, relation, expected) in cases {
        let parent: JobId = "arc_01arz3ndektsv4rrffq69g5fb0".parse().unwrap();
        let draft = JobDraft {
            selection,
            descends: relation.map(|relation| (parent.clone(), relation)),
            ..draft(archive())
        };
        let (job, happened) = JobRecord::new(draft, noon());
        let drafted = JobEvent::JobDrafted {
            operation: archive().name(),
            selected: expected,
            relation,
            parent: relation.map(|_| parent),
        };
        assert_eq!(happened.events(), [drafted]);
        assert_eq!(job.relation, relation);
    }
}

#[test]
fn a_job_that_names_a_model_is_read_by_no_program_that_would_ask_another() {
    let at = || ModelAt {
        url: "https://model.example/v1".to_owned(),
        model: "small".to_owned(),
    };
    let rows = vec![EarlierRows {
        generation: 0,
        before: 1,
    }];
    for (model, earlier, schema) in [
        (None, Vec::new(), 0),
        (None, rows.clone(), 2),
        (Some(at()), Vec::new(), 3),
        (Some(at()), rows, 3),
    ] {
        let draft = JobDraft {
            model: model.clone(),
            ..draft(archive())
        };
        let mut job = JobRecord::new(draft, noon()).0;
        assert_eq!(job.schema, if model.is_some() { 3 } else { 0 });
        let _ = job
            .freeze(3, 4, 2, earlier.clone(), hash(), noon())
            .unwrap();
        assert_eq!((job.schema, &job.earlier), (schema, &earlier));
    }
}

#[test]
fn what_ended_tells_what_no_worker_ever_began_and_how_long_it_took() {
    let mut job = confirmed(10);
    let _ = job.start(after_noon(3_700)).unwrap();
    let mut all = counts(3, 2, 1);
    all.cancelled = 4;
    let mut in_chunks = counts(3, 2, 1);
    in_chunks.cancelled = 1;
    let told = end(&mut job, all, in_chunks, after_noon(3_600 + 61));
    let never_started = Counts {
        cancelled: 3,
        ..Counts::default()
    };
    let ended = JobEvent::JobEnded {
        operation: archive().name(),
        state: State::Completed,
        reason: None,
        counts: all,
        never_started,
        reasons: job.reasons.clone(),
        took: Some(SignedDuration::from_secs(61)),
        outcomes: Some("cd".repeat(32)),
    };
    assert_eq!(told, [ended]);
    assert_eq!(job.ended_at, Some(after_noon(3_661)));
    assert_eq!((job.counts, job.chunks_done), (Some(all), 2));
    assert_eq!(job.tokens.requests, 3);
    assert_eq!(job.called.as_ref().map(|called| called.calls), Some(7));
    assert_eq!(job.reasons.len(), 3);
}

#[test]
fn a_draft_that_is_stopped_has_ended_and_a_job_that_works_has_not() {
    let mut job = drafted();
    let told = job.stop(StateReason::ByUser, after_noon(5)).unwrap();
    let stopped = |state| JobEvent::JobStopped {
        state,
        reason: StateReason::ByUser,
    };
    let [first, JobEvent::JobEnded { took, counts, .. }] = told.events() else {
        panic!("{told:?}");
    };
    assert_eq!(*first, stopped(State::Cancelled));
    assert_eq!((*took, *counts), (None, Counts::default()));
    assert_eq!(job.ended_at, Some(after_noon(5)));

    let mut job = confirmed(3);
    let told = job.stop(StateReason::ByUser, after_noon(5)).unwrap();
    assert_eq!(told.events(), [stopped(State::Cancelling)]);
    assert_eq!(job.ended_at, None);
}

#[test]
fn a_job_is_held_since_it_was_first_held_and_begins_once() {
    let mut job = confirmed(3);
    let _ = job.pause(StateReason::ByUser, after_noon(10)).unwrap();
    let _ = job.pause(StateReason::Brake, after_noon(20)).unwrap();
    assert_eq!(job.paused_at, Some(after_noon(10)));
    assert_eq!(job.why, Some(StateReason::Brake));
    let told = job.resume(after_noon(30)).unwrap();
    let resumed = JobEvent::JobResumed {
        state: State::Running,
    };
    assert_eq!(told.events(), [resumed]);
    assert_eq!(job.paused_at, None);
    assert_eq!(job.started_at, Some(after_noon(30)));
    let _ = job.pause(StateReason::ByUser, after_noon(40)).unwrap();
    assert_eq!(job.paused_at, Some(after_noon(40)));
    let _ = job.resume(after_noon(50)).unwrap();
    assert_eq!(job.started_at, Some(after_noon(30)));
}

#[test]
fn once_confirmed_only_sums_and_the_main_senders_stay_of_what_is_in_a_job() {
    let mut job = drafted();
    let mails = (0..12_u64).map(|number| {
        let facts = Facts {
            unread: true,
            received: Some(after_noon(number as i64)),
            size: Some(number),
            sender: Some(FromWhom {
                address: format!("{}@example.org", number % 6),
                name: String::new(),
            }),
            ..Facts::default()
        };
        (format!("{number}").parse().unwrap(), facts)
    });
    job.found(Found {
        facts: mails.collect(),
        ..Found::default()
    });
    let senders = |job: &JobRecord| job.summary.as_ref().unwrap().senders.top(9).len();
    assert_eq!(senders(&job), 6);
    let _ = job.freeze(12, 4, 0, Vec::new(), hash(), noon()).unwrap();
    assert_eq!(senders(&job), 5, "as many as a preview shows");
    let _ = job.check(None, noon()).unwrap();
    assert!(job.summary.as_ref().unwrap().oldest.is_some());
    assert_eq!(senders(&job), 5);
    let _ = job.confirm(None, noon()).unwrap();
    let summary = job.summary.as_ref().unwrap();
    assert_eq!((summary.mails, summary.unread, summary.bytes), (12, 12, 66));
    assert_eq!(senders(&job), SENDERS_REMEMBERED);
    assert_eq!((&summary.oldest, &summary.newest), (&None, &None));
    assert_eq!(summary.largest, None);
}

#[test]
fn what_happened_later_is_told_later() {
    let first = Happened::of([JobEvent::JobStarted {}]);
    let later = Happened::of([JobEvent::JobFrozen { total: 3 }]);
    let both = [JobEvent::JobStarted {}, JobEvent::JobFrozen { total: 3 }];
    assert_eq!(first.then(later).events(), both);
}
