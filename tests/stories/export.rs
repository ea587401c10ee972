//! Mails as a file: whole messages that read back, and headers that no spreadsheet executes.

use std::fs;

use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Export, ExportFormat, Operation};
use bulkhead_tests::driver::{Bulkhead, Options};
use mail_parser::MessageParser;

/// An mbox of messages that are after the reader: formulas, lines that look like a separator.
const HOSTILE: &str = "\
From sender@example.com Thu Jan  4 10:00:00 2024
From: \"=cmd|' /C calc'!A0\" <sender@example.com>
To: me@example.com
Subject: =HYPERLINK(\"http://example.com\",\"click\")
Date: Thu, 4 Jan 2024 10:00:00 +0000
Message-ID: <one@example.com>

Hello,
>From here on it gets tricky.
>>From even deeper.

From other@example.com Fri Jan  5 10:00:00 2024
From: +12345 <other@example.com>
To: me@example.com
Subject: @SUM(1+1), with a comma and \"quotes\"
Date: Fri, 5 Jan 2024 10:00:00 +0000
Message-ID: <two@example.com>

Second.
";

async fn export(server: &Bulkhead, query: &str, format: ExportFormat) -> (u64, String) {
    let account = server.api.sandbox().await;
    let job = server
        .api
        .run(&account, Operation::Export(Export { format }), query)
        .await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, job.total)
    );
    let answer = server.api.export(&job.id).await;
    let media_type = answer.headers["content-type"].to_str().unwrap();
    assert_eq!(media_type, format.media_type());
    let disposition = answer.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment"), "{disposition}");
    (job.total, answer.text())
}

/// The messages of an mbox, unquoted: written for this story, so that it does not believe the
/// code that wrote the file.
fn read_mbox(text: &str) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with("From ") {
            messages.push(String::new());
            continue;
        }
        let unquoted = match line.strip_prefix('>') {
            Some(rest) if rest.trim_start_matches('>').starts_with("From ") => rest,
            _ => line,
        };
        messages
            .last_mut()
            .expect("an mbox begins with From")
            .push_str(unquoted);
    }
    messages
}

#[tokio::test(flavor = "multi_thread")]
async fn an_mbox_reads_back_message_by_message() {
    let server = Bulkhead::with_mails(1_500).await;
    let account = server.api.sandbox().await;
    let before = server.api.mailbox(&account).await;
    let (total, text) = export(&server, "in:inbox", ExportFormat::Mbox).await;
    let messages = read_mbox(&text);
    assert_eq!(messages.len() as u64, total);
    let mut exported: Vec<String> = messages.iter().map(|message| subject(message)).collect();
    let items = server.api.items(&account, "in:inbox").await;
    let mut subjects: Vec<String> = items.into_iter().map(|item| item.subject).collect();
    exported.sort();
    subjects.sort();
    assert_eq!(exported, subjects);
    assert_eq!(server.api.mailbox(&account).await, before);
    server.stop().await;
}

fn subject(message: &str) -> String {
    let message = MessageParser::default()
        .parse(message)
        .expect("a readable message");
    message.subject().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_executes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mbox = folder.path().join("hostile.mbox");
    fs::write(&mbox, HOSTILE).unwrap();
    let arguments = vec!["--mbox".to_owned(), mbox.display().to_string()];
    let server = Bulkhead::start(Options {
        mails: 0,
        arguments,
        ..Options::default()
    })
    .await;

    let (total, text) = export(&server, "in:anywhere", ExportFormat::Csv).await;
    assert_eq!(total, 2);
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 2);
    for cell in rows.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "a formula: {cell}"
        );
    }
    assert!(text.contains("HYPERLINK"), "guarded, not dropped:\n{text}");

    // The same mails, whole: quoting and unquoting leave every line as it was.
    let (_, text) = export(&server, "in:anywhere", ExportFormat::Mbox).await;
    let mut messages = read_mbox(&text);
    messages.sort_by_key(|message| !message.contains("one@example.com"));
    let lines: Vec<&str> = messages[0].lines().map(str::trim_end).collect();
    assert!(lines.contains(&"From here on it gets tricky."), "{lines:?}");
    assert!(lines.contains(&">From even deeper."), "{lines:?}");
    assert_eq!(messages.len(), 2);

    let (_, text) = export(&server, "in:anywhere", ExportFormat::Json).await;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(rows.len(), 2);
    server.stop().await;
}
