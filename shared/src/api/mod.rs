//! Requests and answers of the API. Times are RFC 3339 in UTC, ids are text.

mod accounts;
mod advice;
mod attachments;
mod audit;
mod batch;
mod bounces;
mod bulk;
mod connections;
mod consents;
mod contacts;
mod credentials;
mod dials;
mod discovery;
mod drafts;
mod drift;
mod import;
mod jobs;
mod letters;
mod mailboxes;
mod model;
mod outcomes;
mod preview;
mod reading;
mod review;
mod rules;
mod senders;
mod sign_in;
mod summary;
mod suppressed;
mod templates;

pub use accounts::{Account, AccountKind, AccountTest, Accounts, NewAccount};
pub use advice::{
    AcceptSuggestion, Advice, Correction, DismissSuggestion, HandHabit, Leaning, Learned, Lesson,
    SuggestedSource, Suggestion, SuggestionState, Suggestions,
};
pub use attachments::{KeptFile, KeptFiles};
pub use audit::{AuditBundle, AuditEvent, AuditEvents, AuditedItem};
pub use batch::{
    BatchAccepted, BatchError, BatchRequest, BatchState, BatchStatus, CLASSIFY_MOST, Email,
    EmailId, EmailStatus, Emails, PROCESS_MOST,
};
pub use bounces::{Bounce, BounceKind, BounceLook, Bounces};
pub use bulk::{
    BulkCancelled, BulkDraft, BulkDraftOptions, BulkError, BulkErrorType, BulkExecutionOptions,
    BulkItem, BulkItemStatus, BulkMetadata, BulkOperation, BulkProgress, BulkProgressCounts,
    BulkProgressStatus, BulkStatus, BulkType, CancelBulk, ExecuteBulk, NewBulkDraft, NewBulkItem,
    PreviewMode,
};
pub use connections::{
    Connection, DavConnection, ExchangeConnection, ImapConnection, Security, Submission,
};
pub use consents::{Consent, ConsentOffer};
pub use contacts::{AddressBooks, Contacts};
pub use credentials::{AccessToken, Credentials, OAuth};
pub use dials::{CrashPoint, Dials};
pub use discovery::{Discovered, MailAddress, MailServer, WayIn};
pub use drafts::{Confirm, ConfirmBy, NewJob};
pub use drift::Drift;
pub use import::ImportReport;
pub use jobs::{
    Batches, Called, Checking, Chunks, Eta, Job, Jobs, LeaveAsIs, OfRule, ReasonCount, Relation,
    SelectionSummary,
};
pub use letters::{LetterFault, LettersSeen, LookAtLetters, SeenLetter};
pub use mailboxes::{Mailboxes, Workbook, WorkbookRow};
pub use model::{
    AgreeToModel, AgreedAccount, ChooseModel, ChosenModel, JobModel, ModelConsent, ModelEndpoint,
    ModelUse, NamedModel, TokensSpent, built_in, host_of,
};
pub use outcomes::{Evidence, ItemOutcome, ItemOutcomes, JobRows, Link, OpenMail, Said};
pub use preview::{
    Cost, Gate, ListsToAsk, Preview, Range, TargetFolder, TouchedFolder, UndoPreview, UndoPromise,
};
pub use reading::{Attachment, Message};
pub use review::{
    DecideReview, ReadRate, Review, ReviewCount, ReviewDecided, ReviewDial, ReviewFilter,
    ReviewMail, ReviewPick, ReviewReply, ReviewSize, ReviewVerdict, Why,
};
pub use rules::{
    BackTest, DraftRule, LookFor, LookForRule, ProtectedMail, RanByItself, Rule, RuleLook, RuleRun,
    RuleState, Rules, RunWaits, SaveRules, SavedRule, TestBin,
};
pub use senders::{Group, GroupBy, GroupOrder, Scan, ScanState, Senders};
pub use sign_in::{BringCode, SESSION_KEY, SIGN_IN_FRAGMENT, SessionKey, SignIn};
pub use summary::{KeptOut, SendersInside, StandOut, StandsOut, Summary, TopSender};
pub use suppressed::{
    LeftOutRow, LeftOutRows, Suppress, SuppressReport, SuppressedAddress, SuppressedAddresses,
};
pub use templates::{
    KeepTemplate, KeptName, KeptTemplate, KeptTemplates, Template, check_template_name,
};

pub use crate::kinds::contact::AddressBook;
pub use crate::kinds::mail::{Folder, Folders, Item, ItemClass, Items, Role, ToldBy};
pub use crate::operations::{Risk, RiskLevel};

/// Everything below this path is the API.
pub const BASE: &str = "/api/v1";
