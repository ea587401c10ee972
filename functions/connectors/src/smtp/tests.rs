#![allow(clippy::unwrap_used)]
//! What refusals mean, and what is known of a mail wherever its dialogue breaks.

use std::net::SocketAddr;

use bulkhead_engine::letters::Refused;
use bulkhead_engine::ports::{CallError, Delivery, Envelope, Letter};
use bulkhead_shared::api::{Security, Submission};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::answer::Answer;
use super::judge::{Sent, judge};
use super::session::Secret;
use super::*;

fn judged(step: Refused, line: &str) -> String {
    let (code, _, words) = Answer::line(line).unwrap();
    let answer = Answer {
        code,
        text: words.to_owned(),
    };
    match judge(step, &answer) {
        Sent::Delivery(Delivery::Refused(reason)) => format!("{reason:?}"),
        Sent::Delivery(Delivery::Deferred(wait)) => format!("in {} s", wait.as_secs()),
        Sent::Delivery(delivery) => format!("{delivery:?}"),
        Sent::Call(CallError::Throttled { until: None }) => "wait".to_owned(),
        Sent::Call(CallError::Throttled { until: Some(until) }) => {
            let wait = until.duration_since(jiff::Timestamp::now());
            format!("wait {} min", (wait.as_secs() + 30) / 60)
        }
        Sent::Call(error) => format!("{error:?}"),
    }
}

/// Lines of real servers.
#[test]
fn a_refusal_is_what_its_server_means() {
    use Refused::{Content, Recipient as To, Sender as From};
    for (step, line, meant) in [
        (
            To,
            "550 5.1.1 <x@y>: Recipient address rejected: User unknown",
            "NoSuchRecipient",
        ),
        (To, "550 Unrouteable address", "NoSuchRecipient"),
        (
            To,
            "550 5.4.1 Recipient address rejected: Access denied.",
            "NoSuchRecipient",
        ),
        (
            To,
            "550-5.1.1 The email account that you tried to reach does not exist.",
            "NoSuchRecipient",
        ),
        (
            To,
            "552 5.2.2 The email account that you tried to reach is over quota.",
            "RecipientFull",
        ),
        (To, "452 4.2.2 Mailbox full", "Unavailable"),
        (To, "550 5.7.1 Relaying denied", "AgainstRules"),
        (
            To,
            "554 5.7.1 Service unavailable; Client host [1.2.3.4] blocked using zen",
            "AgainstRules",
        ),
        (To, "550 relay not permitted", "AgainstRules"),
        (
            From,
            "553 5.7.1 Sender address rejected: not owned by user ann",
            "AgainstRules",
        ),
        (
            From,
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
            "AgainstRules",
        ),
        (
            From,
            "530 5.7.0 Must issue a STARTTLS command first",
            "SignIn",
        ),
        (From, "530 5.7.1 Authentication required", "SignIn"),
        (
            From,
            "552 5.3.4 Message size exceeds fixed limit",
            "TooLarge",
        ),
        (
            Content,
            "552 5.2.3 Your message exceeded Google's message size limits.",
            "TooLarge",
        ),
        (
            Content,
            "554 5.7.1 Message rejected as spam by content filtering",
            "ContentRefused",
        ),
        (Content, "550 High probability of spam", "ContentRefused"),
        (Content, "554 5.6.0 Invalid header found", "ContentRefused"),
        (
            To,
            "451 4.7.1 Greylisting in action, please come back in 00:04:59",
            "in 300 s",
        ),
        (
            To,
            "450 4.2.0 <x@y>: Recipient address rejected: Greylisted, try again in 120 seconds",
            "in 120 s",
        ),
        (
            To,
            "451 Temporary local problem - please try later",
            "Unavailable",
        ),
        (
            From,
            "421 4.7.0 Try again later, closing connection.",
            "wait",
        ),
        (
            From,
            "421 4.7.28 too many; come back in 10 minutes",
            "wait 10 min",
        ),
        (
            To,
            "450 4.7.1 Error: too many messages, rate limit exceeded",
            "wait",
        ),
        (
            Content,
            "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
            "wait",
        ),
        (
            Content,
            "550 5.4.5 Daily user sending limit exceeded.",
            "wait 60 min",
        ),
    ] {
        assert_eq!(judged(step, line), meant, "{line}");
    }
}

/// How a server answers the lines of one dialogue, from its greeting on. `!` hangs up instead.
async fn server(answers: &'static [&'static str]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut socket = BufReader::new(socket);
        for (index, answer) in answers.iter().enumerate() {
            let is_content = index > 0 && answers[index - 1].starts_with("354");
            let mut line = String::new();
            let mut waits = index > 0;
            while waits {
                line.clear();
                if socket.read_line(&mut line).await.unwrap_or(0) == 0 {
                    return;
                }
                if is_content && *answer == "!" {
                    // In the middle of a mail.
                    return;
                }
                waits = is_content && line != ".\r\n";
            }
            if *answer == "!" {
                return;
            }
            socket.write_all(answer.as_bytes()).await.unwrap();
            socket.write_all(b"\r\n").await.unwrap();
        }
        let mut rest = String::new();
        while socket.read_line(&mut rest).await.unwrap_or(0) > 0 {}
    });
    address
}

async fn deliver(answers: &'static [&'static str]) -> Result<Delivery, CallError> {
    let address = server(answers).await;
    let to = Submission {
        host: address.ip().to_string(),
        port: address.port(),
        security: Security::None,
        per_minute: None,
    };
    let tls = crate::imap::connect::tls(&[]).unwrap();
    let smtp = Smtp::new(&to, "ann", Reach::Anywhere, tls);
    let letter = Letter {
        id: "1@example.org".parse().unwrap(),
        envelope: Envelope {
            from: "ann@example.org".to_owned(),
            to: "bo@example.org".to_owned(),
        },
        bytes: b"Subject: x\r\n\r\n.dot\r\n".to_vec(),
    };
    smtp.deliver(Secret::Password("secret"), &letter).await
}

#[tokio::test]
async fn only_a_lost_answer_to_the_whole_mail_leaves_it_open() {
    for (answers, expected) in [
        (
            &[
                "220 hi",
                "250-x\r\n250 AUTH PLAIN",
                "235 ok",
                "250 ok",
                "250 ok",
                "354 go",
                "250 ok",
            ][..],
            "Ok(Done)",
        ),
        (
            &["220 hi", "250 x", "250 ok", "250 ok", "354 go", "!"],
            "Ok(Unknown)",
        ),
        (
            &["220 hi", "250 x", "250 ok", "250 ok", "354 go", "what?"],
            "Ok(Unknown)",
        ),
        (
            &["220 hi", "250 x", "250 ok", "250 ok", "!"],
            "Ok(Unavailable)",
        ),
        (&["220 hi", "250 x", "250 ok", "!"], "Ok(Unavailable)"),
        (&["220 hi", "250 x", "!"], "Ok(Unavailable)"),
        (&["220 hi", "!"], "Ok(Unavailable)"),
        (&["!"], "Ok(Unavailable)"),
        (&["554 no"], "Ok(Unavailable)"),
        (
            &["220 hi", "250 x", "250 ok", "550 5.1.1 nobody", "250 reset"],
            "Ok(Refused(NoSuchRecipient))",
        ),
        (
            &[
                "220 hi",
                "250 x",
                "250 ok",
                "250 ok",
                "354 go",
                "554 5.6.0 bad",
                "250 reset",
            ],
            "Ok(Refused(ContentRefused))",
        ),
        (
            &[
                "220 hi",
                "250 x",
                "250 ok",
                "250 ok",
                "354 go",
                "451 later",
                "250 reset",
            ],
            "Ok(Unavailable)",
        ),
        (
            &["220 hi", "250 x", "421 too many"],
            "Err(Throttled { until: None })",
        ),
        (
            &[
                "220 hi",
                "250-x\r\n250 AUTH LOGIN",
                "334 VXNlcm5hbWU6",
                "334 UGFzc3dvcmQ6",
                "535 5.7.8 no",
            ],
            "Err(SignIn)",
        ),
    ] {
        assert_eq!(
            format!("{:?}", deliver(answers).await),
            expected,
            "{answers:?}"
        );
    }
}

#[tokio::test]
async fn who_cannot_be_reached_is_known_before_anything_is_sent() {
    let to = Submission {
        host: "127.0.0.1".to_owned(),
        port: 1,
        security: Security::None,
        per_minute: Some(7),
    };
    let tls = crate::imap::connect::tls(&[]).unwrap();
    let smtp = Smtp::new(&to, "ann", Reach::Anywhere, tls);
    let ready = smtp.ready(Secret::Password("secret")).await;
    assert!(matches!(ready, Err(CallError::Unavailable(_))));
    assert_eq!(smtp.abilities().allowance.unwrap().items, 7);
}
