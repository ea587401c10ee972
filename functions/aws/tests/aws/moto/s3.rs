//! Files in S3.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_aws::s3::S3Parts;
use bulkhead_cloud::http_client;
use bulkhead_cloud::moto::Moto;
use bulkhead_engine::ports::{FileLabel, FileSource, PartReader, Parts, PartsError};
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_engine::testing::parts::conforms;
use bulkhead_shared::ids::JobId;
use jiff::{SignedDuration, Timestamp};

use super::moto;

pub(super) const BUCKET: &str = "exports";

async fn parts() -> (Moto, S3Parts) {
    let (moto, environment) = moto().await;
    make_bucket(&moto).await;
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let parts = environment.parts(BUCKET, clock).unwrap();
    (moto, parts)
}

#[tokio::test]
async fn keeps_the_rules_of_ledgers() {
    let (moto, environment) = moto().await;
    make_bucket(&moto).await;
    let ledger = environment.ledger(BUCKET).unwrap();
    bulkhead_engine::testing::ledger::conforms(&ledger).await;
}

pub(super) async fn make_bucket(moto: &Moto) {
    let bucket = format!("{}/{BUCKET}", moto.url());
    let made = http_client::plain().put(bucket).send().await.unwrap();
    assert!(made.status().is_success(), "{made:?}");
}

/// Uploads that were begun and are not at their end.
pub(super) async fn uploads(moto: &Moto) -> usize {
    let uploads = format!("{}/{BUCKET}?uploads", moto.url());
    let answer = http_client::plain().get(uploads).send().await.unwrap();
    answer.text().await.unwrap().matches("<UploadId>").count()
}

pub(super) async fn wait_until_taken_back(moto: &Moto) {
    let gone = async {
        while uploads(moto).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(10), gone);
    gone.await.unwrap();
}

pub(super) fn job() -> JobId {
    JobId::new("exp", Timestamp::UNIX_EPOCH, 1)
}

/// Pieces that nobody has to keep whole.
struct Pieces {
    left: usize,
    piece: Vec<u8>,
}

#[async_trait]
impl PartReader for Pieces {
    async fn read(&mut self) -> Result<Option<Vec<u8>>, PartsError> {
        let more = self.left > 0;
        self.left = self.left.saturating_sub(1);
        Ok(more.then(|| self.piece.clone()))
    }
}

pub(super) fn label(kept_until: Option<Timestamp>) -> FileLabel {
    FileLabel {
        name: "mails.mbox".to_owned(),
        media_type: "application/mbox",
        kept_until,
    }
}

#[tokio::test]
async fn keeps_the_rules_of_parts() {
    let (_moto, parts) = parts().await;
    conforms(&parts).await;
}

#[tokio::test]
async fn a_file_of_many_pieces_is_handed_out_whole_and_put_together_once() {
    let (_moto, parts) = parts().await;
    // More than two of S3's pieces, none of the source's boundaries the same as theirs.
    let piece: Vec<u8> = (0..1_000_003u32).map(|n| (n % 251) as u8).collect();
    let mut source = Pieces { left: 20, piece };
    let whole = source.piece.repeat(20);
    let kept = label(Some(Timestamp::now() + SignedDuration::from_hours(24)));
    let handed_out = parts
        .hand_out(&job(), &kept, FileSource::Reader(&mut source))
        .await;
    let handed_out = handed_out.unwrap().unwrap();
    assert_eq!(source.left, 0);
    let minutes = handed_out.until.duration_since(Timestamp::now()).as_mins();
    assert!((3..=5).contains(&minutes), "{minutes}");

    let answer = http_client::plain().get(&handed_out.url).send().await;
    let answer = answer.unwrap();
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "application/mbox");
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"mails.mbox\""
    );
    assert!(answer.bytes().await.unwrap() == whole);

    let mut unread = Pieces {
        left: 1,
        piece: b"another".to_vec(),
    };
    let again = parts
        .hand_out(&job(), &kept, FileSource::Reader(&mut unread))
        .await;
    assert_eq!(unread.left, 1, "it was there");
    let again = http_client::plain().get(again.unwrap().unwrap().url);
    assert!(again.send().await.unwrap().bytes().await.unwrap() == whole);
}

#[tokio::test]
async fn a_file_that_may_still_change_is_put_together_each_time() {
    let (_moto, parts) = parts().await;
    for text in [b"first", b"other"] {
        let mut source = Pieces {
            left: 1,
            piece: text.to_vec(),
        };
        let handed_out = parts
            .hand_out(&job(), &label(None), FileSource::Reader(&mut source))
            .await;
        let answer = http_client::plain().get(handed_out.unwrap().unwrap().url);
        let got = answer.send().await.unwrap().bytes().await.unwrap();
        assert_eq!(got.as_ref(), text);
    }
}

#[tokio::test]
async fn no_address_works_longer_than_the_file_is_kept() {
    let (_moto, parts) = parts().await;
    let soon = Timestamp::now() + SignedDuration::from_secs(60);
    let mut source = Pieces {
        left: 1,
        piece: b"mail".to_vec(),
    };
    let handed_out = parts
        .hand_out(&job(), &label(Some(soon)), FileSource::Reader(&mut source))
        .await;
    let handed_out = handed_out.unwrap().unwrap();
    assert_eq!(handed_out.until, soon);
    let works_for = handed_out
        .url
        .split('&')
        .find_map(|part| part.strip_prefix("X-Amz-Expires="));
    let works_for: u32 = works_for.unwrap().parse().unwrap();
    assert!((50..=60).contains(&works_for), "{works_for}");
}

#[tokio::test]
async fn pieces_of_a_file_that_is_given_up_are_taken_back() {
    let (moto, parts) = parts().await;
    let mut part = parts.create(&job(), "0").await.unwrap();
    part.write(&vec![7; 9 * 1024 * 1024]).await.unwrap();
    assert_eq!(uploads(&moto).await, 1);
    drop(part);
    wait_until_taken_back(&moto).await;
    assert!(parts.open(&job(), "0").await.unwrap().is_none());
}

#[tokio::test]
async fn what_was_not_stored_is_an_error_and_stays_one() {
    let (_moto, environment) = moto().await;
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let parts = environment.parts("nowhere", clock).unwrap();
    let mut part = parts.create(&job(), "0").await.unwrap();
    part.write(b"mail").await.unwrap();
    assert!(part.finish().await.is_err());

    let mut large = parts.create(&job(), "1").await.unwrap();
    let piece = vec![7; 9 * 1024 * 1024];
    assert!(large.write(&piece).await.is_err());
    assert!(large.write(&piece).await.is_err());
    assert!(large.finish().await.is_err());
}
