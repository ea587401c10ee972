//! Signing in by a consent: tokens given out, renewed and refused, on Dovecot with its own OAuth2.

use std::time::Duration;

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::ports::{Account, CallError, MailStore};
use bulkhead_shared::api::{Connection, Credentials, ImapConnection, OAuth, Role};
use bulkhead_tests::servers::dovecot::{Dovecot, user};
use bulkhead_tests::servers::token_server::TokenServer;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::support::{find, messages, plain};

const HOUR: Duration = Duration::from_secs(3_600);

fn by_consent(server: &Dovecot, tokens: &TokenServer) -> ImapConnection {
    ImapConnection {
        credentials: Credentials::OAuth(OAuth {
            token_endpoint: format!("http://127.0.0.1:{}/token", tokens.port),
            client_id: "bulkhead-test".to_owned(),
            client_secret: None,
            refresh_token: tokens.consent(&server.user),
            access: None,
        }),
        ..plain(server)
    }
}

async fn opened(to: &ImapConnection) -> Result<Imap, CallError> {
    Imap::open(to, Reach::Anywhere).await
}

fn renewed(imap: &Imap) -> Option<ImapConnection> {
    match imap.renewed() {
        Some(Connection::Imap(connection)) => Some(connection),
        _ => None,
    }
}

#[tokio::test]
async fn a_consent_lets_in_and_its_token_is_kept_for_the_next_time() {
    let tokens = TokenServer::start();
    let server = Dovecot::start_with_tokens(tokens.port);
    server.client().append("INBOX", &messages(3), "");
    let to = by_consent(&server, &tokens);
    let imap = opened(&to).await.unwrap();
    assert_eq!(find(&imap, "").await.len(), 3);
    assert_eq!(tokens.given(), 1);
    let kept = renewed(&imap).unwrap();
    let again = opened(&kept).await.unwrap();
    assert_eq!(find(&again, "").await.len(), 3);
    assert_eq!(tokens.given(), 1, "the token still lasts");
    assert!(renewed(&again).is_none());
    let said = format!("{kept:?} {again:?}");
    assert!(
        !said.contains("token-") && !said.contains("consent-"),
        "{said}"
    );
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_and_the_consent_may_change_its_name() {
    let tokens = TokenServer::start();
    let server = Dovecot::start_with_tokens(tokens.port);
    tokens.rotate();
    // Said to last for an hour: only the mail server knows that it ended.
    tokens.tokens_last(HOUR, HOUR);
    let imap = opened(&by_consent(&server, &tokens)).await.unwrap();
    let first = renewed(&imap).unwrap();
    tokens.end_tokens();
    server.kick();
    assert!(imap.folder_for(Role::Inbox).await.is_ok());
    let second = renewed(&imap).unwrap();
    assert_ne!(first, second);
    assert!(opened(&second).await.is_ok());
    // The old name is worth nothing once its token has ended.
    tokens.end_tokens();
    assert!(matches!(opened(&first).await, Err(CallError::SignIn)));
    // Said to end at once: renewed before each use.
    tokens.tokens_last(HOUR, Duration::ZERO);
    let given = tokens.given();
    let imap = opened(&second).await.unwrap();
    imap.test().await.unwrap();
    assert_eq!(tokens.given(), given + 2);
}

#[tokio::test]
async fn a_consent_that_ended_and_one_for_another_mailbox_ask_to_sign_in_again() {
    let tokens = TokenServer::start();
    let server = Dovecot::start_with_tokens(tokens.port);
    let to = by_consent(&server, &tokens);
    let mut another = to.clone();
    another.user = user(3);
    assert!(matches!(opened(&another).await, Err(CallError::SignIn)));
    tokens.take_back();
    assert!(matches!(opened(&to).await, Err(CallError::SignIn)));
    // Whoever gives out tokens is away: that says nothing of the consent.
    let mut away = to;
    if let Credentials::OAuth(oauth) = &mut away.credentials {
        oauth.token_endpoint = "http://127.0.0.1:9/token".to_owned();
    }
    assert!(matches!(
        opened(&away).await,
        Err(CallError::Unavailable(_))
    ));
}

/// A server that lets nobody in, in two steps: what it says after the token is answered before it ends.
async fn refusing(
    mechanism: &'static str,
    status: &'static str,
    ir: bool,
) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
    use base64::Engine as _;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let json = format!("{{\"status\":\"{status}\",\"schemes\":\"bearer\"}}");
    let json = base64::engine::general_purpose::STANDARD.encode(json);
    let serving = tokio::spawn(async move {
        let mut said = Vec::new();
        // As often as a token that is refused is tried anew.
        for _ in 0..2 {
            let Ok(Ok((stream, _))) =
                tokio::time::timeout(Duration::from_secs(2), listener.accept()).await
            else {
                break;
            };
            let mut stream = BufReader::new(stream);
            stream.get_mut().write_all(b"* OK hello\r\n").await.unwrap();
            let mut line = String::new();
            while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
                let tag = line.split(' ').next().unwrap().trim().to_owned();
                let mut answer = format!("{tag} OK done\r\n");
                if line.contains("CAPABILITY") {
                    let with_ir = if ir { " SASL-IR" } else { "" };
                    answer =
                        format!("* CAPABILITY IMAP4rev1 AUTH={mechanism}{with_ir}\r\n{answer}");
                } else if line.contains("AUTHENTICATE") {
                    let mut next = String::new();
                    if !ir {
                        stream.get_mut().write_all(b"+ \r\n").await.unwrap();
                        stream.read_line(&mut next).await.unwrap();
                    }
                    stream
                        .get_mut()
                        .write_all(format!("+ {json}\r\n").as_bytes())
                        .await
                        .unwrap();
                    next.clear();
                    stream.read_line(&mut next).await.unwrap();
                    said.push(next);
                    answer = format!("{tag} NO AUTHENTICATE failed.\r\n");
                }
                if stream.get_mut().write_all(answer.as_bytes()).await.is_err() {
                    break;
                }
                line.clear();
            }
        }
        said
    });
    (port, serving)
}

#[tokio::test]
async fn a_refusal_in_two_steps_is_answered_and_understood() {
    for (mechanism, line) in [("OAUTHBEARER", "AQ==\r\n"), ("XOAUTH2", "\r\n")] {
        for (status, ir) in [
            ("invalid_token", true),
            ("401", false),
            ("insufficient_scope", true),
        ] {
            let tokens = TokenServer::start();
            let (port, serving) = refusing(mechanism, status, ir).await;
            let to = ImapConnection {
                host: "127.0.0.1".to_owned(),
                port,
                security: bulkhead_shared::api::Security::None,
                user: "ann".to_owned(),
                credentials: Credentials::OAuth(OAuth {
                    token_endpoint: format!("http://127.0.0.1:{}/token", tokens.port),
                    client_id: "bulkhead-test".to_owned(),
                    client_secret: None,
                    refresh_token: tokens.consent("ann"),
                    access: None,
                }),
                submission: None,
            };
            let error = opened(&to).await.unwrap_err();
            let said = serving.await.unwrap();
            if status == "insufficient_scope" {
                assert!(matches!(error, CallError::Unsupported(_)), "{error:?}");
                assert_eq!(said, [line]);
            } else {
                assert!(matches!(error, CallError::SignIn), "{error:?}");
                assert_eq!(said, [line, line], "another token is tried once");
                assert_eq!(tokens.given(), 2);
            }
        }
    }
}
