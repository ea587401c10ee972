//! What is stored of advice: how far it is, what was weighed, what is suggested, and what was learned.

use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::ids::{ItemId, JobId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Standing;

/// How far the weighing of an account's senders and lists is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceRecord {
    #[serde(flatten)]
    pub standing: Standing,
    /// Senders and lists that were weighed.
    pub weighed: u64,
    /// Senders and lists there are to weigh; none as long as headers are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<u64>,
    /// When it was asked for.
    pub begun_at: Timestamp,
}

/// Which of a source's mails in the inbox an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All of them.
    All,
    /// Those that have been there for a month.
    Older,
    /// Those that nobody opened in a year.
    Forgotten,
    /// All but those.
    NotForgotten,
    /// Those without the label, in whatever folder.
    Unlabelled,
}

/// A sender or list, as something is suggested for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// The search that finds all of its mails.
    pub source: String,
    pub name: String,
    /// Mails that this is about.
    pub mails: u64,
    /// Bytes of those, about.
    pub bytes: u64,
    /// How sure it is.
    pub percent: u8,
    pub why: String,
    /// How many of its mails are list mail, and how many of them were read: all, and those.
    pub read: (u64, u64),
    pub is_list: bool,
    /// Of how many mails that were looked at how many are of the class.
    pub looked: (u32, u32),
    /// The id of the list, or the sender's address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// When the last of its mails came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Timestamp>,
    /// One of the mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<ItemId>,
}

/// What one source's mails could be done with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeighedRecord {
    pub action: Action,
    /// The name of the class.
    pub class: String,
    pub scope: Scope,
    #[serde(flatten)]
    pub source: SourceRecord,
}

/// What was weighed before the work was put down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeighedSoFar {
    /// The sources that were looked at.
    pub sources: Vec<String>,
    /// What came of it.
    pub weighed: Vec<WeighedRecord>,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionRecord {
    pub id: String,
    pub action: Action,
    /// The name of the class.
    pub class: String,
    pub scope: Scope,
    /// Those with the most mails first.
    pub sources: Vec<SourceRecord>,
}

/// All suggestions of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionsRecord {
    pub suggestions: Vec<SuggestionRecord>,
}

/// What a person made of a suggestion, for one sender or list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonRecord {
    pub source: String,
    pub name: String,
    pub action: Action,
    /// The name of the class.
    pub class: String,
    pub decision: Decision,
    /// The suggestion, which is gone when the next ones are made; none where a person corrected something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// The job by which it was accepted, as long as it may come to nothing or be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
    pub at: Timestamp,
}

/// All that was learned of an account, the oldest first; one for each source and action.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedRecord {
    pub lessons: Vec<LessonRecord>,
}
