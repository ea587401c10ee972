//! What AWS puts into the environment of a function, and the clients made from it. Nothing is looked
//! up anywhere else: no files, no metadata service, so that a start costs no call.

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use bulkhead_engine::ports::Clock;

use crate::fetch::Fetch;
use crate::s3::{BadBucket, S3Ledger, S3Parts, Store};
use crate::ses::{Senders, Ses};
use crate::{bounds, https};

const REGION: &str = "AWS_REGION";
const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const TOKEN: &str = "AWS_SESSION_TOKEN";
/// An endpoint for all services; with `_` and a service's name, for that one.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// A variable that has to be there is not.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {0} is not set")]
pub struct NotSet(&'static str);

/// Looks up a variable.
type Variables = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Where AWS is and who asks.
pub struct Environment {
    config: SdkConfig,
    connector: SharedHttpConnector,
    credentials: Credentials,
    region: String,
    endpoints: Endpoints,
}

impl Environment {
    /// Reads this process's environment.
    pub fn read() -> Result<Self, NotSet> {
        Self::of(|name| std::env::var(name).ok())
    }

    /// Reads variables from somewhere else. An empty one counts as not set.
    pub fn of(
        variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, NotSet> {
        let variables: Variables =
            Arc::new(move |name| variable(name).filter(|value| !value.is_empty()));
        let needed = |name| variables(name).ok_or(NotSet(name));
        let region = needed(REGION)?;
        // They last longer than the process: AWS ends it before they do.
        let credentials = Credentials::new(
            needed(KEY_ID)?,
            needed(SECRET)?,
            variables(TOKEN),
            None,
            "environment",
        );
        let connector = https::connector();
        let endpoints = Endpoints(variables);
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials.clone()))
            .http_client(https::client(&connector))
            .retry_config(bounds::retries())
            .timeout_config(bounds::timeouts())
            .service_config(endpoints.clone())
            .build();
        Ok(Self {
            config,
            connector,
            credentials,
            region,
            endpoints,
        })
    }

    /// A client of DynamoDB.
    pub fn dynamo(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    /// A client of SQS.
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// A client of KMS.
    pub fn kms(&self) -> aws_sdk_kms::Client {
        aws_sdk_kms::Client::new(&self.config)
    }

    /// Documents that anybody may read.
    pub fn fetch(&self) -> Fetch {
        Fetch(self.connector.clone())
    }

    /// Mails of these senders.
    pub fn ses(&self, senders: Senders) -> Ses {
        let endpoint = self.endpoints.of("SESv2");
        let connector = self.connector.clone();
        Ses::new(
            senders,
            &self.region,
            endpoint,
            &self.credentials,
            connector,
        )
    }

    /// Files in this bucket.
    pub fn parts(&self, bucket: &str, clock: Arc<dyn Clock>) -> Result<S3Parts, BadBucket> {
        S3Parts::open(self.store(bucket), clock)
    }

    /// Notes of what is about to leave, in this bucket.
    pub fn ledger(&self, bucket: &str) -> Result<S3Ledger, BadBucket> {
        S3Ledger::open(self.store(bucket))
    }

    fn store<'a>(&'a self, bucket: &'a str) -> Store<'a> {
        Store {
            bucket,
            region: &self.region,
            endpoint: self.endpoints.of("S3"),
            credentials: &self.credentials,
            connector: self.connector.clone(),
        }
    }
}

/// Endpoints that the environment names instead of AWS's own.
#[derive(Clone)]
struct Endpoints(Variables);

impl Endpoints {
    fn of(&self, service: &str) -> Option<String> {
        let service = service.to_uppercase().replace(' ', "_");
        self.0(&format!("{ENDPOINT}_{service}")).or_else(|| self.0(ENDPOINT))
    }
}

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        (key.env() == ENDPOINT).then(|| self.of(key.service_id()))?
    }
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Endpoints")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Variables of a function on AWS, but for one; another one is set.
    fn environment(
        without: &'static str,
        with: (&'static str, &'static str),
    ) -> Result<Environment, NotSet> {
        Environment::of(move |name| {
            let usual = [REGION, KEY_ID, SECRET, TOKEN].contains(&name) && name != without;
            let value = if name == with.0 {
                Some(with.1)
            } else {
                usual.then_some("test")
            };
            value.map(str::to_owned)
        })
    }

    const NOTHING: (&str, &str) = ("", "");

    #[test]
    fn a_variable_that_is_missing_or_empty_is_named() {
        for name in [REGION, KEY_ID, SECRET] {
            let missing = environment(name, NOTHING).err().unwrap().to_string();
            assert!(missing.contains(name), "{missing}");
            let empty = environment("", (name, "")).err().unwrap().to_string();
            assert_eq!(empty, missing);
        }
        assert!(environment(TOKEN, NOTHING).is_ok());
    }

    #[test]
    fn an_endpoint_is_for_all_services_unless_one_has_its_own() {
        let endpoint = |with, service| environment("", with).unwrap().endpoints.of(service);
        assert_eq!(endpoint(NOTHING, "SQS"), None);
        let all = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        assert_eq!(endpoint(all, "SQS").unwrap(), all.1);
        assert_eq!(endpoint(all, "S3").unwrap(), all.1);
        let own = ("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:2");
        assert_eq!(endpoint(own, "SQS").unwrap(), own.1);
        assert_eq!(endpoint(own, "S3"), None);
    }
}
