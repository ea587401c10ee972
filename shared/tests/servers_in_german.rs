//! What servers say is read in German by who reads German, whatever it is made of.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use bulkhead_shared::kinds::CardFact;
use bulkhead_shared::operations::Risk;
use bulkhead_shared::problem::{Code, Problem};
use bulkhead_words::compile::{Pair, packed};
use bulkhead_words::{Language, rephrase, speak, understand_servers};
use serde_json::json;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Speaks German as the app does.
fn german() {
    let of = |name: &str| Pair::in_folder(&folder(name));
    let (shared, app, servers) = (
        of("shared/words"),
        of("frontend/words"),
        of("functions/words"),
    );
    let packed = packed(&[shared.clone(), app], &[servers, shared]).unwrap();
    speak(Language::German, "de".into(), Some(packed)).unwrap();
    understand_servers();
}

#[test]
fn each_sentence_of_a_server_is_said_in_german() {
    german();
    let of = |file: &str| {
        let text = fs::read_to_string(folder("functions/words").join(file)).unwrap();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines
    };
    let (english, german) = (of("en.ftl"), of("de.ftl"));
    let plain = english.iter().filter_map(|line| line.split_once(" = "));
    let plain = plain.filter(|(_, said)| !said.contains(['{', '<']));
    let mut walked = 0;
    for (name, said) in plain {
        let start = format!("{name} = ");
        let wanted = german.iter().find_map(|line| line.strip_prefix(&start));
        assert_eq!(rephrase(said.to_owned()), wanted.unwrap(), "{name}");
        walked += 1;
    }
    assert!(walked > 250, "{walked}");
}

#[test]
fn what_is_made_of_several_is_said_as_one() {
    german();
    for (said, wanted) in [
        (
            "Newsletter. It has a star. Because it names a mailing list, it is short and it says “sale”.",
            "Newsletter. Sie hat einen Stern. Weil sie eine Mailingliste nennt, sie kurz ist und „sale“ darin steht.",
        ),
        (
            "the provider cannot be reached: the connection broke: nothing answers at this port",
            "der Anbieter ist nicht erreichbar: die Verbindung brach ab: an diesem Port antwortet niemand",
        ),
        ("The server does not answer.", "Der Server antwortet nicht."),
        (
            "The mailbox is full. Make room, then retry what failed.",
            "Das Postfach ist voll. Schaffen Sie Platz und wiederholen Sie dann, was fehlgeschlagen ist.",
        ),
        (
            "1 more mail is left out and will stay as is: our records of what was done are damaged.",
            "1 weitere Mail bleibt ausgenommen und unverändert: unsere Aufzeichnungen darüber sind beschädigt.",
        ),
        (
            "1200 more mails are left out and will stay as is: our records of what was done are missing.",
            "1.200 weitere Mails bleiben ausgenommen und unverändert: unsere Aufzeichnungen darüber fehlen.",
        ),
        (
            "1 row is left out: its address is on your list of those who get no mail.",
            "1 Zeile ist ausgelassen: ihre Adresse steht auf Ihrer Liste derer, die keine Mail bekommen.",
        ),
        (
            "Other people see the folder “2024” too: this changes it for them as well.",
            "Auch andere sehen den Ordner „2024“: Er ändert sich auch für sie.",
        ),
        (
            "The answer about 3 mails never came: they look as the job would have left them, and are taken back too.",
            "Zu 3 Mails kam nie eine Antwort: sie sehen aus, wie der Auftrag sie hinterlassen hätte, und werden auch zurückgenommen.",
        ),
        (
            "written by a machine, you read 2 of 1,400",
            "von einer Maschine geschrieben, 2 von 1.400 gelesen",
        ),
        (
            "The job is paused: it cannot be started.",
            "Der Auftrag ist angehalten; er kann nicht gestartet werden.",
        ),
        (
            "Recognised 12 messages of an mbox file, first in message 1 at byte 0.",
            "Erkannt: 12 Nachrichten einer mbox-Datei, zuerst in Nachricht 1 bei Byte 0.",
        ),
        (
            "It says “[ALERT] Quota. Ask us.”.",
            "Er sagt „[ALERT] Quota. Ask us.“.",
        ),
        // Their own words stay theirs.
        (
            "550 5.7.1 Archive is full at x. No.",
            "550 5.7.1 Archive is full at x. No.",
        ),
        ("Work at home", "Work at home"),
    ] {
        assert_eq!(rephrase(said.to_owned()), wanted);
    }
}

#[test]
fn fields_that_hold_sentences_are_read_in_german() {
    german();
    let problem = Problem::new(Code::WrongState).detail("The job has not ended yet.");
    let problem: Problem = serde_json::from_value(json!(problem)).unwrap();
    assert_eq!(
        problem.detail.unwrap(),
        "Der Auftrag ist noch nicht beendet."
    );
    for (told, wanted) in [
        ("8.7 MB", "8,7 MB"),
        ("20 MB", "20 MB"),
        ("Q.3 KB", "Q.3 KB"),
    ] {
        let fact = json!(CardFact::new("size", told));
        let fact: CardFact = serde_json::from_value(fact).unwrap();
        assert_eq!(fact.value, wanted);
    }
    let risk = json!({"level": "high", "reasons": ["This cannot be undone.", "x"]});
    let risk: Risk = serde_json::from_value(risk).unwrap();
    assert_eq!(
        risk.reasons,
        ["Das lässt sich nicht rückgängig machen.", "x"]
    );
}
