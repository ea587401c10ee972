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

fn at(address: SocketAddr) -> Smtp {
    let to = Submission {
        host: address.ip().to_string(),
        port: address.port(),
        security: Security::None,
        per_minute: None,
    };
    let tls = crate::imap::connect::tls(&[]).unwrap();
    Smtp::new(&to, "ann", Reach::Anywhere, tls)
}

async fn deliver(answers: &'static [&'static str]) -> Result<Delivery, CallError> {
    let smtp = at(server(answers).await);
    smtp.deliver(Secret::Password("secret"), &letter()).await
}

fn letter() -> Letter {
    Letter {
        id: "1@example.org".parse().unwrap(),
        envelope: Envelope {
            from: "ann@example.org".to_owned(),
            to: "bo@example.org".to_owned(),
        },
        bytes: b"Subject: x\r\n\r\n.dot\r\n".to_vec(),
    }
}

/// Signs in by a token at a server that answers like this after its greeting.
async fn by_token(token: &str, answers: &'static [&'static str]) -> (String, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let smtp = at(listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut socket = BufReader::new(socket);
        let mut said = Vec::new();
        socket.write_all(b"220 hi\r\n").await.unwrap();
        for answer in answers {
            let mut line = String::new();
            socket.read_line(&mut line).await.unwrap();
            said.push(line.trim_end().to_owned());
            socket
                .write_all(format!("{answer}\r\n").as_bytes())
                .await
                .unwrap();
        }
        said
    });
    let ready = smtp.ready(Secret::Token(token)).await;
    drop(smtp);
    (format!("{ready:?}"), serving.await.unwrap())
}

/// As Google and Microsoft describe their XOAUTH2, and as RFC 7628 has it.
#[tokio::test]
async fn a_token_is_shown_in_the_way_that_the_server_takes() {
    const X: &str = "AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgdG9rZW4BAQ==";
    const GMAIL: &str = "250-smtp.gmail.com at your service\r\n250-SIZE 35882577\r\n\
        250 AUTH LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN XOAUTH";
    const MICROSOFT: &str = "250-AM3.outlook.office365.com Hello\r\n250 AUTH LOGIN XOAUTH2";
    // {"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}
    const WRONG: &str = "334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";
    let (ready, said) = by_token("token", &[GMAIL, "235 2.7.0 Accepted"]).await;
    assert_eq!((ready.as_str(), said[1].as_str()), ("Ok(())", X));
    const NO: &str = "535 5.7.8 Username and Password not accepted.";
    let (ready, said) = by_token("token", &[GMAIL, WRONG, NO]).await;
    assert_eq!(ready, "Err(SignIn)");
    assert_eq!(said[1..], [X, ""]);
    let (ready, _) = by_token(
        "token",
        &[MICROSOFT, "535 5.7.3 Authentication unsuccessful"],
    )
    .await;
    assert_eq!(ready, "Err(SignIn)");
    const OFF: &str = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.";
    let (ready, _) = by_token("token", &[MICROSOFT, OFF]).await;
    assert!(ready.starts_with("Err(Unsupported("), "{ready}");
    let (ready, _) = by_token(
        "token",
        &[MICROSOFT, "454 4.7.0 Temporary authentication failure"],
    )
    .await;
    assert!(ready.starts_with("Err(Unavailable("), "{ready}");
    let (ready, said) = by_token(
        "token",
        &["250-x\r\n250 AUTH XOAUTH2 OAUTHBEARER", "235 ok"],
    )
    .await;
    assert_eq!(ready, "Ok(())");
    assert!(
        said[1].starts_with("AUTH OAUTHBEARER bixhPWFubiwB"),
        "{said:?}"
    );
    let (ready, said) = by_token("token", &["250-x\r\n250 AUTH PLAIN LOGIN"]).await;
    assert!(ready.starts_with("Err(Unsupported("), "{ready}");
    assert_eq!(
        said.len(),
        1,
        "nobody who does not know tokens is shown one"
    );
    // A token of Microsoft's fills more than a command may have.
    let long = "t".repeat(2_000);
    let (ready, said) = by_token(
        &long,
        &[MICROSOFT, "334 ", "235 2.7.0 Authentication successful"],
    )
    .await;
    assert_eq!(
        (ready.as_str(), said[1].as_str()),
        ("Ok(())", "AUTH XOAUTH2")
    );
    assert!(said[2].len() > 2_000);
}

/// Takes one mail on each connection, and has had enough then: it says so to whoever begins another one, or hangs up
/// without a word.
async fn of_one_mail_each(farewell: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let mut socket = BufReader::new(socket);
            socket.write_all(b"220 hi\r\n").await.unwrap();
            for answer in ["250 x", "250 ok", "250 ok", "354 go", "250 taken", farewell] {
                let mut line = String::new();
                loop {
                    line.clear();
                    if socket.read_line(&mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                    if answer != "250 taken" || line == ".\r\n" {
                        break;
                    }
                }
                let answer = format!("{answer}\r\n");
                if answer != "\r\n" {
                    socket.write_all(answer.as_bytes()).await.unwrap();
                }
            }
        }
    });
    address
}

/// listmonk's issue 2683: a provider ends a connection after so many mails, and the mail that comes next is lost or waits
/// for a while that nobody asked for.
#[tokio::test]
async fn a_connection_that_the_server_had_enough_of_costs_no_mail_and_no_time() {
    for farewell in ["421 4.3.2 Maximum message count per session reached", ""] {
        let smtp = at(of_one_mail_each(farewell).await);
        for _ in 0..3 {
            let delivered = smtp.deliver(Secret::Password("secret"), &letter()).await;
            assert_eq!(delivered.unwrap(), Delivery::Done, "{farewell}");
        }
    }
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
