//! Contacts looked through for what is wrong with them. They are left as they are.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{About, Aspect, OperationSpec, Task};
use crate::outcome::ItemResult;
use crate::vcard::{Card, is_address};
use crate::words;

/// Contacts looked through for what is wrong with them. They are left as they are; what was found of each is
/// among the job's items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckContacts {}

impl OperationSpec for CheckContacts {
    const ABOUT: About = About {
        name: "check_contacts",
        prefix: "chk",
        kind: Some(Kind::Contact),
        task: Task::Compute,
        aspect: Aspect::Nothing,
        label: Says(words::check_contacts_label),
        order: words::check_contacts_order,
        report: words::check_contacts_report,
        icon: "M4.5 12.5l5 5 10-11",
        keys: &[],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});

    fn judge(&self, card: &[u8]) -> Option<ItemResult> {
        let (class, detail) = found(card);
        Some(ItemResult {
            class: class.to_owned(),
            percent: None,
            detail,
            about: None,
        })
    }
}

/// The worst thing about a card, and more about it.
fn found(bytes: &[u8]) -> (&'static str, Option<String>) {
    let Ok(card) = Card::read(bytes) else {
        return (
            "unreadable",
            Some(words::check_contacts_unreadable().to_owned()),
        );
    };
    let values = |name| {
        let texts = card.all(name).filter_map(|property| property.text());
        texts.filter(|text| !text.trim().is_empty())
    };
    let wrong: Vec<String> = values("EMAIL").filter(|text| !is_address(text)).collect();
    if values("EMAIL").chain(values("TEL")).next().is_none() {
        let text = words::check_contacts_unreachable();
        ("unreachable", Some(text.to_owned()))
    } else if let Some(wrong) = wrong.first() {
        let text = words::check_contacts_wrong_address(wrong);
        ("wrong_address", Some(text))
    } else if card.text("FN").trim().is_empty() {
        (
            "nameless",
            Some(words::check_contacts_nameless().to_owned()),
        )
    } else {
        ("complete", None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_thing_is_found() {
        let class = |lines: &str| {
            let text = format!("BEGIN:VCARD\nVERSION:3.0\n{lines}END:VCARD\n");
            found(text.as_bytes()).0
        };
        assert_eq!(class("FN:Ann\nEMAIL:ann@x.example\n"), "complete");
        assert_eq!(class("FN:Ann\nTEL:1\n"), "complete");
        assert_eq!(class("FN:Ann\nEMAIL:\n"), "unreachable");
        assert_eq!(class("FN:Ann\nEMAIL:ann at x\nTEL:1\n"), "wrong_address");
        assert_eq!(class("FN: \nTEL:1\n"), "nameless");
        assert_eq!(found(b"rubbish").0, "unreadable");
        assert_eq!(class("EMAIL:a@x.example\nEMAIL:b at x\n"), "wrong_address");
        assert_eq!(class("FN:\nEMAIL: \n"), "unreachable");
        let told = found(b"BEGIN:VCARD\nFN:A\nEMAIL:b at x\nEND:VCARD\n").1;
        assert_eq!(told.as_deref(), Some("“b at x” is no e-mail address."));
    }
}
