//! The embedded database: DynamoDB's protocol over SQLite, for this process alone.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use bulkhead_aws::dynamo::{DynamoTable, client, create::create_table};
use dynoxide::Database;
use tokio::net::TcpListener;

/// The table's name; there is only one.
const TABLE: &str = "bulkhead";
/// Between two clean-ups of rows whose time is over. Reads never rely on it.
const CLEAN_UP_EVERY: Duration = Duration::from_secs(3600);

/// Opens the database file, or makes it, and answers the table in it.
pub(crate) async fn open(file: &Path) -> Result<DynamoTable> {
    let cannot = || format!("The database {} cannot be opened.", file.display());
    let name = file.to_str().with_context(cannot)?;
    let database = Database::new(name).with_context(cannot)?;
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .with_context(cannot)?;
    let address = listener.local_addr().with_context(cannot)?;
    tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
    tokio::spawn(clean_up(database));
    let client = client::local(&format!("http://{address}"));
    create_table(&client, TABLE).await.with_context(cannot)?;
    Ok(DynamoTable::new(client, TABLE))
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
