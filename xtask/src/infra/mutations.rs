//! Seeded defects: each is put into a copy of the template, and one of the checkers has to find it.
//! A checker that no longer looks is noticed here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use super::files::{read, source, translate};
use super::rules;
use crate::cargo::{command, root, target};
use crate::python;

/// A defect: the first occurrence of some text becomes another.
struct Defect {
    name: &'static str,
    text: &'static str,
    instead: &'static str,
}

const fn defect(name: &'static str, text: &'static str, instead: &'static str) -> Defect {
    Defect {
        name,
        text,
        instead,
    }
}

const DEFECTS: [Defect; 29] = [
    defect(
        "time to live off",
        "AttributeName: ttl, Enabled: true",
        "AttributeName: ttl, Enabled: false",
    ),
    defect(
        "no recovery",
        "PointInTimeRecoveryEnabled: true",
        "PointInTimeRecoveryEnabled: false",
    ),
    defect(
        "table not encrypted",
        "SSEEnabled: true, SSEType: KMS",
        "SSEEnabled: false",
    ),
    defect(
        "table not protected",
        "DeletionProtectionEnabled: true",
        "DeletionProtectionEnabled: false",
    ),
    defect(
        "table goes with the stack",
        "DeletionPolicy: Retain",
        "DeletionPolicy: Delete",
    ),
    defect(
        "index with another key",
        "{AttributeName: o, KeyType: HASH}",
        "{AttributeName: x, KeyType: HASH}",
    ),
    defect("no redrive", "RedrivePolicy:\n", "UnknownPolicy:\n"),
    defect(
        "dead after one try",
        "maxReceiveCount: 5",
        "maxReceiveCount: 1",
    ),
    defect(
        "visibility too short",
        "VisibilityTimeout: 360",
        "VisibilityTimeout: 120",
    ),
    defect(
        "queue not encrypted",
        "SqsManagedSseEnabled: true",
        "SqsManagedSseEnabled: false",
    ),
    defect(
        "whole batches fail",
        "FunctionResponseTypes: [ReportBatchItemFailures]",
        "Enabled: true",
    ),
    defect(
        "one worker only",
        "MaximumConcurrency: !Ref WorkerConcurrency",
        "MaximumConcurrency: 1",
    ),
    defect(
        "everything allowed",
        "Action: [dynamodb:GetItem, dynamodb:Query]",
        "Action: \"*\"",
    ),
    defect("mistyped action", "- dynamodb:PutItem", "- dynamodb:PutItm"),
    defect(
        "browse writes anything",
        "ForAllValues:StringLike: {dynamodb:LeadingKeys: [\"RATE#*\", \"AUDIT#*\", \"USER#*\"]}",
        "Bool: {aws:SecureTransport: \"true\"}",
    ),
    defect(
        "status sends messages",
        "Resource: !GetAtt StatusLogs.Arn\n",
        "Resource: !GetAtt StatusLogs.Arn\n              - {Sid: Send, Effect: Allow, \
         Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn}\n",
    ),
    defect(
        "key for everybody",
        "Principal: {AWS: !Sub \"arn:${AWS::Partition}:iam::${AWS::AccountId}:root\"}",
        "Principal: {AWS: \"*\"}",
    ),
    defect(
        "files for everybody",
        "Principal: {Service: cloudfront.amazonaws.com}",
        "Principal: \"*\"",
    ),
    defect(
        "route open to everybody",
        "AuthorizationType: JWT\n      AuthorizerId: !Ref Authorizer",
        "AuthorizationType: NONE",
    ),
    defect(
        "answers after the API gave up",
        "Timeout: 29",
        "Timeout: 31",
    ),
    defect(
        "unknown processor",
        "Architectures: [arm64]",
        "Architectures: [arm65]",
    ),
    defect(
        "mistyped attribute",
        "!GetAtt Queue.Arn\n",
        "!GetAtt Queue.Arnn\n",
    ),
    defect(
        "mistyped property",
        "ThrottlingRateLimit:",
        "ThrottlingRateLimitt:",
    ),
    defect("sweep at no time", "rate(1 minute)", "rate(1 minutes)"),
    defect(
        "addresses in the log",
        "\"$context.requestTime\"",
        "\"$context.identity.sourceIp\"",
    ),
    defect(
        "tokens in the address",
        "AllowedOAuthFlows: [code]",
        "AllowedOAuthFlows: [code, implicit]",
    ),
    defect(
        "public files",
        "RestrictPublicBuckets: true",
        "RestrictPublicBuckets: false",
    ),
    defect(
        "inline scripts",
        "script-src 'self'",
        "script-src 'self' 'unsafe-inline'",
    ),
    defect(
        "nobody told of dead letters",
        "MetricName: ApproximateNumberOfMessagesVisible",
        "MetricName: NumberOfMessagesSent",
    ),
];

/// Seeds each defect and asks the checkers in the order of their speed, until one finds it.
pub(super) fn check() -> Result<()> {
    let folder = target().join("infra").join("defects");
    let pairs = seed(&fs::read_to_string(source())?, &folder)?;
    // A defect that cannot be translated is found by that; then there is no translation.
    let _ = translate(&pairs);
    let mut unfound = Vec::new();
    for (defect, (seeded, translated)) in DEFECTS.iter().zip(&pairs) {
        match found_by(seeded, translated)? {
            Some(checker) => eprintln!("  {:32} found by the {checker}", defect.name),
            None => unfound.push(defect.name),
        }
    }
    if !unfound.is_empty() {
        bail!("nobody finds: {}", unfound.join(", "));
    }
    Ok(())
}

/// Writes the copies; answers each with the place for its translation.
fn seed(template: &str, folder: &Path) -> Result<Vec<(PathBuf, PathBuf)>> {
    fs::create_dir_all(folder)?;
    let mut pairs = Vec::new();
    for (number, defect) in DEFECTS.iter().enumerate() {
        if !template.contains(defect.text) {
            bail!("“{}” cannot be seeded: its text is gone", defect.name);
        }
        let seeded = folder.join(format!("{number}.yaml"));
        fs::write(&seeded, template.replacen(defect.text, defect.instead, 1))?;
        pairs.push((seeded, folder.join(format!("{number}.json"))));
    }
    Ok(pairs)
}

fn found_by(seeded: &Path, translated: &Path) -> Result<Option<&'static str>> {
    if !translated.exists() {
        return Ok(Some("translation"));
    }
    if !rules::broken(&read(translated)?).is_empty() {
        return Ok(Some("rules"));
    }
    let mut lint = command(&python::program("cfn-lint"));
    if complains(lint.arg("--").args([seeded, translated]))? {
        return Ok(Some("linter"));
    }
    let mut scan = command(&python::program("checkov"));
    scan.arg("--config-file")
        .arg(root().join("infra/checkov.yaml"));
    let found = complains(scan.arg("--file").arg(translated))?;
    Ok(found.then_some("policy scanner"))
}

fn complains(checker: &mut Command) -> Result<bool> {
    let checker = checker.stdout(Stdio::null()).stderr(Stdio::null());
    Ok(!checker.status()?.success())
}
