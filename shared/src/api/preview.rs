//! What confirming a draft would do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Drift, KeptOut, ModelUse, Summary};
use crate::abilities::Reversibility;
use crate::hash::ManifestHash;
use crate::ids::JobId;
use crate::kinds::Card;
use crate::operations::Risk;
use crate::unsearched::Unsearched;
use crate::unsubscribe::MailingList;

/// What confirming would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The draft.
    pub job: JobId,
    /// Exactly this many items.
    pub total: u64,
    /// A few of them, as they are now: the first ones of each of the first folders.
    pub sample: Vec<Card>,
    /// The folders they are in; empty where that is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<TouchedFolder>,
    /// Mails in further folders.
    #[serde(default, skip_serializing_if = "crate::omitted::zero")]
    pub elsewhere: u64,
    /// Where they go; none if they stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetFolder>,
    /// What the search could not look at: nothing of it is part of the job.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsearched: Vec<Unsearched>,
    /// How much is at stake, and why.
    pub risk: Risk,
    /// What a person has to do to confirm.
    pub gate: Gate,
    /// What can be taken back, until when.
    pub reversibility: UndoPromise,
    /// What it costs the provider.
    pub cost: Cost,
    /// How long it takes, in seconds, on a good and on a bad day.
    pub seconds: Range,
    /// What a confirmation has to carry.
    pub manifest_hash: ManifestHash,
    /// What changed since the selection was frozen; none: nothing did.
    pub drift: Option<Drift>,
    /// What is in the mails, as they were when they were frozen; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
    /// Protected mails that match and are no part of the job; none where none were to be kept out. They, the total and
    /// what was left out by hand are all that the search found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_out: Option<KeptOut>,
    /// For an undo: what can go back.
    pub undo: Option<UndoPreview>,
    /// For a merge of duplicates: how many groups they are in. One more of each group stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<u64>,
    /// Who tells what the mails are about; none where nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelUse>,
    /// For unsubscribing: the lists that are asked, and those that are not; none for other operations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lists: Option<ListsToAsk>,
}

/// The lists behind some mails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListsToAsk {
    /// How many of them are asked. The others are part of the job and end as skipped, with the reason.
    pub asked: u64,
    /// Those with the most mails first, up to a hundred.
    pub first: Vec<MailingList>,
}

/// A folder that a job takes items from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TouchedFolder {
    pub name: String,
    /// Items of it.
    // So it is stored, and was sent, since there were mails alone.
    #[serde(rename = "mails")]
    pub items: u64,
    /// Other people see it too, and what is done in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seen_by_others: bool,
}

/// The folder that mails go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TargetFolder {
    pub name: String,
    /// There is none yet, so it is made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub will_be_made: bool,
    /// Other people see it too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seen_by_others: bool,
}

/// What a person has to do to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Gate {
    /// Press the button.
    Confirm,
    /// Type the number of items, then press the button.
    TypeCount,
}

/// What undo can bring back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UndoPromise {
    /// How exactly.
    pub kind: Reversibility,
    /// In a sentence.
    #[serde(deserialize_with = "crate::prose::read")]
    pub note: String,
    /// Until when, if it were confirmed now.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(default, deserialize_with = "crate::moment::read_optional")]
    pub until: Option<Timestamp>,
}

/// What a job costs the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cost {
    /// Provider calls.
    pub calls: u64,
    /// Items allowed in one window, where the provider has a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowance: Option<crate::abilities::Allowance>,
}

/// Two numbers, the smaller first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Range {
    /// At the best.
    pub least: u64,
    /// At the worst.
    pub most: u64,
}

/// What an undo can and cannot take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UndoPreview {
    /// Still as the job left it.
    pub can_go_back: u64,
    /// Changed by somebody since; stays as it is.
    pub changed_since: u64,
    /// No longer in the mailbox.
    pub gone: u64,
    /// Of those that can go back: their answer never came, and they look as the job would have left them.
    #[serde(default, skip_serializing_if = "crate::omitted::zero")]
    pub unanswered: u64,
    /// Their answer never came, and they do not look as the job would have left them: left out of the
    /// undo, and stay as they are.
    #[serde(default, skip_serializing_if = "crate::omitted::zero")]
    pub unclear: u64,
}
