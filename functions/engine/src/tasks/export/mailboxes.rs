//! What a directory knows of mailboxes, in a file.

use bulkhead_shared::csv::{Cell, write_row};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::{Guid, Mailbox, Status};
use bulkhead_shared::operations::MailboxFormat;
use bulkhead_shared::outcome::ItemReason;

use super::file::File;
use crate::error::Error;
use crate::ports::{CallError, MailboxStore, PartsError};

/// The columns of a CSV. The first is the one that a recovery reads.
const COLUMNS: [&str; 15] = [
    "source_guid",
    "status",
    "upn",
    "smtp",
    "display_name",
    "first_name",
    "last_name",
    "department",
    "company",
    "messages",
    "bytes",
    "quota_bytes",
    "on_hold",
    "deleted_at",
    "retained_until",
];

/// Writes these mailboxes.
pub(super) async fn write(
    mailboxes: &dyn MailboxStore,
    format: MailboxFormat,
    ids: &[ItemId],
    file: &mut File,
) -> Result<Result<(), CallError>, Error> {
    let named: Vec<(usize, Guid)> = (0..)
        .zip(ids)
        .filter_map(|(index, id)| Some((index, Guid::of_item(id)?)))
        .collect();
    let guids: Vec<Guid> = named.iter().map(|(_, guid)| guid.clone()).collect();
    let found = match mailboxes.look(&guids).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    (0..ids.len()).for_each(|index| file.set(index, Err(ItemReason::Missing)));
    let mut out = Vec::new();
    for ((index, _), mailbox) in named.into_iter().zip(found) {
        let Some(mailbox) = mailbox else { continue };
        match format {
            MailboxFormat::Csv => row(&mailbox, &mut out),
            MailboxFormat::Json => {
                if !file.is_first() {
                    out.extend(b",\n");
                }
                let object = serde_json::to_vec(&mailbox);
                out.extend(object.map_err(|error| PartsError(error.into()))?);
            }
        }
        file.set(index, Ok(()));
    }
    file.write(&out).await?;
    Ok(Ok(()))
}

/// The row of headers.
pub(super) fn header() -> Vec<u8> {
    let mut out = Vec::new();
    write_row(&mut out, COLUMNS.iter().map(|name| (*name).into()));
    out
}

fn row(mailbox: &Mailbox, out: &mut Vec<u8>) {
    let profile = &mailbox.profile;
    let (status, deleted_at, retained_until) = match mailbox.status {
        Status::Active => ("active", None, None),
        Status::Inactive {
            deleted_at,
            retained_until,
        } => ("inactive", deleted_at, retained_until),
    };
    let number = |number: Option<u64>| number.map_or(Cell::from(""), Cell::from);
    let time = |time: Option<jiff::Timestamp>| {
        Cell::from(time.map(|time| time.to_string()).unwrap_or_default())
    };
    let cells: [Cell<'_>; COLUMNS.len()] = [
        mailbox.guid.as_str().into(),
        status.into(),
        profile.upn.as_str().into(),
        profile.smtp.as_str().into(),
        profile.display_name.as_str().into(),
        profile.first_name.as_str().into(),
        profile.last_name.as_str().into(),
        profile.department.as_str().into(),
        profile.company.as_str().into(),
        number(mailbox.items),
        number(mailbox.bytes),
        number(mailbox.quota_bytes),
        if mailbox.on_hold { "yes" } else { "no" }.into(),
        time(deleted_at),
        time(retained_until),
    ];
    write_row(out, cells);
}
