//! How an item ended, why, and the counts that always add up.

use serde::{Deserialize, Serialize};

/// How an item ended. Exactly one for each item of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// Done, and seen to be done.
    Succeeded,
    /// Not done, and it will not be tried again by itself.
    Failed,
    /// Nothing was to be done, or it was no longer ours to do.
    Skipped,
    /// Never started, because the job was stopped.
    Cancelled,
    /// Started, never answered, and looking did not tell. Never repeated blindly.
    Uncertain,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 5] = [
        Self::Succeeded,
        Self::Failed,
        Self::Skipped,
        Self::Cancelled,
        Self::Uncertain,
    ];
}

/// Why an item did not succeed. Stored and shown; carries no content of the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ItemReason {
    /// Skipped: it already was as asked.
    AlreadyDone,
    /// Skipped: no longer in the mailbox, or no longer where it was.
    Missing,
    /// Skipped by an undo: somebody changed it since, and that change stays.
    ChangedSince,
    /// Failed: somebody keeps changing it while we try.
    Contended,
    /// Failed: the server refuses this for good.
    Refused,
    /// Failed: the account has no right to do this here.
    Forbidden,
    /// Failed: the mailbox is full.
    OverQuota,
    /// Failed: the target folder does not exist.
    NoSuchFolder,
    /// Failed: larger than the server or we can handle.
    TooLarge,
    /// Failed: the server could not, for now; all attempts are used.
    Unavailable,
    /// Failed: the server refused the sign-in.
    SignIn,
    /// Failed: a fault of ours.
    Internal,
    /// Cancelled: stopped by a person.
    Stopped,
    /// Cancelled: stopped at the first error, as the job's options ask.
    StoppedOnError,
    /// Cancelled: stopped because too much failed.
    Braked,
    /// Uncertain: the server never answered, and looking did not tell.
    NoAnswer,
    /// Failed: a mailbox that was to be recovered or restored is in use.
    NotInactive,
    /// Failed: another mailbox has the address or sign-in name.
    AddressTaken,
    /// Failed: the mailbox that something was to go into is not there, or not in use.
    NoSuchTarget,
    /// Failed: the time is over for which the mailbox was kept.
    RetentionOver,
    /// Failed: a hold or a retention by law lies on the mailbox.
    OnHold,
    /// Uncertain: the server never answered to a mail that was handed over, and looking did not tell.
    MayHaveArrived,
    /// Failed: nobody has this address.
    NoSuchRecipient,
    /// Failed: the recipient's mailbox is full.
    RecipientFull,
    /// Failed: the mail server's rules forbid it.
    AgainstRules,
    /// Failed: the mail server does not take what is in the mail.
    ContentRefused,
    /// Failed: no mail can be made of the template and the row.
    Unrenderable,
    /// Skipped: the address is on the account's list of those who get no mail.
    Suppressed,
    /// Failed: a file that goes along is not kept any more.
    FileGone,
    /// Skipped: the mails of the list do not say how to unsubscribe.
    NoUnsubscribe,
    /// Skipped: the list names only a web page for it.
    WebPageOnly,
    /// Skipped: nothing proves that the page for it belongs to the list.
    NotTrusted,
    /// Skipped: the list is spam, which is not answered.
    FromSpam,
    /// Skipped: the list takes a mail, and the account sends none.
    CannotSend,
    /// Failed: the list's server leads to another page.
    LeadsElsewhere,
    /// Failed: the list's server refuses.
    ListRefused,
    /// Failed: the list's server is not on the public internet, or proves nothing of itself.
    NotPublic,
    /// Uncertain: the list's server never answered.
    MayBeUnsubscribed,
    /// Failed: the model could not be asked, for now; all attempts are used.
    ModelUnavailable,
    /// Failed: the model's endpoint does not take the key.
    ModelKey,
    /// Failed: the model's endpoint refuses the request.
    ModelRefused,
    /// Failed: the model said nothing of it that can be used, asked twice.
    Unclassified,
    /// Failed: it may not be sent to the model that was confirmed, or that one is not the chosen one any more.
    NotAgreed,
}

impl ItemReason {
    /// Every reason.
    pub const ALL: [ItemReason; 43] = [
        Self::AlreadyDone,
        Self::Missing,
        Self::ChangedSince,
        Self::Contended,
        Self::Refused,
        Self::Forbidden,
        Self::OverQuota,
        Self::NoSuchFolder,
        Self::TooLarge,
        Self::Unavailable,
        Self::SignIn,
        Self::Internal,
        Self::Stopped,
        Self::StoppedOnError,
        Self::Braked,
        Self::NoAnswer,
        Self::NotInactive,
        Self::AddressTaken,
        Self::NoSuchTarget,
        Self::RetentionOver,
        Self::OnHold,
        Self::MayHaveArrived,
        Self::NoSuchRecipient,
        Self::RecipientFull,
        Self::AgainstRules,
        Self::ContentRefused,
        Self::Unrenderable,
        Self::Suppressed,
        Self::FileGone,
        Self::NoUnsubscribe,
        Self::WebPageOnly,
        Self::NotTrusted,
        Self::FromSpam,
        Self::CannotSend,
        Self::LeadsElsewhere,
        Self::ListRefused,
        Self::NotPublic,
        Self::MayBeUnsubscribed,
        Self::ModelUnavailable,
        Self::ModelKey,
        Self::ModelRefused,
        Self::Unclassified,
        Self::NotAgreed,
    ];

    /// The sentence a person reads.
    pub fn text(self) -> &'static str {
        match self {
            Self::AlreadyDone => "It already was as you asked.",
            Self::Missing => "It is no longer where it was, or no longer matched.",
            Self::ChangedSince => "Somebody changed it since, so it was left alone.",
            Self::Contended => "Somebody else kept changing it.",
            Self::Refused => "The account's server refused.",
            Self::Forbidden => "This account has no right to do that here.",
            Self::OverQuota => "The mailbox is full.",
            Self::NoSuchFolder => "The target folder does not exist.",
            Self::TooLarge => "It is too large.",
            Self::Unavailable => "The account's server could not do it for now.",
            Self::SignIn => "The account's server refused the sign-in.",
            Self::Internal => "Something went wrong on our side.",
            Self::Stopped => "Not started: you stopped the job.",
            Self::StoppedOnError => "Not started: the job stops at the first error.",
            Self::Braked => "Not started: too much had failed.",
            Self::NoAnswer => "The account's server never answered, and looking did not tell.",
            Self::NotInactive => "The mailbox is in use: it was not deleted.",
            Self::AddressTaken => "Another mailbox has the address or sign-in name.",
            Self::NoSuchTarget => "The target mailbox is not there, or is deleted itself.",
            Self::RetentionOver => "The time is over for which the mailbox was kept.",
            Self::OnHold => "A hold or a retention by law lies on the mailbox.",
            Self::MayHaveArrived => "The mail server never answered: it may have arrived or not.",
            Self::NoSuchRecipient => "Nobody has this address.",
            Self::RecipientFull => "The recipient's mailbox is full.",
            Self::AgainstRules => "The mail server's rules forbid it.",
            Self::ContentRefused => "The mail server does not take what is in the mail.",
            Self::Unrenderable => "No mail can be made of the template and this row.",
            Self::Suppressed => "The address is on your list of those who get no mail.",
            Self::FileGone => "A file that goes along is not kept any more.",
            Self::NoUnsubscribe => "Its mails do not say how to unsubscribe.",
            Self::WebPageOnly => "It names only a web page for it, which is not opened from here.",
            Self::NotTrusted => "Nothing proves that the page for it belongs to the list.",
            Self::FromSpam => "It is spam: an answer tells its sender that somebody reads it.",
            Self::CannotSend => "It takes a mail for it, and this account sends none.",
            Self::LeadsElsewhere => "The list's server leads to another page; none is followed.",
            Self::ListRefused => "The list's server refused.",
            Self::NotPublic => {
                "The list's server cannot be trusted, or is not on the public internet."
            }
            Self::MayBeUnsubscribed => {
                "The list's server never answered: you may be unsubscribed or not."
            }
            Self::ModelUnavailable => "The model could not be asked for now.",
            Self::ModelKey => "The model's endpoint does not take the key.",
            Self::ModelRefused => "The model's endpoint refuses the request.",
            Self::Unclassified => "The model said nothing of it that can be used.",
            Self::NotAgreed => {
                "It was not sent: you took your yes to this model back, or chose another one."
            }
        }
    }

    /// What helps, as a sentence; empty where nothing needs help.
    pub fn cure(self) -> &'static str {
        match self {
            Self::AlreadyDone
            | Self::Missing
            | Self::ChangedSince
            | Self::Stopped
            | Self::StoppedOnError
            | Self::Suppressed => "",
            Self::Contended | Self::Unavailable => "Wait a little, then retry what failed.",
            Self::Refused => "Look at one of them in your mail program; the server may say why.",
            Self::Forbidden => "Ask the mailbox's owner for the right, then retry.",
            Self::OverQuota => "Make room, then retry what failed.",
            Self::NoSuchFolder => "Create the folder, then retry what failed.",
            Self::TooLarge => "Handle these by hand.",
            Self::SignIn => "Connect the account again, then retry.",
            Self::Internal => "Retry; if it stays, tell us the job's id.",
            Self::Braked => "See why so many failed before you start again.",
            Self::NoAnswer => "Retry looks first and repeats nothing that was done.",
            Self::NotInactive => "Take it out, or pick the inactive mailbox that you mean.",
            Self::AddressTaken => "Give it another address, or free this one first.",
            Self::NoSuchTarget => "Correct the target, or recover the mailbox as a new one.",
            Self::RetentionOver => "Ask for its backup.",
            Self::OnHold => "Restore it into another mailbox, or have the hold lifted.",
            Self::MayHaveArrived => "Ask whether it arrived; nothing sends it again by itself.",
            Self::NoSuchRecipient => "Correct the address and send to it alone.",
            Self::RecipientFull => "Wait some days, then retry what failed.",
            Self::AgainstRules => "Ask whoever runs the mail server what this account may send.",
            Self::ContentRefused => "Change words, links or attachments that look like spam.",
            Self::Unrenderable => "Correct the row, then send to it alone.",
            Self::FileGone => "Upload the file again, and send to these alone.",
            Self::WebPageOnly => "Open the page yourself if you trust whoever writes this.",
            Self::NoUnsubscribe | Self::NotTrusted | Self::FromSpam => {
                "Archive or trash its mails by a rule instead."
            }
            Self::CannotSend => "Give the account a server for outgoing mail, then start anew.",
            Self::LeadsElsewhere | Self::ListRefused => {
                "Open one of its mails and use the link in it, or trash them by a rule."
            }
            Self::NotPublic => "Trash its mails by a rule instead.",
            Self::MayBeUnsubscribed => "Wait ten days; nothing asks again by itself.",
            Self::ModelUnavailable => "Wait a little, then retry what failed.",
            Self::ModelKey => "Enter another key under Model and privacy, then retry.",
            Self::ModelRefused => {
                "Look at its address and the model's name under Model and privacy, then retry."
            }
            Self::Unclassified => "Look at these yourself, or retry.",
            Self::NotAgreed => "Retry: whichever model is chosen now is asked.",
        }
    }
}

/// What a computing operation found of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemResult {
    /// What it is, in a word that programs can read: `unreachable`.
    pub class: String,
    /// How sure that is, in percent; none where it is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// More about it, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Where something is proposed: the class of mail that it is proposed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// Counts by state and outcome. They add up to the total at every moment (invariant 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Not started.
    pub pending: u64,
    /// In a worker's hands.
    pub running: u64,
    /// See [`Outcome::Succeeded`].
    pub succeeded: u64,
    /// See [`Outcome::Failed`].
    pub failed: u64,
    /// See [`Outcome::Skipped`].
    pub skipped: u64,
    /// See [`Outcome::Cancelled`].
    pub cancelled: u64,
    /// See [`Outcome::Uncertain`].
    pub uncertain: u64,
}

impl Counts {
    /// All of them: always the job's total.
    pub fn total(&self) -> u64 {
        self.pending + self.running + self.ended()
    }

    /// Those with an outcome.
    pub fn ended(&self) -> u64 {
        self.succeeded + self.failed + self.skipped + self.cancelled + self.uncertain
    }

    /// Counts one more item with this outcome.
    pub fn add(&mut self, outcome: Outcome, items: u64) {
        *match outcome {
            Outcome::Succeeded => &mut self.succeeded,
            Outcome::Failed => &mut self.failed,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Cancelled => &mut self.cancelled,
            Outcome::Uncertain => &mut self.uncertain,
        } += items;
    }

    /// The number with this outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Succeeded => self.succeeded,
            Outcome::Failed => self.failed,
            Outcome::Skipped => self.skipped,
            Outcome::Cancelled => self.cancelled,
            Outcome::Uncertain => self.uncertain,
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.pending += other.pending;
        self.running += other.running;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.cancelled += other.cancelled;
        self.uncertain += other.uncertain;
    }
}
