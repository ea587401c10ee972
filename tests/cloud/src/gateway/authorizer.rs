//! The JWT authorizer of an HTTP API, by the developer guide's "Control access to HTTP APIs with JWT
//! authorizers": RSA signatures only, issuer, audience (or Cognito's `client_id`), times without leeway.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::answer::message;
use crate::template::{Template, references};

/// The template's authorizer.
pub(super) struct Authorizer {
    issuer: String,
    audiences: Vec<String>,
    keys: Mutex<Option<JwkSet>>,
    http: reqwest::Client,
}

/// Nobody is let in.
pub(super) struct Refused;

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = message(StatusCode::UNAUTHORIZED, "Unauthorized");
        let bearer = HeaderValue::from_static("Bearer");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, bearer);
        response
    }
}

impl Authorizer {
    /// The one authorizer of the template. What it says of the issuer has to be about the user pool;
    /// which address that has is told.
    pub(super) fn read(template: &Template, issuer: String) -> Self {
        let mut all = template.resources("AWS::ApiGatewayV2::Authorizer");
        let (_, authorizer) = all.next().expect("the template has an authorizer");
        assert!(all.next().is_none(), "one authorizer for all routes");
        assert_eq!(authorizer["AuthorizerType"], "JWT");
        let source = &authorizer["IdentitySource"];
        assert_eq!(source[0], "$request.header.Authorization");
        let configuration = &authorizer["JwtConfiguration"];
        let named = references(&configuration["Issuer"]);
        assert!(named.contains(&"UserPool".to_owned()), "{named:?}");
        let audiences = template.resolve(&configuration["Audience"]);
        Self {
            issuer,
            audiences: serde_json::from_value(audiences).unwrap(),
            keys: Mutex::default(),
            http: crate::http_client::plain(),
        }
    }

    /// The claims of the token in these headers, if it is good.
    pub(super) async fn check(&self, headers: &HeaderMap) -> Result<Value, Refused> {
        let value = headers.get(header::AUTHORIZATION).ok_or(Refused)?;
        let value = value.to_str().map_err(|_| Refused)?;
        // The prefix may be left out.
        let token = value.strip_prefix("Bearer ").unwrap_or(value);
        let head = decode_header(token).map_err(|_| Refused)?;
        let rsa = [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512];
        if !rsa.contains(&head.alg) {
            return Err(Refused);
        }
        let key = self.key(&head.kid.ok_or(Refused)?).await.ok_or(Refused)?;
        let mut rules = Validation::new(head.alg);
        rules.set_issuer(&[&self.issuer]);
        rules.leeway = 0;
        rules.validate_nbf = true;
        // Which of the two claims it is about is ours to say.
        rules.validate_aud = false;
        let claims = decode::<Value>(token, &key, &rules).map_err(|_| Refused)?;
        let claims = claims.claims;
        if self.is_for_us(&claims) && is_issued(&claims) {
            Ok(shown(&claims))
        } else {
            Err(Refused)
        }
    }

    /// `aud` counts where there is one, `client_id` where there is none.
    fn is_for_us(&self, claims: &Value) -> bool {
        let known = |it: &Value| {
            it.as_str()
                .is_some_and(|it| self.audiences.iter().any(|a| a == it))
        };
        match &claims["aud"] {
            Value::Null => known(&claims["client_id"]),
            Value::Array(all) => all.iter().any(known),
            one => known(one),
        }
    }

    /// A key by its id. Keys are kept, and asked for again when an unknown one is named.
    async fn key(&self, id: &str) -> Option<DecodingKey> {
        let mut keys = self.keys.lock().await;
        if keys.as_ref().is_none_or(|keys| keys.find(id).is_none()) {
            let url = format!("{}/.well-known/jwks.json", self.issuer);
            *keys = self.http.get(url).send().await.ok()?.json().await.ok();
        }
        DecodingKey::from_jwk(keys.as_ref()?.find(id)?).ok()
    }
}

/// Not from the future.
fn is_issued(claims: &Value) -> bool {
    let issued = claims["iat"].as_i64();
    issued.is_none_or(|issued| issued <= Timestamp::now().as_second())
}

/// Claims as a function sees them: all of them text.
fn shown(claims: &Value) -> Value {
    let claims = claims.as_object().into_iter().flatten();
    let texts = claims.map(|(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(list) => {
                let words = list.iter().map(|it| it.as_str().unwrap_or_default());
                format!("[{}]", words.collect::<Vec<_>>().join(" "))
            }
            other => other.to_string(),
        };
        (name.clone(), Value::String(text))
    });
    Value::Object(texts.collect::<Map<_, _>>())
}
