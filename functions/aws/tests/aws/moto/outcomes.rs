//! The outcomes of a large job as a file that S3 joins of parts.

use std::sync::Arc;

use bulkhead_cloud::http_client;
use bulkhead_engine::jobs::download;
use bulkhead_engine::ports::Parts;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::options::JobOptions;
use jiff::Timestamp;

use super::moto;
use super::s3::{BUCKET, make_bucket, uploads};

/// In chunks of four, fifty of which are one part.
const MAILS: u64 = 420;

async fn objects(url: &str) -> usize {
    let listed = http_client::plain().get(url).send().await.unwrap();
    listed.text().await.unwrap().matches("<Key>").count()
}

#[tokio::test]
async fn the_outcomes_of_a_large_job_are_parts_that_are_joined_and_made_once() {
    let (moto, environment) = moto().await;
    make_bucket(&moto).await;
    let mut stage = Stage::new(MemoryMailbox::new(MAILS)).await.unwrap();
    stage.clock.set(Timestamp::now());
    let job = stage.archived(JobOptions::default()).await.unwrap();
    assert_eq!(job.chunks.total, 105);
    let csv = async |stage: &Stage| {
        let csv = download::outcomes_csv(&stage.ports, &stage.user, &job.id);
        csv.await.unwrap()
    };
    let mut streamed = Vec::new();
    let mut stream = csv(&stage).await;
    while let Some(piece) = stream.next().await.unwrap() {
        streamed.extend(piece);
    }
    let parts: Arc<dyn Parts> = Arc::new(environment.parts(BUCKET, stage.clock.clone()).unwrap());
    stage.ports.parts = parts;
    let bucket = format!("{}/{BUCKET}?list-type=2", moto.url());
    // Handed out twice: the parts of the first time serve the second one too.
    let mut kept = 0;
    for _ in 0..2 {
        let out = csv(&stage).await.hand_out().await.unwrap().unwrap();
        let answer = http_client::plain().get(out.url).send().await.unwrap();
        let answer = answer.error_for_status().unwrap();
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        let saved_as = format!("attachment; filename=\"{}-results.csv\"", job.id);
        assert_eq!(answer.headers()["content-disposition"], saved_as.as_str());
        assert!(answer.bytes().await.unwrap() == streamed);
        assert_eq!(uploads(&moto).await, 0);
        let now = objects(&bucket).await;
        // Three parts, and the file that is made of them.
        assert!(now >= 4 && (kept == 0 || now == kept), "{now} after {kept}");
        kept = now;
    }
    let lines = streamed.split(|byte| *byte == b'\n').count() as u64;
    assert_eq!(lines - 1, MAILS + 1);
}
