//! What the template's stack consists of beside functions: queues, tables, keys, buckets.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::{ADMINISTRATOR, Aws};
use crate::http_client;
use crate::template::Template;
use crate::{REGION, dynamo, sqs};

impl Aws {
    /// Makes the queues, tables, keys and buckets of a template, and gives it back with what their
    /// logical ids stand for. Keys and buckets are made only where there is a moto to make them in.
    pub async fn deploy(&self, template: Template) -> Result<Template> {
        let template = self.name_queues_and_tables(template);
        let template = self.make_keys_and_buckets(template).await?;
        self.make_queues(&template)?;
        for id in ids(&template, "AWS::DynamoDB::Table") {
            let made = self
                .dynamo()
                .create(&table_name(&template, &id), &template.properties(&id));
            made.with_context(|| format!("the table {id}"))?;
        }
        Ok(template)
    }

    /// First all of them, then where their messages go that are received too often.
    fn make_queues(&self, template: &Template) -> Result<()> {
        let queues = ids(template, "AWS::SQS::Queue").into_iter().map(|id| {
            let mut attributes = attributes(&template.properties(&id));
            let redrive = attributes.remove_entry("RedrivePolicy");
            (queue_name(template, &id), attributes, redrive)
        });
        let queues: Vec<_> = queues.collect();
        for (name, attributes, _) in &queues {
            let made = self.sqs().create(name, attributes);
            made.with_context(|| format!("the queue {name}"))?;
        }
        for (name, _, redrive) in queues {
            self.sqs()
                .set(&name, &redrive.into_iter().collect())
                .with_context(|| format!("the redrive policy of {name}"))?;
        }
        Ok(())
    }

    /// Before anything is made, because resources name each other.
    fn name_queues_and_tables(&self, mut template: Template) -> Template {
        for id in ids(&template, "AWS::SQS::Queue") {
            let name = queue_name(&template, &id);
            template = template
                .with(&id, self.queue_url(&name))
                .with(&format!("{id}.Arn"), sqs::arn(&name))
                .with(&format!("{id}.QueueName"), name);
        }
        for id in ids(&template, "AWS::DynamoDB::Table") {
            let name = table_name(&template, &id);
            template = template
                .with(&format!("{id}.Arn"), dynamo::arn(&name))
                .with(&id, name);
        }
        template
    }

    async fn make_keys_and_buckets(&self, mut template: Template) -> Result<Template> {
        for id in ids(&template, "AWS::S3::Bucket") {
            let own = template.properties(&id)["BucketName"]
                .as_str()
                .map(str::to_owned);
            let name = own.unwrap_or_else(|| format!("bulkhead-test-{}", id.to_lowercase()));
            if self.moto().is_some() {
                self.make_bucket(&name).await?;
            }
            template = template
                .with(&format!("{id}.Arn"), format!("arn:aws:s3:::{name}"))
                .with(&id, name);
        }
        if self.moto().is_some() {
            for id in ids(&template, "AWS::KMS::Key") {
                let (key, arn) = self.make_key().await?;
                template = template.with(&format!("{id}.Arn"), arn).with(&id, key);
            }
        }
        Ok(template)
    }

    async fn make_bucket(&self, name: &str) -> Result<()> {
        let place = format!(
            "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint>\
             </CreateBucketConfiguration>"
        );
        let request = http_client::plain().put(format!("{}/{name}", self.url()));
        let request = request
            .header("authorization", authorization("s3"))
            .body(place);
        let response = request.send().await?;
        ensure!(
            response.status().is_success(),
            "the bucket {name} cannot be made"
        );
        Ok(())
    }

    /// A new key's id and ARN.
    async fn make_key(&self) -> Result<(String, String)> {
        let request = http_client::plain().post(self.url());
        let request = request
            .header("authorization", authorization("kms"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "TrentService.CreateKey")
            .body("{}");
        let made: Value = request.send().await?.error_for_status()?.json().await?;
        let text = |name: &str| made["KeyMetadata"][name].as_str().map(str::to_owned);
        let made = text("KeyId").zip(text("Arn"));
        made.context("a key has no id")
    }
}

/// A credential of the administrator for a service; signatures are not checked.
fn authorization(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={ADMINISTRATOR}/20260101/{REGION}/{service}/aws4_request, \
         SignedHeaders=host, Signature=0"
    )
}

fn ids(template: &Template, kind: &str) -> Vec<String> {
    template
        .resources(kind)
        .map(|(id, _)| id.to_owned())
        .collect()
}

fn queue_name(template: &Template, id: &str) -> String {
    own_name(&template.properties(id)["QueueName"], id)
}

fn table_name(template: &Template, id: &str) -> String {
    own_name(&template.properties(id)["TableName"], id)
}

/// The name that a resource has in the template, or one of the kind that CloudFormation makes up.
fn own_name(name: &Value, id: &str) -> String {
    let own = name.as_str().map(str::to_owned);
    own.unwrap_or_else(|| format!("bulkhead-test-{id}"))
}

/// The attributes of CreateQueue: all texts, objects as JSON.
fn attributes(properties: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let all = properties.as_object().into_iter().flatten();
    all.filter(|(name, _)| !["QueueName", "Tags"].contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::dynamo::Dynamo;
    use crate::sqs::Sqs;

    #[tokio::test]
    async fn makes_what_the_template_says() {
        let key = json!([{"AttributeName": "pk", "KeyType": "HASH"}]);
        let redrive = json!({"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]},
                             "maxReceiveCount": 5});
        let template = Template::new(json!({"Resources": {
            "Work": {"Type": "AWS::SQS::Queue", "Properties": {
                "QueueName": {"Fn::Sub": "${AWS::StackName}-work"},
                "VisibilityTimeout": 360, "SqsManagedSseEnabled": true, "RedrivePolicy": redrive}},
            "Dead": {"Type": "AWS::SQS::Queue", "Properties": {}},
            "Rows": {"Type": "AWS::DynamoDB::Table", "Properties": {
                "BillingMode": "PAY_PER_REQUEST", "KeySchema": key,
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}},
        }}));
        let dynamo = Dynamo::memory().unwrap();
        let aws = Aws::start(dynamo, Sqs::default(), None).await.unwrap();
        let template = aws.deploy(template).await.unwrap();
        let attributes = aws.sqs().attributes("bulkhead-test-work").unwrap();
        assert_eq!(attributes["VisibilityTimeout"], "360");
        let redrive: Value = serde_json::from_str(&attributes["RedrivePolicy"]).unwrap();
        assert_eq!(
            redrive["deadLetterTargetArn"],
            sqs::arn("bulkhead-test-Dead")
        );
        let url = template.resolve(&json!({"Ref": "Work"}));
        assert_eq!(url, aws.queue_url("bulkhead-test-work"));
        let table = template.resolve(&json!({"Fn::GetAtt": "Rows.Arn"}));
        assert_eq!(table, dynamo::arn("bulkhead-test-Rows"));
        assert!(
            aws.dynamo()
                .partition_key("bulkhead-test-Rows", None)
                .is_some()
        );
    }
}
