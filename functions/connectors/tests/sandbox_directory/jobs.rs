//! Whole jobs: recovered and taken back, restored and taken back, with answers lost on the way.

use std::collections::BTreeMap;

use bulkhead_engine::ports::SandboxDials;
use bulkhead_engine::testing::mailboxes::MailboxesUnderTest;
use bulkhead_shared::api::{Dials, Job};
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::mailbox::{ConflictRule, Mailbox};
use bulkhead_shared::operations::{
    ExportMailboxes, MailboxFormat, Operation, RecoverMailboxes, RestoreMailboxes,
};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use bulkhead_shared::selection::Selection;

use crate::fixture::{World, recoveries, restores};

type Contents = BTreeMap<String, (Mailbox, Vec<(String, String)>)>;

async fn contents(world: &World) -> Contents {
    let mut all = Contents::new();
    for inactive in [true, false] {
        for mailbox in world.list(inactive).await {
            let messages = world.fixture.messages(&mailbox.guid).await;
            all.insert(mailbox.guid.to_string(), (mailbox, messages));
        }
    }
    all
}

fn recover() -> Operation {
    RecoverMailboxes::default().into()
}

fn restore() -> Operation {
    RestoreMailboxes::default().into()
}

async fn complete(world: &World, operation: Operation, selection: Selection) -> Job {
    let options = JobOptions::default();
    world
        .stage
        .complete(operation, selection, options)
        .await
        .unwrap()
}

#[track_caller]
fn all_done(job: &Job, count: usize) {
    let expected = (State::Completed, count as u64);
    assert_eq!((job.state, job.counts.succeeded), expected, "{job:#?}");
}

#[tokio::test]
async fn a_hundred_mailboxes_are_recovered_as_their_rows_say_and_taken_back() {
    let world = World::of(250, 150).await;
    let wanted: Vec<Mailbox> = world.recoverable().await.into_iter().take(100).collect();
    assert_eq!(wanted.len(), 100);
    let before = contents(&world).await;
    let job = complete(&world, recover(), recoveries(&wanted)).await;
    all_done(&job, 100);
    for mailbox in &wanted {
        let now = world.look(&mailbox.guid).await;
        assert!(!now.is_inactive());
        assert_eq!(
            (now.profile.department.as_str(), now.items),
            ("Back", mailbox.items)
        );
        assert_eq!(now.profile.smtp, mailbox.profile.upn);
    }
    let touches = world.fixture.directory.touches().await.unwrap();
    assert!(touches.len() == 100 && touches.values().all(|times| *times == 1));

    let undone = world.stage.undo(&job.id).await.unwrap();
    all_done(&undone, 100);
    let after = contents(&world).await;
    for (guid, (mailbox, messages)) in &after {
        let (was, had) = &before[guid];
        assert_eq!((mailbox.is_inactive(), messages), (was.is_inactive(), had));
    }
    // What was done again and taken back again is as it was too.
    let again = world.stage.undo(&undone.id).await.unwrap();
    all_done(&again, 100);
    assert!(!world.look(&wanted[0].guid).await.is_inactive());
}

#[tokio::test]
async fn a_restore_by_each_rule_takes_back_exactly_what_it_copied() {
    for rule in ConflictRule::ALL {
        let world = World::of(120, 50).await;
        let sources: Vec<Mailbox> = world.recoverable().await.into_iter().take(10).collect();
        let targets = world.list(false).await;
        let before = contents(&world).await;
        let job = complete(
            &world,
            restore(),
            restores(&sources, &targets, rule.as_str()),
        )
        .await;
        all_done(&job, 10);
        let restored = contents(&world).await;
        for (source, target) in sources.iter().zip(&targets) {
            let key = |mailbox: &Mailbox| mailbox.guid.to_string();
            let (had, has) = (&before[&key(target)].1, &restored[&key(target)].1);
            let of_source = &before[&key(source)].1;
            // Four circulars are in all mailboxes.
            let copies = if rule == ConflictRule::KeepBoth {
                of_source.len()
            } else {
                of_source.len() - 4
            };
            assert_eq!(has.len(), had.len() + copies, "{rule:?}");
            assert_eq!(&restored[&key(source)].1, of_source);
        }
        // Mail comes, and somebody throws a copy away: both stay as they are.
        world.fixture.deliver(&targets[0].guid, "<new@x>").await;
        let undone = world.stage.undo(&job.id).await.unwrap();
        all_done(&undone, 10);
        let mut after = contents(&world).await;
        let (_, messages) = after.get_mut(&targets[0].guid.to_string()).unwrap();
        messages.retain(|(_, id)| id != "<new@x>");
        let only_messages = |all: &Contents| {
            all.iter()
                .map(|(guid, (_, messages))| (guid.clone(), messages.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(only_messages(&after), only_messages(&before), "{rule:?}");
    }
}

#[tokio::test]
async fn nothing_is_done_twice_when_answers_are_lost() {
    let world = World::of(120, 60).await;
    let wanted: Vec<Mailbox> = world.recoverable().await.into_iter().take(30).collect();
    let dials = Dials {
        lose_answers: 2,
        ..Dials::default()
    };
    world.fixture.sandbox.turn(dials.clone()).await.unwrap();
    all_done(&complete(&world, recover(), recoveries(&wanted)).await, 30);
    world.fixture.sandbox.turn(dials).await.unwrap();
    let sources: Vec<Mailbox> = world.recoverable().await.into_iter().take(8).collect();
    let targets = world.list(false).await;
    let job = complete(&world, restore(), restores(&sources, &targets, "keep_both")).await;
    all_done(&job, 8);
    let touches = world.fixture.directory.touches().await.unwrap();
    assert!(
        touches.len() == 38 && touches.values().all(|times| *times == 1),
        "{touches:?}"
    );
    // The receipt that was lost with its answer is found again.
    all_done(&world.stage.undo(&job.id).await.unwrap(), 8);
}

#[tokio::test]
async fn what_stands_in_the_way_at_the_last_moment_fails_with_its_reason() {
    let world = World::of(120, 60).await;
    let wanted: Vec<Mailbox> = world.recoverable().await.into_iter().take(5).collect();
    let directory = &world.fixture.directory;
    let draft = world
        .stage
        .draft(recover(), recoveries(&wanted), JobOptions::default());
    let draft = draft.await.unwrap();
    world.stage.confirm(&draft).await.unwrap();
    // Somebody gets the address of the first, a hold is laid on the second, the third is recovered by somebody
    // else, and the fourth is purged.
    let mut taker = world.list(false).await.remove(0);
    taker.profile.upn.clone_from(&wanted[0].profile.upn);
    directory.write_as_somebody_else(taker).await.unwrap();
    let held = Mailbox {
        on_hold: true,
        ..wanted[1].clone()
    };
    directory.write_as_somebody_else(held).await.unwrap();
    let mut theirs = wanted[2].clone();
    theirs.status = bulkhead_shared::kinds::mailbox::Status::Active;
    theirs.profile.upn = "other@company.example".to_owned();
    directory.write_as_somebody_else(theirs).await.unwrap();
    assert!(directory.purge(&wanted[3].guid).await.unwrap());
    world.stage.run().await.unwrap();
    let job = world.stage.job(&draft).await.unwrap();
    assert_eq!(job.counts.succeeded, 1, "{job:#?}");
    let mut reasons: Vec<(Outcome, ItemReason)> = job
        .reasons
        .iter()
        .map(|row| (row.outcome, row.reason))
        .collect();
    reasons.sort_by_key(|(_, reason)| *reason);
    assert_eq!(
        reasons,
        [
            (Outcome::Skipped, ItemReason::Missing),
            (Outcome::Skipped, ItemReason::NotInactive),
            (Outcome::Failed, ItemReason::AddressTaken),
            (Outcome::Failed, ItemReason::OnHold),
        ]
    );
}

#[tokio::test]
async fn details_of_mailboxes_are_exported() {
    let world = World::of(30, 12).await;
    for format in [MailboxFormat::Csv, MailboxFormat::Json] {
        let query = Selection::Query {
            query: "in:inactive".to_owned(),
            except: Vec::new(),
        };
        let job = complete(&world, ExportMailboxes { format }.into(), query).await;
        all_done(&job, 12);
        let ports = &world.stage.ports;
        let mut file = bulkhead_engine::jobs::download::export(ports, &world.stage.user, &job.id)
            .await
            .unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = file.next().await.unwrap() {
            bytes.extend(piece);
        }
        let text = String::from_utf8(bytes).unwrap();
        match format {
            MailboxFormat::Csv => {
                assert_eq!(text.lines().count(), 13, "{text}");
                assert!(text.starts_with("source_guid,status,upn,"), "{text}");
            }
            MailboxFormat::Json => {
                let all: Vec<Mailbox> = serde_json::from_str(&text).unwrap();
                assert!(all.len() == 12 && all.iter().all(Mailbox::is_inactive));
            }
        }
    }
}
