//! Reading: folders, pages of mails, matches for freezing, states.

use std::collections::BTreeSet;

use bulkhead_engine::kinds::mail::ItemState;
use bulkhead_engine::ports::{Facts, FromWhom, Match, Matches};
use bulkhead_shared::api::{Folder, Folders, Item, Items};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::{Query, Term};
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::error::SandboxError;
use super::places::FlagSet;
use super::search::{Condition, Translation};
use super::{Inner, item_id, number};

const ITEM: &str = "SELECT m.id, m.folder, m.flags, m.received, m.size, m.attachment = 1,
        e.sender, e.recipients, e.subject, e.snippet
    FROM mail m JOIN envelope e ON e.id = m.id WHERE m.id = ?1";

/// Where a listing goes on, and the total that its first page counted.
struct ListCursor {
    received: i64,
    id: i64,
    total: u64,
}

impl ListCursor {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let cursor = Self {
            received: parts.next()?.parse().ok()?,
            id: parts.next()?.parse().ok()?,
            total: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(cursor)
    }

    fn write(&self) -> String {
        format!("{}.{}.{}", self.received, self.id, self.total)
    }
}

impl Inner {
    pub(super) fn folders(&self, connection: &Connection) -> Result<Folders, SandboxError> {
        let known = self.places.folders();
        let mut folders: Vec<Folder> = known
            .iter()
            .map(|folder| Folder {
                name: folder.name.clone(),
                role: folder.role,
                shared: false,
                total: Some(0),
                unread: Some(0),
            })
            .collect();
        let mut labels = BTreeSet::new();
        let mut statement = connection
            .prepare_cached("SELECT folder, flags, count(*) FROM mail GROUP BY folder, flags")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (folder, flags, count): (i64, i64, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let unread = self.places.with_set(connection, flags, |set| {
                labels.extend(set.labels().cloned());
                set.unread()
            })?;
            let place = known.iter().position(|row| row.id == folder);
            if let Some(folder) = place.and_then(|index| folders.get_mut(index)) {
                *folder.total.get_or_insert(0) += count;
                *folder.unread.get_or_insert(0) += if unread { count } else { 0 };
            }
        }
        Ok(Folders {
            folders,
            labels: labels.into_iter().collect(),
        })
    }

    /// What a search cannot look at: folders that it names and that are not there, encrypted mails where it asks
    /// for files, and mails that nobody has looked at where it asks what they are about.
    fn unsearched(
        &self,
        connection: &Connection,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<Unsearched>, SandboxError> {
        let folders = self.places.folders();
        let is_folder = |value: &str| {
            let lower = value.to_lowercase();
            folders
                .iter()
                .any(|folder| folder.name.to_lowercase() == lower)
        };
        let unknown = query.names_nothing(&is_folder).into_iter();
        let mut unsearched: Vec<Unsearched> = unknown
            .map(|value| Unsearched::folder(value, UnsearchedWhy::NoSuchFolder))
            .collect();
        let looked = query.looked();
        if looked.is_some() || query.terms().contains(&&Term::HasAttachment) {
            let with = Translation::new(self, connection, now);
            let mut condition = with.anywhere(query, &folders)?;
            let open = match looked {
                Some(looked) => condition.not_looked_at(looked, with)?,
                None => "0".to_owned(),
            };
            // Neither true nor false is what cannot be told.
            let sql = format!(
                "SELECT m.folder, {open}, count(*) FROM {} WHERE ({}) IS NULL GROUP BY 1, 2",
                condition.counted(),
                condition.sql
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(&condition.parameters))?;
            while let Some(row) = rows.next()? {
                if let Some(folder) = self.places.folder(row.get(0)?) {
                    unsearched.push(Unsearched {
                        folder: folder.name.clone(),
                        why: match row.get(1)? {
                            true => UnsearchedWhy::NotLookedAt,
                            false => UnsearchedWhy::Encrypted,
                        },
                        items: Some(row.get(2)?),
                    });
                }
            }
        }
        Ok(unsearched)
    }

    pub(super) fn list(
        &self,
        connection: &Connection,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, SandboxError> {
        let moment = connection.unchecked_transaction()?;
        let with = Translation::new(self, connection, now);
        let condition = with.anywhere(query, &self.places.folders())?;
        let most = limit as usize;
        let (rows, total) = match cursor {
            Some(text) => {
                let cursor = ListCursor::read(text).ok_or(SandboxError::NoSuchPage)?;
                let rows = next_rows(connection, condition, &cursor, most + 1)?;
                (rows, cursor.total)
            }
            None => rows_at(connection, &condition, 0, most + 1)?,
        };
        let unsearched = self.unsearched(connection, query, now)?;
        let page = self.page(connection, rows, total, most, unsearched)?;
        moment.finish()?;
        Ok(page)
    }

    pub(super) fn list_at(
        &self,
        connection: &Connection,
        query: &Query,
        now: Timestamp,
        place: u64,
        limit: u32,
    ) -> Result<Items, SandboxError> {
        let moment = connection.unchecked_transaction()?;
        let with = Translation::new(self, connection, now);
        let condition = with.anywhere(query, &self.places.folders())?;
        let most = limit as usize;
        let (rows, total) = rows_at(connection, &condition, place, most + 1)?;
        let unsearched = self.unsearched(connection, query, now)?;
        let page = self.page(connection, rows, total, most, unsearched)?;
        moment.finish()?;
        Ok(page)
    }

    /// The page of these rows, of which the one beyond its end only says that there are more.
    fn page(
        &self,
        connection: &Connection,
        mut rows: Vec<ListRow>,
        total: u64,
        most: usize,
        unsearched: Vec<Unsearched>,
    ) -> Result<Items, SandboxError> {
        let more = rows.len() > most;
        rows.truncate(most);
        let next_cursor = rows.last().filter(|_| more).map(|&(received, id)| {
            let cursor = ListCursor {
                received,
                id,
                total,
            };
            cursor.write()
        });
        let mut statement = connection.prepare_cached(ITEM)?;
        let mut items = Vec::with_capacity(rows.len());
        for (_, id) in rows {
            let mut found = statement.query([id])?;
            // Deleted in this very moment: the page is one shorter.
            if let Some(row) = found.next()? {
                items.push(self.item(connection, row)?);
            }
        }
        Ok(Items {
            items,
            next_cursor,
            total: Some(total),
            unsearched,
        })
    }

    pub(super) fn items(
        &self,
        connection: &Connection,
        ids: &[ItemId],
    ) -> Result<Vec<Option<Item>>, SandboxError> {
        let mut statement = connection.prepare_cached(ITEM)?;
        let mut items = Vec::with_capacity(ids.len());
        for id in ids {
            let mut rows = statement.query([number(id)])?;
            items.push(match rows.next()? {
                Some(row) => Some(self.item(connection, row)?),
                None => None,
            });
        }
        Ok(items)
    }

    fn item(&self, connection: &Connection, row: &Row<'_>) -> Result<Item, SandboxError> {
        let folder = self
            .places
            .folder(row.get(1)?)
            .ok_or(SandboxError::NoSuchFolder)?;
        let (labels, unread, starred) = self.places.with_set(connection, row.get(2)?, |set| {
            (set.labels().cloned().collect(), set.unread(), set.starred())
        })?;
        Ok(Item {
            id: item_id(row.get(0)?)?,
            from: row.get(6)?,
            to: row.get(7)?,
            subject: row.get(8)?,
            snippet: row.get(9)?,
            date: time(row.get(3)?),
            size: row.get(4)?,
            folder: folder.name.clone(),
            labels,
            unread,
            starred,
            has_attachment: row.get(5)?,
            class: None,
        })
    }

    pub(super) fn states(
        &self,
        connection: &Connection,
        ids: &[ItemId],
    ) -> Result<Vec<Option<ItemState>>, SandboxError> {
        let mut statement =
            connection.prepare_cached("SELECT folder, flags, version FROM mail WHERE id = ?1")?;
        ids.iter()
            .map(|id| {
                let row: Option<(i64, i64, i64)> = statement
                    .query_row([number(id)], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                    })
                    .optional()?;
                row.map(|(folder, flags, version)| {
                    Ok(ItemState {
                        state: self.places.place(connection, folder, flags)?,
                        version: Some(version.cast_unsigned().into()),
                        identity: None,
                    })
                })
                .transpose()
            })
            .collect()
    }

    /// Folder by folder, then by id: a cursor names the last mail of a page, so pages cost what they
    /// hold and a mail that leaves or joins meanwhile shifts no other.
    pub(super) fn matches(
        &self,
        connection: &Connection,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, SandboxError> {
        let unsearched = match cursor {
            None => self.unsearched(connection, query, now)?,
            Some(_) => Vec::new(),
        };
        let with = Translation::new(self, connection, now);
        let (from_folder, mut after) = cursor.and_then(read_match_cursor).unwrap_or((0, 0));
        let limit = limit.max(1) as usize;
        let mut matches = Vec::with_capacity(limit);
        let folders = self.places.folders();
        for folder in folders.iter().filter(|row| row.id >= from_folder) {
            if folder.id != from_folder {
                after = 0;
            }
            let Some(mut condition) = with.in_folder(query, folder)? else {
                continue;
            };
            let place = condition.bind(Value::Integer(folder.id));
            let last = condition.bind(Value::Integer(after));
            let sql = format!(
                "SELECT m.id, m.version, m.flags, m.received, m.size, e.sender
                 FROM mail m CROSS JOIN envelope e ON e.id = m.id WHERE m.folder = ?{place} AND m.id > ?{last}
                 AND {} ORDER BY m.id LIMIT {}",
                condition.sql,
                limit - matches.len()
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(&condition.parameters))?;
            let mut last_id = after;
            while let Some(row) = rows.next()? {
                last_id = row.get(0)?;
                matches.push(Match {
                    id: item_id(last_id)?,
                    version: Some(row.get::<_, i64>(1)?.cast_unsigned().into()),
                    folder: Some(folder.name.clone()),
                    facts: Some(self.facts(connection, row)?),
                    header: None,
                });
            }
            if matches.len() == limit {
                let next = Some(format!("{}.{last_id}", folder.id));
                return Ok(Matches {
                    matches,
                    next,
                    unsearched,
                });
            }
        }
        Ok(Matches {
            matches,
            next: None,
            unsearched,
        })
    }

    fn facts(&self, connection: &Connection, row: &Row<'_>) -> Result<Facts, SandboxError> {
        let marks = |set: &FlagSet| Facts::of_flags(&set.flags);
        let marks = self.places.with_set(connection, row.get(2)?, marks)?;
        let sender = row.get_ref(5)?.as_str().unwrap_or_default();
        let (name, address) = parted(sender);
        Ok(Facts {
            received: Some(time(row.get(3)?)),
            size: Some(row.get(4)?),
            sender: Some(FromWhom {
                address: address.to_lowercase(),
                name: name.to_owned(),
            }),
            ..marks
        })
    }

    pub(super) fn sync_token(connection: &Connection) -> Result<String, SandboxError> {
        let modseq: i64 = connection
            .prepare_cached("SELECT value FROM meta WHERE key = 'modseq'")?
            .query_row([], |row| row.get(0))?;
        Ok(modseq.to_string())
    }
}

/// When a mail was received, and its number: newest first, this is the order of a listing.
type ListRow = (i64, i64);

/// Up to so many rows are read and sorted; of more it is quicker to let the database count them, and to walk along its
/// index on dates.
const FEW: usize = 2_000;

/// The rows from a place on, and how many there are in all.
fn rows_at(
    connection: &Connection,
    condition: &Condition,
    place: u64,
    most: usize,
) -> Result<(Vec<ListRow>, u64), SandboxError> {
    if let Some(mut rows) = few_rows(connection, condition)? {
        let total = rows.len() as u64;
        rows.drain(..usize::try_from(place).map_or(rows.len(), |place| place.min(rows.len())));
        rows.truncate(most);
        return Ok((rows, total));
    }
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {}",
        condition.counted(),
        condition.sql
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let parameters = params_from_iter(&condition.parameters);
    let total = statement.query_row(parameters, |row| row.get(0))?;
    Ok((many_rows(connection, condition, place, most, total)?, total))
}

/// All rows; none if they are not few. Looking for what is rare costs a look at everything, so it is done once; that
/// there are many is known soon.
fn few_rows(
    connection: &Connection,
    condition: &Condition,
) -> Result<Option<Vec<ListRow>>, SandboxError> {
    let sql = format!(
        "SELECT m.received, m.id FROM {} WHERE {} LIMIT {}",
        condition.counted(),
        condition.sql,
        FEW + 1
    );
    let mut rows = list_rows(connection, &sql, condition)?;
    rows.sort_unstable_by(|a, b| b.cmp(a));
    Ok((rows.len() <= FEW).then_some(rows))
}

/// The rows from a place on, of so many in all: along the index on dates, from the end that is nearer.
fn many_rows(
    connection: &Connection,
    condition: &Condition,
    place: u64,
    most: usize,
    total: u64,
) -> Result<Vec<ListRow>, SandboxError> {
    let end = place.saturating_add(most as u64).min(total);
    let rows = end.saturating_sub(place);
    if place <= total / 2 {
        return along_dates(connection, condition, "DESC", rows, place);
    }
    let mut rows = along_dates(connection, condition, "ASC", rows, total - end)?;
    rows.reverse();
    Ok(rows)
}

fn along_dates(
    connection: &Connection,
    condition: &Condition,
    way: &str,
    most: u64,
    skipped: u64,
) -> Result<Vec<ListRow>, SandboxError> {
    let sql = format!(
        "SELECT m.received, m.id FROM mail m INDEXED BY mail_received WHERE {}
         ORDER BY m.received {way}, m.id {way} LIMIT {most} OFFSET {skipped}",
        condition.sql
    );
    list_rows(connection, &sql, condition)
}

fn list_rows(
    connection: &Connection,
    sql: &str,
    condition: &Condition,
) -> Result<Vec<ListRow>, SandboxError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params_from_iter(&condition.parameters), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The rows after those of the page before.
fn next_rows(
    connection: &Connection,
    mut condition: Condition,
    cursor: &ListCursor,
    most: usize,
) -> Result<Vec<ListRow>, SandboxError> {
    condition.come_after(cursor.received, cursor.id);
    along_dates(connection, &condition, "DESC", most as u64, 0)
}

fn read_match_cursor(text: &str) -> Option<(i64, i64)> {
    let (folder, id) = text.split_once('.')?;
    Some((folder.parse().ok()?, id.parse().ok()?))
}

pub(super) fn time(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Name and address of a sender as it is shown.
pub(super) fn parted(sender: &str) -> (&str, &str) {
    let bracketed = sender.rsplit_once('<').and_then(|(name, rest)| {
        let (address, _) = rest.split_once('>')?;
        Some((name.trim(), address.trim()))
    });
    match bracketed {
        Some(parted) => parted,
        None if sender.contains('@') => ("", sender.trim()),
        None => (sender.trim(), ""),
    }
}
