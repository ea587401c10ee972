//! Contacts: where they are kept, and how one is shown.

use serde::{Deserialize, Serialize};

use super::{Card, CardFact};
use crate::abilities::Allowance;
use crate::ids::ItemId;
pub use crate::limits::CONTACT_BATCH_SIZE_MOST as BATCH_SIZE_MOST;
use crate::vcard::Shown;

/// A collection of contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddressBook {
    /// Names it; opaque to everybody but the provider.
    pub id: String,
    /// For a person.
    pub name: String,
    /// Whether contacts can be made and changed in it.
    pub writable: bool,
}

/// Contacts in a batch unless the job says otherwise, each of them a request of its own on most servers.
pub const BATCH_SIZE: u32 = 20;
/// What servers of contacts are asked for: what a small one takes beside its other users.
pub const ALLOWANCE: Allowance = Allowance {
    items: 200,
    seconds: 60,
};

/// A contact as a list shows it.
pub fn card(id: ItemId, shown: &Shown) -> Card {
    let facts = shown.facts.iter();
    Card {
        id,
        title: shown.title.clone(),
        second: shown.detail.clone(),
        facts: facts
            .map(|fact| CardFact::new(fact.name, fact.value.clone()))
            .collect(),
        time: None,
        marks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_contact_is_shown_by_name_and_what_is_known_of_it() {
        let text = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nORG:Acme;Lab\nTEL:+49 1\nEND:VCARD\n";
        let shown = crate::vcard::Card::read(text.as_bytes()).unwrap().shown();
        let card = card("/book/1.vcf".parse().unwrap(), &shown);
        assert_eq!(
            (card.title.as_str(), card.second.as_str()),
            ("Ann Lee", "Acme, Lab")
        );
        let facts = [
            CardFact::new("telephone", "+49 1"),
            CardFact::new("organisation", "Acme, Lab"),
        ];
        assert_eq!(card.facts, facts);
    }
}
