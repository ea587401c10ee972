//! Why a label cannot work on a server at all. Asked before anything is drafted, with commands that touch
//! no message, so that it is told once and not by every mail.

use bulkhead_shared::operations::Operation;

use super::fault::{Fault, Refusal};
use super::session::{End, Session};
use super::words::{self, Words};

/// What is known against an operation, as a sentence for a person.
pub(super) async fn to(
    session: &mut Session,
    operation: &Operation,
) -> Result<Option<String>, Fault> {
    match operation {
        Operation::Label(label) => to_labels(session, &label.add).await,
        _ => Ok(None),
    }
}

async fn to_labels(session: &mut Session, labels: &[String]) -> Result<Option<String>, Fault> {
    if let Some(odd) = labels.iter().find(|label| !words::is_flag(label)) {
        return Ok(Some(format!(
            "An IMAP server cannot store the label “{odd}”: labels there are one word of plain letters \
             and signs."
        )));
    }
    let Ok(inbox) = session.open("INBOX").await? else {
        return Ok(None);
    };
    if !labels.iter().all(|label| inbox.keeps(label)) {
        return Ok(Some("This mail server takes no new labels.".to_owned()));
    }
    // If it objects to this too, it does not object to the label.
    if store_on_none(session, "\\Flagged")
        .await?
        .refusal()
        .is_some()
    {
        return Ok(None);
    }
    for label in labels {
        let end = store_on_none(session, label).await?;
        // Dovecot shows the keyword among those in use from now on, as long as the session lasts.
        session.spent = true;
        if let Some(Refusal::Final(_) | Refusal::NotUnderstood) = end.refusal() {
            let why = match end.text.as_str() {
                "" => String::new(),
                text => format!(": “{text}”"),
            };
            return Ok(Some(format!(
                "The mail server does not take the label “{label}”{why}."
            )));
        }
    }
    Ok(None)
}

/// Puts a flag on the message with the highest of all UIDs, which no folder ever has.
async fn store_on_none(session: &mut Session, flag: &str) -> Result<End, Fault> {
    let words = Words::new(&format!("UID STORE {} +FLAGS.SILENT ({flag})", u32::MAX));
    session.tell(words).await
}
