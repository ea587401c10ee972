//! The numbers that stand for variants in stored rows. Once released, a number is never changed and
//! never used again; a new variant gets the next one. A reader that does not know a number was
//! written before it: whoever stored it is newer.

use bulkhead_shared::api::{ToldBy, Why};
use bulkhead_shared::class::Class;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use bulkhead_shared::proposal::Proposal;

use crate::records::pack::{Newer, Unreadable};

pub(super) fn of_kind(kind: Kind) -> u8 {
    match kind {
        Kind::Mail => 1,
        Kind::Contact => 2,
        Kind::Mailbox => 3,
        Kind::Recipient => 4,
    }
}

pub(super) fn kind(number: u8) -> Result<Kind, Unreadable> {
    Ok(match number {
        1 => Kind::Mail,
        2 => Kind::Contact,
        3 => Kind::Mailbox,
        4 => Kind::Recipient,
        number => return Err(newer("item kind", number)),
    })
}

pub(super) fn of_outcome(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Succeeded => 0,
        Outcome::Failed => 1,
        Outcome::Skipped => 2,
        Outcome::Cancelled => 3,
        Outcome::Uncertain => 4,
    }
}

pub(super) fn outcome(number: u8) -> Result<Outcome, Unreadable> {
    Ok(match number {
        0 => Outcome::Succeeded,
        1 => Outcome::Failed,
        2 => Outcome::Skipped,
        3 => Outcome::Cancelled,
        4 => Outcome::Uncertain,
        number => return Err(newer("outcome", number)),
    })
}

pub(super) fn of_reason(reason: ItemReason) -> u8 {
    match reason {
        ItemReason::AlreadyDone => 0,
        ItemReason::Missing => 1,
        ItemReason::ChangedSince => 2,
        ItemReason::Contended => 3,
        ItemReason::Refused => 4,
        ItemReason::Forbidden => 5,
        ItemReason::OverQuota => 6,
        ItemReason::NoSuchFolder => 7,
        ItemReason::TooLarge => 8,
        ItemReason::Unavailable => 9,
        ItemReason::SignIn => 10,
        ItemReason::Internal => 11,
        ItemReason::Stopped => 12,
        ItemReason::StoppedOnError => 13,
        ItemReason::Braked => 14,
        ItemReason::NoAnswer => 15,
        ItemReason::NotInactive => 16,
        ItemReason::AddressTaken => 17,
        ItemReason::NoSuchTarget => 18,
        ItemReason::RetentionOver => 19,
        ItemReason::OnHold => 20,
        ItemReason::MayHaveArrived => 21,
        ItemReason::NoSuchRecipient => 22,
        ItemReason::RecipientFull => 23,
        ItemReason::AgainstRules => 24,
        ItemReason::ContentRefused => 25,
        ItemReason::Unrenderable => 26,
        ItemReason::Suppressed => 27,
        ItemReason::FileGone => 28,
        ItemReason::NoUnsubscribe => 29,
        ItemReason::WebPageOnly => 30,
        ItemReason::NotTrusted => 31,
        ItemReason::FromSpam => 32,
        ItemReason::CannotSend => 33,
        ItemReason::LeadsElsewhere => 34,
        ItemReason::ListRefused => 35,
        ItemReason::NotPublic => 36,
        ItemReason::MayBeUnsubscribed => 37,
        ItemReason::ModelUnavailable => 38,
        ItemReason::ModelKey => 39,
        ItemReason::ModelRefused => 40,
        ItemReason::Unclassified => 41,
        ItemReason::NotAgreed => 42,
        ItemReason::NobodyToAnswer => 43,
        ItemReason::OfAList => 44,
        ItemReason::OfAProgram => 45,
        ItemReason::OwnMail => 46,
        ItemReason::SharedId => 47,
        ItemReason::Unwritten => 48,
    }
}

pub(super) fn reason(number: u8) -> Result<ItemReason, Unreadable> {
    Ok(match number {
        0 => ItemReason::AlreadyDone,
        1 => ItemReason::Missing,
        2 => ItemReason::ChangedSince,
        3 => ItemReason::Contended,
        4 => ItemReason::Refused,
        5 => ItemReason::Forbidden,
        6 => ItemReason::OverQuota,
        7 => ItemReason::NoSuchFolder,
        8 => ItemReason::TooLarge,
        9 => ItemReason::Unavailable,
        10 => ItemReason::SignIn,
        11 => ItemReason::Internal,
        12 => ItemReason::Stopped,
        13 => ItemReason::StoppedOnError,
        14 => ItemReason::Braked,
        15 => ItemReason::NoAnswer,
        16 => ItemReason::NotInactive,
        17 => ItemReason::AddressTaken,
        18 => ItemReason::NoSuchTarget,
        19 => ItemReason::RetentionOver,
        20 => ItemReason::OnHold,
        21 => ItemReason::MayHaveArrived,
        22 => ItemReason::NoSuchRecipient,
        23 => ItemReason::RecipientFull,
        24 => ItemReason::AgainstRules,
        25 => ItemReason::ContentRefused,
        26 => ItemReason::Unrenderable,
        27 => ItemReason::Suppressed,
        28 => ItemReason::FileGone,
        29 => ItemReason::NoUnsubscribe,
        30 => ItemReason::WebPageOnly,
        31 => ItemReason::NotTrusted,
        32 => ItemReason::FromSpam,
        33 => ItemReason::CannotSend,
        34 => ItemReason::LeadsElsewhere,
        35 => ItemReason::ListRefused,
        36 => ItemReason::NotPublic,
        37 => ItemReason::MayBeUnsubscribed,
        38 => ItemReason::ModelUnavailable,
        39 => ItemReason::ModelKey,
        40 => ItemReason::ModelRefused,
        41 => ItemReason::Unclassified,
        42 => ItemReason::NotAgreed,
        43 => ItemReason::NobodyToAnswer,
        44 => ItemReason::OfAList,
        45 => ItemReason::OfAProgram,
        46 => ItemReason::OwnMail,
        47 => ItemReason::SharedId,
        48 => ItemReason::Unwritten,
        number => return Err(newer("reason", number)),
    })
}

/// Classes have numbers of their own, which are those of the weights; 0 stands for none.
pub(super) fn class(number: u8) -> Result<Option<Class>, Unreadable> {
    let Some(place) = number.checked_sub(1) else {
        return Ok(None);
    };
    let known = Class::ALL.into_iter().find(|class| *class as u8 == place);
    known.map(Some).ok_or(newer("class", number))
}

pub(super) fn of_told_by(by: ToldBy) -> u8 {
    match by {
        ToldBy::BuiltIn => 0,
        ToldBy::Endpoint => 1,
        ToldBy::Person => 2,
    }
}

pub(super) fn told_by(number: u8) -> Result<ToldBy, Unreadable> {
    Ok(match number {
        0 => ToldBy::BuiltIn,
        1 => ToldBy::Endpoint,
        2 => ToldBy::Person,
        number => return Err(newer("who told it", number)),
    })
}

pub(super) fn of_proposal(proposal: Proposal) -> u8 {
    match proposal {
        Proposal::Archive => 0,
        Proposal::Trash => 1,
        Proposal::LabelReceipt => 2,
        Proposal::Keep => 3,
        Proposal::Review => 4,
        Proposal::Reply => 5,
    }
}

pub(super) fn proposal(number: u8) -> Result<Proposal, Unreadable> {
    Ok(match number {
        0 => Proposal::Archive,
        1 => Proposal::Trash,
        2 => Proposal::LabelReceipt,
        3 => Proposal::Keep,
        4 => Proposal::Review,
        5 => Proposal::Reply,
        number => return Err(newer("proposal", number)),
    })
}

pub(super) fn of_why(why: Why) -> u8 {
    match why {
        Why::Unsure => 0,
        Why::Waits => 1,
        Why::NotReversible => 2,
        Why::Failed => 3,
    }
}

pub(super) fn why(number: u8) -> Result<Why, Unreadable> {
    Ok(match number {
        0 => Why::Unsure,
        1 => Why::Waits,
        2 => Why::NotReversible,
        3 => Why::Failed,
        number => return Err(newer("reason for waiting", number)),
    })
}

fn newer(of: &'static str, number: u8) -> Unreadable {
    Unreadable::Newer(Newer::Number { of, number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_comes_back_from_its_number() {
        for known in Outcome::ALL {
            assert_eq!(outcome(of_outcome(known)).unwrap(), known);
        }
        for known in ItemReason::ALL {
            assert_eq!(reason(of_reason(known)).unwrap(), known);
        }
        for known in Kind::ALL {
            assert_eq!(kind(of_kind(*known)).unwrap(), *known);
        }
        for known in Class::ALL {
            assert_eq!(class(known as u8 + 1).unwrap(), Some(known));
        }
        for known in [ToldBy::BuiltIn, ToldBy::Endpoint, ToldBy::Person] {
            assert_eq!(told_by(of_told_by(known)).unwrap(), known);
        }
        for known in Proposal::ALL {
            assert_eq!(proposal(of_proposal(known)).unwrap(), known);
        }
        for known in Why::ALL {
            assert_eq!(why(of_why(known)).unwrap(), known);
        }
    }

    #[test]
    fn a_number_nobody_knows_was_stored_by_a_newer_program() {
        type Unread = fn(u8) -> Option<Unreadable>;
        let reasons = ItemReason::ALL.len() as u8;
        let classes = Class::ALL.len() as u8;
        let all: [(&str, u8, Unread); 8] = [
            ("outcome", 5, |it| outcome(it).err()),
            ("reason", reasons, |it| reason(it).err()),
            ("item kind", 0, |it| kind(it).err()),
            ("item kind", 5, |it| kind(it).err()),
            ("class", classes + 1, |it| class(it).err()),
            ("who told it", 3, |it| told_by(it).err()),
            ("proposal", 6, |it| proposal(it).err()),
            ("reason for waiting", 4, |it| why(it).err()),
        ];
        for (of, first, unread) in all {
            for number in [first, 200] {
                let newer = Newer::Number { of, number };
                let unread = unread(number);
                assert!(matches!(unread, Some(Unreadable::Newer(it)) if it == newer));
            }
        }
        assert_eq!(class(0).ok(), Some(None));
    }

    #[test]
    fn the_numbers_that_were_released_are_what_they_were() {
        let kinds = [Kind::Mail, Kind::Contact, Kind::Mailbox, Kind::Recipient];
        assert_eq!(kinds.map(of_kind), [1, 2, 3, 4]);
        let told_by = [ToldBy::BuiltIn, ToldBy::Endpoint, ToldBy::Person];
        assert_eq!(told_by.map(of_told_by), [0, 1, 2]);
        let whys = [Why::Unsure, Why::Waits, Why::NotReversible, Why::Failed];
        assert_eq!(whys.map(of_why), [0, 1, 2, 3]);
        assert_eq!(of_proposal(Proposal::Reply), 5);
        // Those that came after the golden rows.
        for (reason, number) in [
            (ItemReason::Suppressed, 27),
            (ItemReason::NoUnsubscribe, 29),
            (ItemReason::MayBeUnsubscribed, 37),
            (ItemReason::Unclassified, 41),
            (ItemReason::NobodyToAnswer, 43),
            (ItemReason::Unwritten, 48),
        ] {
            assert_eq!(of_reason(reason), number);
        }
    }
}
