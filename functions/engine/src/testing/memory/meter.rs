//! Figures that a test can look at.

use std::sync::Mutex;

use super::lock;
use crate::ports::{Fact, Meter};

/// Remembers every fact.
#[derive(Debug, Default)]
pub struct MemoryMeter {
    facts: Mutex<Vec<Fact>>,
}

impl MemoryMeter {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What happened so far, in order.
    pub fn facts(&self) -> Vec<Fact> {
        lock(&self.facts).clone()
    }
}

impl Meter for MemoryMeter {
    fn note(&self, fact: Fact) {
        lock(&self.facts).push(fact);
    }
}
