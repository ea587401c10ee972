//! What is kept of an account, and when it is looked at anew.

use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use bulkhead_engine::access::{self, account_of};
use bulkhead_engine::accounts;
use bulkhead_engine::audit;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Expect, Row, Table, Write};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::testing::intercept::{self, Call, Failure, Interceptor};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{
    Connection, Credentials, ImapConnection, ImportReport, NewAccount, Security,
};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::MarkRead;
use futures::executor::block_on;
use serde_json::json;

use super::others_are_faster::{busy, failing};
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
            submission: None,
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
            submission: None,
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

/// Lets everybody else go on between a read of the accounts and what follows from it.
struct TakesTurns;

#[async_trait]
impl Interceptor for TakesTurns {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        if let (Moment::AfterEffect, Call::Range(_)) = (moment, call) {
            let mut passed = false;
            let turn = std::future::poll_fn(|context| {
                if std::mem::replace(&mut passed, true) {
                    return Poll::Ready(());
                }
                context.waker().wake_by_ref();
                Poll::Pending
            });
            turn.await;
        }
        Ok(())
    }
}

fn anns(password: &str) -> NewAccount {
    NewAccount {
        name: None,
        connection: Connection::Imap(ImapConnection {
            host: "localhost".to_owned(),
            port: 993,
            security: Security::Tls,
            user: "ann".to_owned(),
            credentials: Credentials::Password(password.to_owned()),
            submission: None,
        }),
    }
}

#[test]
fn connecting_a_mailbox_several_times_at_once_makes_one_account() {
    block_on(async {
        let mut stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let turns: Arc<dyn Interceptor> = Arc::new(TakesTurns);
        stage.ports.table = intercept::table(stage.table.clone(), &turns);
        let (ports, user) = (&stage.ports, &stage.user);
        let connects = (0..4).map(|n| accounts::create(ports, user, anns(&n.to_string())));
        let connects: Vec<_> = connects.collect();
        let made = futures::future::try_join_all(connects).await.unwrap();
        assert!(made.iter().all(|account| account.id == made[0].id));
        let listed = accounts::list(ports, user).await.unwrap().accounts;
        let mut ids: Vec<_> = listed.into_iter().map(|account| account.id).collect();
        ids.retain(|id| *id != stage.account);
        assert_eq!(ids, [made[0].id.clone()]);
    });
}

#[test]
fn an_account_of_before_is_found_by_its_connection() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let first = accounts::create(ports, user, anns("one")).await.unwrap();
        // As it was before there was a row that names the account of a place.
        let stored = account_of(stage.table.as_ref(), user, &first.id).await;
        let named = names::at_place(user, &stored.unwrap().place);
        assert!(stage.table.get(&named).await.unwrap().is_some());
        let gone = Write::Delete(named, Expect::Anything);
        stage.table.write(vec![gone]).await.unwrap();
        let again = accounts::create(ports, user, anns("two")).await.unwrap();
        assert_eq!(again.id, first.id);
    });
}

#[test]
fn a_mailbox_that_was_forgotten_can_be_connected_again() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let first = accounts::create(ports, user, anns("one")).await.unwrap();
        let record = account_of(stage.table.as_ref(), user, &first.id).await;
        let named = names::at_place(user, &record.unwrap().place);
        let row = stage.table.get(&named).await.unwrap().unwrap();
        let owned = access::account(ports, user, &first.id).await.unwrap();
        accounts::delete(ports, user, owned).await.unwrap();
        assert_eq!(stage.table.get(&named).await.unwrap(), None);
        // An older program forgets the account, and leaves the row that names it.
        let left = Write::Put(row, Expect::Absent);
        stage.table.write(vec![left]).await.unwrap();
        let second = accounts::create(ports, user, anns("two")).await.unwrap();
        assert_ne!(second.id, first.id);
    });
}

#[test]
fn what_cannot_be_stored_now_connects_nothing_and_says_so() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let (fails, _) = failing(&stage, names::ACCOUNTS_FROM, 1, busy);
        let failed = accounts::create(&fails, user, anns("one")).await;
        assert!(failed.is_err_and(|error| error.is_passing()));
        let is_connected = async |connection: &Connection| {
            let known = accounts::is_connected(ports, user, connection).await;
            known.unwrap()
        };
        assert!(!is_connected(&anns("").connection).await);
        accounts::create(ports, user, anns("one")).await.unwrap();
        assert!(is_connected(&anns("").connection).await);
        let Connection::Imap(imap) = anns("").connection else {
            panic!("it is one");
        };
        assert!(!is_connected(&Connection::Cyrus(imap)).await);
    });
}

#[test]
fn connected_again_an_account_keeps_its_place_in_the_list_and_has_the_new_name() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let first = accounts::create(ports, user, anns("one")).await.unwrap();
        assert_eq!(first.name, "ann@localhost");
        stage.clock.advance(std::time::Duration::from_secs(60));
        let named = NewAccount {
            name: Some("Work".to_owned()),
            ..anns("two")
        };
        let again = accounts::create(ports, user, named).await.unwrap();
        assert_eq!((&again.id, again.created_at), (&first.id, first.created_at));
        let owned = access::account(ports, user, &first.id).await.unwrap();
        assert_eq!(accounts::get(ports, owned), again);
        assert_eq!(again.name, "Work");
        let trail = audit::list(ports, user, None, 2).await.unwrap().events;
        let told: Vec<_> = trail.iter().map(|event| &event.facts["renewed"]).collect();
        assert_eq!(told, [true, false]);
    });
}

#[test]
fn a_file_of_mail_that_was_taken_in_is_on_record_with_its_figures_alone() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let report = ImportReport {
            imported: 7,
            left_out: 2,
            recognised: vec!["secret".to_owned()],
            changed: vec!["secret".to_owned()],
            problems: vec!["secret".to_owned()],
        };
        let imported = accounts::imported(ports, user, &stage.account, &report);
        imported.await.unwrap();
        let trail = audit::list(ports, user, None, 1).await.unwrap().events;
        let told = (trail[0].event.as_str(), trail[0].account.as_ref());
        assert_eq!(told, ("mail_imported", Some(&stage.account)));
        assert_eq!(trail[0].facts, json!({"imported": 7, "left_out": 2}));
        assert_eq!(trail[0].job, None);
    });
}

#[test]
fn an_account_says_whether_it_answers_and_whose_it_is() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let test = async || {
            let owned = access::account(ports, user, &stage.account).await.unwrap();
            accounts::test(ports, &owned).await.unwrap()
        };
        let tested = test().await;
        assert_eq!((tested.ok, &*tested.message), (true, "It answers."));
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        assert!(!test().await.ok);
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        assert!(!test().await.ok);
        let tried = accounts::try_connection(ports, user, &anns("one")).await;
        assert!(!tried.unwrap().ok);
        stage.mailbox.trouble(|trouble| trouble.unreachable = false);
        let tried = accounts::try_connection(ports, user, &anns("one")).await;
        assert!(tried.unwrap().ok);
        assert_eq!(
            accounts::own_address(ports, user, &stage.account)
                .await
                .unwrap(),
            None
        );
        for (signs_in_as, address) in [("ann", None), ("Ann@x.example", Some("Ann@x.example"))] {
            let mut new = anns("one");
            if let Connection::Imap(imap) = &mut new.connection {
                imap.user = signs_in_as.to_owned();
            }
            let id = accounts::create(ports, user, new).await.unwrap().id;
            let told = accounts::own_address(ports, user, &id).await.unwrap();
            assert_eq!(told.as_deref(), address);
        }
    });
}

#[test]
fn a_try_is_counted_and_recorded_however_it_is_made_unless_it_asks_no_server() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let sandbox = NewAccount {
            name: None,
            connection: Connection::Sandbox {},
        };
        for _ in 0..20 {
            accounts::connect(ports, user, sandbox.clone())
                .await
                .unwrap();
        }
        for _ in 0..10 {
            accounts::try_connection(ports, user, &anns("guess"))
                .await
                .unwrap();
        }
        let refused = accounts::connect(ports, user, anns("guess")).await;
        assert!(
            matches!(refused, Err(Error::TooManyTries { most: 10, .. })),
            "{refused:?}"
        );
        let trail = audit::list(ports, user, None, 100).await.unwrap().events;
        let tried = trail
            .iter()
            .filter(|event| event.event == "connection_tried");
        let tried: Vec<_> = tried.map(|event| event.facts.to_string()).collect();
        let fact = r#"{"kind":"imap","port":993,"security":"tls"}"#;
        assert_eq!(tried, vec![fact; 10]);
    });
}
