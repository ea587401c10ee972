//! Bodies of messages, streamed: each goes off the wire in pieces and is never held whole.

use async_trait::async_trait;

use super::budget::Budget;
use super::fault::{Fault, Refusal};
use super::fetched;
use super::session::{End, Session};
use super::words::Words;

/// How much of each body is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// So many bytes from its beginning (RFC 9051, section 6.4.5).
    Beginning(u64),
}

impl Extent {
    /// How many bytes come of a body of this size.
    pub(super) fn of(self, size: u64) -> u64 {
        match self {
            Self::Whole => size,
            Self::Beginning(most) => size.min(most),
        }
    }

    fn item(self) -> String {
        match self {
            Self::Whole => "BODY.PEEK[]".to_owned(),
            Self::Beginning(most) => format!("BODY.PEEK[]<0.{most}>"),
        }
    }
}

/// Takes bodies as they come, in whatever order.
#[async_trait]
pub(super) trait Bodies: Send {
    /// A body begins; the message's UID, if it was told before. Whether it is wanted.
    async fn begin(&mut self, uid: Option<u32>) -> Result<bool, Fault>;
    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault>;
    async fn end(&mut self) -> Result<(), Fault>;
}

/// Streams the bodies of a set of messages of the open folder, of about so many bytes. The refusal, if
/// the command was refused: then some of them may have come all the same. That one did not come says
/// nothing about why.
pub(super) async fn stream(
    session: &mut Session,
    set: &str,
    extent: Extent,
    expected: u64,
    to: &mut dyn Bodies,
) -> Result<Option<Refusal>, Fault> {
    let tag = session.begin(Budget::bodies(expected));
    let words = Words::new(&format!("UID FETCH {set} (UID {})", extent.item()));
    for piece in words.under(&tag) {
        session.wire.send(&piece).await?;
    }
    loop {
        if let Some(end) = response(session, &tag, to).await? {
            return Ok(end.refusal());
        }
    }
}

/// One response, with the body that is in it.
async fn response(
    session: &mut Session,
    tag: &str,
    to: &mut dyn Bodies,
) -> Result<Option<End>, Fault> {
    let mut raw = Vec::new();
    let mut streamed = None;
    while let Some(length) = session.wire.line(&mut raw).await? {
        match fetched::body_begins(&raw) {
            Some(uid) if streamed.is_none() => {
                streamed = Some(literal(session, uid, length, to).await?);
                raw.clear();
            }
            _ => session.wire.literal(length, &mut raw).await?,
        }
    }
    if let Some(wanted) = streamed {
        // What follows the body tells nothing we asked for, but that it was as long as announced.
        if !raw.trim_ascii_end().ends_with(b")") {
            return Err(Fault::Senseless);
        }
        if wanted {
            to.end().await?;
        }
        return Ok(None);
    }
    if let Some(fetched) = fetched::read(&raw)
        && let Some(body) = &fetched.body
    {
        // A short one may come in quotes.
        if to.begin(Some(fetched.uid)).await? {
            to.bytes(body).await?;
            to.end().await?;
        }
        return Ok(None);
    }
    session.take(&raw, tag, &mut |_| {})
}

/// Hands a body on as it comes; whether it was wanted.
async fn literal(
    session: &mut Session,
    uid: Option<u32>,
    length: u64,
    to: &mut dyn Bodies,
) -> Result<bool, Fault> {
    let wanted = to.begin(uid).await?;
    let mut left = length;
    while left > 0 {
        let piece = session.wire.piece(left).await?;
        left -= piece.len() as u64;
        if wanted {
            to.bytes(&piece).await?;
        }
    }
    Ok(wanted)
}
