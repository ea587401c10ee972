//! What is stored of rules: what they say, what became of them, and how far the look through a mailbox for one is.

use bulkhead_shared::api::{LookFor, ProtectedMail, TestBin};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::rules::RuleWords;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Standing;

/// A run of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRunRecord {
    pub job: JobId,
    pub at: Timestamp,
    /// Mails that it was about.
    pub mails: u64,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRecord {
    pub id: String,
    pub rule: RuleWords,
    /// Since when it may act; none if it may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_since: Option<Timestamp>,
    /// The last ones, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<RuleRunRecord>,
    /// Runs that were confirmed before those.
    #[serde(default)]
    pub earlier_runs: u64,
    /// Mails of those.
    #[serde(default)]
    pub earlier_mails: u64,
}

/// All rules of an account, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesRecord {
    pub rules: Vec<RuleRecord>,
}

/// How far the look through a mailbox for a rule is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleLookRecord {
    #[serde(flatten)]
    pub standing: Standing,
    pub rule: String,
    pub wanted: LookFor,
    /// What the rule said when it was asked for.
    pub wording: String,
    /// How sure the rule wanted to be then.
    pub percent: u8,
    /// Mails that were looked at.
    pub looked: u64,
    /// Mails there are to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Mails that it has something to do with.
    #[serde(default)]
    pub found: u64,
    /// When it was asked for; ages are counted from there.
    pub begun_at: Timestamp,
}

/// What was found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Mails that count.
    pub mails: u64,
    /// Those of another class.
    #[serde(default)]
    pub other: u64,
    /// Those of which nobody could tell the class.
    #[serde(default)]
    pub untold: u64,
    /// Those that can be told, by how sure that is; the surest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<TestBin>,
    /// Some of the protected ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected: Vec<ProtectedMail>,
    /// What a run has to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<ItemId>,
    /// Something could not be searched.
    #[serde(default)]
    pub unsearched: bool,
}

/// A look that was put down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookSoFar {
    /// Where it goes on; none: from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Mails that were looked at.
    #[serde(default)]
    pub looked: u64,
    pub tally: Tally,
}

/// What a back-test found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRecord {
    /// What the rule said.
    pub wording: String,
    pub at: Timestamp,
    pub tally: Tally,
    /// What cannot be known, a sentence each.
    pub unknown: Vec<String>,
}

/// What a run has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRecord {
    pub rule: String,
    /// When the look was asked for that found it.
    pub begun_at: Timestamp,
    pub ids: Vec<ItemId>,
}
