//! DynamoDB: an embedded database that others wrote (dynoxide), tables made as the template says, and
//! the failures that it does not have by itself.

mod create;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::often::Often;
use crate::{ACCOUNT, REGION};

/// How badly DynamoDB behaves. All of it is documented under "Error handling with DynamoDB".
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// A call is refused with `ProvisionedThroughputExceededException`, and nothing was done.
    pub throttled: Often,
    /// A call is answered with 500, and nothing was done.
    pub broken: Often,
    /// A write is answered with 500 though everything was done.
    pub lost_answers: Often,
    /// A write meets somebody else's transaction, and nothing was done.
    pub conflicts: Often,
    /// A batch write does only the first half and hands the rest back as `UnprocessedItems`.
    pub unprocessed: Often,
}

/// An answer to put on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// Its JSON.
    pub body: Vec<u8>,
}

/// The service. Clones are the same service.
#[derive(Clone)]
pub struct Dynamo {
    database: Database,
    faults: Arc<Mutex<Faults>>,
    /// The partition key's name of tables and indexes.
    partition_keys: Arc<Mutex<HashMap<Place, String>>>,
}

/// A table, or one of its indexes.
type Place = (String, Option<String>);

/// Why a database or a table cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DynamoError {
    /// The database refused.
    #[error("the database refused")]
    Database(#[from] DynoxideError),
    /// The template describes a table in a way that is not understood here.
    #[error("a table's {0} is not understood here")]
    NotUnderstood(String),
}

impl Dynamo {
    /// An empty database that is gone with its last clone.
    pub fn memory() -> Result<Self, DynamoError> {
        Ok(Self::over(Database::memory()?))
    }

    /// The database in a file, made if it is not there.
    pub fn open(file: &Path) -> Result<Self, DynamoError> {
        Ok(Self::over(Database::new(&file.to_string_lossy())?))
    }

    fn over(database: Database) -> Self {
        Self {
            database,
            faults: Arc::default(),
            partition_keys: Arc::default(),
        }
    }

    /// Behaves like this from now on.
    pub fn misbehave(&self, faults: Faults) {
        *self.faults() = faults;
    }

    /// Removes what its time to live has passed, as DynamoDB does at some time within days. Gives
    /// the number of rows.
    pub fn expire(&self) -> Result<usize, DynamoError> {
        Ok(self.database.sweep_ttl()?)
    }

    /// Answers an operation (`PutItem` …), misbehaving as told. It blocks on the database.
    #[must_use]
    pub fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        if !is_on_data(operation) {
            return self.perform(operation, body);
        }
        let writes = is_write(operation);
        let (throttled, broken, conflict, lost, partly) = {
            let faults = &mut *self.faults();
            (
                faults.throttled.strikes(),
                faults.broken.strikes(),
                writes && faults.conflicts.strikes(),
                writes && faults.lost_answers.strikes(),
                operation == "BatchWriteItem" && faults.unprocessed.strikes(),
            )
        };
        if throttled {
            return refusal(
                400,
                "ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for the table was exceeded.",
            );
        }
        if broken {
            return broken_answer();
        }
        if conflict {
            return conflict_answer(operation, body);
        }
        let answer = match partly {
            true => self.perform_half(body),
            false => self.perform(operation, body),
        };
        match lost && answer.status == 200 {
            true => broken_answer(),
            false => answer,
        }
    }

    /// A batch write's first half, rounded down; the rest is handed back.
    fn perform_half(&self, body: &[u8]) -> Answer {
        let Ok(mut asked) = serde_json::from_slice::<Value>(body) else {
            return self.perform("BatchWriteItem", body);
        };
        let mut left = Map::new();
        for (table, requests) in asked["RequestItems"].as_object_mut().into_iter().flatten() {
            if let Some(requests) = requests.as_array_mut() {
                let rest = requests.split_off(requests.len() / 2);
                left.insert(table.clone(), Value::Array(rest));
            }
        }
        if let Some(tables) = asked["RequestItems"].as_object_mut() {
            tables.retain(|_, requests| requests.as_array().is_some_and(|it| !it.is_empty()));
            if tables.is_empty() {
                return Answer::of(200, &json!({"UnprocessedItems": left}));
            }
        }
        let done = self.perform("BatchWriteItem", asked.to_string().as_bytes());
        match serde_json::from_slice::<Value>(&done.body) {
            Ok(mut answer) if done.status == 200 => {
                answer["UnprocessedItems"] = Value::Object(left);
                Answer::of(200, &answer)
            }
            _ => done,
        }
    }

    fn perform(&self, operation: &str, body: &[u8]) -> Answer {
        let database = &self.database;
        let done = match operation {
            "GetItem" => call(body, |asked| database.get_item(asked)),
            "PutItem" => call(body, |asked| database.put_item(asked)),
            "UpdateItem" => call(body, |asked| database.update_item(asked)),
            "DeleteItem" => call(body, |asked| database.delete_item(asked)),
            "Query" => call(body, |asked| database.query(asked)),
            "Scan" => call(body, |asked| database.scan(asked)),
            "BatchGetItem" => call(body, |asked| database.batch_get_item(asked)),
            "BatchWriteItem" => call(body, |asked| database.batch_write_item(asked)),
            "TransactGetItems" => call(body, |asked| database.transact_get_items(asked)),
            "TransactWriteItems" => call(body, |asked| database.transact_write_items(asked)),
            "CreateTable" => call(body, |asked| database.create_table(asked)),
            "DescribeTable" => call(body, |asked| database.describe_table(asked)),
            "ListTables" => call(body, |asked| database.list_tables(asked)),
            "DescribeTimeToLive" => call(body, |asked| database.describe_time_to_live(asked)),
            "UpdateTimeToLive" => call(body, |asked| database.update_time_to_live(asked)),
            other => {
                return refusal(
                    400,
                    "UnknownOperationException",
                    &format!("{other} is not part of this stand-in."),
                );
            }
        };
        match done {
            Ok(body) => Answer { status: 200, body },
            Err(error) => Answer {
                status: error.status_code(),
                body: error.to_json().into_bytes(),
            },
        }
    }

    /// The partition key's name of a table or one of its indexes, if there is such a one.
    pub(crate) fn partition_key(&self, table: &str, index: Option<&str>) -> Option<String> {
        let place = (table.to_owned(), index.map(str::to_owned));
        let known = &mut *self
            .partition_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = known.get(&place) {
            return Some(name.clone());
        }
        let asked = json!({"TableName": table}).to_string();
        let answer = self.perform("DescribeTable", asked.as_bytes());
        let described: Value = serde_json::from_slice(&answer.body).ok()?;
        let described = &described["Table"];
        let keys = match index {
            None => &described["KeySchema"],
            Some(index) => {
                let indexes = described["GlobalSecondaryIndexes"].as_array()?;
                &indexes.iter().find(|it| it["IndexName"] == index)?["KeySchema"]
            }
        };
        let key = keys.as_array()?.iter().find(|it| it["KeyType"] == "HASH")?;
        let name = key["AttributeName"].as_str()?.to_owned();
        known.insert(place, name.clone());
        Some(name)
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The ARN of a table of this name.
#[must_use]
pub fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}")
}

/// An error as DynamoDB writes it.
pub(crate) fn refusal(status: u16, name: &str, message: &str) -> Answer {
    let kind = match name {
        "AccessDeniedException" | "UnknownOperationException" => "com.amazon.coral.service",
        _ => "com.amazonaws.dynamodb.v20120810",
    };
    let body = json!({"__type": format!("{kind}#{name}"), "message": message});
    Answer::of(status, &body)
}

impl Answer {
    fn of(status: u16, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string().into_bytes(),
        }
    }
}

fn broken_answer() -> Answer {
    refusal(
        500,
        "InternalServerError",
        "The request processing has failed because of an unknown error.",
    )
}

/// Another transaction is at work on the first item.
fn conflict_answer(operation: &str, body: &[u8]) -> Answer {
    let message = "Transaction is ongoing for the item";
    if operation != "TransactWriteItems" {
        return refusal(400, "TransactionConflictException", message);
    }
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let items = asked["TransactItems"].as_array().map_or(0, Vec::len);
    let reason = |place: usize| match place {
        0 => json!({"Code": "TransactionConflict", "Message": message}),
        _ => json!({"Code": "None"}),
    };
    let reasons: Vec<Value> = (0..items).map(reason).collect();
    let codes: Vec<&str> = reasons
        .iter()
        .filter_map(|reason| reason["Code"].as_str())
        .collect();
    let codes = codes.join(", ");
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
        ),
        "CancellationReasons": reasons,
    });
    Answer::of(400, &body)
}

fn is_on_data(operation: &str) -> bool {
    operation.contains("Item") || operation == "Query" || operation == "Scan"
}

fn is_write(operation: &str) -> bool {
    is_on_data(operation)
        && ["Put", "Update", "Delete", "BatchWrite", "TransactWrite"]
            .iter()
            .any(|verb| operation.starts_with(verb))
}

fn call<Asked: DeserializeOwned, Done: Serialize>(
    body: &[u8],
    handler: impl FnOnce(Asked) -> dynoxide::Result<Done>,
) -> dynoxide::Result<Vec<u8>> {
    let asked = serde_json::from_slice(body).map_err(|error| {
        // How the database's own readers mark what a validation found.
        let text = error.to_string();
        match text.strip_prefix("VALIDATION:") {
            Some(found) => DynoxideError::ValidationException(found.to_owned()),
            None => DynoxideError::SerializationException(text),
        }
    })?;
    serde_json::to_vec(&handler(asked)?)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

#[cfg(test)]
mod tests;
