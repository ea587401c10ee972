//! What every [`Table`] has to do; adapters run [`conforms`] on an empty table in their tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use futures::future::join_all;
use jiff::Timestamp;

use crate::ports::{Due, DueShard, Expect, Key, Listing, Row, Span, Table, TableError, Write};

/// Runs the whole suite. Each rule has partitions of its own; due times are far apart.
pub async fn conforms<T: Table>(table: T) {
    comes_back_as_it_was(&table).await;
    creates_once(&table).await;
    a_conflict_writes_nothing(&table).await;
    several_rows_change_together_or_not_at_all(&table).await;
    reads_ranges(&table).await;
    keeps_large_bodies(&table).await;
    writes_large_bodies_together(&table).await;
    puts_many(&table).await;
    lists_what_is_owned(&table).await;
    lists_what_is_due(&table).await;
    deletes(&table).await;
    refuses_what_cannot_be_stored(&table).await;
    one_of_many_wins(&table).await;
}

/// A row with nothing special about it.
pub fn row(partition: &str, sort: &str, version: u64) -> Row {
    Row {
        key: key(partition, sort),
        version,
        body: format!("{partition} {sort} {version}").into_bytes(),
        expires: None,
        listing: None,
        due: None,
    }
}

/// A key.
pub fn key(partition: &str, sort: &str) -> Key {
    Key {
        partition: partition.to_owned(),
        sort: sort.to_owned(),
    }
}

fn listing(owner: &str, place: &str) -> Option<Listing> {
    Some(Listing {
        owner: owner.to_owned(),
        place: place.to_owned(),
    })
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

async fn put<T: Table>(table: &T, row: Row) {
    let write = Write::Put(row, Expect::Anything);
    table.write(vec![write]).await.unwrap();
}

async fn comes_back_as_it_was<T: Table>(table: &T) {
    let missing = table.get(&key("whole", "nothing")).await.unwrap();
    assert_eq!(missing, None);
    let whole = Row {
        version: u64::from(u32::MAX) * 1_000,
        body: (0..=255).collect(),
        expires: Some(second(1_900_000_000)),
        listing: listing("somebody", "somewhere"),
        due: Some(Timestamp::new(1_900_000_000, 123_456_789).unwrap()),
        ..row("whole", "all", 0)
    };
    put(table, whole.clone()).await;
    assert_eq!(table.get(&whole.key).await.unwrap(), Some(whole.clone()));
    // Replaced as a whole: what the new one does not have is gone.
    let bare = Row {
        body: Vec::new(),
        ..row("whole", "all", 1)
    };
    put(table, bare.clone()).await;
    assert_eq!(table.get(&bare.key).await.unwrap(), Some(bare));
}

async fn creates_once<T: Table>(table: &T) {
    let create = |version| vec![Write::Put(row("once", "x", version), Expect::Absent)];
    table.write(create(1)).await.unwrap();
    let again = table.write(create(2)).await;
    assert!(matches!(again, Err(TableError::Conflict)), "{again:?}");
    let stored = table.get(&key("once", "x")).await.unwrap();
    assert_eq!(stored, Some(row("once", "x", 1)));
}

async fn a_conflict_writes_nothing<T: Table>(table: &T) {
    put(table, row("cas", "x", 5)).await;
    let change = |expect| Write::Put(row("cas", "x", 6), expect);
    for expect in [Expect::Version(4), Expect::Version(6), Expect::Absent] {
        let result = table.write(vec![change(expect)]).await;
        assert!(matches!(result, Err(TableError::Conflict)), "{result:?}");
    }
    let delete = Write::Delete(key("cas", "x"), Expect::Version(4));
    let result = table.write(vec![delete]).await;
    assert!(matches!(result, Err(TableError::Conflict)), "{result:?}");
    let stored = table.get(&key("cas", "x")).await.unwrap();
    assert_eq!(stored, Some(row("cas", "x", 5)));

    table.write(vec![change(Expect::Version(5))]).await.unwrap();
    let stored = table.get(&key("cas", "x")).await.unwrap();
    assert_eq!(stored, Some(row("cas", "x", 6)));
    // A row that is not there has no version at all.
    let ghost = Write::Put(row("cas", "ghost", 1), Expect::Version(0));
    let result = table.write(vec![ghost]).await;
    assert!(matches!(result, Err(TableError::Conflict)), "{result:?}");
}

async fn several_rows_change_together_or_not_at_all<T: Table>(table: &T) {
    for n in 0..20 {
        put(table, row("together", &format!("{n:02}"), 1)).await;
    }
    let all = |odd_one: Expect| -> Vec<Write> {
        let puts = (0..20).map(|n| {
            let expect = if n == 13 { odd_one } else { Expect::Version(1) };
            Write::Put(row("together", &format!("{n:02}"), 2), expect)
        });
        let others = [
            Write::Put(row("elsewhere", "new", 1), Expect::Absent),
            Write::Delete(key("elsewhere", "gone"), Expect::Version(3)),
        ];
        puts.chain(others).collect()
    };
    put(table, row("elsewhere", "gone", 3)).await;

    let result = table.write(all(Expect::Version(7))).await;
    assert!(matches!(result, Err(TableError::Conflict)), "{result:?}");
    let rows = table.range(&span("together", "", "~")).await.unwrap();
    assert!(rows.iter().all(|row| row.version == 1));
    assert_eq!(table.get(&key("elsewhere", "new")).await.unwrap(), None);

    table.write(all(Expect::Version(1))).await.unwrap();
    let rows = table.range(&span("together", "", "~")).await.unwrap();
    assert_eq!(rows.len(), 20);
    assert!(rows.iter().all(|row| row.version == 2));
    assert!(table.get(&key("elsewhere", "new")).await.unwrap().is_some());
    assert_eq!(table.get(&key("elsewhere", "gone")).await.unwrap(), None);
    table.write(Vec::new()).await.expect("nothing to do");
}

fn span(partition: &str, from: &str, to: &str) -> Span {
    Span {
        partition: partition.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        reverse: false,
        limit: None,
    }
}

async fn sorts<T: Table>(table: &T, span: &Span) -> Vec<String> {
    let rows = table.range(span).await.unwrap();
    assert!(rows.iter().all(|row| row.key.partition == span.partition));
    rows.into_iter().map(|row| row.key.sort).collect()
}

async fn reads_ranges<T: Table>(table: &T) {
    for sort in ["CHUNK#002", "JOB", "CHUNK#000", "CHUNK#001", "CHUNK#003"] {
        put(table, row("range", sort, 1)).await;
    }
    put(table, row("range2", "CHUNK#001", 1)).await;
    let chunks = span("range", "CHUNK#001", "CHUNK#003");
    let inclusive = ["CHUNK#001", "CHUNK#002", "CHUNK#003"];
    assert_eq!(sorts(table, &chunks).await, inclusive);

    let first = Span {
        limit: Some(2),
        ..chunks.clone()
    };
    assert_eq!(sorts(table, &first).await, inclusive[..2]);
    let last = Span {
        reverse: true,
        ..first
    };
    assert_eq!(sorts(table, &last).await, ["CHUNK#003", "CHUNK#002"]);
    let none = Span {
        limit: Some(0),
        ..chunks
    };
    assert!(sorts(table, &none).await.is_empty());

    let from_start = span("range", "", "CHUNK#~");
    assert_eq!(sorts(table, &from_start).await.len(), 4);
    let one = span("range", "JOB", "JOB");
    assert_eq!(sorts(table, &one).await, ["JOB"]);
    let backwards = span("range", "JOB", "CHUNK#000");
    assert!(sorts(table, &backwards).await.is_empty());
    let nothing = span("no such partition", "", "~");
    assert!(sorts(table, &nothing).await.is_empty());
}

async fn keeps_large_bodies<T: Table>(table: &T) {
    // More than one page of 1 MB, so that an adapter has to ask again.
    let large = |n: u8| Row {
        body: (0..380 * 1024u32).map(|at| (at % 250) as u8 ^ n).collect(),
        ..row("large", &format!("{n}"), 1)
    };
    for n in 0..8 {
        put(table, large(n)).await;
    }
    assert!(table.get(&key("large", "3")).await.unwrap() == Some(large(3)));
    let rows = table.range(&span("large", "0", "9")).await.unwrap();
    assert!(rows == (0..8).map(large).collect::<Vec<_>>());
    let limited = Span {
        limit: Some(5),
        reverse: true,
        ..span("large", "0", "9")
    };
    let rows = table.range(&limited).await.unwrap();
    assert!(rows == (3..8).rev().map(large).collect::<Vec<_>>());
}

/// A chunk's result is a few of the largest rows in one write; what does not fit into those is put before
/// it, more than one call takes.
async fn writes_large_bodies_together<T: Table>(table: &T) {
    let large = |n: u32| Row {
        body: (0..380_000u32).map(|at| (at % 251 + n) as u8).collect(),
        ..row("pieces", &format!("{n:02}"), 1)
    };
    let together = (0..4).map(|n| Write::Put(large(n), Expect::Absent));
    table.write(together.collect()).await.unwrap();
    table.put_many((4..50).map(large).collect()).await.unwrap();
    let rows = table.range(&span("pieces", "00", "99")).await.unwrap();
    assert!(rows == (0..50).map(large).collect::<Vec<_>>());
}

async fn puts_many<T: Table>(table: &T) {
    let many: Vec<Row> = (0..60)
        .map(|n| Row {
            body: vec![n; 90_000],
            ..row("many", &format!("{n:02}"), 1)
        })
        .collect();
    table.put_many(many.clone()).await.unwrap();
    let rows = table.range(&span("many", "00", "99")).await.unwrap();
    assert!(rows == many);
    let mut one = many[7].clone();
    one.version = 2;
    table.put_many(vec![one.clone()]).await.unwrap();
    assert!(table.get(&one.key).await.unwrap() == Some(one));
    table.put_many(Vec::new()).await.unwrap();
}

async fn lists_what_is_owned<T: Table>(table: &T) {
    for n in 0..12 {
        let owner = if n % 4 == 3 { "bob" } else { "ann" };
        // Partitions in another order than places.
        let owned = Row {
            listing: listing(owner, &format!("{n:02}")),
            ..row(&format!("owned_{:02}", 99 - n), "JOB", 1)
        };
        put(table, owned).await;
        put(table, row(&format!("owned_{:02}", 99 - n), "CHUNK", 1)).await;
    }
    let page = async |before: Option<&str>, limit| {
        let rows = table.owned("ann", before, limit).await.unwrap();
        assert!(rows.iter().all(|row| !row.body.is_empty()));
        let listings = rows.into_iter().filter_map(|row| row.listing);
        let listings: Vec<Listing> = listings.collect();
        assert!(listings.iter().all(|listing| listing.owner == "ann"));
        listings.into_iter().map(|l| l.place).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 4).await, ["10", "09", "08", "06"]);
    assert_eq!(page(Some("06"), 4).await, ["05", "04", "02", "01"]);
    assert_eq!(page(Some("01"), 4).await, ["00"]);
    assert!(page(Some("00"), 4).await.is_empty());
    assert!(table.owned("eve", None, 9).await.unwrap().is_empty());
    // No longer owned, no longer listed.
    put(table, row("owned_89", "JOB", 2)).await;
    assert_eq!(page(None, 1).await, ["09"]);
}

async fn lists_what_is_due<T: Table>(table: &T) {
    let due = |name: &str, at: Option<Timestamp>| Row {
        due: at,
        ..row("due", name, 1)
    };
    put(table, due("third", Some(second(3_000)))).await;
    put(table, due("first", Some(second(1_000)))).await;
    put(table, due("never", None)).await;
    put(table, due("second", Some(second(2_000)))).await;
    let shard = DueShard::of(&key("due", "any"));
    let page = async |now, after: Option<&Due>, limit| {
        let rows = table.due(shard, second(now), after, limit).await.unwrap();
        assert!(rows.iter().all(|due| due.key.partition == "due"));
        rows
    };
    let names = async |now, limit| {
        let rows = page(now, None, limit).await.into_iter();
        rows.map(|due| due.key.sort).collect::<Vec<_>>()
    };
    assert!(names(999, 9).await.is_empty());
    assert_eq!(names(1_000, 9).await, ["first"], "due at that very time");
    assert_eq!(names(9_000, 9).await, ["first", "second", "third"]);
    assert_eq!(names(9_000, 2).await, ["first", "second"]);
    let first = page(9_000, None, 1).await.pop().unwrap();
    assert_eq!(first.at, second(1_000));
    let next = page(9_000, Some(&first), 1).await.pop().unwrap();
    assert_eq!(next.key.sort, "second");
    let rest = page(9_000, Some(&next), 9).await.pop().unwrap();
    assert!(page(9_000, Some(&rest), 9).await.is_empty());
    for other in DueShard::all().filter(|other| *other != shard) {
        let due = table.due(other, second(9_000), None, 9).await.unwrap();
        assert!(
            due.iter().all(|due| due.key.partition != "due"),
            "{other:?}"
        );
    }
    put(table, due("first", Some(second(8_000)))).await;
    put(table, due("second", None)).await;
    assert_eq!(names(9_000, 9).await, ["third", "first"]);
}

async fn deletes<T: Table>(table: &T) {
    put(table, row("delete", "x", 4)).await;
    let delete = |expect| vec![Write::Delete(key("delete", "x"), expect)];
    table.write(delete(Expect::Version(4))).await.unwrap();
    assert_eq!(table.get(&key("delete", "x")).await.unwrap(), None);
    table
        .write(delete(Expect::Anything))
        .await
        .expect("is gone");
    let gone = table.write(delete(Expect::Version(4))).await;
    assert!(matches!(gone, Err(TableError::Conflict)), "{gone:?}");
}

async fn refuses_what_cannot_be_stored<T: Table>(table: &T) {
    let too_large = Row {
        body: vec![1; 420 * 1024],
        ..row("refused", "large", 1)
    };
    let fine = Write::Put(row("refused", "fine", 1), Expect::Anything);
    let twice = vec![fine.clone(), fine.clone()];
    let many = (0..101)
        .map(|n| Write::Put(row("refused", &format!("{n}"), 1), Expect::Anything))
        .collect();
    let large = vec![fine, Write::Put(too_large, Expect::Anything)];
    for writes in [twice, many, large] {
        let result = table.write(writes).await;
        assert!(matches!(result, Err(TableError::Refused(_))), "{result:?}");
    }
    assert!(sorts(table, &span("refused", "", "~")).await.is_empty());
}

/// Twenty read the same version and try to be the next: exactly one is. Then all try until they
/// are through: nothing is lost.
async fn one_of_many_wins<T: Table>(table: &T) {
    put(table, row("race", "x", 1)).await;
    let results = join_all((0..20u8).map(|n| {
        let mine = Row {
            body: vec![n],
            ..row("race", "x", 2)
        };
        let together = vec![
            Write::Put(mine, Expect::Version(1)),
            Write::Put(row("race", &format!("proof {n}"), 1), Expect::Absent),
        ];
        table.write(together)
    }))
    .await;
    let conflicts = results
        .iter()
        .filter(|result| matches!(result, Err(TableError::Conflict)))
        .count();
    assert_eq!(conflicts, 19, "{results:?}");
    let proofs = sorts(table, &span("race", "proof", "proof~")).await;
    let winner = table.get(&key("race", "x")).await.unwrap().unwrap().body;
    assert_eq!(proofs, [format!("proof {}", winner[0])]);

    join_all((0..20).map(|_| async {
        loop {
            let stored = table.get(&key("race", "x")).await.unwrap().unwrap();
            let next = row("race", "x", stored.version + 1);
            let write = Write::Put(next, Expect::Version(stored.version));
            match table.write(vec![write]).await {
                Ok(()) => break,
                Err(TableError::Conflict) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    }))
    .await;
    let end = table.get(&key("race", "x")).await.unwrap().unwrap();
    assert_eq!(end.version, 22);
}
