//! Rules: written, tested on the past, switched on, run, taken back.

use std::sync::Arc;

use bulkhead_engine::access;
use bulkhead_engine::accounts;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Clock, Message, Span, Table};
use bulkhead_engine::records::store::load_text;
use bulkhead_engine::records::{AccountRecord, RulesRecord, names};
use bulkhead_engine::rules;
use bulkhead_engine::scan;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::api::{
    BackTest, DraftRule, LookFor, LookForRule, Rule, RuleLook, RuleState, Rules, SaveRules,
    SavedRule, ScanState,
};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::operations::{Archive, MarkRead, Operation};
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::rules::{BY_ITSELF_DEFAULT, RULES_MOST, RuleWords, When};
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use futures::executor::block_on;
use jiff::SignedDuration;

use crate::by_number::{about, by_number};
use crate::stage;

pub(crate) fn words(operation: impl Into<Operation>) -> RuleWords {
    RuleWords {
        name: "News".to_owned(),
        search: "is:list".to_owned(),
        classes: vec!["newsletter".to_owned()],
        percent: 90,
        older_days: None,
        senders: Vec::new(),
        operation: operation.into(),
        when: When::default(),
        by_itself_most: BY_ITSELF_DEFAULT,
    }
}

pub(crate) async fn owned(stage: &Stage) -> access::Owned<AccountRecord> {
    access::account(&stage.ports, &stage.user, &stage.account)
        .await
        .unwrap()
}

pub(crate) async fn told(stage: &Stage) -> Rules {
    let account = owned(stage).await;
    rules::rules(&stage.ports, &account).await.unwrap()
}

pub(crate) async fn save(
    stage: &Stage,
    version: u64,
    rules: Vec<SavedRule>,
) -> Result<Rules, Error> {
    let account = owned(stage).await;
    let wanted = SaveRules { version, rules };
    rules::save(&stage.ports, &stage.user, &account, &wanted).await
}

/// The rules as they are, with a change.
pub(crate) async fn change(
    stage: &Stage,
    change: impl FnOnce(&mut Vec<SavedRule>),
) -> Result<Rules, Error> {
    let told = told(stage).await;
    let saved = told.rules.into_iter().map(|rule| SavedRule {
        id: Some(rule.id),
        state: rule.state,
        rule: rule.rule,
    });
    let mut saved: Vec<SavedRule> = saved.collect();
    change(&mut saved);
    save(stage, told.version, saved).await
}

pub(crate) fn new(rule: RuleWords) -> SavedRule {
    SavedRule {
        id: None,
        state: RuleState::Off,
        rule,
    }
}

pub(crate) async fn look(stage: &Stage, rule: &str, wanted: LookFor) -> Result<RuleLook, Error> {
    let account = owned(stage).await;
    let wanted = LookForRule {
        rule: rule.to_owned(),
        wanted,
    };
    rules::look(&stage.ports, &stage.user, &account, &wanted).await
}

pub(crate) async fn draft(stage: &Stage, rule: &str) -> Result<JobId, Error> {
    let account = owned(stage).await;
    let wanted = DraftRule {
        rule: rule.to_owned(),
    };
    rules::draft(&stage.ports, &stage.user, &account, &wanted, 10).await
}

/// Looks, and waits for it.
pub(crate) async fn looked(stage: &Stage, rule: &str, wanted: LookFor) -> RuleLook {
    look(stage, rule, wanted).await.unwrap();
    stage.run().await.unwrap();
    let look = told(stage).await.look.unwrap();
    assert_eq!(look.state, ScanState::Done, "{look:?}");
    look
}

pub(crate) async fn rule(stage: &Stage, id: &str) -> Rule {
    let rules = told(stage).await.rules;
    rules.into_iter().find(|rule| rule.id == id).unwrap()
}

async fn test(stage: &Stage, id: &str) -> BackTest {
    looked(stage, id, LookFor::Test).await;
    rule(stage, id).await.test.unwrap()
}

/// A new rule, tested and switched on.
pub(crate) async fn switched_on(stage: &Stage, words: RuleWords) -> String {
    let rules = change(stage, |rules| rules.push(new(words))).await.unwrap();
    let id = rules.rules.last().unwrap().id.clone();
    looked(stage, &id, LookFor::Test).await;
    let on = |rules: &mut Vec<SavedRule>| rules.last_mut().unwrap().state = RuleState::On;
    change(stage, on).await.unwrap();
    id
}

/// A run from its look to its end.
async fn run(stage: &Stage, id: &str) -> JobId {
    looked(stage, id, LookFor::Run).await;
    let job = draft(stage, id).await.unwrap();
    stage.confirm(&job).await.unwrap();
    stage.run_to_end(&job).await;
    job
}

pub(crate) fn refused(error: Error) -> String {
    match error {
        Error::Invalid(invalid) => invalid.field,
        Error::NotPossible(text) => text.to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nobody_wrote_any_there_are_none() {
    block_on(async {
        let stage = stage(3).await;
        assert_eq!(told(&stage).await, Rules::default());
        let error = look(&stage, "rul_0", LookFor::Test).await.unwrap_err();
        assert!(refused(error).contains("no longer there"));
    });
}

#[test]
fn the_past_is_counted_by_what_became_of_each_mail_and_the_counts_add_up() {
    block_on(async {
        // 30 unread mails in the inbox, every third one with a star.
        let stage = stage(30).await;
        let read = |id: u64| {
            stage
                .mailbox
                .act(id, |it| _ = it.flags.insert("\\Seen".into()))
        };
        let move_to = |id: u64, folder: &str| {
            stage.mailbox.act(id, |it| it.folder = folder.to_owned());
        };
        [1, 2].into_iter().for_each(read);
        [4, 5, 7].into_iter().for_each(|id| move_to(id, "Archive"));
        move_to(8, "Trash");
        let saved = change(&stage, |rules| rules.push(new(words(Archive {}))));
        let id = saved.await.unwrap().rules[0].id.clone();
        let test = test(&stage, &id).await;
        assert_eq!(test.mails, 30);
        assert_eq!(test.bins.len(), 1);
        let bin = test.bins[0];
        assert_eq!((bin.percent, bin.same, bin.left), (90, 3, 2));
        assert_eq!((bin.otherwise, bin.protected), (1, 10));
        let sum = bin.same + bin.left + bin.unread + bin.otherwise + bin.protected;
        assert_eq!(sum + test.other + test.untold, test.mails);
        assert_eq!(test.protected.len(), 10);
        assert!(test.protected.iter().all(|it| it.why == "it has a star"));
        assert!(test.is_current && !test.unknown.is_empty());
        // Nothing was touched.
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn a_rule_acts_only_after_a_test_of_exactly_what_it_says() {
    block_on(async {
        let stage = stage(9).await;
        let on = |mut saved: SavedRule| {
            saved.state = RuleState::On;
            saved
        };
        let error = save(&stage, 0, vec![on(new(words(Archive {})))]).await;
        assert_eq!(refused(error.unwrap_err()), "rules[0].state");
        let id = switched_on(&stage, words(Archive {})).await;
        assert_eq!(rule(&stage, &id).await.state, RuleState::On);
        // Another name and another percent are the same rule, another search is not.
        change(&stage, |rules| {
            rules[0].rule.name = "Other".to_owned();
            rules[0].rule.percent = 60;
        })
        .await
        .unwrap();
        assert_eq!(rule(&stage, &id).await.state, RuleState::On);
        let search = |rules: &mut Vec<SavedRule>| rules[0].rule.search = "from:x".to_owned();
        let error = change(&stage, search).await.unwrap_err();
        assert_eq!(refused(error), "rules[0].state");
        change(&stage, |rules| {
            search(rules);
            rules[0].state = RuleState::Off;
        })
        .await
        .unwrap();
        let changed = rule(&stage, &id).await;
        assert_eq!(changed.state, RuleState::Off);
        assert!(!changed.test.unwrap().is_current);
        let error = look(&stage, &id, LookFor::Run).await.unwrap_err();
        assert!(refused(error).contains("switched on"));
        assert!(draft(&stage, &id).await.is_err());
    });
}

#[test]
fn a_run_is_an_ordinary_draft_of_what_is_not_protected() {
    block_on(async {
        let stage = stage(30).await;
        let id = switched_on(&stage, words(Archive {})).await;
        let look = looked(&stage, &id, LookFor::Run).await;
        assert_eq!((look.looked, look.found), (30, 20));
        let job = draft(&stage, &id).await.unwrap();
        let version = told(&stage).await.version;
        assert_eq!(draft(&stage, &id).await.unwrap(), job, "asked again");
        assert_eq!(told(&stage).await.version, version, "it was noted before");
        // Until it is confirmed nothing happened.
        assert_eq!(rule(&stage, &id).await.runs, 0);
        stage.confirm(&job).await.unwrap();
        let ended = stage.run_to_end(&job).await;
        assert_eq!(ended.counts.succeeded, 20);
        let places = stage.mailbox.places();
        let inbox = places.values().filter(|place| place.folder == "INBOX");
        assert!(inbox.clone().all(|it| it.flags.contains("\\Flagged")));
        assert_eq!(inbox.count(), 10);
        let rule = rule(&stage, &id).await;
        assert_eq!((rule.runs, rule.mails, rule.undone), (1, 20, 0));
        // There is nothing left, and that is said.
        assert_eq!(looked(&stage, &id, LookFor::Run).await.found, 0);
        let error = draft(&stage, &id).await.unwrap_err();
        assert!(refused(error).contains("nothing to do"));
    });
}

#[test]
fn of_a_mail_that_two_rules_are_about_the_first_one_has_it() {
    block_on(async {
        let stage = stage(9).await;
        let first = switched_on(&stage, words(Archive {})).await;
        let second = switched_on(&stage, words(MarkRead {})).await;
        // The first one has what is in the inbox and protected by nothing; what it leaves is the second one's.
        let look = looked(&stage, &second, LookFor::Run).await;
        assert_eq!((look.looked, look.found), (9, 0));
        // Of what it is not sure enough it has nothing.
        for (percent, left) in [(91, 9), (90, 0)] {
            let sure = |rules: &mut Vec<SavedRule>| rules[0].rule.percent = percent;
            change(&stage, sure).await.unwrap();
            assert_eq!(looked(&stage, &second, LookFor::Run).await.found, left);
        }
        change(&stage, |rules| rules.swap(0, 1)).await.unwrap();
        let order: Vec<String> = told(&stage)
            .await
            .rules
            .into_iter()
            .map(|it| it.id)
            .collect();
        assert_eq!(order, [second.clone(), first.clone()]);
        assert_eq!(looked(&stage, &second, LookFor::Run).await.found, 9);
        assert_eq!(looked(&stage, &first, LookFor::Run).await.found, 0);
        // One that is off has nothing.
        change(&stage, |rules| rules[0].state = RuleState::Off)
            .await
            .unwrap();
        assert_eq!(looked(&stage, &first, LookFor::Run).await.found, 6);
    });
}

#[test]
fn what_was_taken_back_three_times_pauses_itself_until_somebody_switches_it_on() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, words(Archive {})).await;
        for undone in 1..=3 {
            let job = run(&stage, &id).await;
            stage.undo(&job).await.unwrap();
            let rule = rule(&stage, &id).await;
            assert_eq!(rule.undone, undone);
            let paused = undone == 3;
            let expected = if paused {
                RuleState::Paused
            } else {
                RuleState::On
            };
            assert_eq!(rule.state, expected);
            stage.clock.advance(std::time::Duration::from_secs(1));
            // Stored again as it is, it is not switched on anew.
            change(&stage, |rules| rules[0].rule.name = format!("{undone}"))
                .await
                .unwrap();
        }
        let error = look(&stage, &id, LookFor::Run).await.unwrap_err();
        assert!(refused(error).contains("paused itself"));
        // A change of another thing leaves it paused.
        change(&stage, |rules| rules[0].rule.name = "Old".to_owned())
            .await
            .unwrap();
        assert_eq!(rule(&stage, &id).await.state, RuleState::Paused);
        change(&stage, |rules| rules[0].state = RuleState::On)
            .await
            .unwrap();
        let rule = rule(&stage, &id).await;
        assert_eq!((rule.state, rule.undone, rule.runs), (RuleState::On, 0, 3));
    });
}

#[test]
fn two_who_change_the_rules_at_once_do_not_overwrite_each_other() {
    block_on(async {
        let stage = stage(3).await;
        let first = save(&stage, 0, vec![new(words(Archive {}))]).await.unwrap();
        let error = save(&stage, 0, vec![new(words(MarkRead {}))])
            .await
            .unwrap_err();
        assert!(refused(error).contains("changed meanwhile"));
        let id = first.rules[0].id.clone();
        let twice = |rules: &mut Vec<SavedRule>| rules.push(rules[0].clone());
        assert_eq!(
            refused(change(&stage, twice).await.unwrap_err()),
            "rules[1].id"
        );
        let mut other = new(words(Archive {}));
        other.id = Some("rul_other".to_owned());
        let error = change(&stage, |rules| rules.push(other)).await.unwrap_err();
        assert_eq!(refused(error), "rules[1].id");
        // Deleted, with its test.
        looked(&stage, &id, LookFor::Test).await;
        change(&stage, Vec::clear).await.unwrap();
        assert_eq!(rows(&stage, "TEST#").await, 0);
    });
}

#[test]
fn a_rule_that_is_changed_while_it_is_looked_for_is_not_tested() {
    block_on(async {
        let stage = stage(3).await;
        let saved = save(&stage, 0, vec![new(words(Archive {}))]).await.unwrap();
        let id = saved.rules[0].id.clone();
        look(&stage, &id, LookFor::Test).await.unwrap();
        let search = |rules: &mut Vec<SavedRule>| rules[0].rule.search = "from:x".to_owned();
        change(&stage, search).await.unwrap();
        stage.run().await.unwrap();
        let told = told(&stage).await;
        assert_eq!(told.look.unwrap().state, ScanState::Failed);
        assert_eq!(told.rules[0].test, None);
    });
}

#[test]
fn a_percent_that_is_changed_meanwhile_matters_to_a_run_and_not_to_a_test() {
    block_on(async {
        let stage = stage(3).await;
        let id = switched_on(&stage, words(Archive {})).await;
        for (wanted, percent, state) in [
            (LookFor::Test, 80, ScanState::Done),
            (LookFor::Run, 70, ScanState::Failed),
        ] {
            look(&stage, &id, wanted).await.unwrap();
            change(&stage, |rules| rules[0].rule.percent = percent)
                .await
                .unwrap();
            stage.run().await.unwrap();
            let look = told(&stage).await.look.unwrap();
            assert_eq!((look.wanted, look.state), (wanted, state));
        }
    });
}

#[test]
fn work_that_would_go_beyond_its_time_goes_on_where_it_was() {
    block_on(async {
        let stage = stage(30).await;
        let saved = save(&stage, 0, vec![new(words(Archive {}))]).await.unwrap();
        let id = saved.rules[0].id.clone();
        look(&stage, &id, LookFor::Test).await.unwrap();
        let (mut rounds, mut looked) = (0, Vec::new());
        while told(&stage).await.look.unwrap().state == ScanState::Running {
            looked.push(told(&stage).await.look.unwrap().looked);
            if let Some(delivery) = stage.queue.receive() {
                // Enough for a page, and never for all of them.
                let deadline = bulkhead_engine::ports::Clock::now(&*stage.clock)
                    + SignedDuration::from_secs(1);
                work::handle(&stage.ports, &delivery.message, deadline)
                    .await
                    .unwrap();
                stage.queue.ack(delivery.receipt);
            }
            stage.clock.advance(std::time::Duration::from_secs(2));
            rounds += 1;
            assert!(rounds < 100, "it comes to no end");
        }
        looked.dedup();
        assert_eq!(looked, [0, 7, 14, 21, 28], "one page after the other");
        let test = rule(&stage, &id).await.test.unwrap();
        assert_eq!(test.mails, 30, "each once");
    });
}

#[test]
fn one_that_is_away_is_told_and_one_that_breaks_down_ends() {
    block_on(async {
        let stage = stage(9).await;
        let saved = save(&stage, 0, vec![new(words(Archive {}))]).await.unwrap();
        let id = saved.rules[0].id.clone();
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        look(&stage, &id, LookFor::Test).await.unwrap();
        stage.run().await.unwrap();
        let away = told(&stage).await.look.unwrap();
        assert_eq!(away.state, ScanState::Failed);
        assert!(!away.problem.unwrap().is_empty());
        stage.mailbox.trouble(|trouble| trouble.unreachable = false);
        look(&stage, &id, LookFor::Test).await.unwrap();
        let message = Message::Rule {
            owner: stage.user.clone(),
            account: stage.account.clone(),
        };
        assert!(work::dead_letter(&stage.ports, &message).await.unwrap());
        assert!(!work::dead_letter(&stage.ports, &message).await.unwrap());
        assert_eq!(told(&stage).await.look.unwrap().state, ScanState::Failed);
        assert_eq!(test(&stage, &id).await.mails, 9);
    });
}

pub(crate) async fn rows(stage: &Stage, from: &str) -> usize {
    let span = Span {
        partition: names::rules_partition(&stage.account),
        from: from.to_owned(),
        to: format!("{from}~"),
        reverse: false,
        limit: None,
    };
    stage.table.range(&span).await.unwrap().len()
}

#[test]
fn all_of_it_is_erased_with_the_account() {
    block_on(async {
        let stage = stage(9).await;
        let id = switched_on(&stage, words(Archive {})).await;
        looked(&stage, &id, LookFor::Run).await;
        look(&stage, &id, LookFor::Run).await.unwrap();
        assert!(rows(&stage, "").await >= 4);
        let account = owned(&stage).await;
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(rows(&stage, "").await, 0, "nothing brings it back");
    });
}

#[test]
fn twenty_protected_mails_are_named_with_sender_and_subject() {
    block_on(async {
        // Every third one has a star.
        for (mails, named) in [(57, 19), (60, 20), (63, 20)] {
            let stage = stage(mails).await;
            let saved = change(&stage, |rules| rules.push(new(words(Archive {}))));
            let id = saved.await.unwrap().rules[0].id.clone();
            let test = test(&stage, &id).await;
            assert_eq!(test.protected.len(), named);
            assert_eq!(test.bins[0].protected, mails / 3);
            let first = &test.protected[0];
            assert_eq!(first.from, "Sender 3 <sender3@example.org>");
            assert_eq!((&*first.subject, first.percent), ("=Subject 3", 90));
        }
    });
}

#[test]
fn what_is_spam_or_its_owners_is_none_of_a_rules_business_and_what_is_elsewhere_is() {
    block_on(async {
        let stage = stage(9).await;
        let saved = change(&stage, |rules| rules.push(new(words(Archive {}))));
        let id = saved.await.unwrap().rules[0].id.clone();
        for (folder, mails) in [
            ("INBOX", 9),
            ("Work", 9),
            ("Trash", 9),
            ("Spam", 8),
            ("Sent", 8),
            ("Drafts", 8),
        ] {
            stage.mailbox.act(1, |it| it.folder = folder.to_owned());
            assert_eq!(test(&stage, &id).await.mails, mails, "one is in {folder}");
        }
    });
}

#[test]
fn a_rule_about_senders_takes_those_and_no_others() {
    block_on(async {
        let stage = stage(30).await;
        for (senders, found) in [
            (vec!["sender4@example.org"], 1),
            (vec!["sender4@example.org", "sender5@example.org"], 2),
            (vec!["4@example.org"], 0),
            (vec!["example.org"], 30),
            (vec!["other.example"], 0),
        ] {
            let rule = RuleWords {
                senders: senders.iter().map(|it| (*it).to_owned()).collect(),
                classes: Vec::new(),
                ..words(MarkRead {})
            };
            let id = switched_on(&stage, rule).await;
            let look = looked(&stage, &id, LookFor::Run).await;
            assert_eq!((look.looked, look.found), (30, found), "{senders:?}");
            change(&stage, Vec::clear).await.unwrap();
        }
    });
}

#[test]
fn only_who_is_as_sure_as_a_rule_asks_for_is_taken() {
    block_on(async {
        // The model is 90 percent sure of each.
        for (percent, found) in [(50, 6), (90, 6), (91, 0)] {
            let stage = stage(9).await;
            let rule = RuleWords {
                percent,
                ..words(Archive {})
            };
            let id = switched_on(&stage, rule).await;
            assert_eq!(looked(&stage, &id, LookFor::Run).await.found, found);
        }
    });
}

#[test]
fn what_a_run_found_can_be_drafted_for_an_hour() {
    block_on(async {
        let hour = SignedDuration::from_hours(1);
        let moment = SignedDuration::from_nanos(1);
        for (after, drafted) in [(hour - moment, true), (hour, false)] {
            let stage = stage(9).await;
            let id = switched_on(&stage, words(Archive {})).await;
            let begun = looked(&stage, &id, LookFor::Run).await.at;
            stage.clock.set(begun + after);
            let draft = draft(&stage, &id).await;
            assert_eq!(draft.is_ok(), drafted, "after {after}");
            let why = draft.err().map(refused);
            assert!(why.is_none_or(|why| why.contains("over an hour old")));
        }
    });
}

#[test]
fn what_a_run_found_is_drafted_for_its_own_rule_as_that_was() {
    block_on(async {
        let stage = stage(9).await;
        let first = switched_on(&stage, words(Archive {})).await;
        let second = switched_on(&stage, words(MarkRead {})).await;
        let why = async |id: &str| refused(draft(&stage, id).await.unwrap_err());
        looked(&stage, &first, LookFor::Run).await;
        assert!(why(&second).await.contains("there is no look for it"));
        let changes: [fn(&mut SavedRule); 2] = [
            |saved| saved.rule.percent = 80,
            |saved| saved.state = RuleState::Off,
        ];
        for alter in changes {
            looked(&stage, &first, LookFor::Run).await;
            change(&stage, |rules| alter(&mut rules[0])).await.unwrap();
            assert!(why(&first).await.contains("switched off"));
        }
    });
}

#[test]
fn what_a_look_found_is_kept_for_two_months() {
    block_on(async {
        let stage = stage(3).await;
        let id = switched_on(&stage, words(Archive {})).await;
        looked(&stage, &id, LookFor::Run).await;
        let until = stage.clock.now() + SignedDuration::from_hours(24 * 60);
        let account = &stage.account;
        for key in [names::rule_test(account, &id), names::rule_found(account)] {
            let row = stage.table.get(&key).await.unwrap().unwrap();
            assert_eq!(row.expires, Some(until), "{key:?}");
        }
    });
}

#[test]
fn of_more_runs_than_are_kept_the_sums_are() {
    block_on(async {
        let stage = stage(3).await;
        let id = switched_on(&stage, words(MarkRead {})).await;
        let unread = |mail: u64| stage.mailbox.act(mail, |it| _ = it.flags.remove("\\Seen"));
        for day in 1..=10 {
            (1..=3).for_each(unread);
            run(&stage, &id).await;
            stage.clock.advance(std::time::Duration::from_secs(1));
            let rule = rule(&stage, &id).await;
            assert_eq!((rule.runs, rule.mails, rule.undone), (day, 3 * day, 0));
            let key = names::rules(&stage.account);
            let stored = load_text::<RulesRecord>(stage.table.as_ref(), &key).await;
            let stored = stored.unwrap().unwrap().record.rules.remove(0);
            let kept = stored.runs.len() as u64;
            assert_eq!((kept, stored.earlier_runs), (day.min(8), day - day.min(8)));
        }
        // One that nobody confirmed is no run.
        unread(1);
        looked(&stage, &id, LookFor::Run).await;
        draft(&stage, &id).await.unwrap();
        assert_eq!(rule(&stage, &id).await.runs, 10);
    });
}

/// Every third one is a newsletter, of every fifth nobody can tell, and the others are something else.
fn mixed(number: u64) -> Result<ItemResult, ItemReason> {
    match number {
        _ if number.is_multiple_of(5) => Err(ItemReason::Refused),
        _ if number.is_multiple_of(3) => Ok(about("newsletter", 97)),
        _ => Ok(about("personal", 97)),
    }
}

#[test]
fn mails_of_another_class_and_of_none_that_could_be_told_are_counted() {
    block_on(async {
        let mut stage = stage(30).await;
        stage.ports.model = by_number(mixed);
        let saved = change(&stage, |rules| rules.push(new(words(MarkRead {}))));
        let id = saved.await.unwrap().rules[0].id.clone();
        let test = test(&stage, &id).await;
        assert_eq!((test.mails, test.other, test.untold), (30, 16, 6));
        let told: Vec<_> = test.bins.iter().map(|it| (it.percent, it.unread)).collect();
        assert_eq!(told, [(97, 8)]);
        let untold = "Of 6 mails nobody could tell what they are about";
        assert!(test.unknown.iter().any(|it| it.starts_with(untold)));
    });
}

#[test]
fn a_look_that_is_under_way_is_told_to_who_asks_for_the_same_and_no_other_is_begun() {
    block_on(async {
        let stage = stage(9).await;
        let first = switched_on(&stage, words(Archive {})).await;
        let second = switched_on(&stage, words(MarkRead {})).await;
        let under_way = look(&stage, &first, LookFor::Run).await.unwrap();
        assert_eq!(look(&stage, &first, LookFor::Run).await.unwrap(), under_way);
        assert_eq!(stage.queue.pending(), 1);
        for (rule, wanted) in [(&second, LookFor::Run), (&first, LookFor::Test)] {
            let error = look(&stage, rule, wanted).await.unwrap_err();
            assert!(refused(error).contains("for another rule"));
        }
        // It says something else by now.
        let off = |rules: &mut Vec<SavedRule>| {
            rules[0].rule.search = "from:x".to_owned();
            rules[0].state = RuleState::Off;
        };
        change(&stage, off).await.unwrap();
        let error = look(&stage, &first, LookFor::Run).await.unwrap_err();
        assert!(refused(error).contains("switched on"));
        stage.run().await.unwrap();
        assert!(look(&stage, &second, LookFor::Run).await.is_ok());
    });
}

#[test]
fn what_could_not_be_searched_is_said_of_a_test() {
    block_on(async {
        let stage = stage(9).await;
        let saved = change(&stage, |rules| rules.push(new(words(Archive {}))));
        let id = saved.await.unwrap().rules[0].id.clone();
        let dark = Unsearched {
            folder: "Old".to_owned(),
            why: UnsearchedWhy::NotLookedAt,
            items: Some(5),
        };
        for (unsearched, is_said) in [(Vec::new(), false), (vec![dark], true)] {
            stage
                .mailbox
                .trouble(|trouble| trouble.unsearched = unsearched);
            let said = test(&stage, &id).await.unknown;
            let sentence = "Something could not be searched, and is not counted.";
            assert_eq!(said.iter().any(|it| it == sentence), is_said, "{said:?}");
        }
    });
}

#[test]
fn an_account_has_thirty_rules_and_no_more() {
    block_on(async {
        let stage = stage(3).await;
        let all = vec![new(words(Archive {})); RULES_MOST];
        assert_eq!(save(&stage, 0, all).await.unwrap().rules.len(), 30);
        let one_more = |rules: &mut Vec<SavedRule>| rules.push(new(words(Archive {})));
        let error = change(&stage, one_more).await.unwrap_err();
        assert_eq!(refused(error), "rules");
    });
}

#[test]
fn a_rule_about_a_search_alone_looks_into_no_mail() {
    block_on(async {
        let mut stage = stage(9).await;
        let by = intercept::by(|_, call| match call {
            Call::Ask("items") | Call::Fetch(_) => Err(Failure::Refused),
            _ => Ok(()),
        });
        stage.ports.connectors = intercept::connectors(Arc::new(stage.mailbox.clone()), &by);
        let rule = RuleWords {
            classes: Vec::new(),
            ..words(MarkRead {})
        };
        let id = switched_on(&stage, rule).await;
        assert_eq!(looked(&stage, &id, LookFor::Run).await.found, 9);
    });
}

#[test]
fn whom_somebody_ever_answered_is_known_once_the_headers_were_read() {
    block_on(async {
        let stage = stage(9).await;
        for operation in [Archive {}.into(), Operation::from(MarkRead {})] {
            change(&stage, |rules| rules.push(new(words(operation))))
                .await
                .unwrap();
        }
        let rules = told(&stage).await.rules;
        let (hides, reads) = (&rules[0].id, &rules[1].id);
        let is_unknown = |test: &BackTest| {
            let mut said = test.unknown.iter();
            said.any(|it| it.starts_with("Whom you ever answered"))
        };
        assert!(is_unknown(&test(&stage, hides).await));
        assert!(!is_unknown(&test(&stage, reads).await));
        let account = owned(&stage).await;
        scan::start(&stage.ports, &stage.user, &account)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert!(!is_unknown(&test(&stage, hides).await));
    });
}
