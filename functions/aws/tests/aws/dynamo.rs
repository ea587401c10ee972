//! The DynamoDB adapter against the embedded database, over its HTTP protocol.

use bulkhead_aws::dynamo::{DynamoTable, client, create::create_table};
use bulkhead_engine::ports::{Expect, Listing, Table, TableError, Write};
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
