//! The table keeps what cannot be made again.

use serde_json::json;

use super::template::{Rules, Template, each};

pub(super) fn check(template: &Template<'_>, rules: &mut Rules) {
    let tables = template.all("AWS::DynamoDB::Table");
    let ids: Vec<&str> = tables.map(|(id, _)| id).collect();
    rules.expect(ids == ["Table"], "there is one table");
    let table = template.properties("Table");
    rules.expect(template.stays("Table"), "the table stays without its stack");
    rules.expect(
        table["BillingMode"] == "PAY_PER_REQUEST",
        "the table is billed on demand",
    );
    let expires = json!({"AttributeName": "ttl", "Enabled": true});
    rules.expect(
        table["TimeToLiveSpecification"] == expires,
        "the table drops what has expired",
    );
    let recovery = &table["PointInTimeRecoverySpecification"];
    rules.expect(
        recovery["PointInTimeRecoveryEnabled"] == true,
        "the table can be had back from any minute",
    );
    let encryption = &table["SSESpecification"];
    rules.expect(
        encryption["SSEEnabled"] == true && encryption["SSEType"] == "KMS",
        "the table is encrypted by KMS",
    );
    rules.expect(
        table["DeletionProtectionEnabled"] == true,
        "the table is protected from deletion",
    );
    for capped in each(&table["GlobalSecondaryIndexes"]).chain([table]) {
        let caps = &capped["OnDemandThroughput"];
        rules.expect(
            !caps["MaxReadRequestUnits"].is_null() && !caps["MaxWriteRequestUnits"].is_null(),
            "the table and its indexes have caps",
        );
    }
}
