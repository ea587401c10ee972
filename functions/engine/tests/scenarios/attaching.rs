//! Files that go along with mails: kept for so long, named by their bytes, and checked when a job is drafted and again
//! when each mail goes out.

use std::time::Duration;

use bulkhead_engine::access::{self, Owned};
use bulkhead_engine::accounts;
use bulkhead_engine::attached;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{draft, history, results};
use bulkhead_engine::ports::{Expect, Span, Table, Write};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{Job, KeptFile, KeptFiles};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::limits;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::selection::Selection;
use futures::executor::block_on;
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};

use super::{options, stage};

const DAY: Duration = Duration::from_secs(24 * 3_600);

async fn owned(stage: &Stage) -> Owned<AccountRecord> {
    access::account(&stage.ports, &stage.user, &stage.account)
        .await
        .unwrap()
}

async fn keep(stage: &Stage, files: &[&[u8]]) -> Result<KeptFiles, Error> {
    attached::keep(&stage.ports, &stage.user, &owned(stage).await, files).await
}

async fn kept(stage: &Stage, file: &[u8]) -> KeptFile {
    keep(stage, &[file]).await.unwrap().files.remove(0)
}

fn named(name: &str, file: &KeptFile) -> Value {
    json!({"name": name, "bytes": file.bytes, "sha256": file.sha256})
}

async fn drafted(stage: &Stage, with: Value, bills: &[&str]) -> Result<JobId, Error> {
    let mut send = json!({"type": "bulk_send", "from": "ann@example.org", "subject": "Hi", "text": "Hello",
        "hold_seconds": 0});
    for (name, value) in with.as_object().unwrap() {
        send[name] = value.clone();
    }
    let operation: Operation = serde_json::from_value(send).unwrap();
    let rows = (1..).zip(bills);
    let rows = rows.map(|(n, bill)| json!({"to": format!("u{n}@example.org"), "bill": bill}));
    let selection = Selection::Rows {
        rows: rows.collect(),
    };
    let request = stage.request(operation, selection, options());
    draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS).await
}

/// A file by its name.
type Named = (String, Vec<u8>);

/// The name and bytes of each file that went along with the mails, by recipient.
fn sent(stage: &Stage) -> Vec<(String, Vec<Named>)> {
    let letters = stage.mailbox.delivered().into_iter().map(|letter| {
        let mail = MessageParser::default().parse(&letter.bytes).unwrap();
        let files = mail.attachments().map(|part| {
            let name = part.attachment_name().unwrap_or_default().to_owned();
            (name, part.contents().to_vec())
        });
        (letter.envelope.to, files.collect())
    });
    let mut sent: Vec<_> = letters.collect();
    sent.sort();
    sent
}

fn refusal(refused: Error) -> (String, String) {
    let Error::Invalid(invalid) = refused else {
        panic!("{refused:?}");
    };
    (invalid.field, invalid.message)
}

#[test]
fn attached_files_arrive_byte_for_byte_each_with_whom_it_is_for() {
    block_on(async {
        let stage = stage(1).await;
        // More than one row, with every byte there is.
        let terms: Vec<u8> = (0..900_001_u32).map(|n| (n * 7 / 3) as u8).collect();
        let one = kept(&stage, &terms).await;
        let two = kept(&stage, b"a bill\r\n.\r\nFrom me\n").await;
        let three = kept(&stage, "Zo\u{eb}'s".as_bytes()).await;
        let with = json!({"attachments": [named("Terms & conditions.pdf", &one)], "file_column": "bill",
            "files": [named("bill-1.txt", &two), named("\u{8acb}\u{6c42}\u{66f8}.pdf", &three)]});
        let bills = ["bill-1.txt", "\u{8acb}\u{6c42}\u{66f8}.pdf"];
        let id = drafted(&stage, with, &bills).await.unwrap();
        stage.confirm(&id).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.counts.succeeded, 2, "{job:?}");
        let terms = ("Terms & conditions.pdf".to_owned(), terms);
        let sent = sent(&stage);
        assert_eq!(sent[0].0, "u1@example.org");
        assert_eq!(
            sent[0].1,
            [
                terms.clone(),
                (
                    "bill-1.txt".to_owned(),
                    b"a bill\r\n.\r\nFrom me\n".to_vec()
                )
            ]
        );
        assert_eq!(
            sent[1].1,
            [terms, (bills[1].to_owned(), "Zo\u{eb}'s".into())]
        );
    });
}

#[test]
fn attached_files_that_are_not_kept_or_not_for_long_make_no_draft() {
    block_on(async {
        let stage = stage(1).await;
        let file = kept(&stage, b"x").await;
        let with = json!({"attachments": [named("a.txt", &file)]});
        let other = json!({"attachments": [named("a.txt", &file), {"name": "b.txt", "bytes": 1, "sha256": "0".repeat(64)}]});
        let refused = drafted(&stage, other, &["-"]).await.unwrap_err();
        assert_eq!(refusal(refused).0, "operation.attachments[1]");
        let column = json!({"file_column": "bill", "files": [named("a.txt", &file)]});
        let refused = drafted(&stage, column.clone(), &["a.txt", "b.txt"])
            .await
            .unwrap_err();
        let told = "“bill”: No file “b.txt” was uploaded.".to_owned();
        assert_eq!(refusal(refused), ("selection.rows[1]".to_owned(), told));
        drafted(&stage, with.clone(), &["-"]).await.unwrap();
        stage.clock.advance(21 * DAY);
        let refused = drafted(&stage, with.clone(), &["-"]).await.unwrap_err();
        assert_eq!(refusal(refused).0, "operation.attachments[0]");
        kept(&stage, b"x").await;
        drafted(&stage, with, &["-"]).await.unwrap();
    });
}

#[test]
fn attached_files_that_are_gone_or_other_ones_are_not_sent() {
    block_on(async {
        let stage = stage(1).await;
        let (gone, spoilt) = (kept(&stage, b"gone").await, kept(&stage, b"spoilt").await);
        let with = json!({"file_column": "bill", "files": [named("gone", &gone), named("spoilt", &spoilt)]});
        let id = drafted(&stage, with, &["gone", "spoilt"]).await.unwrap();
        stage.confirm(&id).await.unwrap();
        let head = names::file(&stage.account, &gone.sha256);
        let write = Write::Delete(head, Expect::Anything);
        stage.table.write(vec![write]).await.unwrap();
        let piece = names::file_piece(&stage.account, &spoilt.sha256, 0);
        let mut row = stage.table.get(&piece).await.unwrap().unwrap();
        row.body = b"SPOILT".to_vec();
        stage.table.put_many(vec![row]).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.counts.succeeded, job.counts.failed), (0, 2), "{job:?}");
        assert!(sent(&stage).is_empty());
        let page = results::items(&stage.ports, &stage.user, &id, None, None, 9).await;
        let reasons: Vec<_> = page.unwrap().items.iter().map(|item| item.reason).collect();
        assert_eq!(reasons, [Some(ItemReason::FileGone); 2]);
    });
}

#[test]
fn attached_files_have_room_and_go_with_the_account() {
    block_on(async {
        let stage = stage(1).await;
        let refused = keep(&stage, &[b"x", b""]).await.unwrap_err();
        assert_eq!(refusal(refused).0, "files[1]");
        let large = vec![0; limits::ATTACHMENT_BYTES + 1];
        assert!(keep(&stage, &[&large]).await.is_err());
        let most = limits::ATTACHMENTS_KEPT_BYTES as usize / limits::ATTACHMENT_BYTES;
        for n in 0..most {
            kept(&stage, &vec![n as u8; limits::ATTACHMENT_BYTES]).await;
        }
        // The same again takes no more room.
        let again = vec![0; limits::ATTACHMENT_BYTES];
        kept(&stage, &again).await;
        let refused = keep(&stage, &[b"one more"]).await.unwrap_err();
        assert!(refusal(refused).1.contains("room for 0 MB"));
        stage.clock.advance(31 * DAY);
        let file = kept(&stage, b"one more").await;
        let account = owned(&stage).await;
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        for partition in [
            names::files_partition(&stage.account),
            names::file_piece(&stage.account, &file.sha256, 0).partition,
        ] {
            let span = Span {
                partition,
                from: " ".to_owned(),
                to: "~".to_owned(),
                reverse: false,
                limit: None,
            };
            assert_eq!(stage.table.range(&span).await.unwrap(), []);
        }
    });
}

#[test]
fn of_a_job_that_is_no_draft_any_more_only_some_of_its_files_are_listed() {
    block_on(async {
        let stage = stage(6).await;
        let bill = kept(&stage, b"bill").await;
        let names: Vec<String> = (0..limits::NAMED_FILES_MOST)
            .map(|n| format!("bill of the customer with number {n}.pdf"))
            .collect();
        let files: Vec<Value> = names.iter().map(|name| named(name, &bill)).collect();
        let with = json!({"files": files, "file_column": "bill"});
        let id = drafted(&stage, with, &[&names[0], &names[999]])
            .await
            .unwrap();
        let listed = |job: &Job| {
            let Operation::BulkSend(send) = &job.operation else {
                return (0, 0);
            };
            (send.files.len(), job.files_not_listed)
        };
        let bytes = |job: &Job| serde_json::to_vec(job).unwrap().len();
        let draft = stage.job(&id).await.unwrap();
        assert_eq!(listed(&draft), (1_000, 0), "whoever edits it needs them");
        assert!(bytes(&draft) > 100_000);
        let page = async || {
            let all = history::Listed::default();
            let page = history::page(&stage.ports, &stage.user, all, None, 50).await;
            page.unwrap().jobs.remove(0)
        };
        assert_eq!(listed(&page().await), (20, 980));
        stage.confirm(&id).await.unwrap();
        let confirmed = stage.job(&id).await.unwrap();
        assert_eq!(listed(&confirmed), (20, 980));
        let ended = stage.run_to_end(&id).await;
        assert_eq!((listed(&ended), ended.counts.succeeded), ((20, 980), 2));
        assert!(bytes(&ended) < 8_000, "{} bytes", bytes(&ended));
        assert_eq!(listed(&page().await), (20, 980));
    });
}
