//! The ports in memory, for tests: they keep the rules that the real ones keep, refuse what the
//! real ones refuse, and let a test look inside. Nothing here waits: time is a [`ManualClock`].

mod ledger;
mod meter;
mod parts;
mod queue;
mod table;
mod world;

pub use ledger::MemoryLedger;
pub use meter::MemoryMeter;
pub use parts::MemoryParts;
pub use queue::{Delivery, MemoryQueue};
pub use table::MemoryTable;
pub use world::{ManualClock, PlainSealer, SeededRandom};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks even after a test panicked while it held the lock: its own failure is the one to report.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
