//! Mails that wait for a person: what is proposed for each and why it waits, and what a person makes of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EmailStatus, Item, Job};
use crate::class::Class;
use crate::ids::{ItemId, JobId};
use crate::limits::IDS_PER_REQUEST;
use crate::operations::{Certainty, DraftReply, ReplyLanguage, Then};
use crate::problem::Invalid;
use crate::proposal::Proposal;
use crate::words;

/// Why a mail waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Why {
    /// The model is less sure than was asked for.
    Unsure,
    /// It is sure enough, and nothing was to be done without a question.
    Waits,
    /// It is sure enough, but what is proposed does not come back exactly.
    NotReversible,
    /// What the mail is about could not be told.
    Failed,
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Unsure, Self::Waits, Self::NotReversible, Self::Failed];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsure => "unsure",
            Self::Waits => "waits",
            Self::NotReversible => "not_reversible",
            Self::Failed => "failed",
        }
    }

    /// The reason of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }

    /// In words, for tight places.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unsure => words::review_unsure(),
            Self::Waits => words::review_waits(),
            Self::NotReversible => words::review_not_reversible(),
            Self::Failed => words::review_failed(),
        }
    }
}

/// How sure a proposal has to be where a job says that it goes by what is set, and what the page of the queue offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewDial {
    /// Not `as_set`, which would say nothing.
    pub certainty: Certainty,
    /// What the app asks for when mails are processed from the queue's page.
    #[serde(default)]
    pub then: Then,
}

impl Default for ReviewDial {
    fn default() -> Self {
        Self {
            certainty: Certainty::Percent90,
            then: Then::Wait,
        }
    }
}

impl ReviewDial {
    /// Checks it.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self.certainty {
            Certainty::AsSet => Err(Invalid::new("certainty", words::review_certainty())),
            Certainty::Percent80 | Certainty::Percent90 | Certainty::Percent95 => Ok(()),
        }
    }
}

/// How many mails wait that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewCount {
    /// The name of the class; none where that could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    pub proposal: Proposal,
    pub why: Why,
    pub mails: u64,
}

/// How many mails of a sender or list there are, as far as headers were read, and how many of them were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadRate {
    /// It is list mail.
    pub is_list: bool,
    pub read: u64,
    pub mails: u64,
}

/// What a reply that is proposed would say, above what it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReviewReply {
    /// This.
    Text {
        /// A template, which is filled from the mail when it is drafted.
        text: String,
    },
    /// What the chosen model writes once it is accepted.
    Written {
        /// What it is told.
        instruction: String,
        #[serde(default)]
        language: ReplyLanguage,
    },
}

impl ReviewReply {
    /// What this operation puts among the drafts; none where that is said nowhere.
    pub fn of(drafts: DraftReply) -> Option<Self> {
        let language = drafts.language;
        match (drafts.text, drafts.instruction) {
            (Some(text), _) => Some(Self::Text { text }),
            (None, Some(instruction)) => Some(Self::Written {
                instruction,
                language,
            }),
            (None, None) => None,
        }
    }
}

/// A mail that waits for a person, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewMail {
    pub id: ItemId,
    /// How it stands.
    pub status: EmailStatus,
    /// The name of the class; none where that could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// How sure that is.
    pub percent: u8,
    /// What would be done with it.
    pub proposal: Proposal,
    /// What the reply would say where one is proposed; none if that is not known any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<ReviewReply>,
    pub why: Why,
    /// Why the model says so, in words.
    #[serde(deserialize_with = "crate::prose::read")]
    pub because: String,
    /// What its sender's mails say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<ReadRate>,
    /// The job that proposed it.
    pub job: JobId,
    /// The mail as a list shows it; none if it is not where it was any more: moved away, or deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Item>,
    /// When it was put before its owner.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
}

/// The mails of an account that wait for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// All that wait, whatever was asked for.
    pub total: u64,
    /// All of them by what they are, the most first.
    pub counts: Vec<ReviewCount>,
    /// Those that were handed to drafts which nobody has confirmed yet. They are not among those that wait.
    pub drafted: u64,
    /// Those that somebody decided: a job does what was accepted or has done it, or they were left as they are.
    pub decided: u64,
    /// Jobs that have ended, and whose proposals are still to be put here.
    pub filing: u64,
    /// Mails of this page: first those that something would be done with, then those that could not be told, and last
    /// those that would be kept as they are. Of these each time those of the latest job first.
    pub mails: Vec<ReviewMail>,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// Parts of the queue that cannot be read. Nothing is done with their mails.
    #[serde(default, skip_serializing_if = "crate::omitted::zero")]
    pub unreadable: u64,
    pub dial: ReviewDial,
}

/// How many mails wait for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewSize {
    pub total: u64,
    /// Jobs that have ended, and whose proposals are still to come.
    pub filing: u64,
}

/// Which mails of the queue are shown or meant: those that are all of this.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewFilter {
    /// The name of a class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

impl ReviewFilter {
    /// Checks it.
    pub fn validate(&self) -> Result<(), Invalid> {
        let is_known = |name: &String| Class::named(name).is_some();
        match self.class.as_ref().is_none_or(is_known) {
            true => Ok(()),
            false => Err(Invalid::new("class", words::review_no_class())),
        }
    }
}

/// Which mails a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReviewPick {
    /// These.
    Ids {
        /// At least one.
        ids: Vec<ItemId>,
    },
    /// All that wait and are all of this, as many as one request takes.
    All {
        /// What they are.
        #[serde(default)]
        of: ReviewFilter,
    },
}

/// What a person says of mails that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReviewVerdict {
    /// What is proposed for each is right.
    Accept {},
    /// This is to be done with them instead.
    Instead {
        /// Not `review`, which would say nothing.
        proposal: Proposal,
    },
    /// They are of this class: they wait on, with what is proposed for it.
    Class {
        /// The name of the class.
        class: String,
    },
    /// Nothing is to be done with them.
    Dismiss {},
    /// They wait again, also those that were dismissed or handed to a job.
    Reopen {},
}

/// A decision about mails that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecideReview {
    pub mails: ReviewPick,
    pub verdict: ReviewVerdict,
    /// Nothing is confirmed, however few mails it is about: what is accepted is drafts, to be looked at first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub draft_only: bool,
}

impl DecideReview {
    /// Checks it.
    pub fn validate(&self) -> Result<(), Invalid> {
        match &self.mails {
            ReviewPick::Ids { ids } if ids.is_empty() => {
                return Err(Invalid::new("mails.ids", words::review_no_mails()));
            }
            ReviewPick::Ids { ids } if ids.len() > IDS_PER_REQUEST => {
                let text = words::review_too_many(&IDS_PER_REQUEST.to_string());
                return Err(Invalid::new("mails.ids", text));
            }
            ReviewPick::Ids { .. } => {}
            ReviewPick::All { of } => of.validate().map_err(|invalid| {
                Invalid::new(format!("mails.of.{}", invalid.field), invalid.message)
            })?,
        }
        match &self.verdict {
            ReviewVerdict::Instead {
                proposal: Proposal::Review,
            } => Err(Invalid::new("verdict.proposal", words::review_proposal())),
            ReviewVerdict::Class { class } if Class::named(class).is_none() => {
                Err(Invalid::new("verdict.class", words::review_no_class()))
            }
            _ => Ok(()),
        }
    }
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewDecided {
    /// Mails that it was noted for.
    pub mails: u64,
    /// The jobs that they were handed to, one for each thing to do. What comes back exactly and is no more than a few
    /// mails is confirmed; everything else is a draft.
    pub jobs: Vec<Job>,
    /// Mails that are not where they were any more: moved away or deleted meanwhile. Nothing was done with them.
    pub gone: Vec<ItemId>,
    /// Mails that did not wait any more, or never did: somebody else decided meanwhile. Nothing was done with them.
    pub settled: Vec<ItemId>,
    /// Mails that were meant and are more than one request takes: ask again.
    pub left: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_on_the_wire() {
        for why in Why::ALL {
            assert_eq!(serde_json::to_value(why).unwrap(), why.name());
            assert_eq!(Why::named(why.name()), Some(why));
        }
        let labels: std::collections::BTreeSet<_> = Why::ALL.map(Why::label).into();
        assert_eq!(labels.len(), Why::ALL.len());
    }

    #[test]
    fn what_says_nothing_is_refused() {
        let decide = |mails: &str, verdict: &str| {
            let text = format!(r#"{{"mails": {mails}, "verdict": {verdict}}}"#);
            let read: DecideReview = serde_json::from_str(&text).unwrap();
            read.validate().map_err(|invalid| invalid.field)
        };
        let some = r#"{"type": "ids", "ids": ["a"]}"#;
        assert_eq!(decide(some, r#"{"type": "accept"}"#), Ok(()));
        let none = decide(r#"{"type": "ids", "ids": []}"#, r#"{"type": "accept"}"#);
        assert_eq!(none, Err("mails.ids".to_owned()));
        let nothing = decide(some, r#"{"type": "instead", "proposal": "review"}"#);
        assert_eq!(nothing, Err("verdict.proposal".to_owned()));
        let unknown = decide(some, r#"{"type": "class", "class": "nonsense"}"#);
        assert_eq!(unknown, Err("verdict.class".to_owned()));
        let of = decide(
            r#"{"type": "all", "of": {"class": "nonsense"}}"#,
            r#"{"type": "dismiss"}"#,
        );
        assert_eq!(of, Err("mails.of.class".to_owned()));
        let dial = ReviewDial {
            certainty: Certainty::AsSet,
            then: Then::Wait,
        };
        assert!(dial.validate().is_err() && ReviewDial::default().validate().is_ok());
    }
}
