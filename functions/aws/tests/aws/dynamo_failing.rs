//! The table on a database that throttles, collides, leaves rows over, breaks and loses answers, as
//! DynamoDB does and the embedded database does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bulkhead_aws::dynamo::{DynamoTable, client, create::create_table};
use bulkhead_cloud::dynamo::Dynamo;
use bulkhead_engine::ports::{Expect, Span, Table, TableError, Write};
use bulkhead_engine::testing::table::row;
use serde_json::{Value, json};

/// What becomes of a call.
enum Fate {
    Done,
    /// Done, and nobody hears of it.
    Lost,
    /// Not done; this is the answer.
    Refused(u16, Value),
}

/// A table whose calls meet their fate; it is told the operation, the call's number and its body.
struct Failing {
    table: DynamoTable,
    calls: Arc<AtomicU32>,
}

impl Failing {
    async fn new(fate: impl Fn(&str, u32, &Value) -> Fate + Send + Sync + 'static) -> Self {
        let database = Dynamo::memory().unwrap();
        let kept = database.clone();
        let obeying = move |operation: &str, body: &[u8]| handle(&kept, operation, body);
        create_table(&client::in_process(Arc::new(obeying)), "test")
            .await
            .unwrap();
        let calls = Arc::new(AtomicU32::new(0));
        let counted = calls.clone();
        let answer = move |operation: &str, body: &[u8]| {
            let number = counted.fetch_add(1, Ordering::Relaxed);
            let asked = serde_json::from_slice(body).unwrap();
            match fate(operation, number, &asked) {
                Fate::Done => handle(&database, operation, body),
                Fate::Refused(status, answer) => (status, answer.to_string().into_bytes()),
                Fate::Lost => {
                    handle(&database, operation, body);
                    (500, Vec::new())
                }
            }
        };
        Self {
            table: DynamoTable::new(client::in_process(Arc::new(answer)), "test"),
            calls,
        }
    }

    fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }

    async fn rows(&self) -> usize {
        self.table.range(&span()).await.unwrap().len()
    }
}

fn handle(database: &Dynamo, operation: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let answer = database.answer(operation, body);
    (answer.status, answer.body)
}

fn refused(code: &str) -> Fate {
    let status = if code == "InternalServerError" {
        500
    } else {
        400
    };
    let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
    Fate::Refused(status, json!({ "__type": code, "message": "It is so." }))
}

/// A transaction that was cancelled for these reasons.
fn cancelled(reasons: &[&str]) -> Fate {
    let reasons: Vec<_> = reasons.iter().map(|code| json!({ "Code": code })).collect();
    let answer = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled",
        "CancellationReasons": reasons,
    });
    Fate::Refused(400, answer)
}

fn span() -> Span {
    Span {
        partition: "p".to_owned(),
        from: "0".to_owned(),
        to: "9".to_owned(),
        reverse: false,
        limit: None,
    }
}

fn put(sort: &str) -> Write {
    Write::Put(row("p", sort, 1), Expect::Absent)
}

fn two() -> Vec<Write> {
    vec![put("1"), put("2")]
}

const THROTTLES: [&str; 4] = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
];

#[tokio::test(start_paused = true)]
async fn being_throttled_once_is_not_noticed() {
    for code in THROTTLES {
        let failing = Failing::new(move |_, number, _| match number {
            0 => refused(code),
            _ => Fate::Done,
        })
        .await;
        failing.table.write(vec![put("1")]).await.unwrap();
        assert_eq!(failing.calls(), 2, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn being_throttled_for_long_is_unavailable_after_a_few_tries_of_every_call() {
    for code in THROTTLES {
        let failing = Failing::new(move |_, _, _| refused(code)).await;
        let table = &failing.table;
        let key = row("p", "1", 1).key;
        let delete = Write::Delete(key.clone(), Expect::Anything);
        let results = [
            table.get(&key).await.map(drop),
            table.range(&span()).await.map(drop),
            table.owned("ann", None, 5).await.map(drop),
            table.write(vec![put("1")]).await,
            table.write(vec![delete]).await,
            table.write(two()).await,
            table.put_many(vec![row("p", "1", 1)]).await,
        ];
        for result in results {
            let unavailable = matches!(result, Err(TableError::Unavailable(_)));
            assert!(unavailable, "{code}: {result:?}");
        }
        assert!(failing.calls() <= 7 * 5, "{}", failing.calls());
    }
}

#[tokio::test]
async fn what_will_never_work_is_refused_at_the_first_try() {
    for code in [
        "ValidationException",
        "AccessDeniedException",
        "ResourceNotFoundException",
        "ItemCollectionSizeLimitExceededException",
    ] {
        let failing = Failing::new(move |_, _, _| refused(code)).await;
        let result = failing.table.write(vec![put("1")]).await;
        assert!(matches!(result, Err(TableError::Refused(_))), "{result:?}");
        assert_eq!(failing.calls(), 1);
    }
}

#[tokio::test]
async fn rows_that_a_batch_leaves_over_are_sent_again() {
    // Each call does all but its first row, until there is one row left.
    let failing = Failing::new(|operation, number, asked| {
        let rows = asked["RequestItems"]["test"].as_array();
        match rows {
            Some(rows) if operation == "BatchWriteItem" && number < 3 => {
                let left = json!({ "UnprocessedItems": { "test": [rows[0]] } });
                Fate::Refused(200, left)
            }
            _ => Fate::Done,
        }
    })
    .await;
    // What the answers called done was not, so only the row that was left over is there.
    let rows = (10..30).map(|n| row("p", &n.to_string(), 1)).collect();
    failing.table.put_many(rows).await.unwrap();
    assert_eq!(failing.calls(), 4);
    assert_eq!(failing.rows().await, 1);
}

#[tokio::test]
async fn whole_batches_that_are_left_over_are_sent_again() {
    let failing = Failing::new(|_, number, asked| match number {
        0 => Fate::Refused(200, json!({ "UnprocessedItems": asked["RequestItems"] })),
        _ => Fate::Done,
    })
    .await;
    let rows = (10..40).map(|n| row("p", &n.to_string(), 1)).collect();
    failing.table.put_many(rows).await.unwrap();
    assert_eq!(failing.rows().await, 30);
}

#[tokio::test(start_paused = true)]
async fn rows_that_are_always_left_over_are_unavailable_in_the_end() {
    let failing = Failing::new(|_, _, asked| {
        Fate::Refused(200, json!({ "UnprocessedItems": asked["RequestItems"] }))
    })
    .await;
    let result = failing.table.put_many(vec![row("p", "1", 1)]).await;
    let unavailable = matches!(result, Err(TableError::Unavailable(_)));
    assert!(unavailable, "{result:?}");
    assert_eq!(failing.calls(), 9);
}

#[tokio::test]
async fn a_transaction_that_met_another_one_is_tried_again() {
    let failing = Failing::new(|_, number, _| match number {
        0 => cancelled(&["None", "TransactionConflict"]),
        1 => refused("TransactionInProgressException"),
        _ => Fate::Done,
    })
    .await;
    failing.table.write(two()).await.unwrap();
    assert_eq!(failing.rows().await, 2);
}

#[tokio::test]
async fn a_write_that_met_a_transaction_is_tried_again() {
    let failing = Failing::new(|_, number, _| match number {
        0 => refused("TransactionConflictException"),
        _ => Fate::Done,
    })
    .await;
    failing.table.write(vec![put("1")]).await.unwrap();
    assert_eq!(failing.rows().await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_transaction_means_what_its_reasons_say() {
    for (reasons, tried_again) in [
        (["None", "TransactionConflict"], true),
        (["ThrottlingError", "None"], true),
        (
            ["ProvisionedThroughputExceeded", "TransactionConflict"],
            true,
        ),
        (["ConditionalCheckFailed", "TransactionConflict"], false),
        (["None", "ConditionalCheckFailed"], false),
        (["ValidationError", "None"], false),
        (
            ["ItemCollectionSizeLimitExceeded", "ThrottlingError"],
            false,
        ),
    ] {
        let failing = Failing::new(move |_, _, _| cancelled(&reasons)).await;
        let error = failing.table.write(two()).await.unwrap_err();
        let as_expected = match error {
            TableError::Conflict => reasons.contains(&"ConditionalCheckFailed"),
            TableError::Unavailable(_) => tried_again,
            TableError::Refused(_) => !tried_again && !reasons.contains(&"ConditionalCheckFailed"),
        };
        assert!(as_expected, "{reasons:?}: {error:?}");
        assert_eq!(failing.calls() > 1, tried_again, "{reasons:?}");
        assert!(failing.calls() < 50, "{}", failing.calls());
    }
}

/// Loses the answer to every other write.
fn forgetful(operation: &str, number: u32, _: &Value) -> Fate {
    match operation {
        "PutItem" | "DeleteItem" | "TransactWriteItems" if number.is_multiple_of(2) => Fate::Lost,
        _ => Fate::Done,
    }
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_no_conflict_with_itself() {
    let failing = Failing::new(forgetful).await;
    failing.table.write(vec![put("1")]).await.unwrap();
    let change = Write::Put(row("p", "1", 2), Expect::Version(1));
    failing.table.write(vec![change]).await.unwrap();
    let key = row("p", "1", 2).key;
    let delete = Write::Delete(key.clone(), Expect::Version(2));
    failing.table.write(vec![delete]).await.unwrap();
    assert_eq!(failing.table.get(&key).await.unwrap(), None);
}

#[tokio::test]
async fn a_real_conflict_stays_one_when_answers_are_lost() {
    let failing = Failing::new(forgetful).await;
    failing.table.write(vec![put("1")]).await.unwrap();
    let mut other = row("p", "1", 1);
    other.body = b"somebody else's".to_vec();
    let write = Write::Put(other, Expect::Absent);
    let refused = failing.table.write(vec![write]).await;
    assert!(matches!(refused, Err(TableError::Conflict)), "{refused:?}");
    let delete = Write::Delete(row("p", "1", 1).key, Expect::Version(9));
    let refused = failing.table.write(vec![delete]).await;
    assert!(matches!(refused, Err(TableError::Conflict)), "{refused:?}");
}

#[tokio::test]
async fn a_transaction_whose_answer_was_lost_counts_once() {
    let failing = Failing::new(forgetful).await;
    failing.table.write(two()).await.unwrap();
    assert_eq!(failing.calls(), 2);
    assert_eq!(failing.rows().await, 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_always_lost_is_unavailable_though_it_was_done() {
    let failing = Failing::new(|operation, _, _| match operation {
        "Query" => Fate::Done,
        _ => Fate::Lost,
    })
    .await;
    for writes in [vec![put("1")], vec![put("2"), put("3")]] {
        let result = failing.table.write(writes).await;
        let unavailable = matches!(result, Err(TableError::Unavailable(_)));
        assert!(unavailable, "{result:?}");
    }
    assert_eq!(failing.rows().await, 3);
}
