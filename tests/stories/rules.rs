//! A rule about new mail on a real mail server: what comes after it was switched on is archived within seconds, what
//! was there before stays, and what is taken back stays where it was brought.

use std::time::{Duration, Instant};

use bulkhead_shared::api::{Connection, Job, NewAccount, Rule, RuleState, Rules, ScanState};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::imap_client::Client;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

fn news(number: u32) -> Vec<u8> {
    format!(
        "From: News <news@letters.example>\r\nTo: Bob <bob@example.org>\r\nSubject: Issue {number}\r\n\
         Message-ID: <{number}@letters.example>\r\nList-Id: <weekly.letters.example>\r\n\r\nAll of it.\r\n"
    )
    .into_bytes()
}

async fn connected(dovecot: &Dovecot) -> (Bulkhead, AccountId) {
    let server = Bulkhead::with_mails(10).await;
    let connection = Connection::Imap(dovecot.connection());
    let new = NewAccount {
        name: Some("Dovecot".to_owned()),
        connection,
    };
    let account = server.api.connect(&new).await.id;
    (server, account)
}

async fn told(server: &Bulkhead, account: &AccountId) -> Rules {
    let path = format!("/accounts/{account}/rules");
    server.api.get(&path).await.success().json()
}

async fn save(server: &Bulkhead, account: &AccountId, version: u64, rule: Value) -> Rules {
    let body = json!({"version": version, "rules": [rule]});
    let path = format!("/accounts/{account}/rules");
    let request = server.api.request(Method::PUT, &path).json(&body);
    bulkhead_tests::api::Api::send(request)
        .await
        .unwrap()
        .success()
        .json()
}

/// A rule, tested and switched on.
async fn switched_on(server: &Bulkhead, account: &AccountId) {
    let words = json!({
        "name": "Weekly", "search": "list:weekly.letters.example", "operation": {"type": "archive"},
        "when": {"kind": "new_mail"}
    });
    let saved = save(server, account, 0, json!({"rule": words})).await;
    let id = saved.rules[0].id.clone();
    let path = format!("/accounts/{account}/rules/look");
    let asked = json!({"rule": id, "wanted": "test"});
    server.api.post(&path, &asked).await.success();
    let tested = loop {
        let told = told(server, account).await;
        match told.look.as_ref().unwrap().state {
            ScanState::Running => sleep(Duration::from_millis(50)).await,
            state => {
                assert_eq!(state, ScanState::Done, "{:?}", told.look);
                break told;
            }
        }
    };
    let on = json!({"id": id, "state": "on", "rule": words});
    let on = save(server, account, tested.version, on).await;
    assert_eq!(on.rules[0].state, RuleState::On);
}

async fn opened(server: &Bulkhead, account: &AccountId) {
    let path = format!("/accounts/{account}/rules/opened");
    assert_eq!(server.api.post(&path, &Value::Null).await.status, 204);
}

fn subjects(client: &mut Client, folder: &str) -> usize {
    client.contents(folder).len()
}

/// The rule once it ran so often.
async fn ran(server: &Bulkhead, account: &AccountId, runs: u64) -> Rule {
    let since = Instant::now();
    loop {
        let rule = told(server, account).await.rules.remove(0);
        if rule.runs >= runs {
            return rule;
        }
        assert!(since.elapsed() < Duration::from_secs(40), "{rule:#?}");
        sleep(Duration::from_millis(200)).await;
        opened(server, account).await;
    }
}

async fn ended(server: &Bulkhead, rule: &Rule) -> Job {
    let job = &rule.last.as_ref().unwrap().job;
    let ended = server.api.wait_for_end(job).await;
    assert_eq!(ended.state, State::Completed, "{ended:#?}");
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_is_archived_within_seconds_and_stays_where_undo_brings_it() {
    let dovecot = Dovecot::start(Mode::Normal);
    let mut client = dovecot.client();
    client.append("INBOX", &[news(1), news(2)], "");
    let (server, account) = connected(&dovecot).await;
    sleep(Duration::from_secs(2)).await;
    switched_on(&server, &account).await;
    sleep(Duration::from_secs(2)).await;

    client.append("INBOX", &[news(3)], "");
    let rule = ran(&server, &account, 1).await;
    let job = ended(&server, &rule).await;
    assert_eq!((job.total, job.counts.succeeded), (1, 1));
    let of = job.rule.as_ref().unwrap();
    assert!(of.name == "Weekly" && of.by_itself);
    assert_eq!(subjects(&mut client, "INBOX"), 2, "those from before stay");
    assert_eq!(subjects(&mut client, "Archive"), 1);

    // What comes back has another number on this server, and is no new mail.
    let undo = server.api.undo(&job.id).await;
    assert_eq!(undo.counts.succeeded, 1);
    assert_eq!(subjects(&mut client, "INBOX"), 3);
    client.append("INBOX", &[news(4)], "");
    let rule = ran(&server, &account, 2).await;
    ended(&server, &rule).await;
    assert_eq!(subjects(&mut client, "Archive"), 1);
    assert_eq!(subjects(&mut client, "INBOX"), 3);
    assert_eq!(rule.undone, 1);
    server.stop().await;
}
