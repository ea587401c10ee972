//! Changing: one conditional request for each card, a few side by side, then one look at what they
//! made of it.

use std::sync::atomic::{AtomicBool, Ordering};

use bulkhead_engine::kinds::contact::{Change, Effect, Found, ItemState, says_the_same};
use bulkhead_engine::kinds::version::ItemVersion;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use futures::{StreamExt, stream};
use reqwest::Url;

use super::Dav;
use super::fault::Fault;
use super::http::Ask;

/// Requests side by side: hides the way to the server and back, and no more than a browser would do.
const SIDE_BY_SIDE: usize = 4;
/// RFC 6350, section 10.1.
const CONTENT_TYPE: &str = "text/vcard; charset=utf-8";

/// What became of one request.
enum Sent {
    /// It took effect; the new ETag, if the server said.
    Taken(Option<String>),
    Effect(Effect),
    /// Nothing was done, and nothing will be as long as the call's failure lasts.
    Failed(CallError),
}

impl Dav {
    pub(super) async fn apply(&self, changes: &[Change]) -> Result<Vec<Effect>, CallError> {
        let failed = AtomicBool::new(false);
        let attempts: Vec<_> = changes
            .iter()
            .map(|change| self.attempt(change, &failed))
            .collect();
        let sent = stream::iter(attempts).buffered(SIDE_BY_SIDE);
        let sent: Vec<Sent> = sent.collect().await;
        let is_failed = |sent: &Sent| matches!(sent, Sent::Failed(_));
        if sent.iter().all(is_failed)
            && let Some(Sent::Failed(error)) = sent.first()
        {
            return Err(super::fault::copy(error));
        }
        let after = self.after(changes, &sent).await;
        let effects = changes.iter().zip(sent).zip(after);
        Ok(effects
            .map(|((change, sent), now)| effect(change, sent, now))
            .collect())
    }

    /// Looks what became of changes whose answer never came.
    pub(super) async fn look(&self, changes: &[Change]) -> Result<Vec<Found>, CallError> {
        let ids: Vec<ItemId> = changes.iter().map(|change| change.id.clone()).collect();
        let now = self.read_states(&ids).await?;
        Ok(changes
            .iter()
            .zip(now)
            .map(|(change, now)| change.judge(now))
            .collect())
    }

    /// One change, unless one before it already met what ends the whole call.
    async fn attempt(&self, change: &Change, failed: &AtomicBool) -> Sent {
        if failed.load(Ordering::Relaxed) {
            return Sent::Failed(CallError::Unavailable("the call was over".to_owned()));
        }
        match self.write(change).await {
            Ok(sent) => sent,
            Err(fault) if fault.ends_call() => {
                failed.store(true, Ordering::Relaxed);
                Sent::Failed(fault.as_call())
            }
            Err(Fault::Status(status)) => Sent::Effect(status.as_effect(&change.from)),
            Err(Fault::Lost(_) | Fault::TooLarge | Fault::Senseless(_)) => {
                Sent::Effect(Effect::Unknown)
            }
            Err(Fault::NotSent(_) | Fault::Call(_)) => Sent::Effect(Effect::Unavailable),
        }
    }

    async fn write(&self, change: &Change) -> Result<Sent, Fault> {
        let books = self.known_books();
        let url = books.iter().find_map(|book| book.url_of(&change.id));
        let Some(url) = url else {
            return Ok(Sent::Effect(match change.from.state {
                None => Effect::Refused(ItemReason::NoSuchFolder),
                Some(_) => Effect::Missing,
            }));
        };
        let condition = match &change.from.state {
            None => ("If-None-Match", "*".to_owned()),
            Some(_) => match self.condition(&change.from, &url).await? {
                Ok(version) => ("If-Match", version),
                Err(effect) => return Ok(Sent::Effect(effect)),
            },
        };
        let (method, body) = match &change.to {
            Some(card) => ("PUT", Some((CONTENT_TYPE, card.clone()))),
            None => ("DELETE", None),
        };
        let ask = Ask {
            method,
            url: &url,
            depth: None,
            body,
            condition: Some(condition),
        };
        let answer = self.http.ask(ask).await?;
        Ok(match answer.status {
            200 | 201 | 204 => Sent::Taken(answer.etag),
            // Accepted for later, or several answers to one question: what was done has to be looked for.
            _ => Sent::Effect(Effect::Unknown),
        })
    }

    /// The version that a change is conditional on. Where it is not known what was seen is compared by
    /// what it says, and the version read with that counts.
    async fn condition(
        &self,
        seen: &ItemState,
        url: &Url,
    ) -> Result<Result<String, Effect>, Fault> {
        let version = match &seen.version {
            Some(version) => Some(version.clone()),
            // A download cannot have changed anything: losing it leaves nothing unknown.
            None => match self.download(url).await.map_err(harmless)? {
                now if now.is_as(seen) => now.version,
                now if now.state.is_none() => return Ok(Err(Effect::Missing)),
                _ => return Ok(Err(Effect::Changed)),
            },
        };
        // Without a version nothing can be changed safely (RFC 6352, section 6.3.2.3, asks for one).
        let refused = Effect::Refused(ItemReason::Refused);
        let text = version.and_then(|version| String::from_utf8(version.as_bytes().to_vec()).ok());
        Ok(text.ok_or(refused))
    }

    /// What the cards are after our writes, as far as it can be read; none where nothing is to be looked
    /// at.
    async fn after(&self, changes: &[Change], sent: &[Sent]) -> Vec<Option<ItemState>> {
        let looks = |change: &Change, sent: &Sent| match sent {
            Sent::Taken(_) => change.to.is_some(),
            Sent::Effect(effect) => *effect == Effect::Changed && change.from.state.is_some(),
            Sent::Failed(_) => false,
        };
        let wanted = changes.iter().zip(sent).enumerate();
        let wanted = wanted.filter(|(_, (change, sent))| looks(change, sent));
        let (at, ids): (Vec<usize>, Vec<ItemId>) = wanted
            .map(|(at, (change, _))| (at, change.id.clone()))
            .unzip();
        let mut after = vec![None; changes.len()];
        if let Ok(states) = self.states(&ids).await {
            for (at, state) in at.into_iter().zip(states) {
                after[at] = Some(state);
            }
        }
        after
    }
}

fn harmless(fault: Fault) -> Fault {
    match fault {
        Fault::Lost(why) | Fault::Senseless(why) => Fault::NotSent(why),
        other => other,
    }
}

fn is_gone(now: &ItemState) -> bool {
    now.state.is_none()
}

fn effect(change: &Change, sent: Sent, now: Option<ItemState>) -> Effect {
    let etag = match sent {
        Sent::Taken(etag) => etag,
        Sent::Failed(_) => return Effect::Unavailable,
        // 412 is also what a server says about a card that is gone.
        Sent::Effect(Effect::Changed) if now.as_ref().is_some_and(is_gone) => {
            return Effect::Missing;
        }
        Sent::Effect(effect) => return effect,
    };
    let id = change.id.clone();
    let Some(card) = &change.to else {
        let state = ItemState::absent();
        return Effect::Done { id, state };
    };
    let etag = etag.map(|etag| ItemVersion::new(etag.into_bytes()));
    if let Some(state) = now
        && let Some(there) = &state.state
    {
        // What we wrote, whatever the server made of its spelling; or what it says it made of it.
        if says_the_same(there, card) || (etag.is_some() && state.version == etag) {
            return Effect::Done { id, state };
        }
    }
    // Somebody was there already, or it cannot be read now. Without a version an undo compares what the
    // card says, and leaves theirs alone.
    let state = ItemState::present(etag, card.clone());
    Effect::Done { id, state }
}

#[cfg(test)]
mod tests {
    //! What is made of an answer and of what is there afterwards.
    #![allow(clippy::unwrap_used)]

    use super::*;

    const OURS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:Ann\r\nEND:VCARD\r\n";
    const SPELT: &str = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nUID:u\nEND:VCARD\n";
    const OTHER: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:Bob\r\nEND:VCARD\r\n";

    fn state(etag: Option<&str>, card: &str) -> ItemState {
        let etag = etag.map(|etag| ItemVersion::new(etag.as_bytes().to_vec()));
        ItemState::present(etag, card.into())
    }

    fn of(sent: Sent, now: Option<ItemState>) -> Effect {
        let change = Change {
            id: "card".parse().unwrap(),
            from: state(Some("e0"), OTHER),
            to: Some(OURS.into()),
        };
        effect(&change, sent, now)
    }

    #[test]
    fn what_was_written_is_known_by_its_words_or_by_its_version() {
        let (one, two) = (Some("e1"), Some("e2"));
        for (told, now, then) in [
            (one, Some(state(one, SPELT)), state(one, SPELT)),
            // Its words, and a version that was not told yet.
            (one, Some(state(two, SPELT)), state(two, SPELT)),
            (None, Some(state(two, SPELT)), state(two, SPELT)),
            // What the server made of it.
            (one, Some(state(one, OTHER)), state(one, OTHER)),
            // Somebody was there already: theirs is not what we wrote.
            (one, Some(state(two, OTHER)), state(one, OURS)),
            (None, Some(state(two, OTHER)), state(None, OURS)),
            (None, Some(state(None, OTHER)), state(None, OURS)),
            (one, Some(ItemState::absent()), state(one, OURS)),
            (one, None, state(one, OURS)),
        ] {
            let what = format!("{told:?} {now:?}");
            let effect = of(Sent::Taken(told.map(str::to_owned)), now);
            let id = "card".parse().unwrap();
            assert_eq!(effect, Effect::Done { id, state: then }, "{what}");
        }
    }

    #[test]
    fn what_changed_and_what_is_gone_are_told_apart() {
        let changed = || Sent::Effect(Effect::Changed);
        assert_eq!(of(changed(), Some(state(None, OTHER))), Effect::Changed);
        assert_eq!(of(changed(), None), Effect::Changed);
        let gone = Some(ItemState::absent());
        assert_eq!(of(changed(), gone.clone()), Effect::Missing);
        let unknown = Sent::Effect(Effect::Unknown);
        assert_eq!(of(unknown, gone.clone()), Effect::Unknown);
        let failed = Sent::Failed(CallError::Unavailable(String::new()));
        assert_eq!(of(failed, gone), Effect::Unavailable);
    }
}
