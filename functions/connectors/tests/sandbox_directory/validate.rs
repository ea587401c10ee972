//! Rows looked through before anything is touched.

use std::collections::BTreeMap;

use bulkhead_engine::jobs::results;
use bulkhead_shared::kinds::mailbox::sheet::Purpose;
use bulkhead_shared::kinds::mailbox::{Mailbox, Status};
use bulkhead_shared::operations::ValidateMailboxes;
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemResult;
use bulkhead_shared::selection::Selection;
use serde_json::{Value, json};

use crate::fixture::{World, recoveries};

async fn validated(world: &World, purpose: Purpose, rows: Vec<Value>) -> BTreeMap<u64, ItemResult> {
    let before = world.fixture.directory.touches().await.unwrap();
    let operation = ValidateMailboxes {
        purpose,
        columns: Vec::new(),
        conflict_resolution: Default::default(),
    };
    let count = rows.len();
    let selection = Selection::Rows { rows };
    let job = world
        .stage
        .complete(operation.into(), selection, JobOptions::default())
        .await
        .unwrap();
    assert_eq!(job.counts.succeeded as usize, count, "{job:#?}");
    assert_eq!(world.fixture.directory.touches().await.unwrap(), before);
    let (ports, user) = (&world.stage.ports, &world.stage.user);
    let page = results::items(ports, user, &job.id, None, None, 500)
        .await
        .unwrap();
    let items = page.items.into_iter();
    items
        .map(|item| (item.row.unwrap(), item.result.unwrap()))
        .collect()
}

#[tokio::test]
async fn every_blocker_of_a_recovery_is_found_with_what_to_do() {
    let world = World::of(300, 200).await;
    let now = bulkhead_engine::ports::Clock::now(world.stage.clock.as_ref());
    let inactive = world.list(true).await;
    let active = world.list(false).await;
    let good = world.recoverable().await;
    let pick = |wanted: &dyn Fn(&&Mailbox) -> bool| inactive.iter().find(wanted).unwrap().clone();
    let over = pick(&|mailbox| mailbox.is_over(now));
    let held = pick(&|mailbox| mailbox.on_hold);
    let taken = pick(&|mailbox| {
        let is_taken = active
            .iter()
            .any(|other| other.profile.upn == mailbox.profile.upn);
        is_taken && !mailbox.is_over(now) && !mailbox.on_hold
    });
    let row = |mailbox: &Mailbox, upn: &str, smtp: &str| json!([mailbox.guid, upn, smtp, "Name"]);
    let own = |mailbox: &Mailbox| row(mailbox, &mailbox.profile.upn, "");
    let rows = vec![
        own(&good[0]),
        json!([
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "new@company.example",
            "",
            "Name"
        ]),
        row(&active[0], "new2@company.example", ""),
        own(&over),
        own(&held),
        own(&taken),
        row(&good[1], "new3@company.example", &active[1].profile.smtp),
        row(&good[0], "new4@company.example", ""),
        row(&good[2], &good[0].profile.upn.to_uppercase(), ""),
    ];
    let found = validated(&world, Purpose::Recover, rows).await;
    let classes: Vec<&str> = found.values().map(|result| result.class.as_str()).collect();
    assert_eq!(
        classes,
        [
            "ready",
            "no_such_source",
            "not_inactive",
            "retention_over",
            "on_hold",
            "target_exists",
            "address_taken",
            "same_source",
            "same_target",
        ]
    );
    assert_eq!(found[&1].detail, None);
    let detail = found[&8].detail.as_ref().unwrap();
    assert_eq!(
        detail,
        "Row 1 names the same source. Take one of the two rows out."
    );
    for result in found.values().skip(1) {
        assert!(result.detail.as_ref().unwrap().ends_with('.'));
    }
}

#[tokio::test]
async fn every_blocker_of_a_restore_is_found_with_what_to_do() {
    let world = World::of(300, 200).await;
    let good = world.recoverable().await;
    let (active, inactive) = (world.list(false).await, world.list(true).await);
    let large = inactive
        .iter()
        .find(|mailbox| mailbox.bytes > Some(2_000_000_000))
        .unwrap();
    let deleted = good.last().unwrap();
    let row = |source: &Mailbox, target: &str| json!([source.guid, target, "", ""]);
    let rows = vec![
        row(&good[0], &active[0].profile.upn),
        row(&good[0], "nobody@company.example"),
        row(&good[1], deleted.guid.as_str()),
        row(large, &active[1].profile.upn),
        row(&active[2], &active[3].profile.upn),
        row(&good[0], &active[0].profile.upn.to_uppercase()),
    ];
    let found = validated(&world, Purpose::Restore, rows).await;
    let classes: Vec<&str> = found.values().map(|result| result.class.as_str()).collect();
    assert_eq!(
        classes,
        [
            "ready",
            "no_such_target",
            "target_inactive",
            "over_quota",
            "not_inactive",
            "same_target"
        ]
    );
}

#[tokio::test]
async fn what_is_found_ready_can_be_recovered_and_what_is_not_cannot() {
    let world = World::of(250, 150).await;
    let all: Vec<Mailbox> = world.list(true).await;
    let Selection::Rows { rows } = recoveries(&all) else {
        unreachable!()
    };
    let found = validated(&world, Purpose::Recover, rows).await;
    let job = world
        .stage
        .complete(
            bulkhead_shared::operations::RecoverMailboxes::default().into(),
            recoveries(&all),
            JobOptions::default(),
        )
        .await
        .unwrap();
    let ready = found
        .values()
        .filter(|result| result.class == "ready")
        .count() as u64;
    assert_eq!(job.counts.succeeded, ready, "{job:#?}");
    assert!(ready > 100 && ready < 150);
    let active = world.list(false).await;
    assert!(
        active
            .iter()
            .all(|mailbox| mailbox.status == Status::Active)
    );
}
