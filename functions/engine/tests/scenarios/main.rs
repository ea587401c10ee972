//! Whole jobs on ports in memory with a clock in the hand: what goes right, and what goes wrong
//! without a process dying (that is `faults.rs`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod advising;
mod advising_year;
mod answers;
mod attaching;
mod batches;
mod beside_all_jobs;
mod bouncing;
mod by_hand;
mod by_number;
mod checking;
mod classes;
mod classify;
mod deliver;
mod drafting_replies;
mod drafts;
mod drifting;
mod dying;
mod edges;
mod ends;
mod exports;
mod failures;
mod giving_up;
mod in_hand;
mod looking_after;
mod messages;
mod model_elsewhere;
mod other_queues;
mod other_queues_held;
mod others_are_faster;
mod pace;
mod protecting;
mod put_back;
mod put_off;
mod reads;
mod records;
mod restarts;
mod reviewing;
mod reviewing_edges;
mod ruling;
mod ruling_alone;
mod ruling_new_mail;
mod scanning;
mod seats;
mod slow;
mod suppressing;
mod sweeping;
mod templates;
mod undo;
mod unreadable;
mod unsubscribing;
mod versions;
mod waiting;
mod written_replies;

use std::sync::Arc;

use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::options::JobOptions;

fn options() -> JobOptions {
    JobOptions::default()
}

async fn stage(mails: u64) -> Stage {
    Stage::new(MemoryMailbox::new(mails)).await.unwrap()
}

/// A stage whose process can die.
async fn fused(mails: u64) -> (Stage, Arc<Fuse>) {
    let (mailbox, fuse) = (MemoryMailbox::new(mails), Fuse::new());
    let stage = Stage::with_fuse(mailbox, Some(fuse.clone())).await.unwrap();
    (stage, fuse)
}
