//! Folders that mails are brought to: for a role, made if it is missing; by a name; and whether others
//! see what is brought there.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{Role, TargetFolder};

use super::fault::{Fault, Refusal};
use super::folder::Listed;
use super::folders;
use super::session::Session;
use super::usual_names;
use super::utf7;
use super::words::Words;

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
        usual_names::ours(role)
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
    let namespaces = folders::namespaces(session).await?;
    let prefix = namespaces
        .personal
        .first()
        .map(|prefix| match prefix.is_empty() {
            true => String::new(),
            false => utf7::name(prefix),
        });
    Ok(format!(
        "{}{}",
        prefix.unwrap_or_default(),
        usual_names::ours(role)
    ))
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
        // Mail programs show only folders one is subscribed to; without it the folder works as well.
        session.tell(Words::new("SUBSCRIBE ").folder(name)).await?;
    }
    Ok(created)
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
