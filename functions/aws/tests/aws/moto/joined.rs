//! Files that S3 joins by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bulkhead_aws::environment::Environment;
use bulkhead_aws::s3::S3Parts;
use bulkhead_cloud::aws::{Aws, Trouble};
use bulkhead_cloud::dynamo::Dynamo;
use bulkhead_cloud::http_client;
use bulkhead_cloud::moto::Moto;
use bulkhead_cloud::often::Often;
use bulkhead_cloud::policy::Policies;
use bulkhead_cloud::sqs::Sqs;
use bulkhead_cloud::template::Template;
use bulkhead_engine::ports::{FileSource, Parts, PartsError, Section};
use bulkhead_engine::testing::memory::ManualClock;
use jiff::Timestamp;
use serde_json::json;

use super::moto;
use super::s3::{BUCKET, job, label, make_bucket, uploads, wait_until_taken_back};
use crate::counting::Counting;
use crate::stand_in::environment;

const MIB: usize = 1 << 20;

/// A bucket, and a count of the bytes between the adapter and S3.
async fn counted_parts() -> (Moto, Counting, S3Parts) {
    let (moto, _) = moto().await;
    make_bucket(&moto).await;
    let counting = Counting::to(moto.url()).await;
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let parts = environment(&counting.url).parts(BUCKET, clock);
    (moto, counting, parts.unwrap())
}

/// Parts of these lengths, each with bytes of its own. Names that need escaping among them.
async fn write(parts: &S3Parts, lengths: &[usize]) -> (Vec<Section>, Vec<u8>) {
    let (mut sections, mut whole) = (Vec::new(), Vec::new());
    for (number, length) in lengths.iter().enumerate() {
        let bytes: Vec<u8> = (0..*length).map(|at| (at % 251 + number) as u8).collect();
        let name = format!("{number} +%");
        let mut part = parts.create(&job(), &name).await.unwrap();
        part.write(&bytes).await.unwrap();
        part.finish().await.unwrap();
        sections.push(Section::Part(name));
        whole.extend(bytes);
    }
    (sections, whole)
}

async fn hand_out(parts: &S3Parts, sections: &[Section]) -> Result<String, PartsError> {
    let source = FileSource::Sections(sections);
    let handed_out = parts.hand_out(&job(), &label(None), source).await?;
    Ok(handed_out.unwrap().url)
}

async fn download(url: String) -> Vec<u8> {
    let answer = http_client::plain().get(url).send().await.unwrap();
    let answer = answer.error_for_status().unwrap();
    assert_eq!(answer.headers()["content-type"], "application/mbox");
    let saved_as = &answer.headers()["content-disposition"];
    assert_eq!(saved_as, "attachment; filename=\"mails.mbox\"");
    answer.bytes().await.unwrap().into()
}

#[tokio::test]
async fn a_file_is_joined_in_order_and_little_of_it_comes_through() {
    let (moto, counting, parts) = counted_parts().await;
    // Small ones at the beginning, between large ones and at the end; one that leaves too little
    // behind what is taken of it; one of exactly the least that S3 copies.
    let lengths = [
        70_000,
        0,
        1,
        17 * MIB + 5,
        30,
        5 * MIB + 2,
        21 * MIB,
        5 * MIB,
        12 * MIB,
        9,
    ];
    let (sections, whole) = write(&parts, &lengths).await;
    counting.take();
    let url = hand_out(&parts, &sections).await.unwrap();
    let came_through = counting.take();
    let got = download(url).await;
    assert!(got == whole, "{} for {} bytes", got.len(), whole.len());
    assert_eq!(uploads(&moto).await, 0);
    // Three pieces of 5 MiB are read and sent, of 60. The rest is requests and answers.
    let read_and_sent = 2 * 3 * 5 * MIB as u64;
    let besides = came_through.checked_sub(read_and_sent).unwrap();
    assert!(besides < 50_000, "{besides} of {came_through}");
}

#[tokio::test]
async fn large_parts_do_not_come_through_at_all() {
    let (_moto, counting, parts) = counted_parts().await;
    // More than S3 is asked to copy at a time.
    let (sections, whole) = write(&parts, &[130 * MIB, 6 * MIB]).await;
    counting.take();
    let url = hand_out(&parts, &sections).await.unwrap();
    let came_through = counting.take();
    assert!(came_through < 10_000, "{came_through}");
    assert!(download(url).await == whole);
}

#[tokio::test]
async fn a_small_file_is_joined_without_an_upload() {
    let (_moto, counting, parts) = counted_parts().await;
    let (sections, whole) = write(&parts, &[100, 0, 3_000]).await;
    for (sections, whole) in [
        (&sections[..], &whole[..]),
        (&sections[..1], &whole[..100]),
        (&sections[1..2], &[]),
        (&[], &[]),
    ] {
        let url = hand_out(&parts, sections).await.unwrap();
        assert!(download(url).await == whole);
    }
    counting.take();
    hand_out(&parts, &sections[..1]).await.unwrap();
    let came_through = counting.take();
    assert!(came_through < 5_000, "{came_through}");

    let mut sections = sections;
    sections.insert(0, Section::Text(b"[".to_vec()));
    sections.push(Section::Text(b"]".to_vec()));
    let url = hand_out(&parts, &sections).await.unwrap();
    assert!(download(url).await == [b"[", &whole[..], b"]"].concat());
}

#[tokio::test]
async fn joining_gets_over_what_passes_and_takes_back_what_does_not() {
    let (moto, _) = moto().await;
    make_bucket(&moto).await;
    let (dynamo, sqs) = (Dynamo::memory().unwrap(), Sqs::default());
    let aws = Aws::start(dynamo, sqs, Some(moto)).await.unwrap();
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let parts = environment(aws.url()).parts(BUCKET, clock).unwrap();
    let (sections, whole) = write(&parts, &[10, 11 * MIB, 6 * MIB, 5 * MIB]).await;
    // Of all reads and copies together: fewer than any of them is tried.
    let throttled = Trouble {
        actions: "s3:GetObject".to_owned(),
        throttled: Often::Next(4),
        ..Trouble::default()
    };
    aws.trouble("test", throttled);
    let url = hand_out(&parts, &sections).await.unwrap();
    aws.calm();
    assert!(download(url).await == whole);

    let broken = Trouble {
        actions: "s3:GetObject".to_owned(),
        broken: Often::Share(1.0),
        ..Trouble::default()
    };
    aws.trouble("test", broken);
    assert!(hand_out(&parts, &sections[1..]).await.is_err());
    wait_until_taken_back(aws.moto().unwrap()).await;
}

#[tokio::test]
async fn the_roles_of_the_template_are_enough() {
    let moto = Moto::start().await.unwrap();
    let (dynamo, sqs) = (Dynamo::memory().unwrap(), Sqs::default());
    let aws = Aws::start(dynamo, sqs, Some(moto)).await.unwrap();
    let template = aws.deploy(Template::load()).await.unwrap();
    aws.enforce(Policies::of(&template).unwrap());
    let bucket = template.resolve(&json!({"Ref": "Exports"}));
    let parts_of = |who: &str| {
        let variables = BTreeMap::from_iter(aws.environment(who));
        let environment = Environment::of(move |name| variables.get(name).cloned());
        let clock = Arc::new(ManualClock::new(Timestamp::now()));
        environment
            .unwrap()
            .parts(bucket.as_str().unwrap(), clock)
            .unwrap()
    };
    let (sections, whole) = write(&parts_of("worker"), &[10, 11 * MIB, 5 * MIB]).await;
    let url = hand_out(&parts_of("browse"), &sections).await.unwrap();
    assert!(download(url).await == whole);
    assert_eq!(aws.denied(), BTreeSet::new());
    let unused = aws.unused("browse").into_iter().map(|(action, _)| action);
    let unused: Vec<String> = unused.filter(|action| action.starts_with("s3:")).collect();
    assert_eq!(unused, ["s3:AbortMultipartUpload"], "for what breaks off");
}
