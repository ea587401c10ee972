//! Files, the key, and what browsers get.

use serde_json::Value;

use super::template::{Rules, Template, each, names};

/// AWS's policies for caches.
const CACHED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const NOT_CACHED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// Days an export can be needed: the longest pause (7) and the result time (1); and the most that
/// cleaning up may lag.
const EXPORT_DAYS: std::ops::RangeInclusive<u64> = 8..=14;
/// Days a note of what was sent can be needed: what a job is made of stays in the table for 45.
const LEDGER_DAYS: std::ops::RangeInclusive<u64> = 45..=60;

pub(super) fn check(template: &Template<'_>, rules: &mut Rules) {
    for (id, bucket) in template.all("AWS::S3::Bucket") {
        check_bucket(template, id, bucket, rules);
    }
    for (kind, policies) in [
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy"),
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy"),
    ] {
        for (id, _) in template.all(kind) {
            let mut refusing = template
                .all(policies)
                .filter(|(_, policy)| refuses_plain(policy));
            rules.expect(
                refusing.any(|(_, policy)| names(&policy["PolicyDocument"], id)),
                format!("{id} is spoken to in TLS only"),
            );
        }
    }
    for (id, policy) in template.all("AWS::S3::BucketPolicy") {
        let statements = each(&policy["PolicyDocument"]["Statement"]);
        let mut allowing = statements.filter(|statement| statement["Effect"] == "Allow");
        rules.expect(
            allowing.all(|statement| statement["Principal"]["Service"].is_string()),
            format!("{id} allows nobody but a service"),
        );
    }
    let kept = |prefix: &str| {
        let kept = &template.properties("Exports")["LifecycleConfiguration"];
        let mut of_it = each(&kept["Rules"]).filter(|rule| rule["Prefix"] == prefix);
        of_it.next()?["ExpirationInDays"].as_u64()
    };
    rules.expect(
        kept("jobs/").is_some_and(|days| EXPORT_DAYS.contains(&days)),
        "exports go when they may not be read any more",
    );
    rules.expect(
        kept("ledger/").is_some_and(|days| LEDGER_DAYS.contains(&days)),
        "what was sent is known for as long as a table that was put back has its jobs",
    );
    rules.expect(
        template.stays("Key") && template.properties("Key")["EnableKeyRotation"] == true,
        "the key stays, and changes by itself",
    );
    check_distribution(template, rules);
    check_headers(template, rules);
}

fn check_bucket(template: &Template<'_>, id: &str, bucket: &Value, rules: &mut Rules) {
    let closed = bucket["PublicAccessBlockConfiguration"].as_object();
    rules.expect(
        closed.is_some_and(|closed| closed.len() == 4 && closed.values().all(|it| *it == true)),
        format!("{id} is closed to the public"),
    );
    rules.expect(
        !bucket["BucketEncryption"].is_null(),
        format!("{id} is encrypted"),
    );
    rules.expect(
        template.resource(id)["DeletionPolicy"] == "Delete",
        format!("{id} holds nothing that has to stay"),
    );
}

/// Whether a policy refuses everybody who comes unencrypted.
fn refuses_plain(policy: &Value) -> bool {
    each(&policy["PolicyDocument"]["Statement"]).any(|statement| {
        statement["Effect"] == "Deny"
            && statement["Principal"] == "*"
            && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
    })
}

fn check_distribution(template: &Template<'_>, rules: &mut Rules) {
    let distribution = &template.properties("Distribution")["DistributionConfig"];
    let files = &distribution["DefaultCacheBehavior"];
    let behaviours: Vec<&Value> = each(&distribution["CacheBehaviors"]).collect();
    let api = behaviours.iter().find(|it| it["PathPattern"] == "/api/*");
    rules.expect(
        api.is_some_and(|api| api["CachePolicyId"] == NOT_CACHED && api["TargetOriginId"] == "api"),
        "answers of the API are not cached",
    );
    rules.expect(
        files["CachePolicyId"] == CACHED,
        "the app's files are cached",
    );
    for behaviour in behaviours.into_iter().chain([files]) {
        rules.expect(
            names(&behaviour["ResponseHeadersPolicyId"], "SecurityHeaders"),
            "every answer carries the security headers",
        );
        rules.expect(
            matches!(
                behaviour["ViewerProtocolPolicy"].as_str(),
                Some("redirect-to-https" | "https-only")
            ),
            "browsers come encrypted",
        );
    }
    let origins = each(&distribution["Origins"]);
    let mut files = origins.filter(|origin| origin["Id"] == "app");
    rules.expect(
        files.any(|origin| names(&origin["OriginAccessControlId"], "OriginAccess")),
        "only the distribution reads the app's files",
    );
    let control = &template.properties("OriginAccess")["OriginAccessControlConfig"];
    rules.expect(
        control["SigningBehavior"] == "always",
        "the distribution signs what it asks",
    );
}

fn check_headers(template: &Template<'_>, rules: &mut Rules) {
    let config = &template.properties("SecurityHeaders")["ResponseHeadersPolicyConfig"];
    let headers = &config["SecurityHeadersConfig"];
    let policy = &headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"];
    let policy = policy.as_str().unwrap_or_default();
    let mut parts = policy.split(';').map(str::trim);
    rules.expect(
        parts.clone().any(|part| part == "default-src 'none'")
            && parts.any(|part| part == "script-src 'self' 'wasm-unsafe-eval'"),
        "scripts are our own files and WebAssembly, and nothing else is",
    );
    rules.expect(
        !policy.contains('*') && !policy.contains("'unsafe-"),
        "the content policy has no holes",
    );
    let encrypted = &headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"];
    rules.expect(
        encrypted.as_u64() >= Some(31_536_000),
        "browsers remember to come encrypted for a year",
    );
}
