//! Schema 3, in which manifests are written today: an entry may have an input; and the first in which
//! something is computed. Everything else is as in schema 2.

use bulkhead_shared::outcome::ItemResult;
use serde::{Deserialize, Serialize};

use super::bytes::Bytes;
use super::v2::{self, Backs};
use crate::records::items;
use crate::records::pack::{NotStorable, Unreadable};

#[derive(Serialize, Deserialize)]
pub(super) struct Manifest {
    entries: Vec<Entry>,
    back: Backs,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    entry: v2::Entry,
    input: Option<Bytes>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Results(Vec<Option<Found>>);

#[derive(Serialize, Deserialize)]
struct Found {
    class: String,
    percent: Option<u8>,
    detail: Option<String>,
}

impl From<Results> for Vec<Option<ItemResult>> {
    fn from(Results(stored): Results) -> Self {
        let result = |stored: Found| ItemResult {
            class: stored.class,
            percent: stored.percent,
            detail: stored.detail,
            about: None,
        };
        stored.into_iter().map(|it| it.map(result)).collect()
    }
}

impl TryFrom<&items::Manifest> for Manifest {
    type Error = NotStorable;
    fn try_from(manifest: &items::Manifest) -> Result<Self, NotStorable> {
        let entries = manifest.items.iter().map(|entry| Entry {
            entry: entry.into(),
            input: entry.input.clone().map(Bytes),
        });
        Ok(Self {
            entries: entries.collect(),
            back: Backs::of(&manifest.back)?,
        })
    }
}

impl TryFrom<Manifest> for items::Manifest {
    type Error = Unreadable;
    fn try_from(Manifest { entries, back }: Manifest) -> Result<Self, Unreadable> {
        let entries = entries.into_iter().map(|stored| {
            let entry = items::Entry::try_from(stored.entry)?;
            let input = stored.input.map(|Bytes(input)| input);
            Ok(items::Entry { input, ..entry })
        });
        Ok(Self {
            items: entries.collect::<Result<_, Unreadable>>()?,
            back: back.into_ways()?,
        })
    }
}
