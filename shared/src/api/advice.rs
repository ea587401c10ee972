//! Suggestions: what could be done with all mails of whole senders and lists, and what was learned from what became
//! of earlier ones.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ScanState;
use crate::advice::{Action, Decision};
use crate::ids::{ItemId, JobId};
use crate::operations::Operation;
use crate::unsubscribe::Unsubscribed;

/// How far the weighing of senders and lists is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Advice {
    pub state: ScanState,
    /// Senders and lists that were weighed.
    pub weighed: u64,
    /// Senders and lists there are to weigh; none as long as headers are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<u64>,
    /// When this was last so.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// Why it was given up, as a sentence for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "crate::prose::read_optional")]
    pub problem: Option<String>,
}

/// What has become of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SuggestionState {
    /// Nothing yet.
    Open,
    /// Its job waits to be confirmed.
    Drafted,
    /// Its job was confirmed.
    Accepted,
    /// Its job was taken back.
    Undone,
}

/// A sender, or a list, of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuggestedSource {
    /// Names it: the search that finds all of its mails.
    pub source: String,
    /// The sender's name, or the address where there is none.
    pub name: String,
    /// Mails that the suggestion is about.
    pub mails: u64,
    /// Bytes of those, about: as many as its mails have on average.
    pub bytes: u64,
    /// How sure it is for this one.
    pub percent: u8,
    /// Why, as the end of a sentence: `list mail, you read 2 of 140`.
    #[serde(deserialize_with = "crate::prose::read")]
    pub why: String,
    /// That it was asked to write no more; none if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribed: Option<Unsubscribed>,
}

/// What could be done with all mails of some senders and lists that have the same in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    pub id: String,
    pub action: Action,
    /// What the mails are about: a class of the model.
    pub class: String,
    /// What accepting it drafts; none where it is to keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
    /// The search that finds the mails.
    pub query: String,
    /// How sure it is, in percent: on average over the mails.
    pub percent: u8,
    pub mails: u64,
    /// Bytes of the mails, about.
    pub bytes: u64,
    /// Why, a sentence each.
    #[serde(deserialize_with = "crate::prose::read_all")]
    pub reasons: Vec<String>,
    /// Whose mails they are, the most mails first.
    pub sources: Vec<SuggestedSource>,
    /// A few of the mails.
    pub sample: Vec<ItemId>,
    pub state: SuggestionState,
    /// The job that accepting it drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
}

/// All suggestions for a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// How far their making is; none if nobody has asked for any yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
    /// About the most mails first. Those that were dismissed are left out.
    pub suggestions: Vec<Suggestion>,
}

/// Accepting a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptSuggestion {
    /// Its id.
    pub suggestion: String,
    /// Sources that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// To be done in place of what is suggested: `archive` in place of `trash`, or the other way round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Action>,
}

/// Dismissing a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DismissSuggestion {
    /// Its id.
    pub suggestion: String,
    /// The sources that this is about; all of them where none are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Whether whoever this is is to stay in the inbox from now on, whatever is suggested.
    #[serde(default)]
    pub keep: bool,
}

/// What was learned of one sender or list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lesson {
    /// Names the sender or list: the search that finds all of its mails.
    pub source: String,
    /// Its name.
    pub name: String,
    /// What was suggested.
    pub action: Action,
    /// What its mails are about.
    pub class: String,
    pub decision: Decision,
    /// When that was.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// The job by which it was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
}

/// What was learned of suggestions of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Leaning {
    pub action: Action,
    pub class: String,
    /// Suggestions that were accepted.
    pub accepted: u64,
    /// Those that were dismissed.
    pub dismissed: u64,
    /// Those that were taken back.
    pub undone: u64,
    /// What that does to one that is 80 % sure, in percent.
    pub shift: i8,
}

/// What a person does by hand with the mails of a sender or list, here or in another program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandHabit {
    /// Names the sender or list: the search that finds all of its mails.
    pub source: String,
    /// Its name.
    pub name: String,
    /// Of its last mails those that are out of the inbox.
    pub put_away: u64,
    /// Its last mails that were looked at.
    pub recent: u64,
}

/// All that was learned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Learned {
    /// By sender and list, the latest first.
    pub lessons: Vec<Lesson>,
    /// By what the mails are about.
    pub leanings: Vec<Leaning>,
    /// By what is done by hand, as the headers show it; about the most mails first. One that is not so is put right by
    /// a correction, and then counts no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub habits: Vec<HandHabit>,
}

/// Puts right what was learned of a sender or list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    /// The sender or list, as it was told.
    pub source: String,
    pub action: Action,
    /// `keep` or `dismissed`; without it the lesson is forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}
