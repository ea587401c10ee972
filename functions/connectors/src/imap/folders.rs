//! Folders: what there is, what each is for, and a mark that stays the same while nothing changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bulkhead_shared::api::Role;
use bulkhead_shared::outcome::ItemReason;
use sha2::{Digest, Sha256};

use super::fault::{Fault, Refusal};
use super::folder::Listed;
use super::listed::{Counts, Line, Namespaces};
use super::roles;
use super::session::{Opened, Session, Told};
use super::utf7;
use super::words::Words;

/// All that LIST told.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Folders that can be opened, in the order of their names.
    pub(super) folders: Vec<Listed>,
    /// So many more, but their lines cannot be read.
    pub(super) odd: usize,
}

/// Opens a folder. A refusal without a reason is taken for a missing folder only if the folder is not
/// listed either: "gone" must never be a guess.
pub(super) async fn open(
    session: &mut Session,
    folder: &str,
) -> Result<Result<Opened, Refusal>, Fault> {
    match session.open(folder).await? {
        Err(Refusal::Final(ItemReason::Refused) | Refusal::NotUnderstood) => {
            let is_listed = list(session)
                .await?
                .iter()
                .any(|listed| listed.name == folder);
            Ok(Err(if is_listed {
                Refusal::Passing
            } else {
                Refusal::NoFolder
            }))
        }
        other => Ok(other),
    }
}

/// What STATUS tells of a folder.
const STATUS_COUNTS: &str = "(MESSAGES UNSEEN)";
const STATUS_MARK: &str = "(MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)";

/// Folders that can be opened, in the order of their names.
pub(super) async fn list(session: &mut Session) -> Result<Vec<Listed>, Fault> {
    Ok(list_with(session, None).await?.folders)
}

/// The same with what STATUS tells, where the server gives both in one answer.
pub(super) async fn list_counted(session: &mut Session) -> Result<Vec<Listed>, Fault> {
    Ok(list_all(session).await?.folders)
}

/// The same with how many folders cannot be read.
pub(super) async fn list_all(session: &mut Session) -> Result<Listing, Fault> {
    let status = session.can.list_status.then_some(STATUS_COUNTS);
    if status.is_some() {
        look_up(session).await?;
    }
    list_with(session, status).await
}

/// The same with what changes whenever anything does in a folder, where the server gives both in one answer.
pub(super) async fn list_marked(session: &mut Session) -> Result<Listing, Fault> {
    look_up(session).await?;
    let in_one = session.can.list_status.then_some(STATUS_MARK);
    list_with(session, in_one).await
}

/// What changes whenever anything does in one folder; nothing if that is refused.
pub(super) async fn mark(session: &mut Session, folder: &str) -> Result<Counts, Fault> {
    Ok(status(session, folder, STATUS_MARK)
        .await?
        .unwrap_or_default())
}

async fn list_with(session: &mut Session, status: Option<&str>) -> Result<Listing, Fault> {
    let namespaces = namespaces(session).await?;
    let mut returns = Vec::new();
    if session.can.special_use {
        returns.push("SPECIAL-USE".to_owned());
    }
    if let Some(items) = status {
        returns.push(format!("STATUS {items}"));
    }
    let mut words = Words::new("LIST \"\" \"*\"");
    if !returns.is_empty() {
        words = words.plain(&format!(" RETURN ({})", returns.join(" ")));
    }
    let mut listing = Listing::default();
    let mut counted: BTreeMap<String, Counts> = BTreeMap::new();
    let end = session
        .run(words, &mut |told| match told {
            Told::Folder(Line::Folder {
                attributes,
                separator,
                wire,
            }) => {
                let folder = read(&wire, &attributes, separator, &namespaces);
                listing.folders.push(folder);
            }
            Told::Folder(Line::Counts { wire, counts }) => {
                counted.insert(utf7::name(&wire), counts);
            }
            Told::Folder(Line::Odd) => listing.odd += 1,
            _ => {}
        })
        .await?;
    end.ok()?;
    let folders = &mut listing.folders;
    folders.retain(|folder| folder.selectable);
    folders.sort_by(|a, b| a.name.cmp(&b.name));
    folders.dedup_by(|a, b| a.name == b.name);
    for folder in folders.iter_mut() {
        if let Some(counts) = counted.remove(&folder.name) {
            folder.counts = counts;
        }
    }
    name_for_people(folders);
    roles::give(folders, &namespaces.personal);
    Ok(listing)
}

/// STATUS of a folder that a session has open tells what the session knew last: make it look.
async fn look_up(session: &mut Session) -> Result<(), Fault> {
    session.tell(Words::new("NOOP")).await?;
    Ok(())
}

/// Where folders begin that are one's own, and those that are not. Asked once in a session.
pub(super) async fn namespaces(session: &mut Session) -> Result<Namespaces, Fault> {
    if let Some(known) = &session.namespaces {
        return Ok(known.clone());
    }
    let mut told = None;
    if session.can.namespace {
        let end = session
            .run(Words::new("NAMESPACE"), &mut |this| {
                if let Told::Folder(Line::Namespaces(namespaces)) = this {
                    told = Some(namespaces);
                }
            })
            .await?;
        match end.refusal() {
            // What is whose cannot be told from an answer that is none.
            None if told.is_none() => return Err(Fault::Senseless),
            Some(Refusal::Passing) => return Err(Fault::Call(Refusal::Passing.as_call())),
            _ => {}
        }
    }
    let namespaces = told.unwrap_or_default();
    session.namespaces = Some(namespaces.clone());
    Ok(namespaces)
}

fn read(
    wire: &[u8],
    attributes: &[String],
    separator: Option<char>,
    namespaces: &Namespaces,
) -> Listed {
    let name = utf7::name(wire);
    let mut folder = Listed {
        shown: name.clone(),
        name,
        selectable: true,
        foreign: namespaces.is_foreign(wire, separator),
        separator,
        ..Listed::default()
    };
    for attribute in attributes {
        match attribute.as_str() {
            "\\noselect" | "\\nonexistent" => folder.selectable = false,
            "\\all" | "\\flagged" | "\\important" => folder.view = true,
            "\\archive" => folder.role = Some(Role::Archive),
            "\\trash" => folder.role = Some(Role::Trash),
            "\\sent" => folder.role = Some(Role::Sent),
            "\\drafts" => folder.role = Some(Role::Drafts),
            "\\junk" => folder.role = Some(Role::Spam),
            _ => {}
        }
    }
    // Somebody else's trash is not the one to bring mails to.
    folder.role = folder.role.filter(|_| !folder.foreign);
    folder.special = folder.role.is_some();
    if folder.name == "INBOX" {
        folder.role = Some(Role::Inbox);
    }
    folder
}

/// A folder is shown by what its name says, unless there are two that say the same.
fn name_for_people(folders: &mut [Listed]) {
    let mut says: BTreeMap<String, usize> = BTreeMap::new();
    for folder in folders.iter() {
        *says.entry(utf7::said(&folder.name).to_owned()).or_default() += 1;
    }
    for folder in folders {
        let said = utf7::said(&folder.name);
        if says.get(said) == Some(&1) {
            folder.shown = said.to_owned();
        }
    }
}

/// What STATUS tells of one folder; none if it is refused.
pub(super) async fn status(
    session: &mut Session,
    folder: &str,
    items: &str,
) -> Result<Option<Counts>, Fault> {
    let words = Words::new("STATUS ")
        .folder(folder)
        .plain(&format!(" {items}"));
    let mut told = None;
    let end = session
        .run(words, &mut |this| {
            if let Told::Folder(Line::Counts { counts, .. }) = this {
                told = Some(counts);
            }
        })
        .await?;
    Ok(told.filter(|_| end.refusal().is_none()))
}

/// A hash of what changes whenever anything does; none where the server cannot tell.
pub(super) async fn sync_token(session: &mut Session) -> Result<Option<String>, Fault> {
    if !session.can.condstore {
        return Ok(None);
    }
    let listing = list_marked(session).await?;
    if listing.odd > 0 {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    for folder in listing.folders {
        let mut told = folder.counts;
        if told.is_empty() {
            told = mark(session, &folder.name).await?;
        }
        if told.get("HIGHESTMODSEQ").is_none_or(|highest| highest == 0) {
            return Ok(None);
        }
        hash.update(folder.name.as_bytes());
        hash.update([0]);
        hash.update(told.written().as_bytes());
        hash.update([0]);
    }
    let mut text = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Some(text))
}
