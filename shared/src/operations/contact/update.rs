//! Fields given other values.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{About, Aspect, ContactTarget, Field, Input, OperationSpec, Target, Task};
use crate::problem::Invalid;
use crate::vcard::Edit;
use crate::words;

/// Fields given other values. What is left out stays, and so does whatever else a card says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateContacts {
    /// The organisation; its departments stay. Empty: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The position. Empty: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The note. Empty: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Categories they are put into.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_categories: Vec<String>,
    /// Categories they are taken out of, whatever their case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_categories: Vec<String>,
    /// Another beginning of their telephone numbers, whatever is between the digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone_prefix: Option<Replacement>,
    /// Another domain of their e-mail addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_domain: Option<Replacement>,
}

/// What is written instead of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replacement {
    /// As it is.
    pub from: String,
    /// As it is to be.
    pub to: String,
}

impl UpdateContacts {
    /// The edits, each with the parameter that asks for it, in the order in which they are made.
    fn edits(&self) -> Vec<(&'static str, Edit)> {
        let names = |names: &[String]| (!names.is_empty()).then(|| names.to_vec());
        let prefix = |it: Replacement| Edit::TelephonePrefix {
            from: it.from,
            to: it.to,
        };
        let domain = |it: Replacement| Edit::EmailDomain {
            from: it.from,
            to: it.to,
        };
        let edits = [
            (
                "organisation",
                self.organisation.clone().map(Edit::Organisation),
            ),
            ("title", self.title.clone().map(Edit::Title)),
            ("note", self.note.clone().map(Edit::Note)),
            (
                "remove_categories",
                names(&self.remove_categories).map(Edit::RemoveCategories),
            ),
            (
                "add_categories",
                names(&self.add_categories).map(Edit::AddCategories),
            ),
            (
                "telephone_prefix",
                self.telephone_prefix.clone().map(prefix),
            ),
            ("email_domain", self.email_domain.clone().map(domain)),
        ];
        let asked = edits.into_iter();
        asked
            .filter_map(|(field, edit)| Some((field, edit?)))
            .collect()
    }
}

impl OperationSpec for UpdateContacts {
    const ABOUT: About = About {
        name: "update_contacts",
        prefix: "upc",
        kind: Some(Kind::Contact),
        task: Task::Change,
        aspect: Aspect::Fields,
        label: Says(words::update_contacts_label),
        order: words::update_contacts_order,
        report: words::update_contacts_report,
        icon: "M4.5 19.5h3.2L19 8.2 15.8 5 4.5 16.3zM13.3 7.5l3.2 3.2",
        keys: &["e"],
        fields: &[
            Field {
                name: "organisation",
                label: Says(words::update_contacts_organisation),
                hint: Some(Says(words::update_contacts_organisation_hint)),
                input: Input::Text,
            },
            Field {
                name: "title",
                label: Says(words::update_contacts_title),
                hint: None,
                input: Input::Text,
            },
            Field {
                name: "add_categories",
                label: Says(words::update_contacts_add),
                hint: None,
                input: Input::List,
            },
            Field {
                name: "remove_categories",
                label: Says(words::update_contacts_remove),
                hint: Some(Says(words::update_contacts_remove_hint)),
                input: Input::List,
            },
            Field {
                name: "telephone_prefix",
                label: Says(words::update_contacts_prefix),
                hint: None,
                input: Input::Replacement,
            },
            Field {
                name: "email_domain",
                label: Says(words::update_contacts_domain),
                hint: None,
                input: Input::Replacement,
            },
            Field {
                name: "note",
                label: Says(words::update_contacts_note),
                hint: Some(Says(words::update_contacts_note_hint)),
                input: Input::Text,
            },
        ],
    };

    fn validate(&self) -> Result<(), Invalid> {
        let edits = self.edits();
        if edits.is_empty() {
            return Err(Invalid::new("operation", words::update_contacts_nothing()));
        }
        for (field, edit) in edits {
            let refused = edit.validate().err();
            if let Some(error) = refused {
                return Err(Invalid::new(format!("operation.{field}"), sentence(&error)));
            }
        }
        let plain = |name: &String| name.trim().to_lowercase();
        let added: Vec<String> = self.add_categories.iter().map(plain).collect();
        let both = self.remove_categories.iter();
        match both.map(plain).find(|name| added.contains(name)) {
            Some(name) => Err(Invalid::new(
                "operation.remove_categories",
                words::update_contacts_both(&name),
            )),
            None => Ok(()),
        }
    }

    fn target(&self) -> Option<Target> {
        let edits = self.edits().into_iter().map(|(_, edit)| edit);
        Some(Target::Contact(ContactTarget::Edited(edits.collect())))
    }
}

/// An error's words as a sentence.
fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(operation: &UpdateContacts) -> (String, String) {
        let fault = operation.validate().err();
        fault.map_or_else(Default::default, |fault| (fault.field, fault.message))
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_its_field() {
        let nothing = UpdateContacts::default();
        assert_eq!(fault(&nothing).0, "operation");
        let prefix = UpdateContacts {
            telephone_prefix: Some(Replacement {
                from: "0049".to_owned(),
                to: "plus".to_owned(),
            }),
            ..nothing.clone()
        };
        let (field, message) = fault(&prefix);
        assert_eq!(field, "operation.telephone_prefix");
        assert_eq!(message, "A telephone prefix is digits, or + and digits.");
        let both = UpdateContacts {
            add_categories: vec!["Work".to_owned()],
            remove_categories: vec!["work ".to_owned()],
            ..nothing.clone()
        };
        assert_eq!(fault(&both).0, "operation.remove_categories");
        let cleared = UpdateContacts {
            organisation: Some(String::new()),
            ..nothing
        };
        assert_eq!(cleared.validate(), Ok(()));
    }

    #[test]
    fn each_parameter_is_an_edit_and_is_named_where_it_is_wrong() {
        let long = Some("x".repeat(2_001));
        let nothing = UpdateContacts::default;
        for (operation, field, message) in [
            (
                UpdateContacts {
                    organisation: long.clone(),
                    ..nothing()
                },
                "organisation",
                "A field takes 2,000 bytes, and an edit 20 categories.",
            ),
            (
                UpdateContacts {
                    title: long.clone(),
                    ..nothing()
                },
                "title",
                "A field takes 2,000 bytes, and an edit 20 categories.",
            ),
            (
                UpdateContacts {
                    note: long,
                    ..nothing()
                },
                "note",
                "A field takes 2,000 bytes, and an edit 20 categories.",
            ),
            (
                UpdateContacts {
                    add_categories: vec![" ".to_owned()],
                    ..nothing()
                },
                "add_categories",
                "Say what the field is to be.",
            ),
            (
                UpdateContacts {
                    remove_categories: vec![String::new()],
                    ..nothing()
                },
                "remove_categories",
                "Say what the field is to be.",
            ),
            (
                UpdateContacts {
                    email_domain: Some(Replacement {
                        from: "a".to_owned(),
                        to: "b".to_owned(),
                    }),
                    ..nothing()
                },
                "email_domain",
                "This is no e-mail address or domain.",
            ),
        ] {
            let told = (format!("operation.{field}"), message.to_owned());
            assert_eq!(fault(&operation), told);
        }
        let different = UpdateContacts {
            add_categories: vec!["a".to_owned()],
            remove_categories: vec!["b".to_owned()],
            ..nothing()
        };
        assert_eq!(different.validate(), Ok(()));
    }

    #[test]
    fn categories_are_taken_off_before_others_are_put_on() {
        let operation = UpdateContacts {
            organisation: Some("Acme".to_owned()),
            add_categories: vec!["new".to_owned()],
            remove_categories: vec!["old".to_owned()],
            ..UpdateContacts::default()
        };
        let edits = vec![
            Edit::Organisation("Acme".to_owned()),
            Edit::RemoveCategories(vec!["old".to_owned()]),
            Edit::AddCategories(vec!["new".to_owned()]),
        ];
        let target = Target::Contact(ContactTarget::Edited(edits));
        assert_eq!(operation.target(), Some(target));
    }
}
