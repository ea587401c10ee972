//! Copies of what lists show, brought up to date by what changed since the last time (RFC 6578), or
//! by all ETags where a server cannot tell.

use std::collections::BTreeMap;

use bulkhead_engine::kinds::version::ItemVersion;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::{Card, Shown};

use super::Dav;
use super::copies::{Copy, Kept};
use super::fault::Fault;
use super::href::{Book, meaning, path_of};
use super::http::{Answer, Ask};
use super::read::REPORT_CARDS;
use super::xml;

/// Cards of an account, most. Their shown forms stay in memory; a larger account is refused, not cut.
const CARDS: usize = 50_000;
/// Answers to one question of what changed, most: each is followed by the next where a server cuts.
const ANSWERS: usize = 1_000;

/// What changed: addresses with their versions, or none where they are gone.
type Changes = BTreeMap<Vec<u8>, (ItemId, Option<String>)>;

impl Dav {
    /// Every card of the account, shown: `take` gets each.
    pub(super) async fn each_shown(
        &self,
        mut take: impl FnMut(&ItemId, Option<&ItemVersion>, &Shown),
    ) -> Result<(), Fault> {
        let books = self.known_books();
        let mut copies = self.copies.lock().await;
        copies
            .books
            .retain(|path, _| books.iter().any(|book| book.path == *path));
        for book in books.iter() {
            // Taken out, so that a copy that was left half-way is not used again.
            let mut copy = copies.books.remove(&book.path).unwrap_or_default();
            self.refresh(book, &mut copy).await?;
            for card in copy.cards.values() {
                take(&card.id, card.version.as_ref(), &card.shown);
            }
            copies.books.insert(book.path.clone(), copy);
        }
        Ok(())
    }

    async fn refresh(&self, book: &Book, copy: &mut Copy) -> Result<(), Fault> {
        let (changes, token, is_whole) = self.changes(book, copy.token.as_deref()).await?;
        if is_whole {
            copy.cards.retain(|key, _| changes.contains_key(key));
        }
        let mut unread: Vec<ItemId> = Vec::new();
        for (key, (id, etag)) in changes {
            let version = etag.map(|etag| ItemVersion::new(etag.into_bytes()));
            let known = copy.cards.get(&key).map(|card| &card.version);
            match version {
                None => {
                    copy.cards.remove(&key);
                }
                version if known == Some(&version) => {}
                _ => unread.push(id),
            }
        }
        if copy.cards.len() + unread.len() > CARDS {
            return Err(Fault::TooLarge);
        }
        for ids in unread.chunks(REPORT_CARDS) {
            for (id, contact) in ids.iter().zip(self.states(ids).await?) {
                let key = meaning(id.as_str());
                match contact.state {
                    Some(card) => {
                        let card = Kept {
                            id: id.clone(),
                            shown: shown(&card, id),
                            version: contact.version,
                        };
                        copy.cards.insert(key, card);
                    }
                    None => {
                        copy.cards.remove(&key);
                    }
                }
            }
        }
        copy.token = token;
        Ok(())
    }

    /// What changed since the token, the token now, and whether it is not changes but all there is.
    async fn changes(
        &self,
        book: &Book,
        token: Option<&str>,
    ) -> Result<(Changes, Option<String>, bool), Fault> {
        if let Some(token) = token {
            match self.since(book, token).await {
                Ok((changes, token)) => return Ok((changes, token, false)),
                // The server forgot, or never knew: everything again.
                Err(fault) if fault.is_unsupported() || fault.is_status(&[409, 410, 412, 507]) => {}
                Err(fault) => return Err(fault),
            }
        }
        match self.since(book, "").await {
            Ok((changes, token)) => return Ok((changes, token, true)),
            Err(fault) if fault.is_unsupported() => {}
            Err(fault) => return Err(fault),
        }
        Ok((self.all_etags(book).await?, None, true))
    }

    async fn since(&self, book: &Book, token: &str) -> Result<(Changes, Option<String>), Fault> {
        let (mut changes, mut token) = (Changes::new(), token.to_owned());
        for _ in 0..ANSWERS {
            let body = xml::sync_collection(&token).into_bytes();
            let answer = self.ask_book(book, "REPORT", "0", body).await?;
            let read = xml::multistatus(&answer.body)?;
            let next = read.sync_token;
            let next = next.ok_or(Fault::Senseless("what changed has no token"))?;
            let mut is_cut = false;
            for response in read.responses {
                // 507 about the collection: the rest follows (RFC 6578, section 3.6).
                if response.status == Some(507) {
                    is_cut = true;
                    continue;
                }
                note(book, response, &mut changes)?;
            }
            if !is_cut || next == token {
                return Ok((changes, Some(next)));
            }
            token = next;
        }
        Err(Fault::Senseless("what changed has no end"))
    }

    async fn all_etags(&self, book: &Book) -> Result<Changes, Fault> {
        let answer = self
            .ask_book(book, "PROPFIND", "1", xml::ETAGS.into())
            .await?;
        let mut changes = Changes::new();
        for response in xml::multistatus(&answer.body)?.responses {
            note(book, response, &mut changes)?;
        }
        Ok(changes)
    }

    async fn ask_book(
        &self,
        book: &Book,
        method: &'static str,
        depth: &'static str,
        body: Vec<u8>,
    ) -> Result<Answer, Fault> {
        let ask = Ask {
            method,
            url: &book.url,
            depth: Some(depth),
            body: Some(("application/xml; charset=utf-8", body)),
            condition: None,
        };
        let answer = self.http.ask(ask).await?;
        match answer.status {
            207 => Ok(answer),
            _ => Err(Fault::Senseless("it says nothing about the cards")),
        }
    }
}

fn note(book: &Book, response: xml::Response, changes: &mut Changes) -> Result<(), Fault> {
    let path = path_of(&book.url, &response.href);
    // The collection itself, and collections inside of it.
    if meaning(&path) == meaning(&book.path) || response.properties.is_collection {
        return Ok(());
    }
    let Some(id) = book.id_of(&response.href)? else {
        return Ok(());
    };
    let etag = match (response.status, response.properties.etag) {
        (Some(404 | 410), _) => None,
        (None | Some(200), Some(etag)) => Some(etag),
        _ => return Err(Fault::Senseless("a card without a version")),
    };
    changes.insert(meaning(id.as_str()), (id, etag));
    Ok(())
}

fn shown(card: &[u8], id: &ItemId) -> Shown {
    match Card::read(card) {
        Ok(card) => card.shown(),
        // It is there, and can be exported and deleted.
        Err(_) => Shown::unreadable(id.as_str()),
    }
}
