//! Who tells what mails are about, what is sent there, and what that costs.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::problem::Invalid;
use crate::words;

/// What a person reads where nobody else is asked.
pub fn built_in() -> &'static str {
    words::model_built_in()
}

/// Bytes of an endpoint's address, most.
const URL_BYTES: usize = 512;
/// Characters of a model's name, most.
const MODEL_CHARS: usize = 128;
/// Bytes of a key, most: those that services hand out have a few hundred.
const KEY_BYTES: usize = 4_096;
/// Requests a minute, most: a hundred a second.
const REQUESTS_MOST: u32 = 6_000;
/// Requests at the same time, most.
const SIDE_BY_SIDE_MOST: u32 = 16;
/// Mails of one request, most.
const MAILS_MOST: u32 = 20;

/// A model somewhere else, as it is named to a person: `gpt-x at api.example.com`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedModel {
    /// What the endpoint calls it.
    pub model: String,
    /// Where it is asked.
    pub host: String,
}

impl NamedModel {
    /// Who tells what mails are about, as a person reads it: this one, or what is built in where there is none.
    pub fn or_built_in(endpoint: Option<&Self>) -> String {
        endpoint.map_or_else(|| built_in().to_owned(), Self::to_string)
    }
}

impl fmt::Display for NamedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::model_at(&self.model, &self.host))
    }
}

/// `PUT /model`: who is to tell what mails are about. Nothing is sent there before it is agreed to for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChooseModel {
    /// Where the API begins that speaks OpenAI's words: what stands before `/chat/completions`.
    pub url: String,
    /// What the endpoint calls the model.
    pub model: String,
    /// The key; left out, the one that is kept for the same address stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Requests in a minute, most.
    #[serde(default = "requests_per_minute")]
    pub requests_per_minute: u32,
    /// Requests at the same time, most.
    #[serde(default = "side_by_side")]
    pub side_by_side: u32,
    /// Mails of one request. With more than one a mail may sway what is said of the others.
    #[serde(default = "mails_per_request")]
    pub mails_per_request: u32,
}

fn requests_per_minute() -> u32 {
    60
}

fn side_by_side() -> u32 {
    4
}

fn mails_per_request() -> u32 {
    1
}

impl ChooseModel {
    /// The model of this name there, asked as much as any is where nobody says otherwise.
    pub fn at(url: &str, model: &str, key: Option<String>) -> Self {
        Self {
            url: url.to_owned(),
            model: model.to_owned(),
            key,
            requests_per_minute: requests_per_minute(),
            side_by_side: side_by_side(),
            mails_per_request: mails_per_request(),
        }
    }

    /// Whether it can be kept.
    pub fn validate(&self) -> Result<(), Invalid> {
        if host_of(&self.url).is_none() {
            return Err(Invalid::new(
                "url",
                words::model_url(&URL_BYTES.to_string()),
            ));
        }
        let chars = self.model.chars().count();
        if self.model.trim().is_empty()
            || chars > MODEL_CHARS
            || self.model.chars().any(char::is_control)
        {
            let text = words::model_name(&MODEL_CHARS.to_string());
            return Err(Invalid::new("model", text));
        }
        if let Some(key) = &self.key
            && (key.is_empty()
                || key.len() > KEY_BYTES
                || !key.bytes().all(|byte| byte.is_ascii_graphic()))
        {
            let text = words::model_key(&KEY_BYTES.to_string());
            return Err(Invalid::new("key", text));
        }
        for (field, number, most) in [
            (
                "requests_per_minute",
                self.requests_per_minute,
                REQUESTS_MOST,
            ),
            ("side_by_side", self.side_by_side, SIDE_BY_SIDE_MOST),
            ("mails_per_request", self.mails_per_request, MAILS_MOST),
        ] {
            if number == 0 || number > most {
                return Err(Invalid::new(field, words::model_number(&most.to_string())));
            }
        }
        Ok(())
    }
}

/// The host of an endpoint's address, with its port where it names one; none if it is no such address.
pub fn host_of(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split('/').next().unwrap_or_default();
    let fits = url.len() <= URL_BYTES
        && url.bytes().all(|byte| byte.is_ascii_graphic())
        && !url.contains(['@', '?', '#', '\\']);
    (fits && !host.is_empty()).then_some(host)
}

/// Who tells what mails are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChosenModel {
    /// For a person: `Built in, nothing leaves this machine`, or the model and its host.
    #[serde(deserialize_with = "crate::prose::read")]
    pub name: String,
    /// The endpoint that was chosen; none where nobody else is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<ModelEndpoint>,
    /// Accounts whose mails may be sent there. The mails of all others are told by what is built in.
    pub agreed: Vec<AgreedAccount>,
    /// The one that whoever runs this server offers: it counts where a person chose none, and nothing is sent there either
    /// before that is agreed to for an account. None where none is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployed: Option<NamedModel>,
}

/// An endpoint that was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelEndpoint {
    /// Where its API begins.
    pub url: String,
    pub named: NamedModel,
    /// Whether a key is kept for it. It is never told.
    pub has_key: bool,
    pub requests_per_minute: u32,
    pub side_by_side: u32,
    pub mails_per_request: u32,
    /// When it was chosen.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub chosen_at: Timestamp,
}

impl ChosenModel {
    /// Whether mails may be sent somewhere, once that is agreed to.
    pub fn asks_elsewhere(&self) -> bool {
        self.endpoint.is_some() || self.deployed.is_some()
    }
}

/// An account whose mails may be sent to the endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgreedAccount {
    pub account: AccountId,
    /// When that was agreed to.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
}

/// What is sent of an account's mails, and whether that was agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelConsent {
    /// Where it is sent; none where nobody else is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<NamedModel>,
    /// When it was agreed to for this endpoint; none where it was not.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub agreed_at: Option<Timestamp>,
    /// The headers that are sent of each mail, where it has them.
    pub headers: Vec<String>,
    /// Bytes of its text that are sent, most. No file that is attached ever is.
    pub text_bytes: u64,
    /// Exactly what would be sent of the newest mail in the inbox; none where there is no mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

/// `PUT /accounts/{account}/model-consent`: yes to sending beginnings of this account's mails there, and nowhere else.
pub type AgreeToModel = NamedModel;

/// Who tells what a job's mails are about, before it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelUse {
    /// For a person: `Built in, nothing leaves this machine`, or the model and its host.
    #[serde(deserialize_with = "crate::prose::read")]
    pub name: String,
    /// Where the beginnings of its mails are sent; none where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<NamedModel>,
    /// About so many tokens, told from bytes; none where none are paid for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_tokens: Option<u64>,
    /// What a person should know of it, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "crate::prose::read_optional")]
    pub note: Option<String>,
}

/// Who tells what a job's mails are about, and what that took so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobModel {
    /// For a person: `Built in, nothing leaves this machine`, or the model and its host.
    #[serde(deserialize_with = "crate::prose::read")]
    pub name: String,
    /// Where the beginnings of its mails are sent; none where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<NamedModel>,
    /// What it took; none where nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent: Option<TokensSpent>,
}

/// What asking an endpoint took, by its own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokensSpent {
    /// Requests that were answered, or may have been.
    pub requests: u64,
    /// Of those, the ones whose tokens were not told.
    pub untold: u64,
    /// Tokens of what was sent.
    pub input: u64,
    /// Tokens of the answers.
    pub output: u64,
}

impl TokensSpent {
    /// Whether nobody was asked.
    pub fn is_none(&self) -> bool {
        self.requests == 0
    }
}

impl std::ops::AddAssign for TokensSpent {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.untold += other.untold;
        self.input += other.input;
        self.output += other.output;
    }
}

/// As a person reads it: `1,234 tokens in 12 requests`, or that it was not told.
impl fmt::Display for TokensSpent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = words::model_requests(self.requests, &self.requests.to_string());
        let tokens = (self.input + self.output).to_string();
        let told = self.requests.saturating_sub(self.untold);
        f.write_str(&match (told, self.untold) {
            (0, _) => words::model_tokens_untold(&requests),
            (_, 0) => words::model_tokens(&tokens, &requests),
            (_, untold) => words::model_tokens_some(&tokens, &requests, &untold.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(url: &str) -> ChooseModel {
        ChooseModel {
            url: url.to_owned(),
            model: "m".to_owned(),
            key: None,
            requests_per_minute: 60,
            side_by_side: 4,
            mails_per_request: 1,
        }
    }

    #[test]
    fn an_address_is_one_that_names_a_host_and_hides_nothing() {
        for (url, host) in [
            ("https://api.example.com/v1", Some("api.example.com")),
            ("http://127.0.0.1:8080/v1", Some("127.0.0.1:8080")),
            ("https://api.example.com", Some("api.example.com")),
            ("ftp://api.example.com/v1", None),
            ("https:///v1", None),
            ("https://key@api.example.com/v1", None),
            ("https://api.example.com/v1?key=1", None),
            ("https://api.example.com/v1#x", None),
            ("https://a\\b/", None),
            ("https://api.example.com/v 1", None),
        ] {
            assert_eq!(host_of(url), host, "{url}");
            assert_eq!(choose(url).validate().is_ok(), host.is_some(), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_named() {
        let good = choose("https://api.example.com/v1");
        let wrong = |choose: ChooseModel| choose.validate().map_err(|invalid| invalid.field);
        let with = |key: &str| ChooseModel {
            key: Some(key.to_owned()),
            ..good.clone()
        };
        assert_eq!(wrong(with("sk-1")), Ok(()));
        for key in ["", "a b", "ü", "a\r\nb"] {
            assert_eq!(wrong(with(key)), Err("key".to_owned()), "{key:?}");
        }
        for model in ["", " ", "a\nb"] {
            let model = model.to_owned();
            let wrong = wrong(ChooseModel {
                model,
                ..good.clone()
            });
            assert_eq!(wrong, Err("model".to_owned()));
        }
    }

    fn spent(requests: u64, untold: u64) -> TokensSpent {
        TokensSpent {
            requests,
            untold,
            input: 40,
            output: 2,
        }
    }

    #[test]
    fn what_was_not_told_is_said() {
        assert_eq!(spent(1, 0).to_string(), "42 tokens in 1 request");
        assert_eq!(spent(3, 3).to_string(), "Tokens not told, in 3 requests");
        let some = "At least 42 tokens in 3 requests, not told of 1";
        assert_eq!(spent(3, 1).to_string(), some);
    }

    #[test]
    fn what_was_spent_adds_up() {
        let mut all = TokensSpent::default();
        assert!(all.is_none());
        all += spent(3, 1);
        all += spent(3, 1);
        let both = TokensSpent {
            requests: 6,
            untold: 2,
            input: 80,
            output: 4,
        };
        assert_eq!(all, both);
        assert!(!all.is_none());
    }

    #[test]
    fn who_tells_is_named_and_whether_mails_may_go_there() {
        let named = NamedModel {
            model: "m".to_owned(),
            host: "api.example.com".to_owned(),
        };
        assert_eq!(
            NamedModel::or_built_in(Some(&named)),
            "m at api.example.com"
        );
        let built_in = "Built in, nothing leaves this machine";
        assert_eq!(NamedModel::or_built_in(None), built_in);
        let of = |deployed| ChosenModel {
            name: built_in.to_owned(),
            endpoint: None,
            agreed: Vec::new(),
            deployed,
        };
        assert!(of(Some(named)).asks_elsewhere());
        assert!(!of(None).asks_elsewhere());
    }
}
