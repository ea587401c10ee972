#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn job(json: serde_json::Value) -> Job {
    let mut base = serde_json::json!({
        "id": "arc_01arz3ndektsv4rrffq69g5fav",
        "account": "acc_01arz3ndektsv4rrffq69g5fav",
        "operation": {"type": "archive"}, "kind": "mail",
        "selection": {"kind": "query", "query": "in:inbox", "except": 0},
        "state": "running",
        "reason": null,
        "total": 50,
        "counts": {"pending": 20, "running": 5, "succeeded": 23, "failed": 2,
                   "skipped": 0, "cancelled": 0, "uncertain": 0},
        "version": 7,
        "chunks": {"done": 2, "current": 3, "total": 5},
        "rate_per_second": null,
        "eta": null,
        "settings": {"batch_size": 10, "parallel_chunks": 1, "stop_on_error": false,
                     "retry_failed": true, "max_retries": 2, "delay_between_batches": 0.0,
                     "brake": {"enabled": true, "percent": 50, "after": 100}, "undo_days": 7},
        "created_at": "2026-11-20T10:00:00Z",
        "confirmed_at": null, "started_at": null, "ended_at": null, "confirm_by": null,
        "undo_until": "2026-11-27T10:00:00Z",
        "results_until": "2026-11-21T10:00:00Z",
        "parent": null, "relation": null, "children": [], "manifest_hash": null, "reasons": []
    });
    for (name, value) in json.as_object().unwrap() {
        base[name] = value.clone();
    }
    serde_json::from_value(base).unwrap()
}

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

#[test]
fn invariant_1_a_late_old_answer_never_turns_counts_back() {
    let shown = job(serde_json::json!({"version": 9}));
    let late = job(serde_json::json!({"version": 8}));
    assert_eq!(newest(Some(shown.clone()), late).version, 9);
    let other = job(serde_json::json!({"id": "und_01arz3ndektsv4rrffq69g5fav", "version": 1}));
    assert_eq!(newest(Some(shown), other).version, 1);
}

#[test]
fn invariant_1_counts_that_do_not_add_up_are_noticed() {
    assert!(adds_up(&job(serde_json::json!({}))));
    assert!(!adds_up(&job(serde_json::json!({"total": 51}))));
}

#[test]
fn the_bar_is_full_exactly_when_nothing_waits() {
    let full = Counts {
        succeeded: 99_999,
        failed: 1,
        ..Counts::default()
    };
    let parts = segments(&full);
    assert_eq!(parts.iter().map(|part| part.width).sum::<u64>(), 1_000);
    assert!(parts.iter().all(|part| part.width > 0));
    let begun = Counts {
        pending: 99_999,
        succeeded: 1,
        ..Counts::default()
    };
    assert_eq!(segments(&begun).len(), 1);
    assert!(segments(&begun)[0].width < 10);
    assert!(segments(&Counts::default()).is_empty());
}

#[test]
fn segments_never_leave_the_bar() {
    let crowded = Counts {
        succeeded: 99_990,
        skipped: 2,
        uncertain: 2,
        failed: 2,
        cancelled: 2,
        running: 1,
        pending: 1,
    };
    let end = segments(&crowded)
        .last()
        .map(|part| part.start + part.width);
    assert!(end.is_some_and(|end| end <= 1_000));
}

#[test]
fn a_running_job_is_paused_or_cancelled_and_an_ended_one_undone_or_retried() {
    let now = at("2026-11-20T12:00:00Z");
    let running = offers(&job(serde_json::json!({})), now);
    assert!(running.pause && running.cancel && !running.resume);
    assert!(!running.undo && !running.retry && !running.results);
    let ended = offers(&job(serde_json::json!({"state": "completed"})), now);
    assert!(ended.undo && ended.retry && ended.results && !ended.cancel && !ended.download);
}

#[test]
fn invariant_7_nothing_is_offered_after_its_time() {
    let late = at("2026-11-28T00:00:00Z");
    let ended = offers(&job(serde_json::json!({"state": "completed"})), late);
    assert_eq!(ended, Offers::default());
}

#[test]
fn an_export_is_downloaded_and_never_undone() {
    let export = job(serde_json::json!({
        "state": "completed", "operation": {"type": "export", "format": "mbox"},
    }));
    let offered = offers(&export, at("2026-11-20T12:00:00Z"));
    assert!(offered.download && !offered.undo);
}
