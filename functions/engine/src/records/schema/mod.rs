//! How records are put into bytes, and how the bytes of every schema ever released are read.
//!
//! A schema is a set of types of their own, apart from those the program works with, so that neither
//! a new field nor a new variant changes by accident what is stored. Once released it never
//! changes: something else to be stored is a new schema with a module of its own, a number at
//! [`Packable::SCHEMA`], an arm in [`Packable::decode`], and the row it writes among the golden files.

mod bytes;
mod numbers;
mod v1;
mod v2;
mod v3;
mod v4;
mod v5;
mod v6;
mod v7;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemResult;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::classes::KeptClasses;
use super::items::{After, Ending, Manifest, Prior};
use super::pack::{Newer, NotStorable, Unreadable};
use super::review::WaitingChunk;
use super::scan::ScannedFolder;

/// Kinds of packed rows, by the number that stands in their header. A number that was used once is
/// never used for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum RowKind {
    /// A chunk's frozen items.
    Manifest = 1,
    /// Items that a query's selection leaves out.
    Except = 2,
    /// Places of items that left between preview and confirmation.
    Left = 3,
    /// What a chunk's items were before they were touched.
    Prior = 4,
    /// What they were right after.
    After = 5,
    /// How they ended.
    Outcomes = 6,
    /// What was found of them.
    Results = 7,
    /// The headers of a folder.
    Headers = 8,
    /// Mails that wait for a person.
    Waiting = 9,
    /// What mails are about.
    Classes = 10,
}

/// A record that is stored packed.
pub trait Packable: Sized {
    /// Its kind of row.
    const KIND: RowKind;
    /// The schema it is written in today.
    const SCHEMA: u8;
    /// Its bytes in the schema of today.
    fn encode(&self) -> Result<Vec<u8>, NotStorable>;
    /// The record from bytes of any schema that was ever released.
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable>;
}

impl Packable for Manifest {
    const KIND: RowKind = RowKind::Manifest;
    const SCHEMA: u8 = 3;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        write(&v3::Manifest::try_from(self)?)
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        match schema {
            1 => read::<v1::Manifest>(bytes)?.try_into(),
            2 => read::<v2::Manifest>(bytes)?.try_into(),
            3 => read::<v3::Manifest>(bytes)?.try_into(),
            other => Err(unknown(Self::KIND, other)),
        }
    }
}

impl Packable for Vec<ItemId> {
    const KIND: RowKind = RowKind::Except;
    const SCHEMA: u8 = 2;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        write(&v2::Except::from(self.as_slice()))
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        match schema {
            1 | 2 => read::<v2::Except>(bytes)?.try_into(),
            other => Err(unknown(Self::KIND, other)),
        }
    }
}

impl Packable for Vec<u32> {
    const KIND: RowKind = RowKind::Left;
    const SCHEMA: u8 = 2;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        write(&v2::Left {
            places: self.clone(),
        })
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        match schema {
            1 | 2 => Ok(read::<v2::Left>(bytes)?.places),
            other => Err(unknown(Self::KIND, other)),
        }
    }
}

impl Packable for Vec<Option<Prior>> {
    const KIND: RowKind = RowKind::Prior;
    const SCHEMA: u8 = 2;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        let states = self
            .iter()
            .map(|prior| prior.as_ref().map(|prior| (&prior.id, &prior.state)));
        write(&v2::States::of(states)?)
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        let found = states(Self::KIND, schema, bytes)?.into_iter();
        Ok(found
            .map(|found| found.map(|(id, state)| Prior { id, state }))
            .collect())
    }
}

impl Packable for Vec<Option<After>> {
    const KIND: RowKind = RowKind::After;
    const SCHEMA: u8 = 2;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        let states = self
            .iter()
            .map(|after| after.as_ref().map(|after| (&after.id, &after.state)));
        write(&v2::States::of(states)?)
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        let found = states(Self::KIND, schema, bytes)?.into_iter();
        Ok(found
            .map(|found| found.map(|(id, state)| After { id, state }))
            .collect())
    }
}

fn states(kind: RowKind, schema: u8, bytes: &[u8]) -> Result<v2::Found, Unreadable> {
    match schema {
        1 => read::<v1::States>(bytes)?.into_found(),
        2 => read::<v2::States>(bytes)?.into_found(),
        other => Err(unknown(kind, other)),
    }
}

impl Packable for Vec<Option<Ending>> {
    const KIND: RowKind = RowKind::Outcomes;
    const SCHEMA: u8 = 5;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        write(&v5::Outcomes::from(self.as_slice()))
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        match schema {
            // The numbers of schema 2 are the places that the variants had in schema 1.
            1 | 2 => read::<v2::Outcomes>(bytes)?.into_endings(),
            5 => read::<v5::Outcomes>(bytes)?.into_endings(),
            other => Err(unknown(Self::KIND, other)),
        }
    }
}

impl Packable for Vec<Option<ItemResult>> {
    const KIND: RowKind = RowKind::Results;
    const SCHEMA: u8 = 6;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        write(&v6::Results::from(self.as_slice()))
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        match schema {
            3 => Ok(read::<v3::Results>(bytes)?.into()),
            6 => Ok(read::<v6::Results>(bytes)?.into()),
            other => Err(unknown(Self::KIND, other)),
        }
    }
}

impl Packable for ScannedFolder {
    const KIND: RowKind = RowKind::Headers;
    const SCHEMA: u8 = 4;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        write(&v4::Headers::from(self))
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        match schema {
            4 => read::<v4::Headers>(bytes)?.try_into(),
            other => Err(unknown(Self::KIND, other)),
        }
    }
}

impl Packable for WaitingChunk {
    const KIND: RowKind = RowKind::Waiting;
    const SCHEMA: u8 = 6;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        write(&v6::Waiting::from(self))
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        match schema {
            6 => read::<v6::Waiting>(bytes)?.try_into(),
            other => Err(unknown(Self::KIND, other)),
        }
    }
}

impl Packable for KeptClasses {
    const KIND: RowKind = RowKind::Classes;
    const SCHEMA: u8 = 7;
    fn encode(&self) -> Result<Vec<u8>, NotStorable> {
        write(&v7::Classes::from(self))
    }
    fn decode(schema: u8, bytes: &[u8]) -> Result<Self, Unreadable> {
        match schema {
            7 => read::<v7::Classes>(bytes)?.try_into(),
            other => Err(unknown(Self::KIND, other)),
        }
    }
}

fn unknown(kind: RowKind, schema: u8) -> Unreadable {
    let kind = kind as u8;
    match schema {
        0 => Unreadable::Damaged("it has no schema", None),
        1..=7 => Unreadable::Damaged("there were no such rows in its schema", None),
        schema => Unreadable::Newer(Newer::Schema { kind, schema }),
    }
}

fn write<T: Serialize>(stored: &T) -> Result<Vec<u8>, NotStorable> {
    postcard::to_stdvec(stored).map_err(|error| NotStorable::Encoding(error.into()))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    match postcard::take_from_bytes(bytes) {
        Ok((stored, [])) => Ok(stored),
        Ok(_) => Err(Unreadable::Damaged("it goes on after its end", None)),
        Err(error) => Err(Unreadable::Damaged(
            "it cannot be taken apart",
            Some(error.into()),
        )),
    }
}

#[cfg(test)]
mod tests;
