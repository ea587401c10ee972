//! Rules of an account: what they say, what a back-test found, and what became of their runs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ScanState;
use crate::ids::{ItemId, JobId};
use crate::rules::RuleWords;

/// Whether a rule acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RuleState {
    /// It may.
    On,
    /// It does nothing.
    #[default]
    Off,
    /// It paused itself: too many of its runs were taken back.
    Paused,
}

/// What a look through the mailbox is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LookFor {
    /// What the rule would have done.
    Test,
    /// What it has to do now.
    Run,
}

/// Mails of which the model is so sure, by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestBin {
    /// How sure it is, in percent; 100 where no class was asked for.
    pub percent: u8,
    /// They are as the rule would have left them.
    pub same: u64,
    /// They are still there, and were read: somebody looked at them and left them.
    pub left: u64,
    /// They are still there, and nobody opened them: nothing is known of them.
    pub unread: u64,
    /// Something else was done with them.
    pub otherwise: u64,
    /// They are protected: the rule leaves them alone.
    pub protected: u64,
}

/// A mail that a rule would have hidden, were it not protected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProtectedMail {
    pub id: ItemId,
    pub from: String,
    pub subject: String,
    /// What protects it, as the end of a sentence.
    #[serde(deserialize_with = "crate::prose::read")]
    pub why: String,
    pub percent: u8,
}

/// What a rule would have done in the last 90 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackTest {
    /// Of exactly what the rule says now. Without that it cannot be switched on.
    pub is_current: bool,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// Mails that were looked at: those of all bins, and those below.
    pub mails: u64,
    /// Those that are of another class.
    pub other: u64,
    /// Those of which nobody could tell what they are about.
    pub untold: u64,
    /// The surest ones first.
    pub bins: Vec<TestBin>,
    /// Some of the protected ones.
    pub protected: Vec<ProtectedMail>,
    /// What cannot be known, a sentence each.
    #[serde(deserialize_with = "crate::prose::read_all")]
    pub unknown: Vec<String>,
}

/// A run of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleRun {
    pub job: JobId,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// Mails that it was about.
    pub mails: u64,
    /// It was taken back.
    pub undone: bool,
}

/// What came of the last time that a rule ran by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RanByItself {
    /// When that ended.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// Mails that were looked at.
    pub looked: u64,
    /// Mails that it had something to do with.
    pub found: u64,
    /// Its job; none where there was nothing to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
    /// Why nothing came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "crate::prose::read_optional")]
    pub problem: Option<String>,
}

/// A run of a rule that waits for a person: until then it does not run again by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunWaits {
    /// The draft.
    pub job: JobId,
    pub mails: u64,
    /// Why it was not confirmed by the rule itself, in a sentence.
    #[serde(deserialize_with = "crate::prose::read")]
    pub why: String,
}

/// A rule as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rule {
    pub id: String,
    pub rule: RuleWords,
    pub state: RuleState,
    /// Runs that were confirmed.
    pub runs: u64,
    /// Mails of those.
    pub mails: u64,
    /// Runs that were taken back since it was switched on.
    pub undone: u32,
    /// Its last run that was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<RuleRun>,
    /// When it runs next by itself, at the earliest; none where it does not, or only once new mail comes.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    pub next: Option<Timestamp>,
    /// The last time that it ran by itself, whatever came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_itself: Option<RanByItself>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<RunWaits>,
    /// The account's sign-in was refused: it does not run by itself until somebody signs in again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_sign_in: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<BackTest>,
}

/// A look through the mailbox for a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleLook {
    pub rule: String,
    pub wanted: LookFor,
    pub state: ScanState,
    /// Mails that were looked at.
    pub looked: u64,
    /// Mails there are to look at, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Mails that the rule has something to do with, of a run.
    pub found: u64,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// Why it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "crate::prose::read_optional")]
    pub problem: Option<String>,
}

/// All rules of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rules {
    /// Hand it back when they are changed: two people who change them at once do not overwrite each other.
    pub version: u64,
    /// In their order: of a mail that several are about, the first one has it.
    pub rules: Vec<Rule>,
    /// The last look through the mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<RuleLook>,
}

/// A rule as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedRule {
    /// The one that there is; none for a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `on` takes a back-test of exactly this; `paused` leaves one paused that is.
    #[serde(default)]
    pub state: RuleState,
    pub rule: RuleWords,
}

/// All rules as they are to be, in their order. Those that are not named are deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveRules {
    /// The version that was read.
    pub version: u64,
    pub rules: Vec<SavedRule>,
}

/// Asks for a look through the mailbox for a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookForRule {
    pub rule: String,
    pub wanted: LookFor,
}

/// Drafts what a look found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftRule {
    pub rule: String,
}
