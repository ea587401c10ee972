//! Puts together what each function works with: one function of this file for each function on AWS, and
//! what it does not name, it does not have.

use std::io::stdout;
use std::sync::Arc;

use bulkhead_api::Identity;
use bulkhead_api::auth::jwt::Jwt;
use bulkhead_aws::clock::SystemClock;
use bulkhead_aws::dynamo::DynamoTable;
use bulkhead_aws::environment::{Environment, NotSet};
use bulkhead_aws::s3::BadBucket;
use bulkhead_aws::seal::KmsSealer;
use bulkhead_aws::sqs::SqsQueue;
use bulkhead_connectors::discover::Programs;
use bulkhead_connectors::model::{BuiltIn, NamedEndpoints, OpenEndpoints};
use bulkhead_engine::ports::{Clock, Ledger, Outlet, Parts, Ports, Queue, Random, Sealer};

use crate::connectors::OpenAccounts;
use crate::denied_ports::DeniedPorts;
use crate::keys::PublishedKeys;
use crate::meter::MetricsMeter;
use crate::metrics::Metrics;
use crate::read_only::ReadOnly;
use crate::settings::{BadSetting, Settings};

/// The function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// A setting of ours is missing or wrong.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// What AWS sets itself is missing.
    #[error(transparent)]
    Environment(#[from] NotSet),
    /// The bucket's name makes no sense.
    #[error(transparent)]
    Bucket(#[from] BadBucket),
}

/// What adapters are made from.
pub struct Adapters {
    /// What this function was told.
    pub settings: Settings,
    /// Where its figures go.
    pub metrics: Arc<Metrics>,
    environment: Environment,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Adapters {
    /// For this process. Calls nobody.
    pub fn of_process() -> Result<Self, NotReady> {
        Self::of(Settings::of_process(), Environment::read()?)
    }

    /// With these settings, there.
    pub fn of(settings: Settings, environment: Environment) -> Result<Self, NotReady> {
        let clock = Arc::new(SystemClock);
        let metrics = Metrics::new(settings.stage()?, clock.clone(), stdout());
        Ok(Self {
            settings,
            metrics: Arc::new(metrics),
            environment,
            clock,
            // Fit for keys: a cryptographic generator that the operating system seeds.
            random: Arc::new(rand::random::<u128>),
        })
    }

    /// Writes rows and messages, seals credentials, looks at mail. And the accounts it opens.
    pub fn submit(&self) -> Result<(Ports, Arc<OpenAccounts>), NotReady> {
        // The only one that is told of programs: nothing else trades codes.
        let accounts = Arc::new(self.accounts(self.settings.programs()?)?);
        let ports = Ports {
            queue: self.queue()?,
            sealer: self.sealer()?,
            connectors: Arc::new(ReadOnly(accounts.clone())),
            // Spam is not answered, and that shows when picked mails are frozen.
            model: Arc::new(BuiltIn),
            endpoints: Arc::new(NamedEndpoints(self.settings.reach()?)),
            ..self.status()?
        };
        Ok((ports, accounts))
    }

    /// Looks at mail, hands out files. And the accounts it opens.
    pub fn browse(&self) -> Result<(Ports, Arc<OpenAccounts>), NotReady> {
        let accounts = Arc::new(self.accounts(Programs::default())?);
        let ports = Ports {
            sealer: self.sealer()?,
            connectors: Arc::new(ReadOnly(accounts.clone())),
            parts: self.parts()?,
            ..self.status()?
        };
        Ok((ports, accounts))
    }

    /// The table and nothing else.
    pub fn status(&self) -> Result<Ports, NotReady> {
        let table = DynamoTable::new(self.environment.dynamo(), self.settings.table()?);
        Ok(Ports {
            table: Arc::new(table),
            queue: Arc::new(DeniedPorts),
            connectors: Arc::new(DeniedPorts),
            parts: Arc::new(DeniedPorts),
            ledger: Arc::new(DeniedPorts),
            sealer: Arc::new(DeniedPorts),
            model: Arc::new(DeniedPorts),
            endpoints: Arc::new(DeniedPorts),
            deployed: self.settings.model()?,
            meter: Arc::new(MetricsMeter(self.metrics.clone())),
            clock: self.clock.clone(),
            random: self.random.clone(),
        })
    }

    /// All of it, and the accounts it opens.
    pub fn worker(&self) -> Result<(Ports, Arc<OpenAccounts>), NotReady> {
        let accounts = Arc::new(self.accounts(Programs::default())?);
        let ports = Ports {
            queue: self.queue()?,
            sealer: self.sealer()?,
            connectors: accounts.clone(),
            parts: self.parts()?,
            ledger: self.ledger()?,
            model: Arc::new(BuiltIn),
            endpoints: Arc::new(OpenEndpoints::new(
                self.settings.reach()?,
                self.random.clone(),
            )),
            deployed: self.settings.model_with_key()?,
            ..self.status()?
        };
        Ok((ports, accounts))
    }

    /// Reads and writes rows, sends messages.
    pub fn sweep(&self) -> Result<Ports, NotReady> {
        Ok(Ports {
            queue: self.queue()?,
            ..self.status()?
        })
    }

    /// Reads and writes rows, sends messages, as the sweep does.
    pub fn dead_letter(&self) -> Result<Ports, NotReady> {
        self.sweep()
    }

    /// Who asks, told from the tokens of the hosted sign-in.
    pub fn identity(&self) -> Result<Arc<dyn Identity>, NotReady> {
        let hosted = self.settings.hosted()?;
        let keys = PublishedKeys::of(&hosted.issuer, self.environment.fetch());
        Ok(Arc::new(Jwt::new(
            hosted,
            Arc::new(keys),
            self.clock.clone(),
        )))
    }

    fn queue(&self) -> Result<Arc<dyn Queue>, NotReady> {
        let url = self.settings.queue()?;
        Ok(Arc::new(SqsQueue::new(self.environment.sqs(), url)))
    }

    fn sealer(&self) -> Result<Arc<dyn Sealer>, NotReady> {
        let key = self.settings.key()?;
        let (clock, random) = (self.clock.clone(), self.random.clone());
        Ok(Arc::new(KmsSealer::open(
            self.environment.kms(),
            key,
            clock,
            random,
        )))
    }

    fn accounts(&self, programs: Programs) -> Result<OpenAccounts, NotReady> {
        let senders = self.settings.ses()?;
        let ses = senders.map(|senders| self.environment.ses(senders));
        let outlet = ses.map(|ses| Arc::new(ses) as Arc<dyn Outlet>);
        Ok(OpenAccounts::new(self.settings.reach()?, programs, outlet))
    }

    fn ledger(&self) -> Result<Arc<dyn Ledger>, NotReady> {
        let bucket = self.settings.exports()?;
        Ok(Arc::new(self.environment.ledger(&bucket)?))
    }

    fn parts(&self) -> Result<Arc<dyn Parts>, NotReady> {
        let bucket = self.settings.exports()?;
        Ok(Arc::new(
            self.environment.parts(&bucket, self.clock.clone())?,
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::settings::{
        CLIENT, CONSENTS, EXPORTS, ISSUER, KEY, MODEL, PRIVATE_HOSTS, QUEUE, SES_DOMAIN,
        SES_MAIL_SERVER, SIGN_IN, STAGE, TABLE,
    };
    use bulkhead_engine::ports::{CallError, SealError, SealedFor};
    use bulkhead_engine::testing::queue::message;
    use bulkhead_shared::api::Connection;
    use bulkhead_shared::ids::AccountId;
    use jiff::Timestamp;
    use std::time::Duration;

    /// Everything that any function is told, but what is left out.
    fn adapters(without: &'static [&'static str]) -> Result<Adapters, NotReady> {
        let environment = Environment::of(|name| match name {
            "AWS_REGION" => Some("eu-central-1".to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
            _ => None,
        });
        let settings = Settings::new(move |name| match name {
            name if without.contains(&name) => None,
            PRIVATE_HOSTS | CONSENTS | SES_DOMAIN | SES_MAIL_SERVER | MODEL => None,
            QUEUE | ISSUER | SIGN_IN => Some("https://example.com/x".to_owned()),
            _ => Some("x1".to_owned()),
        });
        Adapters::of(settings, environment.unwrap())
    }

    fn missing<T>(result: Result<T, NotReady>) -> Option<&'static str> {
        match result.err() {
            Some(NotReady::Setting(BadSetting::Missing(name))) => Some(name),
            _ => None,
        }
    }

    fn account() -> AccountId {
        AccountId::new(Timestamp::UNIX_EPOCH, 1)
    }

    #[tokio::test]
    async fn each_function_needs_its_own_settings_and_no_others() {
        const ALL: [&str; 7] = [TABLE, QUEUE, KEY, EXPORTS, ISSUER, CLIENT, SIGN_IN];
        type Build = fn(&Adapters) -> Result<(), NotReady>;
        let functions: [(Build, &[&str]); 6] = [
            (
                |adapters| adapters.submit().map(|_| ()),
                &[TABLE, QUEUE, KEY],
            ),
            (
                |adapters| adapters.browse().map(|_| ()),
                &[TABLE, KEY, EXPORTS],
            ),
            (|adapters| adapters.status().map(|_| ()), &[TABLE]),
            (
                |adapters| adapters.worker().map(|_| ()),
                &[TABLE, QUEUE, KEY, EXPORTS],
            ),
            (|adapters| adapters.sweep().map(|_| ()), &[TABLE, QUEUE]),
            (
                |adapters| adapters.identity().map(|_| ()),
                &[ISSUER, CLIENT, SIGN_IN],
            ),
        ];
        for (build, needed) in functions {
            assert!(build(&adapters(&[]).unwrap()).is_ok());
            for name in &ALL {
                let built = build(&adapters(std::slice::from_ref(name)).unwrap());
                let expected = needed.contains(name).then_some(*name);
                assert_eq!(missing(built), expected, "{needed:?} {name}");
            }
        }
        assert_eq!(missing(adapters(&[STAGE])), Some(STAGE));
    }

    #[tokio::test]
    async fn what_a_function_does_not_have_is_refused_by_name() {
        let status = adapters(&[]).unwrap().status().unwrap();
        let (account, work) = (account(), message(1, Duration::ZERO));
        let sent = status.queue.send("x", vec![work.clone()]).await;
        let sent = sent.unwrap_err();
        assert_eq!(sent.failed.len(), 1);
        assert_eq!(sent.cause.to_string(), "this function has no queue");
        let opened = status
            .connectors
            .open(&account, &Connection::Sandbox {})
            .await;
        assert!(matches!(opened.err(), Some(CallError::Refused(_))));
        let owner = "ann".parse().unwrap();
        let whose = SealedFor {
            owner: &owner,
            account: &account,
        };
        let unsealed = status.sealer.unseal(whose, b"x").await;
        assert!(matches!(unsealed, Err(SealError::Unavailable(_))));
        let part = status.parts.open(work.message.job().unwrap(), "x").await;
        assert!(part.is_err());
        let noted = status.ledger.read(work.message.job().unwrap(), 0).await;
        assert!(noted.is_err());
        let sweep = adapters(&[]).unwrap().sweep().unwrap();
        assert!(sweep.sealer.seal(whose, b"x").await.is_err());
    }

    #[tokio::test]
    async fn the_sandbox_is_refused_with_the_reason() {
        let (worker, _) = adapters(&[]).unwrap().worker().unwrap();
        let account = account();
        let opened = worker
            .connectors
            .open(&account, &Connection::Sandbox {})
            .await;
        assert!(
            matches!(opened.err(), Some(CallError::Unsupported(text)) if text.contains("your own machine"))
        );
    }
}
