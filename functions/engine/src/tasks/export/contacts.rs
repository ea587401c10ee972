//! Contacts in a file: their cards, or a row for each.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::ContactFormat;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::{Card, Version, table};

use super::file::{File, row_of};
use crate::error::Error;
use crate::ports::{CallError, ContactStore};

/// Writes these contacts.
pub(super) async fn write(
    contacts: &dyn ContactStore,
    format: ContactFormat,
    ids: &[ItemId],
    file: &mut File,
) -> Result<Result<(), CallError>, Error> {
    let states = match contacts.read(ids).await {
        Ok(states) => states,
        Err(error) => return Ok(Err(error)),
    };
    let mut out = Vec::new();
    for (index, contact) in states.into_iter().enumerate() {
        let Some(card) = contact.state else {
            file.set(index, Err(ItemReason::Missing));
            continue;
        };
        // What cannot be read cannot be written in another form without losing something of it.
        let Ok(card) = Card::read(&card) else {
            file.set(index, Err(ItemReason::Refused));
            continue;
        };
        match format {
            ContactFormat::Vcard4 => out.extend(card.exported(Version::V4_0)),
            ContactFormat::Vcard3 => out.extend(card.exported(Version::V3_0)),
            ContactFormat::Csv => {
                let cells = table::record(&card);
                out.extend(row_of(cells.iter().map(String::as_str))?);
            }
        }
        file.set(index, Ok(()));
    }
    file.write(&out).await?;
    Ok(Ok(()))
}

/// The row of headers.
pub(super) fn header() -> Result<Vec<u8>, Error> {
    row_of(table::HEADER.into_iter())
}
