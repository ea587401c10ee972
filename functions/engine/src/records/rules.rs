//! What is stored of rules: what they say, what became of them, and how far the look through a mailbox for one is.

use bulkhead_shared::api::{LookFor, ProtectedMail, TestBin};
use std::collections::BTreeMap;

use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::rules::{RuleWords, When};
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
    /// Its turn, where the rule ran by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<Timestamp>,
    /// Why the rule did not confirm it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
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
    /// Those of them that were taken back since it was switched on.
    #[serde(default, skip_serializing_if = "bulkhead_shared::omitted::zero")]
    pub earlier_undone: u32,
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
    /// The rule runs by itself, and this is its turn: the time for which it was meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<Timestamp>,
    /// It ended because the account's sign-in was refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
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
    /// New mails that were judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judged: Vec<Judged>,
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
    /// What the provider said of the account before it was looked through for new mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
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

/// Which rules of an account run by themselves, and when next. Due as long as one does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnsRecord {
    pub owner: UserId,
    pub account: AccountId,
    /// By the rule's id.
    pub rules: BTreeMap<String, TurnRecord>,
}

/// The turns of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// When it runs, as the rule said.
    pub when: When,
    /// Since when it may act. With another time or another `when` its turns are counted anew.
    pub on_since: Timestamp,
    /// Mails that came before are none of its business, where it is about new ones.
    pub since: Timestamp,
    /// Its next turn.
    pub next_at: Timestamp,
    /// What came of the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<TurnEnd>,
    /// A hash of the sealed credentials with which the account's sign-in was refused: it waits for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// What came of a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnEnd {
    /// When it ended.
    pub at: Timestamp,
    pub looked: u64,
    pub found: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Which new mails a rule has judged already.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivedRecord {
    /// What the provider said of the account before the last look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// All that came before this time was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_until: Option<Timestamp>,
    /// What came since and was judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judged: Vec<Judged>,
}

/// A mail that was judged. Known by what it says, because its id may be another one when it comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// When it was received.
    pub at: Timestamp,
    /// A hash of what tells it from others.
    pub mark: String,
}
