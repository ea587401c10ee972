//! Requests and answers of the API. Times are RFC 3339 in UTC, ids are text.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::abilities::{Abilities, Reversibility};
use crate::hash::ManifestHash;
use crate::ids::{AccountId, ItemId, JobId};
use crate::job::{State, StateReason};
pub use crate::kinds::mail::{Folder, Folders, Item, Items, Role};
use crate::kinds::{Card, Kind};
use crate::operations::Operation;
pub use crate::operations::{Risk, RiskLevel};
use crate::options::{JobOptions, Settings};
use crate::outcome::{Counts, ItemReason, Outcome};
use crate::selection::Selection;
use crate::unsearched::Unsearched;

/// Everything below this path is the API.
pub const BASE: &str = "/api/v1";

// Sign-in

/// How people sign in here: `GET /sign-in`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SignIn {
    /// With the token in the address that the server printed.
    Token {},
    /// On pages of a hosted sign-in: authorization code with PKCE (RFC 7636), no client secret.
    Hosted {
        /// Where the browser is sent to sign in.
        authorize: String,
        /// Where a code or a refresh token is traded for tokens.
        token: String,
        /// Where the browser is sent to sign out.
        logout: String,
        /// The app's client id.
        client: String,
        /// The scope to ask for.
        scope: String,
    },
}

// Accounts

/// A connected account. Credentials go in and never come out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What the person calls it.
    pub name: String,
    /// What kind of account it is.
    pub kind: AccountKind,
    /// What kinds of items it has, and what can be done with each: as it was when it was last opened.
    pub stores: BTreeMap<Kind, Abilities>,
    /// When it was connected.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub created_at: Timestamp,
}

impl Account {
    /// What can be done with its items of this kind; none if it has no such items.
    pub fn abilities(&self, kind: Kind) -> Option<&Abilities> {
        self.stores.get(&kind)
    }
}

/// The kinds of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AccountKind {
    /// The simulated mailbox.
    Sandbox,
    /// A mailbox on an IMAP server.
    Imap,
}

/// All accounts of the caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accounts {
    /// In the order they were connected.
    pub accounts: Vec<Account>,
}

/// `POST /accounts`: connect one. It is tested first, and kept only if the test passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAccount {
    /// What the person calls it; the host and user if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is and how to get in.
    pub connection: Connection,
}

/// How to reach an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Connection {
    /// The simulated mailbox of this server.
    Sandbox {},
    /// A mailbox on an IMAP server.
    Imap(ImapConnection),
}

/// An IMAP mailbox and its credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImapConnection {
    /// The server's name.
    pub host: String,
    /// 993 for TLS from the first byte, 143 for STARTTLS or no encryption.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The user's name on that server.
    pub user: String,
    /// Goes in, is sealed, and never comes out.
    pub password: String,
}

impl std::fmt::Debug for ImapConnection {
    /// Says where, never who or how (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImapConnection")
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sandbox {} => f.write_str("Sandbox"),
            Self::Imap(imap) => imap.fmt(f),
        }
    }
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// Plain first, then STARTTLS before the password.
    StartTls,
    /// None: only to this machine itself.
    None,
}

/// What `POST /accounts/{account}/test` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountTest {
    /// Whether the account can be used now.
    pub ok: bool,
    /// What was found, in a sentence.
    pub message: String,
}

// Jobs

/// `POST /jobs`: draft a job. Nothing is touched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewJob {
    /// In which account.
    pub account: AccountId,
    /// What to do.
    pub operation: Operation,
    /// To what.
    pub selection: Selection,
    /// How.
    #[serde(default)]
    pub options: JobOptions,
}

impl NewJob {
    /// Everything that can be checked without looking at the account.
    pub fn validate(&self) -> Result<(), crate::problem::Invalid> {
        self.operation.validate()?;
        self.selection.validate()?;
        self.options.validate()
    }
}

/// `POST /jobs/{job}/confirm`: yes to exactly this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confirm {
    /// The hash the preview showed.
    pub manifest_hash: ManifestHash,
    /// The hash of the drift that was shown, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift_hash: Option<String>,
}

/// A job as it stands: the answer to every call that is about one job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// Its id; the first three letters name the operation.
    pub id: JobId,
    /// In which account.
    pub account: AccountId,
    /// What is done.
    pub operation: Operation,
    /// The selection in words, as it was asked for.
    pub selection: SelectionSummary,
    /// Where it is.
    pub state: State,
    /// Why it is held, stops or failed.
    pub reason: Option<StateReason>,
    /// Items; while planning, those found so far.
    pub total: u64,
    /// They add up to the total, always.
    pub counts: Counts,
    /// Only grows.
    pub version: u64,
    /// Chunks.
    pub chunks: Chunks,
    /// Batches.
    #[serde(default)]
    pub batches: Batches,
    /// Items a second, lately; none until it can be told.
    pub rate_per_second: Option<f64>,
    /// When it may end; none until it can be told.
    pub eta: Option<Eta>,
    /// The settings it runs with.
    pub settings: Settings,
    /// When it was drafted.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub created_at: Timestamp,
    /// When it was confirmed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub confirmed_at: Option<Timestamp>,
    /// When the first worker began.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub ended_at: Option<Timestamp>,
    /// A draft that is not confirmed by then is gone.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub confirm_by: Option<Timestamp>,
    /// Until then it can be undone; none where it cannot.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub undo_until: Option<Timestamp>,
    /// Until then the outcome of each item can be read.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub results_until: Option<Timestamp>,
    /// The job this one undoes or retries.
    pub parent: Option<JobId>,
    /// How it descends from its parent.
    pub relation: Option<Relation>,
    /// Jobs that undo or retry this one.
    pub children: Vec<JobId>,
    /// Set once the selection is frozen.
    pub manifest_hash: Option<ManifestHash>,
    /// Failures, skips and uncertain items by reason, most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// What its search could not look at: nothing of it is part of the job.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsearched: Vec<Unsearched>,
}

/// How a child job descends from its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Relation {
    /// It takes back what the parent did.
    Undo,
    /// It tries again what failed in the parent.
    Retry,
}

/// What was asked for, kept with the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SelectionSummary {
    /// Items picked one by one.
    Ids {
        /// How many.
        count: u64,
    },
    /// All that matched.
    Query {
        /// The query as typed.
        query: String,
        /// How many were left out by hand.
        except: u64,
    },
    /// What another job left or did.
    Parent {},
}

/// How far a job is, in chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chunks {
    /// Ended.
    pub done: u64,
    /// The highest one begun, counted from 1; 0 before the first.
    pub current: u64,
    /// All.
    pub total: u64,
}

/// How far a job is, in batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Batches {
    /// Begun, going by the items that have an outcome; 0 before the first.
    pub current: u64,
    /// All.
    pub total: u64,
}

/// When a job may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Eta {
    /// If all goes as well as lately.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub earliest: Timestamp,
    /// If it goes noticeably worse.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub latest: Timestamp,
}

/// How many items ended for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReasonCount {
    /// How they ended.
    pub outcome: Outcome,
    /// Why.
    pub reason: ItemReason,
    /// How many.
    pub count: u64,
}

/// A page of the history, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jobs {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

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
    #[serde(default, skip_serializing_if = "is_zero")]
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
    /// For an undo: what can go back.
    pub undo: Option<UndoPreview>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A folder that a job takes mails from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TouchedFolder {
    /// Its name.
    pub name: String,
    /// Mails of it.
    pub mails: u64,
    /// Other people see it too, and what is done in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seen_by_others: bool,
}

/// The folder that mails go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TargetFolder {
    /// Its name.
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
    pub note: String,
    /// Until when, if it were confirmed now.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
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

/// What changed between freezing and now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Drift {
    /// Frozen, but no longer there or no longer matching.
    pub left: u64,
    /// Frozen and still there, but changed.
    pub changed: u64,
    /// Matching now, but not frozen: not part of the job.
    pub joined: u64,
    /// A few of those that left or changed.
    pub sample: Vec<ItemId>,
    /// Names exactly this drift; a confirmation carries it to say it was seen.
    pub hash: String,
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
}

/// How one item ended, or where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemOutcome {
    /// The item.
    pub id: ItemId,
    /// None while it has not ended.
    pub outcome: Option<Outcome>,
    /// Why, where it did not succeed.
    pub reason: Option<ItemReason>,
    /// When it ended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub at: Option<Timestamp>,
    /// The item as lists show it, while the provider still knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
}

/// A page of outcomes, in the order of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemOutcomes {
    /// The items.
    pub items: Vec<ItemOutcome>,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Where a browser gets a file from: a link cannot carry a token in a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The file's address. It may hold a secret of its own: not to be kept or shown.
    pub url: String,
    /// Until then it works; none: as long as the file is kept.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub until: Option<Timestamp>,
}

// Audit

/// A fact that is never changed: who did what, when, with which result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Counts from 1 without gaps, for each user.
    pub sequence: u64,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub at: Timestamp,
    /// What happened (`job_confirmed`).
    pub event: String,
    /// Which job, if it is about one.
    pub job: Option<JobId>,
    /// Which account, if it is about one.
    pub account: Option<AccountId>,
    /// Figures that belong to the event.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub facts: serde_json::Value,
    /// The hash of the event before; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 over this event and the hash before it.
    pub hash: String,
}

/// A page of the audit trail, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvents {
    /// The events.
    pub events: Vec<AuditEvent>,
    /// Hand it back for the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

// The sandbox's dials

/// How the sandbox misbehaves: `GET, PUT /accounts/{account}/dials`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dials {
    /// Milliseconds each provider call takes.
    pub latency_ms: u64,
    /// Percent of items that fail for good, the same ones each time.
    pub fail_percent: u32,
    /// Percent of items that fail for a passing reason, and succeed at a later attempt.
    pub flaky_percent: u32,
    /// Items a minute before the sandbox asks to wait; 0: no limit.
    pub items_per_minute: u32,
    /// The next so many calls take effect, but their answer is lost.
    pub lose_answers: u32,
    /// The next so many calls are refused with a time to wait.
    pub throttle_calls: u32,
    /// Seconds named by such a refusal.
    pub throttle_seconds: u32,
    /// The process ends abruptly at this point of the next change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash: Option<CrashPoint>,
}

/// Where the sandbox pulls the plug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CrashPoint {
    /// Before anything of the call has taken effect.
    BeforeChange,
    /// After half of the call's items have changed.
    HalfWay,
    /// After all have changed, before the answer.
    AfterChange,
}
