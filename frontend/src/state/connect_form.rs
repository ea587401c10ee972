//! The form that connects an account: what is missing, and what is sent.

use bulkhead_shared::api::{
    AccountKind, Connection, Credentials, DavConnection, ImapConnection, NewAccount, Security,
};

/// The fields of the form.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectForm {
    /// What kind of account it is.
    pub kind: AccountKind,
    /// What the person calls it.
    pub name: String,
    /// The mail server, or the address of a server of contacts.
    pub host: String,
    pub port: String,
    /// How the connection is protected.
    pub security: Security,
    /// The user there.
    pub user: String,
    /// Leaves this form for the server only.
    pub password: String,
}

impl Default for ConnectForm {
    fn default() -> Self {
        Self {
            kind: AccountKind::Imap,
            name: String::new(),
            host: String::new(),
            port: "993".to_owned(),
            security: Security::Tls,
            user: String::new(),
            password: String::new(),
        }
    }
}

impl ConnectForm {
    /// The request, or what is missing.
    pub fn read(&self) -> Result<NewAccount, &'static str> {
        let name = Some(self.name.trim().to_owned()).filter(|name| !name.is_empty());
        let connection = match self.kind {
            AccountKind::Sandbox => Connection::Sandbox {},
            AccountKind::Imap => Connection::Imap(self.imap()?),
            AccountKind::Dav => Connection::Dav(self.dav()?),
        };
        Ok(NewAccount { name, connection })
    }

    fn dav(&self) -> Result<DavConnection, &'static str> {
        if self.host.trim().is_empty() {
            return Err("Name the server, or the address of the address book.");
        }
        if self.user.trim().is_empty() || self.password.is_empty() {
            return Err("Name the user and the password.");
        }
        Ok(DavConnection {
            url: self.host.trim().to_owned(),
            user: self.user.trim().to_owned(),
            password: self.password.clone(),
        })
    }

    fn imap(&self) -> Result<ImapConnection, &'static str> {
        let port = self
            .port
            .trim()
            .parse()
            .map_err(|_| "The port is a number from 1 to 65535.")?;
        if self.host.trim().is_empty() {
            return Err("Name the mail server.");
        }
        if self.user.trim().is_empty() || self.password.is_empty() {
            return Err("Name the user and the password.");
        }
        Ok(ImapConnection {
            host: self.host.trim().to_owned(),
            port,
            security: self.security,
            user: self.user.trim().to_owned(),
            credentials: Credentials::Password(self.password.clone()),
        })
    }

    /// Protects the connection in another way, on the port that goes with it.
    pub fn protect(&mut self, security: Security) {
        self.security = security;
        self.port = match security {
            Security::Tls => "993",
            Security::StartTls | Security::None => "143",
        }
        .to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_missing() {
        let mut form = ConnectForm::default();
        assert_eq!(form.read(), Err("Name the mail server."));
        form.host = "imap.example.org".to_owned();
        form.port = "many".to_owned();
        assert!(form.read().is_err_and(|text| text.contains("port")));
        form.protect(Security::StartTls);
        assert_eq!(form.port, "143");
        assert_eq!(form.read(), Err("Name the user and the password."));
        form.user = " ann ".to_owned();
        form.password = " kept as typed ".to_owned();
        let sent = form.read().map(|account| account.connection);
        assert_eq!(
            sent,
            Ok(Connection::Imap(ImapConnection {
                host: "imap.example.org".to_owned(),
                port: 143,
                security: Security::StartTls,
                user: "ann".to_owned(),
                credentials: Credentials::Password(" kept as typed ".to_owned()),
            }))
        );
    }
}
