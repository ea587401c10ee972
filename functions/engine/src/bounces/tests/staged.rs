//! Looks for reports on a stage: what they find, what they read again, and until when they go on.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::Duration;

use bulkhead_shared::api::{BounceKind, ScanState};
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use futures::executor::block_on;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::matching::SentMails;
use super::super::*;
use crate::jobs::draft;
use crate::ports::{Clock, Row, Table, TableError};
use crate::records::store::{load_job, load_text, text_row};
use crate::records::{BounceRecord, BounceWatchRecord};
use crate::testing::intercept::{self, Failure};
use crate::testing::mailbox::MemoryMailbox;
use crate::testing::stage::Stage;

async fn stage(mails: u64) -> Stage {
    Stage::new(MemoryMailbox::new(mails)).await.unwrap()
}

/// A job that would send mails to `p0` and so on.
async fn drafted(stage: &Stage, people: usize) -> JobId {
    let send = json!({"type": "bulk_send", "from": "ann@example.org", "subject": "Hi", "text": "Hello",
        "hold_seconds": 0});
    let rows = (0..people).map(|n| json!({"to": format!("p{n}@example.net")}));
    let rows: Vec<Value> = rows.collect();
    let operation: Operation = serde_json::from_value(send).unwrap();
    let selection = Selection::Rows { rows };
    let request = stage.request(operation, selection, JobOptions::default());
    let id = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS).await;
    id.unwrap()
}

/// A job that sent them.
async fn sent(stage: &Stage, people: usize) -> JobId {
    let id = drafted(stage, people).await;
    stage.confirm(&id).await.unwrap();
    let ended = stage.run_to_end(&id).await;
    assert_eq!(ended.counts.succeeded, people as u64);
    id
}

async fn record(stage: &Stage, id: &JobId) -> JobRecord {
    let stored = load_job(stage.table.as_ref(), id).await.unwrap();
    stored.unwrap().record
}

/// A report of the mail with this id, with so many bytes of words before what it tells.
fn report_of(id: &str, to: &str, words: usize) -> String {
    let words = "It failed.\r\n".repeat(words / 12);
    format!(
        "From: mailer-daemon@example.org\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\n{words}\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\n\r\n--b--\r\n"
    )
}

/// The id that the provider gave the last mail to this address.
fn theirs_of(stage: &Stage, to: &str) -> String {
    let delivered = stage.mailbox.delivered();
    let place = delivered.iter().rposition(|it| it.envelope.to == to);
    format!("theirs-{}@x.example", place.unwrap())
}

/// Asks for a look and lets it end.
async fn looked(stage: &Stage, job: &JobId) -> Bounces {
    look(&stage.ports, &stage.user, job).await.unwrap();
    stage.run().await.unwrap();
    of_job(&stage.ports, &stage.user, job).await.unwrap()
}

async fn known(stage: &Stage) -> Stored<BounceLookRecord> {
    load(&stage.ports, &stage.account).await.unwrap().unwrap()
}

/// Asks for a look that is as far as this says.
async fn asked(stage: &Stage, job: &JobId, change: impl FnOnce(&mut BounceLookRecord)) {
    look(&stage.ports, &stage.user, job).await.unwrap();
    let Stored {
        mut record,
        version,
    } = known(stage).await;
    change(&mut record);
    let row = text_row(names::bounce_look(&stage.account), version, &record, None);
    stage.table.put_many(vec![row.unwrap()]).await.unwrap();
}

#[test]
fn a_report_is_found_behind_a_long_text() {
    block_on(async {
        let stage = stage(2).await;
        let id = sent(&stage, 1).await;
        let ours = format!("{id}.0@example.org");
        stage
            .mailbox
            .write(1, &report_of(&ours, "p0@example.net", 300 << 10));
        assert_eq!(looked(&stage, &id).await.total, 0);
        stage
            .mailbox
            .write(2, &report_of(&ours, "p0@example.net", 250 << 10));
        asked(&stage, &id, |look| look.seen.clear()).await;
        stage.run().await.unwrap();
        let found = of_job(&stage.ports, &stage.user, &id).await.unwrap();
        let told = found.bounces.iter();
        let told: Vec<_> = told.map(|it| (it.kind, it.said.as_deref())).collect();
        assert_eq!(told, [(BounceKind::ForGood, None)], "it gives no reason");
    });
}

#[test]
fn every_mail_of_a_job_is_found_by_either_id() {
    block_on(async {
        let stage = stage(0).await;
        let other = sent(&stage, 5).await;
        stage.mailbox.trouble(|trouble| trouble.renames = true);
        let id = sent(&stage, 10).await;
        let mut mails = SentMails::of(&stage.ports, &stage.user, &stage.account);
        let stranger = "bob".parse().unwrap();
        let mut of_another = SentMails::of(&stage.ports, &stranger, &stage.account);
        let delivered = stage.mailbox.delivered();
        // Their reports come in turns, as long as both have any.
        let both = (0..5).flat_map(|n| [(&other, n), (&id, n)]);
        for (job, number) in both.chain((5..10).map(|n| (&id, n))) {
            let to = format!("p{number}@example.net");
            let ours = format!("{job}.{number}@example.org");
            assert!(delivered.iter().any(|letter| letter.id.as_str() == ours));
            let report = report::read(report_of(&ours, &to, 0).as_bytes()).unwrap();
            let found = mails.find(&report).await.unwrap();
            let found = found.map(|(sent, _)| (sent.job, sent.number, sent.item.to_string()));
            assert_eq!(found, Some((job.clone(), number, to.clone())));
            assert_eq!(of_another.find(&report).await.unwrap(), None);
            // It names another address, and another domain than the mail's.
            let wrong = report::read(report_of(&ours, "p11@example.net", 0).as_bytes()).unwrap();
            assert_eq!(mails.find(&wrong).await.unwrap(), None);
            let forged = format!("{job}.{number}@evil.example");
            let forged = report::read(report_of(&forged, &to, 0).as_bytes()).unwrap();
            assert_eq!(mails.find(&forged).await.unwrap(), None);
        }
        let beyond = format!("{id}.10@example.org");
        let beyond = report::read(report_of(&beyond, "p10@example.net", 0).as_bytes()).unwrap();
        assert_eq!(mails.find(&beyond).await.unwrap(), None);
        let mut theirs = Vec::new();
        for number in 0..10 {
            let to = format!("p{number}@example.net");
            let named = report_of(&theirs_of(&stage, &to), &to, 0);
            let report = report::read(named.as_bytes()).unwrap();
            let found = mails.find(&report).await.unwrap();
            theirs.extend(found.map(|(sent, _)| (sent.job, sent.number)));
        }
        let all: Vec<_> = (0..10).map(|number| (id.clone(), number)).collect();
        assert_eq!(theirs, all);
    });
}

/// The place of the mail that a report is about which names this id and this address.
async fn found(stage: &Stage, id: &str, to: &str) -> Result<Option<u64>, Error> {
    let report = report::read(report_of(id, to, 0).as_bytes()).unwrap();
    let mut mails = SentMails::of(&stage.ports, &stage.user, &stage.account);
    let found = mails.find(&report).await?;
    Ok(found.map(|(sent, _)| sent.number))
}

#[test]
fn what_jobs_left_that_sent_no_mails_is_not_read() {
    block_on(async {
        let stage = stage(3).await;
        let archived = stage.archived(JobOptions::default()).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.renames = true);
        sent(&stage, 1).await;
        let theirs = theirs_of(&stage, "p0@example.net");
        stage.table.busy_at(Some(names::after(&archived.id, 0)));
        let found = found(&stage, &theirs, "p0@example.net").await;
        assert_eq!(found.unwrap(), Some(0));
    });
}

#[test]
fn only_jobs_that_sent_mails_are_looked_into() {
    block_on(async {
        let stage = stage(3).await;
        let archived = stage.archived(JobOptions::default()).await.unwrap().id;
        for id in [archived, drafted(&stage, 1).await] {
            let refused = look(&stage.ports, &stage.user, &id).await.unwrap_err();
            let told = "This job has sent no mails.";
            assert!(matches!(refused, Error::NotPossible(why) if why == told));
        }
        assert!(load(&stage.ports, &stage.account).await.unwrap().is_none());
    });
}

#[test]
fn after_a_restart_a_look_that_is_under_way_is_asked_for_again() {
    block_on(async {
        let stage = stage(1).await;
        let id = sent(&stage, 1).await;
        let job = record(&stage, &id).await;
        begin(&stage.ports, &job, stage.clock.now()).await.unwrap();
        look(&stage.ports, &stage.user, &id).await.unwrap();
        let asked = async |is_restart: bool| {
            let before = stage.queue.sent();
            let key = names::bounce_watch(&stage.account);
            watch(&stage.ports, &key, is_restart).await.unwrap();
            stage.queue.sent() - before
        };
        assert_eq!((asked(false).await, asked(true).await), (0, 1));
        stage.run().await.unwrap();
        assert_eq!(known(&stage).await.record.standing.state, ScanState::Done);
        assert_eq!((asked(false).await, asked(true).await), (0, 0));
    });
}

#[test]
fn what_is_damaged_or_over_finds_nothing_and_what_is_busy_is_tried_again() {
    block_on(async {
        let stage = stage(0).await;
        stage.mailbox.trouble(|trouble| trouble.renames = true);
        let id = sent(&stage, 5).await;
        let find = async |id: &str, to: &str| found(&stage, id, to).await;
        let ours = format!("{id}.1@example.org");
        let theirs = theirs_of(&stage, "p1@example.net");
        let last = theirs_of(&stage, "p4@example.net");
        assert_eq!(find(&ours, "p1@example.net").await.unwrap(), Some(1));
        assert_eq!(find(&theirs, "p1@example.net").await.unwrap(), Some(1));
        let damage = async |key: crate::ports::Key| {
            let row = stage.table.get(&key).await.unwrap().unwrap();
            let damaged = Row {
                body: b"damaged".to_vec(),
                ..row
            };
            stage.table.put_many(vec![damaged]).await.unwrap();
        };
        for key in [names::after(&id, 0), names::prior(&id, 0)] {
            stage.table.busy_at(Some(key));
            let busy = find(&theirs, "p1@example.net")
                .await
                .and(find(&ours, "p1@example.net").await);
            assert!(
                matches!(busy, Err(Error::Table(TableError::Unavailable(_)))),
                "{busy:?}"
            );
            stage.table.busy_at(None);
        }
        damage(names::after(&id, 0)).await;
        assert_eq!(find(&theirs, "p1@example.net").await.unwrap(), None);
        assert_eq!(
            find(&last, "p4@example.net").await.unwrap(),
            Some(4),
            "in another row"
        );
        damage(names::prior(&id, 0)).await;
        assert_eq!(find(&ours, "p1@example.net").await.unwrap(), None);
    });
}

#[test]
fn a_look_reads_so_many_mails_and_remembers_so_many() {
    block_on(async {
        let stage = stage(3).await;
        let id = sent(&stage, 1).await;
        let now = stage.clock.now();
        // One before the last that it may read: it goes on with those of the same call.
        asked(&stage, &id, |look| {
            look.read = 4_999;
            look.seen = (0..6_000).map(|n| format!("{n}")).collect();
        })
        .await;
        stage.run().await.unwrap();
        let look = known(&stage).await.record;
        assert_eq!((look.read, look.standing.problem), (5_002, None));
        assert_eq!(
            (look.standing.state, look.whole_until),
            (ScanState::Done, Some(now))
        );
        assert_eq!((look.seen.len(), look.seen[0].as_str()), (6_000, "3"));
        // Twelve digits of each are enough.
        assert!(look.seen[5_997..].iter().all(|mark| mark.len() == 12));
        asked(&stage, &id, |look| {
            look.read = 5_000;
            look.whole_until = None;
            look.seen.clear();
        })
        .await;
        stage.run().await.unwrap();
        let look = known(&stage).await.record;
        let told = "Only the first 5000 reports were read.";
        assert_eq!(look.standing.problem.as_deref(), Some(told));
        assert_eq!(
            (look.read, look.whole_until, look.cursor),
            (5_000, None, None)
        );
    });
}

#[test]
fn a_look_that_could_not_see_everything_says_so_and_is_not_whole() {
    block_on(async {
        let stage = stage(3).await;
        let id = sent(&stage, 1).await;
        let dark = Unsearched {
            folder: "Old".to_owned(),
            why: UnsearchedWhy::NotLookedAt,
            items: Some(5),
        };
        let unsearched = vec![dark.clone()];
        stage
            .mailbox
            .trouble(|trouble| trouble.unsearched = unsearched);
        let look = looked(&stage, &id).await.look.unwrap();
        let told = bulkhead_shared::unsearched::summary(&[dark]);
        assert_eq!((look.state, look.problem), (ScanState::Done, Some(told)));
        assert_eq!(known(&stage).await.record.whole_until, None);
        stage.mailbox.trouble(|trouble| trouble.unsearched.clear());
        stage.clock.advance(Duration::from_secs(600));
        let begun = stage.clock.now();
        let look = looked(&stage, &id).await.look.unwrap();
        assert_eq!((look.state, look.problem), (ScanState::Done, None));
        assert_eq!(known(&stage).await.record.whole_until, Some(begun));
    });
}

#[test]
fn of_mails_that_came_back_the_first_thousand_are_told_and_all_are_counted() {
    block_on(async {
        let stage = stage(0).await;
        let id = sent(&stage, 1).await;
        let bounce = |number: u64| {
            let record = BounceRecord {
                number,
                item: format!("p{number}@example.net").parse().unwrap(),
                kind: BounceKind::ThisTime,
                reason: None,
                said: Some("552 full".to_owned()),
                at: stage.clock.now(),
            };
            (id.clone(), record)
        };
        let all: Vec<_> = (0..=1_000).rev().map(bounce).collect();
        rows::put(&stage.ports, &all).await.unwrap();
        let told = of_job(&stage.ports, &stage.user, &id).await.unwrap();
        assert_eq!((told.total, told.bounces.len()), (1_001, 1_000));
        let last = told.bounces.last().unwrap();
        assert_eq!(last.item.as_str(), "p999@example.net");
        assert_eq!(
            (last.said.as_deref(), last.at),
            (Some("552 full"), stage.clock.now())
        );
    });
}

#[test]
fn a_week_is_watched_from_five_minutes_after_a_job_that_sent_mails() {
    block_on(async {
        let stage = stage(2).await;
        let key = names::bounce_watch(&stage.account);
        let archive = Operation::Archive(Archive {});
        let other = stage
            .draft(archive, Stage::inbox(), JobOptions::default())
            .await
            .unwrap();
        stage.confirm(&other).await.unwrap();
        stage.run_to_end(&other).await;
        assert_eq!(
            stage.table.get(&key).await.unwrap(),
            None,
            "it sent nothing"
        );
        let id = sent(&stage, 1).await;
        let job = record(&stage, &id).await;
        let ended = Timestamp::from_second(1_800_000_000).unwrap();
        begin(&stage.ports, &job, ended).await.unwrap();
        let watch = async || {
            let row = stage.table.get(&key).await.unwrap().unwrap();
            let record = load_text::<BounceWatchRecord>(stage.table.as_ref(), &key).await;
            (row.due, record.unwrap().unwrap().record)
        };
        let minutes = |minutes: i64| ended + SignedDuration::from_mins(minutes);
        let (due, kept) = watch().await;
        assert_eq!((due, kept.next_at), (Some(minutes(5)), minutes(5)));
        assert_eq!(kept.until, minutes(7 * 24 * 60));
        // A look, and the next one an hour later.
        stage.clock.set(minutes(5) - SignedDuration::from_nanos(1));
        super::super::watch(&stage.ports, &key, false)
            .await
            .unwrap();
        assert!(load(&stage.ports, &stage.account).await.unwrap().is_none());
        stage.clock.set(minutes(5));
        super::super::watch(&stage.ports, &key, false)
            .await
            .unwrap();
        assert_eq!(known(&stage).await.record.begun_at, minutes(5));
        assert_eq!(watch().await.0, Some(minutes(65)));
        // The last look is due when the week is over, and none after that.
        stage.clock.set(minutes(7 * 24 * 60 - 60));
        super::super::watch(&stage.ports, &key, false)
            .await
            .unwrap();
        assert_eq!(watch().await.0, Some(minutes(7 * 24 * 60)));
        stage.clock.set(minutes(7 * 24 * 60));
        super::super::watch(&stage.ports, &key, false)
            .await
            .unwrap();
        assert_eq!(watch().await.0, None);
        // Another job that ends in the same moment gets the same look; what cannot be written is tried again.
        let failing = |failure| intercept::failing(&stage.ports, failure);
        let conflict = failing(|| Failure::Table(TableError::Conflict));
        begin(&conflict, &job, ended).await.unwrap();
        let busy = begin(&failing(|| Failure::Unavailable), &job, ended).await;
        assert!(matches!(busy, Err(Error::Table(_))), "{busy:?}");
        // A job that never began has sent nothing.
        let draft = record(&stage, &drafted(&stage, 1).await).await;
        begin(&busy_at_all(&stage), &draft, ended).await.unwrap();
    });
}

/// Ports whose table answers nothing.
fn busy_at_all(stage: &Stage) -> Ports {
    let by = intercept::by(|_, call| match call.is_of_table() {
        true => Err(Failure::Unavailable),
        false => Ok(()),
    });
    intercept::ports(&stage.ports, &by)
}

#[test]
fn what_was_found_goes_with_an_account_that_is_forgotten() {
    block_on(async {
        let stage = stage(1).await;
        let id = sent(&stage, 1).await;
        look(&stage.ports, &stage.user, &id).await.unwrap();
        let partition = names::bounces_partition(&stage.account);
        let rows = || -> Vec<Row> {
            let all = stage.table.rows().into_iter();
            all.filter(|row| row.key.partition == partition).collect()
        };
        let kept = rows();
        assert_eq!(kept.len(), 2);
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        crate::accounts::delete(&stage.ports, &stage.user, account.unwrap())
            .await
            .unwrap();
        // Written by a worker that had not heard of it.
        stage.table.put_many(kept).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(rows(), []);
    });
}
