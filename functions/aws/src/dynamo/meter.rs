//! Counts what the table's calls cost, as DynamoDB itself reports it: for benches and for the bill.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// What was used so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Units {
    /// Read units.
    pub read: Split,
    /// Write units.
    pub write: Split,
    /// Calls, pages and repeated batches counted each.
    pub calls: u64,
}

/// Units of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Split {
    /// Of the table itself.
    pub base: f64,
    /// With its indexes.
    pub total: f64,
}

/// The counters. Thousandths of a unit, because the smallest step is half a unit.
#[derive(Debug, Default)]
pub(super) struct Meter {
    read: Counter,
    write: Counter,
    calls: AtomicU64,
}

#[derive(Debug, Default)]
struct Counter {
    base: AtomicU64,
    total: AtomicU64,
}

impl Meter {
    pub(super) fn read<'a>(&self, used: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        used.into_iter().for_each(|used| self.read.add(used));
    }

    pub(super) fn wrote<'a>(&self, used: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        used.into_iter().for_each(|used| self.write.add(used));
    }

    pub(super) fn units(&self) -> Units {
        Units {
            read: self.read.split(),
            write: self.write.split(),
            calls: self.calls.load(Ordering::Relaxed),
        }
    }
}

impl Counter {
    fn add(&self, used: &ConsumedCapacity) {
        let total = used.capacity_units().unwrap_or_default();
        // Without a split (an index was read, or the answer has none) all of it is the whole.
        let base = used
            .table()
            .map_or(0.0, |table| table.capacity_units().unwrap_or_default());
        self.total.fetch_add(thousandths(total), Ordering::Relaxed);
        self.base.fetch_add(thousandths(base), Ordering::Relaxed);
    }

    fn split(&self) -> Split {
        let units = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64 / 1_000.0;
        Split {
            base: units(&self.base),
            total: units(&self.total),
        }
    }
}

fn thousandths(units: f64) -> u64 {
    (units * 1_000.0).round() as u64
}
