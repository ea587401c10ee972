//! Signing in to a mailbox by a token.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::ImapConnection;

use super::budget::Budget;
use super::fault::Fault;
use super::refused::refused;
use super::session::{End, Session, Told};
use crate::bearer::{Mechanism, meaning};

/// Signs in by a token. One that is refused, for whatever reason that another token may mend, is
/// [`CallError::SignIn`].
pub(super) async fn sign_in(
    session: &mut Session,
    to: &ImapConnection,
    token: &str,
    on: &mut (dyn FnMut(Told) + Send),
) -> Result<End, Fault> {
    let can = session.can;
    let mechanism = if can.auth_oauthbearer {
        Mechanism::OAuthBearer
    } else if can.auth_xoauth2 {
        Mechanism::XOAuth2
    } else {
        return Err(Fault::Call(CallError::Unsupported(
            "This mail server takes no tokens (OAuth), only a password.".to_owned(),
        )));
    };
    let name = mechanism.name();
    let message = mechanism.shown(&to.user, (&to.host, to.port), token);
    let tag = session.begin(Budget::command());
    let first = match can.sasl_ir {
        true => format!("{tag} AUTHENTICATE {name} {message}\r\n"),
        false => format!("{tag} AUTHENTICATE {name}\r\n"),
    };
    session.wire.send(first.as_bytes()).await?;
    // What is still to be sent, each when the server asks for it.
    let mut lines = vec![mechanism.heard().to_owned()];
    if !can.sasl_ir {
        lines.push(message);
    }
    let mut wrong = None;
    let end = loop {
        let raw = session.wire.response().await?;
        if let Some(asked) = raw.strip_prefix(b"+") {
            let line = lines.pop().ok_or(Fault::Senseless)?;
            if lines.is_empty() {
                wrong = Some(meaning(asked));
            }
            session.wire.send(format!("{line}\r\n").as_bytes()).await?;
        } else if let Some(end) = session.take(&raw, &tag, on)? {
            break end;
        }
    };
    match (refused(&end), wrong) {
        (None, _) => Ok(end),
        (Some(CallError::SignIn | CallError::Unavailable(_)), Some(wrong)) => {
            Err(Fault::Call(wrong))
        }
        (Some(error), _) => Err(Fault::Call(error)),
    }
}
