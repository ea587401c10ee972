//! Signing in by a token: OAUTHBEARER (RFC 7628) or XOAUTH2, which was there before it.
//!
//! A token that is refused is told in two steps: the server asks for one more line and says in JSON what is
//! wrong, and only after that line the command ends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::ImapConnection;
use serde::Deserialize;

use super::budget::Budget;
use super::fault::Fault;
use super::refused::refused;
use super::session::{End, Session, Told};

/// What is wrong with a token (RFC 7628, section 3.2.2).
#[derive(Deserialize)]
struct Wrong {
    #[serde(default)]
    status: String,
}

/// Signs in by a token. One that is refused, for whatever reason that another token may mend, is
/// [`CallError::SignIn`].
pub(super) async fn sign_in(
    session: &mut Session,
    to: &ImapConnection,
    token: &str,
    on: &mut (dyn FnMut(Told) + Send),
) -> Result<End, Fault> {
    let can = session.can;
    let (mechanism, message, last) = if can.auth_oauthbearer {
        ("OAUTHBEARER", oauthbearer(to, token), "AQ==")
    } else if can.auth_xoauth2 {
        ("XOAUTH2", xoauth2(&to.user, token), "")
    } else {
        return Err(Fault::Call(CallError::Unsupported(
            "This mail server takes no tokens (OAuth), only a password.".to_owned(),
        )));
    };
    let message = STANDARD.encode(message);
    let tag = session.begin(Budget::command());
    let first = match can.sasl_ir {
        true => format!("{tag} AUTHENTICATE {mechanism} {message}\r\n"),
        false => format!("{tag} AUTHENTICATE {mechanism}\r\n"),
    };
    session.wire.send(first.as_bytes()).await?;
    // What is still to be sent, each when the server asks for it.
    let mut lines = vec![last.to_owned()];
    if !can.sasl_ir {
        lines.push(message);
    }
    let mut wrong = None;
    let end = loop {
        let raw = session.wire.response().await?;
        if let Some(asked) = raw.strip_prefix(b"+") {
            let line = lines.pop().ok_or(Fault::Senseless)?;
            if lines.is_empty() {
                wrong = Some(what_is_wrong(asked));
            }
            session.wire.send(format!("{line}\r\n").as_bytes()).await?;
        } else if let Some(end) = session.take(&raw, &tag, on)? {
            break end;
        }
    };
    match (refused(&end), wrong) {
        (None, _) => Ok(end),
        (Some(CallError::SignIn | CallError::Unavailable(_)), Some(wrong)) => {
            Err(Fault::Call(meaning(&wrong)))
        }
        (Some(error), _) => Err(Fault::Call(error)),
    }
}

fn what_is_wrong(asked: &[u8]) -> String {
    let json = STANDARD.decode(asked.trim_ascii()).unwrap_or_default();
    let wrong: Option<Wrong> = serde_json::from_slice(&json).ok();
    wrong.map(|wrong| wrong.status).unwrap_or_default()
}

fn meaning(status: &str) -> CallError {
    match status {
        "insufficient_scope" | "403" => CallError::Unsupported(
            "The consent does not cover mail; give it again, for reading and changing mail."
                .to_owned(),
        ),
        "500" | "503" | "temporarily_unavailable" => {
            CallError::Unavailable("it cannot check the token for now".to_owned())
        }
        // It has ended, or is somebody else's.
        _ => CallError::SignIn,
    }
}

/// RFC 7628, section 3.1; the host and port are those that were meant to be reached.
fn oauthbearer(to: &ImapConnection, token: &str) -> String {
    // RFC 5801, section 4: a name in it has no bare commas and equals signs.
    let user = to.user.replace('=', "=3D").replace(',', "=2C");
    format!(
        "n,a={user},\x01host={}\x01port={}\x01auth=Bearer {token}\x01\x01",
        to.host, to.port
    )
}

fn xoauth2(user: &str, token: &str) -> String {
    format!("user={user}\x01auth=Bearer {token}\x01\x01")
}
