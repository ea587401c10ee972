//! What all limits share: each is a row that several processes write.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Mutex;

use bulkhead_shared::api::AccountKind;
use futures::executor::block_on;
use jiff::SignedDuration;

use super::{model_turns, sessions, tries, waiting};
use crate::error::Error;
use crate::ports::TableError;
use crate::testing::intercept::{self, Call, Failure};
use crate::testing::mailbox::{MemoryMailbox, Moment};
use crate::testing::model::elsewhere;
use crate::testing::stage::Stage;

/// A stage on which the first write of each row comes to this.
async fn first_write_fails(with: fn() -> TableError) -> Stage {
    let mut stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
    let met = Mutex::new(BTreeSet::new());
    let fails = intercept::by(move |moment, call: &Call<'_>| {
        let (Moment::BeforeEffect, Call::Write(writes)) = (moment, call) else {
            return Ok(());
        };
        let mut met = met.lock().unwrap();
        match writes.iter().any(|write| met.insert(write.key().clone())) {
            true => Err(Failure::Table(with())),
            false => Ok(()),
        }
    });
    stage.ports.table = intercept::table(stage.table.clone(), &fails);
    stage
}

/// Takes one of each limit that is a row which everybody writes.
async fn take_all(stage: &Stage) -> [(&'static str, Result<(), Error>); 4] {
    let (ports, user, account) = (&stage.ports, &stage.user, &stage.account);
    let until = ports.clock.now() + SignedDuration::from_secs(60);
    let session = sessions::take(ports, AccountKind::Imap, account, "a", until).await;
    let turn = model_turns::take(ports, user, &elsewhere(5, 5), "a", 1).await;
    [
        ("tries", tries::take(ports, user).await),
        ("waiting", waiting::enter(ports, user).await.map(drop)),
        ("sessions", session.map(drop)),
        ("turns", turn.map(drop)),
    ]
}

#[test]
fn who_was_slower_than_another_process_looks_again() {
    block_on(async {
        let stage = first_write_fails(|| TableError::Conflict).await;
        for (limit, taken) in take_all(&stage).await {
            assert!(taken.is_ok(), "{limit}: {taken:?}");
        }
    });
}

#[test]
fn what_the_table_says_is_told_and_nothing_is_taken() {
    block_on(async {
        let says: [(fn() -> TableError, bool); 2] = [
            (|| TableError::Refused("no".into()), false),
            (|| TableError::Unavailable("busy".into()), true),
        ];
        for (fails, passes) in says {
            let stage = first_write_fails(fails).await;
            let rows = stage.table.len();
            for (limit, taken) in take_all(&stage).await {
                let error = taken.unwrap_err();
                assert!(!error.is_conflict(), "{limit}");
                assert_eq!(error.is_passing(), passes, "{limit}");
            }
            assert_eq!(stage.table.len(), rows);
        }
    });
}
