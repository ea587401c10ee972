//! What a mail server's refusal means for the mail that was refused: by the enhanced code (RFC 3463), else by the
//! number and the words.

use bulkhead_shared::outcome::ItemReason;

/// An enhanced code (RFC 3463): its class, subject and detail.
pub type Enhanced = (u16, u16, u16);

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Whom it is from.
    Sender,
    /// Whom it is for.
    Recipient,
    /// What is in it.
    Content,
}

/// Why a mail is refused. `words` are in small letters.
pub fn reason(refused: Refused, code: u16, enhanced: Option<Enhanced>, words: &str) -> ItemReason {
    use ItemReason::{AgainstRules, ContentRefused, NoSuchRecipient, RecipientFull, TooLarge};
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    let looks_bad = has(&["spam", "virus", "malware", "phish", "content"]);
    match enhanced {
        Some((5, 1, 7 | 8)) => return AgainstRules,
        Some((5, 1, _) | (5, 2, 1) | (5, 4, 1 | 4)) => return NoSuchRecipient,
        Some((5, 2, 2)) => return RecipientFull,
        Some((5, 2, 3) | (5, 3, 4)) => return TooLarge,
        Some((5, 6, _)) => return ContentRefused,
        Some((5, 7, _)) if refused == Refused::Content && looks_bad => return ContentRefused,
        Some((5, 7, _)) => return AgainstRules,
        _ => {}
    }
    let is_full = has(&["full", "quota"]);
    match (refused, code) {
        (Refused::Recipient, 552) => RecipientFull,
        (_, 552) => TooLarge,
        (Refused::Recipient, _) if is_full => RecipientFull,
        (Refused::Recipient, 550 | 551 | 553) if !has(&RULES) => NoSuchRecipient,
        (Refused::Content, 550 | 554) => ContentRefused,
        _ => AgainstRules,
    }
}

/// What says that an address is fine, and this is not allowed all the same.
const RULES: [&str; 9] = [
    "relay",
    "not permitted",
    "denied",
    "policy",
    "blocked",
    "spam",
    "blacklist",
    "not allowed",
    "authent",
];

#[cfg(test)]
mod tests {
    use super::*;
    use Refused::{Content, Recipient};

    #[test]
    fn what_a_server_says_is_told_by_the_most_exact_thing_it_says() {
        for (refused, code, enhanced, words, expected) in [
            (
                Recipient,
                550,
                Some((5, 1, 1)),
                "",
                ItemReason::NoSuchRecipient,
            ),
            (
                Recipient,
                550,
                Some((5, 1, 8)),
                "",
                ItemReason::AgainstRules,
            ),
            (
                Recipient,
                554,
                Some((5, 2, 2)),
                "",
                ItemReason::RecipientFull,
            ),
            (Content, 554, Some((5, 3, 4)), "", ItemReason::TooLarge),
            (
                Content,
                554,
                Some((5, 6, 0)),
                "",
                ItemReason::ContentRefused,
            ),
            (
                Recipient,
                554,
                Some((5, 6, 0)),
                "",
                ItemReason::ContentRefused,
            ),
            (
                Content,
                554,
                Some((5, 7, 1)),
                "spam",
                ItemReason::ContentRefused,
            ),
            (Content, 554, Some((5, 7, 1)), "", ItemReason::AgainstRules),
            (
                Recipient,
                554,
                Some((5, 7, 1)),
                "spam",
                ItemReason::AgainstRules,
            ),
            (Recipient, 552, None, "", ItemReason::RecipientFull),
            (Content, 552, None, "", ItemReason::TooLarge),
            (
                Recipient,
                554,
                None,
                "over quota",
                ItemReason::RecipientFull,
            ),
            (Recipient, 554, None, "no", ItemReason::AgainstRules),
            (
                Recipient,
                550,
                None,
                "no such user",
                ItemReason::NoSuchRecipient,
            ),
            (
                Recipient,
                550,
                None,
                "relay denied",
                ItemReason::AgainstRules,
            ),
            (Content, 550, None, "", ItemReason::ContentRefused),
            (Content, 571, None, "", ItemReason::AgainstRules),
            (
                Content,
                550,
                Some((5, 7, 1)),
                "the content",
                ItemReason::ContentRefused,
            ),
        ] {
            let told = reason(refused, code, enhanced, words);
            assert_eq!(told, expected, "{code} {enhanced:?} {words}");
        }
    }

    #[test]
    fn each_code_means_one_thing_and_so_does_each_number_without_one() {
        use ItemReason::{AgainstRules, ContentRefused, NoSuchRecipient, RecipientFull, TooLarge};
        for (enhanced, expected) in [
            ((5, 1, 0), NoSuchRecipient),
            ((5, 1, 6), NoSuchRecipient),
            ((5, 1, 7), AgainstRules),
            ((5, 1, 9), NoSuchRecipient),
            ((5, 2, 0), ContentRefused),
            ((5, 2, 1), NoSuchRecipient),
            ((5, 2, 2), RecipientFull),
            ((5, 2, 3), TooLarge),
            ((5, 4, 1), NoSuchRecipient),
            ((5, 4, 4), NoSuchRecipient),
            ((5, 4, 5), ContentRefused),
            ((5, 6, 9), ContentRefused),
            ((5, 7, 9), AgainstRules),
            ((4, 2, 2), ContentRefused),
        ] {
            let told = reason(Content, 554, Some(enhanced), "no");
            assert_eq!(told, expected, "{enhanced:?}");
        }
        // Where no code says it, it is the number and the words that mean something.
        for (refused, code, words, expected) in [
            (Recipient, 551, "", NoSuchRecipient),
            (Recipient, 553, "", NoSuchRecipient),
            (Recipient, 550, "mailbox full", RecipientFull),
            (Recipient, 550, "blocked", AgainstRules),
            (Recipient, 551, "policy", AgainstRules),
            (Content, 554, "", ContentRefused),
            (Content, 550, "quota", ContentRefused),
            (Refused::Sender, 550, "", AgainstRules),
            (Refused::Sender, 552, "", TooLarge),
            (Refused::Sender, 550, "quota", AgainstRules),
        ] {
            let told = reason(refused, code, None, words);
            assert_eq!(told, expected, "{refused:?} {code} {words}");
        }
    }
}
