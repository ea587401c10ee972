//! Records that are stored as text: jobs, chunks, accounts, used keys. Every name in them is what it was.

use std::path::PathBuf;

use bulkhead_engine::ports::{Key, Row};
use bulkhead_engine::records::pack::{Newer, Unreadable};
use bulkhead_engine::records::store::read_text;
use bulkhead_engine::records::{
    AccountRecord, AdviceRecord, AgreedRecord, ArrivedRecord, AtPlace, BounceLookRecord,
    BounceRecord, BounceWatchRecord, ChunkRecord, DialRecord, EarlierRows, FilingRecord,
    FoundRecord, JobRecord, LearnedRecord, LeftOutRecord, LookSoFar, ModelAt, ModelRecord, PutDown,
    RepliedRecord, RuleLookRecord, RulesRecord, SaidRecord, ScanRecord, SuggestionsRecord,
    SuppressedRecord, TemplateRecord, TemplateVersionRecord, TestRecord, TurnsRecord,
    UnsubscribedRecord, UsedKey, WeighedSoFar, names,
};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::unsubscribe::MailingList;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::read;

/// What is read of it, written again.
fn again<T: Serialize + DeserializeOwned>(body: &Value) -> Value {
    let stored = read_text::<T>(&row(body)).unwrap();
    serde_json::to_value(stored.record).unwrap()
}

fn row(body: &Value) -> Row {
    let key = Key {
        partition: "p".to_owned(),
        sort: "s".to_owned(),
    };
    Row {
        key,
        version: 1,
        body: serde_json::to_vec(body).unwrap(),
        expires: None,
        listing: None,
        due: None,
    }
}

/// Whether everything in `old` is in `new` as it was. There may be more, and a zero may be left out.
fn has_all(new: &Value, old: &Value, at: &str) {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            for (name, old) in old {
                let at = format!("{at}.{name}");
                has_all(new.get(name).unwrap_or(&Value::Null), old, &at);
            }
        }
        (Value::Array(new), Value::Array(old)) if new.len() == old.len() => {
            for (place, (new, old)) in new.iter().zip(old).enumerate() {
                has_all(new, old, &format!("{at}[{place}]"));
            }
        }
        (Value::Null, Value::Number(zero)) if zero.as_u64() == Some(0) => {}
        _ => assert_eq!(new, old, "{at}"),
    }
}

#[test]
fn texts_of_the_first_release_are_read_and_nothing_of_them_is_lost() {
    let texts = String::from_utf8(read(1, "texts.jsonl")).unwrap();
    let mut kinds = [0; 4];
    for line in texts.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let (is, body) = (line["is"].as_str().unwrap(), &line["body"]);
        let (kind, new) = match is.split(' ').next().unwrap() {
            "job" => (0, again::<JobRecord>(body)),
            "chunk" => (1, again::<ChunkRecord>(body)),
            "account" => (2, again::<AccountRecord>(body)),
            "used" => (3, again::<UsedKey>(body)),
            other => panic!("{other}"),
        };
        kinds[kind] += 1;
        has_all(&new, body, is);
    }
    assert_eq!(kinds, [30, 4, 2, 1]);
}

#[test]
fn a_text_of_a_later_schema_is_refused_and_not_misread() {
    let texts = String::from_utf8(read(1, "texts.jsonl")).unwrap();
    let first: Value = serde_json::from_str(texts.lines().next().unwrap()).unwrap();
    let mut body = first["body"].clone();
    body["schema"] = json!(4);
    let refused = read_text::<JobRecord>(&row(&body)).unwrap_err();
    assert!(matches!(
        refused,
        bulkhead_engine::error::Error::Unreadable(Unreadable::Newer(Newer::Text(4)))
    ));
    assert_eq!(
        refused.to_string(),
        "a later version of this program stored a record with schema 4 of a text, which this one does not know"
    );
}

fn is_named(line: &Value, key: &Key) {
    assert_eq!(
        (line["partition"].as_str(), line["sort"].as_str()),
        (Some(&*key.partition), Some(&*key.sort))
    );
}

#[test]
fn texts_that_came_later_are_written_and_read_as_they_ever_were() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/texts/v1.jsonl");
    let texts = std::fs::read_to_string(file).unwrap();
    let account = "acc_01m8ashh8qtpa6hnw7rvx9x8rq".parse().unwrap();
    for line in texts.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let body = &line["body"];
        let new = match line["is"].as_str().unwrap() {
            "at_place" => {
                let key = names::at_place(&"ann".parse().unwrap(), &sha256_hex(b"x"));
                assert_eq!(
                    (line["partition"].as_str(), line["sort"].as_str()),
                    (Some(&*key.partition), Some(&*key.sort))
                );
                again::<AtPlace>(body)
            }
            "said" => {
                let key = names::said(
                    &"snd_01jwb8k3tqk2v5m9x7c4d6e8f0".parse().unwrap(),
                    &"ann@x.example".parse().unwrap(),
                );
                assert_eq!(line["sort"].as_str(), Some(&*key.sort));
                again::<SaidRecord>(body)
            }
            is @ ("advice" | "weighed" | "suggestions" | "learned") => {
                let (key, new) = match is {
                    "advice" => (names::advice(&account), again::<AdviceRecord>(body)),
                    "weighed" => (names::weighed(&account), again::<WeighedSoFar>(body)),
                    "suggestions" => (
                        names::suggestions(&account),
                        again::<SuggestionsRecord>(body),
                    ),
                    _ => (names::learned(&account), again::<LearnedRecord>(body)),
                };
                let partition = line["partition"].as_str().unwrap_or(&key.partition);
                assert_eq!(
                    (partition, line["sort"].as_str()),
                    (&*key.partition, Some(&*key.sort))
                );
                new
            }
            "rule_turns" => {
                is_named(&line, &names::rule_turns(&account));
                again::<TurnsRecord>(body)
            }
            "rule_arrived" => {
                is_named(
                    &line,
                    &names::rule_arrived(&account, "rul_5f2b8c1d9e0a7364"),
                );
                again::<ArrivedRecord>(body)
            }
            is @ ("scan" | "rules" | "rule_look" | "rule_so_far" | "rule_test" | "rule_found") => {
                let (key, new) = match is {
                    "scan" => (names::scan(&account), again::<ScanRecord>(body)),
                    "rules" => (names::rules(&account), again::<RulesRecord>(body)),
                    "rule_look" => (names::rule_look(&account), again::<RuleLookRecord>(body)),
                    "rule_so_far" => (names::rule_so_far(&account), again::<LookSoFar>(body)),
                    "rule_test" => (
                        names::rule_test(&account, "rul_5f2b8c1d9e0a7364"),
                        again::<TestRecord>(body),
                    ),
                    _ => (names::rule_found(&account), again::<FoundRecord>(body)),
                };
                let partition = line["partition"].as_str().unwrap_or(&key.partition);
                assert_eq!(
                    (partition, line["sort"].as_str()),
                    (&*key.partition, Some(&*key.sort))
                );
                new
            }
            "dial" => {
                is_named(&line, &names::dial(&account));
                again::<DialRecord>(body)
            }
            "filing" => {
                let job = "prc_01jwb8k3tqk2v5m9x7c4d6e8f0".parse().unwrap();
                is_named(&line, &names::filing(&account, &job));
                again::<FilingRecord>(body)
            }
            "suppressed" => {
                is_named(&line, &names::suppressed(&account, "Bo.Ray@example.org"));
                again::<SuppressedRecord>(body)
            }
            "unsubscribed" => {
                is_named(&line, &names::unsubscribed(&account, "news.example.org"));
                again::<UnsubscribedRecord>(body)
            }
            "replied" => {
                is_named(
                    &line,
                    &names::replied(&account, &"17.42.INBOX".parse().unwrap()),
                );
                again::<RepliedRecord>(body)
            }
            "template" => {
                is_named(&line, &names::template(&account, "Bills"));
                again::<TemplateRecord>(body)
            }
            "template_version" => {
                is_named(&line, &names::template_version(&account, "Bills", 3));
                again::<TemplateVersionRecord>(body)
            }
            "bounce_look" => {
                is_named(&line, &names::bounce_look(&account));
                again::<BounceLookRecord>(body)
            }
            "bounce_watch" => {
                is_named(&line, &names::bounce_watch(&account));
                again::<BounceWatchRecord>(body)
            }
            "bounce" => {
                let job = "snd_01jwb8k3tqk2v5m9x7c4d6e8f0".parse().unwrap();
                is_named(&line, &names::bounce(&job, 17));
                again::<BounceRecord>(body)
            }
            "left_out" => {
                let job = "snd_01jwb8k3tqk2v5m9x7c4d6e8f0".parse().unwrap();
                is_named(&line, &names::left_out(&job, 2));
                again::<LeftOutRecord>(body)
            }
            "model" => {
                is_named(&line, &names::model(&"ann".parse().unwrap()));
                again::<ModelRecord>(body)
            }
            "model_agreed" => {
                is_named(&line, &names::agreed(&"ann".parse().unwrap(), &account));
                again::<AgreedRecord>(body)
            }
            // Of a job that asks it.
            "model_at" => again::<ModelAt>(body),
            "put_down" => again::<PutDown>(body),
            "earlier" => again::<EarlierRows>(body),
            other => panic!("{other}"),
        };
        assert_eq!(new, *body);
    }
    assert_eq!(texts.lines().count(), 37);
}

#[test]
fn lists_that_are_to_be_asked_are_written_and_read_as_they_ever_were() {
    let ways = [
        json!({"type": "one_click", "url": "https://example.org/u?t=1", "host": "example.org", "vouched_by": "mx.example.net", "signed_by": "example.org"}),
        json!({"type": "mail", "to": "u@example.org", "from": "ann@example.net", "subject": "bye", "body": ""}),
        json!({"type": "web_page", "url": "https://example.org/"}),
        json!({"type": "not_trusted", "url": "https://example.org/u", "why": "not_checked"}),
        json!({"type": "not_trusted", "url": "https://example.org/u", "why": "not_covered"}),
        json!({"type": "not_trusted", "url": "https://example.org/u", "why": "ambiguous"}),
        json!({"type": "cannot_send", "to": "u@example.org"}),
        json!({"type": "not_told"}),
        json!({"type": "spam"}),
    ];
    for way in ways {
        let list = json!({"key": "news.example.org", "name": "The News", "address": "news@example.org", "mails": 3,
            "way": way, "asked_at": "2026-11-27T12:00:00Z"});
        let read = MailingList::of_bytes(&serde_json::to_vec(&list).unwrap()).unwrap();
        let again: Value = serde_json::from_slice(&read.to_bytes()).unwrap();
        assert_eq!(again, list);
    }
}
