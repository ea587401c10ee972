//! The embedded database: DynamoDB's protocol over SQLite, inside this process and reachable from
//! nowhere else.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use bulkhead_aws::dynamo::{DynamoTable, client, create::create_table};
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The table's name; there is only one.
const TABLE: &str = "bulkhead";
/// Between two clean-ups of rows whose time is over. Reads never rely on it.
const CLEAN_UP_EVERY: Duration = Duration::from_secs(3600);

/// Opens the database file, or makes it, and answers the table in it.
pub(crate) async fn open(file: &Path) -> Result<DynamoTable> {
    let cannot = || format!("The database {} cannot be opened.", file.display());
    let name = file.to_str().with_context(cannot)?;
    let database = Database::new(name).with_context(cannot)?;
    let table = table(database.clone()).await.with_context(cannot)?;
    tokio::spawn(clean_up(database));
    Ok(table)
}

async fn table(database: Database) -> Result<DynamoTable> {
    let answer = move |operation: &str, body: &[u8]| match handle(&database, operation, body) {
        Ok(answer) => (200, answer),
        Err(error) => (error.status_code(), error.to_json().into_bytes()),
    };
    let client = client::in_process(Arc::new(answer));
    create_table(&client, TABLE).await?;
    Ok(DynamoTable::new(client, TABLE))
}

/// The operations that the table uses.
fn handle(database: &Database, operation: &str, body: &[u8]) -> dynoxide::Result<Vec<u8>> {
    match operation {
        "GetItem" => call(body, |asked| database.get_item(asked)),
        "PutItem" => call(body, |asked| database.put_item(asked)),
        "DeleteItem" => call(body, |asked| database.delete_item(asked)),
        "Query" => call(body, |asked| database.query(asked)),
        "BatchWriteItem" => call(body, |asked| database.batch_write_item(asked)),
        "TransactWriteItems" => call(body, |asked| database.transact_write_items(asked)),
        "CreateTable" => call(body, |asked| database.create_table(asked)),
        "DescribeTable" => call(body, |asked| database.describe_table(asked)),
        "DescribeTimeToLive" => call(body, |asked| database.describe_time_to_live(asked)),
        "UpdateTimeToLive" => call(body, |asked| database.update_time_to_live(asked)),
        other => Err(DynoxideError::InternalServerError(format!(
            "{other} is not used here"
        ))),
    }
}

fn call<Asked: DeserializeOwned, Answer: Serialize>(
    body: &[u8],
    handler: impl FnOnce(Asked) -> dynoxide::Result<Answer>,
) -> dynoxide::Result<Vec<u8>> {
    // Neither can fail: both sides are made for the same protocol.
    let broken = |error: serde_json::Error| DynoxideError::InternalServerError(error.to_string());
    let asked = serde_json::from_slice(body).map_err(broken)?;
    serde_json::to_vec(&handler(asked)?).map_err(broken)
}

async fn clean_up(database: Database) {
    let mut every = tokio::time::interval(CLEAN_UP_EVERY);
    loop {
        every.tick().await;
        let database = database.clone();
        match tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
            Ok(Ok(0)) => {}
            Ok(Ok(rows)) => tracing::info!(rows, "Removed rows whose time is over."),
            Ok(Err(error)) => tracing::warn!(%error, "Rows could not be cleaned up."),
            Err(error) => tracing::warn!(%error, "The clean-up of rows was cut off."),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn keeps_the_rules_of_a_table() {
        let table = table(Database::memory().unwrap()).await.unwrap();
        bulkhead_engine::testing::table::conforms(table).await;
    }

    #[tokio::test]
    async fn opens_a_file_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rows.db");
        open(&file).await.unwrap();
        open(&file).await.unwrap();
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rows.db");
        std::fs::write(&file, "no database".repeat(1_000)).unwrap();
        let error = open(&file).await.err().unwrap();
        assert!(error.to_string().contains("rows.db"));
    }
}
