//! What a function is told by its environment. Each function reads what it needs and nothing else; what
//! is missing or wrong stops it at its start, by name and without showing a value.

use bulkhead_api::Limits;
use bulkhead_api::auth::jwt::Hosted;
use bulkhead_aws::ses::Senders;
use bulkhead_connectors::discover::Programs;
use bulkhead_connectors::imap::Reach;
use bulkhead_engine::ports::DeployedModel;
use bulkhead_shared::api::ChooseModel;
use bulkhead_shared::limits;

/// Names the deployment, in metrics.
pub const STAGE: &str = "BULKHEAD_STAGE";
/// The table's name.
pub const TABLE: &str = "BULKHEAD_TABLE";
/// The queue's address.
pub const QUEUE: &str = "BULKHEAD_QUEUE";
/// The ARN of the key that seals credentials.
pub const KEY: &str = "BULKHEAD_KEY";
/// The name of the bucket for exports.
pub const EXPORTS: &str = "BULKHEAD_EXPORTS";
/// The address of the sign-in's issuer, as in its tokens.
pub const ISSUER: &str = "BULKHEAD_ISSUER";
/// The app's client id there.
pub const CLIENT: &str = "BULKHEAD_CLIENT";
/// The base address of the pages where people sign in.
pub const SIGN_IN: &str = "BULKHEAD_SIGN_IN";
/// Requests that one person may make in a minute.
pub const REQUESTS_PER_MINUTE: &str = "BULKHEAD_REQUESTS_PER_MINUTE";
/// Jobs that one person may have open at once.
pub const OPEN_JOBS: &str = "BULKHEAD_OPEN_JOBS";
/// As what programs this server is known to providers that take consents, as JSON; may be empty.
pub const CONSENTS: &str = "BULKHEAD_CONSENTS";
/// The domain that Amazon SES has verified, and mails are sent from; empty, and SES sends none.
pub const SES_DOMAIN: &str = "BULKHEAD_SES_DOMAIN";
/// The mail server whose users have addresses of that domain.
pub const SES_MAIL_SERVER: &str = "BULKHEAD_SES_MAIL_SERVER";
/// The model that is offered to who chose none, as JSON: what `PUT /model` takes, without a key; may be empty.
pub const MODEL: &str = "BULKHEAD_MODEL";
/// The key to it, told to the worker alone; may be empty.
pub const MODEL_KEY: &str = "BULKHEAD_MODEL_KEY";
/// `allow`: mail servers may be anywhere. For tests only; no template sets it.
pub const PRIVATE_HOSTS: &str = "BULKHEAD_PRIVATE_HOSTS";

/// A setting that the function cannot do without.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSetting {
    /// It is not there.
    #[error("the setting {0} is missing")]
    Missing(&'static str),
    /// It is there and makes no sense.
    #[error("the setting {name} has to be {wanted}")]
    Wrong {
        name: &'static str,
        /// What would be right.
        wanted: &'static str,
    },
}

type Result<T> = std::result::Result<T, BadSetting>;

/// Tells the value of a variable.
type Read = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Reads settings by name.
pub struct Settings {
    read: Box<Read>,
}

impl Settings {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// Those that `read` tells.
    pub fn new(read: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self {
            read: Box::new(read),
        }
    }

    /// See [`STAGE`].
    pub fn stage(&self) -> Result<String> {
        self.text(STAGE)
    }

    /// See [`TABLE`].
    pub fn table(&self) -> Result<String> {
        self.text(TABLE)
    }

    /// See [`QUEUE`].
    pub fn queue(&self) -> Result<String> {
        self.address(QUEUE)
    }

    /// See [`KEY`].
    pub fn key(&self) -> Result<String> {
        self.text(KEY)
    }

    /// See [`EXPORTS`].
    pub fn exports(&self) -> Result<String> {
        self.text(EXPORTS)
    }

    /// Where people sign in: [`ISSUER`], [`CLIENT`], [`SIGN_IN`].
    pub fn hosted(&self) -> Result<Hosted> {
        Ok(Hosted {
            issuer: self.address(ISSUER)?,
            client: self.text(CLIENT)?,
            pages: self.address(SIGN_IN)?,
        })
    }

    /// The limits of a function that opens no jobs: [`REQUESTS_PER_MINUTE`].
    pub fn limits_of_reading(&self) -> Result<Limits> {
        Ok(Limits::new(
            self.count(REQUESTS_PER_MINUTE)?,
            limits::OPEN_JOBS,
        ))
    }

    /// All limits: [`REQUESTS_PER_MINUTE`], [`OPEN_JOBS`].
    pub fn limits(&self) -> Result<Limits> {
        Ok(Limits::new(
            self.count(REQUESTS_PER_MINUTE)?,
            self.count(OPEN_JOBS)?,
        ))
    }

    /// Which mail servers may be reached: public ones, unless [`PRIVATE_HOSTS`] says otherwise.
    pub fn reach(&self) -> Result<Reach> {
        match (self.read)(PRIVATE_HOSTS).as_deref() {
            None => Ok(Reach::Public),
            Some("allow") => Ok(Reach::Anywhere),
            Some(_) => Err(BadSetting::Wrong {
                name: PRIVATE_HOSTS,
                wanted: "absent, or \"allow\" in a test",
            }),
        }
    }

    /// Who sends by Amazon SES: [`SES_DOMAIN`], [`SES_MAIL_SERVER`]. None where nobody does.
    pub fn ses(&self) -> Result<Option<Senders>> {
        if self.text(SES_DOMAIN).is_err() && self.text(SES_MAIL_SERVER).is_err() {
            return Ok(None);
        }
        Ok(Some(Senders {
            domain: self.text(SES_DOMAIN)?,
            mail_server: self.text(SES_MAIL_SERVER)?,
        }))
    }

    /// See [`MODEL`]: what a person is told of it. None where none is offered.
    pub fn model(&self) -> Result<Option<DeployedModel>> {
        self.model_by(None)
    }

    /// See [`MODEL`] and [`MODEL_KEY`]: what asks it. None where none is offered.
    pub fn model_with_key(&self) -> Result<Option<DeployedModel>> {
        self.model_by(self.text(MODEL_KEY).ok())
    }

    fn model_by(&self, key: Option<String>) -> Result<Option<DeployedModel>> {
        let text = (self.read)(MODEL).unwrap_or_default();
        if text.trim().is_empty() {
            return Ok(None);
        }
        let wrong = || BadSetting::Wrong {
            name: MODEL,
            wanted: "what PUT /model takes, without a key, as infra/README.md has it",
        };
        let mut wanted: ChooseModel = serde_json::from_str(&text).map_err(|_| wrong())?;
        if wanted.key.is_some() {
            return Err(wrong());
        }
        wanted.key = key;
        DeployedModel::new(wanted).map(Some).map_err(|_| wrong())
    }

    /// See [`CONSENTS`].
    pub fn programs(&self) -> Result<Programs> {
        let text = (self.read)(CONSENTS).unwrap_or_default();
        if text.trim().is_empty() {
            return Ok(Programs::default());
        }
        Programs::read(&text).map_err(|_| BadSetting::Wrong {
            name: CONSENTS,
            wanted: "a list of programs, as infra/README.md has it",
        })
    }

    fn text(&self, name: &'static str) -> Result<String> {
        match (self.read)(name) {
            Some(value) if !value.trim().is_empty() => Ok(value),
            _ => Err(BadSetting::Missing(name)),
        }
    }

    fn address(&self, name: &'static str) -> Result<String> {
        let value = self.text(name)?;
        if value.starts_with("https://") || value.starts_with("http://") {
            Ok(value)
        } else {
            Err(BadSetting::Wrong {
                name,
                wanted: "an address with https://",
            })
        }
    }

    fn count(&self, name: &'static str) -> Result<u32> {
        let number = self.text(name)?.parse().ok();
        number
            .filter(|number| *number > 0)
            .ok_or(BadSetting::Wrong {
                name,
                wanted: "a whole number from 1",
            })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::HashMap;

    fn settings(pairs: &[(&'static str, &'static str)]) -> Settings {
        let pairs: HashMap<&str, &str> = pairs.iter().copied().collect();
        Settings::new(move |name| pairs.get(name).map(|value| (*value).to_owned()))
    }

    #[test]
    fn names_what_is_missing_or_wrong_and_never_shows_it() {
        let none = settings(&[(TABLE, "  ")]);
        assert_eq!(none.table().unwrap_err(), BadSetting::Missing(TABLE));
        let wrong = settings(&[
            (QUEUE, "jobs.fifo"),
            (REQUESTS_PER_MINUTE, "0"),
            (OPEN_JOBS, "many"),
        ]);
        let errors = [
            wrong.queue().unwrap_err(),
            wrong.limits_of_reading().err().unwrap(),
            wrong.limits().err().unwrap(),
        ]
        .map(|error| error.to_string());
        assert_eq!(
            errors,
            [
                "the setting BULKHEAD_QUEUE has to be an address with https://",
                "the setting BULKHEAD_REQUESTS_PER_MINUTE has to be a whole number from 1",
                "the setting BULKHEAD_REQUESTS_PER_MINUTE has to be a whole number from 1",
            ]
        );
    }

    #[test]
    fn a_function_that_opens_no_jobs_needs_no_limit_for_them() {
        let reading = settings(&[(REQUESTS_PER_MINUTE, "120")]);
        assert!(reading.limits_of_reading().unwrap().requests.is_some());
        assert_eq!(reading.limits().err(), Some(BadSetting::Missing(OPEN_JOBS)));
    }

    #[test]
    fn programs_are_read_and_their_secrets_never_shown() {
        assert!(settings(&[]).programs().is_ok());
        assert!(settings(&[(CONSENTS, " ")]).programs().is_ok());
        let one = r#"[{"provider": "Gmail", "client_id": "c", "client_secret": "hush"}]"#;
        assert!(settings(&[(CONSENTS, one)]).programs().is_ok());
        let cut = settings(&[(CONSENTS, r#"[{"client_secret": "hush"}"#)]);
        let error = cut.programs().unwrap_err().to_string();
        assert!(
            error.contains(CONSENTS) && !error.contains("hush"),
            "{error}"
        );
    }

    #[test]
    fn a_model_is_offered_with_its_key_apart_or_none_is() {
        assert!(settings(&[(MODEL, " ")]).model().unwrap().is_none());
        let model = r#"{"url": "https://api.example.com/v1", "model": "gpt-x"}"#;
        let offered = settings(&[(MODEL, model), (MODEL_KEY, "sk-hush")]);
        assert_eq!(offered.model().unwrap().unwrap().get().key, None);
        let offered = offered.model_with_key().unwrap().unwrap();
        assert_eq!(offered.get().key.as_deref(), Some("sk-hush"));
        let keyless = settings(&[(MODEL, model), (MODEL_KEY, "")]).model_with_key();
        assert_eq!(keyless.unwrap().unwrap().get().key, None);
        for wrong in [
            r#"{"url": "https://api.example.com/v1"}"#,
            r#"{"url": "nowhere", "model": "gpt-x"}"#,
            r#"{"url": "https://api.example.com/v1", "model": "gpt-x", "key": "sk-hush"}"#,
        ] {
            let error = settings(&[(MODEL, wrong)])
                .model()
                .err()
                .unwrap()
                .to_string();
            assert!(error.contains(MODEL) && !error.contains("hush"), "{error}");
        }
    }

    #[test]
    fn ses_sends_for_a_domain_and_its_mail_server_or_for_nobody() {
        let none = settings(&[(SES_DOMAIN, ""), (SES_MAIL_SERVER, " ")]);
        assert_eq!(none.ses(), Ok(None));
        let half = settings(&[(SES_DOMAIN, "example.org")]);
        assert_eq!(half.ses(), Err(BadSetting::Missing(SES_MAIL_SERVER)));
        let both = settings(&[
            (SES_DOMAIN, "example.org"),
            (SES_MAIL_SERVER, "imap.example.org"),
        ]);
        assert_eq!(both.ses().unwrap().unwrap().domain, "example.org");
    }

    #[test]
    fn mail_servers_are_public_unless_a_test_says_otherwise() {
        assert_eq!(settings(&[]).reach(), Ok(Reach::Public));
        let test = settings(&[(PRIVATE_HOSTS, "allow")]);
        assert_eq!(test.reach(), Ok(Reach::Anywhere));
        assert!(settings(&[(PRIVATE_HOSTS, "yes")]).reach().is_err());
    }
}
