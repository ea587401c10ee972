//! Mails in a file: whole ones, or their headers.

use bulkhead_shared::api::Item;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::ExportFormat;
use bulkhead_shared::outcome::ItemReason;

use super::file::{File, csv_row};
use crate::error::Error;
use crate::ports::{CallError, MailStore};

/// Writes these mails.
pub(super) async fn write(
    mail: &dyn MailStore,
    format: ExportFormat,
    ids: &[ItemId],
    file: &mut File,
) -> Result<Result<(), CallError>, Error> {
    match format {
        ExportFormat::Mbox => Ok(mail.fetch(ids, file).await),
        ExportFormat::Csv | ExportFormat::Json => headers(mail, ids, format, file).await,
    }
}

/// One row or object of headers for each item.
async fn headers(
    mail: &dyn MailStore,
    ids: &[ItemId],
    format: ExportFormat,
    file: &mut File,
) -> Result<Result<(), CallError>, Error> {
    let items = match mail.items(ids).await {
        Ok(items) => items,
        Err(error) => return Ok(Err(error)),
    };
    let mut out = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let Some(item) = item else {
            file.set(index, Err(ItemReason::Missing));
            continue;
        };
        if format == ExportFormat::Csv {
            out.extend(csv_row(&cells(&item))?);
        } else {
            if !file.is_first() {
                out.extend_from_slice(b",\n");
            }
            serde_json::to_writer(&mut out, &item)?;
        }
        file.set(index, Ok(()));
    }
    file.write(&out).await?;
    Ok(Ok(()))
}

/// The columns of a CSV of headers.
pub(super) const COLUMNS: [&str; 10] = [
    "date", "from", "to", "subject", "folder", "labels", "unread", "starred", "size", "id",
];

fn cells(item: &Item) -> [String; 10] {
    [
        item.date.to_string(),
        item.from.clone(),
        item.to.clone(),
        item.subject.clone(),
        item.folder.clone(),
        item.labels.join(" "),
        item.unread.to_string(),
        item.starred.to_string(),
        item.size.to_string(),
        item.id.to_string(),
    ]
}
