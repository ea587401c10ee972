//! What a worker does with a message. `Ok` means that everything that follows from it is stored,
//! so that it can be acknowledged; an error leaves it to be delivered again (invariant 4).

use jiff::Timestamp;

use crate::chunk;
use crate::error::Error;
use crate::plan;
use crate::ports::{Message, Ports};

/// Handles one message. Work that would go beyond `deadline` is put down, stored and asked for
/// again.
pub async fn handle(ports: &Ports, message: &Message, deadline: Timestamp) -> Result<(), Error> {
    match message {
        Message::Plan { job } => plan::plan(ports, job, deadline).await,
        Message::Chunk { job, chunk } => chunk::run(ports, job, *chunk, deadline).await,
    }
}

/// A message was delivered too often without success: what it was about ends with a reason, so
/// that nothing waits for ever.
pub async fn dead_letter(ports: &Ports, message: &Message) -> Result<(), Error> {
    match message {
        Message::Plan { job } => plan::dead_letter(ports, job).await,
        Message::Chunk { job, chunk } => chunk::dead_letter(ports, job, *chunk).await,
    }
}
