//! Rules that run when new mail comes: about what came since, each mail once, and nothing is read when nothing changed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bulkhead_engine::jobs::history;
use bulkhead_engine::ports::Clock;
use bulkhead_engine::records::names;
use bulkhead_engine::rules;
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::intercept::{self, Failure};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{Job, LookFor, RuleState};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Move};
use bulkhead_shared::rules::{RuleWords, When};
use futures::executor::block_on;
use jiff::Timestamp;

use super::ruling::{change, draft, looked, refused, rule, switched_on, words};
use super::ruling_alone::daily;
use super::stage;

fn new_mail() -> RuleWords {
    RuleWords {
        when: When::NewMail {},
        ..words(Archive {})
    }
}

async fn minutes(stage: &Stage, minutes: u32) {
    for _ in 0..minutes {
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
    }
}

async fn jobs(stage: &Stage) -> Vec<Job> {
    let all = history::Listed::default();
    let page = history::page(&stage.ports, &stage.user, all, None, 100).await;
    page.unwrap().jobs
}

fn folder(stage: &Stage, identity: u64) -> String {
    stage.mailbox.places()[&identity].folder.clone()
}

#[test]
fn it_is_about_mails_that_came_since_it_was_switched_on_and_no_others() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, new_mail()).await;
        assert_eq!(rule(&stage, &id).await.next, None, "nobody knows when");
        stage.clock.advance(Duration::from_secs(5));
        let new = stage.mailbox.arrive(stage.clock.now());
        minutes(&stage, 6).await;
        assert_eq!(folder(&stage, new), "Archive");
        let jobs = jobs(&stage).await;
        assert_eq!(
            (jobs.len(), jobs[0].total, jobs[0].state),
            (1, 1, State::Completed)
        );
        assert_eq!(folder(&stage, 1), "INBOX", "it was there before");
        // By hand it is about all of them.
        assert_eq!(looked(&stage, &id, LookFor::Run).await.found, 6);
    });
}

#[test]
fn nothing_is_read_while_nothing_changes() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, new_mail()).await;
        minutes(&stage, 12).await;
        let calls = stage.mailbox.calls();
        minutes(&stage, 30).await;
        assert_eq!(stage.mailbox.calls(), calls);
        let seen = rule(&stage, &id).await.by_itself.unwrap();
        let ago = stage.clock.now().duration_since(seen.at);
        assert!(ago.as_mins() <= 6, "it looked, {ago}");
    });
}

#[test]
fn who_opens_the_mailbox_does_not_wait_and_opening_it_often_asks_no_more() {
    block_on(async {
        let stage = stage(9).await;
        switched_on(&stage, new_mail()).await;
        stage.clock.advance(Duration::from_secs(20));
        let new = stage.mailbox.arrive(stage.clock.now());
        rules::opened(&stage.ports, &stage.account).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(folder(&stage, new), "Archive");
        let calls = stage.mailbox.calls();
        for _ in 0..5 {
            rules::opened(&stage.ports, &stage.account).await.unwrap();
            stage.run().await.unwrap();
        }
        assert_eq!(stage.mailbox.calls(), calls);
    });
}

#[test]
fn who_opens_the_mailbox_within_a_quarter_of_a_minute_asks_for_nothing() {
    block_on(async {
        let (early, moment) = (15_000_000_000, 1);
        for (nanos, asks) in [(0, 0), (early - moment, 0), (early, 1)] {
            let stage = stage(9).await;
            switched_on(&stage, new_mail()).await;
            // One by the clock is not asked for by that.
            let daily = RuleWords {
                name: "Daily".to_owned(),
                ..daily()
            };
            switched_on(&stage, daily).await;
            let sent = stage.queue.sent();
            stage.clock.advance(Duration::from_nanos(nanos));
            rules::opened(&stage.ports, &stage.account).await.unwrap();
            assert_eq!(stage.queue.sent() - sent, asks, "after {nanos} ns");
        }
    });
}

#[test]
fn what_was_taken_back_is_no_new_mail_although_it_has_another_id() {
    block_on(async {
        let stage = stage(3).await;
        let id = switched_on(&stage, new_mail()).await;
        stage.clock.advance(Duration::from_secs(20));
        let new = stage.mailbox.arrive(stage.clock.now());
        minutes(&stage, 6).await;
        let job = jobs(&stage).await[0].id.clone();
        stage.undo(&job).await.unwrap();
        assert_eq!(folder(&stage, new), "INBOX");
        minutes(&stage, 30).await;
        assert_eq!(folder(&stage, new), "INBOX");
        // And the next one is.
        let next = stage.mailbox.arrive(stage.clock.now());
        minutes(&stage, 6).await;
        assert_eq!(folder(&stage, next), "Archive");
        assert_eq!(folder(&stage, new), "INBOX");
        assert_eq!(rule(&stage, &id).await.runs, 2);
    });
}

#[test]
fn a_mail_that_shows_up_late_is_new_and_one_from_before_the_switch_is_not() {
    block_on(async {
        let stage = stage(3).await;
        switched_on(&stage, new_mail()).await;
        let before = stage.clock.now() - jiff::SignedDuration::from_mins(2);
        let old = stage.mailbox.arrive(before);
        minutes(&stage, 90).await;
        assert_eq!(folder(&stage, old), "INBOX");
        // Received half an hour ago, by its server, and told only now.
        let late = stage.clock.now() - jiff::SignedDuration::from_mins(30);
        let late = stage.mailbox.arrive(late);
        minutes(&stage, 6).await;
        assert_eq!(folder(&stage, late), "Archive");
    });
}

#[test]
fn switched_off_and_on_it_is_about_what_comes_from_then_on() {
    block_on(async {
        let stage = stage(3).await;
        switched_on(&stage, new_mail()).await;
        minutes(&stage, 6).await;
        change(&stage, |rules| rules[0].state = RuleState::Off)
            .await
            .unwrap();
        let meanwhile = stage.mailbox.arrive(stage.clock.now());
        minutes(&stage, 6).await;
        change(&stage, |rules| rules[0].state = RuleState::On)
            .await
            .unwrap();
        stage.clock.advance(Duration::from_secs(1));
        let since = stage.mailbox.arrive(stage.clock.now());
        minutes(&stage, 6).await;
        assert_eq!(folder(&stage, meanwhile), "INBOX");
        assert_eq!(folder(&stage, since), "Archive");
    });
}

#[test]
fn two_rules_that_move_the_same_mail_to_and_fro_do_so_once() {
    block_on(async {
        let stage = stage(0).await;
        let there = RuleWords {
            name: "There".to_owned(),
            search: "in:inbox".to_owned(),
            classes: Vec::new(),
            operation: Move::into_folder("Work").into(),
            ..new_mail()
        };
        let back = RuleWords {
            name: "Back".to_owned(),
            search: "in:Work".to_owned(),
            operation: Move::into_folder("INBOX").into(),
            ..there.clone()
        };
        switched_on(&stage, there).await;
        switched_on(&stage, back).await;
        stage.clock.advance(Duration::from_secs(20));
        let new = stage.mailbox.arrive(stage.clock.now());
        minutes(&stage, 60).await;
        let mail = stage
            .mailbox
            .mails()
            .into_iter()
            .find(|it| it.identity == new);
        assert_eq!(mail.unwrap().touched, 2);
        assert_eq!(jobs(&stage).await.len(), 2);
    });
}

#[test]
fn a_clock_that_was_ahead_hides_nothing_once_it_is_right() {
    block_on(async {
        let stage = stage(3).await;
        let right = stage.clock.now();
        let id = switched_on(&stage, new_mail()).await;
        stage.clock.advance(Duration::from_secs(400 * 24 * 3_600));
        minutes(&stage, 12).await;
        assert!(rule(&stage, &id).await.by_itself.is_some());
        stage.clock.set(right + jiff::SignedDuration::from_mins(10));
        sweep(&stage.ports, Holders::Gone, Timestamp::MAX)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let new = stage.mailbox.arrive(stage.clock.now());
        minutes(&stage, 12).await;
        assert_eq!(folder(&stage, new), "Archive");
    });
}

#[test]
fn what_a_turn_found_is_done_although_its_worker_died_right_after_it_was_stored() {
    block_on(async {
        let mut stage = stage(3).await;
        switched_on(&stage, new_mail()).await;
        stage.clock.advance(Duration::from_secs(5));
        let new = stage.mailbox.arrive(stage.clock.now());
        let (found, has_died) = (
            names::rule_found(&stage.account).sort,
            AtomicBool::new(false),
        );
        let by = intercept::by(move |moment, call| {
            let is_found = moment == Moment::AfterEffect && call.writes().contains(&&*found);
            match is_found && !has_died.swap(true, Ordering::Relaxed) {
                true => Err(Failure::Unavailable),
                false => Ok(()),
            }
        });
        stage.ports.table = intercept::table(stage.table.clone(), &by);
        let mut failed = 0;
        for _ in 0..12 {
            stage.sweep().await.unwrap();
            failed += u32::from(stage.run().await.is_err());
        }
        assert_eq!((failed, folder(&stage, new)), (1, "Archive".to_owned()));
        assert_eq!(jobs(&stage).await.len(), 1);
    });
}

#[test]
fn what_was_found_by_hand_is_not_drafted_after_a_later_turn() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, new_mail()).await;
        minutes(&stage, 6).await;
        assert_eq!(looked(&stage, &id, LookFor::Run).await.found, 6);
        minutes(&stage, 6).await;
        let error = draft(&stage, &id).await.unwrap_err();
        assert!(refused(error).contains("there is no look for it"));
        looked(&stage, &id, LookFor::Run).await;
        assert!(draft(&stage, &id).await.is_ok());
    });
}

#[test]
fn stored_again_while_it_is_on_it_misses_nothing_that_came_before() {
    block_on(async {
        let stage = stage(3).await;
        switched_on(&stage, new_mail()).await;
        stage.clock.advance(Duration::from_secs(5));
        let new = stage.mailbox.arrive(stage.clock.now());
        stage.clock.advance(Duration::from_secs(5));
        change(&stage, |rules| rules[0].rule.name = "Other".to_owned())
            .await
            .unwrap();
        minutes(&stage, 6).await;
        assert_eq!(folder(&stage, new), "Archive");
    });
}
