//! How far a look is at what drifted, as it is stored.

use bulkhead_shared::ids::ItemId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A look at what drifted, between a person's yes and the first worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Its number, from 1: what an earlier check stored does not count.
    pub number: u32,
    /// The drift that the person has seen, by its hash.
    pub seen: Option<String>,
    /// Somebody is at it until then, or nobody before.
    pub until: Option<Timestamp>,
    /// How often in a row whoever was at it was gone without a word, or nobody could be reached.
    pub lapses: u32,
    /// How far it is.
    pub reached: Reached,
}

/// How far a check is: whoever goes on begins there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reached {
    /// What comes next.
    pub next: CheckStep,
    /// Pages of matches that were read.
    pub pages: u32,
    /// Matches that were found.
    pub searched: u64,
    /// Frozen items that were compared.
    pub compared: u64,
    /// Of those, the ones that still match.
    pub matched: u64,
    /// Those that are gone or match no longer.
    pub left: u64,
    /// Those that somebody changed.
    pub changed: u64,
    /// A few of both.
    pub sample: Vec<ItemId>,
    /// A hash over all of both, in the order of the manifest.
    pub hash: String,
}

/// A step of a check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum CheckStep {
    /// Ask whether anything changed at all.
    #[default]
    Begin,
    /// Run the query again, from this page on.
    Search {
        /// The page; none for the first.
        cursor: Option<String>,
    },
    /// Compare what was found with what was frozen, from this chunk on.
    Compare {
        /// The chunk.
        chunk: u32,
    },
    /// Look at each frozen item, from this chunk on.
    Look {
        /// The chunk.
        chunk: u32,
    },
    /// Nothing is left to do.
    Done,
}
