//! The DynamoDB adapter against the embedded database, over its HTTP protocol.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bulkhead_aws::dynamo::{DynamoTable, client, create::create_table};
use bulkhead_engine::ports::{Expect, Listing, Span, Table, TableError, Write};
use bulkhead_engine::testing::table::{conforms, row};
use dynoxide::Database;

async fn endpoint(database: Database) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    format!("http://{address}")
}

async fn table() -> DynamoTable {
    let client = client::local(&endpoint(Database::memory().unwrap()).await);
    create_table(&client, "test").await.unwrap();
    DynamoTable::new(client, "test")
}

#[tokio::test]
async fn keeps_the_rules_of_a_table() {
    conforms(table().await).await;
}

#[tokio::test]
async fn creating_twice_is_no_error_and_rows_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.db");
    for start in 0..2 {
        let database = Database::new(file.to_str().unwrap()).unwrap();
        let client = client::local(&endpoint(database).await);
        create_table(&client, "test").await.unwrap();
        create_table(&client, "test").await.unwrap();
        let table = DynamoTable::new(client, "test");
        let stored = table.get(&row("a", "b", 1).key).await.unwrap();
        assert_eq!(stored.is_some(), start == 1);
        let write = Write::Put(row("a", "b", 1), Expect::Anything);
        table.write(vec![write]).await.unwrap();
    }
}

#[tokio::test]
async fn the_meter_counts_what_dynamodb_charges() {
    let table = table().await;
    let before = table.units();
    let mut large = row("a", "b", 1);
    large.body = vec![7; 3 * 1024];
    let key = large.key.clone();
    let write = Write::Put(large, Expect::Absent);
    table.write(vec![write.clone()]).await.unwrap();
    table.get(&key).await.unwrap();
    let after = table.units();
    // A little over 3 KB: four write units, one read unit for a consistent read of up to 4 KB.
    assert_eq!(after.write.base - before.write.base, 4.0);
    assert_eq!(after.write.total - before.write.total, 4.0);
    assert_eq!(after.read.total - before.read.total, 1.0);
    assert_eq!(after.calls - before.calls, 2);

    // A row in an index costs the index's units too, and a transaction costs twice.
    let mut owned = row("c", "d", 1);
    owned.listing = Some(Listing {
        owner: "ann".to_owned(),
        place: "1".to_owned(),
    });
    let plain = Write::Put(row("e", "f", 1), Expect::Absent);
    table
        .write(vec![Write::Put(owned, Expect::Absent), plain])
        .await
        .unwrap();
    let last = table.units();
    assert_eq!(last.write.base - after.write.base, 4.0);
    assert!(last.write.total - after.write.total > 4.0);
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_tells_no_content() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let table = DynamoTable::new(client::local(&format!("http://{address}")), "test");
    let mut secret = row("a", "b", 1);
    secret.body = b"secret".to_vec();
    let write = Write::Put(secret, Expect::Anything);
    let error = table.write(vec![write]).await.unwrap_err();
    assert!(matches!(error, TableError::Unavailable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("secret"));
}

/// A table whose database does what it is asked, and loses the first answer to each write.
async fn forgetful() -> DynamoTable {
    let database = Database::memory().unwrap();
    let plain = client::local(&endpoint(database.clone()).await);
    create_table(&plain, "test").await.unwrap();
    let writes = AtomicU32::new(0);
    let answer = move |operation: &str, body: &[u8]| {
        let done = match operation {
            "PutItem" => said(database.put_item(serde_json::from_slice(body).unwrap())),
            "DeleteItem" => said(database.delete_item(serde_json::from_slice(body).unwrap())),
            "GetItem" => return said(database.get_item(serde_json::from_slice(body).unwrap())),
            other => panic!("nobody asked for {other}"),
        };
        let first = writes.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        if first { (500, Vec::new()) } else { done }
    };
    DynamoTable::new(client::in_process(Arc::new(answer)), "test")
}

fn said<T: serde::Serialize>(result: dynoxide::Result<T>) -> (u16, Vec<u8>) {
    match result {
        Ok(answer) => (200, serde_json::to_vec(&answer).unwrap()),
        Err(error) => (error.status_code(), error.to_json().into_bytes()),
    }
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_no_conflict_with_itself() {
    let table = forgetful().await;
    let create = Write::Put(row("a", "b", 1), Expect::Absent);
    table.write(vec![create]).await.unwrap();
    let change = Write::Put(row("a", "b", 2), Expect::Version(1));
    table.write(vec![change]).await.unwrap();
    let stored = table.get(&row("a", "b", 2).key).await.unwrap();
    assert_eq!(stored, Some(row("a", "b", 2)));
    let delete = Write::Delete(row("a", "b", 2).key, Expect::Version(2));
    table.write(vec![delete]).await.unwrap();
}

#[tokio::test]
async fn a_real_conflict_stays_one_when_answers_are_lost() {
    let table = forgetful().await;
    let first = Write::Put(row("a", "b", 1), Expect::Absent);
    table.write(vec![first]).await.unwrap();
    let mut other = row("a", "b", 1);
    other.body = b"somebody else's".to_vec();
    let refused = table.write(vec![Write::Put(other, Expect::Absent)]).await;
    assert!(matches!(refused, Err(TableError::Conflict)), "{refused:?}");
    let delete = Write::Delete(row("a", "b", 1).key, Expect::Version(9));
    let refused = table.write(vec![delete]).await;
    assert!(matches!(refused, Err(TableError::Conflict)), "{refused:?}");
}

/// A table whose database answers the first call of `busy` with this instead of doing it.
async fn busy_once(busy: &'static str, answer_once: fn(&[u8]) -> (u16, String)) -> DynamoTable {
    let database = Database::memory().unwrap();
    let plain = client::local(&endpoint(database.clone()).await);
    create_table(&plain, "test").await.unwrap();
    let calls = AtomicU32::new(0);
    let answer = move |operation: &str, body: &[u8]| {
        if operation == busy && calls.fetch_add(1, Ordering::Relaxed) == 0 {
            let (status, text) = answer_once(body);
            return (status, text.into_bytes());
        }
        match operation {
            "BatchWriteItem" => {
                said(database.batch_write_item(serde_json::from_slice(body).unwrap()))
            }
            "TransactWriteItems" => {
                said(database.transact_write_items(serde_json::from_slice(body).unwrap()))
            }
            "Query" => said(database.query(serde_json::from_slice(body).unwrap())),
            other => panic!("nobody asked for {other}"),
        }
    };
    DynamoTable::new(client::in_process(Arc::new(answer)), "test")
}

async fn all(table: &DynamoTable) -> usize {
    let span = Span {
        partition: "p".to_owned(),
        from: "0".to_owned(),
        to: "9".to_owned(),
        reverse: false,
        limit: None,
    };
    table.range(&span).await.unwrap().len()
}

#[tokio::test]
async fn rows_that_a_batch_leaves_over_are_sent_again() {
    let table = busy_once("BatchWriteItem", |body| {
        let asked: serde_json::Value = serde_json::from_slice(body).unwrap();
        let left = serde_json::json!({ "UnprocessedItems": asked["RequestItems"] });
        (200, left.to_string())
    })
    .await;
    let rows = (10..40).map(|n| row("p", &n.to_string(), 1)).collect();
    table.put_many(rows).await.unwrap();
    assert_eq!(all(&table).await, 30);
}

#[tokio::test]
async fn a_transaction_that_met_another_one_is_tried_again() {
    let table = busy_once("TransactWriteItems", |_| {
        let cancelled = serde_json::json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled",
            "CancellationReasons": [{ "Code": "None" }, { "Code": "TransactionConflict" }],
        });
        (400, cancelled.to_string())
    })
    .await;
    let put = |sort| Write::Put(row("p", sort, 1), Expect::Absent);
    table.write(vec![put("1"), put("2")]).await.unwrap();
    assert_eq!(all(&table).await, 2);
}
