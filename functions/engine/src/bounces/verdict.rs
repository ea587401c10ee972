//! What a mail that came back says of its address.

use bulkhead_shared::outcome::ItemReason;

use crate::letters::{Enhanced, Refused, reason};

/// What came of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) reason: ItemReason,
    /// Nobody has the address, and nobody will have it tomorrow.
    pub(super) for_good: bool,
}

/// Judges by the code of the report, and by what the server said, whose own code counts where the report has none
/// that says anything (Exim writes 5.0.0).
pub(super) fn judge(status: Option<Enhanced>, said: &str) -> Verdict {
    let words = said.to_lowercase();
    let tells = |code: &Enhanced| code.1 != 0;
    let enhanced = status.filter(tells).or_else(|| enhanced_in(&words));
    let class = enhanced.or(status).map(|(class, _, _)| class);
    let code = code_in(&words);
    let passes = class == Some(4) || class.is_none() && code.is_some_and(|code| code < 500);
    let nobody = UNKNOWN.iter().any(|sentence| words.contains(sentence));
    if passes {
        let reason = match enhanced {
            Some((4, 2, 2)) => ItemReason::RecipientFull,
            _ => ItemReason::Unavailable,
        };
        return Verdict {
            reason,
            for_good: false,
        };
    }
    let is_code_of_nobody = matches!(enhanced, Some((5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1)));
    let tells_nothing = enhanced.is_none_or(|code| !tells(&code) || code == (5, 1, 0));
    if is_code_of_nobody || nobody && tells_nothing {
        return Verdict {
            reason: ItemReason::NoSuchRecipient,
            for_good: true,
        };
    }
    Verdict {
        reason: reason(Refused::Recipient, code.unwrap_or(0), enhanced, &words),
        for_good: false,
    }
}

/// What servers say of an address that nobody has, where their codes do not.
const UNKNOWN: [&str; 24] = [
    "user unknown",
    "unknown user",
    "unknown recipient",
    "unknown local",
    "unknown address",
    "no such user",
    "no such mailbox",
    "no such recipient",
    "no such address",
    "no such person",
    "no mailbox here by that name",
    "does not exist",
    "doesn't exist",
    "doesn\u{2019}t exist",
    "unrouteable address",
    "doesn't have a",
    "does not have a",
    "recipient not found",
    "user not found",
    "mailbox not found",
    "address couldn't be found",
    "invalid recipient",
    "invalid mailbox",
    "not a valid mailbox",
];

/// The first enhanced code in a text: three numbers, and no address of the internet.
pub(super) fn enhanced_in(text: &str) -> Option<Enhanced> {
    let mut words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    words.find_map(|word| {
        let mut numbers = word.trim_end_matches('.').split('.');
        let mut number = || {
            let digits = numbers.next().filter(|digits| digits.len() <= 3)?;
            digits.parse::<u16>().ok()
        };
        let code = (number()?, number()?, number()?);
        let is_one = matches!(code.0, 2 | 4 | 5) && numbers.next().is_none();
        is_one.then_some(code)
    })
}

/// The first number of an answer (RFC 5321, section 4.2) in a text.
fn code_in(text: &str) -> Option<u16> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.');
    let mut codes = words
        .filter(|word| word.len() == 3)
        .filter_map(|word| word.parse::<u16>().ok());
    codes.find(|code| (400..600).contains(code))
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::outcome::ItemReason::{
        AgainstRules, NoSuchRecipient, RecipientFull, TooLarge, Unavailable,
    };

    use super::*;

    #[test]
    fn only_an_address_that_nobody_has_is_gone_for_good() {
        for (status, said, reason, for_good) in [
            (
                Some((5, 1, 1)),
                "550 5.1.1 <b@x>: User unknown",
                NoSuchRecipient,
                true,
            ),
            (Some((5, 0, 0)), "smtp; 550 5.1.1 no", NoSuchRecipient, true),
            (
                Some((5, 0, 0)),
                "Unrouteable address",
                NoSuchRecipient,
                true,
            ),
            (
                Some((5, 1, 10)),
                "RESOLVER.ADR.RecipientNotFound",
                NoSuchRecipient,
                true,
            ),
            (
                None,
                "Sorry, no mailbox here by that name. (#5.1.1)",
                NoSuchRecipient,
                true,
            ),
            (None, "550 no such user", NoSuchRecipient, true),
            // Others say it with words that mean something else beside them.
            (
                Some((5, 7, 1)),
                "550 5.7.1 blocked: user unknown to us",
                AgainstRules,
                false,
            ),
            (
                Some((5, 7, 26)),
                "550-5.7.26 unauthenticated",
                AgainstRules,
                false,
            ),
            (
                Some((5, 2, 2)),
                "552 5.2.2 mailbox full",
                RecipientFull,
                false,
            ),
            (Some((5, 3, 4)), "552 message too big", TooLarge, false),
            (
                Some((5, 4, 1)),
                "550 5.4.1 Recipient address rejected: Access denied",
                NoSuchRecipient,
                false,
            ),
            (
                Some((4, 4, 7)),
                "retry time not reached; user unknown",
                Unavailable,
                false,
            ),
            (Some((4, 2, 2)), "over quota", RecipientFull, false),
            (None, "421 come back later", Unavailable, false),
            (None, "550 5.1.7 sender unknown user", AgainstRules, false),
        ] {
            let seen = judge(status, said);
            assert_eq!(seen, Verdict { reason, for_good }, "{status:?} {said}");
        }
    }

    #[test]
    fn each_code_of_an_address_that_nobody_has_is_for_good_and_no_other() {
        let nobody = [(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)];
        for subject in 0..=7 {
            for detail in 0..=11 {
                let verdict = judge(Some((5, subject, detail)), "");
                let is_nobody = nobody.contains(&(subject, detail));
                assert_eq!(verdict.for_good, is_nobody, "5.{subject}.{detail}");
                assert!(!is_nobody || verdict.reason == NoSuchRecipient);
                assert!(!judge(Some((4, subject, detail)), "no such user").for_good);
            }
        }
    }

    #[test]
    fn without_an_enhanced_code_the_number_says_whether_it_passes() {
        for (said, passes) in [
            ("399 no such user", false),
            ("400 no such user", true),
            ("499 no such user", true),
            ("500 no such user", false),
            ("599 no such user", false),
            ("600 450 no such user", true),
            ("4500 no such user", false),
            ("no such user", false),
        ] {
            let verdict = judge(None, said);
            assert_eq!(verdict.for_good, !passes, "{said}");
            assert_eq!(verdict.reason == Unavailable, passes, "{said}");
        }
    }

    #[test]
    fn an_address_of_the_internet_is_no_code() {
        assert_eq!(
            enhanced_in("host mx [5.1.1.3] said: 550 5.7.1."),
            Some((5, 7, 1))
        );
        assert_eq!(enhanced_in("10.5.1 and 5.1"), None);
        assert_eq!(enhanced_in("(#5.1.1)"), Some((5, 1, 1)));
    }

    #[test]
    fn a_number_counts_where_no_code_says_more() {
        for (status, said, reason, for_good) in [
            (None, "500 unrecognized", AgainstRules, false),
            (None, "it is full, said 5520", RecipientFull, false),
            (None, "550 no", NoSuchRecipient, false),
            (None, "552 no", RecipientFull, false),
            // The class that the report tells counts, whatever the server said beside it.
            (Some((5, 0, 0)), "421 later", AgainstRules, false),
            (Some((4, 0, 0)), "550 no such user", Unavailable, false),
            (Some((4, 0, 0)), "452 4.2.2 full", RecipientFull, false),
            (Some((2, 0, 0)), "550 5.2.2 no", RecipientFull, false),
            // That nobody has it this code says only if the words say so too.
            (Some((5, 1, 0)), "no", NoSuchRecipient, false),
            (Some((5, 1, 0)), "Unknown User", NoSuchRecipient, true),
            // And of this one no words say it.
            (Some((5, 1, 4)), "unknown user", NoSuchRecipient, false),
        ] {
            let seen = judge(status, said);
            assert_eq!(seen, Verdict { reason, for_good }, "{status:?} {said}");
        }
    }

    #[test]
    fn a_code_is_three_numbers_of_three_digits() {
        for (text, code) in [
            ("2.0.0", Some((2, 0, 0))),
            ("4.123.999", Some((4, 123, 999))),
            ("5.1.1000", None),
            ("5.1.", None),
            ("5..1", None),
            ("3.1.1", None),
            ("55.1.1", None),
            ("1.1.1 then 4.2.2", Some((4, 2, 2))),
            ("5.1.1.1 5.2.2.", Some((5, 2, 2))),
        ] {
            assert_eq!(enhanced_in(text), code, "{text}");
        }
    }
}
