//! Whole messages, streamed: a body goes from the wire to the sink in pieces and is never held whole.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bulkhead_engine::ports::MessageSink;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use mail_parser::MessageParser;
use sha2::{Digest, Sha256};

use super::fault::Fault;
use super::fetched::{self, Fetched};
use super::messages::{self, Messages};
use super::name::{Name, names};
use super::session::Session;
use super::uids;
use super::words::Words;

/// Messages in one command: a lost connection costs at most these.
const AT_ONCE: usize = 200;

/// Takes bodies as they come off the wire.
#[async_trait]
trait Bodies: Send {
    /// A body begins; the message's UID, if it was told before. Whether it is wanted.
    async fn begin(&mut self, uid: Option<u32>) -> Result<bool, Fault>;
    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault>;
    async fn end(&mut self) -> Result<(), Fault>;
}

/// Streams the bodies of a set of messages of the open folder.
async fn stream(session: &mut Session, set: &str, to: &mut dyn Bodies) -> Result<(), Fault> {
    session.busy = true;
    let tag = session.next_tag();
    let words = Words::new(&format!("UID FETCH {set} (UID BODY.PEEK[])"));
    for piece in words.under(&tag) {
        session.wire.send(&piece).await?;
    }
    loop {
        let mut raw = Vec::new();
        while let Some(length) = session.wire.line(&mut raw).await? {
            match fetched::body_begins(&raw) {
                Some(uid) => {
                    body(session, uid, length, to).await?;
                    // What follows in this response tells nothing we asked for.
                    raw.clear();
                }
                None => session.wire.literal(length, &mut raw).await?,
            }
        }
        if let Some(end) = session.take(&raw, &tag, &mut |_| {})? {
            // A message that is gone meanwhile may make the whole command NO; the others came.
            let _ = end;
            return Ok(());
        }
    }
}

async fn body(
    session: &mut Session,
    uid: Option<u32>,
    length: u64,
    to: &mut dyn Bodies,
) -> Result<(), Fault> {
    let wanted = to.begin(uid).await?;
    let mut left = length;
    while left > 0 {
        let piece = session.wire.piece(left).await?;
        left -= piece.len() as u64;
        if wanted {
            to.bytes(&piece).await?;
        }
    }
    if wanted {
        to.end().await?;
    }
    Ok(())
}

/// Streams whole messages into `sink`, in the order asked.
pub(super) async fn fetch(
    session: &mut Session,
    ids: &[ItemId],
    sink: &mut dyn MessageSink,
) -> Result<(), Fault> {
    let names = names(session, ids.iter()).await?;
    let mut start = 0;
    while start < names.len() {
        let length = run_length(names.get(start..).unwrap_or_default());
        let run = names.get(start..start + length).unwrap_or_default();
        fetch_run(session, run, start, sink).await?;
        start += length;
    }
    Ok(())
}

/// How many from the start lie in one folder with ascending UIDs: servers answer in that order.
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

async fn fetch_run(
    session: &mut Session,
    run: &[Option<Name>],
    start: usize,
    sink: &mut dyn MessageSink,
) -> Result<(), Fault> {
    let mut export = Export {
        sink,
        uids: run.iter().flatten().map(|name| name.uid).collect(),
        start,
        done: 0,
        known: Messages::new(),
        awaited: None,
    };
    let Some(name) = run.iter().flatten().next() else {
        return export.skip_to(run.len()).await;
    };
    if session
        .open(&name.folder)
        .await?
        .is_ok_and(|opened| opened.validity == name.validity)
    {
        let items = "UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM SENDER)]";
        export.known = messages::fetch(session, &export.uids, items, "").await?;
        let there: Vec<u32> = export.known.keys().copied().collect();
        if export.known.values().all(|fetched| fetched.uid_first) {
            for (set, _) in uids::sets(&there) {
                stream(session, &set, &mut export).await?;
            }
        } else {
            // This server names a message after its body: then only one at a time is certain.
            for uid in there {
                export.awaited = Some(uid);
                stream(session, &uid.to_string(), &mut export).await?;
            }
        }
    }
    export.skip_to(run.len()).await
}

/// Hands bodies on to an export's sink, and says which could not be had.
struct Export<'a> {
    sink: &'a mut dyn MessageSink,
    uids: Vec<u32>,
    /// The place of the first of them among all.
    start: usize,
    /// How many were handed on or skipped.
    done: usize,
    known: Messages,
    /// The only one asked for, if one at a time.
    awaited: Option<u32>,
}

impl Export<'_> {
    async fn skip_to(&mut self, place: usize) -> Result<(), Fault> {
        while self.done < place {
            let skipped = self
                .sink
                .skip(self.start + self.done, ItemReason::Missing)
                .await;
            skipped.map_err(|_| Fault::Sink)?;
            self.done += 1;
        }
        Ok(())
    }
}

#[async_trait]
impl Bodies for Export<'_> {
    async fn begin(&mut self, uid: Option<u32>) -> Result<bool, Fault> {
        let uid = uid.or(self.awaited);
        let place = uid.and_then(|uid| self.uids.iter().position(|asked| *asked == uid));
        let (Some(uid), Some(place)) = (uid, place.filter(|place| *place >= self.done)) else {
            return Ok(false);
        };
        self.skip_to(place).await?;
        let known = self.known.get(&uid);
        let received = known.and_then(|fetched| fetched.received);
        let sender = known
            .and_then(sender)
            .unwrap_or_else(|| "MAILER-DAEMON".to_owned());
        self.sink
            .begin(
                self.start + place,
                received.unwrap_or(Timestamp::UNIX_EPOCH),
                &sender,
            )
            .await
            .map_err(|_| Fault::Sink)?;
        Ok(true)
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.sink.bytes(bytes).await.map_err(|_| Fault::Sink)
    }

    async fn end(&mut self) -> Result<(), Fault> {
        self.done += 1;
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

/// Hashes of whole messages of the open folder, for comparing to the byte; those that are gone lack.
pub(super) async fn digests(
    session: &mut Session,
    uids: &[u32],
) -> Result<BTreeMap<u32, [u8; 32]>, Fault> {
    let mut digests = Digests::default();
    for (set, _) in uids::sets(uids) {
        stream(session, &set, &mut digests).await?;
    }
    Ok(digests.done)
}

#[derive(Default)]
struct Digests {
    uid: u32,
    hash: Sha256,
    done: BTreeMap<u32, [u8; 32]>,
}

#[async_trait]
impl Bodies for Digests {
    async fn begin(&mut self, uid: Option<u32>) -> Result<bool, Fault> {
        self.uid = uid.unwrap_or(0);
        // Without a UID it is not known whose body this is: then it is not compared.
        Ok(uid.is_some())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.hash.update(bytes);
        Ok(())
    }

    async fn end(&mut self) -> Result<(), Fault> {
        self.done
            .insert(self.uid, self.hash.finalize_reset().into());
        Ok(())
    }
}
