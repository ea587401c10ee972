//! A row as a DynamoDB item, and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use bulkhead_engine::ports::{Due, DueShard, Key, Listing, Row};
use jiff::Timestamp;

use super::keys;

/// An item as the SDK has it.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The item is not one of ours.
#[derive(Debug, thiserror::Error)]
#[error("the stored attribute `{0}` is missing or of another kind")]
pub(super) struct NotARow(&'static str);

pub(super) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(super) fn number(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(super) fn key_item(key: &Key) -> Item {
    HashMap::from([
        (keys::PARTITION.to_owned(), text(&key.partition)),
        (keys::SORT.to_owned(), text(&key.sort)),
    ])
}

pub(super) fn item(row: Row) -> Item {
    let mut item = key_item(&row.key);
    let shard = keys::due_group(DueShard::of(&row.key));
    let mut add = |name: &str, value| item.insert(name.to_owned(), value);
    add(keys::VERSION, number(row.version));
    add(keys::BODY, AttributeValue::B(Blob::new(row.body)));
    if let Some(expires) = row.expires {
        // Whole seconds, rounded up: never dropped too early.
        let up = i64::from(expires.subsec_nanosecond() > 0);
        add(keys::EXPIRES, number(expires.as_second() + up));
    }
    if let Some(Listing { owner, place }) = row.listing {
        add(keys::OWNER, AttributeValue::S(owner));
        add(keys::PLACE, AttributeValue::S(place));
    }
    if let Some(due) = row.due {
        add(keys::DUE, number(due.as_nanosecond()));
        add(keys::DUE_GROUP, text(&shard));
    }
    item
}

pub(super) fn row(mut item: Item) -> Result<Row, NotARow> {
    let key = key(&mut item)?;
    let body = match item.remove(keys::BODY) {
        Some(AttributeValue::B(bytes)) => bytes.into_inner(),
        _ => return Err(NotARow(keys::BODY)),
    };
    let expires = parsed(&item, keys::EXPIRES)?
        .map(Timestamp::from_second)
        .transpose()
        .map_err(|_| NotARow(keys::EXPIRES))?;
    let due = parsed(&item, keys::DUE)?
        .map(Timestamp::from_nanosecond)
        .transpose()
        .map_err(|_| NotARow(keys::DUE))?;
    Ok(Row {
        key,
        version: parsed(&item, keys::VERSION)?.ok_or(NotARow(keys::VERSION))?,
        body,
        expires,
        listing: match (item.remove(keys::OWNER), item.remove(keys::PLACE)) {
            (Some(AttributeValue::S(owner)), Some(AttributeValue::S(place))) => {
                Some(Listing { owner, place })
            }
            _ => None,
        },
        due,
    })
}

pub(super) fn key(item: &mut Item) -> Result<Key, NotARow> {
    let mut part = |name| match item.remove(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(NotARow(name)),
    };
    Ok(Key {
        partition: part(keys::PARTITION)?,
        sort: part(keys::SORT)?,
    })
}

/// A row of the index of what is due.
pub(super) fn due(mut item: Item) -> Result<Due, NotARow> {
    let at = parsed(&item, keys::DUE)?.map(Timestamp::from_nanosecond);
    let at = at.transpose().map_err(|_| NotARow(keys::DUE))?;
    Ok(Due {
        at: at.ok_or(NotARow(keys::DUE))?,
        key: key(&mut item)?,
    })
}

fn parsed<T: std::str::FromStr>(item: &Item, name: &'static str) -> Result<Option<T>, NotARow> {
    match item.get(name) {
        None => Ok(None),
        Some(AttributeValue::N(number)) => number.parse().map(Some).map_err(|_| NotARow(name)),
        Some(_) => Err(NotARow(name)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn full() -> Row {
        Row {
            key: Key {
                partition: "p".to_owned(),
                sort: "s".to_owned(),
            },
            version: u64::MAX,
            body: vec![0, 255, 7],
            expires: Some(Timestamp::new(1_900_000_000, 0).unwrap()),
            listing: Some(Listing {
                owner: "ann".to_owned(),
                place: "1".to_owned(),
            }),
            due: Some(Timestamp::new(1_900_000_000, 123_456_789).unwrap()),
        }
    }

    #[test]
    fn comes_back_as_it_was() {
        assert_eq!(row(item(full())).unwrap(), full());
    }

    #[test]
    fn is_never_dropped_too_early() {
        let mut half = full();
        half.expires = Some(Timestamp::new(1_900_000_000, 1).unwrap());
        let stored = row(item(half)).unwrap().expires.unwrap();
        assert_eq!(stored.as_second(), 1_900_000_001);
    }

    #[test]
    fn a_foreign_item_is_an_error_that_names_the_attribute() {
        for name in [keys::PARTITION, keys::SORT, keys::VERSION, keys::BODY] {
            let mut broken = item(full());
            broken.insert(name.to_owned(), AttributeValue::Bool(true));
            assert!(row(broken).unwrap_err().to_string().contains(name));
        }
    }
}
