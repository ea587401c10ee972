//! Pages of contacts out of all that match: by name, then by id.

use bulkhead_engine::ports::{ContactPage, ContactRow};

/// The page after `cursor`, which names the last row of the one before: rows that came or went meanwhile
/// make no other row be missed or come twice.
pub(crate) fn page(mut rows: Vec<ContactRow>, cursor: Option<&str>, limit: u32) -> ContactPage {
    rows.sort_by_cached_key(key);
    let total = rows.len() as u64;
    if let Some(cursor) = cursor {
        rows.retain(|row| key(row).as_str() > cursor);
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX).max(1);
    let is_last = rows.len() <= limit;
    rows.truncate(limit);
    ContactPage {
        next: rows.last().filter(|_| !is_last).map(key),
        rows,
        total,
    }
}

fn key(row: &ContactRow) -> String {
    format!("{}\n{}", row.shown.title.to_lowercase(), row.id)
}
