//! A table as the first release left it, with jobs in every state: this one goes on with it.

use std::collections::BTreeMap;
use std::time::Duration;

use bulkhead_engine::jobs::history::{self, Listed};
use bulkhead_engine::jobs::{children, control, preview, results};
use bulkhead_engine::kinds::mail::Place;
use bulkhead_engine::ports::{Expect, Key, Listing, Message, Row, Table, Write};
use bulkhead_engine::testing::mailbox::{Mail, MemoryMailbox};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_engine::{audit, jobs::draft};
use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Label, MarkRead, Operation};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use bulkhead_shared::selection::Selection;
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::Value;

use super::read;

/// What the first release left: a table, a mailbox and the time.
struct Old {
    stage: Stage,
    jobs: BTreeMap<String, JobId>,
}

impl Old {
    async fn new() -> Self {
        let world: Value = serde_json::from_slice(&read(1, "world.json")).unwrap();
        let mails = world["mails"].as_array().unwrap().iter().map(mail);
        let mailbox = MemoryMailbox::of(mails).limited_to(1_000, 60);
        let stage = Stage::new(mailbox).await.unwrap();
        assert_eq!(world["account"], stage.account.as_str());
        stage
            .clock
            .set(world["now"].as_str().unwrap().parse().unwrap());
        let table = String::from_utf8(read(1, "table.jsonl")).unwrap();
        for line in table.lines() {
            let row = row(&serde_json::from_str(line).unwrap());
            let put = Write::Put(row, Expect::Anything);
            stage.table.write(vec![put]).await.unwrap();
        }
        let jobs = serde_json::from_value(world["jobs"].clone()).unwrap();
        Self { stage, jobs }
    }

    async fn job(&self, name: &str) -> Job {
        self.stage.job(&self.jobs[name]).await.unwrap()
    }

    /// Lets a job go on to its end.
    async fn end(&self, name: &str) -> Job {
        self.stage.run_to_end(&self.jobs[name]).await
    }

    /// How often these mails were really changed, and the folders they are in.
    fn found(&self, identities: std::ops::RangeInclusive<u64>) -> Vec<(u32, String)> {
        let mails = self.stage.mailbox.mails().into_iter();
        mails
            .filter(|mail| identities.contains(&mail.identity))
            .map(|mail| (mail.touched, mail.place.folder))
            .collect()
    }
}

fn mail(stored: &Value) -> Mail {
    let number = |name: &str| stored[name].as_u64().unwrap();
    Mail {
        identity: number("identity"),
        uid: number("uid"),
        place: Place {
            folder: stored["folder"].as_str().unwrap().to_owned(),
            flags: serde_json::from_value(stored["flags"].clone()).unwrap(),
        },
        version: number("version"),
        touched: u32::try_from(number("touched")).unwrap(),
        tag: stored["tag"].as_str().map(str::to_owned),
        received: None,
    }
}

fn row(line: &Value) -> Row {
    let text = |name: &str| line[name].as_str().unwrap().to_owned();
    let body = match line["body"]["packed"].as_str() {
        Some(hex) => bytes(hex),
        None => serde_json::to_vec(&line["body"]["text"]).unwrap(),
    };
    let listing: Option<(String, String)> =
        serde_json::from_value(line["listing"].clone()).unwrap();
    Row {
        key: Key {
            partition: text("partition"),
            sort: text("sort"),
        },
        version: line["version"].as_u64().unwrap(),
        body,
        expires: serde_json::from_value(line["expires"].clone()).unwrap(),
        listing: listing.map(|(owner, place)| Listing { owner, place }),
        due: serde_json::from_value(line["due"].clone()).unwrap(),
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex
        .as_bytes()
        .chunks(2)
        .map(|two| std::str::from_utf8(two).unwrap());
    digits
        .map(|two| u8::from_str_radix(two, 16).unwrap())
        .collect()
}

fn options() -> JobOptions {
    JobOptions {
        batch_size: Some(4),
        parallel_chunks: Some(1),
        brake: Some(Brake {
            enabled: false,
            ..Brake::default()
        }),
        ..JobOptions::default()
    }
}

#[test]
fn its_history_its_outcomes_and_its_audit_trail_are_read() {
    block_on(async {
        let old = Old::new().await;
        let (ports, user) = (&old.stage.ports, &old.stage.user);
        let jobs = history::page(ports, user, Listed::default(), None, 50)
            .await
            .unwrap()
            .jobs;
        assert_eq!(jobs.len(), old.jobs.len());
        let done = &old.jobs["done"];
        let items = results::items(ports, user, done, None, None, 50)
            .await
            .unwrap()
            .items;
        assert_eq!(items.len(), 10);
        let failed = items
            .iter()
            .find(|item| item.outcome == Some(Outcome::Failed));
        assert_eq!(failed.unwrap().reason, Some(ItemReason::Refused));
        let events = audit::list(ports, user, None, 200).await.unwrap().events;
        assert!(events.len() > 20);
        for pair in events.windows(2) {
            assert_eq!(pair[0].previous, pair[1].hash);
        }
        for event in &events {
            assert_eq!(audit::digest(event).unwrap(), event.hash);
        }
    });
}

#[test]
fn what_it_did_can_be_taken_back_and_tried_again() {
    block_on(async {
        let old = Old::new().await;
        let before = old.found(1..=10);
        assert_eq!(
            before
                .iter()
                .filter(|(_, folder)| folder == "Archive")
                .count(),
            9
        );
        let undone = old.stage.undo(&old.jobs["done"]).await.unwrap();
        assert_eq!(
            (undone.state, undone.counts.succeeded),
            (State::Completed, 9)
        );
        assert!(
            old.found(1..=10)
                .iter()
                .all(|(_, folder)| folder == "INBOX")
        );

        let (ports, user) = (&old.stage.ports, &old.stage.user);
        let retry = children::retry(ports, user, &old.jobs["done"], 50)
            .await
            .unwrap();
        old.stage.run().await.unwrap();
        old.stage.confirm(&retry).await.unwrap();
        old.stage.run().await.unwrap();
        let retried = old.stage.job(&retry).await.unwrap();
        assert_eq!((retried.total, retried.counts.succeeded), (1, 1));
    });
}

#[test]
fn its_drafts_can_be_confirmed() {
    block_on(async {
        let old = Old::new().await;
        let shown = preview::preview(&old.stage.ports, &old.stage.user, &old.jobs["undo"]).await;
        assert_eq!(shown.unwrap().undo.unwrap().can_go_back, 6);
        for name in ["undo", "draft"] {
            old.stage.confirm(&old.jobs[name]).await.unwrap();
            let job = old.end(name).await;
            // Some were read by another job that the sweep went on with.
            let counts = (job.counts.succeeded + job.counts.skipped, job.total);
            assert_eq!(job.state, State::Completed, "{name}");
            assert_eq!(counts.0, counts.1, "{name}");
        }
        assert!(
            old.found(11..=16)
                .iter()
                .all(|(_, folder)| folder == "INBOX")
        );
    });
}

#[test]
fn its_key_still_stands_for_the_same_job() {
    block_on(async {
        let old = Old::new().await;
        let stage = &old.stage;
        let Selection::Ids { ids } = stage.these([61, 62, 63]) else {
            panic!("ids");
        };
        let query = "in:inbox unread".to_owned();
        let selection = Selection::Query { query, except: ids };
        let request = stage.request(Operation::MarkRead(MarkRead {}), selection, options());
        let again = draft::create(&stage.ports, &stage.user, Some("key"), request, 50).await;
        assert_eq!(again.unwrap(), old.jobs["draft"]);
    });
}

#[test]
fn what_it_held_and_what_it_began_goes_on() {
    block_on(async {
        let old = Old::new().await;
        let stage = &old.stage;
        control::resume(&stage.ports, &stage.user, &old.jobs["held"])
            .await
            .unwrap();
        stage.clock.advance(Duration::from_secs(700));
        for (name, done, skipped) in [("held", 8, 0), ("drifted", 6, 2), ("waits", 8, 0)] {
            let job = old.end(name).await;
            assert_eq!(job.state, State::Completed, "{name}");
            let counts = (job.counts.succeeded, job.counts.skipped);
            assert_eq!(counts, (done, skipped), "{name}");
        }
    });
}

#[test]
fn invariant_3_what_it_did_without_an_answer_is_not_done_twice() {
    block_on(async {
        let old = Old::new().await;
        assert_eq!(old.found(49..=52), vec![(1, "Archive".to_owned()); 4]);
        let job = old.end("lost").await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
        assert_eq!(old.found(49..=56), vec![(1, "Archive".to_owned()); 8]);
        let undone = old.stage.undo(&job.id).await.unwrap();
        assert_eq!(undone.counts.succeeded, 8);
    });
}

#[test]
fn a_plan_that_it_put_down_goes_on_to_the_hash_of_one_made_anew() {
    block_on(async {
        let old = Old::new().await;
        let job = old.jobs["half"].clone();
        // Another job of the account was asked to wait, and planners keep to that.
        old.stage.clock.advance(Duration::from_secs(700));
        let deadline = old.stage.ports.clock.now() + SignedDuration::from_secs(30);
        let go_on = Message::Plan { job };
        work::handle(&old.stage.ports, &go_on, deadline)
            .await
            .unwrap();
        let half = old.job("half").await;
        assert_eq!(half.state, State::Draft);
        let label = Operation::Label(Label {
            add: vec!["half".into()],
            remove: vec![],
        });
        let anew = old
            .stage
            .draft(label, Stage::inbox(), options())
            .await
            .unwrap();
        let anew = old.stage.job(&anew).await.unwrap();
        assert_eq!(
            (half.total, half.manifest_hash),
            (anew.total, anew.manifest_hash)
        );
    });
}
