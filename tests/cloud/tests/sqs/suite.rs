//! The suite. Each test takes the server and makes queues of its own.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Service, bodies};

/// Runs the suite as tests of the module that calls this; `$service` makes the server.
macro_rules! run {
    ($service:path; $($test:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $test() {
            let (service, _kept) = $service().await;
            $crate::suite::$test(&service).await;
        }
    )*};
}
pub(crate) use run;

pub(crate) async fn makes_a_queue_once(sqs: &Service) {
    let attributes = json!({"VisibilityTimeout": "60"});
    let url = sqs.create("once", attributes.clone()).await;
    assert_eq!(sqs.create("once", attributes).await, url);
    let other = json!({"QueueName": "once", "Attributes": {"VisibilityTimeout": "61"}});
    sqs.refused("CreateQueue", other, "QueueAlreadyExists")
        .await;
    let found = sqs.ok("GetQueueUrl", json!({"QueueName": "once"})).await;
    assert_eq!(found["QueueUrl"], url);
    let listed = sqs.ok("ListQueues", json!({"QueueNamePrefix": "on"})).await;
    assert_eq!(listed["QueueUrls"], json!([url]));
}

pub(crate) async fn knows_no_other_queue(sqs: &Service) {
    let code = "AWS.SimpleQueueService.NonExistentQueue";
    sqs.refused("GetQueueUrl", json!({"QueueName": "none"}), code)
        .await;
    let known = sqs.create("known", json!({})).await;
    let none = known.replace("known", "none");
    let send = json!({"QueueUrl": none, "MessageBody": "x"});
    sqs.refused("SendMessage", send, code).await;
    sqs.refused("ReceiveMessage", json!({"QueueUrl": none}), code)
        .await;
}

pub(crate) async fn keeps_attributes(sqs: &Service) {
    let url = sqs
        .create(
            "kept",
            json!({"DelaySeconds": "3", "VisibilityTimeout": "180"}),
        )
        .await;
    let attributes = sqs.attributes(&url).await;
    assert_eq!(attributes["VisibilityTimeout"], "180");
    assert_eq!(attributes["DelaySeconds"], "3");
    assert_eq!(attributes["MessageRetentionPeriod"], "345600");
    let arn = attributes["QueueArn"].as_str().unwrap();
    assert_eq!(arn, "arn:aws:sqs:eu-central-1:123456789012:kept");
    let set = json!({"QueueUrl": url, "Attributes": {"DelaySeconds": "0"}});
    sqs.ok("SetQueueAttributes", set).await;
    assert_eq!(sqs.attributes(&url).await["DelaySeconds"], "0");
}

pub(crate) async fn sends_receives_and_deletes(sqs: &Service) {
    let url = sqs.create("plain", json!({})).await;
    let sent = sqs.send(&url, "hello").await;
    assert_eq!(sent["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    let received = sqs.receive(&url).await;
    let [message] = received.as_slice() else {
        panic!("{received:?}")
    };
    assert_eq!(message["Body"], "hello");
    assert_eq!(message["MessageId"], sent["MessageId"]);
    assert_eq!(message["MD5OfBody"], sent["MD5OfMessageBody"]);
    assert_eq!(message["Attributes"]["ApproximateReceiveCount"], "1");
    assert!(message["Attributes"]["SentTimestamp"].is_string());
    assert_eq!(sqs.depth(&url).await, [0, 1, 0]);
    sqs.delete(&url, message).await;
    assert_eq!(sqs.depth(&url).await, [0, 0, 0]);
    // Deleting what is gone is fine.
    sqs.delete(&url, message).await;
}

pub(crate) async fn carries_attributes_and_group(sqs: &Service) {
    let url = sqs.create("carried", json!({})).await;
    let asked = json!({
        "QueueUrl": url,
        "MessageBody": "x",
        "MessageGroupId": "tenant-1",
        "MessageAttributes": {
            "kind": {"DataType": "String", "StringValue": "plan"},
            "size": {"DataType": "Number", "StringValue": "12"},
            "raw": {"DataType": "Binary", "BinaryValue": "AAEC"},
        },
    });
    let sent = sqs.ok("SendMessage", asked).await;
    let received = sqs.receive(&url).await;
    assert_eq!(received[0]["Attributes"]["MessageGroupId"], "tenant-1");
    assert_eq!(
        received[0]["MD5OfMessageAttributes"],
        sent["MD5OfMessageAttributes"]
    );
    let carried = &received[0]["MessageAttributes"];
    assert_eq!(carried["kind"]["StringValue"], "plan");
    assert_eq!(carried["raw"]["BinaryValue"], "AAEC");
}

pub(crate) async fn counts_the_checksum_of_attributes(sqs: &Service) {
    let url = sqs.create("checksum", json!({})).await;
    let asked = json!({
        "QueueUrl": url,
        "MessageBody": "x",
        "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "plan"}},
    });
    let sent = sqs.ok("SendMessage", asked).await;
    // printf '\0\0\0\4kind\0\0\0\6String\1\0\0\0\4plan' | md5sum
    assert_eq!(
        sent["MD5OfMessageAttributes"],
        "348cd839c06ce7fa01b18659559f9cf4"
    );
}

pub(crate) async fn sends_nothing_unasked(sqs: &Service) {
    let url = sqs.create("unasked", json!({})).await;
    sqs.send(&url, "x").await;
    let answer = sqs.ok("ReceiveMessage", json!({"QueueUrl": url})).await;
    let message = &answer["Messages"][0];
    assert_eq!(message["Attributes"], Value::Null);
    assert_eq!(message["MessageAttributes"], Value::Null);
    // One at a time, unless asked for more; and nothing at all is no list.
    let answer = sqs.ok("ReceiveMessage", json!({"QueueUrl": url})).await;
    assert!(answer["Messages"].as_array().is_none_or(Vec::is_empty));
}

pub(crate) async fn shows_a_message_again_after_its_time(sqs: &Service) {
    let url = sqs.create("again", json!({"VisibilityTimeout": "1"})).await;
    sqs.send(&url, "x").await;
    let first = sqs.receive(&url).await;
    assert!(sqs.receive(&url).await.is_empty());
    sqs.pass(1).await;
    let second = sqs.receive(&url).await;
    assert_eq!(second[0]["Attributes"]["ApproximateReceiveCount"], "2");
    assert_eq!(second[0]["MessageId"], first[0]["MessageId"]);
    assert_ne!(second[0]["ReceiptHandle"], first[0]["ReceiptHandle"]);
}

pub(crate) async fn deletes_after_the_time_too(sqs: &Service) {
    let url = sqs.create("late", json!({"VisibilityTimeout": "1"})).await;
    sqs.send(&url, "x").await;
    let received = sqs.receive(&url).await;
    sqs.pass(1).await;
    sqs.delete(&url, &received[0]).await;
    assert!(sqs.receive(&url).await.is_empty());
}

pub(crate) async fn changes_the_time(sqs: &Service) {
    let url = sqs.create("changed", json!({})).await;
    sqs.send(&url, "x").await;
    let received = sqs.receive(&url).await;
    let change = |seconds: u64| {
        json!({
            "QueueUrl": url,
            "ReceiptHandle": received[0]["ReceiptHandle"],
            "VisibilityTimeout": seconds,
        })
    };
    sqs.ok("ChangeMessageVisibility", change(1)).await;
    assert!(sqs.receive(&url).await.is_empty());
    sqs.pass(1).await;
    let received = sqs.receive(&url).await;
    let give_back = json!({
        "QueueUrl": url,
        "ReceiptHandle": received[0]["ReceiptHandle"],
        "VisibilityTimeout": 0,
    });
    sqs.ok("ChangeMessageVisibility", give_back).await;
    assert_eq!(sqs.receive(&url).await.len(), 1);
}

pub(crate) async fn changes_no_time_beyond_half_a_day(sqs: &Service) {
    let url = sqs.create("half-a-day", json!({})).await;
    sqs.send(&url, "x").await;
    let received = sqs.receive(&url).await;
    let change = json!({
        "QueueUrl": url,
        "ReceiptHandle": received[0]["ReceiptHandle"],
        "VisibilityTimeout": 43_201,
    });
    let code = "InvalidParameterValue";
    sqs.refused("ChangeMessageVisibility", change, code).await;
}

pub(crate) async fn delays(sqs: &Service) {
    let url = sqs.create("delayed", json!({})).await;
    let asked = json!({"QueueUrl": url, "MessageBody": "later", "DelaySeconds": 1});
    sqs.ok("SendMessage", asked).await;
    assert_eq!(sqs.depth(&url).await, [0, 0, 1]);
    assert!(sqs.receive(&url).await.is_empty());
    sqs.pass(1).await;
    assert_eq!(bodies(&sqs.receive(&url).await), ["later"]);
}

pub(crate) async fn wakes_a_long_poll(sqs: &Service) {
    let url = sqs.create("long", json!({})).await;
    let began = Instant::now();
    let poll = sqs.receive_with(&url, json!({"WaitTimeSeconds": 10}));
    let send = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        sqs.send(&url, "x").await;
    };
    let (received, ()) = tokio::join!(poll, send);
    assert_eq!(bodies(&received), ["x"]);
    assert!(began.elapsed() < Duration::from_secs(5));
}

pub(crate) async fn ends_a_long_poll_with_nothing(sqs: &Service) {
    let url = sqs
        .create("patient", json!({"ReceiveMessageWaitTimeSeconds": "1"}))
        .await;
    let began = Instant::now();
    let answer = sqs.ok("ReceiveMessage", json!({"QueueUrl": url})).await;
    assert!(answer["Messages"].as_array().is_none_or(Vec::is_empty));
    assert!(began.elapsed() >= Duration::from_millis(900));
}

pub(crate) async fn wakes_a_long_poll_when_a_time_ends(sqs: &Service) {
    let url = sqs
        .create("returning", json!({"VisibilityTimeout": "1"}))
        .await;
    sqs.send(&url, "x").await;
    sqs.receive(&url).await;
    let received = sqs.receive_with(&url, json!({"WaitTimeSeconds": 10})).await;
    assert_eq!(received.len(), 1);
}

pub(crate) async fn works_in_batches(sqs: &Service) {
    let url = sqs.create("batches", json!({})).await;
    let entries: Vec<Value> = (0..10)
        .map(|n| json!({"Id": format!("e{n}"), "MessageBody": format!("m{n}"), "MessageGroupId": "t"}))
        .collect();
    let asked = json!({"QueueUrl": url, "Entries": entries});
    let sent = sqs.ok("SendMessageBatch", asked).await;
    assert_eq!(sent["Successful"].as_array().unwrap().len(), 10);
    assert!(sent["Failed"].as_array().is_none_or(Vec::is_empty));
    assert_eq!(sent["Successful"][3]["Id"], "e3");
    let received = sqs.receive(&url).await;
    assert_eq!(received.len(), 10);
    let with_receipts = |more: Value| {
        let entries: Vec<Value> = received
            .iter()
            .enumerate()
            .map(|(n, message)| {
                let mut entry = more.clone();
                entry["Id"] = json!(format!("e{n}"));
                entry["ReceiptHandle"] = message["ReceiptHandle"].clone();
                entry
            })
            .collect();
        json!({"QueueUrl": url, "Entries": entries})
    };
    let changed = with_receipts(json!({"VisibilityTimeout": 90}));
    let changed = sqs.ok("ChangeMessageVisibilityBatch", changed).await;
    assert_eq!(changed["Successful"].as_array().unwrap().len(), 10);
    let deleted = sqs.ok("DeleteMessageBatch", with_receipts(json!({}))).await;
    assert_eq!(deleted["Successful"].as_array().unwrap().len(), 10);
    assert_eq!(sqs.depth(&url).await, [0, 0, 0]);
}

pub(crate) async fn refuses_wrong_batches(sqs: &Service) {
    let url = sqs.create("wrong-batches", json!({})).await;
    let batch = |ids: &[String], body: &str| {
        let entry = |id: &String| json!({"Id": id, "MessageBody": body});
        let entries: Vec<Value> = ids.iter().map(entry).collect();
        json!({"QueueUrl": url, "Entries": entries})
    };
    let ids = |count: usize| -> Vec<String> { (0..count).map(|n| format!("e{n}")).collect() };
    let twice = ["same".to_owned(), "same".to_owned()];
    let big = "x".repeat(600_000);
    for (batch, code) in [
        (batch(&[], "x"), "EmptyBatchRequest"),
        (batch(&ids(11), "x"), "TooManyEntriesInBatchRequest"),
        (batch(&twice, "x"), "BatchEntryIdsNotDistinct"),
        (batch(&["a b".to_owned()], "x"), "InvalidBatchEntryId"),
        (batch(&ids(2), &big), "BatchRequestTooLong"),
    ] {
        let code = format!("AWS.SimpleQueueService.{code}");
        sqs.refused("SendMessageBatch", batch, &code).await;
    }
    assert_eq!(sqs.depth(&url).await, [0, 0, 0]);
}

pub(crate) async fn keeps_its_limits(sqs: &Service) {
    let url = sqs.create("limits", json!({})).await;
    let code = "InvalidParameterValue";
    let most = 1_048_576;
    let send = |size: usize, delay: u64| json!({"QueueUrl": url, "MessageBody": "x".repeat(size), "DelaySeconds": delay});
    sqs.ok("SendMessage", send(most, 900)).await;
    sqs.refused("SendMessage", send(most + 1, 0), code).await;
    sqs.refused("SendMessage", send(1, 901), code).await;
    for wrong in [
        json!({"MaxNumberOfMessages": 11}),
        json!({"MaxNumberOfMessages": 0}),
        json!({"WaitTimeSeconds": 21}),
        json!({"VisibilityTimeout": 43_201}),
    ] {
        let mut asked = wrong;
        asked["QueueUrl"] = json!(url);
        sqs.refused("ReceiveMessage", asked, code).await;
    }
}

pub(crate) async fn gives_up_into_the_dead_letters(sqs: &Service) {
    let dead = sqs.create("dead", json!({})).await;
    let dead_arn = sqs.attributes(&dead).await["QueueArn"].clone();
    let redrive = json!({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2}).to_string();
    let url = sqs
        .create(
            "tried",
            json!({"VisibilityTimeout": "1", "RedrivePolicy": redrive}),
        )
        .await;
    let sent = sqs.send(&url, "poison").await;
    for count in ["1", "2"] {
        let received = sqs.receive(&url).await;
        assert_eq!(received[0]["Attributes"]["ApproximateReceiveCount"], count);
        sqs.pass(1).await;
    }
    assert!(sqs.receive(&url).await.is_empty());
    assert_eq!(sqs.depth(&url).await, [0, 0, 0]);
    let received = sqs.receive(&dead).await;
    assert_eq!(received[0]["MessageId"], sent["MessageId"]);
    // "The number of times a message has been received across all queues."
    assert_eq!(received[0]["Attributes"]["ApproximateReceiveCount"], "3");
}

pub(crate) async fn empties_a_queue(sqs: &Service) {
    let url = sqs.create("emptied", json!({})).await;
    for n in 0..3 {
        sqs.send(&url, &n.to_string()).await;
    }
    sqs.receive_with(&url, json!({"MaxNumberOfMessages": 1}))
        .await;
    sqs.ok("PurgeQueue", json!({"QueueUrl": url})).await;
    assert_eq!(sqs.depth(&url).await, [0, 0, 0]);
}

pub(crate) async fn gives_up_into_no_queue_that_is_not_there(sqs: &Service) {
    let none = "arn:aws:sqs:eu-central-1:123456789012:nowhere";
    let redrive = json!({"deadLetterTargetArn": none, "maxReceiveCount": 2}).to_string();
    let asked = json!({"QueueName": "to-nowhere", "Attributes": {"RedrivePolicy": redrive}});
    sqs.refused("CreateQueue", asked, "InvalidParameterValue")
        .await;
}

pub(crate) async fn names_the_queue_it_came_from(sqs: &Service) {
    let dead = sqs.create("dead-named", json!({})).await;
    let dead_arn = sqs.attributes(&dead).await["QueueArn"].clone();
    let redrive = json!({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "1"}).to_string();
    let url = sqs
        .create(
            "tried-named",
            json!({"VisibilityTimeout": "1", "RedrivePolicy": redrive}),
        )
        .await;
    sqs.send(&url, "poison").await;
    sqs.receive(&url).await;
    sqs.pass(1).await;
    sqs.receive(&url).await;
    let received = sqs.receive(&dead).await;
    let source = sqs.attributes(&url).await["QueueArn"].clone();
    assert_eq!(
        received[0]["Attributes"]["DeadLetterQueueSourceArn"],
        source
    );
}

pub(crate) async fn deletes_nothing_by_an_old_receipt(sqs: &Service) {
    let url = sqs
        .create("old-receipt", json!({"VisibilityTimeout": "1"}))
        .await;
    sqs.send(&url, "x").await;
    let old = sqs.receive(&url).await;
    sqs.pass(1).await;
    let new = sqs.receive(&url).await;
    sqs.delete(&url, &old[0]).await;
    assert_eq!(sqs.depth(&url).await, [0, 1, 0]);
    sqs.delete(&url, &new[0]).await;
    assert_eq!(sqs.depth(&url).await, [0, 0, 0]);
}

pub(crate) async fn knows_its_receipts(sqs: &Service) {
    let url = sqs.create("receipts", json!({})).await;
    let asked = json!({"QueueUrl": url, "ReceiptHandle": "nonsense"});
    sqs.refused("DeleteMessage", asked, "ReceiptHandleIsInvalid")
        .await;
    let entries = json!([{"Id": "a", "ReceiptHandle": "nonsense"}]);
    let asked = json!({"QueueUrl": url, "Entries": entries});
    let answer = sqs.ok("DeleteMessageBatch", asked).await;
    assert_eq!(answer["Failed"][0]["Code"], "ReceiptHandleIsInvalid");
    assert_eq!(answer["Failed"][0]["SenderFault"], true);
}

pub(crate) async fn fails_single_entries(sqs: &Service) {
    let url = sqs.create("single-entries", json!({})).await;
    let entries = json!([
        {"Id": "good", "MessageBody": "x"},
        {"Id": "late", "MessageBody": "x", "DelaySeconds": 901},
    ]);
    let asked = json!({"QueueUrl": url, "Entries": entries});
    let answer = sqs.ok("SendMessageBatch", asked).await;
    assert_eq!(answer["Successful"][0]["Id"], "good");
    assert_eq!(answer["Failed"][0]["Id"], "late");
    assert_eq!(answer["Failed"][0]["Code"], "InvalidParameterValue");
}

pub(crate) async fn takes_no_empty_body(sqs: &Service) {
    let url = sqs.create("empty", json!({})).await;
    let asked = json!({"QueueUrl": url, "MessageBody": ""});
    sqs.refused("SendMessage", asked, "MissingParameter").await;
}

pub(crate) async fn knows_what_is_in_hand(sqs: &Service) {
    let url = sqs.create("in-hand", json!({})).await;
    sqs.send(&url, "x").await;
    let received = sqs.receive(&url).await;
    let give_back = json!({
        "QueueUrl": url,
        "ReceiptHandle": received[0]["ReceiptHandle"],
        "VisibilityTimeout": 0,
    });
    sqs.ok("ChangeMessageVisibility", give_back.clone()).await;
    let code = "AWS.SimpleQueueService.MessageNotInflight";
    sqs.refused("ChangeMessageVisibility", give_back, code)
        .await;
}

pub(crate) async fn is_fair(sqs: &Service) {
    let url = sqs.create("fair", json!({})).await;
    let send = |body: &str, group: &str| json!({"QueueUrl": url, "MessageBody": body, "MessageGroupId": group});
    for n in 0..5 {
        let loud = send(&format!("loud-{n}"), "loud");
        sqs.ok("SendMessage", loud).await;
    }
    sqs.ok("SendMessage", send("quiet", "quiet")).await;
    let received = sqs
        .receive_with(&url, json!({"MaxNumberOfMessages": 3}))
        .await;
    assert_eq!(bodies(&received), ["loud-0", "loud-1", "quiet"]);
}

// These take a minute, so they need a clock that can be moved.

pub(crate) async fn forgets_what_is_too_old(sqs: &Service) {
    let url = sqs
        .create("forgotten", json!({"MessageRetentionPeriod": "60"}))
        .await;
    sqs.send(&url, "x").await;
    sqs.pass(61).await;
    assert!(sqs.receive(&url).await.is_empty());
    assert_eq!(sqs.depth(&url).await, [0, 0, 0]);
}

pub(crate) async fn empties_at_most_once_a_minute(sqs: &Service) {
    let url = sqs.create("emptied-twice", json!({})).await;
    let asked = json!({"QueueUrl": url});
    sqs.ok("PurgeQueue", asked.clone()).await;
    let code = "AWS.SimpleQueueService.PurgeQueueInProgress";
    sqs.refused("PurgeQueue", asked.clone(), code).await;
    sqs.pass(60).await;
    sqs.ok("PurgeQueue", asked).await;
}
