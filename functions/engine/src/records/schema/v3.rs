//! Schema 3, in which manifests are written today: an entry may have an input. Everything else is as in
//! schema 2.

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
