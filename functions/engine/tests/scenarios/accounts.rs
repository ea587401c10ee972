//! What is kept of an account, and when it is looked at anew.

use bulkhead_engine::access::account_of;
use bulkhead_engine::accounts;
use bulkhead_engine::ports::{Expect, Row, Table, Write};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{Connection, Credentials, ImapConnection, Security};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::MarkRead;
use futures::executor::block_on;

use crate::options;

async fn record(stage: &Stage) -> AccountRecord {
    let table = stage.table.as_ref();
    account_of(table, &stage.user, &stage.account)
        .await
        .unwrap()
}

/// Writes the account's row as it was before it was kept what the account can do.
async fn forget_abilities(stage: &Stage) {
    let key = names::account(&stage.user, &stage.account);
    let row = stage.table.get(&key).await.unwrap().unwrap();
    let mut body: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
    assert!(body.as_object_mut().unwrap().remove("stores").is_some());
    let body = serde_json::to_vec(&body).unwrap();
    let row = Row { body, ..row };
    let write = Write::Put(row, Expect::Anything);
    stage.table.write(vec![write]).await.unwrap();
}

async fn draft(stage: &Stage) {
    let operation = MarkRead {}.into();
    stage
        .draft(operation, Stage::inbox(), options())
        .await
        .unwrap();
}

#[test]
fn a_list_of_accounts_asks_no_provider() {
    block_on(async {
        let mailbox = MemoryMailbox::new(3).limited_to(17, 60);
        let stage = Stage::new(mailbox.clone()).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        let calls = stage.mailbox.calls();
        let listed = accounts::list(&stage.ports, &stage.user).await.unwrap();
        let abilities = listed.accounts[0].abilities(Kind::Mail).unwrap();
        assert_eq!(abilities.allowance.unwrap().items, 17);
        assert_eq!(stage.mailbox.calls(), calls);
    });
}

#[test]
fn what_an_account_can_do_is_kept_when_it_is_used() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        forget_abilities(&stage).await;
        assert!(record(&stage).await.stores.is_empty());
        let listed = accounts::list(&stage.ports, &stage.user).await.unwrap();
        assert!(listed.accounts[0].abilities(Kind::Mail).is_some());
        draft(&stage).await;
        assert!(record(&stage).await.stores.contains_key(&Kind::Mail));
    });
}

#[test]
fn credentials_that_the_provider_changed_are_kept_even_after_a_look() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let renewed = Connection::Imap(ImapConnection {
            host: "localhost".to_owned(),
            port: 993,
            security: Security::Tls,
            user: "ann".to_owned(),
            credentials: Credentials::Password("another".to_owned()),
        });
        let before = record(&stage).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.renewed = Some(renewed));
        accounts::open(&stage.ports, &before).await.unwrap();
        let after = record(&stage).await;
        assert_ne!(after.sealed, before.sealed);
        // Once is enough.
        accounts::open(&stage.ports, &after).await.unwrap();
        assert_eq!(record(&stage).await.sealed, after.sealed);
    });
}

#[test]
fn credentials_that_the_provider_changed_are_sealed_anew() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let renewed = Connection::Imap(ImapConnection {
            host: "localhost".to_owned(),
            port: 993,
            security: Security::Tls,
            user: "ann".to_owned(),
            credentials: Credentials::Password("another".to_owned()),
        });
        let before = record(&stage).await;
        let handed_out = renewed.clone();
        stage
            .mailbox
            .trouble(|trouble| trouble.renewed = Some(handed_out));
        draft(&stage).await;
        let after = record(&stage).await;
        let plain = stage
            .ports
            .sealer
            .unseal(after.sealed_for(), &after.sealed)
            .await
            .unwrap();
        assert_eq!(
            serde_json::from_slice::<Connection>(&plain).unwrap(),
            renewed
        );
        assert_eq!((after.id, after.place), (before.id, before.place));
    });
}
