//! Where an account is, and how one gets in.

use serde::{Deserialize, Serialize};

use super::{Credentials, OAuth};

/// How to reach an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Connection {
    /// The simulated mailbox of this server.
    Sandbox {},
    /// A mailbox on an IMAP server.
    Imap(ImapConnection),
    /// Address books on a CardDAV server.
    Dav(DavConnection),
    /// The mailboxes of a Cyrus mail system, by one of its administrators who signs in over IMAP.
    Cyrus(ImapConnection),
    /// The mailboxes of an Exchange Online organisation, by an application that may administer them.
    Exchange(ExchangeConnection),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sandbox {} => f.write_str("Sandbox"),
            Self::Imap(imap) | Self::Cyrus(imap) => imap.fmt(f),
            Self::Dav(dav) => dav.fmt(f),
            Self::Exchange(exchange) => exchange.fmt(f),
        }
    }
}

/// An IMAP mailbox and its credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ImapFields", into = "ImapFields")]
pub struct ImapConnection {
    /// The server's name.
    pub host: String,
    /// 993 for TLS from the first byte, 143 for STARTTLS or no encryption.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The user's name on that server.
    pub user: String,
    /// Go in, are sealed, and never come out.
    pub credentials: Credentials,
    /// The server that takes mails to be sent, with the same user and credentials; none: nothing is sent.
    pub submission: Option<Submission>,
}

/// A server that takes mails to be sent (RFC 6409).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submission {
    /// The server's name.
    pub host: String,
    /// 465 for TLS from the first byte, 587 for STARTTLS.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Mails in a minute, most. Left out: 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
}

impl std::fmt::Debug for Submission {
    /// Says how, never where (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Submission")
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ImapConnection {
    /// Says where, never who or how (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImapConnection")
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// Plain first, then STARTTLS before the password.
    StartTls,
    /// None: only to this machine itself.
    None,
}

/// A person's address books on a CardDAV server (RFC 6352), and their credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DavConnection {
    /// An address book, what holds address books, or the server alone: the rest is found out
    /// (RFC 6764, section 6). `https://` where it does not begin so.
    pub url: String,
    /// The user's name on that server.
    pub user: String,
    /// Goes in, is sealed, and never comes out.
    pub password: String,
}

impl std::fmt::Debug for DavConnection {
    /// Neither where nor who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DavConnection").finish_non_exhaustive()
    }
}

/// An Exchange Online organisation, and an application that it knows by a certificate (app-only sign-in).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExchangeConnection {
    /// The organisation: its id, or a domain of its own, such as `contoso.onmicrosoft.com`.
    pub tenant: String,
    /// The application's id, as it was registered. It needs the permission `Exchange.ManageAsApp` and a
    /// role that may administer recipients.
    pub client_id: String,
    /// The certificate that the application is known by, in PEM.
    pub certificate: String,
    /// Its private key (RSA, PKCS #8) in PEM. Goes in, is sealed, and never comes out.
    pub private_key: String,
}

impl std::fmt::Debug for ExchangeConnection {
    /// Neither where nor who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExchangeConnection").finish_non_exhaustive()
    }
}

/// A connection as it is sent and stored: with either a password or a consent.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct ImapFields {
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
    /// The server that takes mails to be sent. Left out, nothing is sent from this account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    submission: Option<Submission>,
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
            submission: fields.submission,
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
            submission: connection.submission,
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
    use super::Connection;
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

    #[cfg(feature = "openapi")]
    #[test]
    fn a_description_of_a_connection_comes_with_all_that_it_names() {
        use utoipa::ToSchema;
        let mut schemas = Vec::new();
        super::ImapConnection::schemas(&mut schemas);
        let names: std::collections::BTreeSet<_> =
            schemas.into_iter().map(|(name, _)| name).collect();
        let named = ["AccessToken", "OAuth", "Security", "Submission"];
        assert!(names.iter().eq(named), "{names:?}");
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
