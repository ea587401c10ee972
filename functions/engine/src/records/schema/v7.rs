//! Schema 7, the first in which is kept what mails are about.

use bulkhead_shared::ids::ItemId;
use serde::{Deserialize, Serialize};

use super::numbers;
use crate::records::classes::{KeptClass, KeptClasses};
use crate::records::pack::Unreadable;

/// Columns rather than rows: what is alike stands side by side, and deflates to a few bytes a mail.
#[derive(Serialize, Deserialize)]
pub(super) struct Classes {
    ids: Vec<ItemId>,
    /// Number of the class plus one.
    classes: Vec<u8>,
    percents: Vec<Option<u8>>,
    told_by: Vec<u8>,
    /// Unix seconds.
    at: Vec<i64>,
}

impl From<&KeptClasses> for Classes {
    fn from(kept: &KeptClasses) -> Self {
        let mails = || kept.mails.values();
        Self {
            ids: kept.mails.keys().cloned().collect(),
            classes: mails().map(|mail| mail.class as u8 + 1).collect(),
            percents: mails().map(|mail| mail.percent).collect(),
            told_by: mails().map(|mail| numbers::of_told_by(mail.by)).collect(),
            at: mails().map(|mail| mail.at).collect(),
        }
    }
}

impl TryFrom<Classes> for KeptClasses {
    type Error = Unreadable;
    fn try_from(stored: Classes) -> Result<Self, Unreadable> {
        let damaged = |what| Unreadable::Damaged(what, None);
        let count = stored.ids.len();
        let lengths = [
            stored.classes.len(),
            stored.percents.len(),
            stored.told_by.len(),
            stored.at.len(),
        ];
        if lengths.iter().any(|length| *length != count) {
            return Err(damaged("it has not one for each mail"));
        }
        let columns = stored
            .ids
            .into_iter()
            .zip(stored.classes)
            .zip(stored.percents)
            .zip(stored.told_by)
            .zip(stored.at);
        let mails = columns.map(|((((id, class), percent), by), at)| {
            let class = numbers::class(class)?.ok_or(damaged("a mail has no class"))?;
            let by = numbers::told_by(by)?;
            let kept = KeptClass {
                class,
                percent,
                by,
                at,
            };
            Ok((id, kept))
        });
        Ok(Self {
            mails: mails.collect::<Result<_, Unreadable>>()?,
        })
    }
}
