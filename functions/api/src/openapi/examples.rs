//! An example for each answer, so that whoever reads the document sees one, and programs that write
//! clients or stand-ins have something to go by. Those of requests stand beside their handlers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};

/// Answers of a running server, by the name of their schema.
static ANSWERS: LazyLock<BTreeMap<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// Gives every answer in JSON an example.
pub(super) fn add(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let calls = paths.flat_map(|(_, path)| path.as_object_mut().into_iter().flatten());
    let answers =
        calls.flat_map(|(_, call)| call["responses"].as_object_mut().into_iter().flatten());
    for (status, answer) in answers {
        let content = answer.pointer_mut("/content/application~1json");
        if let (true, Some(content)) = (status.starts_with('2'), content)
            && let Some(example) = example(&content["schema"])
        {
            content["example"] = example;
        }
    }
}

/// An example of what a schema describes; of a list, one with one entry.
fn example(schema: &Value) -> Option<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        return ANSWERS.get(reference.rsplit('/').next()?).cloned();
    }
    Some(json!([example(schema.get("items")?)?]))
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::api;
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;

    /// Whether the example is what the type reads and writes, with no field too many or too few.
    fn holds<T: DeserializeOwned + Serialize>(name: &str) {
        let value = &ANSWERS[name];
        let read: T = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), *value, "{name}");
    }

    #[test]
    fn each_example_is_what_its_type_writes() {
        holds::<api::Account>("Account");
        holds::<api::AccountTest>("AccountTest");
        holds::<api::Accounts>("Accounts");
        holds::<api::AddressBooks>("AddressBooks");
        holds::<api::Advice>("Advice");
        holds::<api::AuditBundle>("AuditBundle");
        holds::<api::AuditEvents>("AuditEvents");
        holds::<api::BatchAccepted>("BatchAccepted");
        holds::<api::BatchStatus>("BatchStatus");
        holds::<api::Bounces>("Bounces");
        holds::<api::ChosenModel>("ChosenModel");
        holds::<api::Contacts>("Contacts");
        holds::<api::Dials>("Dials");
        holds::<api::Discovered>("Discovered");
        holds::<api::Emails>("Emails");
        holds::<api::Folders>("Folders");
        holds::<api::ImportReport>("ImportReport");
        holds::<api::Item>("Item");
        holds::<api::ItemOutcomes>("ItemOutcomes");
        holds::<api::Items>("Items");
        holds::<api::Job>("Job");
        holds::<api::Jobs>("Jobs");
        holds::<api::JobRows>("JobRows");
        holds::<api::KeptFiles>("KeptFiles");
        holds::<api::KeptTemplate>("KeptTemplate");
        holds::<api::KeptTemplates>("KeptTemplates");
        holds::<api::Learned>("Learned");
        holds::<api::LeftOutRows>("LeftOutRows");
        holds::<api::LettersSeen>("LettersSeen");
        holds::<api::Link>("Link");
        holds::<api::Mailboxes>("Mailboxes");
        holds::<api::Message>("Message");
        holds::<api::ModelConsent>("ModelConsent");
        holds::<api::Preview>("Preview");
        holds::<api::Review>("Review");
        holds::<api::ReviewDecided>("ReviewDecided");
        holds::<api::ReviewSize>("ReviewSize");
        holds::<api::RuleLook>("RuleLook");
        holds::<api::Rules>("Rules");
        holds::<api::Scan>("Scan");
        holds::<api::Senders>("Senders");
        holds::<api::SessionKey>("SessionKey");
        holds::<api::SignIn>("SignIn");
        holds::<api::Suggestions>("Suggestions");
        holds::<api::SuppressReport>("SuppressReport");
        holds::<api::SuppressedAddresses>("SuppressedAddresses");
        holds::<api::Workbook>("Workbook");
        assert_eq!(ANSWERS.len(), 47, "each is held against its type above");
    }
}
