//! Tables from the template: what CloudFormation does with `AWS::DynamoDB::Table`.

use serde_json::{Map, Value, json};

use super::{Dynamo, DynamoError};

/// Taken over as they are.
const SAME: [&str; 7] = [
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "KeySchema",
    "StreamSpecification",
    "TableClass",
    "Tags",
];

/// Left out: the table's own name is given, the second the database does not have.
const LEFT_OUT: [&str; 2] = ["TableName", "PointInTimeRecoverySpecification"];

impl Dynamo {
    /// Makes a table of this name from the properties of an `AWS::DynamoDB::Table`, references put
    /// in: CreateTable, then UpdateTimeToLive.
    pub fn create(&self, name: &str, properties: &Value) -> Result<(), DynamoError> {
        let mut table = Map::new();
        table.insert("TableName".to_owned(), json!(name));
        let mut expires = None;
        for (property, value) in properties.as_object().into_iter().flatten() {
            match property.as_str() {
                "GlobalSecondaryIndexes" | "OnDemandThroughput" => {
                    table.insert(property.clone(), numbers(value));
                }
                "SSESpecification" => {
                    table.insert(property.clone(), encryption(value));
                }
                "TimeToLiveSpecification" => expires = Some(value),
                same if SAME.contains(&same) => {
                    table.insert(property.clone(), value.clone());
                }
                left_out if LEFT_OUT.contains(&left_out) => {}
                other => return Err(DynamoError::NotUnderstood(other.to_owned())),
            }
        }
        self.done("CreateTable", &Value::Object(table))?;
        if let Some(expires) = expires {
            let asked = json!({"TableName": name, "TimeToLiveSpecification": expires});
            self.done("UpdateTimeToLive", &asked)?;
        }
        Ok(())
    }

    fn done(&self, operation: &str, asked: &Value) -> Result<(), DynamoError> {
        let answer = self.perform(operation, asked.to_string().as_bytes());
        match answer.status {
            200 => Ok(()),
            _ => {
                let said = String::from_utf8_lossy(&answer.body);
                Err(DynamoError::NotUnderstood(format!("{operation} ({said})")))
            }
        }
    }
}

/// CloudFormation says `SSEEnabled` where the API says `Enabled`.
fn encryption(specification: &Value) -> Value {
    let mut renamed = specification.clone();
    if let Some(fields) = renamed.as_object_mut()
        && let Some(enabled) = fields.remove("SSEEnabled")
    {
        fields.insert("Enabled".to_owned(), enabled);
    }
    renamed
}

/// The same with the numbers of throughputs as numbers: a parameter's value is a text.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let number = |name: &str, value: &Value| match value.as_str().map(str::parse::<u64>) {
                Some(Ok(number)) if name.ends_with("Units") => json!(number),
                _ => numbers(value),
            };
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), number(name, value)));
            Value::Object(fields.collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(numbers).collect()),
        plain => plain.clone(),
    }
}
