//! A thousand items of the longest ids, the most flags and states of 20 KB: no row is too large for the
//! table, everything comes back as it was, and what could not be stored is never touched.

use bulkhead_engine::jobs::{children, preview};
use bulkhead_engine::kinds::mail::Place;
use bulkhead_engine::kinds::{self, ItemState};
use bulkhead_engine::ports::{Row, Table};
use bulkhead_engine::records::schema::Packable;
use bulkhead_engine::records::store::{load_packed, packed_rows};
use bulkhead_engine::records::{Back, Ending, Entry, Manifest, Prior, Seen};
use bulkhead_engine::testing::mailbox::{Mail, MemoryMailbox};
use bulkhead_engine::testing::memory::MemoryTable;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::testing::table::key;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use futures::executor::block_on;
use jiff::Timestamp;

/// DynamoDB's limit for an item, keys and names of attributes included.
const ITEM_BYTES_MOST: usize = 400 * 1024;
/// Items of a chunk.
const ITEMS: u64 = 1_000;
/// Mails of a whole job: few, because each is looked for among all of them, and enough for several rows.
const MAILS: u64 = 60;

/// Text of this length that hardly gets smaller by packing, another one for each seed (xorshift64).
fn noise(seed: u64, bytes: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'0' + (state % 64) as u8)
    };
    (0..bytes).map(|_| next()).collect()
}

/// 20 KB: a folder with a long name, and 195 flags of 100 bytes.
fn large_place(item: u64) -> Place {
    Place {
        folder: format!("INBOX/{}", noise(item, 494)),
        flags: (0..195)
            .map(|flag| noise(item * 1_000 + flag, 100))
            .collect(),
    }
}

fn bytes(row: &Row) -> usize {
    // Names of attributes, times and version: far below 200 bytes.
    row.body.len() + row.key.partition.len() + row.key.sort.len() + 200
}

/// Stores it, each of its rows small enough, and reads it back.
async fn fits<T: Packable + PartialEq>(record: &T, pieces: usize) {
    let first = key("und_01arz3ndektsv4rrffq69g5fav", "UNDO#000000#BEFORE");
    let rows = packed_rows(first.clone(), record, Timestamp::UNIX_EPOCH).unwrap();
    assert!(rows.pieces.len() >= pieces, "{} pieces", rows.pieces.len());
    let table = MemoryTable::new();
    for row in rows.into_rows() {
        assert!(bytes(&row) < ITEM_BYTES_MOST, "{}", row.key.sort);
        table.put_many(vec![row]).await.unwrap();
    }
    let found: T = load_packed(&table, first).await.unwrap().unwrap();
    assert!(found == *record);
}

fn largest_id(item: u64) -> ItemId {
    noise(item, 512).parse().unwrap()
}

#[test]
fn a_thousand_of_the_largest_items_are_stored_and_come_back() {
    block_on(async {
        let items = (0..ITEMS).map(|item| Entry {
            id: largest_id(item),
            seen: Seen::At(Some(item.into())),
            input: None,
        });
        let back = (0..ITEMS).map(|item| Back {
            left: kinds::State::Mail(large_place(item)),
            prior: kinds::State::Mail(large_place(item + ITEMS)),
        });
        let manifest = Manifest {
            items: items.collect(),
            back: back.collect(),
        };
        fits(&manifest, 50).await;
        let priors = manifest.back.into_iter().zip(0..).map(|(back, item)| {
            let state = ItemState {
                state: back.prior,
                version: Some(item.into()),
                identity: Some(item),
            };
            let id = Some(largest_id(item));
            Some(Prior { id, state })
        });
        let priors: Vec<Option<Prior>> = priors.collect();
        fits(&priors, 30).await;
        let ending = Ending {
            outcome: Outcome::Failed,
            reason: Some(ItemReason::NoAnswer),
            at: i64::MIN,
            began: Some(i64::MIN),
        };
        fits(&vec![Some(ending); ITEMS as usize], 0).await;
    });
}

fn mailbox(places: impl Iterator<Item = Place>) -> MemoryMailbox {
    let mails = (1..).zip(places).map(|(identity, place)| Mail {
        identity,
        uid: identity,
        place,
        version: identity,
        touched: 0,
        tag: None,
        received: None,
    });
    MemoryMailbox::of(mails).with(|abilities| {
        abilities.call_items = 1_000;
        abilities.batch_size = 1_000;
        abilities.parallel_chunks = 1;
        abilities.item_bytes = 1;
    })
}

#[test]
fn a_job_on_the_largest_items_runs_and_is_taken_back() {
    block_on(async {
        let stage = Stage::new(mailbox((1..=MAILS).map(large_place)))
            .await
            .unwrap();
        let before = stage.mailbox.places();
        let options = JobOptions {
            batch_size: Some(1_000),
            ..JobOptions::default()
        };
        let archived = stage
            .complete(
                Operation::Archive(Archive {}),
                stage.these(1..=MAILS),
                options,
            )
            .await
            .unwrap();
        assert_eq!(
            (archived.state, archived.counts.succeeded),
            (State::Completed, MAILS)
        );
        let undone = stage.undo(&archived.id).await.unwrap();
        assert_eq!(
            (undone.state, undone.counts.succeeded),
            (State::Completed, MAILS)
        );
        assert!(stage.mailbox.places() == before);
        let rows = stage.table.rows();
        assert!(rows.iter().any(|row| row.key.sort.contains("#P001")));
        assert!(rows.iter().all(|row| bytes(row) < ITEM_BYTES_MOST));
    });
}

#[test]
fn what_is_too_large_to_be_stored_is_not_touched() {
    block_on(async {
        too_large_at(JobOptions::default()).await;
        // Each in a call of its own, after what those before it were is stored.
        let one_by_one = JobOptions {
            batch_size: Some(1),
            delay_between_batches: Some(1.0),
            ..JobOptions::default()
        };
        too_large_at(one_by_one).await;
    });
}

async fn too_large_at(options: JobOptions) {
    // Two of them fit into a chunk.
    let huge = |item| Place {
        folder: "INBOX".to_owned(),
        flags: [format!("{item}{}", "x".repeat(10_000_000))].into(),
    };
    let stage = Stage::new(mailbox((1..=3).map(huge))).await.unwrap();
    let job = stage.archived(options).await.unwrap();
    assert_eq!((job.counts.succeeded, job.counts.failed), (2, 1));
    let reason = job.reasons.first().unwrap();
    assert_eq!(
        (reason.outcome, reason.reason),
        (Outcome::Failed, ItemReason::TooLarge)
    );
    let touched: Vec<u32> = stage
        .mailbox
        .mails()
        .iter()
        .map(|mail| mail.touched)
        .collect();
    assert_eq!(touched, [1, 1, 0]);
    let undone = stage.undo(&job.id).await.unwrap();
    assert_eq!(undone.counts.succeeded, 2);
}

#[test]
fn what_a_provider_makes_far_larger_than_asked_for_is_done_all_the_same() {
    block_on(async {
        let small = |item| Place {
            folder: "INBOX".to_owned(),
            flags: [format!("flag{item}")].into(),
        };
        let stage = Stage::new(mailbox((1..=4).map(small))).await.unwrap();
        // Each of them more than any record holds.
        stage.mailbox.trouble(|trouble| {
            trouble.grow = [(2, 60_000_000), (3, 60_000_000)].into();
        });
        let job = stage.archived(JobOptions::default()).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 4));
        let mails = stage.mailbox.mails();
        assert!(mails.iter().all(|mail| mail.touched == 1));
        // Those cannot be taken back, and that is said; the others can.
        let undo = children::undo(&stage.ports, &stage.user, &job.id).await;
        let undo = undo.unwrap();
        stage.run().await.unwrap();
        let shown = preview::preview(&stage.ports, &stage.user, &undo).await;
        let shown = shown.unwrap();
        let left_out = "2 more mails are left out and will stay as is";
        let reasons = &shown.risk.reasons;
        assert!(
            reasons.iter().any(|it| it.starts_with(left_out)),
            "{reasons:?}"
        );
        assert_eq!(shown.total, 2);
        stage.confirm(&undo).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&undo).await.unwrap().counts.succeeded, 2);
    });
}
