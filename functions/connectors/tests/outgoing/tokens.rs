//! Sending by a consent: Dovecot's submission service asks whoever gave the token out, and hands over to Exim.

use std::sync::Arc;

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::ports::{Account, CallError, Delivery, Postbox};
use bulkhead_shared::api::{Credentials, ImapConnection, OAuth, Security, Submission};
use bulkhead_tests::servers::dovecot::Dovecot;
use bulkhead_tests::servers::exim::Exim;
use bulkhead_tests::servers::token_server::TokenServer;

use crate::support::letter;

struct World {
    tokens: TokenServer,
    exim: Exim,
    dovecot: Dovecot,
}

impl World {
    fn start() -> Self {
        let (tokens, exim) = (TokenServer::start(), Exim::start());
        let dovecot = Dovecot::start_sending_with_tokens(tokens.port, exim.port);
        Self {
            tokens,
            exim,
            dovecot,
        }
    }

    fn account(&self) -> ImapConnection {
        ImapConnection {
            host: "127.0.0.1".to_owned(),
            port: self.dovecot.port,
            security: Security::None,
            user: self.dovecot.user.clone(),
            credentials: Credentials::OAuth(OAuth {
                token_endpoint: format!("http://127.0.0.1:{}/token", self.tokens.port),
                client_id: "bulkhead-test".to_owned(),
                client_secret: None,
                refresh_token: self.tokens.consent(&self.dovecot.user),
                access: None,
            }),
            submission: Some(Submission {
                host: "127.0.0.1".to_owned(),
                port: self.dovecot.submission_port,
                security: Security::None,
                per_minute: None,
            }),
        }
    }

    async fn postbox(&self) -> Arc<dyn Postbox> {
        let imap = Imap::open(&self.account(), Reach::Anywhere).await;
        Arc::new(imap.unwrap()).postbox().unwrap()
    }
}

async fn deliver(postbox: &dyn Postbox, number: usize) -> Result<Delivery, CallError> {
    let delivered = postbox.deliver(&[letter(number, "bo")]).await;
    delivered.map(|mut delivered| delivered.remove(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_consented_sends_and_a_token_that_ended_is_renewed_on_the_way() {
    let world = World::start();
    let postbox = world.postbox().await;
    postbox.ready().await.unwrap();
    for number in 0..3 {
        let delivered = deliver(postbox.as_ref(), number).await.unwrap();
        assert_eq!(delivered, Delivery::Done);
    }
    assert_eq!(world.tokens.given(), 1, "one token for mailbox and way out");
    // The connection is gone and the token has ended, which only the server knows.
    world.tokens.end_tokens();
    world.dovecot.kick();
    let delivered = deliver(postbox.as_ref(), 3).await.unwrap();
    assert_eq!(delivered, Delivery::Done);
    assert_eq!(world.tokens.given(), 1, "those of before are forgotten");
    let ids: Vec<String> = (0..4)
        .map(|number| letter(number, "bo").id.to_string())
        .collect();
    assert_eq!(world.exim.taken(), ids, "once each: {}", world.exim.log());
    assert_eq!(world.exim.wait_for(4), 4);
    assert_eq!(world.dovecot.client().contents("Sent").len(), 4, "copies");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_was_taken_back_hands_nothing_over_and_asks_to_sign_in_again() {
    let world = World::start();
    let postbox = world.postbox().await;
    assert_eq!(deliver(postbox.as_ref(), 0).await.unwrap(), Delivery::Done);
    world.tokens.take_back();
    world.tokens.end_tokens();
    world.dovecot.kick();
    let refused = deliver(postbox.as_ref(), 1).await;
    assert!(matches!(refused, Err(CallError::SignIn)), "{refused:?}");
    assert!(matches!(postbox.ready().await, Err(CallError::SignIn)));
    assert_eq!(world.exim.taken().len(), 1);
}
