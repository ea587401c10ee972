//! Replies whose texts a model somewhere else writes: one of each, into the drafts, seen by whoever asked for them, and
//! never without a yes.

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::preview;
use bulkhead_engine::ports::{CallError, Told};
use bulkhead_engine::testing::model::as_ordered;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::written::Written;
use bulkhead_shared::api::{ChooseModel, ReviewReply, ReviewVerdict, Why};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Certainty, DraftReply, Operation, Process, ReplyLanguage, Then};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::proposal::Proposal;
use futures::executor::block_on;
use jiff::SignedDuration;

use crate::by_number::about;
use crate::drafting_replies::{asked, decide, in_drafts, queue, reasons, run};
use crate::model_elsewhere::{agree, choice, choose, withdraw};
use crate::options;

/// A stage with so many questions, where a model is chosen and agreed to.
async fn agreed(mails: u64) -> Stage {
    let stage = asked(mails).await;
    choose(&stage, &choice()).await;
    agree(&stage).await.unwrap();
    stage
}

fn told() -> Operation {
    DraftReply::written("Say soon", ReplyLanguage::German).into()
}

fn process(then: Then) -> Operation {
    Process {
        reply_instruction: Some("Say soon".to_owned()),
        ..Process::new(Certainty::Percent80, then)
    }
    .into()
}

#[test]
fn each_text_is_written_into_a_draft_and_what_it_took_is_told() {
    block_on(async {
        let stage = agreed(3).await;
        stage.mailbox.write(
            3,
            "From: ann@x.example\r\nList-Id: <l.x.example>\r\nSubject: Q\r\n\r\nx\r\n",
        );
        let id = stage
            .draft(told(), Stage::inbox(), options())
            .await
            .unwrap();
        let seen = preview::preview(&stage.ports, &stage.user, &id).await;
        let model = seen.unwrap().model.unwrap();
        assert_eq!(model.name, "gpt-x at api.example.com");
        assert!(
            model.about_tokens.unwrap() > 1_000 && model.note.is_none(),
            "{model:?}"
        );
        stage.confirm(&id).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.counts.succeeded, job.counts.skipped), (2, 1));
        // The mails were read in one call; how long the model takes to write says nothing of the account's server.
        assert_eq!(job.called.unwrap().calls, 1);
        let drafted = stage.mailbox.drafted();
        assert_eq!((drafted.len(), stage.mailbox.delivered().len()), (2, 0));
        for (_, text) in &drafted {
            for part in [
                "Say soon (1)",
                "> When?",
                "Subject: Re: Q\r\n",
                "To: Ann Lee <ann",
            ] {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
        // A list's mail is answered by nobody, and so sent to nobody.
        let orders: Vec<_> = stage.endpoints.orders().concat();
        assert_eq!(orders.len(), 2);
        assert!(orders.iter().all(|it| it.language == ReplyLanguage::German));
        assert!(orders.iter().all(|it| it.mail.contains("Subject: Q\n")));
        let spent = job.model.unwrap().spent.unwrap();
        assert_eq!((spent.requests, spent.input, spent.output), (2, 40, 10));
        stage.undo(&id).await.unwrap();
        assert_eq!(in_drafts(&stage), 0);
    });
}

/// Also where several mails go into one request that only tells what they are about.
#[test]
fn each_text_is_a_request_of_the_minute() {
    block_on(async {
        let stage = asked(4).await;
        let two = ChooseModel {
            side_by_side: 2,
            mails_per_request: 2,
            requests_per_minute: 2,
            ..choice()
        };
        choose(&stage, &two).await;
        agree(&stage).await.unwrap();
        let begun = stage.ports.clock.now();
        let job = run(&stage, told()).await;
        assert_eq!((job.counts.succeeded, in_drafts(&stage)), (4, 4));
        assert!(stage.ports.clock.now().duration_since(begun) >= SignedDuration::from_mins(1));
        let at_once: Vec<usize> = stage.endpoints.orders().iter().map(Vec::len).collect();
        assert_eq!(at_once, [2, 2]);
    });
}

#[test]
fn without_a_yes_nothing_is_drafted_and_after_it_was_taken_back_nothing_is_sent() {
    block_on(async {
        let stage = asked(2).await;
        for (operation, field) in [
            (told(), "operation.instruction"),
            (process(Then::Wait), "operation.reply_instruction"),
        ] {
            for chosen in [false, true] {
                if chosen {
                    choose(&stage, &choice()).await;
                }
                let refused = stage
                    .draft(operation.clone(), Stage::inbox(), options())
                    .await;
                let Err(Error::Invalid(invalid)) = refused else {
                    panic!("{refused:?}");
                };
                assert_eq!(invalid.field, field);
            }
        }
        agree(&stage).await.unwrap();
        let id = stage
            .draft(told(), Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        withdraw(&stage).await;
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.counts.failed, 2);
        let not_agreed = vec![Some(ItemReason::NotAgreed); 2];
        assert_eq!(reasons(&stage, &id).await, not_agreed);
        assert_eq!((stage.endpoints.orders().len(), in_drafts(&stage)), (0, 0));
    });
}

#[test]
fn a_model_that_asks_to_wait_is_waited_for_and_what_it_wrote_before_is_kept() {
    block_on(async {
        let stage = agreed(3).await;
        stage.endpoints.instead_of_writing(|orders| {
            let mut told = as_ordered(orders, 0);
            told.found[1] = None;
            told.broke = Some(CallError::Throttled { until: None });
            told
        });
        let job = run(&stage, told()).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 3));
        assert_eq!((stage.mailbox.drafted().len(), in_drafts(&stage)), (3, 3));
        let orders: Vec<usize> = stage.endpoints.orders().iter().map(Vec::len).collect();
        assert_eq!(orders, [3, 1], "what was written is asked for once");
    });
}

/// The draft was put, and the answer to that never came: it is found, and its text is not asked for again.
#[test]
fn a_draft_whose_answer_was_lost_is_one() {
    block_on(async {
        let stage = agreed(2).await;
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        let job = run(&stage, told()).await;
        assert_eq!((job.counts.succeeded, in_drafts(&stage)), (2, 2));
        let orders: Vec<usize> = stage.endpoints.orders().iter().map(Vec::len).collect();
        assert_eq!(orders, [2]);
    });
}

#[test]
fn a_model_that_is_gone_or_says_too_little_puts_nothing() {
    block_on(async {
        type Instead = fn(usize) -> Told<Written>;
        let cases: [(Instead, ItemReason); 3] = [
            (
                |mails| Told::nothing(mails, CallError::SignIn),
                ItemReason::ModelKey,
            ),
            (
                |mails| Told::nothing(mails, CallError::Refused(ItemReason::ModelRefused)),
                ItemReason::ModelRefused,
            ),
            (|_| Told::all(Vec::new()), ItemReason::Internal),
        ];
        for (instead, reason) in cases {
            let stage = agreed(2).await;
            stage
                .endpoints
                .instead_of_writing(move |orders| instead(orders.len()));
            let job = run(&stage, told()).await;
            assert_eq!((job.counts.failed, in_drafts(&stage)), (2, 0));
            assert_eq!(reasons(&stage, &job.id).await, vec![Some(reason); 2]);
        }
        // What it took is told all the same.
        let stage = agreed(2).await;
        stage.endpoints.instead_of_writing(|orders| Told {
            found: Vec::new(),
            ..as_ordered(orders, 0)
        });
        let job = run(&stage, told()).await;
        let spent = job.model.unwrap().spent.unwrap();
        assert_eq!((job.counts.failed, spent.requests, spent.input), (2, 2, 40));
        let stage = agreed(2).await;
        let gone = || CallError::Unavailable("gone".to_owned());
        stage
            .endpoints
            .instead_of_writing(move |orders| Told::nothing(orders.len(), gone()));
        let job = run(&stage, told()).await;
        assert_eq!((job.counts.succeeded, in_drafts(&stage)), (2, 2));
    });
}

/// Even where what is sure is done without a question: what is written costs, and a person reads it.
#[test]
fn written_replies_wait_and_what_could_not_be_written_waits_again() {
    block_on(async {
        let stage = agreed(2).await;
        stage.endpoints.instead(|mails| {
            let question = about("question", 90);
            Told::all(vec![Ok(question); mails])
        });
        run(&stage, process(Then::Act)).await;
        let review = queue(&stage).await;
        assert_eq!(review.total, 2);
        let all = review.mails.iter();
        let all: Vec<_> = all.map(|it| (it.proposal, it.why)).collect();
        assert_eq!(all, [(Proposal::Reply, Why::Waits); 2]);
        let written = ReviewReply::Written {
            instruction: "Say soon".to_owned(),
            language: ReplyLanguage::AsMail,
        };
        assert_eq!(review.mails[0].reply, Some(written));
        assert!(stage.endpoints.orders().is_empty());
        let jobs = decide(&stage, ReviewVerdict::Accept {}).await.unwrap();
        // What it costs is shown before it is confirmed.
        assert_eq!((jobs.len(), jobs[0].state), (1, State::Draft));
        stage.endpoints.instead_of_writing(|orders| {
            let mut told = as_ordered(orders, 0);
            told.found[0] = Some(Err(ItemReason::Unwritten));
            told
        });
        stage.confirm(&jobs[0].id).await.unwrap();
        let job = stage.run_to_end(&jobs[0].id).await;
        assert_eq!((job.counts.succeeded, job.counts.failed), (1, 1));
        let review = queue(&stage).await;
        let waiting: Vec<_> = review
            .mails
            .iter()
            .map(|it| (it.why, &*it.because))
            .collect();
        assert_eq!(waiting, [(Why::Failed, ItemReason::Unwritten.text())]);
        // Accepted once more it is written.
        let again = decide(&stage, ReviewVerdict::Accept {}).await.unwrap();
        stage.confirm(&again[0].id).await.unwrap();
        assert_eq!(stage.run_to_end(&again[0].id).await.counts.succeeded, 1);
        assert_eq!((queue(&stage).await.total, in_drafts(&stage)), (0, 2));
    });
}
