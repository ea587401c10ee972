//! Drafts in the mailbox in memory: mails like any other, put by their ids, with the same trouble as changes.

use async_trait::async_trait;
use bulkhead_shared::ids::ItemId;

use super::{Mail, MemoryMailbox, Moment, broken, id, lock};
use crate::kinds::mail::{Effect, ItemState, Place};
use crate::ports::{CallError, DRAFT_FLAGS, DraftStore, Letter};

/// The folder that they are in.
const FOLDER: &str = "Drafts";
/// Where a mail program puts one that it sent.
const SENT: &str = "Sent";

impl MemoryMailbox {
    /// Identities of all drafts that were put, with what is in each.
    pub fn drafted(&self) -> Vec<(u64, String)> {
        let inside = lock(&self.inside);
        let drafts = inside.drafts.values();
        let text = |identity: &u64| {
            let source = inside.sources.get(identity).cloned().unwrap_or_default();
            String::from_utf8_lossy(&source).into_owned()
        };
        drafts.map(|identity| (*identity, text(identity))).collect()
    }

    fn draft(&self, letter: &ItemId) -> Option<(ItemId, ItemState)> {
        let inside = lock(&self.inside);
        let mail = inside.mails.get(inside.drafts.get(letter)?)?;
        (mail.place.folder == FOLDER).then(|| (id(mail), self.state(mail)))
    }

    fn put_one(&self, letter: &Letter) -> Effect {
        if self.draft(&letter.id).is_none() {
            let mut inside = lock(&self.inside);
            let (version, uid) = inside.next();
            let mail = Mail {
                identity: uid,
                uid,
                place: Place {
                    folder: FOLDER.to_owned(),
                    flags: DRAFT_FLAGS.map(str::to_owned).into(),
                },
                version,
                touched: 1,
                tag: None,
                received: None,
            };
            inside.mails.insert(uid, mail);
            inside.sources.insert(uid, letter.bytes.clone());
            inside.drafts.insert(letter.id.clone(), uid);
        }
        match self.draft(&letter.id) {
            Some((id, state)) => Effect::Done { id, state },
            None => Effect::Unknown,
        }
    }
}

#[async_trait]
impl DraftStore for MemoryMailbox {
    async fn user(&self) -> Result<Option<String>, CallError> {
        Ok(Some("me@example.org".to_owned()))
    }

    async fn put(&self, letters: &[Letter]) -> Result<Vec<Effect>, CallError> {
        self.begin_call()?;
        self.sleep(Moment::BeforeEffect);
        let (reached, lost) = self.next_trouble(letters.len())?;
        let put = letters.iter().take(reached);
        let put = put.map(|letter| self.put_one(letter)).collect();
        self.sleep(Moment::AfterEffect);
        if lost { Err(broken()) } else { Ok(put) }
    }

    async fn sent(&self, ids: &[ItemId]) -> Result<Vec<bool>, CallError> {
        self.begin_call()?;
        let inside = lock(&self.inside);
        let is_sent = |letter: &ItemId| {
            let line = format!("Message-ID: <{letter}>");
            let says = |identity: &u64| {
                let source = inside.sources.get(identity);
                source.is_some_and(|it| String::from_utf8_lossy(it).contains(&line))
            };
            let sent = inside.mails.values().filter(|it| it.place.folder == SENT);
            let drafted = inside.drafts.get(letter);
            sent.map(|mail| &mail.identity)
                .any(|identity| Some(identity) == drafted || says(identity))
        };
        Ok(ids.iter().map(is_sent).collect())
    }

    async fn find(&self, ids: &[ItemId]) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.begin_call()?;
        Ok(ids.iter().map(|letter| self.draft(letter)).collect())
    }
}
