//! What every [`Parts`] has to do; adapters run [`conforms`] in their tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use async_trait::async_trait;
use bulkhead_shared::ids::JobId;
use jiff::Timestamp;

use crate::ports::{FileLabel, FileSource, PartReader, Parts, PartsError, Section};

/// Runs the whole suite on an empty adapter.
pub async fn conforms(parts: &dyn Parts) {
    let job = JobId::new("exp", Timestamp::constant(1_778_846_400, 0), 1);
    let other = JobId::new("exp", Timestamp::constant(1_778_846_400, 0), 2);
    assert_eq!(whole(parts, &job, "0").await, None, "there is none yet");

    write(parts, &job, "0", &[b"one ", b"", b"two"]).await;
    assert_eq!(whole(parts, &job, "0").await.unwrap(), b"one two");
    assert_eq!(whole(parts, &other, "0").await, None, "jobs are apart");
    assert_eq!(whole(parts, &job, "1").await, None, "names are apart");

    // Dropped without finishing: what was there before stays.
    let mut broken_off = parts.create(&job, "0").await.unwrap();
    broken_off.write(b"half").await.unwrap();
    drop(broken_off);
    assert_eq!(whole(parts, &job, "0").await.unwrap(), b"one two");

    // A later attempt replaces, also with something shorter or empty.
    write(parts, &job, "0", &[b"new"]).await;
    assert_eq!(whole(parts, &job, "0").await.unwrap(), b"new");
    write(parts, &job, "empty", &[]).await;
    assert_eq!(whole(parts, &job, "empty").await.unwrap(), b"");

    let large: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    let pieces: Vec<&[u8]> = large.chunks(10_007).collect();
    write(parts, &job, "large", &pieces).await;
    assert!(whole(parts, &job, "large").await.unwrap() == large);

    write(parts, &other, "0", &[b"theirs"]).await;
    assert_eq!(whole(parts, &job, "0").await.unwrap(), b"new");
    hands_out_all_or_reads_nothing(parts, &job).await;
    joins_what_is_there(parts, &job).await;
}

/// Counts what is read of it.
struct Counted {
    pieces: u32,
    read: u32,
}

#[async_trait]
impl PartReader for Counted {
    async fn read(&mut self) -> Result<Option<Vec<u8>>, PartsError> {
        self.read += 1;
        Ok((self.read <= self.pieces).then(|| b"some,text\r\n".to_vec()))
    }
}

async fn hands_out_all_or_reads_nothing(parts: &dyn Parts, job: &JobId) {
    let file = FileLabel {
        name: format!("{job}-results.csv"),
        media_type: "text/csv; charset=utf-8",
        kept_until: None,
    };
    let mut source = Counted { pieces: 3, read: 0 };
    let reader = FileSource::Reader(&mut source);
    match parts.hand_out(job, &file, reader).await.unwrap() {
        Some(handed_out) => {
            assert!(handed_out.url.contains(':'), "a whole address");
            assert!(source.read > source.pieces, "read to its end");
        }
        None => assert_eq!(source.read, 0, "left for whoever streams it"),
    }
}

/// What the address leads to is for the adapters' own tests.
async fn joins_what_is_there(parts: &dyn Parts, job: &JobId) {
    let file = FileLabel {
        name: format!("{job}.json"),
        media_type: "application/json",
        kept_until: None,
    };
    let mut sections = vec![
        Section::Text(b"[".to_vec()),
        Section::Part("large".to_owned()),
        Section::Part("empty".to_owned()),
        Section::Text(b"]".to_vec()),
    ];
    let source = FileSource::Sections(&sections);
    let whole = parts.hand_out(job, &file, source).await.unwrap();
    sections.push(Section::Part("never written".to_owned()));
    let source = FileSource::Sections(&sections);
    let missing = parts.hand_out(job, &file, source).await;
    match whole {
        Some(handed_out) => {
            assert!(handed_out.url.contains(':'), "a whole address");
            assert!(missing.is_err(), "a file with a gap is none");
        }
        None => assert_eq!(missing.unwrap(), None, "left for whoever streams it"),
    }
}

async fn write(parts: &dyn Parts, job: &JobId, name: &str, pieces: &[&[u8]]) {
    let mut part = parts.create(job, name).await.unwrap();
    for piece in pieces {
        part.write(piece).await.unwrap();
    }
    part.finish().await.unwrap();
}

async fn whole(parts: &dyn Parts, job: &JobId, name: &str) -> Option<Vec<u8>> {
    let mut part = parts.open(job, name).await.unwrap()?;
    let mut whole = Vec::new();
    while let Some(piece) = part.read().await.unwrap() {
        whole.extend_from_slice(&piece);
    }
    Some(whole)
}
