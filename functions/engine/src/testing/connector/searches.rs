//! One set of mails and one table of searches, the same for every connector: whoever is about to trash
//! what a search finds has to find the same everywhere. The words are explained in `docs/search.md`.

use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};

use super::*;

/// What the mails are named after and when they were received; the rest follows from that.
struct Row(
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
);

const SEEN: &str = "\\Seen";
const FLAGGED: &str = "\\Flagged";
const NOON: &str = "2026-03-01T12:00:00Z";

/// Name, folder, flags, time of arrival, and what follows the subject's first word: the rest of the
/// subject, further header lines, an empty line, and the text. `%` begins a new line.
const MAILS: &[Row] = &[
    // Who and to whom.
    Row(
        "from1",
        "INBOX",
        &[],
        NOON,
        "%From: \"Lee, Ann\" <ann@shop.example>%%x",
    ),
    Row(
        "from2",
        "INBOX",
        &[],
        NOON,
        "%From: =?utf-8?Q?J=C3=B6rg?= <j@b.example>%%x",
    ),
    Row("from3", "INBOX", &[], NOON, "%From: noreply@ann.example%%x"),
    Row(
        "to1",
        "INBOX",
        &[],
        NOON,
        "%To: Team <team@corp.example>, other@corp.example%%x",
    ),
    Row(
        "to2",
        "INBOX",
        &[],
        NOON,
        "%To: x@y.example%Cc: Team <TEAM@corp.example>%%x",
    ),
    Row(
        "to3",
        "INBOX",
        &[],
        NOON,
        "%To: x@y.example%Bcc: team@corp.example%%x",
    ),
    Row(
        "to4",
        "INBOX",
        &[],
        NOON,
        "%To: x@y.example%Reply-To: team@corp.example%%x",
    ),
    // What is said.
    Row("word1", "INBOX", &[], NOON, " Weekly% Report for you%%x"),
    Row("word2", "INBOX", &[], NOON, " report%%The weekly report."),
    Row("word3", "INBOX", &[], NOON, "%X-Topic: weekly report%%x"),
    Row(
        "word4",
        "INBOX",
        &[],
        NOON,
        " =?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=%%x",
    ),
    Row(
        "word5",
        "INBOX",
        &[],
        NOON,
        "%Content-Type: text/plain; charset=utf-8%Content-Transfer-Encoding: base64%%R3LDvMOfZSBhdXMgS8O2bG4=",
    ),
    Row(
        "word6",
        "INBOX",
        &[],
        NOON,
        "%Content-Type: text/plain; charset=iso-8859-1%Content-Transfer-Encoding: quoted-printable%%Gr=FC=DFe aus K=F6ln",
    ),
    Row(
        "word7",
        "INBOX",
        &[],
        NOON,
        "%Content-Type: text/html%%<html><body><p>Cheap tickets</p></body></html>",
    ),
    Row("word8", "INBOX", &[], NOON, " 100% \"sure\" (really)%%a_b"),
    // Flags and labels.
    Row("mark1", "INBOX", &[SEEN, "work"], NOON, "%%x"),
    Row("mark2", "INBOX", &["work-old"], NOON, "%%x"),
    Row(
        "mark3",
        "INBOX",
        &[SEEN, FLAGGED, "Work", "later"],
        NOON,
        "%%x",
    ),
    // Sizes; each is made as long as its name says.
    Row("size1023", "INBOX", &[], NOON, "%%x"),
    Row("size1024", "INBOX", &[], NOON, "%%x"),
    Row("size1025", "INBOX", &[], NOON, "%%x"),
    // Times, seen from 2026-06-01T12:00:00Z.
    Row("time1", "Archive", &[], "2025-12-31T15:30:00Z", "%%x"),
    Row("time2", "Archive", &[], "2025-12-31T23:59:59Z", "%%x"),
    Row("time3", "Archive", &[], "2026-01-01T00:00:00Z", "%%x"),
    Row("time4", "Archive", &[], "2026-01-01T07:30:00Z", "%%x"),
    Row("time5", "Archive", &[], "2026-05-31T11:59:59Z", "%%x"),
    Row("time6", "Archive", &[], "2026-05-31T12:00:00Z", "%%x"),
    Row("time7", "Archive", &[], "2026-05-31T16:00:00Z", "%%x"),
    Row(
        "time8",
        "Archive",
        &[],
        "2026-05-31T06:00:00Z",
        "%Date: Thu, 1 Jan 2015 00:00:00 +0000%%x",
    ),
    // Folders.
    Row("place1", "Trash", &[], NOON, "%%x"),
    Row("place2", "Work", &["work"], NOON, "%%x"),
    // Files; the parts are put in by name.
    Row(
        "file0",
        "Work",
        &[],
        NOON,
        "%Content-Type: application/pdf%Content-Disposition: attachment%%JVBERg==",
    ),
    Row(
        "file1",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/signed; boundary=s%%--s%Content-Type: multipart/mixed; boundary=m%%--m%%text%--m%{pdf}%--m--%--s%{signature}%--s--",
    ),
    Row(
        "file2",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/mixed; boundary=m%%--m%%text%--m%Content-Type: text/plain%Content-Disposition: inline%%footer%--m--",
    ),
    Row(
        "file3",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/related; boundary=m%%--m%Content-Type: text/html%%<img src=cid:a>%--m%{logo}%--m--",
    ),
    Row(
        "file4",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/mixed; boundary=m%%--m%%text%--m%{inline pdf}%--m--",
    ),
    Row(
        "file5",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/alternative; boundary=a%%--a%%text%--a%Content-Type: multipart/mixed; boundary=m%%--m%Content-Type: text/html%%text%--m%{inline pdf}%--m--%--a--",
    ),
    Row(
        "file6",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/mixed; boundary=m%%--m%%text%--m%Content-Type: message/rfc822%Content-Disposition: attachment%%Subject: inner%From: a@b.example%%hello%--m--",
    ),
    Row(
        "file7",
        "Work",
        &[],
        NOON,
        "%Content-Type: text/plain%%text",
    ),
    Row(
        "file8",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/signed; boundary=s%%--s%Content-Type: text/plain%%text%--s%{signature}%--s--",
    ),
    Row(
        "file9",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/encrypted; boundary=e%%--e%Content-Type: application/pgp-encrypted%%Version: 1%--e%Content-Type: application/octet-stream%%secret%--e--",
    ),
    Row(
        "fileA",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/mixed; boundary=m%%--m%%text%--m%{image}%--m--",
    ),
    Row(
        "fileB",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/alternative; boundary=m%%--m%%text%--m%Content-Type: text/html%%<p>text</p>%--m--",
    ),
    Row(
        "fileC",
        "Work",
        &[],
        NOON,
        "%Content-Type: multipart/report; report-type=delivery-status; boundary=m%%--m%%It came back.%--m%Content-Type: message/delivery-status%%Status: 5.0.0%--m%Content-Type: message/rfc822%%Subject: inner%%hello%--m--",
    ),
];

/// Parts that several mails have, by the name in braces.
const PARTS: &[(&str, &str)] = &[
    (
        "{pdf}",
        "Content-Type: application/pdf%Content-Disposition: attachment; filename=a.pdf%%JVBERg==",
    ),
    (
        "{inline pdf}",
        "Content-Type: application/pdf%Content-Disposition: inline; filename=c.pdf%%JVBERg==",
    ),
    (
        "{signature}",
        "Content-Type: application/pgp-signature; name=\"signature.asc\"%Content-Disposition: attachment; filename=\"signature.asc\"%%-----BEGIN PGP SIGNATURE-----",
    ),
    (
        "{logo}",
        "Content-Type: image/png; name=logo.png%Content-ID: <a>%Content-Disposition: inline; filename=logo.png%%iVBORw0K",
    ),
    (
        "{image}",
        "Content-Type: image/png; name=\"photo.png\"%%iVBORw0K",
    ),
];

/// Searches with the mails they find, by name.
const SEARCHES: &[(&str, &str)] = &[
    ("from:ann", "from1 from3"),
    ("from:ANN@SHOP", "from1"),
    ("from:\"lee, ann\"", "from1"),
    ("from:jörg", "from2"),
    ("from:example", "from1 from2 from3"),
    ("-from:example in:inbox from:shop", ""),
    ("to:team@corp.example", "to1 to2 to3"),
    ("to:other", "to1"),
    ("to:team -to:y.example", "to1"),
    ("subject:report", "word1 word2"),
    ("subject:\"weekly report\"", "word1"),
    ("\"weekly report\"", "word1 word2"),
    ("weekly -subject:weekly", "word2"),
    ("subject:GRÜSSE OR subject:grüße", "word4"),
    ("köln", "word4 word5 word6"),
    ("\"grüße aus köln\"", "word4 word5 word6"),
    ("tickets", "word7"),
    ("subject:\"100%\"", "word8"),
    ("subject:\"\\\"sure\\\"\"", "word8"),
    ("a_b", "word8"),
    ("axb", ""),
    ("is:starred", "mark3"),
    ("is:read", "mark1 mark3"),
    ("is:unread subject:mark", "mark2"),
    ("is:read is:unstarred", "mark1"),
    ("label:work", "mark1 mark3 place2"),
    ("label:WORK in:inbox", "mark1 mark3"),
    ("label:wor", ""),
    ("label:work -label:later", "mark1 place2"),
    ("subject:size larger:1023", "size1024 size1025"),
    ("subject:size larger:1K", "size1025"),
    ("subject:size smaller:1K", "size1023"),
    ("subject:size -larger:1K -smaller:1K", "size1024"),
    ("subject:time before:2026", "time1 time2"),
    ("subject:time before:2026-01-02", "time1 time2 time3 time4"),
    (
        "subject:time after:2026-01-01 before:2026-02",
        "time3 time4",
    ),
    ("subject:time -before:2026 before:2026-02", "time3 time4"),
    ("newer_than:1d", "time6 time7"),
    ("older_than:1d after:2026-05", "time5 time8"),
    ("before:2026 OR newer_than:1d", "time1 time2 time6 time7"),
    (
        "in:archive -(before:2026 OR newer_than:1d)",
        "time3 time4 time5 time8",
    ),
    ("before:2016", ""),
    ("in:trash", "place1"),
    ("subject:place", "place2"),
    ("in:anywhere subject:place", "place1 place2"),
    ("in:work label:work", "place2"),
    ("-in:inbox -in:archive -subject:file", "place2"),
    ("has:attachment", "file0 file1 file4 file5 file6 fileA"),
    (
        "subject:file -has:attachment",
        "file2 file3 file7 file8 fileB fileC",
    ),
    (
        "has:attachment OR label:later",
        "file0 file1 file4 file5 file6 fileA mark3",
    ),
    ("has:attachment newer_than:1d", ""),
    (
        "in:work -(has:attachment OR label:work)",
        "file2 file3 file7 file8 fileB fileC",
    ),
];

/// The mails of the table.
pub fn search_letters() -> Vec<Letter> {
    MAILS.iter().map(letter).collect()
}

fn letter(Row(name, folder, flags, received, rest): &Row) -> Letter {
    let mut rest = (*rest).to_owned();
    for (part, content) in PARTS {
        rest = rest.replace(part, content);
    }
    // A doubled sign with no line before it would be a per cent sign; the table has one.
    let rest = rest
        .replace("100% ", "100\0 ")
        .replace('%', "\r\n")
        .replace('\0', "%");
    let mut head = format!("Subject: {name}{rest}\r\n");
    if !rest.contains("\r\nFrom:") || name.starts_with("file") {
        head = format!("From: Somebody <somebody@else.test>\r\n{head}");
    }
    let mut raw = format!("Message-ID: <{name}@letters.example>\r\nMIME-Version: 1.0\r\n{head}");
    if let Some(size) = name.strip_prefix("size").and_then(|size| size.parse().ok()) {
        let missing: usize = usize::saturating_sub(size, raw.len());
        raw.push_str(&"z".repeat(missing.saturating_sub(2)));
        raw.push_str("\r\n");
        assert_eq!(raw.len(), size);
    }
    Letter {
        name,
        folder,
        flags,
        received: received.parse().unwrap(),
        sender: "somebody@else.test",
        raw: raw.into_bytes(),
    }
}

/// What a search cannot look at is told by the list and for a changing job.
async fn says_what_it_lacks(connector: &dyn MailStore) {
    let encrypted = Unsearched {
        folder: "Work".to_owned(),
        why: UnsearchedWhy::Encrypted,
        mails: Some(1),
    };
    let nowhere = Unsearched::folder("Nowhere", UnsearchedWhy::NoSuchFolder);
    for (text, expected) in [
        ("is:unread", vec![]),
        ("in:inbox has:attachment", vec![]),
        ("-has:attachment", vec![encrypted.clone()]),
        ("in:work has:attachment", vec![encrypted.clone()]),
        ("in:Nowhere", vec![nowhere.clone()]),
        ("-in:Nowhere has:attachment", vec![nowhere, encrypted]),
    ] {
        let listed = connector
            .list(&query(text), now(), None, 100)
            .await
            .unwrap();
        let found = connector
            .matches(&query(text), now(), None, 100)
            .await
            .unwrap();
        assert_eq!(listed.unsearched, expected, "listed by {text:?}");
        assert_eq!(found.unsearched, expected, "matched by {text:?}");
    }
}

/// Every search of the table finds the same in a list and for a changing job, and what it has to.
pub async fn searches(connector: &dyn MailStore) {
    let mut wrong = Vec::new();
    for (text, expected) in SEARCHES {
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        let listed = connector
            .list(&query(text), now(), None, 100)
            .await
            .unwrap();
        let found = connector
            .matches(&query(text), now(), None, 100)
            .await
            .unwrap();
        let ids: Vec<ItemId> = found.matches.into_iter().map(|found| found.id).collect();
        let drafted = connector.items(&ids).await.unwrap();
        let names = |items: Vec<Item>| {
            let mut names: Vec<String> = items.iter().map(name).collect();
            names.sort_unstable();
            names
        };
        let listed = names(listed.items);
        let drafted = names(drafted.into_iter().flatten().collect());
        if listed != expected || drafted != expected {
            wrong.push(format!(
                "{text}: listed {listed:?}, drafted {drafted:?}, expected {expected:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    says_what_it_lacks(connector).await;
    // The clip in the list says the same as the search.
    let work = connector
        .list(&query("in:work"), now(), None, 100)
        .await
        .unwrap();
    let clips: Vec<String> = work
        .items
        .iter()
        .filter(|item| item.has_attachment)
        .map(name)
        .collect();
    let mut clips: Vec<&str> = clips.iter().map(String::as_str).collect();
    clips.sort_unstable();
    assert_eq!(clips.join(" "), "file0 file1 file4 file5 file6 fileA");
}
