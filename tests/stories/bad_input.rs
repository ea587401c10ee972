//! What a careless or hostile caller sends: every answer is a problem that names what is wrong.

use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::problem::{Code, Problem};
use bulkhead_tests::api::{Answer, Api};
use bulkhead_tests::driver::Bulkhead;
use reqwest::Method;
use serde_json::{Value, json};

/// A well-formed id that belongs to nobody.
const NOBODYS_JOB: &str = "arc_01arz3ndektsv4rrffq69g5fav";
const NOBODYS_ACCOUNT: &str = "acc_01arz3ndektsv4rrffq69g5fav";

async fn refused(server: &Bulkhead, body: &Value) -> Problem {
    server.api.post("/jobs", body).await.problem()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_draft_is_refused_with_its_field() {
    let server = Bulkhead::with_mails(50).await;
    let account = server.api.sandbox().await;
    let draft = |operation: Value, selection: Value, options: Value| json!({"account": account, "operation": operation, "selection": selection, "options": options});
    let archive = || json!({"type": "archive"});
    let all = || json!({"query": ""});
    let label = |name: &str| json!({"type": "label", "add": [name]});
    let cases = [
        (
            "options.batch_size",
            draft(archive(), all(), json!({"batch_size": 5_000})),
        ),
        (
            "options.parallel_chunks",
            draft(archive(), all(), json!({"parallel_chunks": 0})),
        ),
        (
            "options.max_retries",
            draft(archive(), all(), json!({"max_retries": 11})),
        ),
        (
            "options.delay_between_batches",
            draft(archive(), all(), json!({"delay_between_batches": -1})),
        ),
        (
            "options.brake.percent",
            draft(archive(), all(), json!({"brake": {"percent": 0}})),
        ),
        (
            "options.undo_days",
            draft(archive(), all(), json!({"undo_days": 15})),
        ),
        (
            "selection.ids",
            draft(archive(), json!({"ids": []}), json!({})),
        ),
        (
            "selection.ids",
            draft(archive(), json!({"ids": ["1", "1"]}), json!({})),
        ),
        (
            "selection.query",
            draft(archive(), json!({"query": "larger:very"}), json!({})),
        ),
        ("operation.add", draft(label("two words"), all(), json!({}))),
        ("operation.add", draft(label(""), all(), json!({}))),
        (
            "operation.folder",
            draft(json!({"type": "move", "folder": ""}), all(), json!({})),
        ),
        (
            "operation.type",
            draft(
                json!({"type": "undo", "job": NOBODYS_JOB}),
                all(),
                json!({}),
            ),
        ),
    ];
    for (field, body) in cases {
        let problem = refused(&server, &body).await;
        assert_eq!(
            (problem.code, problem.field.as_deref()),
            (Code::Invalid, Some(field))
        );
        assert!(
            problem.detail.is_some_and(|detail| !detail.is_empty()),
            "{field}"
        );
    }
    let problem = refused(
        &server,
        &draft(archive(), all(), json!({"batch_size": 5_000})),
    )
    .await;
    assert!(problem.detail.unwrap().contains("1 to 1000"));
    assert!(server.api.jobs().await.is_empty());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_refused() {
    let server = Bulkhead::with_mails(50).await;
    let account = server.api.sandbox().await;
    let unknown = [
        json!({"account": account, "operation": {"type": "archive"}, "selection": {"query": ""}, "extra": 1}),
        json!({"account": account, "operation": {"type": "archive", "folder": "x"}, "selection": {"query": ""}}),
        json!({"account": account, "operation": {"type": "explode"}, "selection": {"query": ""}}),
        json!({"account": account, "operation": {"type": "archive"}, "selection": {"query": "", "ids": ["1"]}}),
        json!({"account": account, "operation": {"type": "archive"}, "selection": {"query": ""}, "options": {"batchsize": 1}}),
        json!({"account": "nonsense", "operation": {"type": "archive"}, "selection": {"query": ""}}),
        json!({}),
        json!([]),
    ];
    for body in unknown {
        assert_eq!(refused(&server, &body).await.code, Code::Invalid, "{body}");
    }

    let raw = |media_type: &'static str, body: Vec<u8>| {
        let request = server.api.request(Method::POST, "/jobs");
        Api::send(request.header("content-type", media_type).body(body))
    };
    let broken = raw("application/json", b"{\"account\": ".to_vec())
        .await
        .unwrap();
    assert_eq!(broken.problem().code, Code::Invalid);
    let form = raw("text/plain", b"{}".to_vec()).await.unwrap();
    assert_eq!(form.problem().code, Code::UnsupportedMediaType);
    let ids: Vec<String> = (0..=limits::IDS_PER_REQUEST)
        .map(|n| n.to_string())
        .collect();
    let many =
        json!({"account": account, "operation": {"type": "archive"}, "selection": {"ids": ids}});
    let many = refused(&server, &many).await;
    assert_eq!(many.code, Code::TooLarge);
    assert_eq!(many.field.as_deref(), Some("selection.ids"));
    let large = vec![b' '; limits::BODY_BYTES + 1];
    let large = raw("application/json", large).await.unwrap();
    assert_eq!(large.problem().code, Code::TooLarge);
    let request = server.api.request(Method::DELETE, "/jobs");
    assert_eq!(
        Api::send(request).await.unwrap().problem().code,
        Code::MethodNotAllowed
    );
    for query in ["limit=0", "limit=501", "limit=x", "cursor=nonsense"] {
        let answer = server
            .api
            .get(&format!("/accounts/{account}/items?{query}"))
            .await;
        assert_eq!(answer.problem().code, Code::Invalid, "{query}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_6_what_is_not_yours_does_not_exist() {
    let server = Bulkhead::with_mails(50).await;
    let account = server.api.sandbox().await;
    let body = json!({"account": NOBODYS_ACCOUNT, "operation": {"type": "archive"}, "selection": {"query": ""}});
    assert_eq!(refused(&server, &body).await.code, Code::NotFound);
    let paths = [
        format!("/jobs/{NOBODYS_JOB}"),
        format!("/jobs/{NOBODYS_JOB}/preview"),
        format!("/jobs/{NOBODYS_JOB}/items"),
        format!("/jobs/{NOBODYS_JOB}/export"),
        format!("/accounts/{NOBODYS_ACCOUNT}"),
        format!("/accounts/{NOBODYS_ACCOUNT}/items"),
        "/jobs/nonsense".to_owned(),
        "/accounts/nonsense".to_owned(),
        "/nothing/here".to_owned(),
    ];
    for path in paths {
        let problem = server.api.get(&path).await.problem();
        assert_eq!(
            (problem.code, problem.detail),
            (Code::NotFound, None),
            "{path}"
        );
    }
    for verb in ["confirm", "pause", "resume", "cancel", "retry", "undo"] {
        let path = format!("/jobs/{NOBODYS_JOB}/{verb}");
        let body = json!({"manifest_hash": "0".repeat(64)});
        assert_eq!(
            server.api.post(&path, &body).await.problem().code,
            Code::NotFound,
            "{path}"
        );
    }
    let _ = account;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_moment_is_refused() {
    let server = Bulkhead::with_mails(300).await;
    let account = server.api.sandbox().await;
    let operation = Operation::Archive(Archive {});
    let draft = server
        .api
        .draft_query(&account, operation, "in:inbox", Default::default())
        .await;
    let post = async |verb: &str, body: Value| -> Answer {
        server
            .api
            .post(&format!("/jobs/{}/{verb}", draft.id), &body)
            .await
    };
    // A draft can be confirmed or cancelled, nothing else, and only with its own hash.
    for verb in ["pause", "resume"] {
        assert_eq!(
            post(verb, Value::Null).await.problem().code,
            Code::WrongState,
            "{verb}"
        );
    }
    for verb in ["undo", "retry"] {
        assert_eq!(post(verb, Value::Null).await.status.as_u16(), 409, "{verb}");
    }
    let wrong = json!({"manifest_hash": "0".repeat(64)});
    assert_eq!(
        post("confirm", wrong).await.problem().code,
        Code::HashMismatch
    );
    let shapeless = json!({"manifest_hash": "abc"});
    assert_eq!(
        post("confirm", shapeless).await.problem().code,
        Code::Invalid
    );

    // Confirming again what is confirmed is no second job, and no way back from an end.
    server.api.confirm(&draft.id).await;
    let ended = server.api.wait_for_end(&draft.id).await;
    assert_eq!(ended.counts.succeeded, ended.total);
    for verb in ["pause", "resume", "cancel"] {
        assert_eq!(
            post(verb, Value::Null).await.problem().code,
            Code::WrongState,
            "{verb}"
        );
    }
    assert_eq!(
        post("retry", Value::Null).await.status.as_u16(),
        409,
        "nothing failed"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_one_job() {
    let mut server = Bulkhead::with_mails(50).await;
    let account = server.api.sandbox().await;
    let body = |query: &str| json!({"account": account, "operation": {"type": "archive"}, "selection": {"query": query}});
    let create = async |server: &Bulkhead, key: &str, body: Value| -> Answer {
        let request = server
            .api
            .request(Method::POST, "/jobs")
            .header("idempotency-key", key);
        Api::send(request.json(&body)).await.unwrap()
    };
    let first: Value = create(&server, "one", body("in:inbox"))
        .await
        .success()
        .json();
    let again: Value = create(&server, "one", body("in:inbox"))
        .await
        .success()
        .json();
    assert_eq!(first["id"], again["id"]);
    let other = create(&server, "one", body("is:unread")).await.problem();
    assert_eq!((other.code, other.status), (Code::KeyReused, 422));
    server.restart().await;
    let again: Value = create(&server, "one", body("in:inbox"))
        .await
        .success()
        .json();
    assert_eq!(first["id"], again["id"]);
    let second: Value = create(&server, "two", body("in:inbox"))
        .await
        .success()
        .json();
    assert_ne!(first["id"], second["id"]);
    let long = "k".repeat(limits::IDEMPOTENCY_KEY_CHARS + 1);
    assert_eq!(
        create(&server, &long, body("in:inbox"))
            .await
            .problem()
            .code,
        Code::Invalid
    );
    assert_eq!(server.api.jobs().await.len(), 2);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_stay_outside() {
    let server = Bulkhead::with_mails(50).await;
    let plain = bulkhead_cloud::http_client::plain();
    let url = server.api.url("/accounts");
    let nobody = Api::send(plain.get(url.clone())).await.unwrap();
    assert_eq!(nobody.problem().code, Code::Unauthenticated);
    let guessed = Api::send(plain.get(url.clone()).bearer_auth("guess"))
        .await
        .unwrap();
    assert_eq!(guessed.problem().code, Code::Unauthenticated);
    // Another site's page in the same browser, and a name that somebody points at 127.0.0.1.
    let request = server
        .api
        .request(Method::POST, "/jobs")
        .header("origin", "https://example.com");
    let crossed = Api::send(request.json(&json!({}))).await.unwrap();
    assert_eq!(crossed.problem().code, Code::CrossSite);
    let request = server
        .api
        .request(Method::GET, "/accounts")
        .header("host", "example.com");
    let rebound = Api::send(request).await.unwrap();
    assert_eq!(rebound.problem().code, Code::CrossSite);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_status_is_not_sent_again() {
    let server = Bulkhead::with_mails(300).await;
    let account = server.api.sandbox().await;
    let job = server
        .api
        .run(&account, Operation::Archive(Archive {}), "in:inbox")
        .await;
    let path = format!("/jobs/{}", job.id);
    let answer = server.api.get(&path).await;
    let etag = answer.headers["etag"].clone();
    let request = server
        .api
        .request(Method::GET, &path)
        .header("if-none-match", etag);
    let unchanged = Api::send(request).await.unwrap();
    assert_eq!((unchanged.status.as_u16(), unchanged.body.len()), (304, 0));
    server.stop().await;
}
