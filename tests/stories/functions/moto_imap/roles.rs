//! Roles: after everything that a person can do was done, no function was denied anything, and each
//! has needed all that it is allowed.

use std::collections::BTreeSet;
use std::time::Duration;

use bulkhead_cloud::aws::Trouble;
use bulkhead_cloud::often::Often;
use bulkhead_cloud::sqs::NewMessage;
use bulkhead_shared::api::{Job, Learned, NewJob, Rules, ScanState, Suggestions};
use bulkhead_shared::operations::{Archive, Export, ExportFormat, Label, MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::api::Api;
use bulkhead_tests::functions::{Expected, Wishes};
use reqwest::Method;
use serde_json::json;

use super::{World, all_succeeded, connection};

const FUNCTIONS: [&str; 6] = [
    "submit",
    "browse",
    "status",
    "worker",
    "sweep",
    "dead-letter",
];
/// One more than a chunk holds, so that somebody has to ask for the next one.
const MAILS: usize = 1_001;
/// Longer than the queue hides a message (the template's six minutes).
const HIDDEN: Duration = Duration::from_secs(361);

/// Allowed, and needed only when something happens that does not happen here.
const SPARE: [(&str, &str); 5] = [
    // A provider hands out other credentials.
    ("browse", "kms:GenerateDataKey"),
    ("worker", "kms:GenerateDataKey"),
    // A mail goes out, which is a story of its own.
    ("worker", "s3:ListBucket"),
    // An upload that breaks off half-way leaves parts that are paid for.
    ("browse", "s3:AbortMultipartUpload"),
    ("worker", "s3:AbortMultipartUpload"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_function_may_do_what_it_does_not_need() {
    let world = World::with_mails(MAILS, Wishes::default()).await;
    read_everything(&world).await;
    take_advice(&world).await;
    follow_a_rule(&world).await;
    change_everything(&world).await;
    a_letter_is_buried(&world).await;
    a_worker_dies(&world).await;
    world.cloud.function("Submit").recycle();
    assert!(world.api.test(&world.account).await.ok);
    // The same account with new credentials: jobs that waited for them go on.
    let again = world.api.connect(&connection(&world.dovecot)).await;
    assert_eq!(again.id, world.account);
    let path = format!("/accounts/{}", world.account);
    let gone = Api::send(world.api.request(Method::DELETE, &path)).await;
    gone.unwrap().success();
    for who in FUNCTIONS {
        let mut unused = world.cloud.aws.unused(who);
        unused.retain(|(action, _)| !SPARE.contains(&(who, action.as_str())));
        assert_eq!(unused, BTreeSet::new(), "{who}");
    }
    let expected = Expected {
        deaths: true,
        errors: &["Given up."],
    };
    world.stop(expected).await;
}

async fn read_everything(world: &World) {
    let api = &world.api;
    api.folders(&world.account).await;
    let items = api.items(&world.account, "in:inbox").await;
    assert_eq!(items.len(), MAILS);
    api.jobs().await;
    api.audit().await;
}

/// The mailbox is looked through by a worker, and a person puts right what was learned.
async fn take_advice(world: &World) {
    let api = &world.api;
    let path = format!("/accounts/{}/suggestions", world.account);
    api.post(&path, &json!(null)).await.success();
    let mut told: Suggestions = api.get(&path).await.success().json();
    while told.advice.as_ref().unwrap().state == ScanState::Running {
        tokio::time::sleep(Duration::from_millis(100)).await;
        told = api.get(&path).await.success().json();
    }
    assert_eq!(told.advice.unwrap().state, ScanState::Done);
    let path = format!("/accounts/{}/learned", world.account);
    let source = "from:keeper1@example.com";
    let correction = json!({"source": source, "action": "archive", "decision": "keep"});
    let put = api.request(Method::PUT, &path).json(&correction);
    Api::send(put).await.unwrap().success();
    let learned: Learned = api.get(&path).await.success().json();
    assert_eq!(learned.lessons[0].source, source);
    let forget = api.request(Method::DELETE, &path);
    Api::send(forget).await.unwrap().success();
}

/// A rule is written, tested by a worker, switched on, run, and taken back.
async fn follow_a_rule(world: &World) {
    let api = &world.api;
    let path = format!("/accounts/{}/rules", world.account);
    let save = async |version: u64, rule: serde_json::Value| {
        let body = json!({"version": version, "rules": [rule]});
        let put = api.request(Method::PUT, &path).json(&body);
        Api::send(put).await.unwrap().success().json::<Rules>()
    };
    let words = json!({
        "name": "Kept", "senders": ["keeper1@example.com"], "operation": {"type": "star"},
    });
    let saved = save(0, json!({"rule": words})).await;
    let id = saved.rules[0].id.clone();
    let look = async |wanted: &str| {
        let asked = json!({"rule": id, "wanted": wanted});
        api.post(&format!("{path}/look"), &asked).await.success();
        loop {
            let told: Rules = api.get(&path).await.success().json();
            match told.look.as_ref().unwrap().state {
                ScanState::Running => tokio::time::sleep(Duration::from_millis(100)).await,
                ScanState::Done => return told,
                ScanState::Failed => panic!("{:?}", told.look),
            }
        }
    };
    let tested = look("test").await;
    let test = tested.rules[0].test.as_ref().unwrap();
    assert!(test.is_current && !test.unknown.is_empty());
    let on = json!({"id": id, "state": "on", "rule": words});
    save(tested.version, on).await;
    assert_eq!(look("run").await.look.unwrap().found, 1);
    let draft = api
        .post(&format!("{path}/draft"), &json!({"rule": id}))
        .await;
    let job: Job = draft.success().json();
    api.confirm(&job.id).await;
    all_succeeded(&api.wait_for_end(&job.id).await);
    all_succeeded(&api.undo(&job.id).await);
}

async fn change_everything(world: &World) {
    let api = &world.api;
    let job = api
        .run(&world.account, Operation::Archive(Archive {}), "in:inbox")
        .await;
    all_succeeded(&job);
    all_succeeded(&api.undo(&job.id).await);
    let format = ExportFormat::Mbox;
    let export = Operation::Export(Export { format });
    let job = api.run(&world.account, export, "in:inbox").await;
    api.export(&job.id).await;
    let results = api.get(&format!("/jobs/{}/results.csv", job.id)).await;
    results.success();
    let items = api.items(&world.account, "in:inbox").await;
    let ids = items.into_iter().map(|item| item.id).collect();
    let picked = NewJob {
        account: world.account.clone(),
        operation: Operation::MarkRead(MarkRead {}),
        selection: Selection::Ids { ids },
        options: JobOptions::default(),
        confirm: None,
    };
    let draft = api.draft(&picked).await;
    api.control(&draft.id, "cancel").await;
}

/// A few batches, one after the other.
async fn confirm_slowly(world: &World, operation: Operation) -> Job {
    let options = JobOptions {
        batch_size: Some(300),
        parallel_chunks: Some(1),
        delay_between_batches: Some(3.0),
        ..JobOptions::default()
    };
    let api = &world.api;
    let draft = api
        .draft_query(&world.account, operation, "in:inbox", options)
        .await;
    api.confirm(&draft.id).await
}

/// A message about the first chunk is among the dead letters, before anybody worked on it.
async fn a_letter_is_buried(world: &World) {
    let starred = Operation::Label(Label {
        add: vec!["zebra".into()],
        remove: Vec::new(),
    });
    let one_lane = JobOptions {
        parallel_chunks: Some(1),
        ..JobOptions::default()
    };
    let api = &world.api;
    let job = api
        .draft_query(&world.account, starred, "in:inbox", one_lane)
        .await;
    let busy = Trouble {
        actions: "dynamodb:*".to_owned(),
        throttled: Often::Share(1.0),
        ..Trouble::default()
    };
    world.cloud.aws.trouble("worker", busy);
    api.confirm(&job.id).await;
    let letter = json!({"kind": "chunk", "job": job.id, "chunk": 0}).to_string();
    let dead = world.cloud.queue("DeadLetters");
    let sqs = world.cloud.aws.sqs();
    sqs.send(&dead, NewMessage::of(letter)).unwrap();
    let chunk = MAILS as u64 - 1;
    let ended = |job: &Job| job.counts.failed == chunk;
    api.wait_until(&job.id, "given up", ended).await;
    world.cloud.aws.calm();
    let job = api.wait_for_end(&job.id).await;
    assert_eq!((job.counts.succeeded, job.counts.failed), (1, chunk));
}

/// The sweep finds what a dead worker held.
async fn a_worker_dies(world: &World) {
    let slow = Trouble {
        actions: "dynamodb:*".to_owned(),
        delay: Duration::from_millis(100),
        ..Trouble::default()
    };
    world.cloud.aws.trouble("worker", slow);
    let job = confirm_slowly(world, Operation::Archive(Archive {})).await;
    let begun = |job: &Job| job.counts.running > 0;
    loop {
        world.api.wait_until(&job.id, "begun", begun).await;
        // It may have come to the end of its batch since.
        if world.cloud.function("Worker").kill_busy() > 0 {
            break;
        }
    }
    world.cloud.aws.calm();
    all_succeeded(&world.api.wait_for_end(&job.id).await);
    world.cloud.aws.clock().advance(HIDDEN);
    world.cloud.rest().await;
}
