//! Headers are read in the background: once, then what changed; whatever goes wrong, it ends and is told.

use bulkhead_engine::access;
use bulkhead_engine::accounts;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Clock, Expect, Message, Span, Table, Write};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::scan;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::api::{GroupBy, GroupOrder, ScanState, Senders};
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

async fn senders(stage: &Stage) -> Result<Senders, Error> {
    let account = owned(stage).await;
    let (by, order) = (GroupBy::Sender, GroupOrder::Mails);
    scan::senders(&stage.ports, &account, by, order, 50).await
}

async fn told(stage: &Stage) -> Senders {
    senders(stage).await.unwrap()
}

async fn rows(stage: &Stage) -> usize {
    let span = Span {
        partition: names::scan_partition(&stage.account),
        from: "A".to_owned(),
        to: "~".to_owned(),
        reverse: false,
        limit: None,
    };
    stage.table.range(&span).await.unwrap().len()
}

/// One message, of a worker that has a second left.
async fn a_second_of_it(stage: &Stage) {
    let delivery = stage.queue.receive().unwrap();
    let deadline = stage.clock.now() + SignedDuration::from_secs(1);
    work::handle(&stage.ports, &delivery.message, deadline)
        .await
        .unwrap();
    stage.queue.ack(delivery.receipt);
}

#[test]
fn nobody_asked_nothing_is_told() {
    block_on(async {
        let stage = stage(9).await;
        let told = told(&stage).await;
        assert_eq!((told.scan, told.total), (None, 0));
    });
}

#[test]
fn all_headers_are_read_and_counted() {
    block_on(async {
        let stage = stage(30).await;
        start(&stage).await;
        assert_eq!(told(&stage).await.scan.unwrap().state, ScanState::Running);
        stage.run().await.unwrap();
        let told = told(&stage).await;
        let scan = told.scan.unwrap();
        assert_eq!((scan.state, scan.scanned), (ScanState::Done, 30));
        assert_eq!(scan.total, Some(30));
        assert_eq!((told.total, told.mails), (3, 30));
        let first = &told.groups[0];
        assert_eq!((first.key.as_str(), first.mails), ("0@example.org", 10));
        assert_eq!(first.list_mails, 10);
        assert_eq!(first.query.as_deref(), Some("from:0@example.org"));
    });
}

#[test]
fn only_folders_that_changed_are_read_again() {
    block_on(async {
        let stage = stage(30).await;
        start(&stage).await;
        stage.run().await.unwrap();
        let calls = stage.mailbox.calls();
        start(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(stage.mailbox.calls(), calls, "nothing changed");
        stage.mailbox.act(7, |place| {
            place.flags.insert("\\Seen".to_owned());
        });
        let unread = |told: &Senders| told.groups.iter().map(|it| it.unread).sum::<u64>();
        let before = unread(&told(&stage).await);
        start(&stage).await;
        stage.run().await.unwrap();
        assert!(stage.mailbox.calls() > calls);
        assert_eq!(unread(&told(&stage).await), before - 1);
    });
}

#[test]
fn work_that_would_go_beyond_its_time_goes_on_where_it_was() {
    block_on(async {
        let stage = stage(40).await;
        start(&stage).await;
        for page in 1..=5 {
            a_second_of_it(&stage).await;
            assert_eq!(told(&stage).await.scan.unwrap().scanned, page * 7);
        }
        stage.run().await.unwrap();
        let told = told(&stage).await;
        assert_eq!(told.scan.unwrap().state, ScanState::Done);
        assert_eq!(told.mails, 40);
    });
}

#[test]
fn folders_that_are_read_are_counted_and_shown_while_others_are_still_being_read() {
    block_on(async {
        let stage = stage(30).await;
        for mail in 1..=3 {
            stage
                .mailbox
                .act(mail, |place| place.folder = "Archive".to_owned());
        }
        start(&stage).await;
        a_second_of_it(&stage).await;
        let seen = told(&stage).await;
        assert_eq!((seen.scan.unwrap().scanned, seen.mails), (3 + 7, 3));
        // The archive is as it was, and is not read again: it counts as read all the same.
        a_second_of_it(&stage).await;
        assert_eq!(told(&stage).await.scan.unwrap().scanned, 3 + 2 * 7);
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await.mails, 30);
    });
}

#[test]
fn who_asks_twice_has_it_read_once() {
    block_on(async {
        let stage = stage(3).await;
        start(&stage).await;
        start(&stage).await;
        assert!(stage.queue.receive().is_some());
        assert!(stage.queue.receive().is_none());
    });
}

#[test]
fn one_that_waits_is_waited_for_and_one_that_is_away_is_told() {
    block_on(async {
        let stage = stage(30).await;
        let until = stage.clock.now() + SignedDuration::from_secs(20);
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        start(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await.mails, 30);
        assert!(stage.clock.now() >= until);

        let stage = self::stage(3).await;
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        start(&stage).await;
        stage.run().await.unwrap();
        let scan = told(&stage).await.scan.unwrap();
        assert_eq!(scan.state, ScanState::Failed);
        assert!(!scan.problem.unwrap().is_empty());
        // Asked again, it goes.
        stage.mailbox.trouble(|trouble| trouble.unreachable = false);
        start(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await.mails, 3);
    });
}

#[test]
fn a_message_that_comes_too_often_ends_the_scan() {
    block_on(async {
        let stage = stage(3).await;
        start(&stage).await;
        let message = Message::Scan {
            owner: stage.user.clone(),
            account: stage.account.clone(),
        };
        assert!(work::dead_letter(&stage.ports, &message).await.unwrap());
        assert_eq!(told(&stage).await.scan.unwrap().state, ScanState::Failed);
        assert!(!work::dead_letter(&stage.ports, &message).await.unwrap());
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await.mails, 0);
    });
}

#[test]
fn what_was_read_is_erased_with_the_account() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(30)).await.unwrap();
        start(&stage).await;
        stage.run().await.unwrap();
        assert!(rows(&stage).await > 0);
        start(&stage).await;
        let account = owned(&stage).await;
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        assert_eq!(rows(&stage).await, 0);
        stage.run().await.unwrap();
        assert_eq!(
            rows(&stage).await,
            0,
            "a message that was under way brings nothing back"
        );
    });
}

#[test]
fn what_cannot_be_read_any_more_is_as_good_as_never_read_and_what_is_busy_is_waited_for() {
    block_on(async {
        let stage = stage(30).await;
        stage
            .mailbox
            .act(7, |place| place.folder = "Work".to_owned());
        start(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await.mails, 30);
        let key = names::scanned_folder(&stage.account, "INBOX");
        let mut row = stage.table.get(&key).await.unwrap().unwrap();
        row.body.truncate(row.body.len() / 2);
        let put = Write::Put(row, Expect::Anything);
        stage.table.write(vec![put]).await.unwrap();
        assert_eq!(told(&stage).await.mails, 1);
        start(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await.mails, 30);
        stage.table.busy_at(Some(key));
        assert!(senders(&stage).await.unwrap_err().is_passing());
    });
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
