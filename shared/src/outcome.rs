//! How an item ended, why, and the counts that always add up.

use serde::{Deserialize, Serialize};

use crate::words;

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
    /// Failed: the model wrote nothing that may become a draft, asked twice.
    Unwritten,
    /// Failed: it may not be sent to the model that was confirmed, or that one is not the chosen one any more.
    NotAgreed,
    /// Skipped: it names nobody who takes an answer.
    NobodyToAnswer,
    /// Skipped: it came by a list, whose mails nobody wrote to you alone.
    OfAList,
    /// Skipped: a program wrote it.
    OfAProgram,
    /// Skipped: the account's owner wrote it.
    OwnMail,
    /// Failed: its mail system gave two mailboxes one id, and keeps the mails of both in one place.
    SharedId,
}

impl ItemReason {
    /// Every reason.
    pub const ALL: [ItemReason; 49] = [
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
        Self::Unwritten,
        Self::NotAgreed,
        Self::NobodyToAnswer,
        Self::OfAList,
        Self::OfAProgram,
        Self::OwnMail,
        Self::SharedId,
    ];

    /// The sentence a person reads.
    pub fn text(self) -> &'static str {
        match self {
            Self::AlreadyDone => words::outcome_already_done(),
            Self::Missing => words::outcome_missing(),
            Self::ChangedSince => words::outcome_changed_since(),
            Self::Contended => words::outcome_contended(),
            Self::Refused => words::outcome_refused(),
            Self::Forbidden => words::outcome_forbidden(),
            Self::OverQuota => words::outcome_over_quota(),
            Self::NoSuchFolder => words::outcome_no_such_folder(),
            Self::TooLarge => words::outcome_too_large(),
            Self::Unavailable => words::outcome_unavailable(),
            Self::SignIn => words::outcome_sign_in(),
            Self::Internal => words::outcome_internal(),
            Self::Stopped => words::outcome_stopped(),
            Self::StoppedOnError => words::outcome_stopped_on_error(),
            Self::Braked => words::outcome_braked(),
            Self::NoAnswer => words::outcome_no_answer(),
            Self::NotInactive => words::outcome_not_inactive(),
            Self::AddressTaken => words::outcome_address_taken(),
            Self::NoSuchTarget => words::outcome_no_such_target(),
            Self::RetentionOver => words::outcome_retention_over(),
            Self::OnHold => words::outcome_on_hold(),
            Self::MayHaveArrived => words::outcome_may_have_arrived(),
            Self::NoSuchRecipient => words::outcome_no_such_recipient(),
            Self::RecipientFull => words::outcome_recipient_full(),
            Self::AgainstRules => words::outcome_against_rules(),
            Self::ContentRefused => words::outcome_content_refused(),
            Self::Unrenderable => words::outcome_unrenderable(),
            Self::Suppressed => words::outcome_suppressed(),
            Self::FileGone => words::outcome_file_gone(),
            Self::NoUnsubscribe => words::outcome_no_unsubscribe(),
            Self::WebPageOnly => words::outcome_web_page_only(),
            Self::NotTrusted => words::outcome_not_trusted(),
            Self::FromSpam => words::outcome_from_spam(),
            Self::CannotSend => words::outcome_cannot_send(),
            Self::LeadsElsewhere => words::outcome_leads_elsewhere(),
            Self::ListRefused => words::outcome_list_refused(),
            Self::NotPublic => words::outcome_not_public(),
            Self::MayBeUnsubscribed => words::outcome_may_be_unsubscribed(),
            Self::ModelUnavailable => words::outcome_model_unavailable(),
            Self::ModelKey => words::outcome_model_key(),
            Self::ModelRefused => words::outcome_model_refused(),
            Self::Unclassified => words::outcome_unclassified(),
            Self::Unwritten => words::outcome_unwritten(),
            Self::NotAgreed => words::outcome_not_agreed(),
            Self::NobodyToAnswer => words::outcome_nobody_to_answer(),
            Self::OfAList => words::outcome_of_a_list(),
            Self::OfAProgram => words::outcome_of_a_program(),
            Self::OwnMail => words::outcome_own_mail(),
            Self::SharedId => words::outcome_shared_id(),
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
            | Self::Suppressed
            | Self::NobodyToAnswer
            | Self::OfAList
            | Self::OfAProgram
            | Self::OwnMail => "",
            Self::Contended | Self::Unavailable => words::cure_retry_later(),
            Self::Refused => words::cure_refused(),
            Self::Forbidden => words::cure_forbidden(),
            Self::OverQuota => words::cure_over_quota(),
            Self::NoSuchFolder => words::cure_no_such_folder(),
            Self::TooLarge => words::cure_too_large(),
            Self::SignIn => words::cure_sign_in(),
            Self::Internal => words::cure_internal(),
            Self::Braked => words::cure_braked(),
            Self::NoAnswer => words::cure_no_answer(),
            Self::NotInactive => words::cure_not_inactive(),
            Self::AddressTaken => words::cure_address_taken(),
            Self::NoSuchTarget => words::cure_no_such_target(),
            Self::RetentionOver => words::cure_retention_over(),
            Self::OnHold => words::cure_on_hold(),
            Self::MayHaveArrived => words::cure_may_have_arrived(),
            Self::NoSuchRecipient => words::cure_no_such_recipient(),
            Self::RecipientFull => words::cure_recipient_full(),
            Self::AgainstRules => words::cure_against_rules(),
            Self::ContentRefused => words::cure_content_refused(),
            Self::Unrenderable => words::cure_unrenderable(),
            Self::FileGone => words::cure_file_gone(),
            Self::WebPageOnly => words::cure_web_page_only(),
            Self::NoUnsubscribe | Self::NotTrusted | Self::FromSpam => words::cure_by_a_rule(),
            Self::CannotSend => words::cure_cannot_send(),
            Self::LeadsElsewhere | Self::ListRefused => words::cure_open_a_mail(),
            Self::NotPublic => words::cure_not_public(),
            Self::MayBeUnsubscribed => words::cure_may_be_unsubscribed(),
            Self::ModelUnavailable => words::cure_retry_later(),
            Self::ModelKey => words::cure_model_key(),
            Self::ModelRefused => words::cure_model_refused(),
            Self::Unclassified => words::cure_unclassified(),
            Self::Unwritten => words::cure_unwritten(),
            Self::NotAgreed => words::cure_not_agreed(),
            Self::SharedId => words::cure_shared_id(),
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
    #[serde(deserialize_with = "crate::prose::read_optional")]
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const COUNTS: Counts = Counts {
        pending: 1,
        running: 2,
        succeeded: 4,
        failed: 8,
        skipped: 16,
        cancelled: 32,
        uncertain: 64,
    };

    #[test]
    fn invariant_1_counts_add_up() {
        assert_eq!(COUNTS.total(), 127);
        assert_eq!(COUNTS.ended(), 124);
        let of = Outcome::ALL.map(|outcome| COUNTS.of(outcome));
        assert_eq!(of, [4, 8, 16, 32, 64]);
        let mut sum = Counts::default();
        for (outcome, items) in Outcome::ALL.into_iter().zip(of) {
            sum.add(outcome, items - 1);
            sum.add(outcome, 1);
        }
        sum += Counts {
            pending: 1,
            running: 2,
            ..Counts::default()
        };
        assert_eq!(sum, COUNTS);
        sum += COUNTS;
        let twice = Counts {
            pending: 2,
            running: 4,
            succeeded: 8,
            failed: 16,
            skipped: 32,
            cancelled: 64,
            uncertain: 128,
        };
        assert_eq!(sum, twice);
    }

    #[test]
    fn each_reason_is_a_sentence_and_so_is_what_helps() {
        let texts: BTreeSet<&str> = ItemReason::ALL.iter().map(|it| it.text()).collect();
        assert_eq!(texts.len(), ItemReason::ALL.len());
        assert!(texts.iter().all(|text| text.ends_with('.')));
        let (nothing_helps, cured): (Vec<_>, Vec<_>) = ItemReason::ALL
            .into_iter()
            .partition(|it| it.cure().is_empty());
        assert!(cured.iter().all(|it| it.cure().ends_with('.')));
        assert_eq!(
            nothing_helps,
            [
                ItemReason::AlreadyDone,
                ItemReason::Missing,
                ItemReason::ChangedSince,
                ItemReason::Stopped,
                ItemReason::StoppedOnError,
                ItemReason::Suppressed,
                ItemReason::NobodyToAnswer,
                ItemReason::OfAList,
                ItemReason::OfAProgram,
                ItemReason::OwnMail,
            ]
        );
        let later = "Wait a little, then retry what failed.";
        assert_eq!(ItemReason::Unavailable.cure(), later);
    }
}
