//! The port itself: reads here, writes in `write`.

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use bulkhead_engine::ports::{Due, DueShard, Key, Row, Span, Table, TableError, Write};
use jiff::Timestamp;

use super::failure::failure;
use super::item::{Item, NotARow, due, key_item, number, row, text};
use super::keys;
use super::meter::{Meter, Units};

/// Rows in a DynamoDB table that [`super::create::create_table`] made.
#[derive(Debug)]
pub struct DynamoTable {
    pub(super) client: Client,
    pub(super) name: String,
    pub(super) meter: Meter,
}

impl DynamoTable {
    /// The table of this name.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            client,
            name: name.into(),
            meter: Meter::default(),
        }
    }

    /// What its calls have cost so far.
    pub fn units(&self) -> Units {
        self.meter.units()
    }

    fn query(&self) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
    }

    /// All pages, up to `limit` items.
    async fn pages(
        &self,
        query: QueryFluentBuilder,
        limit: Option<u32>,
    ) -> Result<Vec<Item>, TableError> {
        self.pages_from(query, None, limit).await
    }

    /// All pages that come after the item `start`, up to `limit` items. DynamoDB ends a page at 1 MB,
    /// whatever the limit.
    async fn pages_from(
        &self,
        query: QueryFluentBuilder,
        mut start: Option<Item>,
        limit: Option<u32>,
    ) -> Result<Vec<Item>, TableError> {
        let mut items: Vec<Item> = Vec::new();
        loop {
            let missing = limit.map(|limit| limit as usize - items.len().min(limit as usize));
            if missing == Some(0) {
                return Ok(items);
            }
            let page = query
                .clone()
                .set_limit(missing.map(|missing| i32::try_from(missing).unwrap_or(i32::MAX)))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| failure("Query", error))?;
            self.meter.read(page.consumed_capacity());
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}

#[async_trait]
impl Table for DynamoTable {
    async fn get(&self, key: &Key) -> Result<Option<Row>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key_item(key)))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .send()
            .await
            .map_err(|error| failure("GetItem", error))?;
        self.meter.read(answer.consumed_capacity());
        answer.item.map(row).transpose().map_err(unreadable)
    }

    async fn range(&self, span: &Span) -> Result<Vec<Row>, TableError> {
        if span.from > span.to {
            return Ok(Vec::new()); // DynamoDB calls that an error.
        }
        let mut query = self
            .query()
            .consistent_read(true)
            .scan_index_forward(!span.reverse)
            .expression_attribute_names("#pk", keys::PARTITION)
            .expression_attribute_names("#sk", keys::SORT)
            .expression_attribute_values(":pk", text(&span.partition))
            .expression_attribute_values(":to", text(&span.to));
        // Neither does it compare a key with an empty text.
        query = if span.from.is_empty() {
            query.key_condition_expression("#pk = :pk AND #sk <= :to")
        } else {
            query
                .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
                .expression_attribute_values(":from", text(&span.from))
        };
        rows(self.pages(query, span.limit).await?)
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), TableError> {
        self.write_all(writes).await
    }

    async fn put_many(&self, rows: Vec<Row>) -> Result<(), TableError> {
        self.put_batches(rows).await
    }

    async fn owned(
        &self,
        owner: &str,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Row>, TableError> {
        let mut query = self
            .query()
            .index_name(keys::BY_OWNER)
            .scan_index_forward(false)
            .expression_attribute_names("#o", keys::OWNER)
            .expression_attribute_values(":o", text(owner));
        query = match before {
            None => query.key_condition_expression("#o = :o"),
            Some(before) => query
                .key_condition_expression("#o = :o AND #p < :before")
                .expression_attribute_names("#p", keys::PLACE)
                .expression_attribute_values(":before", text(before)),
        };
        rows(self.pages(query, Some(limit)).await?)
    }

    async fn due(
        &self,
        shard: DueShard,
        now: Timestamp,
        after: Option<&Due>,
        limit: u32,
    ) -> Result<Vec<Due>, TableError> {
        let group = keys::due_group(shard);
        let start = after.map(|after| {
            let mut start = key_item(&after.key);
            start.insert(keys::DUE.to_owned(), number(after.at.as_nanosecond()));
            start.insert(keys::DUE_GROUP.to_owned(), text(&group));
            start
        });
        let query = self
            .query()
            .index_name(keys::BY_DUE)
            .key_condition_expression("#q = :q AND #d <= :now")
            .expression_attribute_names("#q", keys::DUE_GROUP)
            .expression_attribute_names("#d", keys::DUE)
            .expression_attribute_values(":q", text(&group))
            .expression_attribute_values(":now", number(now.as_nanosecond()));
        let items = self.pages_from(query, start, Some(limit)).await?;
        let found = items.into_iter().map(due).collect::<Result<_, _>>();
        found.map_err(unreadable)
    }
}

fn rows(items: Vec<Item>) -> Result<Vec<Row>, TableError> {
    let rows: Result<_, _> = items.into_iter().map(row).collect();
    rows.map_err(unreadable)
}

fn unreadable(error: NotARow) -> TableError {
    TableError::Refused(Box::new(error))
}
