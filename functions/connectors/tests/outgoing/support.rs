//! What these tests stand on: an account on Dovecot that sends through Exim.

use std::sync::Arc;

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::ports::{Account, Envelope, Letter, Postbox};
use bulkhead_shared::api::{Credentials, ImapConnection, Security, Submission};
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::exim::Exim;

/// Both servers, and how the account reaches them.
pub(crate) struct World {
    pub(crate) dovecot: Dovecot,
    pub(crate) exim: Exim,
}

impl World {
    pub(crate) fn start() -> Self {
        Self::with(Exim::start())
    }

    pub(crate) fn with(exim: Exim) -> Self {
        Self {
            dovecot: Dovecot::start(Mode::Normal),
            exim,
        }
    }

    /// An account that sends through this port without encryption.
    pub(crate) async fn at(&self, port: u16) -> Arc<dyn Postbox> {
        self.by(port, Security::None, &self.exim.password).await
    }

    pub(crate) async fn plain(&self) -> Arc<dyn Postbox> {
        self.at(self.exim.port).await
    }

    pub(crate) async fn by(
        &self,
        port: u16,
        security: Security,
        password: &str,
    ) -> Arc<dyn Postbox> {
        let to = ImapConnection {
            host: "127.0.0.1".to_owned(),
            port: self.dovecot.port,
            security: Security::None,
            user: self.dovecot.user.clone(),
            credentials: Credentials::Password(password.to_owned()),
            submission: Some(Submission {
                host: "127.0.0.1".to_owned(),
                port,
                security,
                per_minute: Some(10_000),
            }),
        };
        let certificates = [self.dovecot.certificate(), self.exim.certificate()];
        let imap = Imap::open_trusting(&to, Reach::Anywhere, &certificates);
        Arc::new(imap.await.unwrap()).postbox().unwrap()
    }
}

/// A mail that says its number.
pub(crate) fn letter(number: usize, to: &str) -> Letter {
    let id = format!("snd_test.{number}@example.org");
    let text = format!(
        "From: alice@example.org\r\nTo: {to}@example.org\r\nMessage-ID: <{id}>\r\nSubject: mail {number}\r\n\
         \r\n.one dot\r\n..two dots\r\nDear {to}\r\n"
    );
    Letter {
        id: id.parse().unwrap(),
        envelope: Envelope {
            from: "alice@example.org".to_owned(),
            to: format!("{to}@example.org"),
        },
        bytes: text.into_bytes(),
    }
}
