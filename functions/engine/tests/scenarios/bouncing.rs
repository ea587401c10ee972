//! Mails that came back are looked for in the background, each report once; what is found stands beside its job.

use std::time::Duration;

use bulkhead_engine::access;
use bulkhead_engine::bounces;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::draft;
use bulkhead_engine::ports::{Clock, Message};
use bulkhead_engine::suppression;
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::api::{BounceKind, Bounces, ScanState};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Operation, TestDeliver};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::selection::Selection;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{options, stage};

/// A job that sent mails to `p0` and so on.
async fn sent(stage: &Stage, people: usize) -> JobId {
    let send = json!({"type": "bulk_send", "from": "ann@example.org", "subject": "Hi", "text": "Hello",
        "hold_seconds": 0});
    let operation: Operation = serde_json::from_value(send).unwrap();
    let rows = (0..people).map(|n| json!({"to": format!("p{n}@example.net")}));
    let rows: Vec<Value> = rows.collect();
    let request = stage.request(operation, Selection::Rows { rows }, options());
    let id = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS)
        .await
        .unwrap();
    stage.confirm(&id).await.unwrap();
    let job = stage.run_to_end(&id).await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, people as u64)
    );
    id
}

/// A report that says this of the mail at a place.
fn report(job: &JobId, place: u64, to: &str, status: &str, said: &str) -> String {
    format!(
        "From: mailer-daemon@example.org\r\nSubject: failed\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; {said}\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: <{job}.{place}@example.org>\r\nTo: {to}\r\n\r\n--b--\r\n"
    )
}

async fn look(stage: &Stage, job: &JobId) -> Bounces {
    bounces::look(&stage.ports, &stage.user, job).await.unwrap()
}

async fn told(stage: &Stage, job: &JobId) -> Bounces {
    bounces::of_job(&stage.ports, &stage.user, job)
        .await
        .unwrap()
}

async fn suppressed(stage: &Stage) -> Vec<String> {
    let account = access::account(&stage.ports, &stage.user, &stage.account)
        .await
        .unwrap();
    let page = suppression::page(&stage.ports, &account, None, None, 50).await;
    let known = page.unwrap().addresses.into_iter();
    known.map(|it| it.address).collect()
}

#[test]
fn bounces_are_found_beside_the_job_and_its_counts_stay() {
    block_on(async {
        let stage = stage(6).await;
        let id = sent(&stage, 4).await;
        let before = stage.job(&id).await.unwrap();
        let other = "snd_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
        stage.mailbox.write(
            1,
            &report(&id, 1, "P1@example.NET", "5.1.1", "550 5.1.1 unknown user"),
        );
        stage.mailbox.write(
            2,
            &report(&id, 2, "p2@example.net", "5.2.2", "552 5.2.2 full"),
        );
        // Of another mail than it names, of no mail of this job, and of nobody's job.
        stage
            .mailbox
            .write(3, &report(&id, 0, "p3@example.net", "5.1.1", "550 no"));
        stage
            .mailbox
            .write(4, &report(&id, 9, "p9@example.net", "5.1.1", "550 no"));
        stage
            .mailbox
            .write(5, &report(&other, 0, "p0@example.net", "5.1.1", "550 no"));
        assert_eq!(told(&stage, &id).await.look, None);
        assert_eq!(
            look(&stage, &id).await.look.unwrap().state,
            ScanState::Running
        );
        stage.run().await.unwrap();
        let found = told(&stage, &id).await;
        let seen = found.look.unwrap();
        assert_eq!(
            (seen.state, seen.read, seen.problem),
            (ScanState::Done, 6, None)
        );
        let seen = found
            .bounces
            .iter()
            .map(|it| (it.item.as_str(), it.kind, it.reason));
        let expected = [
            (
                "p1@example.net",
                BounceKind::ForGood,
                Some(ItemReason::NoSuchRecipient),
            ),
            (
                "p2@example.net",
                BounceKind::ThisTime,
                Some(ItemReason::RecipientFull),
            ),
        ];
        assert_eq!(seen.collect::<Vec<_>>(), expected);
        assert_eq!(suppressed(&stage).await, ["p1@example.net"]);
        let after = stage.job(&id).await.unwrap();
        assert_eq!(
            (after.counts, after.version),
            (before.counts, before.version)
        );
        // Read once.
        look(&stage, &id).await;
        stage.run().await.unwrap();
        assert_eq!(told(&stage, &id).await.look.unwrap().read, 0);
        assert_eq!(told(&stage, &id).await.total, 2);
    });
}

#[test]
fn bounces_are_looked_for_by_themselves_for_a_week() {
    block_on(async {
        let stage = stage(3).await;
        let id = sent(&stage, 2).await;
        stage.sweep().await.unwrap();
        assert_eq!(told(&stage, &id).await.look, None, "not at once");
        let mut looks = 0;
        for _ in 0..24 * 9 {
            stage.clock.advance(Duration::from_secs(3_600));
            let before = told(&stage, &id).await.look.map(|look| look.at);
            stage.sweep().await.unwrap();
            stage.run().await.unwrap();
            let after = told(&stage, &id).await.look.map(|look| look.at);
            looks += u32::from(before != after);
        }
        assert!((100..=170).contains(&looks), "{looks}");
    });
}

#[test]
fn bounces_are_looked_for_again_after_trouble_and_given_up_in_the_end() {
    block_on(async {
        let stage = stage(3).await;
        let id = sent(&stage, 2).await;
        stage
            .mailbox
            .write(2, &report(&id, 0, "p0@example.net", "5.1.1", "550 no"));
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        look(&stage, &id).await;
        for _ in 0..2 {
            stage.clock.advance(Duration::from_secs(600));
            assert!(stage.step().await.unwrap());
        }
        let seen = told(&stage, &id).await.look.unwrap();
        assert_eq!(seen.state, ScanState::Running, "it is tried again");
        stage.mailbox.trouble(|trouble| trouble.unreachable = false);
        stage.run().await.unwrap();
        let found = told(&stage, &id).await;
        let seen = (found.look.unwrap().state, found.total);
        assert_eq!(seen, (ScanState::Done, 1));
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        stage.clock.advance(Duration::from_secs(600));
        look(&stage, &id).await;
        stage.run().await.unwrap();
        let found = told(&stage, &id).await;
        let look = found.look.unwrap();
        assert_eq!((look.state, found.total), (ScanState::Failed, 1));
        assert!(look.problem.is_some());
    });
}

#[test]
fn bounces_without_time_are_put_down_and_asked_for_again() {
    block_on(async {
        let stage = stage(3).await;
        let id = sent(&stage, 2).await;
        stage
            .mailbox
            .write(1, &report(&id, 1, "p1@example.net", "5.1.1", "550 no"));
        look(&stage, &id).await;
        let message = Message::Bounces {
            owner: stage.user.clone(),
            account: stage.account.clone(),
        };
        let deadline = stage.clock.now() + SignedDuration::from_secs(2);
        work::handle(&stage.ports, &message, deadline)
            .await
            .unwrap();
        let look = told(&stage, &id).await.look.unwrap();
        assert_eq!((look.state, look.read), (ScanState::Running, 0));
        stage.run().await.unwrap();
        let found = told(&stage, &id).await;
        assert_eq!(
            (found.look.unwrap().state, found.total),
            (ScanState::Done, 1)
        );
        let ended = work::dead_letter(&stage.ports, &message).await.unwrap();
        assert!(!ended, "there is nothing to give up");
    });
}

#[test]
fn after_a_restart_a_look_whose_message_was_lost_goes_on_at_once() {
    block_on(async {
        let stage = stage(3).await;
        let id = sent(&stage, 1).await;
        look(&stage, &id).await;
        stage.queue.clear();
        let now = stage.clock.now();
        sweep(&stage.ports, Holders::Gone, Timestamp::MAX)
            .await
            .unwrap();
        while stage.step().await.unwrap() {}
        let seen = told(&stage, &id).await.look.unwrap();
        assert_eq!((seen.state, stage.clock.now()), (ScanState::Done, now));
    });
}

#[test]
fn bounces_are_of_jobs_that_sent_mails() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let deliver = Operation::TestDeliver(TestDeliver {});
        let id = stage
            .draft(deliver, Stage::inbox(), options())
            .await
            .unwrap();
        let refused = bounces::look(&stage.ports, &stage.user, &id).await;
        assert!(matches!(refused, Err(Error::NotPossible(_))), "{refused:?}");
        let bob = "bob".parse().unwrap();
        let id = sent(&stage, 1).await;
        for refused in [
            bounces::look(&stage.ports, &bob, &id).await,
            bounces::of_job(&stage.ports, &bob, &id).await,
        ] {
            assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        }
    });
}

/// A report of a mail whose id its provider replaced.
fn report_of(id: &str, to: &str) -> String {
    let ours: JobId = "snd_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
    let report = report(&ours, 7, to, "5.1.1", "550 5.1.1 unknown user");
    report.replace(&format!("{ours}.7@example.org"), id)
}

#[test]
fn a_report_that_names_the_id_of_the_provider_is_matched_by_that() {
    block_on(async {
        let stage = stage(6).await;
        stage.mailbox.trouble(|trouble| trouble.renames = true);
        let other = sent(&stage, 2).await;
        let id = sent(&stage, 4).await;
        // The third mail of the second job, and one of nobody under an id like it.
        for (mail, named, to) in [
            (
                1,
                "theirs-4@eu-central-1.amazonses.example",
                "p2@example.net",
            ),
            (2, "theirs-5", "p3@example.net"),
            (
                3,
                "theirs-40@eu-central-1.amazonses.example",
                "p1@example.net",
            ),
            (
                4,
                "theirs-3@eu-central-1.amazonses.example",
                "p0@example.net",
            ),
        ] {
            stage.mailbox.write(mail, &report_of(named, to));
        }
        look(&stage, &id).await;
        stage.run().await.unwrap();
        let found = told(&stage, &id).await.bounces;
        let mut found: Vec<_> = found.iter().map(|it| it.item.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, ["p2@example.net", "p3@example.net"]);
        assert!(told(&stage, &other).await.bounces.is_empty());
    });
}
