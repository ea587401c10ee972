//! Rules that run by themselves on a schedule: once for each turn, whoever dies, and never more than they may.

use std::time::Duration;

use bulkhead_engine::access;
use bulkhead_engine::accounts;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{control, history};
use bulkhead_engine::ports::{Clock, Key, Ports, Row, Table, TableError};
use bulkhead_engine::records::names;
use bulkhead_engine::rules;
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::intercept::{self, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Job, LookFor, Rule, RuleState, SavedRule, ScanState};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::Archive;
use bulkhead_shared::rules::{RuleWords, Weekday, When};
use futures::executor::block_on;
use jiff::Timestamp;

use super::ruling::{change, draft, look, looked, owned, refused, rows, rule, switched_on, words};
use super::{fused, stage};

const HOUR: u64 = 3_600;

pub(crate) fn daily() -> RuleWords {
    RuleWords {
        when: When::Daily {
            hour: 7,
            zone: "Europe/Berlin".to_owned(),
        },
        ..words(Archive {})
    }
}

/// Lets so long pass, with a sweep and all that follows from it each minute of the last two.
async fn pass(stage: &Stage, hours: u64) {
    stage.clock.advance(Duration::from_secs(hours * HOUR - 120));
    for _ in 0..3 {
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
    }
}

async fn jobs(stage: &Stage) -> Vec<Job> {
    let all = history::Listed::default();
    let page = history::page(&stage.ports, &stage.user, all, None, 100).await;
    page.unwrap().jobs
}

fn in_inbox(stage: &Stage) -> usize {
    let places = stage.mailbox.places();
    places.values().filter(|it| it.folder == "INBOX").count()
}

async fn told(stage: &Stage, id: &str) -> Rule {
    rule(stage, id).await
}

#[test]
fn a_rule_runs_at_its_hour_and_its_job_is_one_like_any_other() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        let next = told(&stage, &id).await.next.unwrap();
        let there = next.in_tz("Europe/Berlin").unwrap();
        assert_eq!((there.hour(), there.minute()), (7, 0));
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert!(jobs(&stage).await.is_empty(), "not before its hour");
        stage.clock.set(next);
        stage.swept().await.unwrap();
        stage.run().await.unwrap();
        let jobs = jobs(&stage).await;
        let [job] = jobs.as_slice() else {
            panic!("{jobs:?}")
        };
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 6));
        let of = job.rule.as_ref().unwrap();
        assert_eq!((&of.id, &*of.name, of.by_itself), (&id, "News", true));
        // Those with a star stay.
        assert_eq!(in_inbox(&stage), 3);
        let rule = told(&stage, &id).await;
        assert_eq!((rule.runs, rule.mails), (1, 6));
        let by_itself = rule.by_itself.unwrap();
        assert_eq!(
            (by_itself.found, by_itself.job.as_ref()),
            (6, Some(&job.id))
        );
        assert!(rule.next.unwrap() > next);
        stage.undo(&job.id).await.unwrap();
        assert_eq!(in_inbox(&stage), 9);
        assert_eq!(told(&stage, &id).await.undone, 1);
    });
}

#[test]
fn whatever_it_missed_it_has_one_turn_and_with_nothing_to_do_there_is_no_job() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        // Switched off for ten days, and then everything is looked at.
        stage.clock.advance(Duration::from_secs(10 * 24 * HOUR));
        sweep(&stage.ports, Holders::Gone, Timestamp::MAX)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(jobs(&stage).await.len(), 1);
        pass(&stage, 24).await;
        pass(&stage, 24).await;
        assert_eq!(jobs(&stage).await.len(), 1, "there was nothing to do");
        let rule = told(&stage, &id).await;
        let by_itself = rule.by_itself.unwrap();
        assert_eq!((by_itself.found, by_itself.job), (0, None));
        let ago = stage.clock.now().duration_since(by_itself.at);
        assert!(ago.as_hours() < 24, "{ago}");
    });
}

#[test]
fn more_than_it_may_take_waits_for_a_person_and_no_second_one_is_made() {
    block_on(async {
        let stage = stage(9).await;
        let few = RuleWords {
            by_itself_most: 5,
            ..daily()
        };
        let id = switched_on(&stage, few).await;
        pass(&stage, 24).await;
        let first = jobs(&stage).await;
        assert_eq!((first.len(), first[0].state), (1, State::Draft));
        let waits = told(&stage, &id).await.waits.unwrap();
        assert_eq!((&waits.job, waits.mails), (&first[0].id, 6));
        assert!(waits.why.contains("more than the 5"), "{}", waits.why);
        assert_eq!(told(&stage, &id).await.next, None);
        assert_eq!(in_inbox(&stage), 9, "nothing was touched");
        // It would be the same again each day.
        pass(&stage, 20).await;
        assert_eq!(jobs(&stage).await.len(), 1);
        control::discard(&stage.ports, &stage.user, &waits.job)
            .await
            .unwrap();
        let rule = told(&stage, &id).await;
        assert!(rule.waits.is_none() && rule.next.is_some());
        pass(&stage, 24).await;
        assert_eq!(jobs(&stage).await.len(), 2);
    });
}

#[test]
fn what_a_person_drafted_keeps_no_turn_waiting() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        looked(&stage, &id, LookFor::Run).await;
        draft(&stage, &id).await.unwrap();
        let rule = told(&stage, &id).await;
        assert!(rule.waits.is_none() && rule.next.is_some(), "{rule:?}");
    });
}

#[test]
fn exactly_as_many_as_it_may_take_run_by_themselves() {
    block_on(async {
        let stage = stage(9).await;
        let exactly = RuleWords {
            by_itself_most: 6,
            ..daily()
        };
        let id = switched_on(&stage, exactly).await;
        pass(&stage, 24).await;
        let jobs = jobs(&stage).await;
        assert_eq!((jobs.len(), jobs[0].state), (1, State::Completed));
        assert_eq!(in_inbox(&stage), 3);
        assert!(told(&stage, &id).await.waits.is_none());
    });
}

#[test]
fn a_run_takes_a_thousand_mails_and_leaves_the_rest_to_the_next() {
    block_on(async {
        // Every third one has a star.
        for (mails, found) in [(1_500, 1_000), (1_501, 1_000), (1_498, 999)] {
            let stage = stage(mails).await;
            let id = switched_on(&stage, words(Archive {})).await;
            let look = looked(&stage, &id, LookFor::Run).await;
            assert_eq!(look.found, found, "of {mails}");
        }
    });
}

#[test]
fn what_does_not_come_back_exactly_is_not_confirmed_by_a_rule() {
    block_on(async {
        let mailbox = MemoryMailbox::new(9).with(|abilities| {
            for ability in &mut abilities.operations {
                if ability.undo == Reversibility::Exact {
                    ability.undo = Reversibility::BestEffort;
                }
            }
        });
        let stage = Stage::new(mailbox).await.unwrap();
        let id = switched_on(&stage, daily()).await;
        pass(&stage, 24).await;
        let waits = told(&stage, &id).await.waits.unwrap();
        assert!(waits.why.contains("exactly"), "{}", waits.why);
        assert_eq!(in_inbox(&stage), 9);
        // A person may.
        stage.confirm(&waits.job).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(in_inbox(&stage), 3);
        assert_eq!(told(&stage, &id).await.runs, 1);
    });
}

#[test]
fn one_that_is_off_changed_or_paused_has_no_turn() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        change(&stage, |rules| rules[0].state = RuleState::Off)
            .await
            .unwrap();
        pass(&stage, 48).await;
        assert!(jobs(&stage).await.is_empty());
        assert_eq!(told(&stage, &id).await.next, None);
        change(&stage, |rules| rules[0].state = RuleState::On)
            .await
            .unwrap();
        for _ in 0..3 {
            pass(&stage, 24).await;
            let job = jobs(&stage).await[0].id.clone();
            stage.undo(&job).await.unwrap();
        }
        assert_eq!(told(&stage, &id).await.state, RuleState::Paused);
        let before = jobs(&stage).await.len();
        pass(&stage, 48).await;
        assert_eq!(jobs(&stage).await.len(), before);
    });
}

#[test]
fn taken_back_counts_also_once_the_run_is_no_longer_among_the_last() {
    block_on(async {
        let stage = stage(90).await;
        let id = switched_on(&stage, daily()).await;
        let mut undone = 0;
        for day in 0..30 {
            let identity = stage.mailbox.arrive(stage.clock.now());
            pass(&stage, 24).await;
            let job = jobs(&stage).await[0].clone();
            assert!(job.rule.is_some(), "day {day}: {identity}");
            // Stored again as it is, it forgets nothing.
            change(&stage, |rules| rules[0].rule.name = format!("Day {day}"))
                .await
                .unwrap();
            if day % 12 == 0 {
                stage.undo(&job.id).await.unwrap();
                undone += 1;
                let paused = told(&stage, &id).await.state == RuleState::Paused;
                assert_eq!(paused, undone == 3, "day {day}");
            }
            if undone == 3 {
                // Switched on anew it begins with none.
                change(&stage, |rules| rules[0].state = RuleState::On)
                    .await
                    .unwrap();
                let rule = told(&stage, &id).await;
                assert_eq!((rule.state, rule.undone), (RuleState::On, 0));
                return;
            }
        }
        panic!("it never paused");
    });
}

#[test]
fn an_account_that_refuses_the_sign_in_is_left_alone_until_somebody_signs_in() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        pass(&stage, 24).await;
        let refused = told(&stage, &id).await;
        assert!(
            refused.needs_sign_in && refused.next.is_none(),
            "{refused:?}"
        );
        assert!(
            refused
                .by_itself
                .unwrap()
                .problem
                .unwrap()
                .contains("sign-in")
        );
        let calls = stage.mailbox.calls();
        pass(&stage, 72).await;
        assert_eq!(stage.mailbox.calls(), calls, "nobody asks again");
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        looked(&stage, &id, LookFor::Run).await;
        let rule = told(&stage, &id).await;
        assert!(!rule.needs_sign_in && rule.next.is_some());
        pass(&stage, 24).await;
        assert_eq!(in_inbox(&stage), 3);
    });
}

#[test]
fn two_rules_have_their_turns_one_after_the_other_in_their_order() {
    block_on(async {
        let stage = stage(9).await;
        let first = switched_on(&stage, daily()).await;
        let read = RuleWords {
            name: "Read".to_owned(),
            operation: bulkhead_shared::operations::MarkRead {}.into(),
            ..daily()
        };
        let second = switched_on(&stage, read).await;
        pass(&stage, 24).await;
        let mut jobs = jobs(&stage).await;
        jobs.reverse();
        let by: Vec<_> = jobs
            .iter()
            .map(|job| job.rule.clone().unwrap().id)
            .collect();
        assert_eq!(by, [first, second]);
        assert_eq!(jobs[0].counts.succeeded, 6);
    });
}

#[test]
fn there_is_one_job_for_a_turn_wherever_the_process_dies() {
    block_on(async {
        let mut step = 1;
        loop {
            let (stage, fuse) = fused(9).await;
            let id = switched_on(&stage, daily()).await;
            let next = told(&stage, &id).await.next.unwrap();
            stage.clock.set(next);
            fuse.blow_at(step);
            let _ = stage.swept().await;
            let _ = stage.run().await;
            let died = fuse.is_blown();
            fuse.replace();
            // What was on its way is delivered once more, or is lost.
            if step % 2 == 0 {
                stage.queue.clear();
            }
            for _ in 0..4 {
                let _ = stage.sweep().await;
                let _ = stage.run().await;
            }
            let jobs = jobs(&stage).await;
            let [job] = jobs.as_slice() else {
                panic!("died at step {step}: {jobs:#?}")
            };
            let job = stage.run_to_end(&job.id).await;
            assert_eq!(
                (job.state, job.counts.succeeded),
                (State::Completed, 6),
                "died at step {step}"
            );
            let rule = told(&stage, &id).await;
            assert_eq!((rule.runs, rule.mails), (1, 6), "died at step {step}");
            assert!(rule.by_itself.is_some(), "died at step {step}");
            let touched = stage.mailbox.mails().iter().map(|mail| mail.touched).max();
            assert_eq!(touched, Some(1), "died at step {step}");
            if !died {
                assert!(step > 20, "only {step} steps");
                return;
            }
            step += 1;
        }
    });
}

#[test]
fn two_who_sweep_at_once_and_a_message_that_comes_twice_are_one_job() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        stage.clock.set(told(&stage, &id).await.next.unwrap());
        let (one, other) = futures::join!(stage.swept(), stage.swept());
        one.unwrap();
        other.unwrap();
        let message = stage.queue.take().unwrap();
        let deadline = stage.clock.now() + jiff::SignedDuration::from_mins(1);
        for _ in 0..2 {
            work::handle(&stage.ports, &message, deadline)
                .await
                .unwrap();
        }
        stage.run().await.unwrap();
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(jobs(&stage).await.len(), 1);
    });
}

#[test]
fn a_turn_waits_for_a_look_that_is_under_way() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        stage.clock.set(told(&stage, &id).await.next.unwrap());
        look(&stage, &id, LookFor::Test).await.unwrap();
        stage.swept().await.unwrap();
        let look = super::ruling::told(&stage).await.look.unwrap();
        assert_eq!(look.wanted, LookFor::Test, "it is still that look");
        // Who has ended it goes on with the turn.
        stage.run().await.unwrap();
        assert!(told(&stage, &id).await.test.is_some());
        assert_eq!(jobs(&stage).await.len(), 1);
    });
}

#[test]
fn all_of_it_is_gone_with_the_account() {
    block_on(async {
        let stage = stage(9).await;
        switched_on(&stage, daily()).await;
        let account = owned(&stage).await;
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        pass(&stage, 48).await;
        assert_eq!(rows(&stage, "").await, 0);
        assert!(jobs(&stage).await.is_empty());
        let gone = access::account(&stage.ports, &stage.user, &stage.account).await;
        assert!(gone.is_err());
        rules::opened(&stage.ports, &stage.account).await.unwrap();
    });
}

#[test]
fn turns_that_were_written_while_the_account_was_deleted_end_by_themselves() {
    block_on(async {
        let stage = stage(9).await;
        switched_on(&stage, daily()).await;
        let key = names::rule_turns(&stage.account);
        let written = stage.table.get(&key).await.unwrap().unwrap();
        let account = owned(&stage).await;
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        stage.table.put_many(vec![written]).await.unwrap();
        stage.clock.advance(Duration::from_secs(48 * HOUR));
        assert_eq!(stage.swept().await.unwrap().failed, 0);
        let left = stage.table.get(&key).await.unwrap();
        let has_ended = |row: &Row| row.due.is_none() && row.expires.is_some();
        assert!(left.as_ref().is_none_or(has_ended), "{left:?}");
    });
}

#[test]
fn stored_again_while_it_is_on_it_still_has_one_turn() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        let next = told(&stage, &id).await.next;
        for name in ["A", "B", "C"] {
            let named = |rules: &mut Vec<SavedRule>| rules[0].rule.name = name.to_owned();
            change(&stage, named).await.unwrap();
            assert_eq!(told(&stage, &id).await.next, next);
        }
        pass(&stage, 24).await;
        let jobs = jobs(&stage).await;
        assert_eq!((jobs.len(), &*jobs[0].rule.clone().unwrap().name), (1, "C"));
        // Another time is another turn.
        let weekly = When::Weekly {
            day: Weekday::Monday,
            hour: 7,
            zone: "Europe/Berlin".to_owned(),
        };
        let then = |rules: &mut Vec<SavedRule>| rules[0].rule.when = weekly;
        change(&stage, then).await.unwrap();
        let next = told(&stage, &id).await.next.unwrap();
        let there = next.in_tz("Europe/Berlin").unwrap();
        assert_eq!(there.weekday(), jiff::civil::Weekday::Monday);
        let nowhere = |rules: &mut Vec<SavedRule>| {
            rules[0].rule.when = When::Daily {
                hour: 7,
                zone: "Nowhere/Land".to_owned(),
            };
        };
        let error = change(&stage, nowhere).await.unwrap_err();
        assert_eq!(refused(error), "rules[0].rule.when.zone");
    });
}

/// Lets a rule have its turn, with a person who does this to mails once this row is written.
async fn acted_after(
    row: fn(&AccountId) -> Key,
    act: impl Fn(&MemoryMailbox) + Send + Sync + 'static,
) -> Stage {
    let mut stage = stage(9).await;
    let id = switched_on(&stage, daily()).await;
    stage.clock.set(told(&stage, &id).await.next.unwrap());
    let mailbox = stage.mailbox.clone();
    let written = row(&stage.account).sort;
    let by = intercept::by(move |moment, call| {
        if moment == Moment::AfterEffect && call.writes().contains(&written.as_str()) {
            act(&mailbox);
        }
        Ok(())
    });
    stage.ports.table = intercept::table(stage.table.clone(), &by);
    stage.swept().await.unwrap();
    stage.run().await.unwrap();
    stage
}

#[test]
fn what_a_person_does_between_the_look_and_the_run_counts() {
    block_on(async {
        let stage = acted_after(names::rule_found, |mailbox| {
            mailbox.act(1, |place| _ = place.flags.insert("\\Flagged".to_owned()));
            mailbox.act(2, |place| _ = place.flags.insert("\\Answered".to_owned()));
            mailbox.delete(4);
        })
        .await;
        let made = jobs(&stage).await;
        assert_eq!(
            (made.len(), made[0].total, made[0].counts.succeeded),
            (1, 3, 3)
        );
        assert_eq!(in_inbox(&stage), 5);
        let stage = acted_after(names::rule_found, |mailbox| {
            for mail in 1..=9 {
                mailbox.act(mail, |place| _ = place.flags.insert("\\Flagged".to_owned()));
            }
        })
        .await;
        assert!(jobs(&stage).await.is_empty(), "nothing is left to do");
    });
}

#[test]
fn what_changes_between_the_look_and_the_confirmation_waits_for_a_person() {
    block_on(async {
        let stage = acted_after(names::rules, |mailbox| {
            mailbox.act(1, |place| place.folder = "Work".to_owned());
        })
        .await;
        let made = jobs(&stage).await;
        assert_eq!((made.len(), made[0].state), (1, State::Draft));
        let rules = super::ruling::told(&stage).await.rules;
        let waits = rules[0].waits.clone().unwrap();
        assert_eq!((&waits.job, waits.mails), (&made[0].id, 6));
        let why = "Something changed between the look and the confirmation.";
        assert_eq!(waits.why, why);
        assert_eq!(in_inbox(&stage), 8, "nothing else was touched");
    });
}

#[test]
fn who_is_not_the_first_to_begin_the_next_turn_is_done_and_who_could_not_tries_again() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        let turns = names::rule_turns(&stage.account).sort;
        let looked = async |failure: fn() -> Failure| {
            look(&stage, &id, LookFor::Run).await.unwrap();
            let turns = turns.clone();
            let by = intercept::by(move |_, call| match call.writes().contains(&&*turns) {
                true => Err(failure()),
                false => Ok(()),
            });
            let ports = Ports {
                table: intercept::table(stage.table.clone(), &by),
                ..stage.ports.clone()
            };
            let message = stage.queue.take().unwrap();
            let deadline = stage.clock.now() + jiff::SignedDuration::from_mins(1);
            let looked = work::handle(&ports, &message, deadline).await;
            let look = super::ruling::told(&stage).await.look.unwrap();
            assert_eq!(look.state, ScanState::Done);
            looked
        };
        looked(|| Failure::Table(TableError::Conflict))
            .await
            .unwrap();
        let failed = looked(|| Failure::Unavailable).await;
        assert!(matches!(failed, Err(Error::Table(_))), "{failed:?}");
    });
}

#[test]
fn a_turn_is_seen_to_again_in_a_minute_and_where_the_provider_asks_to_wait_then() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, daily()).await;
        let turn = told(&stage, &id).await.next.unwrap();
        stage.clock.set(turn);
        stage.swept().await.unwrap();
        let due = async || {
            let row = stage.table.get(&names::rule_turns(&stage.account)).await;
            row.unwrap()
                .unwrap()
                .due
                .unwrap()
                .duration_since(turn)
                .as_secs()
        };
        assert_eq!(due().await, 60);
        // Nobody has begun, and after a minute the message is taken for lost.
        stage.queue.clear();
        let sent = stage.queue.sent();
        for (seconds, asked, next) in [(59, 0, 60), (60, 1, 120), (119, 1, 120), (120, 2, 180)] {
            stage
                .clock
                .set(turn + jiff::SignedDuration::from_secs(seconds));
            stage.swept().await.unwrap();
            assert_eq!(stage.queue.sent() - sent, asked, "after {seconds} s");
            assert_eq!(due().await, next, "after {seconds} s");
        }
        // The provider asks to wait, so nobody is asked for before.
        let until = stage.clock.now() + jiff::SignedDuration::from_mins(10);
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        stage.step().await.unwrap();
        let sent = stage.queue.sent();
        stage.clock.advance(Duration::from_secs(300));
        stage.swept().await.unwrap();
        assert_eq!((stage.queue.sent() - sent, due().await), (0, 120 + 600));
    });
}
