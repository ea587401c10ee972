//! Files come to be kept, and a draft makes sure that they are.

use std::collections::BTreeMap;

use bulkhead_shared::api::{KeptFile, KeptFiles};
use bulkhead_shared::attached_file::AttachedFile;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Operation, OperationSpec};
use bulkhead_shared::problem::Invalid;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::access::Owned;
use crate::audit::{self, Fact};
use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Row, Span, Table, Write};
use crate::records::store::{read_text, text_row};
use crate::records::{AccountRecord, FileRecord, names};

/// Bytes of a file in one row: with its frame below what a row may have.
const PIECE_BYTES: usize = 350_000;
/// Hours.
const DAY: i64 = 24;

/// Keeps files for an account's mails. One that is kept already is kept as long as a new one.
pub async fn keep(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    files: &[&[u8]],
) -> Result<KeptFiles, Error> {
    let id = &account.get().id;
    let now = ports.clock.now();
    let until = now + SignedDuration::from_hours(DAY * limits::ATTACHMENT_DAYS);
    let known = known(ports.table.as_ref(), id, now).await?;
    let mut new: BTreeMap<String, &[u8]> = BTreeMap::new();
    let mut told = Vec::with_capacity(files.len());
    for (place, file) in files.iter().enumerate() {
        check(place, file)?;
        let sha256 = sha256_hex(file);
        told.push(KeptFile {
            bytes: file.len() as u64,
            sha256: sha256.clone(),
        });
        new.insert(sha256, file);
    }
    let others = known
        .iter()
        .filter(|(sha256, _)| !new.contains_key(*sha256));
    let kept: u64 = others.map(|(_, record)| record.bytes).sum();
    let bytes: u64 = new.values().map(|file| file.len() as u64).sum();
    if kept + bytes > limits::ATTACHMENTS_KEPT_BYTES {
        let most = limits::ATTACHMENTS_KEPT_BYTES / 1_000_000;
        let text = format!(
            "{most} MB of files are kept for an account's mails, each for {} days; there is room for {} MB now.",
            limits::ATTACHMENT_DAYS,
            limits::ATTACHMENTS_KEPT_BYTES.saturating_sub(kept) / 1_000_000
        );
        return Err(Invalid::new("files", text).into());
    }
    for (sha256, file) in &new {
        put(ports.table.as_ref(), id, sha256, file, until).await?;
    }
    let fact = Fact {
        event: "files_kept".to_owned(),
        job: None,
        account: Some(id),
        facts: json!({ "files": new.len(), "bytes": bytes }),
    };
    audit::record(ports, user, fact, Vec::new()).await?;
    Ok(KeptFiles { files: told, until })
}

fn check(place: usize, file: &[u8]) -> Result<(), Invalid> {
    let field = format!("files[{place}]");
    match file.len() {
        0 => Err(Invalid::new(field, "It is empty.")),
        length if length > limits::ATTACHMENT_BYTES => {
            let most = limits::ATTACHMENT_BYTES / 1_000_000;
            Err(Invalid::new(
                field,
                format!("A file has at most {most} MB."),
            ))
        }
        _ => Ok(()),
    }
}

/// Stores a file. Its bytes come first: nobody reads them before the row that names them is there.
async fn put(
    table: &dyn Table,
    account: &AccountId,
    sha256: &str,
    file: &[u8],
    until: Timestamp,
) -> Result<(), Error> {
    let row = |key: Key, body: &[u8]| Row {
        key,
        version: 1,
        body: body.to_vec(),
        expires: Some(until),
        listing: None,
        due: None,
    };
    let pieces = (0..).zip(file.chunks(PIECE_BYTES));
    let pieces = pieces.map(|(piece, bytes)| row(names::file_piece(account, sha256, piece), bytes));
    table.put_many(pieces.collect()).await?;
    let record = FileRecord {
        bytes: file.len() as u64,
        until,
    };
    let head = text_row(names::file(account, sha256), 1, &record, Some(until))?;
    Ok(table
        .write(vec![Write::Put(head, Expect::Anything)])
        .await?)
}

/// The files of an account that are kept now, by their hashes.
async fn known(
    table: &dyn Table,
    account: &AccountId,
    now: Timestamp,
) -> Result<BTreeMap<String, FileRecord>, Error> {
    let span = Span {
        partition: names::files_partition(account),
        from: names::FILES_FROM.to_owned(),
        to: format!("{}~", names::FILES_FROM),
        reverse: false,
        limit: None,
    };
    let rows = table.range(&span).await?;
    let named = rows.iter().map(|row| {
        let sha256 = row.key.sort.strip_prefix(names::FILES_FROM);
        let record: FileRecord = read_text(row)?.record;
        Ok((sha256.unwrap_or_default().to_owned(), record))
    });
    let mut known = named.collect::<Result<BTreeMap<_, _>, Error>>()?;
    known.retain(|_, record| record.until > now);
    Ok(known)
}

/// Refuses to draft mails whose files are not kept, or not for long enough.
pub(crate) async fn check_kept(
    ports: &Ports,
    account: &AccountId,
    operation: &Operation,
) -> Result<(), Error> {
    let Operation::BulkSend(send) = operation else {
        return Ok(());
    };
    if send.attachments.is_empty() && send.files.is_empty() {
        return Ok(());
    }
    let now = ports.clock.now();
    let needed = SignedDuration::from_hours(DAY * limits::ATTACHMENT_DAYS_LEFT);
    let needed = send.begins(now) + needed;
    let known = known(ports.table.as_ref(), account, now).await?;
    let is_kept = |file: &AttachedFile| {
        let record = known.get(&file.sha256);
        record.is_some_and(|record| record.bytes == file.bytes && record.until >= needed)
    };
    for (field, files) in [("attachments", &send.attachments), ("files", &send.files)] {
        if let Some(place) = files.iter().position(|file| !is_kept(file)) {
            let name = files.get(place).map_or("", |file| file.name.as_str());
            let text = format!(
                "“{name}” is not kept for this account, or not long enough: upload it again."
            );
            return Err(Invalid::new(format!("operation.{field}[{place}]"), text).into());
        }
    }
    Ok(())
}
