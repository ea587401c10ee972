//! The main job in good weather: sign in, connect, draft, look, confirm, follow, undo; and a file.

use bulkhead_shared::api::{Accounts, Link, SignIn};
use bulkhead_shared::operations::{Archive, Export, ExportFormat, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::api::Api;
use bulkhead_tests::functions::{Expected, Wishes};
use reqwest::StatusCode;

use super::{World, all_succeeded};

const MAILS: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn archives_through_the_functions_and_takes_it_back() {
    let mut world = World::with_mails(MAILS, Wishes::default()).await;
    let before = world.mailbox();
    let nobody = world.cloud.api_with(String::new());
    let sign_in: SignIn = nobody.get("/sign-in").await.success().json();
    let client = world.cloud.sign_in.client();
    assert!(matches!(sign_in, SignIn::Hosted { client: told, .. } if told == client));
    assert!(world.api.test(&world.account).await.ok);

    let api = &world.api;
    let options = JobOptions {
        batch_size: Some(50),
        parallel_chunks: Some(4),
        ..JobOptions::default()
    };
    let draft = api
        .draft_query(
            &world.account,
            Operation::Archive(Archive {}),
            "in:inbox",
            options,
        )
        .await;
    assert_eq!(draft.total, MAILS as u64);
    let preview = api.preview(&draft.id).await;
    assert_eq!(Some(preview.manifest_hash.clone()), draft.manifest_hash);
    assert_eq!(world.mailbox(), before, "a draft touches nothing");

    let api = &world.api;
    api.confirm(&draft.id).await;
    let job = api.wait_for_end(&draft.id).await;
    all_succeeded(&job);
    let after = world.mailbox();
    assert_eq!(after[0].1, []);
    assert_eq!(after[1].1, before[0].1, "flags and dates are as they were");

    let api = &world.api;
    let outcomes = api.outcomes(&job.id, Some("succeeded")).await;
    assert_eq!(outcomes.len(), MAILS);
    let csv = api.get(&format!("/jobs/{}/results.csv", job.id)).await;
    assert_eq!(csv.success().text().lines().count(), MAILS + 1);
    others_see_nothing(&world, job.id.as_str()).await;

    let undo = world.api.undo(&job.id).await;
    all_succeeded(&undo);
    assert_eq!(world.mailbox(), before);
    world.stop(Expected::default()).await;
}

/// Invariant 6: what is somebody else's is answered like what does not exist.
async fn others_see_nothing(world: &World, job: &str) {
    let other = world.cloud.api("giraffe-keeper");
    let accounts: Accounts = other.get("/accounts").await.success().json();
    assert_eq!(accounts.accounts, []);
    assert_eq!(other.jobs().await.len(), 0);
    let missing = "arc_01JZZZZZZZZZZZZZZZZZZZZZZZ";
    for path in ["", "/preview", "/items", "/results.csv", "/export"] {
        let theirs = other.get(&format!("/jobs/{job}{path}")).await;
        let none = other.get(&format!("/jobs/{missing}{path}")).await;
        let both = (theirs.status, none.status);
        assert_eq!(
            both,
            (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
            "{path}"
        );
        assert_eq!(theirs.problem().code, none.problem().code);
    }
    let account = &world.account;
    let folders = other.get(&format!("/accounts/{account}/folders")).await;
    assert_eq!(folders.status, StatusCode::NOT_FOUND);
    for token in [
        world.cloud.sign_in.expired_token_for("zebra-keeper"),
        world.cloud.sign_in.forged_token_for("zebra-keeper"),
        String::new(),
    ] {
        let answer = world.cloud.api_with(token).get("/jobs").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_handed_out_and_comes_whole() {
    let world = World::with_mails(120, Wishes::default()).await;
    let export = Operation::Export(Export {
        format: ExportFormat::Mbox,
    });
    let job = world.api.run(&world.account, export, "in:inbox").await;
    all_succeeded(&job);
    // By a link, as a browser takes it: no token comes along.
    let path = format!("/jobs/{}/export/link", job.id);
    let link: Link = world.api.get(&path).await.success().json();
    assert!(link.until.is_some());
    let plain = bulkhead_cloud::http_client::plain();
    let linked = Api::send(plain.get(&link.url)).await.unwrap().success();
    // And by the redirect, as a script takes it.
    let file = world.api.export(&job.id).await;
    for answer in [linked, file] {
        let text = answer.text();
        let mails = text.lines().filter(|line| line.starts_with("From "));
        assert_eq!(mails.count(), 120);
        assert!(text.contains("Subject: zebra 00119"));
        let disposition = answer.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment"), "{disposition}");
    }
    // Gone is gone (invariant 7): the address ends by itself.
    let late = std::time::Duration::from_secs(25 * 3_600);
    world.cloud.aws.clock().advance(late);
    let late = Api::send(plain.get(&link.url)).await.unwrap();
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    world.stop(Expected::default()).await;
}
