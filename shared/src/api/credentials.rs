//! How one gets into a mail server: by a password, or by a token that is renewed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ImapConnection, Security};

/// What shows a mail server whose mailbox it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A password, or one for this program alone.
    Password(String),
    /// A consent of the person (OAuth 2.0).
    OAuth(OAuth),
}

/// A consent that a provider keeps: it gives tokens that let in for an hour or so (RFC 6749, section 6).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OAuth {
    /// Where tokens are given out: an address that begins with `https://`.
    pub token_endpoint: String,
    /// As what program Bulkhead is known there.
    pub client_id: String,
    /// The program's own secret, where the provider gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Stands for the consent. Goes in, is sealed, and never comes out.
    pub refresh_token: String,
    /// The token that was given out last. Left out, one is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessToken>,
}

/// A token that lets in for a while.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessToken {
    pub token: String,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub until: Timestamp,
}

impl std::fmt::Debug for Credentials {
    /// Says which kind, never what (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "Password",
            Self::OAuth(_) => "OAuth",
        })
    }
}

impl std::fmt::Debug for OAuth {
    /// Nothing of it (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuth").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AccessToken {
    /// Until when, never what it is (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// A connection as it is sent and stored: with either a password or a consent.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(super) struct ImapFields {
    /// The server's name.
    host: String,
    /// 993 for TLS from the first byte, 143 for STARTTLS or no encryption.
    port: u16,
    /// How the connection is protected.
    security: Security,
    /// The user's name on that server.
    user: String,
    /// A password, unless there is a consent. Goes in, is sealed, and never comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// A consent in place of a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    oauth: Option<OAuth>,
}

/// There is no way in, or there are two.
#[derive(Debug, thiserror::Error)]
pub enum OneWayIn {
    /// Neither is there.
    #[error("missing field `password`")]
    Neither,
    /// Both are there.
    #[error("with both a password and oauth, of which there can be one")]
    Both,
}

impl TryFrom<ImapFields> for ImapConnection {
    type Error = OneWayIn;

    fn try_from(fields: ImapFields) -> Result<Self, OneWayIn> {
        let credentials = match (fields.password, fields.oauth) {
            (Some(password), None) => Credentials::Password(password),
            (None, Some(oauth)) => Credentials::OAuth(oauth),
            (None, None) => return Err(OneWayIn::Neither),
            (Some(_), Some(_)) => return Err(OneWayIn::Both),
        };
        Ok(Self {
            host: fields.host,
            port: fields.port,
            security: fields.security,
            user: fields.user,
            credentials,
        })
    }
}

impl From<ImapConnection> for ImapFields {
    fn from(connection: ImapConnection) -> Self {
        let (password, oauth) = match connection.credentials {
            Credentials::Password(password) => (Some(password), None),
            Credentials::OAuth(oauth) => (None, Some(oauth)),
        };
        Self {
            host: connection.host,
            port: connection.port,
            security: connection.security,
            user: connection.user,
            password,
            oauth,
        }
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ImapConnection {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        ImapFields::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ImapConnection {
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        ImapFields::schemas(schemas);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Connection;
    use serde_json::{Value, json};

    fn read(with: Value) -> Result<Value, String> {
        let mut connection =
            json!({"kind": "imap", "host": "h", "port": 993, "security": "tls", "user": "ann"});
        for (name, value) in with.as_object().unwrap() {
            connection[name] = value.clone();
        }
        let read: Connection =
            serde_json::from_value(connection).map_err(|error| error.to_string())?;
        Ok(serde_json::to_value(read).unwrap())
    }

    #[test]
    fn what_was_stored_before_stays_readable_and_is_written_as_it_was() {
        let stored = read(json!({"password": "secret"})).unwrap();
        assert_eq!(
            stored,
            json!({"kind": "imap", "host": "h", "port": 993, "security": "tls", "user": "ann",
                "password": "secret"})
        );
    }

    #[test]
    fn there_is_one_way_in() {
        let oauth = json!({"token_endpoint": "https://t.example/", "client_id": "c",
            "refresh_token": "r"});
        let kept = read(json!({"oauth": oauth})).unwrap();
        assert_eq!(kept["oauth"], oauth);
        assert!(kept.get("password").is_none());
        assert!(read(json!({})).unwrap_err().contains("`password`"));
        let both = read(json!({"password": "p", "oauth": oauth})).unwrap_err();
        assert!(both.contains("both"), "{both}");
    }
}
