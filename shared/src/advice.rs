//! What can be suggested for all mails of a sender or a list. A suggestion does nothing; accepting it drafts an
//! ordinary job.

use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::operations::{Archive, Label, Operation, Trash, Unsubscribe};

/// What is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Action {
    /// Out of the inbox.
    Archive,
    /// Into the trash.
    Trash,
    /// The list is asked to write no more.
    Unsubscribe,
    /// A label for what the mails are about.
    Label,
    /// Nothing: whoever this is stays in the inbox.
    Keep,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 5] = [
        Self::Archive,
        Self::Trash,
        Self::Unsubscribe,
        Self::Label,
        Self::Keep,
    ];

    /// The name on the wire. Stored: never change one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Trash => "trash",
            Self::Unsubscribe => "unsubscribe",
            Self::Label => "label",
            Self::Keep => "keep",
        }
    }

    /// Whether a person does not see the mails in the inbox any more.
    pub fn hides(self) -> bool {
        matches!(self, Self::Archive | Self::Trash)
    }

    /// How sure it has to be at the least to be suggested, in percent: the more it hides, the surer.
    pub fn bar(self) -> u8 {
        match self {
            Self::Trash => 90,
            Self::Archive | Self::Unsubscribe => 75,
            Self::Label | Self::Keep => 60,
        }
    }

    /// What accepting it for mails of this class drafts; none where there is nothing to do.
    pub fn operation(self, class: Class) -> Option<Operation> {
        match self {
            Self::Archive => Some(Archive {}.into()),
            Self::Trash => Some(Trash {}.into()),
            Self::Unsubscribe => Some(Unsubscribe {}.into()),
            Self::Label => label(class).map(|label| {
                let add = vec![label.to_owned()];
                let remove = Vec::new();
                Label { add, remove }.into()
            }),
            Self::Keep => None,
        }
    }
}

/// The label that is suggested for mails of a class; none where there is none.
pub fn label(class: Class) -> Option<&'static str> {
    match class {
        Class::Receipt => Some("receipts"),
        Class::Delivery => Some("deliveries"),
        _ => None,
    }
}

/// What a person made of a suggestion, for one sender or list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Decision {
    /// It was accepted, and the job was confirmed.
    Accepted,
    /// It was left out when the rest of the suggestion was accepted.
    LeftOut,
    /// It was dismissed.
    Dismissed,
    /// It was accepted, and the job taken back.
    Undone,
    /// Whoever this is is to stay in the inbox, whatever is suggested.
    Keep,
}

impl Decision {
    /// Whether the same is not suggested again until this is forgotten.
    pub fn refuses(self) -> bool {
        self != Self::Accepted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_is_stored_and_operations_are_valid() {
        for action in Action::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.name());
            for class in Class::ALL {
                let operation = action.operation(class);
                assert!(operation.is_none_or(|operation| operation.validate().is_ok()));
            }
        }
    }

    #[test]
    fn what_hides_more_has_to_be_surer() {
        assert!(Action::Trash.bar() > Action::Archive.bar());
        assert!(Action::Archive.bar() > Action::Label.bar());
    }

    #[test]
    fn what_is_kept_for_later_is_labelled() {
        let labelled: Vec<_> = Class::ALL
            .into_iter()
            .filter_map(|class| label(class).map(|label| (class, label)))
            .collect();
        let expected = [
            (Class::Receipt, "receipts"),
            (Class::Delivery, "deliveries"),
        ];
        assert_eq!(labelled, expected);
    }
}
