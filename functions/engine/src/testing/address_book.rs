//! An address book in memory behind the port of contacts: it keeps count of every effect, lets a test act
//! as somebody else, and misbehaves on demand. Cards are kept byte for byte, and every change gives a new
//! version, also one back to what was there before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Ability, Allowance, Reversibility};
use bulkhead_shared::api::AddressBook;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{OperationName, Task};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::{Card, Search, Shown};

use super::memory::lock;
use crate::kinds::contact::{Change, Effect, Found, ItemState};
use crate::kinds::version::ItemVersion;
use crate::plan::CHUNK_BYTES;
use crate::ports::{CallError, ContactPage, ContactRow, ContactStore};

/// The one address book.
const BOOK: &str = "/book/";

/// How the next calls go wrong. Each number counts down.
#[derive(Debug, Clone, Default)]
pub struct Trouble {
    /// So many changes take effect, but their answer is lost.
    pub lose_answers: u32,
    /// So many changes break off before anything happened.
    pub break_off: u32,
    /// So many changes take effect for the first half of their items only, and break off.
    pub half_way: u32,
    /// Contacts that cannot be changed for good.
    pub refuse: BTreeSet<ItemId>,
}

#[derive(Debug, Default)]
struct Inside {
    cards: BTreeMap<ItemId, (ItemVersion, Vec<u8>)>,
    touched: BTreeMap<ItemId, u32>,
    last_version: u64,
}

/// The address book. Clones share it.
#[derive(Clone)]
pub struct MemoryAddressBook {
    inside: Arc<Mutex<Inside>>,
    trouble: Arc<Mutex<Trouble>>,
    abilities: Abilities,
}

impl Default for MemoryAddressBook {
    /// Empty, in chunks and calls of four.
    fn default() -> Self {
        Self {
            inside: Arc::default(),
            trouble: Arc::default(),
            abilities: abilities(),
        }
    }
}

impl MemoryAddressBook {
    /// An address book with these cards, at addresses made of their numbers from 1.
    pub fn of(cards: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let this = Self::default();
        for (number, card) in (1..).zip(cards) {
            this.act(&address(number), Some(card));
        }
        this
    }

    /// The same address book with a limit on contacts in a window.
    pub fn limited_to(mut self, items: u32, seconds: u32) -> Self {
        self.abilities.allowance = Some(Allowance { items, seconds });
        self
    }

    /// Sets how the next calls go wrong.
    pub fn trouble(&self, change: impl FnOnce(&mut Trouble)) {
        change(&mut lock(&self.trouble));
    }

    /// Everything that is there, byte for byte.
    pub fn cards(&self) -> BTreeMap<ItemId, Vec<u8>> {
        let inside = lock(&self.inside);
        let cards = inside.cards.iter();
        cards
            .map(|(id, (_, card))| (id.clone(), card.clone()))
            .collect()
    }

    /// How often each contact was really changed through the port, those that are gone as well.
    pub fn touches(&self) -> BTreeMap<ItemId, u32> {
        lock(&self.inside).touched.clone()
    }

    /// Somebody else writes a card, or deletes it, whatever is there.
    pub fn act(&self, id: &ItemId, card: Option<Vec<u8>>) {
        lock(&self.inside).write(id, card);
    }

    fn take(&self, change: &Change) -> Effect {
        let is_card = |card: &Vec<u8>| Card::read(card).is_ok();
        let is_ours = change.id.as_str().strip_prefix(BOOK).is_some();
        match (&change.from.state, &change.to) {
            (None, _) if !is_ours => {
                return Effect::Refused(ItemReason::NoSuchFolder);
            }
            (_, Some(card)) if !is_card(card) => {
                return Effect::Refused(ItemReason::Refused);
            }
            _ => {}
        }
        if lock(&self.trouble).refuse.contains(&change.id) {
            return Effect::Refused(ItemReason::Refused);
        }
        let mut inside = lock(&self.inside);
        let now = inside.state(&change.id);
        match (&change.from.state, &now.state) {
            _ if now.is_as(&change.from) => {}
            (Some(_), None) => return Effect::Missing,
            _ => return Effect::Changed,
        }
        *inside.touched.entry(change.id.clone()).or_default() += 1;
        inside.write(&change.id, change.to.clone());
        Effect::Done {
            id: change.id.clone(),
            state: inside.state(&change.id),
        }
    }
}

impl Inside {
    fn state(&self, id: &ItemId) -> ItemState {
        match self.cards.get(id).cloned() {
            Some((version, card)) => ItemState::present(Some(version), card),
            None => ItemState::absent(),
        }
    }

    fn write(&mut self, id: &ItemId, card: Option<Vec<u8>>) {
        self.last_version += 1;
        let version = format!("\"{}\"", self.last_version);
        let version = ItemVersion::new(version.into_bytes());
        match card {
            Some(card) => self.cards.insert(id.clone(), (version, card)),
            None => self.cards.remove(id),
        };
    }
}

/// The address of the contact with this number.
pub fn address(number: u64) -> ItemId {
    #[allow(
        clippy::unwrap_used,
        reason = "never empty and without control characters"
    )]
    format!("{BOOK}{number:03}.vcf").parse().unwrap()
}

fn abilities() -> Abilities {
    let ability = |operation: OperationName| Ability {
        operation,
        undo: match operation.about().task {
            Task::Change => Reversibility::Exact,
            Task::Deliver | Task::Compute | Task::Export => Reversibility::NothingToUndo,
        },
        note: "Everything comes back.".to_owned(),
    };
    Abilities {
        labels: None,
        batch_size: 4,
        parallel_chunks: 2,
        call_items: 4,
        page_items: 7,
        item_bytes: CHUNK_BYTES / 4,
        calls_per_batch: 5,
        batch_millis: (10, 100),
        operations: OperationName::offered_for(Kind::Contact)
            .map(ability)
            .collect(),
        allowance: None,
        cannot_search: Vec::new(),
    }
}

#[async_trait]
impl ContactStore for MemoryAddressBook {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    async fn test(&self) -> Result<String, CallError> {
        Ok("It answers.".to_owned())
    }

    async fn books(&self) -> Result<Vec<AddressBook>, CallError> {
        Ok(vec![AddressBook {
            id: BOOK.to_owned(),
            name: "Contacts".to_owned(),
            writable: true,
        }])
    }

    async fn list(
        &self,
        search: &Search,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ContactPage, CallError> {
        let mut rows: Vec<(String, ContactRow)> = Vec::new();
        for (id, (version, card)) in &lock(&self.inside).cards {
            let shown = match Card::read(card) {
                Ok(card) => card.shown(),
                Err(_) => Shown::unreadable(id.as_str()),
            };
            if shown.matches(search) {
                let key = format!("{}\n{id}", shown.title.to_lowercase());
                let row = ContactRow {
                    id: id.clone(),
                    version: Some(version.clone()),
                    shown,
                };
                rows.push((key, row));
            }
        }
        rows.sort_by(|one, other| one.0.cmp(&other.0));
        let total = rows.len() as u64;
        rows.retain(|(key, _)| cursor.is_none_or(|cursor| key.as_str() > cursor));
        // Small pages, so that tests meet more than one.
        let limit = limit.clamp(1, 10) as usize;
        let next = (rows.len() > limit).then(|| rows[limit - 1].0.clone());
        rows.truncate(limit);
        Ok(ContactPage {
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            next,
            total,
        })
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        Ok(Some(lock(&self.inside).last_version.to_string()))
    }

    fn new_id(&self, book: &AddressBook, uid: &str) -> Result<ItemId, CallError> {
        let none = || CallError::Unsupported("There is no such address book.".to_owned());
        let name: String = uid.bytes().map(|byte| format!("{byte:02x}")).collect();
        let id = format!("{}{name}.vcf", book.id);
        let is_known = book.id == BOOK;
        ItemId::try_from(id)
            .ok()
            .filter(|_| is_known)
            .ok_or_else(none)
    }

    async fn read(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        let inside = lock(&self.inside);
        Ok(ids.iter().map(|id| inside.state(id)).collect())
    }

    async fn change(&self, changes: &[Change], _tag: &str) -> Result<Vec<Effect>, CallError> {
        let broken = || {
            Err(CallError::Unavailable(
                "the connection broke off".to_owned(),
            ))
        };
        let (mut half, mut lost) = (false, false);
        {
            let mut trouble = lock(&self.trouble);
            if trouble.break_off > 0 {
                trouble.break_off -= 1;
                return broken();
            }
            if trouble.half_way > 0 {
                trouble.half_way -= 1;
                half = true;
            } else if trouble.lose_answers > 0 {
                trouble.lose_answers -= 1;
                lost = true;
            }
        }
        let reached = match half {
            true => changes.len() / 2,
            false => changes.len(),
        };
        let effects = changes.iter().take(reached);
        let effects = effects.map(|change| self.take(change)).collect();
        if half || lost { broken() } else { Ok(effects) }
    }

    async fn reconcile(&self, changes: &[Change], _tag: &str) -> Result<Vec<Found>, CallError> {
        let inside = lock(&self.inside);
        let changes = changes.iter();
        Ok(changes
            .map(|change| change.judge(inside.state(&change.id)))
            .collect())
    }
}
