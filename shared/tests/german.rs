//! What is shared, said to somebody who reads German.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use bulkhead_shared::address::Mailbox;
use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use bulkhead_shared::kinds::{Kind, contact, mail};
use bulkhead_shared::operations::{Operation, OperationName};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::{Query, examples};
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy, summary};
use bulkhead_shared::vcard;
use bulkhead_words::compile::{Pair, packed};
use bulkhead_words::{Language, speak};

/// Speaks German in this test, and in no other: a test has a thread of its own.
fn speak_german() {
    let texts = packed(&[Pair::in_folder(Path::new("words"))], &[]).unwrap();
    speak(Language::German, "de".into(), Some(texts)).unwrap();
}

fn operation(text: &str) -> Operation {
    serde_json::from_str(text).unwrap()
}

#[test]
fn orders_and_reports_are_sentences_of_the_language() {
    speak_german();
    for (text, items, order, report) in [
        (
            r#"{"type":"archive"}"#,
            "12.403 Mails",
            "12.403 Mails archivieren",
            "12.403 Mails archiviert",
        ),
        (
            r#"{"type":"move","folder":"INBOX"}"#,
            "1 Mail",
            "1 Mail nach „Posteingang“ verschieben",
            "1 Mail nach „Posteingang“ verschoben",
        ),
        (
            r#"{"type":"label","add":["paid"],"remove":["open"]}"#,
            "3 Mails",
            "3 Mails mit „paid“ versehen, „open“ entfernen",
            "Labels von 3 Mails geändert",
        ),
        (
            r#"{"type":"unsubscribe"}"#,
            "1 Mail",
            "1 Liste abbestellen",
            "1 Liste gebeten, nicht mehr zu schreiben",
        ),
        (
            r#"{"type":"unsubscribe"}"#,
            "40 Mails",
            "40 Listen abbestellen",
            "40 Listen gebeten, nicht mehr zu schreiben",
        ),
    ] {
        let operation = operation(text);
        assert_eq!(operation.order(items), order);
        assert_eq!(operation.report(items), report);
    }
}

/// What is stored, sent or looked for by a program stays as it is, whoever reads.
#[test]
fn only_what_people_read_is_translated() {
    speak_german();
    for name in OperationName::ALL {
        assert_eq!(serde_json::to_value(name).unwrap(), name.about().name);
    }
    let card = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nORG:Acme\nTEL:+49 1\nEND:VCARD\n";
    let shown = vcard::Card::read(card.as_bytes()).unwrap().shown();
    let id: ItemId = "/book/1.vcf".parse().unwrap();
    let facts = contact::card(id, &shown).facts;
    let names: Vec<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
    assert_eq!(names, ["telephone", "organisation"]);
    assert_eq!(mail::size(1_500), "1,5 KB");
    assert_eq!(mail::subject(" "), "(kein Betreff)");
    for &kind in Kind::ALL {
        for (text, says) in examples(kind) {
            assert!(Query::parse_for(kind, text).is_ok(), "{text}");
            assert!(!says.say().is_empty());
        }
    }
}

#[test]
fn complaints_name_the_same_things() {
    speak_german();
    let table = "source_guid,target_upn,display_name\n7.39E+07,ann,\n";
    let grid = Grid::read(table.as_bytes(), Limits::default()).unwrap();
    let sheet = Sheet::new(Purpose::Recover, grid).unwrap();
    let faults = sheet.faults(0).into_iter().map(|fault| fault.text);
    assert_eq!(
        faults.collect::<Vec<_>>(),
        [
            "source_guid „7.39E+07“ ist eine Zahl, die eine Tabellenkalkulation aus einer ID gemacht hat; \
             formatieren Sie die Spalte als Text und tragen Sie die ID neu ein.",
            "target_upn „ann“ ist keine Adresse; sie sieht aus wie ann@example.com, mit einem „@“.",
            "display_name ist leer; tragen Sie den Namen ein, den andere sehen sollen.",
        ]
    );
    let refused = Mailbox::read("ann").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Eine Adresse hat ein @, etwa ann@example.org."
    );
    let refused = Query::parse("(ann").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Dieses „(“ wird nie geschlossen (bei Zeichen 1)."
    );
    let refused = Query::parse_for(Kind::Contact, "company:x").unwrap_err();
    assert!(
        refused
            .message
            .starts_with("„company:“ gibt es bei Kontakten nicht, nur name: ")
    );
    let closed = Unsearched::folder("A", UnsearchedWhy::Forbidden);
    assert_eq!(closed.text(), "„A“: dieses Konto darf ihn nicht öffnen.");
    assert_eq!(
        summary(&[closed]),
        "Nicht durchsucht werden konnten: 1 Ordner."
    );
    for reason in ItemReason::ALL {
        assert!(reason.text().ends_with('.'), "{reason:?}");
        assert!(
            reason.cure().is_empty() || reason.cure().ends_with('.'),
            "{reason:?}"
        );
    }
}
