//! What an operation brings.

use bulkhead_words::Says;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FileFormat;
use crate::kinds::Kind;
use crate::kinds::mail::Role;
use crate::kinds::mailbox::ConflictRule;
use crate::outcome::{Counts, ItemResult, Outcome};
use crate::problem::Invalid;
use crate::proposal::Marks;
use crate::vcard::Edit;
use crate::words;

/// What every operation is: its parameters, and the answers to these questions.
pub trait OperationSpec: Sized {
    /// What does not depend on the parameters.
    const ABOUT: About;

    /// Whether it makes an item of each row that is brought, instead of being done to items that are there.
    const MAKES_ITEMS: bool = false;

    /// The operation itself, where it has no parameters.
    const PLAIN: Option<Self> = None;

    /// What a row brings, as bytes that the operation's target reads; or what is wrong with it, as a
    /// sentence.
    fn input(&self, _row: &Value) -> Result<Vec<u8>, String> {
        Err(words::operation_no_rows().to_owned())
    }

    /// What rows bring, in their order; or the first one that is wrong, by itself or beside the others.
    fn inputs(&self, rows: &[Value]) -> Result<Vec<Vec<u8>>, WrongRow> {
        let inputs = rows.iter().enumerate().map(|(index, row)| {
            let wrong = |message| WrongRow { index, message };
            self.input(row).map_err(wrong)
        });
        inputs.collect()
    }

    /// Checks the parameters.
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }

    /// As an order: “Archive 12,403 mails”.
    fn order(&self, items: &str) -> String {
        (Self::ABOUT.order)(items)
    }

    /// What it did, as a sentence: “12,403 mails archived”.
    fn report(&self, items: &str) -> String {
        (Self::ABOUT.report)(items)
    }

    /// What doing this to so many items puts at stake, if anything.
    fn risk(&self, total: u64) -> Option<Risk> {
        let moves = matches!(Self::ABOUT.aspect, Aspect::Folder | Aspect::Everything);
        (moves && total > FEW).then(|| Risk {
            level: RiskLevel::Medium,
            reasons: vec![words::operation_many_move().to_owned()],
        })
    }

    /// What it makes of an item's state; none where it changes nothing.
    fn target(&self) -> Option<Target> {
        None
    }

    /// What the items that are selected are put together by, where not each of them is an item of the job.
    fn gathers(&self) -> Option<Gathering> {
        let target = self.target()?;
        target.takes_duplicates().then_some(Gathering::Duplicates)
    }

    /// What it finds of a contact with this card, where it computes something; reads nothing else.
    fn judge(&self, _card: &[u8]) -> Option<ItemResult> {
        None
    }

    /// Whether it weighs how a mail is marked, beside what the mail is about.
    fn weighs_marks(&self) -> bool {
        false
    }

    /// What it makes of what a model found of a mail that is marked like this.
    fn conclude(&self, found: ItemResult, _marks: Marks) -> ItemResult {
        found
    }

    /// What file it makes; none where it makes none.
    fn format(&self) -> Option<FileFormat> {
        None
    }

    /// When work on it begins that was confirmed then: until that time it can be stopped whole.
    fn begins(&self, confirmed: Timestamp) -> Timestamp {
        confirmed
    }
}

/// A row that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongRow {
    /// Its place, counted from 0.
    pub index: usize,
    /// What is wrong with it, as a sentence.
    pub message: String,
}

/// Up to this many items a move is a small thing.
const FEW: u64 = 100;

/// What is to be known of an operation whatever its parameters.
#[derive(Debug, Clone)]
pub struct About {
    /// The name on the wire, in logs and metrics. Stored: never change one.
    pub name: &'static str,
    /// The three letters that open a job's id. Stored and shown: never change one.
    pub prefix: &'static str,
    /// What it is done to; none where that is whatever another job was done to. Those a person cannot ask for
    /// directly.
    pub kind: Option<Kind>,
    /// How it acts on an item.
    pub task: Task,
    /// What of an item it changes.
    pub aspect: Aspect,
    /// For tight places: “Mark read”.
    pub label: Says,
    /// As an order for these items, where its parameters say no more: “Archive 12,403 mails”.
    pub order: fn(&str) -> String,
    /// What it did to these items, where its parameters say no more: “12,403 mails archived”.
    pub report: fn(&str) -> String,
    /// Its icon: an SVG path, drawn as lines on a grid of 24.
    pub icon: &'static str,
    /// Keys that ask for it, as a browser names them; the first one is shown.
    pub keys: &'static [&'static str],
    /// What has to be named first.
    pub fields: &'static [Field],
}

impl About {
    /// Whether it takes mails out of sight.
    pub fn hides(&self) -> bool {
        self.kind == Some(Kind::Mail) && self.aspect == Aspect::Folder
    }
}

/// What selected items are put together by before they are frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gathering {
    /// What they say: of those that say the same, all but one are items.
    Duplicates,
    /// The list that they came by: of each list one mail is an item.
    Lists,
}

/// How an operation acts on an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Brings it from one state to another.
    Change,
    /// Hands it to somebody. Done once, and never taken back.
    Deliver,
    /// Reads it and keeps a result. Nothing outside is touched.
    Compute,
    /// Makes a file of it. Nothing outside is touched.
    Export,
}

impl Task {
    /// How many items of a job that ended so may be tried again. What was handed over and never answered for
    /// may have arrived: it is nothing to try again.
    pub fn retryable(self, counts: Counts) -> u64 {
        let outcomes = Outcome::ALL.into_iter();
        let again = outcomes.filter(|outcome| self.may_retry(*outcome));
        again.map(|outcome| counts.of(outcome)).sum()
    }

    /// Whether an item that ended so may be tried again.
    pub fn may_retry(self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Failed => true,
            Outcome::Uncertain => self != Self::Deliver,
            Outcome::Succeeded | Outcome::Skipped | Outcome::Cancelled => false,
        }
    }
}

/// What of an item an operation changes: this is what undo brings back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// Nothing at all.
    Nothing,
    /// The folder it is in.
    Folder,
    /// Marks that every mail program shows.
    Marks,
    /// Labels.
    Labels,
    /// What is written about it.
    Fields,
    /// Whether it is there.
    Existence,
    /// Whatever another job changed.
    Everything,
}

/// What an operation makes of an item's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// What it was before another job.
    Back,
    /// A change of a mail.
    Mail(MailTarget),
    /// A change of a contact.
    Contact(ContactTarget),
    /// A change of a whole mailbox.
    Mailbox(MailboxTarget),
}

impl Target {
    /// Whether it leaves the items as they are, and makes another one of each.
    pub fn makes_others(&self) -> bool {
        matches!(self, Self::Mail(MailTarget::Reply))
    }

    /// Whether only those items are part of the job that say the same as another one.
    pub fn takes_duplicates(&self) -> bool {
        matches!(self, Self::Contact(ContactTarget::Merged))
    }
}

/// What an operation makes of a mail's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailTarget {
    /// It goes into the account's folder for this.
    Into(Role),
    /// It goes into this folder.
    IntoFolder {
        /// Its name.
        name: String,
        /// It is made, if it is not there.
        make: bool,
    },
    /// Flags (RFC 9051, section 2.3.2) and labels are put on and taken off.
    Flags {
        /// Put on.
        add: Vec<String>,
        /// Taken off.
        remove: Vec<String>,
    },
    /// It stays as it is, and a reply to it is among the drafts.
    Reply,
}

/// What an operation makes of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactTarget {
    /// It is there, as the card says that its row brings. One that is there already stays as it is.
    New {
        /// The address book it is made in; none: the account's first one.
        book: Option<String>,
    },
    /// It is not there any more.
    Gone,
    /// It is not there any more, because another one says the same: only duplicates are part of the job, and
    /// of each group one stays.
    Merged,
    /// These edits are made in it, one after the other.
    Edited(Vec<Edit>),
}

/// What an operation makes of a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailboxTarget {
    /// It is active, with the profile that its row says.
    Recovered,
    /// Its content is in another one too, which its row names.
    Restored {
        /// What becomes of what is in both, where the row says nothing.
        rule: ConflictRule,
    },
}

impl MailTarget {
    /// Puts a flag on.
    pub fn flag(flag: &str) -> Self {
        Self::Flags {
            add: vec![flag.to_owned()],
            remove: Vec::new(),
        }
    }

    /// Takes a flag off.
    pub fn unflag(flag: &str) -> Self {
        Self::Flags {
            add: Vec::new(),
            remove: vec![flag.to_owned()],
        }
    }
}

/// A parameter as a form asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The parameter's name on the wire.
    pub name: &'static str,
    /// What a person calls it.
    pub label: Says,
    /// What is good to know, in a sentence; none where nothing is.
    pub hint: Option<Says>,
    /// How it is given.
    pub input: Input,
}

/// How a parameter is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// One of the account's folders.
    Folder,
    /// Labels to put on, and in another parameter of this name labels to take off.
    Labels {
        /// The other parameter's name on the wire.
        remove: &'static str,
    },
    /// One of these. The first is chosen to begin with.
    Choice(&'static [Choice]),
    /// A line of text. Empty: not given.
    Text,
    /// A text of several lines. Empty: not given.
    Lines,
    /// Several texts, separated by commas. Empty: not given.
    List,
    /// A text instead of another. Empty: not given.
    Replacement,
}

/// One of several values of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// On the wire.
    pub value: &'static str,
    /// What a person calls it.
    pub label: Says,
    /// What it means, in a few words.
    pub text: Says,
}

/// How much is at stake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Risk {
    pub level: RiskLevel,
    /// Why, in sentences.
    #[serde(deserialize_with = "crate::prose::read_all")]
    pub reasons: Vec<String>,
}

/// Levels of risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum RiskLevel {
    Low,
    Medium,
    High,
}
