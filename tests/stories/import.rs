//! A file of mail, sent to the sandbox.

use std::io::{Read, Write};
use std::net::TcpStream;

use bulkhead_shared::api::{AuditEvents, ImportReport, Items};
use bulkhead_shared::limits::IMPORT_BYTES;
use bulkhead_tests::api::{Answer, Api};
use bulkhead_tests::driver::Bulkhead;
use reqwest::Method;

const MBOX: &str = "\
From ann@example.org Mon Jan  5 10:00:00 2026
From: ann@example.org
Subject: sent in one
Status: RO

text

From ann@example.org Mon Jan  5 11:00:00 2026
X-Mozilla-Status: 0009
From: ann@example.org
Subject: deleted before

text
";

async fn import(server: &Bulkhead, name: &str, body: Vec<u8>) -> Answer {
    let account = server.api.sandbox().await;
    let path = format!("/accounts/{}/import?name={name}", account);
    let request = server.api.request(Method::POST, &path);
    let request = request.header("content-type", "application/octet-stream");
    Api::send(request.body(body)).await.unwrap()
}

#[tokio::test]
async fn a_file_comes_in_and_what_came_of_it_is_told() {
    let server = Bulkhead::with_mails(10).await;
    let account = server.api.sandbox().await;
    let answer = import(&server, "Inbox", MBOX.into()).await;
    let report: ImportReport = answer.success().json();
    assert_eq!((report.imported, report.left_out), (1, 1), "{report:?}");
    let told = |lines: &[String], text: &str| lines.iter().any(|line| line.contains(text));
    assert!(told(
        &report.recognised,
        "2 messages of an mbox file, first in message 1"
    ));
    assert!(told(&report.problems, "message 2 at byte "), "{report:?}");
    let path = format!("/accounts/{}/items?q=subject:sent", account);
    let found: Items = server.api.get(&path).await.success().json();
    assert_eq!(found.total, Some(1));
    let trail: AuditEvents = server.api.get("/audit?limit=1").await.success().json();
    assert_eq!(trail.events[0].event, "mail_imported");
    assert_eq!(trail.events[0].facts["imported"], 1);

    let refused: ImportReport = import(&server, "mail.pst", b"!BDN".to_vec())
        .await
        .success()
        .json();
    assert_eq!((refused.imported, refused.left_out), (0, 1));
    assert!(told(&refused.problems, "only Outlook reads"), "{refused:?}");
    server.stop().await;
}

#[tokio::test]
async fn what_is_too_large_or_breaks_off_leaves_nothing() {
    let server = Bulkhead::with_mails(10).await;
    let account = server.api.sandbox().await;
    let token = std::fs::read_to_string(server.data().join("token")).unwrap();
    let url = server.api.url(&format!("/accounts/{}/import", account));
    let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).unwrap();
    write!(
        stream,
        "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        url.path(),
        token.trim(),
        IMPORT_BYTES + 1
    )
    .unwrap();
    // Refused before a byte of it was sent.
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("bulkhead --mail FILE"), "{answer}");
    let files = || {
        let files = std::fs::read_dir(server.data()).unwrap();
        files.inspect(|file| assert!(file.is_ok())).count()
    };
    let before = files();
    import(&server, "Inbox", MBOX.into()).await.success();
    assert_eq!(files(), before, "nothing is left of a file that came in");
    server.stop().await;
}
