//! Replies among the drafts: to whom, once, never sent, and taken back as long as nobody changed them.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::access;
use bulkhead_engine::accounts;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, preview, results};
use bulkhead_engine::ports::{Account, Clock, Model, Told};
use bulkhead_engine::replies;
use bulkhead_engine::review::{self, Shown};
use bulkhead_engine::templates;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{
    DecideReview, EmailStatus, Job, KeepTemplate, Review, ReviewFilter, ReviewPick, ReviewReply,
    ReviewVerdict, Template, Why,
};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Certainty, DraftReply, Operation, Process, Then};
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::proposal::Proposal;
use futures::executor::block_on;

use crate::options;

/// Everything is of this class, of which it is sure.
struct Always(&'static str);

#[async_trait]
impl Model for Always {
    fn message_bytes(&self) -> usize {
        30
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let found = ItemResult {
            class: self.0.to_owned(),
            percent: Some(97),
            detail: None,
            about: None,
        };
        Told::all(beginnings.iter().map(|_| Ok(found.clone())).collect())
    }
}

/// A stage with so many mails, each a question of another person.
pub(crate) async fn asked(mails: u64) -> Stage {
    asked_in(MemoryMailbox::new(mails)).await
}

/// The same with the mails of this mailbox.
async fn asked_in(mailbox: MemoryMailbox) -> Stage {
    let mails = mailbox.mails().len() as u64;
    let mut stage = Stage::new(mailbox).await.unwrap();
    stage.ports.model = Arc::new(Always("question"));
    for number in 1..=mails {
        stage.mailbox.write(
            number,
            &format!(
                "From: Ann Lee <ann{number}@x.example>\r\nTo: me@example.org\r\nSubject: Q\r\n\
                 Message-ID: <q{number}@x.example>\r\n\r\nWhen?\r\n"
            ),
        );
    }
    stage
}

fn saying(text: &str) -> Operation {
    DraftReply::saying(text).into()
}

pub(crate) async fn run(stage: &Stage, operation: Operation) -> Job {
    let id = stage.draft(operation, Stage::inbox(), options()).await;
    let id = id.unwrap();
    stage.confirm(&id).await.unwrap();
    stage.run_to_end(&id).await
}

/// How many drafts lie in the folder for them.
pub(crate) fn in_drafts(stage: &Stage) -> usize {
    let places = stage.mailbox.places().into_values();
    places.filter(|place| place.folder == "Drafts").count()
}

pub(crate) async fn queue(stage: &Stage) -> Review {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await;
    let (account, filter) = (account.unwrap(), ReviewFilter::default());
    let review = review::review(&stage.ports, &account, Shown::Waiting, &filter, None, 500);
    review.await.unwrap()
}

pub(crate) async fn decide(stage: &Stage, verdict: ReviewVerdict) -> Result<Vec<Job>, Error> {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await;
    let account = account.unwrap();
    let wanted = DecideReview {
        mails: ReviewPick::All {
            of: ReviewFilter::default(),
        },
        verdict,
        draft_only: false,
    };
    let decided = review::decide(&stage.ports, &stage.user, &account, &wanted, 10);
    decided.await.map(|decided| decided.jobs)
}

pub(crate) async fn reasons(stage: &Stage, id: &JobId) -> Vec<Option<ItemReason>> {
    let page = results::items(&stage.ports, &stage.user, id, None, None, 100).await;
    let items = page.unwrap().items.into_iter();
    items.map(|item| item.reason).collect()
}

#[test]
fn a_reply_is_among_the_drafts_and_nothing_is_sent() {
    block_on(async {
        let stage = asked(2).await;
        let job = run(&stage, saying("Hello {{ first_name }},\n\nsoon.\n")).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 2));
        // The mails were read in one call, and the drafts put in another one.
        assert_eq!(job.called.unwrap().calls, 2);
        let drafted = stage.mailbox.drafted();
        assert_eq!((drafted.len(), stage.mailbox.delivered().len()), (2, 0));
        let (identity, text) = drafted
            .iter()
            .find(|(_, text)| text.contains("ann1@x.example"))
            .unwrap();
        for part in [
            "To: Ann Lee <ann1@x.example>\r\n",
            "From: me@example.org\r\n",
            "Subject: Re: Q\r\n",
            "In-Reply-To: <q1@x.example>\r\n",
            "References: <q1@x.example>\r\n",
            "Hello Ann,",
            "Ann Lee:",
            "> When?",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let place = &stage.mailbox.places()[identity];
        assert_eq!(place.folder, "Drafts");
        assert!(place.flags.contains("\\Draft"), "{place:?}");
    });
}

#[test]
fn who_is_never_answered_gets_no_draft_and_says_why() {
    block_on(async {
        let stage = asked(5).await;
        let write = |number, header: &str| {
            let mail = format!("{header}\r\nTo: me@example.org\r\nSubject: Q\r\n\r\nx\r\n");
            stage.mailbox.write(number, &mail);
        };
        write(1, "From: no-reply@x.example");
        write(2, "From: ann@x.example\r\nList-Id: <l.x.example>");
        write(3, "From: ann@x.example\r\nAuto-Submitted: auto-replied");
        write(4, "From: Me <ME@example.org>");
        let job = run(&stage, saying("Hello.")).await;
        assert_eq!((job.counts.succeeded, job.counts.skipped), (1, 4));
        let skipped = [
            Some(ItemReason::NobodyToAnswer),
            Some(ItemReason::OfAList),
            Some(ItemReason::OfAProgram),
            Some(ItemReason::OwnMail),
            None,
        ];
        assert_eq!(reasons(&stage, &job.id).await, skipped);
        assert_eq!(stage.mailbox.drafted().len(), 1);
    });
}

/// One was edited since: it is another mail then, with other marks. One was deleted.
#[test]
fn an_undo_takes_away_exactly_what_was_put_and_is_as_it_was() {
    block_on(async {
        let stage = asked(3).await;
        let before = stage.mailbox.places();
        let job = run(&stage, saying("Hello.")).await;
        let drafts: Vec<u64> = stage.mailbox.drafted().iter().map(|it| it.0).collect();
        stage.mailbox.act(drafts[0], |place| {
            place.flags.insert("\\Flagged".to_owned());
        });
        stage.mailbox.delete(drafts[1]);
        let undo = children::undo(&stage.ports, &stage.user, &job.id).await;
        let undo = undo.unwrap();
        stage.run().await.unwrap();
        let seen = preview::preview(&stage.ports, &stage.user, &undo).await;
        let told = seen.unwrap().undo.unwrap();
        assert_eq!((told.can_go_back, told.changed_since, told.gone), (1, 1, 1));
        stage.confirm(&undo).await.unwrap();
        let undone = stage.run_to_end(&undo).await;
        assert_eq!(undone.counts.succeeded, 1);
        let after = stage.mailbox.places();
        assert_eq!(after[&drafts[0]].folder, "Drafts");
        // Nothing is deleted for good: it lies in the trash, and an undo of the undo brings it back.
        assert_eq!(after[&drafts[2]].folder, "Trash");
        assert!((1..=3).all(|identity| after[&identity] == before[&identity]));
        let again = stage.undo(&undo).await.unwrap();
        assert_eq!(again.counts.succeeded, 1);
        assert_eq!(stage.mailbox.places()[&drafts[2]].folder, "Drafts");
    });
}

/// The answer to a draft that was put never comes, and looking does not help: a retry finds it.
#[test]
fn a_draft_whose_answer_was_lost_is_found_and_not_put_again() {
    block_on(async {
        let stage = asked(2).await;
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 2);
        let job = run(&stage, saying("Hello.")).await;
        assert_eq!((job.counts.succeeded, in_drafts(&stage)), (2, 2));
    });
}

/// Nobody knew that the drafts of the first try were put, and the second one came to nothing: they are found by what
/// follows from the first, however many tries there are.
#[test]
fn a_retry_puts_no_draft_beside_the_one_that_an_earlier_try_put() {
    block_on(async {
        let mut stage = asked(2).await;
        let whole = stage.ports.clone();
        let by = intercept::by(|_, call| match call {
            Call::Reconcile(_) => Err(Failure::Unavailable),
            _ => Ok(()),
        });
        stage.ports = intercept::ports(&whole, &by);
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        let first = run(&stage, saying("Hello.")).await;
        assert_eq!((first.counts.uncertain, in_drafts(&stage)), (2, 2));
        stage.mailbox.trouble(|trouble| trouble.break_off = 1_000);
        let second = retried(&stage, &first.id).await;
        assert_eq!((second.counts.uncertain, in_drafts(&stage)), (2, 2));
        stage.mailbox.trouble(|trouble| trouble.break_off = 0);
        stage.ports = whole;
        let third = retried(&stage, &second.id).await;
        assert_eq!((third.counts.succeeded, in_drafts(&stage)), (2, 2));
    });
}

async fn retried(stage: &Stage, id: &JobId) -> Job {
    let again = children::retry(&stage.ports, &stage.user, id, 50).await;
    let again = again.unwrap();
    stage.run().await.unwrap();
    stage.confirm(&again).await.unwrap();
    stage.run_to_end(&again).await
}

#[test]
fn invariant_8_drafts_keep_the_allowance_of_their_account() {
    block_on(async {
        let stage = asked_in(MemoryMailbox::new(3).limited_to(2, 60)).await;
        let id = stage
            .draft(saying("Hello."), Stage::inbox(), options())
            .await;
        let id = id.unwrap();
        stage.confirm(&id).await.unwrap();
        while stage.step().await.unwrap() {}
        assert_eq!(stage.mailbox.drafted().len(), 2, "two a minute");
        let job = stage.run_to_end(&id).await;
        assert_eq!(
            (job.counts.succeeded, stage.mailbox.drafted().len()),
            (3, 3)
        );
    });
}

#[test]
fn what_cannot_be_a_reply_is_refused_before_anything_is_drafted() {
    block_on(async {
        let stage = asked(1).await;
        let refused = |operation: Operation| {
            let stage = &stage;
            async move {
                let drafted = stage.draft(operation, Stage::inbox(), options()).await;
                match drafted {
                    Err(Error::Invalid(invalid)) => invalid.field,
                    other => panic!("{other:?}"),
                }
            }
        };
        assert_eq!(refused(saying("Dear {{ nmae }}")).await, "operation.text");
        assert_eq!(refused(saying("{% for x in y %}")).await, "operation.text");
        assert_eq!(
            refused(saying("{% if false %}x{% endif %}")).await,
            "operation.text"
        );
        let kept = DraftReply {
            text: None,
            template: Some("Thanks".to_owned()),
            ..DraftReply::saying("")
        };
        assert_eq!(refused(kept.clone().into()).await, "operation.template");
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        let keep = KeepTemplate {
            name: "Thanks".to_owned(),
            template: Template {
                text: "Thank you, {{ name }}.".to_owned(),
                ..Template::default()
            },
        };
        templates::keep(&stage.ports, &account.unwrap(), &keep)
            .await
            .unwrap();
        let job = run(&stage, kept.into()).await;
        // The job says what it was confirmed with, whatever becomes of the template.
        assert_eq!(job.operation, saying("Thank you, {{ name }}."));
        assert!(stage.mailbox.drafted()[0].1.contains("Thank you, Ann Lee."));
    });
}

fn process(then: Then, reply: Option<&str>) -> Operation {
    Process {
        reply: reply.map(str::to_owned),
        ..Process::new(Certainty::Percent90, then)
    }
    .into()
}

#[test]
fn what_asks_for_an_answer_waits_with_a_reply_and_accepting_drafts_it() {
    block_on(async {
        let stage = asked(2).await;
        run(&stage, process(Then::Wait, Some("Soon."))).await;
        let review = queue(&stage).await;
        let alike = review.counts.iter();
        let alike: Vec<_> = alike.map(|it| (it.proposal, it.why, it.mails)).collect();
        assert_eq!(alike, [(Proposal::Reply, Why::Waits, 2)]);
        let ids: Vec<ItemId> = review.mails.into_iter().map(|mail| mail.id).collect();
        let jobs = decide(&stage, ReviewVerdict::Accept {}).await.unwrap();
        assert_eq!(jobs[0].operation, saying("Soon."));
        stage.run_to_end(&jobs[0].id).await;
        assert_eq!(stage.mailbox.drafted().len(), 2);
        assert_eq!(queue(&stage).await.total, 0);
        // Taken back, the mails wait again under the ids that they always had.
        stage.undo(&jobs[0].id).await.unwrap();
        let again = queue(&stage).await.mails.into_iter();
        let again: Vec<ItemId> = again.map(|mail| mail.id).collect();
        assert_eq!(again, ids);
    });
}

#[test]
fn a_job_that_acts_drafts_replies_by_itself_and_to_nobody_who_was_answered_meanwhile() {
    block_on(async {
        let stage = asked(3).await;
        let operation = process(Then::Act, Some("Soon."));
        let id = stage.draft(operation, Stage::inbox(), options()).await;
        let id = id.unwrap();
        stage.confirm(&id).await.unwrap();
        while !stage.job(&id).await.unwrap().state.is_ended() {
            stage.step().await.unwrap();
        }
        stage.mailbox.act(1, |place| {
            place.flags.insert("\\Answered".to_owned());
        });
        stage.run().await.unwrap();
        assert_eq!(stage.mailbox.drafted().len(), 2);
        assert_eq!(stage.mailbox.delivered().len(), 0);
    });
}

#[test]
fn without_a_text_no_reply_is_proposed_and_none_can_be_asked_for() {
    block_on(async {
        let mut stage = asked(2).await;
        run(&stage, process(Then::Wait, None)).await;
        assert_eq!(queue(&stage).await.total, 0);
        stage.ports.model = Arc::new(Always("newsletter"));
        run(&stage, process(Then::Wait, None)).await;
        let instead = ReviewVerdict::Instead {
            proposal: Proposal::Reply,
        };
        let refused = decide(&stage, instead).await;
        assert!(matches!(refused, Err(Error::Invalid(it)) if it.field == "verdict.proposal"));
        assert_eq!(queue(&stage).await.total, 2);
    });
}

/// A mail that the owner wrote as an alias of which nobody knows, with a copy among the sent mails; and another one.
async fn one_as_an_alias() -> Stage {
    let stage = asked(3).await;
    let own = "From: Me <alias@elsewhere.example>\r\nTo: me@example.org\r\nSubject: Q\r\n\
               Message-ID: <own@elsewhere.example>\r\n\r\nWhen?\r\n";
    stage.mailbox.write(1, own);
    stage.mailbox.write(2, own);
    stage
        .mailbox
        .act(2, |place| place.folder = "Sent".to_owned());
    stage
}

#[test]
fn what_its_owner_wrote_as_an_alias_is_not_answered() {
    block_on(async {
        let stage = one_as_an_alias().await;
        let job = run(&stage, saying("Soon.")).await;
        let others = (job.counts.succeeded, job.counts.skipped);
        assert_eq!(others, (1, 1));
        let reasons = reasons(&stage, &job.id).await;
        assert!(reasons.contains(&Some(ItemReason::OwnMail)), "{reasons:?}");
        let drafted = stage.mailbox.drafted();
        assert!(drafted.len() == 1 && drafted[0].1.contains("ann3@x.example"));
    });
}

#[test]
fn no_reply_is_proposed_to_what_its_owner_wrote_as_an_alias() {
    block_on(async {
        let stage = one_as_an_alias().await;
        let job = run(&stage, process(Then::Wait, Some("Soon."))).await;
        let waiting = queue(&stage).await.mails;
        let other = stage.mailbox.id_of(3).unwrap();
        assert_eq!(
            waiting.iter().map(|mail| &mail.id).collect::<Vec<_>>(),
            [&other]
        );
        let page = results::items(&stage.ports, &stage.user, &job.id, None, None, 100).await;
        let own = stage.mailbox.id_of(1).unwrap();
        let items = page.unwrap().items;
        let own = items.iter().find(|item| item.id == own).unwrap();
        let told = own.result.as_ref().unwrap();
        assert_eq!(told.class, "keep");
        let detail = told.detail.as_deref();
        assert_eq!(detail, Some("Question. You wrote it yourself."));
    });
}

#[test]
fn what_a_reply_would_say_is_shown_before_it_is_accepted_and_how_it_stands_after() {
    block_on(async {
        let stage = asked(2).await;
        run(&stage, process(Then::Wait, Some("Hello {{ name }}, soon."))).await;
        let review = queue(&stage).await;
        assert_eq!((review.total, review.decided), (2, 0));
        let text = ReviewReply::Text {
            text: "Hello {{ name }}, soon.".to_owned(),
        };
        for mail in &review.mails {
            assert_eq!(mail.reply.as_ref(), Some(&text));
            assert_eq!(mail.status, EmailStatus::NeedsReview);
        }
        let jobs = decide(&stage, ReviewVerdict::Accept {}).await.unwrap();
        let statuses = async || {
            let review = decided(&stage).await;
            assert_eq!((review.total, review.decided), (0, 2));
            let mails = review.mails.iter();
            mails.map(|mail| mail.status).collect::<Vec<_>>()
        };
        assert_eq!(statuses().await, [EmailStatus::Processing; 2]);
        assert_eq!(standing(&stage, 1).await, Some(EmailStatus::Processing));
        stage.run_to_end(&jobs[0].id).await;
        assert_eq!(statuses().await, [EmailStatus::Processed; 2]);
        let (draft, _) = stage.mailbox.drafted()[0];
        stage
            .mailbox
            .act(draft, |place| place.folder = "Sent".to_owned());
        let after = statuses().await;
        assert!(after.contains(&EmailStatus::Sent) && after.contains(&EmailStatus::Processed));
    });
}

/// The mails that somebody decided.
async fn decided(stage: &Stage) -> Review {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await;
    let (account, all) = (account.unwrap(), ReviewFilter::default());
    let review = review::review(&stage.ports, &account, Shown::Decided, &all, None, 500);
    review.await.unwrap()
}

/// What the list of mails says of it.
async fn standing(stage: &Stage, number: u64) -> Option<EmailStatus> {
    let id = stage.mailbox.id_of(number).unwrap();
    let open: Arc<dyn Account> = Arc::new(stage.mailbox.clone());
    let ids = std::slice::from_ref(&id);
    let standing = review::standing(&stage.ports, &stage.account, &open, ids).await;
    standing.unwrap().get(&id).copied()
}

#[test]
fn how_a_mail_stands_is_told_by_the_queue_and_by_what_became_of_the_reply() {
    block_on(async {
        let stage = asked(4).await;
        assert_eq!(standing(&stage, 1).await, None);
        run(&stage, process(Then::Wait, Some("Soon."))).await;
        assert_eq!(standing(&stage, 1).await, Some(EmailStatus::NeedsReview));
        let jobs = decide(&stage, ReviewVerdict::Accept {}).await.unwrap();
        stage.run_to_end(&jobs[0].id).await;
        assert_eq!(standing(&stage, 1).await, Some(EmailStatus::Processed));
        let drafted = stage.mailbox.drafted();
        let draft_to = |number: u64| {
            let to = format!("<ann{number}@x.example>");
            drafted
                .iter()
                .find(|(_, text)| text.contains(&to))
                .unwrap()
                .0
        };
        // Sent, and filed by its program under the id that it had.
        stage
            .mailbox
            .act(draft_to(1), |place| place.folder = "Sent".to_owned());
        // Sent under another id: the draft is gone, and the mail says that it was answered.
        stage.mailbox.delete(draft_to(2));
        stage.mailbox.act(2, |place| {
            place.flags.insert("\\Answered".to_owned());
        });
        // Thrown away.
        stage.mailbox.delete(draft_to(3));
        let processed = Some(EmailStatus::Processed);
        let sent = Some(EmailStatus::Sent);
        let expected = [sent, sent, processed, processed];
        for (number, expected) in (1..).zip(expected) {
            assert_eq!(standing(&stage, number).await, expected, "{number}");
        }
        let replies = replies::of_account(&*stage.table, &stage.account, stage.clock.now()).await;
        assert_eq!(replies.unwrap().count(), 4);
        // Taken back, what is still a draft is none, and nothing claims to be sent.
        stage.undo(&jobs[0].id).await.unwrap();
        assert_eq!(standing(&stage, 4).await, Some(EmailStatus::NeedsReview));
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        accounts::delete(&stage.ports, &stage.user, account.unwrap())
            .await
            .unwrap();
        let replies = replies::of_account(&*stage.table, &stage.account, stage.clock.now()).await;
        assert_eq!(replies.unwrap().count(), 0);
    });
}
