//! What is stored of mails that wait: read and written.

use std::collections::BTreeMap;

use bulkhead_shared::ids::AccountId;

use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Row, Span, Table, Write};
use crate::records::pack::{continued, unpack};
use crate::records::store::{Stored, packed_rows, read_text};
use crate::records::{FilingRecord, WaitingChunk, names};
use crate::unreadable::Unreadable;

/// What the name of a row has in it in which another one goes on.
const PIECE: &str = "#P";

/// A chunk of the queue with its row.
pub(super) struct Chunk {
    pub(super) key: Key,
    pub(super) stored: Stored<WaitingChunk>,
    /// When its row ends.
    pub(super) expires: Option<jiff::Timestamp>,
}

/// All chunks of an account's queue, those of the latest job first; and how many cannot be read.
pub(super) async fn chunks(
    table: &dyn Table,
    account: &AccountId,
) -> Result<(Vec<Chunk>, u64), Error> {
    let from = names::WAITING_FROM.to_owned();
    let rows = table.range(&span(account, from)).await?;
    let (pieces, heads): (Vec<Row>, Vec<Row>) = rows
        .into_iter()
        .partition(|row| row.key.sort.contains(PIECE));
    let pieces = pieces.into_iter().map(|row| (row.key.sort, row.body));
    let pieces: BTreeMap<String, Vec<u8>> = pieces.collect();
    let mut chunks = Vec::with_capacity(heads.len());
    let mut unreadable = 0;
    for head in heads.into_iter().rev() {
        match read(&head, &pieces) {
            Ok(record) => chunks.push(Chunk {
                stored: Stored {
                    record,
                    version: head.version,
                },
                key: head.key,
                expires: head.expires,
            }),
            Err(_) => unreadable += 1,
        }
    }
    Ok((chunks, unreadable))
}

fn span(account: &AccountId, from: String) -> Span {
    Span {
        partition: names::review_partition(account),
        to: format!("{from}~"),
        from,
        reverse: false,
        limit: None,
    }
}

fn read(head: &Row, pieces: &BTreeMap<String, Vec<u8>>) -> Result<WaitingChunk, Unreadable> {
    let (count, stamp) = continued(&head.body);
    let named = (1..=count).map(|piece| names::piece(&head.key, &stamp, piece).sort);
    let found: Vec<Vec<u8>> = named
        .filter_map(|sort| pieces.get(&sort).cloned())
        .collect();
    unpack(&head.body, &found)
}

/// One chunk as it is now; none if it is gone.
pub(super) async fn chunk(ports: &Ports, key: &Key) -> Result<Option<Chunk>, Error> {
    let table = ports.table.as_ref();
    let Some(head) = table.get(key).await? else {
        return Ok(None);
    };
    let record = crate::records::store::load_packed(table, key.clone()).await?;
    Ok(record.map(|record| Chunk {
        stored: Stored {
            record,
            version: head.version,
        },
        key: head.key,
        expires: head.expires,
    }))
}

/// Stores a chunk that was not there. One that was filed already stays as it is: somebody may have decided since.
pub(super) async fn put_new(ports: &Ports, key: Key, record: &WaitingChunk) -> Result<(), Error> {
    let rows = packed_rows(key, record, ports.clock.now())?;
    ports.table.put_many(rows.pieces).await?;
    let written = ports
        .table
        .write(vec![Write::Put(rows.head, Expect::Absent)]);
    match written.await.map_err(Error::from) {
        Err(error) if error.is_conflict() => Ok(()),
        written => written,
    }
}

/// Stores a chunk in place of what it was when it was read. It ends when it would have ended.
pub(super) async fn put(ports: &Ports, chunk: &Chunk) -> Result<(), Error> {
    let Chunk {
        key,
        stored,
        expires,
    } = chunk;
    let rows = packed_rows(key.clone(), &stored.record, ports.clock.now())?;
    let as_long = |row| Row {
        expires: *expires,
        ..row
    };
    let pieces = rows.pieces.into_iter().map(as_long);
    ports.table.put_many(pieces.collect()).await?;
    let head = Row {
        version: stored.version + 1,
        expires: *expires,
        ..rows.head
    };
    let write = Write::Put(head, Expect::Version(stored.version));
    Ok(ports.table.write(vec![write]).await?)
}

/// How many jobs have ended whose proposals are still to be filed. Those that only tell what mails are about have none.
pub(super) async fn filings(table: &dyn Table, account: &AccountId) -> Result<u64, Error> {
    let from = names::FILINGS_FROM.to_owned();
    let rows = table.range(&span(account, from)).await?;
    let mut open = 0;
    for row in &rows {
        let filing: Stored<FilingRecord> = read_text(row)?;
        open += u64::from(filing.record.proposes && !filing.record.done);
    }
    Ok(open)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bulkhead_shared::api::Why;
    use bulkhead_shared::hash::sha256_hex;
    use bulkhead_shared::ids::JobId;
    use bulkhead_shared::proposal::Proposal;
    use futures::executor::block_on;
    use jiff::Timestamp;

    use super::*;
    use crate::ports::Clock;
    use crate::records::store::content_expiry;
    use crate::records::{Settled, WaitingMail};
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;

    /// More than fits a row, however it is packed.
    #[test]
    fn what_goes_on_in_further_rows_ends_when_it_would_have_ended() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            let (ports, account) = (&stage.ports, &stage.account);
            let job = JobId::new("prc", Timestamp::UNIX_EPOCH, 1);
            let because = (0..14_000_u32).map(|number| sha256_hex(&number.to_be_bytes()));
            let mut record = WaitingChunk {
                job: job.clone(),
                at: 0,
                mails: vec![WaitingMail {
                    id: "INBOX.1".parse().unwrap(),
                    class: None,
                    percent: 0,
                    proposal: Proposal::Review,
                    why: Why::Failed,
                    because: because.collect(),
                    settled: None,
                }],
            };
            let key = names::waiting_mails(account, &job, 0);
            let expires = Some(content_expiry(stage.clock.now()));
            put_new(ports, key.clone(), &record).await.unwrap();
            stage.clock.advance(Duration::from_secs(3_600));
            let mut chunk = chunk(ports, &key).await.unwrap().unwrap();
            record.mails[0].settled = Some(Settled::Dismissed);
            chunk.stored.record = record.clone();
            put(ports, &chunk).await.unwrap();
            let span = span(account, names::WAITING_FROM.to_owned());
            let rows = ports.table.range(&span).await.unwrap();
            let pieces = rows.iter().filter(|row| row.key.sort.contains(PIECE));
            assert_eq!((rows.len(), pieces.count()), (5, 4), "of both writes");
            assert!(rows.iter().all(|row| row.expires == expires), "{expires:?}");
            let (read, unreadable) = chunks(&*ports.table, account).await.unwrap();
            assert_eq!((read.len(), unreadable), (1, 0));
            assert_eq!(
                (&read[0].stored.record, read[0].stored.version),
                (&record, 2)
            );
        });
    }
}
