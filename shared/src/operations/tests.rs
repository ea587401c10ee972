//! What holds for every operation, and that what was stored and sent before is still understood.

use std::collections::BTreeSet;

use super::*;
use crate::kinds::Kind;

mod acting;
mod mailboxes;
mod mails;
mod said;

fn read(text: &str) -> Operation {
    serde_json::from_str(text).unwrap()
}

/// One of each that is offered, as it has always been written.
const WIRE: [&str; 25] = [
    r#"{"type":"archive"}"#,
    r#"{"type":"trash"}"#,
    r#"{"type":"label","add":["a"]}"#,
    r#"{"type":"mark_read"}"#,
    r#"{"type":"mark_unread"}"#,
    r#"{"type":"move","folder":"Work"}"#,
    r#"{"type":"export","format":"mbox"}"#,
    r#"{"type":"star"}"#,
    r#"{"type":"unstar"}"#,
    r#"{"type":"update_contacts","organisation":"Acme","telephone_prefix":{"from":"0","to":"+49"}}"#,
    r#"{"type":"delete_contacts"}"#,
    r#"{"type":"create_contacts","book":"/book/"}"#,
    r#"{"type":"export_contacts","format":"vcard4"}"#,
    r#"{"type":"check_contacts"}"#,
    r#"{"type":"merge_contacts"}"#,
    r#"{"type":"recover_mailboxes","columns":["source_guid","Ticket","target_upn","display_name"]}"#,
    r#"{"type":"restore_mailboxes","columns":["source_guid","target_mailbox"],"conflict_resolution":"keep_both"}"#,
    r#"{"type":"validate_mailboxes","purpose":"restore","columns":["source_guid","target_mailbox"],"conflict_resolution":"keep_target"}"#,
    r#"{"type":"export_mailboxes","format":"json"}"#,
    r#"{"type":"bulk_send","from":"ann@example.org","subject":"s","text":"t"}"#,
    r#"{"type":"unsubscribe"}"#,
    r#"{"type":"classify"}"#,
    r#"{"type":"process","certainty":"90"}"#,
    r#"{"type":"process","certainty":"90","reply":"Thank you, {{ name }}."}"#,
    r#"{"type":"draft_reply","text":"Thank you, {{ name }}."}"#,
];

/// The one that nobody asks for directly.
const UNDO: &str = r#"{"type":"undo","job":"arc_01arz3ndektsv4rrffq69g5fav"}"#;

#[test]
fn what_was_written_before_is_read_and_written_the_same() {
    for text in WIRE {
        let operation = read(text);
        assert_eq!(serde_json::to_string(&operation).unwrap(), text);
        assert_eq!(operation.validate(), Ok(()));
    }
    assert_eq!(serde_json::to_string(&read(UNDO)).unwrap(), UNDO);
}

#[test]
fn no_two_share_a_name_a_prefix_or_a_key() {
    let all = OperationName::ALL;
    let names: BTreeSet<_> = all.iter().map(|name| name.as_str()).collect();
    let prefixes: BTreeSet<_> = all.iter().map(|name| name.about().prefix).collect();
    assert_eq!((names.len(), prefixes.len()), (all.len(), all.len()));
    for &kind in Kind::ALL {
        let keys = OperationName::offered_for(kind).flat_map(|name| name.about().keys);
        let keys: Vec<_> = keys.collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    }
    for &name in all {
        assert_eq!(serde_json::to_value(name).unwrap(), name.as_str());
        assert!(
            name.about().prefix.len() == 3
                && name.about().prefix.bytes().all(|b| b.is_ascii_lowercase())
        );
    }
}

#[test]
fn each_does_what_its_task_says() {
    for text in WIRE {
        let operation = read(text);
        let about = operation.about();
        assert_eq!(operation.target().is_some(), about.task == Task::Change);
        assert_eq!(operation.format().is_some(), about.task == Task::Export);
        assert_eq!(
            about.aspect == Aspect::Nothing,
            about.task != Task::Change,
            "{text}"
        );
    }
}

#[test]
fn a_form_makes_what_the_fields_say() {
    for &name in OperationName::ALL {
        let plain = Operation::of(name, Default::default());
        assert_eq!(
            plain.is_ok(),
            name.about().kind.is_some() && name.about().fields.is_empty(),
            "{name:?}"
        );
        let choices = name.about().fields.iter().filter_map(|field| {
            let Input::Choice(choices) = field.input else {
                return None;
            };
            Some((field.name, choices))
        });
        // What a reply says is a matter of texts, and one of them has to be given.
        let said = (name == OperationName::DraftReply).then_some(("text", "Hello"));
        let first = choices.clone().map(|(field, of)| (field, of[0].value));
        let first = first.chain(said);
        for (field, of) in choices {
            for choice in of {
                let fields = first.clone().chain([(field, choice.value)]);
                let fields = fields.map(|(name, value)| (name.to_owned(), value.into()));
                assert!(Operation::of(name, fields.collect()).is_ok(), "{field}");
            }
        }
    }
}

#[test]
fn orders_name_the_exact_count() {
    let order = |text: &str, items: &str| read(text).order(items);
    assert_eq!(order(WIRE[0], "12,403 mails"), "Archive 12,403 mails");
    assert_eq!(order(WIRE[1], "1 mail"), "Move 1 mail to Trash");
    let label = r#"{"type":"label","add":["paid"],"remove":["open"]}"#;
    assert_eq!(
        order(label, "3 mails"),
        "Label 3 mails “paid”, take off “open”"
    );
}

#[test]
fn refuses_parameters_that_do_not_belong() {
    for text in [
        r#"{"type":"archive","folder":"x"}"#,
        r#"{"type":"move"}"#,
        r#"{"type":"export","format":"pdf"}"#,
        r#"{"type":"explode"}"#,
    ] {
        assert!(serde_json::from_str::<Operation>(text).is_err(), "{text}");
    }
}

#[test]
fn what_has_no_fields_is_ready_at_once() {
    for &name in OperationName::ALL {
        let plain = name.plain();
        assert!(
            plain
                .as_ref()
                .is_none_or(|operation| operation.name() == name)
        );
        let about = name.about();
        let on_items = matches!(about.kind, Some(Kind::Mail | Kind::Contact));
        if on_items && about.fields.is_empty() && !name.makes_items() {
            assert!(plain.is_some(), "{}", about.name);
        }
    }
}
