//! Queues and the functions that read them: numbers that depend on each other.

use serde_json::Value;

use super::template::{Rules, Template, each, names};

/// How often a message is given out before it is a dead letter. Fewer, and a few workers that die or
/// are turned away bury it; many more, and a message that kills workers kills too many.
const RECEIVES: std::ops::RangeInclusive<u64> = 3..=10;
/// Lambda asks for so many timeouts of the function before a message comes back.
const TIMEOUTS: u64 = 6;
/// The longest that SQS keeps a message: 14 days, in seconds.
const LONGEST: u64 = 14 * 24 * 3600;

pub(super) fn check(template: &Template<'_>, rules: &mut Rules) {
    for (id, queue) in template.all("AWS::SQS::Queue") {
        rules.expect(
            queue["SqsManagedSseEnabled"] == true,
            format!("{id} is encrypted"),
        );
        let readers = template.all("AWS::Lambda::EventSourceMapping");
        let readers = readers.filter(|(_, mapping)| names(&mapping["EventSourceArn"], id));
        let readers: Vec<&Value> = readers.map(|(_, mapping)| mapping).collect();
        rules.expect(readers.len() == 1, format!("{id} has one reader"));
        for mapping in readers {
            check_reader(template, id, queue, mapping, rules);
        }
    }
    let redrive = &template.properties("Queue")["RedrivePolicy"];
    rules.expect(
        names(&redrive["deadLetterTargetArn"], "DeadLetters")
            && redrive["maxReceiveCount"]
                .as_u64()
                .is_some_and(|count| RECEIVES.contains(&count)),
        "what fails too often becomes a dead letter",
    );
    let dead = template.properties("DeadLetters");
    rules.expect(
        dead["MessageRetentionPeriod"] == LONGEST,
        "dead letters are kept as long as can be",
    );
    rules.expect(
        dead["RedriveAllowPolicy"]["redrivePermission"] == "byQueue",
        "only our queue has its dead letters there",
    );
}

fn check_reader(
    template: &Template<'_>,
    id: &str,
    queue: &Value,
    mapping: &Value,
    rules: &mut Rules,
) {
    let reader = mapping["FunctionName"]["Ref"].as_str().unwrap_or_default();
    let timeout = template.properties(reader)["Timeout"].as_u64();
    let window = mapping["MaximumBatchingWindowInSeconds"]
        .as_u64()
        .unwrap_or(0);
    let hidden = queue["VisibilityTimeout"].as_u64();
    rules.expect(
        hidden >= timeout.map(|timeout| TIMEOUTS * timeout + window) && timeout.is_some(),
        format!("{id} hides a message for {TIMEOUTS} timeouts of {reader} and the window"),
    );
    let one = each(&mapping["FunctionResponseTypes"]).any(|kind| kind == "ReportBatchItemFailures");
    rules.expect(one, format!("{reader} answers for each message of a batch"));
    rules.expect(
        !mapping["ScalingConfig"]["MaximumConcurrency"].is_null(),
        format!("{reader} is started so many times and no more"),
    );
    let small = mapping["BatchSize"].as_u64().is_some_and(|size| size <= 10);
    rules.expect(
        small || window > 0,
        format!("{reader}'s batches need no window, or have one"),
    );
}
