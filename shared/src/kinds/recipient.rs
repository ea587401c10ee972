//! A recipient of a mail that is to be sent: how one is shown, and how many go at once.

use super::{Card, CardFact};
use crate::abilities::Allowance;
use crate::address::Mailbox;
use crate::ids::ItemId;

/// Mails in a batch unless the job says otherwise.
pub const BATCH_SIZE: u32 = 10;
/// Mails in a minute where neither the provider nor the person says otherwise.
pub const ALLOWANCE: Allowance = Allowance {
    items: 100,
    seconds: 60,
};
/// Letters of a text that a card shows.
const OPENING_CHARS: usize = 120;

/// A recipient as a list shows it: whom the mail goes to, its subject and its first words.
pub fn card(id: ItemId, to: &Mailbox, subject: &str, text: &str) -> Card {
    let opening: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let opening: String = opening.chars().take(OPENING_CHARS).collect();
    let address = to.address.to_string();
    let is_named = !to.name.is_empty();
    let title = if is_named {
        to.name.clone()
    } else {
        address.clone()
    };
    let mut facts = Vec::new();
    if is_named {
        facts.push(CardFact::new("address", address));
    }
    facts.push(CardFact::new("begins", opening));
    Card {
        id,
        title,
        second: subject.to_owned(),
        facts,
        time: None,
        marks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_recipient_is_shown_with_the_first_words_of_the_mail() {
        let id: ItemId = "ann@example.org".parse().unwrap();
        let to = Mailbox::read("Ann <ann@example.org>").unwrap();
        let shown = card(id.clone(), &to, "Hello", "Dear  Ann,\n\nthanks");
        assert_eq!(
            (shown.title.as_str(), shown.second.as_str()),
            ("Ann", "Hello")
        );
        let facts = [
            CardFact::new("address", "ann@example.org"),
            CardFact::new("begins", "Dear Ann, thanks"),
        ];
        assert_eq!(shown.facts, facts);
        let to = Mailbox::read("ann@example.org").unwrap();
        let shown = card(id, &to, "Hello", &"é ".repeat(61));
        assert_eq!(shown.title, "ann@example.org");
        // A hundred and twenty letters of it.
        assert_eq!(shown.facts, [CardFact::new("begins", "é ".repeat(60))]);
    }
}
