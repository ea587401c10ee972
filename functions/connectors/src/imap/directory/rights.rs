//! Rights in folders (RFC 4314): handed over to a new owner, and lent to the administrator for as long as
//! something is done.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;

use crate::imap::facts::Fact;
use crate::imap::fault::{Fault, Refusal};
use crate::imap::session::{Session, Told};
use crate::imap::words::Words;

/// What an owner has in a folder of their own, in Cyrus's words.
const OWNER: &str = "lrswipkxtecdan";

/// Who has which rights in a folder.
async fn rights(session: &mut Session, folder: &str) -> Result<Vec<(String, String)>, Fault> {
    let mut told = None;
    let words = Words::new("GETACL ").text(folder);
    let end = session
        .run(words, &mut |this| {
            if let Told::Fact(Fact::Rights { rights, .. }) = this {
                told = Some(rights);
            }
        })
        .await?;
    end.ok()?;
    told.ok_or(Fault::Senseless)
}

fn of<'a>(rights: &'a [(String, String)], user: &str) -> Option<&'a str> {
    let entry = rights.iter().find(|(known, _)| known == user);
    entry.map(|(_, rights)| rights.as_str())
}

/// Gives what one user may do in a folder to another and takes it from the first. Doing it twice does no
/// harm.
pub(super) async fn hand_over(
    session: &mut Session,
    folder: &str,
    from: &str,
    to: &str,
) -> Result<(), Fault> {
    if from == to {
        return Ok(());
    }
    let rights = rights(session, folder).await?;
    let has = of(&rights, from);
    if of(&rights, to).is_none_or(|theirs| has.is_some_and(|has| theirs != has)) {
        set(session, folder, to, has.unwrap_or(OWNER)).await?;
    }
    if has.is_some() {
        remove(session, folder, from).await?;
    }
    Ok(())
}

/// The other way round: whoever had none any more gets them back, and the other has again what they `had`.
pub(super) async fn hand_back(
    session: &mut Session,
    folder: &str,
    (from, had): (&str, &str),
    to: &str,
) -> Result<(), Fault> {
    if from == to {
        return Ok(());
    }
    let rights = rights(session, folder).await?;
    let has = of(&rights, from);
    if of(&rights, to).is_none() {
        set(session, folder, to, has.unwrap_or(OWNER)).await?;
    }
    match has.unwrap_or_default() == had {
        true => Ok(()),
        false => put_back(session, folder, from, had).await,
    }
}

/// What this user has in a folder; empty for none.
pub(super) async fn had(session: &mut Session, folder: &str, user: &str) -> Result<String, Fault> {
    let rights = rights(session, folder).await?;
    Ok(of(&rights, user).unwrap_or_default().to_owned())
}

/// Lends rights in a folder to somebody who had these.
pub(super) async fn lend(
    session: &mut Session,
    folder: &str,
    user: &str,
    had: &str,
    needed: &str,
) -> Result<(), Fault> {
    let lacking: String = needed
        .chars()
        .filter(|right| !had.contains(*right))
        .collect();
    match lacking.is_empty() {
        true => Ok(()),
        false => set(session, folder, user, &format!("{had}{lacking}")).await,
    }
}

/// Leaves somebody with what they had before something was lent.
pub(super) async fn put_back(
    session: &mut Session,
    folder: &str,
    user: &str,
    had: &str,
) -> Result<(), Fault> {
    match had.is_empty() {
        true => remove(session, folder, user).await,
        false => set(session, folder, user, had).await,
    }
}

async fn set(session: &mut Session, folder: &str, user: &str, rights: &str) -> Result<(), Fault> {
    let words = Words::new("SETACL ").text(folder).plain(" ").text(user);
    told(session, words.plain(" ").text(rights)).await
}

async fn remove(session: &mut Session, folder: &str, user: &str) -> Result<(), Fault> {
    let words = Words::new("DELETEACL ").text(folder).plain(" ").text(user);
    told(session, words).await
}

async fn told(session: &mut Session, words: Words) -> Result<(), Fault> {
    let end = session.write(words, &mut |_| {}).await?;
    match end.refusal() {
        None => Ok(()),
        Some(refusal @ (Refusal::Throttled(_) | Refusal::Passing)) => {
            Err(Fault::Call(refusal.as_call()))
        }
        Some(_) => Err(Fault::Call(CallError::Refused(ItemReason::Forbidden))),
    }
}
