//! What every [`Ledger`] has to do; adapters run [`conforms`] in their tests.
#![allow(clippy::unwrap_used)]

use bulkhead_shared::ids::JobId;
use jiff::Timestamp;

use crate::ports::{Ledger, Note};

/// A note, whose hash follows from number and place.
pub fn note(number: u64, place: u32) -> Note {
    let byte = (number + u64::from(place)).to_le_bytes()[0];
    Note {
        number,
        place,
        sha256: [byte; 32],
    }
}

/// Runs the whole suite on an empty adapter.
pub async fn conforms(ledger: &dyn Ledger) {
    let job = JobId::new("snd", Timestamp::constant(1_778_846_400, 0), 1);
    let other = JobId::new("snd", Timestamp::constant(1_778_846_400, 0), 2);
    assert_eq!(ledger.read(&job, 0).await.unwrap(), [], "nothing yet");
    let first: Vec<Note> = (1..=3).map(|number| note(number, 7)).collect();
    ledger.note(&job, 0, &first).await.unwrap();
    ledger.note(&job, 0, &[]).await.unwrap();
    assert_eq!(ledger.read(&job, 0).await.unwrap(), first);
    assert_eq!(ledger.read(&job, 1).await.unwrap(), [], "chunks are apart");
    assert_eq!(ledger.read(&other, 0).await.unwrap(), [], "jobs are apart");
    // What is noted twice is there, and so is what has the number of another: it was given twice, by a table
    // that was put back.
    let again = [note(3, 7), note(3, 8)];
    ledger.note(&job, 0, &again).await.unwrap();
    let mut kept = ledger.read(&job, 0).await.unwrap();
    kept.dedup();
    assert_eq!(kept, [first[0], first[1], note(3, 7), note(3, 8)]);
    // More than one page of any listing.
    let many: Vec<Note> = (1..=1_200).map(|number| note(number, 0)).collect();
    for some in many.chunks(100) {
        ledger.note(&other, 12, some).await.unwrap();
    }
    assert_eq!(ledger.read(&other, 12).await.unwrap(), many);
    assert_eq!(ledger.read(&other, 1).await.unwrap(), [], "12 is not 1");
}
