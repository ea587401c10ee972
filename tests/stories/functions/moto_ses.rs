//! Mails through SES from the functions: by whom the deployment has it for, from their own address alone, once each.

use bulkhead_cloud::aws::Trouble;
use bulkhead_cloud::http_client::plain;
use bulkhead_cloud::often::Often;
use bulkhead_shared::api::{Connection, Credentials, ImapConnection, NewAccount, NewJob, Security};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{BulkSend, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::functions::{Cloud, Expected, Wishes};
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use serde_json::{Value, json};

const MAILS: usize = 6;
/// What is in the mails and in what people send, and may be in no log.
const SECRETS: [&str; 5] = ["zebra", "alice", "example.org", "pw secret", "eyJ"];

fn job(account: &AccountId, from: &str) -> NewJob {
    let send = json!({"from": from, "subject": "A zebra for {{ name }}", "text": "Dear {{ name }}", "hold_seconds": 0});
    let send: BulkSend = serde_json::from_value(send).unwrap();
    let row =
        |number| json!({"to": format!("user{number}@example.org"), "name": format!("N{number}")});
    NewJob {
        account: account.clone(),
        operation: Operation::BulkSend(send),
        selection: Selection::Rows {
            rows: (0..MAILS).map(row).collect(),
        },
        options: JobOptions::default(),
        confirm: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_go_out_by_ses_once_each_and_from_their_own_address_alone() {
    let dovecot = Dovecot::start(Mode::Normal);
    let mut wishes = Wishes::default();
    wishes.parameters.extend([
        ("SesDomain", "example.org".to_owned()),
        ("SesMailServer", "127.0.0.1".to_owned()),
    ]);
    let cloud = Cloud::start(wishes).await;
    let moto = cloud.aws.moto().unwrap().url().to_owned();
    let verify = plain()
        .post(format!("{moto}/v2/email/identities"))
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=test/20261126/eu-central-1/ses/aws4_request",
        )
        .body(r#"{"EmailIdentity": "example.org"}"#);
    assert!(verify.send().await.unwrap().status().is_success());
    let api = cloud.api("zebra-keeper");
    let new = NewAccount {
        name: None,
        connection: Connection::Imap(ImapConnection {
            host: "127.0.0.1".to_owned(),
            port: dovecot.port,
            security: Security::None,
            user: "alice@example.org".to_owned(),
            credentials: Credentials::Password(dovecot.password.clone()),
            submission: None,
        }),
    };
    let account = api.connect(&new).await.id;

    let of_another = api.post("/jobs", &job(&account, "ceo@example.org")).await;
    assert!(of_another.status.is_client_error(), "{of_another:?}");

    cloud.aws.trouble(
        "worker",
        Trouble {
            actions: "ses:*".to_owned(),
            throttled: Often::Next(2),
            ..Trouble::default()
        },
    );
    let draft = api.draft(&job(&account, "Alice <alice@example.org>")).await;
    api.confirm(&draft.id).await;
    let sent = api.wait_for_end(&draft.id).await;
    let counts = (sent.state, sent.counts.succeeded, sent.counts.uncertain);
    assert_eq!(counts, (State::Completed, MAILS as u64, 0), "{sent:#?}");

    let seen = plain().get(format!("{moto}/moto-api/data.json"));
    let seen = seen.send().await.unwrap().text().await.unwrap();
    let seen: Value = serde_json::from_str(&seen).unwrap();
    let mails = seen["ses"]["RawMessage"].as_array().unwrap();
    let mut to: Vec<&str> = mails
        .iter()
        .map(|mail| mail["destinations"][0].as_str().unwrap())
        .collect();
    to.sort_unstable();
    let expected: Vec<String> = (0..MAILS)
        .map(|number| format!("user{number}@example.org"))
        .collect();
    assert_eq!(to, expected, "once each");
    let copies = dovecot.client().contents("Sent");
    assert_eq!(copies.len(), MAILS);
    let unused = cloud.aws.unused("worker");
    assert!(!unused.iter().any(|(action, _)| action.starts_with("ses:")));
    cloud.stop(&SECRETS, Expected::default()).await;
}
