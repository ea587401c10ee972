//! Mails through SES, as far as moto has it: identities, raw mails, and a refusal.

use bulkhead_aws::environment::Environment;
use bulkhead_aws::ses::{Senders, Ses};
use bulkhead_cloud::http_client::plain;
use bulkhead_engine::ports::{Delivery, Envelope, Letter, Outlet};
use bulkhead_shared::outcome::ItemReason;
use serde_json::Value;

use super::moto;

pub(crate) fn ses(environment: &Environment) -> Ses {
    environment.ses(Senders {
        domain: "example.org".to_owned(),
        mail_server: "imap.example.org".to_owned(),
    })
}

pub(crate) fn letter(number: u32) -> Letter {
    let id = format!("snd_test.{number}@example.org");
    let text =
        format!("From: alice@example.org\r\nMessage-ID: <{id}>\r\n\r\nZo\u{eb} {number}\r\n");
    Letter {
        id: id.parse().unwrap(),
        envelope: Envelope {
            from: "alice@example.org".to_owned(),
            to: "bo@example.com".to_owned(),
        },
        bytes: text.into_bytes(),
    }
}

#[tokio::test]
async fn a_mail_goes_out_once_as_it_is_from_who_is_verified() {
    let (moto, environment) = moto().await;
    let ses = ses(&environment);
    let refused = ses.hand_over(&letter(0)).await.unwrap();
    assert_eq!(refused, Delivery::Refused(ItemReason::AgainstRules));

    let verify = plain()
        .post(format!("{}/v2/email/identities", moto.url()))
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=test/20261126/eu-central-1/ses/aws4_request",
        )
        .body(r#"{"EmailIdentity": "example.org"}"#);
    assert!(verify.send().await.unwrap().status().is_success());
    for number in 1..3 {
        let delivered = ses.hand_over(&letter(number)).await.unwrap();
        assert!(matches!(delivered, Delivery::DoneAs(_)), "{delivered:?}");
    }
    let seen = plain().get(format!("{}/moto-api/data.json", moto.url()));
    let seen = seen.send().await.unwrap().text().await.unwrap();
    let seen: Value = serde_json::from_str(&seen).unwrap();
    let mails = seen["ses"]["RawMessage"].as_array().unwrap();
    let data: Vec<&str> = mails
        .iter()
        .map(|mail| mail["raw_data"].as_str().unwrap())
        .collect();
    let sent = [1, 2].map(|number| String::from_utf8(letter(number).bytes).unwrap());
    assert_eq!(data, sent);
    assert_eq!(mails[0]["destinations"][0], "bo@example.com");
}

#[tokio::test]
async fn only_addresses_of_the_domain_at_their_own_mail_server_are_served() {
    let (_moto, environment) = moto().await;
    let ses = ses(&environment);
    assert!(ses.serves("imap.example.org", "alice@example.org"));
    assert!(ses.serves("IMAP.example.org", "alice@Example.org"));
    for (server, user) in [
        ("imap.elsewhere.net", "alice@example.org"),
        ("imap.example.org", "alice@elsewhere.net"),
        ("imap.example.org", "alice@sub.example.org"),
        ("imap.example.org", "alice"),
    ] {
        assert!(!ses.serves(server, user), "{server} {user}");
    }
}
