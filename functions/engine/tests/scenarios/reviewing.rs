//! Mails that wait for a person: which they are, what becomes of them, and what is done without a question.

use std::sync::atomic::{AtomicBool, Ordering};

use bulkhead_engine::access;
use bulkhead_engine::accounts;
use bulkhead_engine::advice;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, control, preview};
use bulkhead_engine::ports::{Expect, Message, Span, Table, TableError, Write};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::review::{self, Shown};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::{
    DecideReview, EmailStatus, Job, Relation, Review, ReviewDecided, ReviewDial, ReviewFilter,
    ReviewPick, ReviewVerdict, Why,
};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Certainty, Operation, Process, Then};
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::proposal::Proposal;
use futures::executor::block_on;

use crate::by_number::{about, by_number};
use crate::{fused, options, stage};

/// Newsletters, of which every fourth is not sure; and every tenth is not understood.
pub(crate) fn newsletters(number: u64) -> Result<ItemResult, ItemReason> {
    let percent = match number.is_multiple_of(4) {
        true => 84,
        false => 97,
    };
    match number.is_multiple_of(10) {
        true => Err(ItemReason::Refused),
        false => Ok(ItemResult {
            detail: Some("Because it names a mailing list.".to_owned()),
            ..about("newsletter", percent)
        }),
    }
}

pub(crate) async fn told_by_number(mails: u64) -> Stage {
    let mut stage = stage(mails).await;
    stage.ports.model = by_number(newsletters);
    stage
}

pub(crate) fn process(then: Then) -> Operation {
    let certainty = Certainty::Percent90;
    Process::new(certainty, then).into()
}

pub(crate) async fn run(stage: &Stage, operation: Operation) -> JobId {
    let id = stage.draft(operation, Stage::inbox(), options()).await;
    let id = id.unwrap();
    stage.confirm(&id).await.unwrap();
    stage.run().await.unwrap();
    id
}

/// Runs a job until it has ended and nothing of it is filed yet.
pub(crate) async fn ended(stage: &Stage, operation: Operation) -> JobId {
    let id = stage.draft(operation, Stage::inbox(), options()).await;
    let id = id.unwrap();
    stage.confirm(&id).await.unwrap();
    while !stage.job(&id).await.unwrap().state.is_ended() {
        stage.step().await.unwrap();
    }
    id
}

pub(crate) async fn owned(stage: &Stage) -> access::Owned<AccountRecord> {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await;
    account.unwrap()
}

pub(crate) async fn queue(
    stage: &Stage,
    filter: &ReviewFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Review {
    let account = owned(stage).await;
    let review = review::review(
        &stage.ports,
        &account,
        Shown::Waiting,
        filter,
        cursor,
        limit,
    )
    .await;
    review.unwrap()
}

pub(crate) async fn all(stage: &Stage) -> Review {
    queue(stage, &ReviewFilter::default(), None, 500).await
}

pub(crate) async fn decide(
    stage: &Stage,
    mails: ReviewPick,
    verdict: ReviewVerdict,
) -> Result<ReviewDecided, Error> {
    let account = owned(stage).await;
    let wanted = DecideReview {
        mails,
        verdict,
        draft_only: false,
    };
    review::decide(&stage.ports, &stage.user, &account, &wanted, 10).await
}

fn these(stage: &Stage, numbers: impl IntoIterator<Item = u64>) -> ReviewPick {
    let ids = numbers
        .into_iter()
        .map(|number| stage.mailbox.id_of(number).unwrap());
    ReviewPick::Ids { ids: ids.collect() }
}

pub(crate) fn unsure() -> ReviewPick {
    let of = ReviewFilter {
        why: Some(Why::Unsure),
        ..ReviewFilter::default()
    };
    ReviewPick::All { of }
}

fn counts(review: &Review) -> Vec<(Option<&str>, Proposal, Why, u64)> {
    let counts = review.counts.iter();
    counts
        .map(|it| (it.class.as_deref(), it.proposal, it.why, it.mails))
        .collect()
}

/// Every third one has a star, so nothing is proposed for it whatever it is.
#[test]
fn what_is_unsure_could_not_be_told_or_is_not_to_be_done_waits() {
    block_on(async {
        let stage = told_by_number(20).await;
        let before = stage.mailbox.mails();
        let id = run(&stage, process(Then::Wait)).await;
        let review = all(&stage).await;
        let news = Some("newsletter");
        assert_eq!(
            counts(&review),
            [
                (news, Proposal::Archive, Why::Waits, 9),
                (news, Proposal::Archive, Why::Unsure, 3),
                (None, Proposal::Review, Why::Failed, 2),
            ]
        );
        assert_eq!((review.total, review.drafted, review.filing), (14, 0, 0));
        assert_eq!(review.mails.len(), 14);
        let four = stage.mailbox.id_of(4).unwrap();
        let mail = review.mails.iter().find(|mail| mail.id == four).unwrap();
        assert_eq!((mail.percent, &mail.job), (84, &id));
        assert_eq!(mail.because, "Newsletter. Because it names a mailing list.");
        assert!(mail.mail.is_some());
        assert_eq!(stage.mailbox.mails(), before);
    });
}

/// Those that were archived are elsewhere since, under other ids.
#[test]
fn what_was_decided_is_shown_where_it_is_since_and_can_wait_again() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        let decided = async |limit| {
            let (account, all) = (owned(&stage).await, ReviewFilter::default());
            let review = review::review(&stage.ports, &account, Shown::Decided, &all, None, limit);
            review.await.unwrap()
        };
        assert_eq!(decided(50).await.mails, []);
        let accepted = decide(&stage, unsure(), ReviewVerdict::Accept {}).await;
        stage.run_to_end(&accepted.unwrap().jobs[0].id).await;
        let dismissed = all(&stage).await.mails[0].id.clone();
        let ids = vec![dismissed.clone()];
        decide(&stage, ReviewPick::Ids { ids }, ReviewVerdict::Dismiss {})
            .await
            .unwrap();
        let review = decided(50).await;
        assert_eq!(
            (review.decided, review.total, review.mails.len()),
            (4, 10, 4)
        );
        for mail in &review.mails {
            assert_eq!(mail.status, EmailStatus::Processed);
            let folder = mail.mail.as_ref().map(|mail| mail.folder.as_str());
            let expected = match mail.id == dismissed {
                true => "INBOX",
                false => "Archive",
            };
            assert_eq!(folder, Some(expected));
        }
        assert!(decided(2).await.next_cursor.is_some());
        let ids = vec![dismissed];
        decide(&stage, ReviewPick::Ids { ids }, ReviewVerdict::Reopen {})
            .await
            .unwrap();
        assert_eq!(decided(50).await.decided, 3);
        assert_eq!(all(&stage).await.total, 11);
    });
}

#[test]
fn pages_go_on_where_they_ended_whatever_was_decided_between() {
    block_on(async {
        let mut stage = Stage::new(MemoryMailbox::new(20).in_chunks_of(3))
            .await
            .unwrap();
        stage.ports.model = by_number(newsletters);
        run(&stage, process(Then::Wait)).await;
        let mut seen: Vec<ItemId> = Vec::new();
        let mut cursor = None;
        loop {
            let page = queue(&stage, &ReviewFilter::default(), cursor.as_deref(), 4).await;
            let ids: Vec<ItemId> = page.mails.iter().map(|mail| mail.id.clone()).collect();
            let first = ReviewPick::Ids {
                ids: vec![ids[0].clone()],
            };
            decide(&stage, first, ReviewVerdict::Dismiss {})
                .await
                .unwrap();
            seen.extend(ids);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        seen.sort();
        let pages = seen.len();
        seen.dedup();
        assert_eq!((seen.len(), pages), (14, 14));
        let account = owned(&stage).await;
        let filter = ReviewFilter::default();
        let wrong = review::review(
            &stage.ports,
            &account,
            Shown::Waiting,
            &filter,
            Some("x"),
            4,
        );
        assert!(matches!(wrong.await, Err(Error::Invalid(it)) if it.field == "cursor"));
    });
}

#[test]
fn what_is_accepted_is_an_ordinary_job_and_taken_back_it_waits_again() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        let decided = decide(&stage, unsure(), ReviewVerdict::Accept {})
            .await
            .unwrap();
        assert_eq!((decided.mails, decided.jobs.len(), decided.left), (3, 1, 0));
        // It comes back exactly and is few: confirmed already.
        assert!(decided.jobs[0].confirmed_at.is_some());
        // Asked again at once, nobody waits any more.
        let again = decide(&stage, these(&stage, [4]), ReviewVerdict::Accept {}).await;
        let again = again.unwrap();
        assert_eq!(
            (again.mails, again.jobs.len(), again.settled.len()),
            (0, 0, 1)
        );
        let job = stage.run_to_end(&decided.jobs[0].id).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 3));
        assert_eq!(all(&stage).await.total, 11);
        stage.undo(&job.id).await.unwrap();
        let review = all(&stage).await;
        assert_eq!(review.total, 14);
        // And can be accepted again, by another job.
        let second = decide(&stage, unsure(), ReviewVerdict::Accept {})
            .await
            .unwrap();
        assert_ne!(second.jobs[0].id, job.id);
        assert_eq!(
            stage.run_to_end(&second.jobs[0].id).await.counts.succeeded,
            3
        );
    });
}

/// A job's page: whoever accepts there looks at a preview first, and the mails have left the queue all the same.
#[test]
fn what_is_accepted_to_be_looked_at_is_a_draft_however_few_it_is() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        let account = owned(&stage).await;
        let wanted = DecideReview {
            mails: these(&stage, [4, 8]),
            verdict: ReviewVerdict::Accept {},
            draft_only: true,
        };
        let decided = review::decide(&stage.ports, &stage.user, &account, &wanted, 10).await;
        let decided = decided.unwrap();
        assert_eq!(
            (decided.jobs[0].state, decided.jobs[0].total),
            (State::Draft, 2)
        );
        let review = all(&stage).await;
        assert_eq!((review.drafted, review.total), (2, 12));
        stage.confirm(&decided.jobs[0].id).await.unwrap();
        assert_eq!(
            stage.run_to_end(&decided.jobs[0].id).await.counts.succeeded,
            2
        );
        assert_eq!(all(&stage).await.total, 12);
    });
}

#[test]
fn many_at_once_are_a_draft_and_wait_again_when_it_is_dropped() {
    block_on(async {
        let stage = told_by_number(120).await;
        run(&stage, process(Then::Wait)).await;
        let total = all(&stage).await.total;
        let pick = ReviewPick::All {
            of: ReviewFilter {
                why: Some(Why::Waits),
                ..ReviewFilter::default()
            },
        };
        let decided = decide(&stage, pick.clone(), ReviewVerdict::Accept {})
            .await
            .unwrap();
        let [job] = decided.jobs.as_slice() else {
            panic!("{decided:?}");
        };
        assert_eq!((job.state, job.total), (State::Draft, decided.mails));
        let review = all(&stage).await;
        assert_eq!(
            (review.drafted, review.total),
            (job.total, total - job.total)
        );
        control::discard(&stage.ports, &stage.user, &job.id)
            .await
            .unwrap();
        let review = all(&stage).await;
        assert_eq!((review.drafted, review.total), (0, total));
        // The same mails are another draft then.
        let again = decide(&stage, pick, ReviewVerdict::Accept {}).await;
        let again = again.unwrap().jobs.remove(0);
        assert_eq!((again.state, again.total), (State::Draft, job.total));
        assert_ne!(again.id, job.id);
    });
}

/// Somebody moved it away between the look and the decision.
#[test]
fn what_is_gone_is_told_and_never_done() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        let gone = stage.mailbox.id_of(4).unwrap();
        stage.mailbox.delete(4);
        let review = all(&stage).await;
        let shown = review.mails.iter().find(|mail| mail.id == gone).unwrap();
        assert_eq!(shown.mail, None);
        let ids = review.mails.iter().map(|mail| mail.id.clone()).collect();
        let decided = decide(&stage, ReviewPick::Ids { ids }, ReviewVerdict::Accept {}).await;
        let decided = decided.unwrap();
        assert_eq!(decided.gone, [gone]);
        assert_eq!((decided.mails, decided.jobs[0].total), (13, 11));
        assert_eq!(all(&stage).await.total, 0);
    });
}

#[test]
fn a_decision_is_learned_from_and_never_against_what_was_said_of_the_sender() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        decide(&stage, these(&stage, [4]), ReviewVerdict::Dismiss {})
            .await
            .unwrap();
        let account = owned(&stage).await;
        let learned = advice::learned(&stage.ports, &account).await.unwrap();
        let [lesson] = learned.lessons.as_slice() else {
            panic!("{learned:?}");
        };
        assert_eq!(lesson.decision, Decision::Dismissed);
        assert_eq!(
            (lesson.action, lesson.class.as_str()),
            (Action::Archive, "newsletter")
        );
        assert!(lesson.source.starts_with("from:"), "{lesson:?}");
        // The same sender's other mail is archived: what was said before stays.
        decide(&stage, these(&stage, [1, 2]), ReviewVerdict::Accept {})
            .await
            .unwrap();
        let learned = advice::learned(&stage.ports, &account).await.unwrap();
        let kept = learned.lessons.iter().find(|it| it.source == lesson.source);
        assert_eq!(kept.unwrap().decision, Decision::Dismissed);
    });
}

#[test]
fn a_class_put_right_brings_its_own_proposal_and_waits_on() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        let to = |class: &str| ReviewVerdict::Class {
            class: class.to_owned(),
        };
        decide(&stage, these(&stage, [4, 10]), to("receipt"))
            .await
            .unwrap();
        let receipts = ReviewFilter {
            class: Some("receipt".to_owned()),
            ..ReviewFilter::default()
        };
        let review = queue(&stage, &receipts, None, 50).await;
        assert_eq!(review.mails.len(), 2);
        assert!(
            review
                .mails
                .iter()
                .all(|mail| mail.proposal == Proposal::LabelReceipt && mail.percent == 100)
        );
        let instead = ReviewVerdict::Instead {
            proposal: Proposal::Keep,
        };
        let kept = decide(&stage, these(&stage, [4]), instead).await.unwrap();
        assert_eq!((kept.mails, kept.jobs.len()), (1, 0));
        let labelled = decide(&stage, these(&stage, [10]), ReviewVerdict::Accept {})
            .await
            .unwrap();
        let job = stage.run_to_end(&labelled.jobs[0].id).await;
        assert_eq!(job.counts.succeeded, 1);
        // What was decided can be opened again.
        let reopened = decide(&stage, these(&stage, [4]), ReviewVerdict::Reopen {})
            .await
            .unwrap();
        assert_eq!(reopened.mails, 1);
        let four = stage.mailbox.id_of(4).unwrap();
        assert!(all(&stage).await.mails.iter().any(|mail| mail.id == four));
    });
}

/// The jobs that followed one because it proposed something.
pub(crate) async fn followed(stage: &Stage, id: &JobId) -> Vec<Job> {
    let mut jobs = Vec::new();
    for child in stage.job(id).await.unwrap().children {
        jobs.push(stage.job(&child).await.unwrap());
    }
    jobs
}

#[test]
fn what_is_sure_is_done_where_that_was_asked_for_and_comes_back() {
    block_on(async {
        let stage = told_by_number(20).await;
        let before = stage.mailbox.places();
        let id = run(&stage, process(Then::Act)).await;
        let jobs = followed(&stage, &id).await;
        let [job] = jobs.as_slice() else {
            panic!("{jobs:?}");
        };
        assert_eq!(job.relation, Some(Relation::Proposed));
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 9));
        let shown = preview::preview(&stage.ports, &stage.user, &job.id).await;
        let shown = shown.unwrap();
        let folders = shown.folders.iter();
        let folders: Vec<_> = folders.map(|it| (&*it.name, it.items)).collect();
        assert_eq!(folders, [("INBOX", 9)]);
        assert_eq!(shown.summary.unwrap().unread, 9);
        let review = all(&stage).await;
        assert!(review.mails.iter().all(|mail| mail.why != Why::Waits));
        assert_eq!((review.total, review.filing), (5, 0));
        stage.undo(&job.id).await.unwrap();
        assert_eq!(stage.mailbox.places(), before);
    });
}

/// Whoever else sees the folder would see what happens to it.
#[test]
fn what_is_sure_and_asks_for_more_than_a_yes_waits_as_a_draft() {
    block_on(async {
        let stage = told_by_number(20).await;
        let before = stage.mailbox.places();
        let shared = vec!["INBOX".to_owned()];
        stage.mailbox.trouble(|trouble| trouble.shared = shared);
        let id = run(&stage, process(Then::Act)).await;
        let jobs = followed(&stage, &id).await.into_iter();
        let jobs: Vec<_> = jobs.map(|job| (job.state, job.total)).collect();
        assert_eq!(jobs, [(State::Draft, 9)]);
        assert_eq!(all(&stage).await.filing, 0);
        assert_eq!(stage.mailbox.places(), before);
    });
}

/// Every other mail is a newsletter, the others are receipts.
fn two_kinds(number: u64) -> Result<ItemResult, ItemReason> {
    match number % 2 {
        0 => Ok(about("newsletter", 97)),
        _ => Ok(about("receipt", 97)),
    }
}

#[test]
fn each_thing_that_is_proposed_is_done_by_a_job_of_its_own() {
    block_on(async {
        let mut stage = stage(20).await;
        stage.ports.model = by_number(two_kinds);
        let id = run(&stage, process(Then::Act)).await;
        let jobs = followed(&stage, &id).await.into_iter();
        let jobs = jobs.map(|job| (job.operation, job.state, job.counts.succeeded));
        let done =
            |proposal: Proposal, mails| (proposal.operation().unwrap(), State::Completed, mails);
        // Three of the newsletters have a star.
        let expected = [done(Proposal::Archive, 7), done(Proposal::LabelReceipt, 10)];
        assert_eq!(jobs.collect::<Vec<_>>(), expected);
    });
}

/// Between the model's look and the job that follows, somebody put a star on it.
#[test]
fn what_came_to_be_protected_is_left_out_of_what_follows() {
    block_on(async {
        let stage = told_by_number(20).await;
        let id = ended(&stage, process(Then::Act)).await;
        stage.mailbox.act(1, |place| {
            place.flags.insert("\\Flagged".to_owned());
        });
        stage.run().await.unwrap();
        let jobs = followed(&stage, &id).await;
        assert_eq!(jobs[0].counts.succeeded, 8);
    });
}

/// Whether these rows are a job that follows another, with the row of that one.
fn is_draft_of_another(writes: &[Write]) -> bool {
    let jobs = writes.iter().filter(|it| it.key().sort == names::JOB);
    jobs.count() == 2
}

/// A stage where a job that proposed something has ended and nothing followed yet, and where drafting what follows
/// fails like this once.
async fn about_to_follow(failure: fn() -> TableError) -> (Stage, JobId) {
    let mut stage = told_by_number(20).await;
    let id = ended(&stage, process(Then::Act)).await;
    let failed = AtomicBool::new(false);
    let once = intercept::by(move |moment, call| match (moment, call) {
        (Moment::BeforeEffect, Call::Write(writes))
            if is_draft_of_another(writes) && !failed.swap(true, Ordering::SeqCst) =>
        {
            Err(Failure::Table(failure()))
        }
        _ => Ok(()),
    });
    stage.ports.table = intercept::table(stage.table.clone(), &once);
    (stage, id)
}

#[test]
fn what_follows_is_drafted_although_somebody_wrote_the_job_meanwhile() {
    block_on(async {
        let (stage, id) = about_to_follow(|| TableError::Conflict).await;
        stage.run().await.unwrap();
        let jobs = followed(&stage, &id).await;
        assert_eq!(jobs.len(), 1, "without a sweep: {jobs:?}");
        assert_eq!(jobs[0].counts.succeeded, 9);
    });
}

#[test]
fn trouble_with_drafting_what_follows_is_told_and_not_tried_again_at_once() {
    block_on(async {
        let busy = || TableError::Unavailable("told to fail".into());
        let (stage, id) = about_to_follow(busy).await;
        assert!(stage.run().await.is_err(), "the message comes again");
        assert!(followed(&stage, &id).await.is_empty());
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(followed(&stage, &id).await[0].counts.succeeded, 9);
    });
}

/// Between the model's look and the job that follows, what was found became something that nobody can read.
#[test]
fn nothing_is_done_about_what_cannot_be_read_any_more() {
    block_on(async {
        let stage = told_by_number(20).await;
        let before = stage.mailbox.places();
        let draft = stage.draft(process(Then::Act), Stage::inbox(), options());
        let id = draft.await.unwrap();
        stage.confirm(&id).await.unwrap();
        while followed(&stage, &id).await.is_empty() {
            assert!(stage.step().await.unwrap());
        }
        for chunk in 0.. {
            let key = names::results(&id, chunk);
            let Some(mut row) = stage.table.get(&key).await.unwrap() else {
                break;
            };
            row.body.truncate(row.body.len() / 2);
            let put = Write::Put(row, Expect::Anything);
            stage.table.write(vec![put]).await.unwrap();
        }
        stage.run().await.unwrap();
        assert_eq!(stage.mailbox.places(), before);
        assert_eq!(all(&stage).await.filing, 0);
        let jobs = followed(&stage, &id).await;
        assert!(
            jobs.iter().all(|job| job.state == State::Cancelled),
            "an empty draft is dropped: {jobs:?}"
        );
    });
}

#[test]
fn what_was_found_and_cannot_be_read_for_now_is_waited_for() {
    block_on(async {
        let stage = told_by_number(20).await;
        let draft = stage.draft(process(Then::Act), Stage::inbox(), options());
        let id = draft.await.unwrap();
        stage.confirm(&id).await.unwrap();
        while followed(&stage, &id).await.is_empty() {
            assert!(stage.step().await.unwrap());
        }
        stage.table.busy_at(Some(names::results(&id, 0)));
        assert!(stage.run().await.unwrap_err().is_passing());
        assert_eq!(followed(&stage, &id).await[0].state, State::Planning);
        stage.table.busy_at(None);
        stage.run().await.unwrap();
        stage.sweep().await.unwrap();
        let job = followed(&stage, &id).await.remove(0);
        let job = stage.run_to_end(&job.id).await;
        assert_eq!(
            (job.state, job.counts.succeeded),
            (State::Completed, 9),
            "{job:?}"
        );
    });
}

#[test]
fn a_job_goes_by_the_number_that_was_set_when_it_was_drafted() {
    block_on(async {
        let stage = told_by_number(20).await;
        let account = owned(&stage).await;
        let dial = ReviewDial {
            certainty: Certainty::Percent80,
            then: Then::Wait,
        };
        review::set_dial(&stage.ports, &account, &dial)
            .await
            .unwrap();
        assert_eq!(review::dial(&stage.ports, &account).await.unwrap(), dial);
        let as_set = Process::new(Certainty::AsSet, Then::Wait);
        let id = run(&stage, as_set.into()).await;
        let Operation::Process(process) = stage.job(&id).await.unwrap().operation else {
            panic!("another operation");
        };
        assert_eq!(process.certainty, Certainty::Percent80);
        let review = all(&stage).await;
        assert!(review.mails.iter().all(|mail| mail.why != Why::Unsure));
    });
}

#[test]
fn a_mail_of_two_jobs_waits_once_and_the_later_one_counts() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        decide(&stage, unsure(), ReviewVerdict::Dismiss {})
            .await
            .unwrap();
        assert_eq!(all(&stage).await.total, 11);
        let later = run(&stage, process(Then::Wait)).await;
        let review = all(&stage).await;
        assert_eq!(review.total, 14);
        assert!(review.mails.iter().all(|mail| mail.job == later));
    });
}

#[test]
fn nothing_of_it_outlives_its_account() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        let account = owned(&stage).await;
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        let span = Span {
            partition: names::review_partition(&stage.account),
            from: " ".to_owned(),
            to: "~".to_owned(),
            reverse: false,
            limit: None,
        };
        assert!(stage.table.range(&span).await.unwrap().is_empty());
    });
}

/// A worker dies at every single write, send and call of filing and of what follows.
#[test]
fn who_dies_while_filing_leaves_nothing_undone_or_done_twice() {
    block_on(async {
        for step in 0..400 {
            let (mut stage, fuse) = fused(20).await;
            stage.ports.model = by_number(newsletters);
            let id = stage
                .draft(process(Then::Act), Stage::inbox(), options())
                .await
                .unwrap();
            stage.confirm(&id).await.unwrap();
            fuse.blow_at(step);
            let _ = stage.run().await;
            let blown = fuse.is_blown();
            fuse.replace();
            for _ in 0..8 {
                let _ = stage.run().await;
                stage.sweep().await.unwrap();
            }
            stage.run().await.unwrap();
            let jobs = followed(&stage, &id).await;
            assert_eq!(jobs.len(), 1, "step {step}: {jobs:?}");
            assert_eq!(jobs[0].counts.succeeded, 9, "step {step}");
            let review = all(&stage).await;
            assert_eq!((review.total, review.filing), (5, 0), "step {step}");
            let twice = stage
                .mailbox
                .mails()
                .into_iter()
                .filter(|mail| mail.touched > 1);
            assert_eq!(twice.count(), 0, "step {step}");
            if !blown {
                return;
            }
        }
        panic!("it never came to an end");
    });
}

/// A child that a job proposed is no retry, and no retry is one.
#[test]
fn what_a_job_proposed_is_not_drafted_by_hand() {
    block_on(async {
        let stage = told_by_number(20).await;
        let id = run(&stage, process(Then::Act)).await;
        assert!(
            children::undo(&stage.ports, &stage.user, &id)
                .await
                .is_err()
        );
    });
}

/// Every fourth mail is a newsletter, surely or not, is personal, which is not sure, or is not understood.
pub(crate) fn mixed(number: u64) -> Result<ItemResult, ItemReason> {
    match number % 4 {
        0 => Ok(about("newsletter", 97)),
        1 => Ok(about("personal", 60)),
        2 => Err(ItemReason::Refused),
        _ => Ok(about("newsletter", 84)),
    }
}

#[test]
fn what_something_would_be_done_with_comes_first_on_however_many_pages() {
    block_on(async {
        let mut stage = Stage::new(MemoryMailbox::new(23).in_chunks_of(3))
            .await
            .unwrap();
        stage.ports.model = by_number(mixed);
        run(&stage, process(Then::Wait)).await;
        let whole = all(&stage).await;
        let order: Vec<Proposal> = whole.mails.iter().map(|mail| mail.proposal).collect();
        let acts = order.iter().take_while(|it| **it == Proposal::Archive);
        let acts = acts.count();
        let failed = order[acts..]
            .iter()
            .take_while(|it| **it == Proposal::Review);
        let failed = failed.count();
        let kept = order.len() - acts - failed;
        assert!(acts > 3 && failed > 3 && kept > 2, "{order:?}");
        let rest = &order[acts + failed..];
        assert!(rest.iter().all(|it| *it == Proposal::Keep), "{order:?}");
        let mut paged = Vec::new();
        let mut cursor = None;
        loop {
            let page = queue(&stage, &ReviewFilter::default(), cursor.as_deref(), 4).await;
            paged.extend(page.mails);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole.mails);
    });
}

#[test]
fn what_nobody_files_is_asked_for_sixty_times_and_then_given_up() {
    block_on(async {
        let stage = told_by_number(4).await;
        ended(&stage, process(Then::Wait)).await;
        let is_filing = |message: &Message| matches!(message, Message::Review { .. });
        // Whoever is asked dies over it.
        let mut asked = 0;
        for minute in 0..70 {
            while let Some(message) = stage.queue.take() {
                asked += u64::from(minute > 0 && is_filing(&message));
            }
            let filing = all(&stage).await.filing;
            assert_eq!(filing, u64::from(minute <= 60), "after {minute} minutes");
            stage.sweep().await.unwrap();
        }
        assert_eq!(asked, 60);
        assert_eq!(all(&stage).await.total, 0);
    });
}

#[test]
fn what_a_job_could_not_do_waits_again_but_while_a_retry_has_it() {
    block_on(async {
        let stage = told_by_number(20).await;
        run(&stage, process(Then::Wait)).await;
        let refused = ItemReason::Refused.text();
        stage
            .mailbox
            .trouble(|trouble| _ = trouble.refuse.insert(4));
        let decided = decide(&stage, unsure(), ReviewVerdict::Accept {}).await;
        let job = decided.unwrap().jobs[0].id.clone();
        let job = stage.run_to_end(&job).await;
        assert_eq!((job.counts.succeeded, job.counts.failed), (2, 1));
        let failed = ReviewFilter {
            why: Some(Why::Failed),
            class: Some("newsletter".to_owned()),
            proposal: Some(Proposal::Archive),
        };
        let waits = async || queue(&stage, &failed, None, 50).await.mails;
        let waiting = waits().await;
        assert_eq!((waiting.len(), &*waiting[0].because), (1, refused));
        let retry = children::retry(&stage.ports, &stage.user, &job.id, 10).await;
        let retry = retry.unwrap();
        stage.run().await.unwrap();
        assert_eq!(waits().await.len(), 1, "nobody has confirmed it");
        stage.confirm(&retry).await.unwrap();
        assert_eq!(waits().await, [], "the retry has it");
        stage.mailbox.trouble(|trouble| trouble.refuse.clear());
        stage.run_to_end(&retry).await;
        assert_eq!(waits().await, []);
    });
}

#[test]
fn a_part_of_the_queue_that_cannot_be_read_is_told_and_the_rest_shown() {
    block_on(async {
        let stage = told_by_number(20).await;
        let id = run(&stage, process(Then::Wait)).await;
        let whole = all(&stage).await;
        assert_eq!((whole.mails.len(), whole.unreadable), (14, 0));
        let key = names::waiting_mails(&stage.account, &id, 0);
        let row = stage.table.get(&key).await.unwrap().unwrap();
        // What is decided of a mail keeps it no longer than it would have been.
        stage.clock.advance(std::time::Duration::from_secs(3_600));
        decide(&stage, these(&stage, [1]), ReviewVerdict::Dismiss {})
            .await
            .unwrap();
        let decided = stage.table.get(&key).await.unwrap().unwrap();
        assert_eq!(
            (decided.version, decided.expires),
            (row.version + 1, row.expires)
        );
        let mut damaged = decided;
        damaged.body.truncate(damaged.body.len() / 2);
        let put = Write::Put(damaged, Expect::Anything);
        stage.table.write(vec![put]).await.unwrap();
        let rest = all(&stage).await;
        // Three of the first four waited.
        assert_eq!((rest.mails.len(), rest.unreadable), (11, 1));
    });
}
