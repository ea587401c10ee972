#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bulkhead_shared::attached_file::AttachedFile;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::limits;
use bulkhead_shared::operations::Operation;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;
use crate::access;
use crate::error::Error;
use crate::letters::FileContent;
use crate::ports::{Clock, Table};
use crate::records::store::text_row;
use crate::records::{FileRecord, names};
use crate::testing::intercept::{self, Call};
use crate::testing::mailbox::{MemoryMailbox, Moment};
use crate::testing::stage::Stage;

const NANOSECOND: SignedDuration = SignedDuration::from_nanos(1);

async fn stage() -> Stage {
    Stage::new(MemoryMailbox::new(1)).await.unwrap()
}

async fn kept(
    stage: &Stage,
    files: &[&[u8]],
) -> Result<bulkhead_shared::api::KeptFiles, (String, String)> {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await;
    let kept = keep(&stage.ports, &stage.user, &account.unwrap(), files).await;
    kept.map_err(refusal)
}

fn refusal(refused: Error) -> (String, String) {
    match refused {
        Error::Invalid(invalid) => (invalid.field, invalid.message),
        other => panic!("{other:?}"),
    }
}

/// As if a file of this size were kept, of which nobody reads a byte.
async fn as_if_kept(stage: &Stage, sha256: &str, bytes: u64, until: Timestamp) {
    let record = FileRecord { bytes, until };
    let key = names::file(&stage.account, sha256);
    let row = text_row(key, 1, &record, Some(until)).unwrap();
    stage.table.put_many(vec![row]).await.unwrap();
}

#[test]
fn files_are_told_in_their_order_and_kept_for_thirty_days() {
    block_on(async {
        let stage = stage().await;
        let told = kept(&stage, &[b"b", b"aa", b"b"]).await.unwrap();
        let days = SignedDuration::from_hours(24 * 30);
        assert_eq!(told.until, stage.clock.now() + days);
        let told: Vec<_> = told
            .files
            .iter()
            .map(|it| (&*it.sha256, it.bytes))
            .collect();
        let (b, aa) = (sha256_hex(b"b"), sha256_hex(b"aa"));
        assert_eq!(told, [(&*b, 1), (&*aa, 2), (&*b, 1)]);
        let largest = vec![7; limits::ATTACHMENT_BYTES];
        assert!(kept(&stage, &[&largest]).await.is_ok());
        let larger = vec![7; limits::ATTACHMENT_BYTES + 1];
        for (file, told) in [
            (&larger[..], "A file has at most 4 MB."),
            (&b""[..], "It is empty."),
        ] {
            let refused = kept(&stage, &[b"x", file]).await.unwrap_err();
            assert_eq!(refused, ("files[1]".to_owned(), told.to_owned()));
        }
    });
}

#[test]
fn files_fill_their_room_to_the_last_byte() {
    block_on(async {
        let stage = stage().await;
        let now = stage.clock.now();
        let most = limits::ATTACHMENTS_KEPT_BYTES;
        as_if_kept(&stage, &"0".repeat(64), most - 2_000_005, now + NANOSECOND).await;
        // Its time is over at this moment.
        as_if_kept(&stage, &"1".repeat(64), most, now).await;
        let refused = kept(&stage, &[&vec![1; 2_000_006]]).await.unwrap_err();
        let told = "200 MB of files are kept for an account's mails, each for 30 days; there is room for 2 MB now.";
        assert_eq!(refused, ("files".to_owned(), told.to_owned()));
        kept(&stage, &[&vec![1; 2_000_000], b"12345", b"12345"])
            .await
            .unwrap();
        kept(&stage, &[b"12345"]).await.unwrap();
        assert!(kept(&stage, &[b"6"]).await.is_err());
    });
}

#[test]
fn a_draft_needs_its_files_for_ten_days_from_when_it_begins() {
    block_on(async {
        let stage = stage().await;
        let sha256 = "0".repeat(64);
        let operation = |bytes: u64, field: &str| -> Operation {
            let file = json!([{"name": "a.txt", "bytes": bytes, "sha256": sha256}]);
            let mut send = json!({"type": "bulk_send", "from": "a@x.example", "subject": "s", "text": "t", "hold_seconds": 60});
            send[field] = file;
            serde_json::from_value(send).unwrap()
        };
        let check = async |operation: &Operation| {
            let checked = check_kept(&stage.ports, &stage.account, operation).await;
            checked.map_err(refusal)
        };
        let needed =
            stage.clock.now() + SignedDuration::from_secs(60) + SignedDuration::from_hours(24 * 10);
        as_if_kept(&stage, &sha256, 5, needed).await;
        for field in ["attachments", "files"] {
            assert_eq!(check(&operation(5, field)).await, Ok(()));
            let told = "“a.txt” is not kept for this account, or not long enough: upload it again.";
            let refused = Err((format!("operation.{field}[0]"), told.to_owned()));
            assert_eq!(check(&operation(6, field)).await, refused);
        }
        as_if_kept(&stage, &sha256, 5, needed - NANOSECOND).await;
        assert!(check(&operation(5, "files")).await.is_err());
    });
}

#[test]
fn files_of_two_mails_are_at_hand_and_read_once() {
    block_on(async {
        let stage = stage().await;
        let files: Vec<Vec<u8>> = (1..=4)
            .map(|it| vec![it; limits::ATTACHMENT_BYTES])
            .collect();
        let mut all: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        all.push(b"one more");
        let told = kept(&stage, &all).await.unwrap();
        let named = |file: &bulkhead_shared::api::KeptFile| AttachedFile {
            name: "a".to_owned(),
            bytes: file.bytes,
            sha256: file.sha256.clone(),
        };
        let named: Vec<AttachedFile> = told.files.iter().map(named).collect();
        let reads = Arc::new(AtomicUsize::new(0));
        let counted = reads.clone();
        let by = intercept::by(move |moment, call| {
            if moment == Moment::BeforeEffect && matches!(call, Call::Range(_)) {
                counted.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
        let table = intercept::table(stage.table.clone() as Arc<dyn Table>, &by);
        let mut shelf = Shelf::new(table, stage.account.clone());
        let now = stage.clock.now();
        let (four, last): (Vec<&AttachedFile>, &AttachedFile) =
            (named[..4].iter().collect(), &named[4]);
        for _ in 0..2 {
            let taken = shelf.take(&four, now).await.unwrap().unwrap();
            for (taken, file) in taken.iter().zip(&files) {
                assert!(matches!(taken, FileContent::Bytes(bytes) if **bytes == *file));
            }
            assert_eq!((taken.len(), reads.load(Ordering::Relaxed)), (4, 4));
        }
        // There is no room for one byte more: all of them make way for it.
        shelf.take(&[last], now).await.unwrap().unwrap();
        shelf
            .take(&[last, four[0], last], now)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(reads.load(Ordering::Relaxed), 6);
        // Until its time is over.
        let mut shelf = Shelf::new(stage.table.clone(), stage.account.clone());
        let gone = shelf.take(&[last], told.until).await.unwrap();
        assert!(gone.is_none());
        let there = shelf.take(&[last], told.until - NANOSECOND).await.unwrap();
        assert!(there.is_some());
    });
}
