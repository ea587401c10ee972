//! Reading cards: many with one report, those that it left out one by one.

use bulkhead_engine::kinds::contact::ItemState;
use bulkhead_engine::kinds::version::ItemVersion;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::ids::ItemId;
use reqwest::Url;

use super::Dav;
use super::fault::Fault;
use super::href::{Book, meaning};
use super::http::Ask;
use super::xml;

/// Cards of one report, most: enough that a round trip is shared by many, few enough that photos in
/// them stay within an answer's bytes.
pub(super) const REPORT_CARDS: usize = 50;

impl Dav {
    /// What these cards are now, in the order asked. An id that is in none of the address books is of
    /// nothing that could be there.
    pub(super) async fn states(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, Fault> {
        let books = self.known_books();
        let mut states: Vec<Option<ItemState>> = vec![None; ids.len()];
        let mut outside: Vec<bool> = vec![true; ids.len()];
        for book in books.iter() {
            let mine = ids.iter().enumerate();
            let mine = mine.filter_map(|(at, id)| Some((at, id, book.url_of(id)?)));
            let mine: Vec<(usize, &ItemId, Url)> = mine.filter(|(at, ..)| outside[*at]).collect();
            for part in mine.chunks(REPORT_CARDS) {
                for ((at, ..), state) in part.iter().zip(self.report(book, part).await?) {
                    states[*at] = Some(state);
                    outside[*at] = false;
                }
            }
        }
        let states = states
            .into_iter()
            .map(|state| state.unwrap_or_else(ItemState::absent));
        Ok(states.collect())
    }

    /// One report; what it does not tell is asked for alone.
    async fn report(
        &self,
        book: &Book,
        part: &[(usize, &ItemId, Url)],
    ) -> Result<Vec<ItemState>, Fault> {
        let mut states = match self.reports(book, part).await {
            Ok(true) => self.multiget(book, part).await?,
            Ok(false) => vec![None; part.len()],
            Err(fault) => return Err(fault),
        };
        for ((_, _, url), state) in part.iter().zip(&mut states) {
            if state.is_none() {
                *state = Some(self.download(url).await?);
            }
        }
        Ok(states.into_iter().flatten().collect())
    }

    /// Whether reports may be used: a server's answer in XML may have lost a card's line ends, which an
    /// undo would then not bring back. The first card is read both ways.
    async fn reports(&self, book: &Book, part: &[(usize, &ItemId, Url)]) -> Result<bool, Fault> {
        if part.len() < 2 {
            return Ok(false);
        }
        if let Some(&exact) = self.reports_are_exact.get() {
            return Ok(exact);
        }
        let reported = self.multiget(book, &part[..1]).await?.pop().flatten();
        let reported = match reported {
            Some(reported) if reported.state.is_some() => reported,
            // Nothing to compare: another card will tell.
            Some(_) => return Ok(false),
            None => {
                let _ = self.reports_are_exact.set(false);
                return Ok(false);
            }
        };
        let whole = self.download(&part[0].2).await?;
        if whole.state.is_none() || whole.version != reported.version {
            return Ok(false);
        }
        let exact = whole.state == reported.state;
        // Another call may have found it out meanwhile: the same.
        let _ = self.reports_are_exact.set(exact);
        Ok(exact)
    }

    /// None where the answer does not say, or reports are not known here.
    async fn multiget(
        &self,
        book: &Book,
        part: &[(usize, &ItemId, Url)],
    ) -> Result<Vec<Option<ItemState>>, Fault> {
        let body = xml::multiget(part.iter().map(|(_, id, _)| id.as_str()));
        let ask = Ask {
            method: "REPORT",
            url: &book.url,
            depth: Some("1"),
            body: Some(("application/xml; charset=utf-8", body.into_bytes())),
            condition: None,
        };
        let answer = match self.http.ask(ask).await {
            Ok(answer) if answer.status == 207 => answer,
            Ok(_) => return Ok(vec![None; part.len()]),
            Err(fault) if fault.is_unsupported() || matches!(fault, Fault::TooLarge) => {
                return Ok(vec![None; part.len()]);
            }
            Err(fault) => return Err(fault),
        };
        let mut states = vec![None; part.len()];
        for response in xml::multistatus(&answer.body)?.responses {
            let path = meaning(&super::href::path_of(&book.url, &response.href));
            let found = part
                .iter()
                .position(|(_, id, _)| meaning(id.as_str()) == path);
            let Some(at) = found else { continue };
            let properties = response.properties;
            states[at] = match (response.status, properties.card, properties.etag) {
                (Some(404 | 410), ..) => Some(ItemState::absent()),
                (None | Some(200), Some(card), Some(etag)) => {
                    Some(present(Some(etag), card.into_bytes()))
                }
                // Forbidden, failed, or without its version: the download says which.
                _ => None,
            };
        }
        Ok(states)
    }

    /// One card by itself.
    pub(super) async fn download(&self, url: &Url) -> Result<ItemState, Fault> {
        let ask = Ask {
            method: "GET",
            url,
            depth: None,
            body: None,
            condition: None,
        };
        match self.http.ask(ask).await {
            Ok(answer) if answer.status == 200 => Ok(present(answer.etag, answer.body)),
            Ok(_) => Err(Fault::Senseless("it is neither a card nor a refusal")),
            Err(fault) if fault.is_status(&[404, 410]) => Ok(ItemState::absent()),
            Err(fault) => Err(fault),
        }
    }

    /// See [`Dav::states`], for callers of the port.
    pub(super) async fn read_states(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        self.states(ids).await.map_err(|fault| fault.as_call())
    }
}

fn present(etag: Option<String>, card: Vec<u8>) -> ItemState {
    let version = etag.map(|etag| ItemVersion::new(etag.into_bytes()));
    ItemState::present(version, card)
}
