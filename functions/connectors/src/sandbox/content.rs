//! Whole messages: read from the file where a mail was imported, made anew where it was generated.

use bulkhead_engine::ports::{CallError, MessageSink, PartsError};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::error::SandboxError;
use super::generate::Message;
use super::listing::time;
use super::{Sandbox, dials, number, recipe};

/// Messages read in one go. Generated ones are only descriptions at that point, and few imported
/// ones are large.
const AT_ONCE: usize = 16;
/// Bytes handed over at once.
const BLOCK: usize = 64 * 1024;

enum Content {
    Stored { address: String, message: Vec<u8> },
    Generated { address: String, message: Message },
    Missing,
    Refused,
}

impl Sandbox {
    pub(super) async fn stream(
        &self,
        ids: &[ItemId],
        sink: &mut dyn MessageSink,
    ) -> Result<(), CallError> {
        let mut index = 0;
        for some in ids.chunks(AT_ONCE) {
            let numbers: Vec<_> = some.iter().map(number).collect();
            let read = self.read(move |_, connection| {
                numbers
                    .iter()
                    .map(|&id| content(connection, id))
                    .collect::<Result<Vec<_>, _>>()
            });
            for (received, content) in read.await? {
                hand_over(index, received, content, sink)
                    .await
                    .map_err(not_kept)?;
                index += 1;
            }
        }
        Ok(())
    }
}

/// Whoever takes the messages cannot; a full disk may pass.
fn not_kept(error: PartsError) -> CallError {
    CallError::Unavailable(error.to_string())
}

async fn hand_over(
    index: usize,
    received: Timestamp,
    content: Content,
    sink: &mut dyn MessageSink,
) -> Result<(), PartsError> {
    match content {
        Content::Missing => sink.skip(index, ItemReason::Missing).await,
        Content::Refused => sink.skip(index, ItemReason::Refused).await,
        Content::Stored { address, message } => {
            sink.begin(index, received, &address).await?;
            for block in message.chunks(BLOCK) {
                sink.bytes(block).await?;
            }
            sink.end().await
        }
        Content::Generated { address, message } => {
            sink.begin(index, received, &address).await?;
            for block in message.blocks() {
                sink.bytes(&block).await?;
            }
            sink.end().await
        }
    }
}

fn content(connection: &Connection, id: Option<i64>) -> Result<(Timestamp, Content), SandboxError> {
    let received = connection
        .prepare_cached("SELECT received FROM mail WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let (Some(id), Some(received)) = (id, received) else {
        return Ok((Timestamp::UNIX_EPOCH, Content::Missing));
    };
    if dials::fails(&dials::load(connection)?, id) {
        return Ok((time(received), Content::Refused));
    }
    let stored = connection
        .prepare_cached("SELECT address, message FROM raw WHERE id = ?1")?
        .query_row([id], |row| {
            Ok(Content::Stored {
                address: row.get(0)?,
                message: row.get(1)?,
            })
        })
        .optional()?;
    let content = match stored {
        Some(content) => content,
        None => generated(connection, id)?,
    };
    Ok((time(received), content))
}

fn generated(connection: &Connection, id: i64) -> Result<Content, SandboxError> {
    let index = u32::try_from(id - 1).ok();
    Ok(match (recipe::load(connection)?, index) {
        (Some(recipe), Some(index)) if index < recipe.mails => {
            let mail = recipe.mail(index);
            Content::Generated {
                message: mail.message(),
                address: mail.sender.address,
            }
        }
        _ => Content::Missing,
    })
}
