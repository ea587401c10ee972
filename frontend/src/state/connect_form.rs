//! The form that connects an account: what is missing, and what is sent.

use bulkhead_shared::api::{
    AccountKind, Connection, ConsentOffer, Credentials, DavConnection, Discovered,
    ExchangeConnection, ImapConnection, NewAccount, OAuth, Security, Submission, WayIn,
};

use crate::words;

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
    /// By a consent rather than a password.
    pub by_consent: bool,
    /// Where that is given, if this server is known there; else it has to be brought.
    pub offer: Option<ConsentOffer>,
    /// Where its tokens are given out.
    pub token_endpoint: String,
    /// As what program we are known there.
    pub client_id: String,
    /// That program's secret, if it has one.
    pub client_secret: String,
    /// The consent. Leaves this form for the server only.
    pub refresh_token: String,
    /// What takes mails to be sent; empty: nothing is sent.
    pub submission_host: String,
    pub submission_port: String,
    /// An Exchange organisation, and the certificate of the application that administers it.
    pub tenant: String,
    pub certificate: String,
    /// Leaves this form for the server only.
    pub private_key: String,
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
            by_consent: false,
            offer: None,
            token_endpoint: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            refresh_token: String::new(),
            submission_host: String::new(),
            submission_port: "465".to_owned(),
            tenant: String::new(),
            certificate: String::new(),
            private_key: String::new(),
        }
    }
}

impl ConnectForm {
    /// The request, or what is missing.
    pub fn read(&self) -> Result<NewAccount, &'static str> {
        let name = self.called();
        let connection = match self.kind {
            AccountKind::Sandbox => Connection::Sandbox {},
            AccountKind::Imap => Connection::Imap(self.imap()?),
            AccountKind::Dav => Connection::Dav(self.dav()?),
            AccountKind::Cyrus => Connection::Cyrus(self.imap()?),
            AccountKind::Exchange => Connection::Exchange(self.exchange()?),
        };
        Ok(NewAccount { name, connection })
    }

    fn dav(&self) -> Result<DavConnection, &'static str> {
        if self.host.trim().is_empty() {
            return Err(words::connect_form_no_dav_server());
        }
        if self.user.trim().is_empty() || self.password.is_empty() {
            return Err(words::connect_form_no_sign_in());
        }
        Ok(DavConnection {
            url: self.host.trim().to_owned(),
            user: self.user.trim().to_owned(),
            password: self.password.clone(),
        })
    }

    fn exchange(&self) -> Result<ExchangeConnection, &'static str> {
        let typed = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(ExchangeConnection {
            tenant: typed(&self.tenant).ok_or_else(words::connect_form_no_organisation)?,
            client_id: typed(&self.client_id).ok_or_else(words::connect_form_no_application)?,
            certificate: typed(&self.certificate).ok_or_else(words::connect_form_no_certificate)?,
            private_key: typed(&self.private_key).ok_or_else(words::connect_form_no_private_key)?,
        })
    }

    /// Whether the server is one that IMAP is spoken with.
    pub fn is_imap(&self) -> bool {
        matches!(self.kind, AccountKind::Imap | AccountKind::Cyrus)
    }

    fn imap(&self) -> Result<ImapConnection, &'static str> {
        let port = self
            .port
            .trim()
            .parse()
            .map_err(|_| words::connect_form_port())?;
        if self.host.trim().is_empty() {
            return Err(words::connect_form_no_mail_server());
        }
        if self.user.trim().is_empty() {
            return Err(words::connect_form_no_user());
        }
        Ok(ImapConnection {
            host: self.host.trim().to_owned(),
            port,
            security: self.security,
            user: self.user.trim().to_owned(),
            credentials: self.credentials()?,
            submission: self.submission()?,
        })
    }

    /// What takes mails to be sent: with TLS from the first byte on port 465 (RFC 8314, section 3.3), else by
    /// STARTTLS, or without encryption where the mailbox is reached so.
    fn submission(&self) -> Result<Option<Submission>, &'static str> {
        let host = self.submission_host.trim();
        if host.is_empty() {
            return Ok(None);
        }
        let port = self.submission_port.trim().parse();
        let port = port.map_err(|_| words::connect_form_sending_port())?;
        let security = match (port, self.security) {
            (465, _) => Security::Tls,
            (_, Security::None) => Security::None,
            (_, Security::Tls | Security::StartTls) => Security::StartTls,
        };
        Ok(Some(Submission {
            host: host.to_owned(),
            port,
            security,
            per_minute: None,
        }))
    }

    fn credentials(&self) -> Result<Credentials, &'static str> {
        if !self.by_consent {
            return match self.password.is_empty() {
                true => Err(words::connect_form_no_password()),
                false => Ok(Credentials::Password(self.password.clone())),
            };
        }
        let typed = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Credentials::OAuth(OAuth {
            token_endpoint: typed(&self.token_endpoint)
                .ok_or_else(words::connect_form_no_token_endpoint)?,
            client_id: typed(&self.client_id).ok_or_else(words::connect_form_no_client_id)?,
            client_secret: typed(&self.client_secret),
            refresh_token: typed(&self.refresh_token)
                .ok_or_else(words::connect_form_no_refresh_token)?,
            access: None,
        }))
    }

    /// What was found about the address fills the form.
    pub fn fill(&mut self, found: &Discovered) {
        if let Some(server) = &found.server {
            self.protect(server.security);
            self.host = server.host.clone();
            self.port = server.port.to_string();
            self.user = server.user.clone();
        }
        if let Some(submission) = &found.submission {
            self.submission_host = submission.host.clone();
            self.submission_port = submission.port.to_string();
        }
        self.offer = found.consent.clone();
        if !found.ways.is_empty() {
            let only = found.ways.iter().all(|way| *way == WayIn::Oauth);
            self.by_consent = only || self.offer.is_some();
        }
        if let Some(endpoint) = &found.token_endpoint {
            self.token_endpoint = endpoint.clone();
        }
    }

    /// Where the person goes to give a consent, if that is the way in that was chosen.
    pub fn leaves_for(&self) -> Option<&ConsentOffer> {
        let is_way = self.kind == AccountKind::Imap && self.by_consent;
        self.offer.as_ref().filter(|_| is_way)
    }

    /// What the person calls the account.
    pub fn called(&self) -> Option<String> {
        Some(self.name.trim().to_owned()).filter(|name| !name.is_empty())
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
    use bulkhead_shared::api::MailServer;

    #[test]
    fn says_what_is_missing() {
        let mut form = ConnectForm::default();
        assert_eq!(form.read(), Err("Name the mail server."));
        form.host = "imap.example.org".to_owned();
        form.port = "many".to_owned();
        assert!(form.read().is_err_and(|text| text.contains("port")));
        form.protect(Security::StartTls);
        assert_eq!(form.port, "143");
        assert_eq!(form.read(), Err("Name the user."));
        form.user = " ann ".to_owned();
        assert_eq!(form.read(), Err("Name the password."));
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
                submission: None,
            }))
        );
    }

    #[test]
    fn an_address_fills_the_rest() {
        let mut form = ConnectForm {
            password: "typed meanwhile".to_owned(),
            ..ConnectForm::default()
        };
        let server = MailServer {
            host: "imap.example.org".to_owned(),
            port: 1_143,
            security: Security::StartTls,
            user: "ann@example.org".to_owned(),
        };
        form.fill(&Discovered {
            server: Some(server),
            ..Discovered::default()
        });
        assert_eq!(
            (form.host.as_str(), form.port.as_str()),
            ("imap.example.org", "1143")
        );
        assert!(form.read().is_ok() && !form.by_consent);
        // Where only a consent lets in, it is asked for.
        form.fill(&Discovered {
            ways: vec![WayIn::Oauth],
            token_endpoint: Some("https://t.example/".to_owned()),
            ..Discovered::default()
        });
        assert_eq!(form.read(), Err("Name the client id."));
        form.client_id = "bulkhead".to_owned();
        assert_eq!(form.read(), Err("Name the refresh token."));
        form.refresh_token = " r ".to_owned();
        let Ok(Connection::Imap(sent)) = form.read().map(|account| account.connection) else {
            panic!("not sent");
        };
        let Credentials::OAuth(oauth) = sent.credentials else {
            panic!("by a password");
        };
        assert_eq!(oauth.refresh_token, "r");
        assert_eq!(oauth.client_secret, None);
        // Where this server is known, the person goes there; a password stays possible.
        form.fill(&Discovered {
            ways: vec![WayIn::AppPassword, WayIn::Oauth],
            consent: Some(ConsentOffer {
                authorize: "https://a.example/".to_owned(),
                client_id: "c".to_owned(),
                scope: "mail".to_owned(),
            }),
            ..Discovered::default()
        });
        assert!(form.leaves_for().is_some());
        form.by_consent = false;
        assert!(form.leaves_for().is_none());
        form.fill(&Discovered::default());
        // Nothing found changes nothing.
        let before = form.clone();
        form.fill(&Discovered::default());
        assert!(form == before);
    }
}
