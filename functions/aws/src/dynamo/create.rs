//! Makes the table where no template does: on a laptop and in tests.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TableStatus, TimeToLiveSpecification,
};
use bulkhead_engine::ports::TableError;

use super::failure::failure;
use super::keys;
use crate::failure::Failure;

/// Looks at a new table so often before giving up on it.
const LOOKS: u32 = 100;
/// Time between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Creates the table with its indexes and time to live, unless it is there, and waits for it.
pub async fn create_table(client: &Client, name: &str) -> Result<(), TableError> {
    let unbuilt = |error: BuildError| TableError::Refused(Box::new(error));
    let created = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes().map_err(unbuilt)?))
        .set_key_schema(Some(
            key_schema(keys::PARTITION, keys::SORT).map_err(unbuilt)?,
        ))
        .set_global_secondary_indexes(Some(indexes().map_err(unbuilt)?))
        .send()
        .await;
    if let Err(error) = created {
        let in_use = error
            .as_service_error()
            .and_then(ProvideErrorMetadata::code);
        if in_use != Some("ResourceInUseException") {
            return Err(failure("CreateTable", error));
        }
    }
    wait_until_active(client, name).await?;
    expire(client, name).await
}

fn attributes() -> Result<Vec<AttributeDefinition>, BuildError> {
    let text = ScalarAttributeType::S;
    [
        (keys::PARTITION, text.clone()),
        (keys::SORT, text.clone()),
        (keys::OWNER, text.clone()),
        (keys::PLACE, text.clone()),
        (keys::DUE_GROUP, text),
        (keys::DUE, ScalarAttributeType::N),
    ]
    .into_iter()
    .map(|(name, kind)| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(kind)
            .build()
    })
    .collect()
}

fn key_schema(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    [(hash, KeyType::Hash), (range, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| {
            KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind)
                .build()
        })
        .collect()
}

fn indexes() -> Result<Vec<GlobalSecondaryIndex>, BuildError> {
    let index = |name: &str, hash, range, projected| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .set_key_schema(Some(key_schema(hash, range)?))
            .projection(Projection::builder().projection_type(projected).build())
            .build()
    };
    Ok(vec![
        index(
            keys::BY_OWNER,
            keys::OWNER,
            keys::PLACE,
            ProjectionType::All,
        )?,
        index(
            keys::BY_DUE,
            keys::DUE_GROUP,
            keys::DUE,
            ProjectionType::KeysOnly,
        )?,
    ])
}

async fn wait_until_active(client: &Client, name: &str) -> Result<(), TableError> {
    for _ in 0..LOOKS {
        let described = client
            .describe_table()
            .table_name(name)
            .send()
            .await
            .map_err(|error| failure("DescribeTable", error))?;
        let status = described.table().and_then(|table| table.table_status());
        if status == Some(&TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Err(TableError::Unavailable(Box::new(Failure {
        call: "CreateTable",
        code: "not active".to_owned(),
        message: "the table is not ready in time".to_owned(),
    })))
}

async fn expire(client: &Client, name: &str) -> Result<(), TableError> {
    let described = client
        .describe_time_to_live()
        .table_name(name)
        .send()
        .await
        .map_err(|error| failure("DescribeTimeToLive", error))?;
    let attribute = described
        .time_to_live_description()
        .and_then(|description| description.attribute_name());
    if attribute.is_some() {
        return Ok(());
    }
    let expires = TimeToLiveSpecification::builder()
        .attribute_name(keys::EXPIRES)
        .enabled(true)
        .build()
        .map_err(|error| TableError::Refused(Box::new(error)))?;
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(expires)
        .send()
        .await
        .map_err(|error| failure("UpdateTimeToLive", error))?;
    Ok(())
}
