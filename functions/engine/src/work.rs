//! What a worker does with a message, and what becomes of the message. Wherever workers run, this decides
//! it; they only acknowledge.

use jiff::Timestamp;

use crate::advice;
use crate::background;
use crate::bounces;
use crate::chunk;
use crate::error::{Error, chain};
use crate::jobs::check;
use crate::limits::backoff;
use crate::log_redaction;
use crate::plan;
use crate::ports::{Message, Outgoing, Ports};
use crate::records::{AdviceRecord, BounceLookRecord, RuleLookRecord, ScanRecord};
use crate::review;
use crate::rules;
use crate::scan;

/// As after the fifth attempt: a message that is put off comes again within 16 seconds, evenly spread.
/// Long enough for a table or a queue that is asked too much, and short for a person who waits.
const PUT_OFF_AS: u32 = 5;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// All that follows from it is stored: it is to be acknowledged.
    Done,
    /// It met trouble of the moment and was sent anew with a delay: it is to be acknowledged. Left alone it
    /// would come again as well, but counted: a busy table would end work that has nothing wrong with it.
    PutOff,
    /// It is not to be acknowledged, so that it comes again by itself. Each time is counted.
    Left,
}

/// Handles a message, which came in this group. Work that would go beyond `deadline` is put down, stored
/// and asked for again.
pub async fn receive(
    ports: &Ports,
    message: &Message,
    group: &str,
    deadline: Timestamp,
) -> Received {
    match handle(ports, message, deadline).await {
        Ok(()) => Received::Done,
        Err(error) if error.is_passing() => put_off(ports, message, group, &error).await,
        Err(error) => {
            left(message, &error);
            Received::Left
        }
    }
}

async fn put_off(ports: &Ports, message: &Message, group: &str, error: &Error) -> Received {
    let delay = backoff::delay(PUT_OFF_AS, ports.random.bits());
    let again = Outgoing {
        message: message.clone(),
        delay: delay.unsigned_abs(),
    };
    let (about, chunk, cause) = (message.about(), message.chunk(), log_redaction::of(error));
    match ports.queue.send(group, vec![again]).await {
        Ok(()) => {
            tracing::info!(job.id = about, chunk, error = cause, "Put off.");
            Received::PutOff
        }
        Err(unsent) => {
            let unsent = chain(&unsent);
            tracing::warn!(
                job.id = about,
                chunk,
                error = cause,
                unsent,
                "Left for another try."
            );
            Received::Left
        }
    }
}

fn left(message: &Message, error: &Error) {
    let (about, chunk, error) = (message.about(), message.chunk(), log_redaction::of(error));
    tracing::warn!(job.id = about, chunk, error, "Left for another try.");
}

/// Handles a message. `Ok` means that everything that follows from it is stored (invariant 4).
pub async fn handle(ports: &Ports, message: &Message, deadline: Timestamp) -> Result<(), Error> {
    match message {
        Message::Plan { job } => plan::plan(ports, job, deadline).await,
        Message::Check { job } => check::run(ports, job, deadline).await,
        Message::Chunk { job, chunk } => chunk::run(ports, job, *chunk, deadline).await,
        Message::Scan { owner, account } => scan::run(ports, owner, account, deadline).await,
        Message::Advise { owner, account } => advice::run(ports, owner, account, deadline).await,
        Message::Review {
            owner,
            account,
            job,
        } => review::file(ports, owner, account, job, deadline).await,
        Message::Rule { owner, account } => rules::run(ports, owner, account, deadline).await,
        Message::Bounces { owner, account } => bounces::run(ports, owner, account, deadline).await,
    }
}

/// What became of a message that was delivered too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buried {
    /// What it was about ended with a reason: it is to be acknowledged.
    Ended,
    /// There was nothing to end, because the work is done, waits, or is nobody's: it is to be acknowledged.
    Nothing,
    /// It is not to be acknowledged, so that it comes again.
    Left,
}

/// A message was delivered too often without success: what it was about ends with a reason, so that nothing
/// waits for ever.
pub async fn receive_dead(ports: &Ports, message: &Message) -> Buried {
    let (about, chunk) = (message.about(), message.chunk());
    match dead_letter(ports, message).await {
        Ok(true) => {
            tracing::error!(job.id = about, chunk, "Given up.");
            Buried::Ended
        }
        Ok(false) => {
            tracing::info!(job.id = about, chunk, "Nothing to give up.");
            Buried::Nothing
        }
        Err(error) => {
            left(message, &error);
            Buried::Left
        }
    }
}

/// Ends what a message was about. Says whether there was anything to end.
pub async fn dead_letter(ports: &Ports, message: &Message) -> Result<bool, Error> {
    match message {
        Message::Plan { job } => plan::dead_letter(ports, job).await,
        Message::Check { job } => check::dead_letter(ports, job).await,
        Message::Chunk { job, chunk } => chunk::dead_letter(ports, job, *chunk).await,
        Message::Scan { account, .. } => {
            background::dead_letter::<ScanRecord>(ports, account).await
        }
        Message::Advise { account, .. } => {
            background::dead_letter::<AdviceRecord>(ports, account).await
        }
        // Its row stays due: the sweep asks again.
        Message::Review { .. } => Ok(false),
        Message::Rule { account, .. } => {
            background::dead_letter::<RuleLookRecord>(ports, account).await
        }
        Message::Bounces { account, .. } => {
            background::dead_letter::<BounceLookRecord>(ports, account).await
        }
    }
}
