//! Signing in: what the server can do, who we are, and what a refusal is about.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::ImapConnection;
use imap_codec::imap_types::response::{Code, Data, StatusKind};

use super::bearer;
use super::capabilities::Capabilities;
use super::fault::{Fault, Refusal, from_now, name};
use super::session::{End, Session, Told};
use super::talk;
use super::words::Words;

/// Until the next try where a server has too many connections and names no time: long enough for a
/// session of another program to end, short for a job that waits.
const BUSY_WAIT: std::time::Duration = std::time::Duration::from_secs(5);

/// What is shown to the server.
#[derive(Clone, Copy)]
pub(super) enum Secret<'a> {
    Password(&'a str),
    Token(&'a str),
}

/// Signs in, says who we are, and learns what the server can do.
pub(super) async fn sign_in(
    session: &mut Session,
    to: &ImapConnection,
    secret: Secret<'_>,
) -> Result<(), Fault> {
    session.can = ask_capabilities(session).await?;
    let mut told = None;
    let mut on = |this| {
        if let Told::Capabilities(list) = this {
            told = Some(Capabilities::of(&list));
        }
    };
    let end = match secret {
        Secret::Password(password) => {
            let words = with_password(session.can, &to.user, password)?;
            let end = session.run(words, &mut on).await?;
            match refused(&end) {
                Some(error) => return Err(Fault::Call(error)),
                None => end,
            }
        }
        Secret::Token(token) => bearer::sign_in(session, to, token, &mut on).await?,
    };
    if let Some(Code::Capability(list)) = &end.code {
        let names: Vec<String> = list
            .as_ref()
            .iter()
            .map(|capability| capability.to_string().to_ascii_uppercase())
            .collect();
        told = Some(Capabilities::of(&names));
    }
    session.can = match told {
        Some(can) => can,
        None => ask_capabilities(session).await?,
    };
    session.can.x_guid = is_dovecot(session).await? && !session.can.objectid;
    if session.can.qresync {
        // One VANISHED for a whole MOVE instead of an EXPUNGE for each message.
        session.tell(Words::new("ENABLE QRESYNC")).await?;
    }
    Ok(())
}

fn with_password(can: Capabilities, user: &str, password: &str) -> Result<Words, Fault> {
    let plain = || STANDARD.encode(format!("\0{user}\0{password}"));
    Ok(if can.auth_plain && can.sasl_ir {
        Words::new("AUTHENTICATE PLAIN ").plain(&plain())
    } else if can.auth_plain {
        Words::new("AUTHENTICATE PLAIN").on_request(&plain())
    } else if can.login_disabled {
        return Err(Fault::Call(no_password_here()));
    } else {
        Words::new("LOGIN ").text(user).plain(" ").text(password)
    })
}

/// Says who we are: some providers open no folder for programs that do not (163.com: "Unsafe Login").
/// And learns whether it is Dovecot, which has a name of its own for a message, X-GUID, and announces
/// that nowhere.
async fn is_dovecot(session: &mut Session) -> Result<bool, Fault> {
    let words = Words::new("ID (\"name\" \"Bulkhead\" \"version\" ")
        .text(env!("CARGO_PKG_VERSION"))
        .plain(")");
    let mut is_dovecot = false;
    session
        .run(words, &mut |told| {
            if let Told::Data(Data::Id {
                parameters: Some(pairs),
            }) = told
            {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_ascii_lowercase();
                is_dovecot = pairs.iter().any(|(key, value)| {
                    let value = value.0.as_ref().map(|value| text(value.as_ref()));
                    text(key.as_ref()) == "name"
                        && value.is_some_and(|value| value.starts_with("dovecot"))
                });
            }
        })
        .await?;
    Ok(is_dovecot)
}

/// What a refused sign-in means; none if it was not refused. Of the password speak only the codes
/// that say so, and a refusal without any words about connections, tries or the moment.
pub(super) fn refused(end: &End) -> Option<CallError> {
    let refusal = end.refusal()?;
    let code = name(end.code.as_ref());
    Some(match code.as_str() {
        "AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "EXPIRED" => CallError::SignIn,
        "PRIVACYREQUIRED" => no_password_here(),
        "LIMIT" | "INUSE" => busy(&end.text),
        _ if matches!(refusal, Refusal::Throttled(_)) || talk::is_of_connections(&end.text) => {
            busy(&end.text)
        }
        // It is meant to be read, and says what a person can do.
        "ALERT" => CallError::Unavailable(format!("it says “{}”", end.text)),
        "CONTACTADMIN" => CallError::Unavailable("it asks to contact its administrator".to_owned()),
        _ if refusal == Refusal::Passing => refusal.as_call(),
        _ if end.kind == StatusKind::Bad => Fault::Senseless.into(),
        _ => CallError::SignIn,
    })
}

/// The server takes no more connections for now.
pub(super) fn busy(text: &str) -> CallError {
    CallError::Throttled {
        until: Some(from_now(talk::wait(text).unwrap_or(BUSY_WAIT))),
    }
}

fn no_password_here() -> CallError {
    CallError::Unsupported(
        "This mail server takes no password on this kind of connection; it may take a consent (OAuth)."
            .to_owned(),
    )
}

async fn ask_capabilities(session: &mut Session) -> Result<Capabilities, Fault> {
    let mut can = None;
    let end = session
        .run(Words::new("CAPABILITY"), &mut |told| {
            if let Told::Capabilities(list) = told {
                can = Some(Capabilities::of(&list));
            }
        })
        .await?;
    end.ok()?;
    can.ok_or(Fault::Senseless)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::answer::{self, Answer};

    fn meaning(line: &str) -> Option<CallError> {
        match answer::read(line.as_bytes(), "b2") {
            Ok(Answer::End(end)) => refused(&end),
            _ => None,
        }
    }

    #[test]
    fn p7_only_what_speaks_of_the_password_is_about_the_password() {
        for line in [
            "b2 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n",
            "b2 NO [AUTHENTICATIONFAILED] Too many attempts\r\n",
            "b2 NO [AUTHORIZATIONFAILED] Not for you\r\n",
            "b2 NO [EXPIRED] Password expired\r\n",
            "b2 NO LOGIN failed.\r\n",
            "b2 NO\r\n",
            "b2 NO Benutzer oder Kennwort falsch, schade\r\n",
        ] {
            assert!(matches!(meaning(line), Some(CallError::SignIn)), "{line}");
        }
        for line in [
            "b2 NO [ALERT] Too many simultaneous connections. (Failure)\r\n",
            "b2 NO [LIMIT] LOGIN Rate limit hit.\r\n",
            "b2 NO [INUSE] busy\r\n",
            "b2 NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded\r\n",
            "b2 NO Maximum number of connections reached\r\n",
            "b2 NO Too many tries\r\n",
            "b2 BAD Request is throttled. Suggested Backoff Time: 3000 milliseconds\r\n",
        ] {
            assert!(
                matches!(meaning(line), Some(CallError::Throttled { until: Some(_) })),
                "{line}"
            );
        }
        for line in [
            "b2 NO [UNAVAILABLE] Temporary authentication failure\r\n",
            "b2 NO [SERVERBUG] Oops\r\n",
            "b2 NO [ALERT] Look at our page\r\n",
            "b2 NO [CONTACTADMIN] Blocked\r\n",
            "b2 NO Please try again later\r\n",
            "b2 BAD Unknown command\r\n",
        ] {
            assert!(
                matches!(meaning(line), Some(CallError::Unavailable(_))),
                "{line}"
            );
        }
        assert!(meaning("b2 OK signed in\r\n").is_none());
    }
}
