//! Mails through SES from the functions: by whom the deployment has it for, from their own address alone, once each.

use bulkhead_cloud::aws::{Sending, Trouble};
use bulkhead_cloud::http_client::plain;
use bulkhead_cloud::often::Often;
use bulkhead_shared::api::{
    Connection, Credentials, ImapConnection, Job, KeptFiles, NewAccount, NewJob, Security,
};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{BulkSend, Operation};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::selection::Selection;
use bulkhead_tests::api::Api;
use bulkhead_tests::functions::{Cloud, Expected, Wishes};
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use mail_parser::{MessageParser, MimeHeaders};
use reqwest::Method;
use serde_json::{Value, json};

const MAILS: usize = 6;
/// As many as are let out at once.
const AT_ONCE: usize = 5;
/// What is in the mails and in what people send, and may be in no log.
const SECRETS: [&str; 5] = ["zebra", "alice", "example.org", "pw secret", "eyJ"];

/// What goes along with each mail: every byte there is.
fn file() -> Vec<u8> {
    (0..=255).cycle().take(300_000).collect()
}

/// Uploads it by way of the functions, and names it as an operation does.
async fn uploaded(api: &Api, account: &AccountId) -> Value {
    let file = file();
    let path = format!("/accounts/{account}/attachments?sizes={}", file.len());
    let uploading = api.request(Method::POST, &path).body(file);
    let kept: KeptFiles = Api::send(uploading).await.unwrap().success().json();
    json!({"name": "zebra.bin", "bytes": kept.files[0].bytes, "sha256": kept.files[0].sha256})
}

fn job(account: &AccountId, from: &str, mails: usize, files: &[Value]) -> NewJob {
    let send = json!({"from": from, "subject": "A zebra for {{ name }}", "text": "Dear {{ name }}", "hold_seconds": 0,
        "attachments": files});
    let send: BulkSend = serde_json::from_value(send).unwrap();
    let row =
        |number| json!({"to": format!("user{number}@example.org"), "name": format!("N{number}")});
    NewJob {
        account: account.clone(),
        operation: Operation::BulkSend(send),
        selection: Selection::Rows {
            rows: (0..mails).map(row).collect(),
        },
        options: JobOptions {
            brake: Some(Brake {
                enabled: false,
                ..Brake::default()
            }),
            ..JobOptions::default()
        },
        confirm: None,
    }
}

/// SES does not know the domain yet and refuses every mail. Left as they are, nothing tries them again. There are as many
/// as are let out at once, so that however long this takes all that are let out next can be.
async fn all_are_refused_and_left(api: &Api, account: &AccountId) {
    let refused = job(account, "alice@example.org", AT_ONCE, &[]);
    let draft = api.draft(&refused).await;
    api.confirm(&draft.id).await;
    let refused = api.wait_for_end(&draft.id).await;
    assert_eq!(refused.counts.failed, AT_ONCE as u64, "{refused:#?}");
    let path = format!("/jobs/{}/leave", draft.id);
    let why = json!({"outcome": "failed", "reason": refused.reasons[0].reason});
    let left: Job = api.post(&path, &why).await.success().json();
    assert_eq!(left.left_as_is[0].count, AT_ONCE as u64, "{left:#?}");
    let path = format!("/jobs/{}/retry", draft.id);
    let again = api.post(&path, &Value::Null).await;
    assert!(again.status.is_client_error(), "{again:?}");
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
    // Five in ten seconds.
    cloud.aws.sending(Sending {
        rate: 0.5,
        ..Sending::default()
    });
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
    all_are_refused_and_left(&api, &account).await;
    let verify = plain()
        .post(format!("{moto}/v2/email/identities"))
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=test/20261126/eu-central-1/ses/aws4_request",
        )
        .body(r#"{"EmailIdentity": "example.org"}"#);
    assert!(verify.send().await.unwrap().status().is_success());

    let of_another = job(&account, "ceo@example.org", MAILS, &[]);
    let of_another = api.post("/jobs", &of_another).await;
    assert!(of_another.status.is_client_error(), "{of_another:?}");

    cloud.aws.trouble(
        "worker",
        Trouble {
            actions: "ses:*".to_owned(),
            throttled: Often::Next(2),
            ..Trouble::default()
        },
    );
    let file_named = uploaded(&api, &account).await;
    let with_file = job(&account, "Alice <alice@example.org>", MAILS, &[file_named]);
    let draft = api.draft(&with_file).await;
    api.confirm(&draft.id).await;
    let sent = api.wait_for_end(&draft.id).await;
    let took = sent.ended_at.unwrap() - sent.started_at.unwrap();
    assert!(took.get_seconds() >= 8, "the sixth waits: {took}");
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
    for mail in mails {
        let raw = mail["raw_data"].as_str().unwrap();
        let mail = MessageParser::default().parse(raw.as_bytes()).unwrap();
        let attached = mail.attachment(0).unwrap();
        assert_eq!(attached.attachment_name(), Some("zebra.bin"));
        assert!(attached.contents() == file(), "byte for byte");
    }
    let copies = dovecot.client().contents("Sent");
    assert_eq!(copies.len(), MAILS);
    let unused = cloud.aws.unused("worker");
    let used = |action: &str| action.starts_with("ses:") || action == "s3:ListBucket";
    assert!(!unused.iter().any(|(action, _)| used(action)), "{unused:?}");
    cloud.stop(&SECRETS, Expected::default()).await;
}
