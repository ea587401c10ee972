//! What is told of headers that were read: the first groups of all, how many there were before, and for how long.

use bulkhead_engine::access;
use bulkhead_engine::ports::{Clock, Table};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::scan;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{GroupBy, GroupOrder, ScanState};
use futures::executor::block_on;
use jiff::SignedDuration;

use crate::stage;

async fn owned(stage: &Stage) -> access::Owned<AccountRecord> {
    access::account(&stage.ports, &stage.user, &stage.account)
        .await
        .unwrap()
}

async fn start(stage: &Stage) {
    let account = owned(stage).await;
    scan::start(&stage.ports, &stage.user, &account)
        .await
        .unwrap();
}

#[test]
fn only_the_first_groups_are_told_and_how_many_there_are() {
    block_on(async {
        let stage = stage(10).await;
        start(&stage).await;
        stage.run().await.unwrap();
        let account = owned(&stage).await;
        let (by, order) = (GroupBy::Sender, GroupOrder::Name);
        let told = scan::senders(&stage.ports, &account, by, order, 2).await;
        let told = told.unwrap();
        let keys: Vec<_> = told.groups.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys, ["1@example.org", "2@example.org"]);
        assert_eq!((told.total, told.mails, told.bytes), (3, 10, 10_000));
        let key = names::scanned_folder(&stage.account, "INBOX");
        let row = stage.table.get(&key).await.unwrap().unwrap();
        let days = SignedDuration::from_hours(60 * 24);
        assert_eq!(row.expires, Some(stage.clock.now() + days));
    });
}

#[test]
fn who_asks_again_is_told_how_many_there_were_before() {
    block_on(async {
        let stage = stage(10).await;
        let account = owned(&stage).await;
        let asked = async || {
            let scan = scan::start(&stage.ports, &stage.user, &account).await;
            let scan = scan.unwrap();
            (scan.state, scan.scanned, scan.total)
        };
        assert_eq!(asked().await, (ScanState::Running, 0, None));
        stage.run().await.unwrap();
        assert_eq!(asked().await, (ScanState::Running, 0, Some(10)));
    });
}
