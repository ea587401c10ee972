//! A table in memory that is as strict as DynamoDB: what that refuses, this refuses too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::Timestamp;

use super::lock;
use crate::ports::{
    ATOMIC_WRITES_MOST, Due, DueShard, Expect, Key, Row, Span, Table, TableError, Write,
};

/// DynamoDB's limit for one item, keys and attribute names included; a little is left for those.
const BODY_BYTES_MOST: usize = 399 * 1024;

/// Rows in memory. Never drops an expired row: whoever reads has to look at the time.
#[derive(Debug, Default)]
pub struct MemoryTable {
    rows: Mutex<BTreeMap<Key, Row>>,
    busy_at: Mutex<Option<Key>>,
    unsharded: Mutex<BTreeSet<Key>>,
}

impl MemoryTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything in it, in the order of keys: for a test that compares before and after.
    pub fn rows(&self) -> Vec<Row> {
        lock(&self.rows).values().cloned().collect()
    }

    /// Everything is as it was in a backup, and nothing else is there.
    pub fn put_back(&self, backup: Vec<Row>) {
        let backup = backup.into_iter().map(|row| (row.key.clone(), row));
        *lock(&self.rows) = backup.collect();
    }

    /// This row cannot be read for now, until another one is named, or none.
    pub fn busy_at(&self, key: Option<Key>) {
        *lock(&self.busy_at) = key;
    }

    /// Every row that is due now counts as written before there were shards, until it is written again.
    pub fn unshard(&self) {
        let due = self.rows().into_iter().filter(|row| row.due.is_some());
        lock(&self.unsharded).extend(due.map(|row| row.key));
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        lock(&self.rows).len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[async_trait]
impl Table for MemoryTable {
    async fn get(&self, key: &Key) -> Result<Option<Row>, TableError> {
        check_key(key)?;
        if lock(&self.busy_at).as_ref() == Some(key) {
            return Err(TableError::Unavailable("busy".into()));
        }
        Ok(lock(&self.rows).get(key).cloned())
    }

    async fn range(&self, span: &Span) -> Result<Vec<Row>, TableError> {
        if span.from > span.to {
            return Ok(Vec::new());
        }
        let key = |sort: &str| Key {
            partition: span.partition.clone(),
            sort: sort.to_owned(),
        };
        let rows = lock(&self.rows);
        let found = rows.range(key(&span.from)..=key(&span.to)).map(|(_, r)| r);
        let most = span.limit.map_or(usize::MAX, |limit| limit as usize);
        Ok(if span.reverse {
            found.rev().take(most).cloned().collect()
        } else {
            found.take(most).cloned().collect()
        })
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), TableError> {
        if writes.len() > ATOMIC_WRITES_MOST {
            return Err(refused("more writes than can be atomic"));
        }
        check_once(writes.iter().map(Write::key))?;
        let mut rows = lock(&self.rows);
        for write in &writes {
            let (key, expect) = match write {
                Write::Put(row, expect) => {
                    check_row(row)?;
                    (&row.key, expect)
                }
                Write::Delete(key, expect) => (key, expect),
            };
            if !holds(*expect, rows.get(key)) {
                return Err(TableError::Conflict);
            }
            if let Write::Put(row, Expect::Version(_)) = write {
                check_version(row, rows.get(key))?;
            }
        }
        for write in writes {
            match write {
                Write::Put(row, _) => {
                    lock(&self.unsharded).remove(&row.key);
                    rows.insert(row.key.clone(), stored(row));
                }
                Write::Delete(key, _) => {
                    rows.remove(&key);
                }
            }
        }
        Ok(())
    }

    async fn put_many(&self, new: Vec<Row>) -> Result<(), TableError> {
        check_once(new.iter().map(|row| &row.key))?;
        new.iter().try_for_each(check_row)?;
        let mut rows = lock(&self.rows);
        rows.extend(new.into_iter().map(|row| (row.key.clone(), stored(row))));
        Ok(())
    }

    async fn owned(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Row>, TableError> {
        let rows = lock(&self.rows);
        let mut listed: Vec<(&str, &Row)> = rows
            .values()
            .filter_map(|row| row.listing.as_ref().map(|listing| (listing, row)))
            .filter(|(listing, _)| listing.owner == owner)
            .map(|(listing, row)| (listing.place.as_str(), row))
            .filter(|(place, _)| before.is_none_or(|before| *place < before))
            .collect();
        listed.sort_by(|(one, _), (other, _)| other.cmp(one));
        listed.truncate(limit as usize);
        Ok(listed.into_iter().map(|(_, row)| row.clone()).collect())
    }

    async fn due(
        &self,
        shard: DueShard,
        now: Timestamp,
        after: Option<&Due>,
        limit: u32,
    ) -> Result<Vec<Due>, TableError> {
        let (rows, unsharded) = (lock(&self.rows), lock(&self.unsharded));
        let shard_of = |key: &Key| match unsharded.contains(key) {
            true => DueShard::Unsharded,
            false => DueShard::of(key),
        };
        let due = rows.values().filter_map(|row| {
            let (at, key) = (row.due?, row.key.clone());
            Some(Due { at, key })
        });
        let mut due: Vec<Due> = due
            .filter(|due| due.at <= now && after.is_none_or(|after| due > after))
            .filter(|due| shard_of(&due.key) == shard)
            .collect();
        due.sort();
        due.truncate(limit as usize);
        Ok(due)
    }
}

/// What says something else than the version it replaces has a later one: whoever read that would take the new row
/// for it otherwise. When a row is due may change without one.
fn check_version(row: &Row, before: Option<&Row>) -> Result<(), TableError> {
    match before {
        Some(before) if row.version <= before.version && row.body != before.body => {
            Err(refused("no later version"))
        }
        _ => Ok(()),
    }
}

fn holds(expect: Expect, stored: Option<&Row>) -> bool {
    match expect {
        Expect::Anything => true,
        Expect::Absent => stored.is_none(),
        Expect::Version(version) => stored.is_some_and(|row| row.version == version),
    }
}

/// As it comes back from DynamoDB, whose time to live is in whole seconds.
fn stored(mut row: Row) -> Row {
    row.expires = row.expires.map(|at| {
        let up = i64::from(at.subsec_nanosecond() > 0);
        Timestamp::from_second(at.as_second().saturating_add(up)).unwrap_or(at)
    });
    row
}

fn check_once<'a>(keys: impl Iterator<Item = &'a Key>) -> Result<(), TableError> {
    let mut seen = BTreeSet::new();
    for key in keys {
        check_key(key)?;
        if !seen.insert(key) {
            return Err(refused("two writes of one row"));
        }
    }
    Ok(())
}

fn check_key(key: &Key) -> Result<(), TableError> {
    if key.partition.is_empty() || key.sort.is_empty() {
        return Err(refused("an empty key"));
    }
    if key.partition.len() > 2048 || key.sort.len() > 1024 {
        return Err(refused("a key that is too long"));
    }
    Ok(())
}

fn check_row(row: &Row) -> Result<(), TableError> {
    if row.body.len() + row.key.partition.len() + row.key.sort.len() > BODY_BYTES_MOST {
        return Err(refused("a row of over 400 KB"));
    }
    Ok(())
}

fn refused(what: &'static str) -> TableError {
    TableError::Refused(what.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;

    #[test]
    fn keeps_the_rules_of_a_table() {
        block_on(crate::testing::table::conforms(MemoryTable::new()));
    }
}
