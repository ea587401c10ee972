//! Writes: one with a condition, several as a transaction, many in batches.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, Put, PutRequest, ReturnConsumedCapacity,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem, WriteRequest,
};
use bulkhead_engine::ports::{ATOMIC_WRITES_MOST, Expect, Key, Row, TableError, Write};

use super::attempts::Attempts;
use super::failure::{failure, refused, transaction_failure};
use super::item::{Item, item, key_item, number};
use super::{DynamoTable, keys};
use crate::failure::Failure;
use crate::pause::pause;

/// Rows in one BatchWriteItem: DynamoDB's limit.
const BATCH_ROWS: usize = 25;
/// Tries of our own, where the SDK does not try again: unprocessed rows of a batch, and
/// transactions that met another one.
const TRIES: u32 = 8;

/// Sends a write of one row under its condition. The SDK's requests for that have these methods in common, and no trait.
macro_rules! conditionally {
    ($table:ident, $request:expr, $expect:expr, $attempts:expr) => {{
        let Condition { text, value } = condition($expect);
        let all_old = ReturnValuesOnConditionCheckFailure::AllOld;
        $request
            .table_name(&$table.name)
            .set_expression_attribute_names(names(text.as_ref()))
            .set_condition_expression(text)
            .set_expression_attribute_values(value)
            .return_values_on_condition_check_failure(all_old)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .customize()
            .interceptor($attempts.clone())
            .send()
            .await
    }};
}

impl DynamoTable {
    /// See [`bulkhead_engine::ports::Table::write`].
    pub(super) async fn write_all(&self, mut writes: Vec<Write>) -> Result<(), TableError> {
        if writes.len() > ATOMIC_WRITES_MOST {
            return Err(refused("TransactWriteItems", "more than 100 writes"));
        }
        if writes.len() > 1 {
            return self.transact(writes).await;
        }
        let Some(only) = writes.pop() else {
            return Ok(());
        };
        let mut tries = 0..TRIES;
        loop {
            match self.write_one(only.clone()).await {
                Err(error) if met_a_transaction(&error) && pause(&mut tries).await => {}
                result => return result,
            }
        }
    }

    async fn write_one(&self, write: Write) -> Result<(), TableError> {
        match write {
            Write::Put(row, expect) => self.put(item(row), expect).await,
            Write::Delete(key, expect) => self.delete(&key, expect).await,
        }
    }

    async fn put(&self, item: Item, expect: Expect) -> Result<(), TableError> {
        let attempts = Attempts::default();
        let put = self.client.put_item().set_item(Some(item.clone()));
        match conditionally!(self, put, expect, attempts) {
            Ok(done) => {
                self.meter.wrote(done.consumed_capacity());
                Ok(())
            }
            // Sent again because the answer was lost, and what is in the way is this very row.
            Err(error) if attempts.repeated() && found(&error) == Some(&item) => Ok(()),
            Err(error) => Err(failure("PutItem", error)),
        }
    }

    async fn delete(&self, key: &Key, expect: Expect) -> Result<(), TableError> {
        let attempts = Attempts::default();
        let delete = self.client.delete_item().set_key(Some(key_item(key)));
        match conditionally!(self, delete, expect, attempts) {
            Ok(done) => {
                self.meter.wrote(done.consumed_capacity());
                Ok(())
            }
            Err(error) if attempts.repeated() && is_gone(&error) => Ok(()),
            Err(error) => Err(failure("DeleteItem", error)),
        }
    }

    async fn transact(&self, writes: Vec<Write>) -> Result<(), TableError> {
        check_once(writes.iter().map(Write::key))?;
        let items: Vec<TransactWriteItem> = writes
            .into_iter()
            .map(|write| self.transact_item(write))
            .collect::<Result<_, _>>()
            .map_err(|error| TableError::Refused(Box::new(error)))?;
        let mut tries = 0..TRIES;
        loop {
            // The SDK adds a token, so that an attempt whose answer was lost counts once.
            let result = self
                .client
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
                .send()
                .await
                .map_err(|error| transaction_failure("TransactWriteItems", error));
            match result {
                Ok(done) => {
                    self.meter.wrote(done.consumed_capacity());
                    return Ok(());
                }
                Err(error) if met_a_transaction(&error) && pause(&mut tries).await => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn transact_item(&self, write: Write) -> Result<TransactWriteItem, BuildError> {
        match write {
            Write::Put(row, expect) => {
                let Condition { text, value } = condition(expect);
                let put = Put::builder()
                    .table_name(&self.name)
                    .set_item(Some(item(row)))
                    .set_expression_attribute_names(names(text.as_ref()))
                    .set_condition_expression(text)
                    .set_expression_attribute_values(value)
                    .build()?;
                Ok(TransactWriteItem::builder().put(put).build())
            }
            Write::Delete(key, expect) => {
                let Condition { text, value } = condition(expect);
                let delete = Delete::builder()
                    .table_name(&self.name)
                    .set_key(Some(key_item(&key)))
                    .set_expression_attribute_names(names(text.as_ref()))
                    .set_condition_expression(text)
                    .set_expression_attribute_values(value)
                    .build()?;
                Ok(TransactWriteItem::builder().delete(delete).build())
            }
        }
    }

    /// See [`bulkhead_engine::ports::Table::put_many`].
    pub(super) async fn put_batches(&self, rows: Vec<Row>) -> Result<(), TableError> {
        check_once(rows.iter().map(|row| &row.key))?;
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let batch = rows.by_ref().take(BATCH_ROWS);
            let requests: Result<Vec<WriteRequest>, _> = batch
                .map(|row| {
                    let put = PutRequest::builder().set_item(Some(item(row))).build()?;
                    Ok(WriteRequest::builder().put_request(put).build())
                })
                .collect();
            let requests =
                requests.map_err(|error: BuildError| TableError::Refused(Box::new(error)))?;
            self.put_batch(requests).await?;
        }
        Ok(())
    }

    async fn put_batch(&self, requests: Vec<WriteRequest>) -> Result<(), TableError> {
        let mut left = HashMap::from([(self.name.clone(), requests)]);
        let mut tries = 0..TRIES;
        while !left.is_empty() {
            let done = self
                .client
                .batch_write_item()
                .set_request_items(Some(left))
                .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
                .send()
                .await
                .map_err(|error| failure("BatchWriteItem", error))?;
            self.meter.wrote(done.consumed_capacity());
            left = done.unprocessed_items.unwrap_or_default();
            if !left.is_empty() && !pause(&mut tries).await {
                return Err(TableError::Unavailable(Box::new(Failure {
                    call: "BatchWriteItem",
                    code: "unprocessed".to_owned(),
                    message: "rows were left over at every try".to_owned(),
                })));
            }
        }
        Ok(())
    }
}

/// A condition's text and the value it names.
struct Condition {
    text: Option<String>,
    value: Option<HashMap<String, AttributeValue>>,
}

fn condition(expect: Expect) -> Condition {
    match expect {
        Expect::Anything => Condition {
            text: None,
            value: None,
        },
        Expect::Absent => Condition {
            text: Some("attribute_not_exists(#c)".to_owned()),
            value: None,
        },
        Expect::Version(version) => Condition {
            text: Some("#c = :v".to_owned()),
            value: Some(HashMap::from([(":v".to_owned(), number(version))])),
        },
    }
}

/// Every row has a version, so that is what conditions are about.
fn names(condition: Option<&String>) -> Option<HashMap<String, String>> {
    condition.map(|_| HashMap::from([("#c".to_owned(), keys::VERSION.to_owned())]))
}

fn found(error: &SdkError<PutItemError>) -> Option<&Item> {
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => failed.item(),
        _ => None,
    }
}

fn is_gone(error: &SdkError<DeleteItemError>) -> bool {
    match error.as_service_error() {
        Some(DeleteItemError::ConditionalCheckFailedException(failed)) => failed.item().is_none(),
        _ => false,
    }
}

fn check_once<'a>(keys: impl Iterator<Item = &'a Key>) -> Result<(), TableError> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(refused("write", "two writes of one row"));
        }
    }
    Ok(())
}

/// Nothing was written because another transaction held a row; the SDK leaves that to its caller.
fn met_a_transaction(error: &TableError) -> bool {
    match error {
        TableError::Unavailable(cause) => cause
            .downcast_ref::<Failure>()
            .is_some_and(|failure| failure.code.starts_with("Transaction")),
        _ => false,
    }
}
