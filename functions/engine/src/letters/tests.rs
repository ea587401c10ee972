#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use bulkhead_shared::attached_file::AttachedFile;
use bulkhead_shared::limits::LETTER_BYTES;
use bulkhead_shared::operations::OperationSpec;
use serde_json::{Value, json};

use super::*;

fn operation(with: Value) -> Operation {
    let mut send = json!({"type": "bulk_send", "from": "Ann Lee <ann@example.org>", "subject": " Hello {{ name }} ",
        "text": "Dear {{ name }},\nyours\n"});
    for (name, value) in with.as_object().unwrap() {
        send[name] = value.clone();
    }
    serde_json::from_value(send).unwrap()
}

fn input(operation: &Operation) -> Vec<u8> {
    let row = json!({"to": "Bo <bo@example.net>", "name": "Bo", "bill": "bill.txt"});
    let Operation::BulkSend(send) = operation else {
        panic!("{operation:?}");
    };
    send.input(&row).unwrap()
}

fn finished(
    operation: &Operation,
    input: Option<&[u8]>,
    files: Vec<FileContent>,
) -> Result<Letter, ItemReason> {
    let source = LetterSource {
        key: "snd_1.7".to_owned(),
        #[cfg(feature = "testing")]
        item: &"bo@example.net".parse().unwrap(),
        input,
        files,
    };
    finish(
        operation,
        &source,
        Timestamp::from_second(1_700_000_000).unwrap(),
    )
}

fn bytes(bytes: &[u8]) -> FileContent {
    FileContent::Bytes(Arc::new(bytes.to_vec()))
}

#[test]
fn a_whole_mail_is_these_bytes() {
    let file = json!({"name": "bill.txt", "bytes": 5, "sha256": "0".repeat(64)});
    let with = json!({"html": "<p>{{ name }}</p>", "reply_to": "Desk <desk@example.org>", "unsubscribe": "stop@example.org",
        "file_column": "bill", "files": [file]});
    let operation = operation(with);
    let letter = finished(&operation, Some(&input(&operation)), vec![bytes(b"hello")]).unwrap();
    let expected = "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n\
        From: Ann Lee <ann@example.org>\r\n\
        To: Bo <bo@example.net>\r\n\
        Message-ID: <snd_1.7@example.org>\r\n\
        Subject: Hello Bo\r\n\
        Reply-To: Desk <desk@example.org>\r\n\
        List-Unsubscribe: <mailto:stop@example.org>\r\n\
        Precedence: bulk\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=\"OUTER\"\r\n\
        \r\n\
        \r\n\
        --OUTER\r\n\
        Content-Type: multipart/alternative; \r\n\
        \tboundary=\"INNER\"\r\n\
        \r\n\
        \r\n\
        --INNER\r\n\
        Content-Type: text/plain; charset=\"utf-8\"\r\n\
        Content-Transfer-Encoding: 7bit\r\n\
        \r\n\
        Dear Bo,\r\nyours\r\n\
        \r\n\
        --INNER\r\n\
        Content-Type: text/html; charset=\"utf-8\"\r\n\
        Content-Transfer-Encoding: 7bit\r\n\
        \r\n\
        <p>Bo</p>\r\n\
        --INNER--\r\n\
        \r\n\
        --OUTER\r\n\
        Content-Type: text/plain\r\n\
        Content-Disposition: attachment; filename=\"bill.txt\"\r\n\
        Content-Transfer-Encoding: base64\r\n\
        \r\n\
        aGVsbG8=\r\n\
        \r\n\
        --OUTER--\r\n";
    let hash = |of: &str| {
        let hash = bulkhead_shared::hash::sha256_hex(of.as_bytes());
        hash.get(..32).unwrap().to_owned()
    };
    let expected = expected
        .replace("OUTER", &hash("filessnd_1.7@example.org"))
        .replace("INNER", &hash("snd_1.7@example.org"));
    assert_eq!(String::from_utf8(letter.bytes).unwrap(), expected);
    assert_eq!(letter.envelope.from, "ann@example.org");
    assert_eq!(letter.envelope.to, "bo@example.net");
    assert_eq!(letter.id.as_str(), "snd_1.7@example.org");
}

#[test]
fn the_id_of_a_letter_is_known_before_there_is_one() {
    let send = operation(json!({"from": "ann@b\u{fc}cher.example"}));
    let letter = finished(&send, Some(&input(&send)), Vec::new()).unwrap();
    assert_eq!(letter.id.as_str(), "snd_1.7@xn--bcher-kva.example");
    assert_eq!(id_of(&send, "snd_1.7"), Some(letter.id));
    let archive: Operation = serde_json::from_value(json!({"type": "archive"})).unwrap();
    assert_eq!(id_of(&archive, "snd_1.7"), None);
    assert_eq!(
        id_of(&operation(json!({"from": "nobody"})), "snd_1.7"),
        None
    );
    assert_eq!(
        finished(&archive, None, Vec::new()).err(),
        Some(ItemReason::Internal)
    );
}

#[test]
fn what_was_not_looked_at_or_changed_since_makes_no_letter() {
    let send = operation(json!({}));
    let file = json!([{"name": "a.txt", "bytes": 5, "sha256": "0".repeat(64)}]);
    let along = operation(json!({"attachments": file}));
    for (operation, input, files, why) in [
        (&send, None, vec![], ItemReason::Internal),
        (
            &send,
            Some(&b"no recipient"[..]),
            vec![],
            ItemReason::Internal,
        ),
        (
            &send,
            Some(&input(&send)),
            vec![bytes(b"hello")],
            ItemReason::Internal,
        ),
        (&along, Some(&input(&send)), vec![], ItemReason::Internal),
        (
            &operation(json!({"text": "{% for %}"})),
            Some(&input(&send)),
            vec![],
            ItemReason::Internal,
        ),
        (
            &operation(json!({"text": "{{ other }}"})),
            Some(&input(&send)),
            vec![],
            ItemReason::Unrenderable,
        ),
        (
            &operation(json!({"from": "ann@xn--a.example"})),
            Some(&input(&send)),
            vec![],
            ItemReason::Unrenderable,
        ),
        (
            &operation(json!({"file_column": "nothing"})),
            Some(&input(&send)),
            vec![],
            ItemReason::Unrenderable,
        ),
    ] {
        let made = finished(operation, input, files);
        assert_eq!(made.err(), Some(why), "{operation:?}");
    }
}

#[test]
fn a_letter_is_as_large_as_servers_take_and_no_larger() {
    let file = AttachedFile {
        name: "a.bin".to_owned(),
        bytes: 7_300_000,
        sha256: "0".repeat(64),
    };
    let content = bytes(&vec![0; 7_300_000]);
    let made = |text: usize| {
        // Lines of 50 signs with their ends, so that none is encoded.
        let lines = "x".repeat(48) + "\n";
        let text = lines.repeat(text / 50) + &"x".repeat(text % 50);
        let send = operation(json!({"text": text, "attachments": [file]}));
        let letter = finished(&send, Some(&input(&send)), vec![content.clone()]);
        letter.map(|letter| letter.bytes.len())
    };
    let without = made(0).unwrap();
    let room = LETTER_BYTES - without;
    assert_eq!(made(room), Ok(LETTER_BYTES));
    assert_eq!(made(room + 1), Err(ItemReason::TooLarge));
}

#[test]
fn a_note_goes_from_one_address_to_another() {
    let note_of = |from: &str, to: &str| {
        let about = Note {
            key: "sub_1.7",
            from,
            to,
            subject: "unsubscribe",
            text: "Please stop.",
        };
        note(&about, Timestamp::UNIX_EPOCH)
    };
    let letter = note_of("Ann <ann@b\u{fc}cher.example>", "stop@list.example").unwrap();
    assert_eq!(
        String::from_utf8(letter.bytes).unwrap(),
        "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n\
         From: Ann <ann@xn--bcher-kva.example>\r\n\
         To: stop@list.example\r\n\
         Message-ID: <sub_1.7@xn--bcher-kva.example>\r\n\
         Subject: unsubscribe\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=\"utf-8\"\r\n\
         Content-Transfer-Encoding: 7bit\r\n\
         \r\n\
         Please stop."
    );
    assert_eq!(letter.envelope.from, "ann@xn--bcher-kva.example");
    assert_eq!(letter.envelope.to, "stop@list.example");
    assert_eq!(letter.id.as_str(), "sub_1.7@xn--bcher-kva.example");
    for (from, to) in [("nobody", "a@x.example"), ("a@x.example", "nobody")] {
        assert_eq!(note_of(from, to).err(), Some(ItemReason::Unrenderable));
    }
}
