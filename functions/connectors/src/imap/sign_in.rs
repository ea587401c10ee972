//! Signing in: what the server can do, who we are, and what a refusal is about.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulkhead_shared::api::ImapConnection;
use imap_codec::imap_types::response::{Code, Data};

use super::bearer;
use super::capabilities::Capabilities;
use super::fault::Fault;
use super::refused::{no_password_here, refused};
use super::session::{End, Session, Told};
use super::words::Words;

/// What is shown to the server.
#[derive(Clone, Copy)]
pub(super) enum Secret<'a> {
    Password(&'a str),
    Token(&'a str),
    /// An administrator's password, to act as this user (RFC 4616, section 2).
    ActingAs {
        password: &'a str,
        user: &'a str,
    },
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
            accepted(session.run(words, &mut on).await?)?
        }
        Secret::ActingAs { password, user } => {
            let words = plain(session.can, user, &to.user, password);
            let words = words.ok_or_else(|| Fault::Call(no_password_here()))?;
            accepted(session.run(words, &mut on).await?)?
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

fn accepted(end: End) -> Result<End, Fault> {
    match refused(&end) {
        Some(error) => Err(Fault::Call(error)),
        None => Ok(end),
    }
}

fn with_password(can: Capabilities, user: &str, password: &str) -> Result<Words, Fault> {
    if let Some(words) = plain(can, "", user, password) {
        return Ok(words);
    }
    if can.login_disabled {
        return Err(Fault::Call(no_password_here()));
    }
    Ok(Words::new("LOGIN ").text(user).plain(" ").text(password))
}

/// SASL's PLAIN; none where the server does not know it. An empty `acting_as` is who signs in.
fn plain(can: Capabilities, acting_as: &str, user: &str, password: &str) -> Option<Words> {
    let message = || STANDARD.encode(format!("{acting_as}\0{user}\0{password}"));
    can.auth_plain.then(|| match can.sasl_ir {
        true => Words::new("AUTHENTICATE PLAIN ").plain(&message()),
        false => Words::new("AUTHENTICATE PLAIN").on_request(&message()),
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
