//! Folders that mails are brought to: for a role, made if it is missing; by a name; and whether others
//! see what is brought there.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{Role, TargetFolder};
use bulkhead_shared::outcome::ItemReason;

use super::fault::{Fault, Refusal};
use super::folder::Listed;
use super::folders;
use super::session::Session;
use super::utf7;
use super::words::Words;
use crate::folder_names;

/// The folder for a role, made if it is missing.
pub(super) async fn for_role(session: &mut Session, role: Role) -> Result<String, Fault> {
    let listed = folders::list(session).await?;
    if let Some(folder) = holder(&listed, role) {
        return Ok(folder.name.clone());
    }
    let new = new_name(session, role).await?;
    if create(session, &new, role).await? {
        return Ok(new);
    }
    // Some servers keep everything below the inbox.
    let separator = listed.iter().find_map(|folder| folder.separator);
    let below = format!(
        "INBOX{}{}",
        separator.unwrap_or('.'),
        folder_names::ours(role)
    );
    if below != new && create(session, &below, role).await? {
        return Ok(below);
    }
    Err(Fault::Call(CallError::Unsupported(format!(
        "There is no folder “{new}”, and the mail server does not let us make it."
    ))))
}

/// The folder for a role, and whether it would be made. Makes nothing.
pub(super) async fn target_for(session: &mut Session, role: Role) -> Result<TargetFolder, Fault> {
    let listed = folders::list(session).await?;
    let found = holder(&listed, role).map(|folder| folder.shown.clone());
    let will_be_made = found.is_none();
    Ok(TargetFolder {
        name: match found {
            Some(name) => name,
            None => new_name(session, role).await?,
        },
        will_be_made,
        seen_by_others: false,
    })
}

fn holder(listed: &[Listed], role: Role) -> Option<&Listed> {
    let holders = listed.iter().filter(|folder| folder.role == Some(role));
    holders.min_by_key(|folder| folder.rank)
}

/// What a folder for a role is called if it has to be made: where one's own folders begin.
async fn new_name(session: &mut Session, role: Role) -> Result<String, Fault> {
    let prefix = own_prefix(session).await?;
    Ok(format!("{prefix}{}", folder_names::ours(role)))
}

/// Where one's own folders begin.
async fn own_prefix(session: &mut Session) -> Result<String, Fault> {
    let namespaces = folders::namespaces(session).await?;
    let prefix = namespaces.personal.first();
    let prefix = prefix.filter(|prefix| !prefix.is_empty());
    Ok(prefix.map(|prefix| utf7::name(prefix)).unwrap_or_default())
}

async fn create(session: &mut Session, name: &str, role: Role) -> Result<bool, Fault> {
    let attribute = match role {
        Role::Archive => "\\Archive",
        Role::Trash => "\\Trash",
        Role::Sent => "\\Sent",
        Role::Drafts => "\\Drafts",
        Role::Spam => "\\Junk",
        Role::Inbox => return Ok(false),
    };
    let with_use = Words::new("CREATE ")
        .folder(name)
        .plain(&format!(" (USE ({attribute}))"));
    let mut created = false;
    if session.can.create_special_use {
        created = session.tell(with_use).await?.refusal().is_none();
    }
    if !created {
        let end = session.tell(Words::new("CREATE ").folder(name)).await?;
        created = match end.refusal() {
            None => true,
            Some(refusal @ (Refusal::Passing | Refusal::Throttled(_))) => {
                return Err(Fault::Call(refusal.as_call()));
            }
            Some(_) => false,
        };
    }
    if created {
        subscribe(session, name).await?;
    }
    Ok(created)
}

/// Mail programs show only folders one is subscribed to; without it the folder works as well.
async fn subscribe(session: &mut Session, name: &str) -> Result<(), Fault> {
    session.tell(Words::new("SUBSCRIBE ").folder(name)).await?;
    Ok(())
}

/// What we call the folder that a person means by a name, made if there is none. A slash in the name means a
/// folder in a folder, whatever the server writes for that.
pub(super) async fn made(session: &mut Session, name: &str) -> Result<String, Fault> {
    let listed = folders::list(session).await?;
    if let Some(folder) = listed.iter().find(|folder| folder.is_called(name)) {
        return Ok(folder.name.clone());
    }
    let separator = listed.iter().find_map(|folder| folder.separator);
    let name = match separator {
        Some(separator) => name.replace('/', &separator.to_string()),
        None => name.to_owned(),
    };
    let prefix = own_prefix(session).await?;
    let name = match name.starts_with(&prefix) {
        true => name,
        false => format!("{prefix}{name}"),
    };
    if let Some(folder) = listed.iter().find(|folder| folder.is_called(&name)) {
        return Ok(folder.name.clone());
    }
    let end = session.tell(Words::new("CREATE ").folder(&name)).await?;
    match end.refusal() {
        None => subscribe(session, &name).await?,
        Some(refusal @ (Refusal::Passing | Refusal::Throttled(_))) => {
            return Err(Fault::Call(refusal.as_call()));
        }
        // Made by somebody else meanwhile, or by an earlier try: then it is there.
        Some(_) => {
            let listed = folders::list(session).await?;
            if !listed.iter().any(|folder| folder.name == name) {
                return Err(Fault::Call(CallError::Refused(ItemReason::NoSuchFolder)));
            }
        }
    }
    Ok(name)
}

/// What we call the folder that a person means by a name. One that is not listed keeps its name.
pub(super) async fn named(session: &mut Session, name: &str) -> Result<String, Fault> {
    let listed = folders::list(session).await?;
    let exact = listed.iter().find(|folder| folder.name == name);
    let found = exact.or_else(|| listed.iter().find(|folder| folder.is_called(name)));
    Ok(found.map_or(name, |folder| &folder.name).to_owned())
}

/// Those of these folders that other people see too.
pub(super) async fn seen_by_others(
    session: &mut Session,
    names: &[String],
) -> Result<Vec<String>, Fault> {
    if folders::namespaces(session).await?.foreign.is_empty() {
        return Ok(Vec::new());
    }
    let listed = folders::list(session).await?;
    let is_foreign = |name: &&String| {
        let mut called = listed.iter().filter(|folder| folder.is_called(name));
        called.any(|folder| folder.foreign)
    };
    Ok(names.iter().filter(is_foreign).cloned().collect())
}
