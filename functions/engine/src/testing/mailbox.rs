//! A mailbox in memory behind the connector's port: it keeps count of every effect, lets a test act
//! as somebody else, and misbehaves on demand. Ids change when a mail moves, as on IMAP, because
//! that is the harder case.

mod drafts;
mod one_click;
mod postbox;
mod sending;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Ability, Allowance, LabelSystem, Reversibility};
use bulkhead_shared::api::{
    AccountKind, Connection, Consent, Credentials, Dials, Folder, Folders, ImapConnection, Item,
    Items, OAuth, Role, Security,
};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Operation, OperationName, Task};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::{self, Query, Settled, Term, is_anywhere};
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use jiff::{SignedDuration, Timestamp};

use super::address_book::MemoryAddressBook;
use super::memory::lock;
use crate::kinds::State;
use crate::kinds::mail::{Change, Effect, FLAGGED, Found, ItemState, Place, SEEN};
use crate::kinds::version::ItemVersion;
use crate::plan::CHUNK_BYTES;
use crate::ports::{
    Account, CallError, Connectors, ContactStore, Delivery, DraftStore, Facts, FromWhom, Header,
    HeaderFolder, HeaderPlace, Headers, Letter, ListMail, MailStore, Match, Matches, MessageSink,
    OneClick, Postbox, SandboxDials,
};

/// How the next calls go wrong. Each number counts down.
#[derive(Debug, Clone, Default)]
pub struct Trouble {
    /// So many changes take effect, but their answer is lost.
    pub lose_answers: u32,
    /// So many changes break off before anything happened.
    pub break_off: u32,
    /// So many changes take effect for the first half of their items only, and break off.
    pub half_way: u32,
    /// After so many whole messages the next one that is read breaks off in its middle; once.
    pub cut_after: Option<u32>,
    /// So many calls are refused until this time.
    pub throttle: Option<(u32, Timestamp)>,
    /// Items that fail for good.
    pub refuse: BTreeSet<u64>,
    /// Items that fail so many times for a passing reason.
    pub flaky: BTreeMap<u64, u32>,
    /// Items of which the provider wants to be asked again after so long; once.
    pub defer: BTreeMap<u64, SignedDuration>,
    /// What the pages of lists answer; the others say yes.
    pub pages: BTreeMap<String, Delivery>,
    /// Items whose state gets so many bytes larger when they are changed than was asked for.
    pub grow: BTreeMap<u64, usize>,
    /// Letters get ids of the provider's own, which are told: `theirs-0` and so on.
    pub renames: bool,
    /// Looking for lost answers does not tell.
    pub blind: bool,
    /// The account cannot be opened at all.
    pub unreachable: bool,
    /// The sign-in is refused.
    pub signed_out: bool,
    /// What every search says it could not look at.
    pub unsearched: Vec<Unsearched>,
    /// Searches tell of a mail how it is marked, and no more.
    pub terse: bool,
    /// How often folders were numbered anew: what was a mail's key before is another's now.
    pub renumbered: u64,
    /// A folder that is gone until somebody makes it.
    pub gone: Option<String>,
    /// Folders that others see too.
    pub shared: Vec<String>,
    /// What speaks against whatever is asked.
    pub objection: Option<String>,
    /// The provider has handed out other credentials.
    pub renewed: Option<Connection>,
}

/// One mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Stays the same when it moves.
    pub identity: u64,
    /// Its id now.
    pub uid: u64,
    /// Where it is and how marked.
    pub place: Place,
    /// Grows with every change.
    pub version: u64,
    /// How often it was really changed through the port.
    pub touched: u32,
    /// The tag of the change that touched it last.
    pub tag: Option<String>,
    /// When it was received; none: long ago, and whatever a search asks for.
    pub received: Option<Timestamp>,
}

#[derive(Debug, Default)]
struct Inside {
    mails: BTreeMap<u64, Mail>,
    last_uid: u64,
    last_version: u64,
    calls: u64,
    delivered: Vec<Letter>,
    asked: Vec<String>,
    sources: BTreeMap<u64, Vec<u8>>,
    /// Mails that are drafts of ours, by the ids of their letters.
    drafts: BTreeMap<ItemId, u64>,
}

/// The mailbox. Clones share it.
#[derive(Clone)]
pub struct MemoryMailbox {
    inside: Arc<Mutex<Inside>>,
    trouble: Arc<Mutex<Trouble>>,
    interrupt: Arc<Mutex<Option<Interrupt>>>,
    dials: Option<Arc<Mutex<Dials>>>,
    contacts: MemoryAddressBook,
    abilities: Abilities,
    sends: Abilities,
    outlet: Option<&'static str>,
    versions: fn(u64) -> Option<ItemVersion>,
}

/// Something that happens while a worker sleeps in the middle of its work: after so many changes, at
/// which moment, and what.
type Interrupt = (u32, Moment, Box<dyn FnOnce() + Send>);

/// When a worker sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Its change was sent and has not taken effect.
    BeforeEffect,
    /// Its change took effect and the answer has not arrived.
    AfterEffect,
}

impl MemoryMailbox {
    /// So many unread mails in the inbox, every third one starred.
    pub fn new(mails: u64) -> Self {
        let this = Self {
            inside: Arc::default(),
            trouble: Arc::default(),
            interrupt: Arc::default(),
            dials: None,
            contacts: MemoryAddressBook::default(),
            abilities: abilities(),
            sends: sending::abilities(),
            outlet: None,
            versions: |number| Some(number.into()),
        };
        let mut inside = lock(&this.inside);
        for identity in 1..=mails {
            let flags = if identity % 3 == 0 {
                BTreeSet::from([FLAGGED.to_owned()])
            } else {
                BTreeSet::new()
            };
            let place = Place {
                folder: "INBOX".to_owned(),
                flags,
            };
            let mail = Mail {
                identity,
                uid: identity,
                place,
                version: identity,
                touched: 0,
                tag: None,
                received: None,
            };
            inside.mails.insert(identity, mail);
        }
        inside.last_uid = mails;
        inside.last_version = mails;
        drop(inside);
        this
    }

    /// A mailbox with these mails.
    pub fn of(mails: impl IntoIterator<Item = Mail>) -> Self {
        let this = Self::new(0);
        let mut inside = lock(&this.inside);
        for mail in mails {
            inside.last_uid = inside.last_uid.max(mail.uid);
            inside.last_version = inside.last_version.max(mail.version);
            inside.mails.insert(mail.identity, mail);
        }
        drop(inside);
        this
    }

    /// The same mailbox with other abilities.
    pub fn with(mut self, change: impl FnOnce(&mut Abilities)) -> Self {
        change(&mut self.abilities);
        self
    }

    /// The same mailbox, but its jobs are cut into chunks of so many items; else of four.
    pub fn in_chunks_of(self, items: u32) -> Self {
        self.with(|abilities| abilities.item_bytes = CHUNK_BYTES / items)
    }

    /// The same mailbox with versions of another form, made from a number that grows with each change;
    /// or without any.
    pub fn with_versions(mut self, versions: fn(u64) -> Option<ItemVersion>) -> Self {
        self.versions = versions;
        self
    }

    /// The same mailbox with a limit on items in a window.
    pub fn limited_to(self, items: u32, seconds: u32) -> Self {
        self.with(|abilities| abilities.allowance = Some(Allowance { items, seconds }))
    }

    /// The same mailbox with dials, like the sandbox. They are kept and turn nothing.
    pub fn with_dials(mut self) -> Self {
        self.dials = Some(Arc::default());
        self
    }

    /// The same mailbox, and contacts in the same account.
    pub fn with_contacts(mut self, contacts: MemoryAddressBook) -> Self {
        self.contacts = contacts;
        self
    }

    /// The contacts in the same account.
    pub fn address_book(&self) -> &MemoryAddressBook {
        &self.contacts
    }

    /// An unread mail comes into the inbox, received at this time. Its identity.
    pub fn arrive(&self, received: Timestamp) -> u64 {
        let mut inside = lock(&self.inside);
        let (version, uid) = inside.next();
        let mail = Mail {
            identity: uid,
            uid,
            place: Place {
                folder: "INBOX".to_owned(),
                flags: BTreeSet::new(),
            },
            version,
            touched: 0,
            tag: None,
            received: Some(received),
        };
        inside.mails.insert(uid, mail);
        uid
    }

    /// What is read of this mail from now on.
    pub fn write(&self, identity: u64, source: &str) {
        let source = source.as_bytes().to_vec();
        lock(&self.inside).sources.insert(identity, source);
    }

    /// Sets how the next calls go wrong.
    pub fn trouble(&self, change: impl FnOnce(&mut Trouble)) {
        change(&mut lock(&self.trouble));
    }

    /// Lets something happen at the change after so many others, as if the worker that sent it had
    /// slept just then: before it takes effect, or before its answer arrives.
    pub fn interrupt(&self, after: u32, moment: Moment, interrupt: impl FnOnce() + Send + 'static) {
        *lock(&self.interrupt) = Some((after, moment, Box::new(interrupt)));
    }

    /// Runs the interrupt if this is its moment.
    fn sleep(&self, moment: Moment) {
        let mut waiting = lock(&self.interrupt);
        let due = waiting
            .as_ref()
            .is_some_and(|(after, at, _)| *after == 0 && *at == moment);
        let interrupt = if due { waiting.take() } else { None };
        if let (Moment::AfterEffect, Some((after, _, _))) = (moment, waiting.as_mut()) {
            *after = after.saturating_sub(1);
        }
        drop(waiting);
        if let Some((_, _, interrupt)) = interrupt {
            interrupt();
        }
    }

    /// All mails by identity: what a person would see, with what no person sees.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.inside).mails.values().cloned().collect()
    }

    /// What was said not to be searched, and mails of which nobody knows whether they match.
    fn unsearched(&self, query: &Query) -> Vec<Unsearched> {
        let mut unsearched = lock(&self.trouble).unsearched.clone();
        let mut open: BTreeMap<String, u64> = BTreeMap::new();
        for mail in self.mails() {
            if holds(query, &mail, true) && !holds(query, &mail, false) {
                *open.entry(mail.place.folder).or_default() += 1;
            }
        }
        unsearched.extend(open.into_iter().map(|(folder, mails)| Unsearched {
            folder,
            why: UnsearchedWhy::NotLookedAt,
            items: Some(mails),
        }));
        unsearched
    }

    /// What stands in a folder's mark for as long as keys name the same mails.
    fn numbered(&self) -> String {
        format!("#{}/", lock(&self.trouble).renumbered)
    }

    /// Where each mail is and how marked, by identity: for comparing before and after.
    pub fn places(&self) -> BTreeMap<u64, Place> {
        self.mails()
            .into_iter()
            .map(|mail| (mail.identity, mail.place))
            .collect()
    }

    /// Somebody else changes a mail.
    pub fn act(&self, identity: u64, change: impl FnOnce(&mut Place)) {
        let mut inside = lock(&self.inside);
        let (version, uid) = inside.next();
        if let Some(mail) = inside.mails.get_mut(&identity) {
            let folder = mail.place.folder.clone();
            change(&mut mail.place);
            mail.version = version;
            if mail.place.folder != folder {
                mail.uid = uid;
            }
        }
    }

    fn state(&self, mail: &Mail) -> ItemState {
        ItemState {
            state: mail.place.clone(),
            version: (self.versions)(mail.version),
            identity: Some(mail.identity),
        }
    }

    /// Somebody else deletes a mail.
    pub fn delete(&self, identity: u64) {
        lock(&self.inside).mails.remove(&identity);
    }

    /// The id a mail has now.
    pub fn id_of(&self, identity: u64) -> Option<ItemId> {
        let inside = lock(&self.inside);
        inside.mails.get(&identity).map(id)
    }

    /// Provider calls so far.
    pub fn calls(&self) -> u64 {
        lock(&self.inside).calls
    }

    fn begin_call(&self) -> Result<(), CallError> {
        lock(&self.inside).calls += 1;
        let mut trouble = lock(&self.trouble);
        if trouble.signed_out {
            return Err(CallError::SignIn);
        }
        if let Some((calls, until)) = trouble.throttle {
            trouble.throttle = (calls > 1).then_some((calls - 1, until));
            return Err(CallError::Throttled { until: Some(until) });
        }
        Ok(())
    }

    /// How many of so many items the next call reaches, and whether its answer is lost; or that it breaks off
    /// before anything.
    fn next_trouble(&self, items: usize) -> Result<(usize, bool), CallError> {
        let mut trouble = lock(&self.trouble);
        if trouble.break_off > 0 {
            trouble.break_off -= 1;
            return Err(broken());
        }
        if trouble.half_way > 0 {
            trouble.half_way -= 1;
            return Ok((items / 2, true));
        }
        let lost = trouble.lose_answers > 0;
        trouble.lose_answers = trouble.lose_answers.saturating_sub(1);
        Ok((items, lost))
    }

    /// Whether the message that is read now breaks off.
    fn cuts_message(&self) -> bool {
        let mut trouble = lock(&self.trouble);
        let left = trouble.cut_after.take();
        trouble.cut_after = left.and_then(|left| left.checked_sub(1));
        left == Some(0)
    }

    fn change_one(&self, change: &Change, tag: &str) -> Effect {
        let mut inside = lock(&self.inside);
        let (version, uid) = inside.next();
        let Some(mail) = inside
            .mails
            .values_mut()
            .find(|mail| is_called(mail, &change.id))
        else {
            return Effect::Missing;
        };
        if change.from.version != (self.versions)(mail.version) {
            return Effect::Changed;
        }
        let mut trouble = lock(&self.trouble);
        if trouble.refuse.contains(&mail.identity) {
            return Effect::Refused(ItemReason::Refused);
        }
        if trouble.gone.as_ref() == Some(&change.to.folder) {
            return Effect::Refused(ItemReason::NoSuchFolder);
        }
        if let Some(times) = trouble
            .flaky
            .get_mut(&mail.identity)
            .filter(|times| **times > 0)
        {
            *times -= 1;
            return Effect::Unavailable;
        }
        if mail.place.folder != change.to.folder {
            mail.uid = uid;
        }
        mail.place = change.to.clone();
        let more = trouble.grow.remove(&mail.identity);
        mail.place.flags.extend(more.map(|bytes| "x".repeat(bytes)));
        mail.version = version;
        mail.touched += 1;
        mail.tag = Some(tag.to_owned());
        Effect::Done {
            id: id(mail),
            state: self.state(mail),
        }
    }
}

impl Inside {
    fn next(&mut self) -> (u64, u64) {
        self.last_version += 1;
        self.last_uid += 1;
        (self.last_version, self.last_uid)
    }
}

/// A mail in the inbox as a list shows it: nobody has read it, and nothing more is known of it than who wrote it.
pub fn listed(id: ItemId, from: &str) -> Item {
    Item {
        id,
        from: from.to_owned(),
        to: String::new(),
        subject: String::new(),
        snippet: String::new(),
        date: Timestamp::UNIX_EPOCH,
        size: 0,
        folder: "INBOX".to_owned(),
        labels: Vec::new(),
        unread: true,
        starred: false,
        has_attachment: false,
        class: None,
    }
}

/// What a mail is that is in this folder, and marked with these.
pub fn place(folder: &str, flags: &[&str]) -> State {
    State::Mail(Place {
        folder: folder.to_owned(),
        flags: flags.iter().map(|&flag| flag.to_owned()).collect(),
    })
}

fn abilities() -> Abilities {
    let ability = |operation: OperationName| Ability {
        operation,
        undo: match operation.about().task {
            Task::Change => Reversibility::Exact,
            Task::Deliver => Reversibility::Final,
            Task::Compute | Task::Export => Reversibility::NothingToUndo,
        },
        note: "Everything comes back.".to_owned(),
    };
    Abilities {
        labels: Some(LabelSystem::Labels),
        batch_size: 4,
        parallel_chunks: 2,
        call_items: 4,
        // Small pages, so that tests meet more than one.
        page_items: 7,
        item_bytes: CHUNK_BYTES / 4,
        calls_per_batch: 2,
        batch_millis: (10, 100),
        operations: OperationName::offered_for(Kind::Mail)
            .chain([OperationName::TestDeliver])
            .map(ability)
            .collect(),
        allowance: None,
        cannot_search: Vec::new(),
    }
}

fn broken() -> CallError {
    CallError::Unavailable("the connection broke off".to_owned())
}

/// Folder first, as on IMAP: another folder is another id.
fn id(mail: &Mail) -> ItemId {
    #[allow(
        clippy::unwrap_used,
        reason = "never empty and without control characters"
    )]
    format!("{}.{}", mail.place.folder, mail.uid)
        .parse()
        .unwrap()
}

/// Each third one is from the same list.
fn header(mail: &Mail) -> Header {
    let item = item(mail);
    Header {
        key: mail.uid,
        address: format!("{}@example.org", mail.identity % 3),
        name: item.from,
        list: mail.identity.is_multiple_of(3).then(|| ListMail {
            id: "list.example.org".to_owned(),
            unsubscribe: true,
        }),
        automatic: false,
        received: item.date,
        size: item.size,
        unread: item.unread,
        starred: item.starred,
        answered: mail.place.flags.contains("\\Answered"),
    }
}

fn facts(mail: &Mail) -> Facts {
    let item = item(mail);
    let (name, address) = item.from.split_once(" <").unwrap_or_default();
    Facts {
        received: Some(item.date),
        size: Some(item.size),
        sender: Some(FromWhom {
            address: address.trim_end_matches('>').to_owned(),
            name: name.to_owned(),
        }),
        ..Facts::of_flags(&mail.place.flags)
    }
}

/// Whether this is the mail's id. Looks at the number first: most ids are another's.
fn is_called(mail: &Mail, wanted: &ItemId) -> bool {
    let number = wanted.as_str().rsplit('.').next();
    number.is_some_and(|number| number.parse() == Ok(mail.uid)) && id(mail) == *wanted
}

fn item(mail: &Mail) -> Item {
    let identity = mail.identity;
    let from = format!("Sender {identity} <sender{identity}@example.org>");
    Item {
        to: "me@example.org".to_owned(),
        subject: format!("=Subject {identity}"),
        date: mail.received.unwrap_or_default(),
        size: 1_000,
        folder: mail.place.folder.clone(),
        labels: mail
            .place
            .flags
            .iter()
            .filter(|flag| !flag.starts_with('\\'))
            .cloned()
            .collect(),
        unread: !mail.place.flags.contains(SEEN),
        starred: mail.place.flags.contains(FLAGGED),
        ..listed(id(mail), &from)
    }
}

/// Whether a query finds a mail. What nobody knows does not hold, nor does its opposite; or both, to see what might.
fn holds(query: &Query, mail: &Mail, might: bool) -> bool {
    let known = query.settle(&|term, negated| match term {
        Term::Class(class, looked) => {
            let told = looked.tells(*class, &id(mail));
            Some(told.unwrap_or(negated != might))
        }
        _ => None,
    });
    match known {
        Settled::Always => true,
        Settled::Never => false,
        Settled::Open(query) => is_so(&query, mail),
    }
}

fn is_so(query: &Query, mail: &Mail) -> bool {
    match query {
        Query::All(all) => all.iter().all(|query| is_so(query, mail)),
        Query::Any(any) => any.iter().any(|query| is_so(query, mail)),
        Query::Not(query) => !is_so(query, mail),
        Query::Term(Term::In(folder)) => {
            is_anywhere(folder) || folder.eq_ignore_ascii_case(&mail.place.folder)
        }
        Query::Term(Term::Starred) => mail.place.flags.contains(FLAGGED),
        Query::Term(Term::Unread) => !mail.place.flags.contains(SEEN),
        Query::Term(Term::After(moment @ query::Moment::At(_))) => mail
            .received
            .is_none_or(|received| received >= moment.resolve(received)),
        Query::Term(_) => true,
    }
}

#[async_trait]
impl Account for MemoryMailbox {
    async fn test(&self) -> Result<String, CallError> {
        self.begin_call().map(|()| "It answers.".to_owned())
    }

    fn mail(self: Arc<Self>) -> Option<Arc<dyn MailStore>> {
        Some(self)
    }

    fn contacts(self: Arc<Self>) -> Option<Arc<dyn ContactStore>> {
        Some(Arc::new(self.contacts.clone()))
    }

    fn postbox(self: Arc<Self>) -> Option<Arc<dyn Postbox>> {
        Some(self)
    }

    fn drafts(self: Arc<Self>) -> Option<Arc<dyn DraftStore>> {
        Some(self)
    }

    fn one_click(self: Arc<Self>) -> Option<Arc<dyn OneClick>> {
        Some(self)
    }

    fn sandbox(self: Arc<Self>) -> Option<Arc<dyn SandboxDials>> {
        self.dials.is_some().then_some(self as _)
    }

    fn renewed(&self) -> Option<Connection> {
        lock(&self.trouble).renewed.clone()
    }
}

#[async_trait]
impl MailStore for MemoryMailbox {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    async fn folders(&self) -> Result<Folders, CallError> {
        let folder = |name: &str| Folder {
            name: name.to_owned(),
            role: match name {
                "Spam" => Some(Role::Spam),
                "Sent" => Some(Role::Sent),
                "Drafts" => Some(Role::Drafts),
                _ => None,
            },
            shared: false,
            total: None,
            unread: None,
        };
        Ok(Folders {
            folders: [
                "INBOX", "Archive", "Trash", "Work", "Spam", "Sent", "Drafts",
            ]
            .map(folder)
            .into(),
            labels: Vec::new(),
        })
    }

    /// Every folder is there as soon as a mail is.
    async fn folder_made(&self, name: &str) -> Result<String, CallError> {
        lock(&self.trouble).gone.take_if(|gone| gone == name);
        Ok(name.to_owned())
    }

    async fn folder_for(&self, role: Role) -> Result<String, CallError> {
        Ok(match role {
            Role::Inbox => "INBOX",
            Role::Archive => "Archive",
            Role::Trash => "Trash",
            Role::Drafts => "Drafts",
            Role::Sent => "Sent",
            Role::Spam => "Spam",
        }
        .to_owned())
    }

    async fn list(
        &self,
        query: &Query,
        _: Timestamp,
        _: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.begin_call()?;
        let mails = self.mails();
        let found: Vec<&Mail> = mails
            .iter()
            .filter(|mail| holds(query, mail, false))
            .collect();
        let items = found
            .iter()
            .rev()
            .take(limit as usize)
            .map(|mail| item(mail))
            .collect();
        Ok(Items {
            items,
            next_cursor: None,
            total: Some(found.len() as u64),
            unsearched: self.unsearched(query),
        })
    }

    async fn header_folders(&self) -> Result<Vec<HeaderFolder>, CallError> {
        let token = self.sync_token().await?;
        let numbered = self.numbered();
        let mark = token.map(|token| format!("{numbered}{token}"));
        let mut folders: BTreeMap<String, u64> = BTreeMap::new();
        for mail in self.mails() {
            *folders.entry(mail.place.folder).or_default() += 1;
        }
        let folder = |(name, mails)| HeaderFolder {
            name,
            mark: mark.clone(),
            mails: Some(mails),
        };
        Ok(folders.into_iter().map(folder).collect())
    }

    async fn headers(
        &self,
        folder: &str,
        cursor: Option<&str>,
        _: u32,
    ) -> Result<Headers, CallError> {
        self.begin_call()?;
        // Small pages, so that tests meet more than one.
        let after: u64 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let mails = self.mails().into_iter();
        let mut mails: Vec<Mail> = mails
            .filter(|mail| mail.place.folder == folder && mail.uid > after)
            .collect();
        mails.sort_by_key(|mail| mail.uid);
        let more = mails.len() > 7;
        mails.truncate(7);
        Ok(Headers {
            next: mails
                .last()
                .filter(|_| more)
                .map(|mail| mail.uid.to_string()),
            headers: mails.iter().map(header).collect(),
        })
    }

    async fn items(&self, ids: &[ItemId]) -> Result<Vec<Option<Item>>, CallError> {
        self.begin_call()?;
        let mails = self.mails();
        Ok(ids
            .iter()
            .map(|wanted| mails.iter().find(|mail| is_called(mail, wanted)).map(item))
            .collect())
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        let inside = lock(&self.inside);
        let newest = inside
            .mails
            .values()
            .map(|mail| mail.version)
            .max()
            .unwrap_or(0);
        Ok(Some(format!("{newest}.{}", inside.mails.len())))
    }

    async fn objection(&self, _: &Operation) -> Result<Option<String>, CallError> {
        Ok(lock(&self.trouble).objection.clone())
    }

    async fn matches(
        &self,
        query: &Query,
        _: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        self.begin_call()?;
        let limit = limit as usize;
        let from: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let found: Vec<Mail> = self
            .mails()
            .into_iter()
            .filter(|mail| holds(query, mail, false))
            .collect();
        let terse = lock(&self.trouble).terse;
        let page = found.iter().skip(from).take(limit).map(|mail| Match {
            id: id(mail),
            version: (self.versions)(mail.version),
            folder: Some(mail.place.folder.clone()),
            facts: Some(match terse {
                true => Facts::of_flags(&mail.place.flags),
                false => facts(mail),
            }),
            header: Some(HeaderPlace {
                folder: mail.place.folder.clone(),
                key: mail.uid,
                marked: self.numbered(),
            }),
        });
        let next = (from + limit < found.len()).then(|| (from + limit).to_string());
        Ok(Matches {
            matches: page.collect(),
            next,
            unsearched: self.unsearched(query),
        })
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        self.begin_call()?;
        let mails = self.mails();
        Ok(ids
            .iter()
            .map(|wanted| mails.iter().find(|mail| is_called(mail, wanted)))
            .map(|found| found.map(|mail| self.state(mail)))
            .collect())
    }

    async fn follow(
        &self,
        lost: &[ItemState],
        _: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.begin_call()?;
        let mails = self.mails();
        let find = |lost: &ItemState| {
            let is_it = |mail: &&Mail| {
                Some(mail.identity) == lost.identity && mail.place.folder == lost.state.folder
            };
            mails
                .iter()
                .find(is_it)
                .map(|mail| (id(mail), self.state(mail)))
        };
        Ok(lost.iter().map(find).collect())
    }

    async fn seen_by_others(&self, folders: &[String]) -> Result<Vec<String>, CallError> {
        let shared = lock(&self.trouble).shared.clone();
        let seen = folders.iter().filter(|folder| shared.contains(folder));
        Ok(seen.cloned().collect())
    }

    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        self.begin_call()?;
        self.sleep(Moment::BeforeEffect);
        let (reached, lost) = self.next_trouble(changes.len())?;
        let effects = changes
            .iter()
            .take(reached)
            .map(|change| self.change_one(change, tag))
            .collect();
        self.sleep(Moment::AfterEffect);
        if lost { Err(broken()) } else { Ok(effects) }
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        self.begin_call()?;
        let blind = lock(&self.trouble).blind;
        let mails = self.mails();
        let look = |change: &Change| {
            let mail = mails
                .iter()
                .find(|mail| Some(mail.identity) == change.from.identity);
            match mail {
                _ if blind => Found::Unclear,
                None => Found::Missing,
                Some(mail) if mail.tag.as_deref() == Some(tag) && mail.place == change.to => {
                    Found::Done {
                        id: id(mail),
                        state: self.state(mail),
                    }
                }
                Some(mail) if is_called(mail, &change.id) => Found::NotDone {
                    id: id(mail),
                    state: self.state(mail),
                },
                Some(_) => Found::Missing,
            }
        };
        Ok(changes.iter().map(look).collect())
    }

    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError> {
        self.begin_call()?;
        let mails = self.mails();
        for (index, wanted) in ids.iter().enumerate() {
            let full = |_| CallError::Refused(ItemReason::Internal);
            match mails.iter().find(|mail| is_called(mail, wanted)) {
                Some(mail) => {
                    sink.begin(index, Timestamp::UNIX_EPOCH, "sender@example.org")
                        .await
                        .map_err(full)?;
                    let written = lock(&self.inside).sources.get(&mail.identity).cloned();
                    let text = format!("Subject: {}\r\n\r\nFrom the beginning.\r\n", mail.identity);
                    let text = written.unwrap_or_else(|| text.into_bytes());
                    let is_cut = self.cuts_message();
                    for piece in text.chunks(5) {
                        sink.bytes(piece).await.map_err(full)?;
                        if is_cut {
                            return Err(broken());
                        }
                    }
                    sink.end().await.map_err(full)?;
                }
                None => sink.skip(index, ItemReason::Missing).await.map_err(full)?,
            }
        }
        Ok(())
    }
}

#[async_trait]
impl SandboxDials for MemoryMailbox {
    async fn dials(&self) -> Result<Dials, CallError> {
        Ok(self
            .dials
            .as_ref()
            .map(|dials| lock(dials).clone())
            .unwrap_or_default())
    }

    async fn turn(&self, wanted: Dials) -> Result<(), CallError> {
        if let Some(dials) = &self.dials {
            *lock(dials) = wanted;
        }
        Ok(())
    }
}

#[async_trait]
impl Connectors for MemoryMailbox {
    async fn open(&self, _: &AccountId, _: &Connection) -> Result<Arc<dyn Account>, CallError> {
        if lock(&self.trouble).unreachable {
            return Err(CallError::Unavailable("nobody answers".to_owned()));
        }
        if lock(&self.trouble).signed_out {
            return Err(CallError::SignIn);
        }
        Ok(Arc::new(self.clone()))
    }

    async fn consented(&self, consent: &Consent) -> Result<ImapConnection, CallError> {
        if lock(&self.trouble).signed_out {
            return Err(CallError::SignIn);
        }
        Ok(ImapConnection {
            host: "imap.example.org".to_owned(),
            port: 993,
            security: Security::Tls,
            user: consent.address.clone(),
            credentials: Credentials::OAuth(OAuth {
                token_endpoint: "https://id.example.org/token".to_owned(),
                client_id: "bulkhead".to_owned(),
                client_secret: None,
                refresh_token: format!("for {}", consent.code),
                access: None,
            }),
            submission: None,
        })
    }

    async fn close(&self, _: &AccountId) {}

    fn least_abilities(&self, _: AccountKind) -> BTreeMap<Kind, Abilities> {
        let contacts = self.contacts.abilities().clone();
        [
            (Kind::Mail, self.abilities.clone()),
            (Kind::Contact, contacts),
        ]
        .into()
    }
}
