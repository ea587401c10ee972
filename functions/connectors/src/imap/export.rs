//! Whole messages for an export. Each asked for ends as one of three things: handed on, gone because the
//! server says so, or refused for good; what is refused for now stays open, and the call says why.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use bulkhead_engine::ports::{CallError, MessageSink};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use mail_parser::MessageParser;

use super::bodies::{Bodies, Extent, stream};
use super::fault::{Fault, Refusal};
use super::fetched::Fetched;
use super::folders;
use super::messages::{self, Messages};
use super::name::{Name, names};
use super::session::Session;
use super::uids;

/// Messages in one command: a lost connection costs at most these.
const AT_ONCE: usize = 200;
/// Refusals in a row after which the server is not asked for one message after the other any more.
const REFUSED_MOST: usize = 3;

/// Streams messages into `sink`, or their beginnings, in the order asked, or within a run of ascending UIDs in the
/// order that the server answers. If some cannot be had for now, the error says why; the others were
/// handed on.
pub(super) async fn fetch(
    session: &mut Session,
    ids: &[ItemId],
    extent: Extent,
    sink: &mut dyn MessageSink,
) -> Result<(), Fault> {
    let names = names(session, ids.iter()).await?;
    let mut for_now = None;
    let mut start = 0;
    while start < names.len() {
        let length = run_length(names.get(start..).unwrap_or_default());
        let run = names.get(start..start + length).unwrap_or_default();
        match run.iter().flatten().next() {
            Some(first) => {
                let mut export = Export::of(&mut *sink, extent, run, start);
                let why = export.run(session, &first.folder, first.validity).await?;
                for_now = for_now.or(why);
            }
            None => skip(sink, start, ItemReason::Missing).await?,
        }
        start += length;
    }
    match for_now {
        Some(error) => Err(Fault::Call(error)),
        None => Ok(()),
    }
}

/// How many from the start lie in one folder with ascending UIDs: one command serves them.
fn run_length(names: &[Option<Name>]) -> usize {
    let follows = |pair: &&[Option<Name>]| match pair {
        [Some(one), Some(next)] => {
            one.folder == next.folder && one.validity == next.validity && one.uid < next.uid
        }
        _ => false,
    };
    names
        .windows(2)
        .take(AT_ONCE - 1)
        .take_while(follows)
        .count()
        + 1
}

async fn skip(sink: &mut dyn MessageSink, place: usize, reason: ItemReason) -> Result<(), Fault> {
    sink.skip(place, reason).await.map_err(|_| Fault::Sink)
}

/// Hands bodies on to an export's sink, and says which could not be had.
struct Export<'a> {
    sink: &'a mut dyn MessageSink,
    extent: Extent,
    /// What is still wanted: places by UID.
    places: BTreeMap<u32, usize>,
    known: Messages,
    /// The only one asked for, if one at a time.
    awaited: Option<u32>,
    /// The one that is being handed on.
    current: Option<u32>,
}

impl<'a> Export<'a> {
    /// For a run whose first is at this place of all that are asked for.
    fn of(
        sink: &'a mut dyn MessageSink,
        extent: Extent,
        run: &[Option<Name>],
        start: usize,
    ) -> Self {
        let uids = run.iter().flatten().map(|name| name.uid);
        Self {
            sink,
            extent,
            places: uids.zip(start..).collect(),
            known: Messages::new(),
            awaited: None,
            current: None,
        }
    }

    /// All of a folder's run; why some of it stays open, if it does.
    async fn run(
        &mut self,
        session: &mut Session,
        folder: &str,
        validity: u32,
    ) -> Result<Option<CallError>, Fault> {
        match folders::open(session, folder).await? {
            Ok(opened) if opened.validity == validity => {}
            // Another folder under the same name.
            Ok(_) | Err(Refusal::NoFolder) => {
                self.skip_all(ItemReason::Missing).await?;
                return Ok(None);
            }
            Err(refusal) => return self.refused_all(refusal).await,
        }
        let items = "UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SENDER)]";
        let wanted: Vec<u32> = self.places.keys().copied().collect();
        self.known = messages::fetch(session, &wanted, items, "").await?;
        self.skip_gone().await?;
        if self.known.values().all(|fetched| fetched.uid_first) {
            self.at_once(session).await?;
        }
        self.one_by_one(session).await
    }

    /// In as few commands as can be. Whatever does not come that way is asked for alone.
    async fn at_once(&mut self, session: &mut Session) -> Result<(), Fault> {
        let wanted: Vec<u32> = self.places.keys().copied().collect();
        for (set, uids) in uids::sets(&wanted) {
            let expected = uids.iter().map(|uid| self.size(*uid)).sum();
            let refusal = stream(session, &set, self.extent, expected, self).await?;
            if let Some(throttled @ Refusal::Throttled(_)) = refusal {
                return Err(Fault::Call(throttled.as_call()));
            }
        }
        Ok(())
    }

    /// One after the other: servers refuse the whole of a command for one message, some name a message
    /// only after its body, and what was expunged meanwhile does not come.
    async fn one_by_one(&mut self, session: &mut Session) -> Result<Option<CallError>, Fault> {
        if self.places.is_empty() {
            return Ok(None);
        }
        let wanted: Vec<u32> = self.places.keys().copied().collect();
        let there: BTreeSet<u32> = messages::still_there(session, &wanted)
            .await?
            .into_iter()
            .collect();
        self.known.retain(|uid, _| there.contains(uid));
        self.skip_gone().await?;
        let mut in_a_row = 0;
        let mut for_now = None;
        for uid in there {
            self.awaited = Some(uid);
            let expected = self.size(uid);
            let refusal = stream(session, &uid.to_string(), self.extent, expected, self).await?;
            let Some(&place) = self.places.get(&uid) else {
                in_a_row = 0;
                continue;
            };
            in_a_row += 1;
            match refusal {
                Some(Refusal::Final(reason)) if in_a_row < REFUSED_MOST => {
                    self.places.remove(&uid);
                    skip(self.sink, place, reason).await?;
                }
                Some(refusal) if in_a_row >= REFUSED_MOST => {
                    return Ok(for_now.or(self.refused_all(refusal).await?));
                }
                Some(Refusal::NotUnderstood | Refusal::Charset) => {
                    self.places.remove(&uid);
                    skip(self.sink, place, ItemReason::Refused).await?;
                }
                Some(refusal @ Refusal::Throttled(_)) => {
                    return Err(Fault::Call(refusal.as_call()));
                }
                // There, and did not come: it may the next time.
                refusal => for_now = Some(refusal.unwrap_or(Refusal::Passing).as_call()),
            }
        }
        Ok(for_now)
    }

    fn size(&self, uid: u32) -> u64 {
        let known = self.known.get(&uid);
        self.extent
            .of(known.and_then(|fetched| fetched.size).unwrap_or(0))
    }

    async fn skip_gone(&mut self) -> Result<(), Fault> {
        let gone = |uid: &u32| !self.known.contains_key(uid);
        let gone: Vec<u32> = self
            .places
            .keys()
            .filter(|uid| gone(uid))
            .copied()
            .collect();
        for uid in gone {
            if let Some(place) = self.places.remove(&uid) {
                skip(self.sink, place, ItemReason::Missing).await?;
            }
        }
        Ok(())
    }

    async fn skip_all(&mut self, reason: ItemReason) -> Result<(), Fault> {
        for (_, place) in std::mem::take(&mut self.places) {
            skip(self.sink, place, reason).await?;
        }
        Ok(())
    }

    /// What a refusal of everything means for what is still wanted; why it stays open, if it does.
    async fn refused_all(&mut self, refusal: Refusal) -> Result<Option<CallError>, Fault> {
        match refusal {
            Refusal::Final(reason) => self.skip_all(reason).await?,
            Refusal::NotUnderstood | Refusal::Charset => {
                self.skip_all(ItemReason::Refused).await?;
            }
            for_now => return Ok(Some(for_now.as_call())),
        }
        Ok(None)
    }
}

#[async_trait]
impl Bodies for Export<'_> {
    async fn begin(&mut self, uid: Option<u32>) -> Result<bool, Fault> {
        let uid = uid.or(self.awaited);
        let wanted = uid.and_then(|uid| Some((uid, *self.places.get(&uid)?)));
        let Some((uid, place)) = wanted else {
            return Ok(false);
        };
        let known = self.known.get(&uid);
        let received = known.and_then(|fetched| fetched.received);
        let sender = known
            .and_then(sender)
            .unwrap_or_else(|| "MAILER-DAEMON".to_owned());
        self.current = Some(uid);
        self.sink
            .begin(place, received.unwrap_or(Timestamp::UNIX_EPOCH), &sender)
            .await
            .map_err(|_| Fault::Sink)?;
        Ok(true)
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.sink.bytes(bytes).await.map_err(|_| Fault::Sink)
    }

    async fn end(&mut self) -> Result<(), Fault> {
        if let Some(uid) = self.current.take() {
            self.places.remove(&uid);
        }
        self.sink.end().await.map_err(|_| Fault::Sink)
    }
}

/// The sender's bare address: one word, since mbox's separator line is split at spaces.
fn sender(fetched: &Fetched) -> Option<String> {
    let header = fetched.header.as_deref()?;
    let message = MessageParser::default().parse_headers(header)?;
    let address = message.from().or(message.sender())?.first()?;
    let address = address.address.as_deref()?.trim();
    let is_word = !address.is_empty()
        && address
            .chars()
            .all(|c| !c.is_whitespace() && !c.is_control());
    is_word.then(|| address.to_owned())
}
