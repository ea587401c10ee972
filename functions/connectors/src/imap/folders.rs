//! Folders: what there is, what each is for, and a mark that stays the same while nothing changes.

use std::fmt::Write as _;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{Folder, Role};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use imap_codec::imap_types::flag::FlagNameAttribute;
use imap_codec::imap_types::mailbox::Mailbox;
use imap_codec::imap_types::response::Data;
use imap_codec::imap_types::status::StatusDataItem;
use sha2::{Digest, Sha256};

use super::fault::{Fault, Refusal};
use super::session::{Opened, Session, Told};
use super::utf7;
use super::words::Words;

/// A folder as LIST told it.
#[derive(Debug, Clone, Default)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) role: Option<Role>,
    /// The server itself says what it is for.
    special: bool,
    selectable: bool,
    /// Shows mails that lie in other folders too (Gmail's All Mail).
    view: bool,
    separator: Option<char>,
    pub(super) status: Vec<StatusDataItem>,
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

/// Folders that can be opened, in the order of their names, each role given once.
pub(super) async fn list(session: &mut Session) -> Result<Vec<Listed>, Fault> {
    list_with(session, None).await
}

/// The same with what STATUS tells, where the server gives both in one answer.
pub(super) async fn list_counted(session: &mut Session) -> Result<Vec<Listed>, Fault> {
    let status = session.can.list_status.then_some(STATUS_COUNTS);
    if status.is_some() {
        look_up(session).await?;
    }
    list_with(session, status).await
}

async fn list_with(session: &mut Session, status: Option<&str>) -> Result<Vec<Listed>, Fault> {
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
    let mut listed: Vec<Listed> = Vec::new();
    let mut counts: Vec<(String, Vec<StatusDataItem>)> = Vec::new();
    let end = session
        .run(words, &mut |told| match told {
            Told::Data(Data::List {
                items,
                delimiter,
                mailbox,
            }) => listed.push(read(&mailbox, &items, delimiter.map(|c| c.inner()))),
            Told::Data(Data::Status { mailbox, items }) => {
                counts.push((name_of(&mailbox), items.into_owned()));
            }
            _ => {}
        })
        .await?;
    end.ok()?;
    listed.retain(|folder| folder.selectable);
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    listed.dedup_by(|a, b| a.name == b.name);
    for (name, items) in counts {
        if let Ok(at) = listed.binary_search_by(|folder| folder.name.cmp(&name))
            && let Some(folder) = listed.get_mut(at)
        {
            folder.status = items;
        }
    }
    give_roles(&mut listed);
    Ok(listed)
}

/// STATUS of a folder that a session has open tells what the session knew last: make it look.
async fn look_up(session: &mut Session) -> Result<(), Fault> {
    session.tell(Words::new("NOOP")).await?;
    Ok(())
}

fn name_of(mailbox: &Mailbox<'_>) -> String {
    match mailbox {
        Mailbox::Inbox => "INBOX".to_owned(),
        Mailbox::Other(other) => utf7::decode(other.inner().as_ref()),
    }
}

fn read(
    mailbox: &Mailbox<'_>,
    attributes: &[FlagNameAttribute<'_>],
    separator: Option<char>,
) -> Listed {
    let mut folder = Listed {
        name: name_of(mailbox),
        selectable: true,
        separator,
        ..Listed::default()
    };
    for attribute in attributes {
        match attribute.to_string().to_ascii_lowercase().as_str() {
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
    folder.special = folder.role.is_some();
    if matches!(mailbox, Mailbox::Inbox) {
        folder.role = Some(Role::Inbox);
    }
    folder
}

/// Names that mail programs give such folders, where the server does not say what they are for.
/// "All Mail" is no archive: everything is in it already.
fn usual_names(role: Role) -> &'static [&'static str] {
    match role {
        Role::Inbox => &["INBOX"],
        Role::Archive => &["Archive", "Archives"],
        Role::Trash => &["Trash", "Deleted Items", "Deleted Messages", "Bin"],
        Role::Sent => &["Sent", "Sent Items", "Sent Messages", "Sent Mail"],
        Role::Drafts => &["Drafts"],
        Role::Spam => &["Junk", "Spam", "Junk E-mail", "Junk Email"],
    }
}

/// Each role goes to one folder: the one the server names, else the first with a usual name, at the
/// top or right below the inbox.
fn give_roles(listed: &mut [Listed]) {
    for role in [
        Role::Archive,
        Role::Trash,
        Role::Sent,
        Role::Drafts,
        Role::Spam,
    ] {
        if listed.iter().any(|folder| folder.role == Some(role)) {
            continue;
        }
        let usual = usual_names(role).iter().find_map(|usual| {
            listed.iter().position(|folder| {
                folder.role.is_none() && below_inbox(folder).eq_ignore_ascii_case(usual)
            })
        });
        if let Some(folder) = usual.and_then(|at| listed.get_mut(at)) {
            folder.role = Some(role);
        }
    }
}

fn below_inbox(folder: &Listed) -> &str {
    let below = folder.name.split_at_checked(5).filter(|(parent, rest)| {
        parent.eq_ignore_ascii_case("INBOX") && rest.chars().next() == folder.separator
    });
    match below {
        Some((_, rest)) => rest.get(1..).unwrap_or_default(),
        None => &folder.name,
    }
}

impl Listed {
    /// As the screen lists it.
    pub(super) fn shown(self) -> Folder {
        let (mut total, mut unread) = (None, None);
        for item in &self.status {
            match item {
                StatusDataItem::Messages(count) => total = Some(u64::from(*count)),
                StatusDataItem::Unseen(count) => unread = Some(u64::from(*count)),
                _ => {}
            }
        }
        Folder {
            name: self.name,
            role: self.role,
            total,
            unread,
        }
    }

    /// The query inside this folder; none if nothing in it can match. Views are looked at only by a
    /// query that says where to look, or every mail would be found twice.
    pub(super) fn query(&self, query: &Query) -> Option<Query> {
        let hidden = self.view && !query.says_where();
        query
            .in_folder(&self.name, self.role)
            .filter(|_| !hidden && !self.is_empty())
    }

    /// Known to hold no mail.
    fn is_empty(&self) -> bool {
        self.status.contains(&StatusDataItem::Messages(0))
    }
}

/// The folder for a role, made if it is missing.
pub(super) async fn for_role(session: &mut Session, role: Role) -> Result<String, Fault> {
    let listed = list(session).await?;
    if let Some(folder) = listed.iter().find(|folder| folder.role == Some(role)) {
        return Ok(folder.name.clone());
    }
    let usual = usual_names(role).first().copied().unwrap_or("INBOX");
    if create(session, usual, role).await? {
        return Ok(usual.to_owned());
    }
    // Some servers keep everything below the inbox.
    let separator = listed.iter().find_map(|folder| folder.separator);
    let below = format!("INBOX{}{usual}", separator.unwrap_or('.'));
    if create(session, &below, role).await? {
        return Ok(below);
    }
    Err(Fault::Call(CallError::Unsupported(format!(
        "There is no folder “{usual}”, and the mail server does not let us make it."
    ))))
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
            Some(refusal @ (Refusal::Passing | Refusal::Throttled)) => {
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

/// What STATUS tells of one folder.
pub(super) async fn status(
    session: &mut Session,
    folder: &str,
    items: &str,
) -> Result<Option<Vec<StatusDataItem>>, Fault> {
    let words = Words::new("STATUS ")
        .folder(folder)
        .plain(&format!(" {items}"));
    let mut told_items = None;
    let end = session
        .run(words, &mut |told| {
            if let Told::Data(Data::Status { items, .. }) = told {
                told_items = Some(items.into_owned());
            }
        })
        .await?;
    Ok(told_items.filter(|_| end.refusal().is_none()))
}

/// A hash of what changes whenever anything does; none where the server cannot tell.
pub(super) async fn sync_token(session: &mut Session) -> Result<Option<String>, Fault> {
    if !session.can.condstore {
        return Ok(None);
    }
    look_up(session).await?;
    let in_one = session.can.list_status.then_some(STATUS_MARK);
    let listed = list_with(session, in_one).await?;
    let mut hash = Sha256::new();
    for folder in listed {
        let mut told = folder.status;
        if told.is_empty() {
            let alone = status(session, &folder.name, STATUS_MARK).await?;
            told = alone.unwrap_or_default();
        }
        if !told
            .iter()
            .any(|item| matches!(item, StatusDataItem::HighestModSeq(1..)))
        {
            return Ok(None);
        }
        let mut parts: Vec<String> = told.iter().map(|item| format!("{item:?}")).collect();
        parts.sort();
        hash.update(folder.name.as_bytes());
        hash.update([0]);
        hash.update(parts.join(" ").as_bytes());
        hash.update([0]);
    }
    let mut text = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Some(text))
}
