//! Protected mails: what a search finds of them is kept out where that was asked for, and always told.

use std::time::Duration;

use bulkhead_engine::access;
use bulkhead_engine::advice;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{draft, preview};
use bulkhead_engine::kinds::mail::FLAGGED;
use bulkhead_engine::ports::{Expect, Table, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::scan;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::{Correction, KeptOut, Preview, StandOut};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, MarkRead, Operation};
use bulkhead_shared::options::{JobOptions, Protected};
use bulkhead_shared::selection::Selection;
use futures::executor::block_on;

use super::{options, stage};

fn careful() -> JobOptions {
    JobOptions {
        protected: Some(Protected::KeepOut),
        ..options()
    }
}

fn archive() -> Operation {
    Operation::Archive(Archive {})
}

async fn shown(stage: &Stage, id: &JobId) -> Preview {
    let (ports, user) = (&stage.ports, &stage.user);
    preview::preview(ports, user, id).await.unwrap()
}

/// Nine mails in the inbox: 3, 6 and 9 are starred, 4 and 6 are answered.
async fn nine() -> Stage {
    let stage = stage(9).await;
    for identity in [4, 6] {
        stage.mailbox.act(identity, |place| {
            place.flags.insert("\\Answered".to_owned());
        });
    }
    stage
}

#[test]
fn starred_and_answered_mails_stay_and_every_match_is_accounted_for() {
    block_on(async {
        let stage = nine().await;
        let all_but_one = Selection::Query {
            query: "in:inbox".into(),
            except: vec![stage.mailbox.id_of(3).unwrap()],
        };
        let id = stage
            .draft(archive(), all_but_one, careful())
            .await
            .unwrap();
        let told = shown(&stage, &id).await;
        let kept_out = KeptOut {
            starred: 2,
            answered: 1,
            ..KeptOut::default()
        };
        assert_eq!(told.kept_out, Some(kept_out));
        // Frozen, kept out, and left out by hand.
        assert_eq!(told.total + kept_out.total() + 1, 9);
        let summary = told.summary.unwrap();
        assert_eq!((summary.starred, summary.answered), (0, 0));
        stage.confirm(&id).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.counts.succeeded, 5);
        let left = stage.mailbox.mails().into_iter();
        let left: Vec<u64> = left
            .filter(|mail| mail.place.folder == "INBOX")
            .map(|mail| mail.identity)
            .collect();
        assert_eq!(left, [3, 4, 6, 9]);
    });
}

#[test]
fn who_asks_for_no_care_gets_all_and_is_told_what_is_among_them() {
    block_on(async {
        for options in [
            options(),
            JobOptions {
                protected: Some(Protected::Take),
                ..options()
            },
        ] {
            let stage = nine().await;
            let id = stage.draft(archive(), Stage::inbox(), options).await;
            let told = shown(&stage, &id.unwrap()).await;
            assert_eq!((told.total, told.kept_out), (9, None));
            let summary = told.summary.unwrap();
            assert_eq!((summary.starred, summary.answered), (3, 2));
        }
    });
}

#[test]
fn what_the_search_names_is_meant() {
    block_on(async {
        let stage = nine().await;
        let starred = Selection::Query {
            query: "in:inbox is:starred".into(),
            except: Vec::new(),
        };
        let id = stage.draft(archive(), starred, careful()).await.unwrap();
        let told = shown(&stage, &id).await;
        let kept_out = told.kept_out.unwrap();
        assert_eq!((told.total, kept_out.starred, kept_out.answered), (2, 0, 1));
    });
}

#[test]
fn picked_mails_are_taken_as_picked_and_their_marks_are_told() {
    block_on(async {
        let stage = nine().await;
        let picked = stage.these([2, 3, 4, 6]);
        let id = stage.draft(archive(), picked.clone(), options()).await;
        let told = shown(&stage, &id.unwrap()).await;
        assert_eq!((told.total, told.kept_out), (4, None));
        let summary = told.summary.unwrap();
        assert_eq!((summary.starred, summary.answered), (2, 2));
        assert_eq!((summary.unread, summary.bytes), (4, Some(4_000)));
        assert!(summary.oldest.is_some() && summary.oldest == summary.newest);
        let senders = summary.senders.unwrap();
        assert_eq!(senders.top.iter().map(|it| it.mails).sum::<u64>(), 4);
        // What would be overlooked is refused.
        let request = stage.request(archive(), picked, careful());
        let (ports, user) = (&stage.ports, &stage.user);
        let refused = draft::create(ports, user, None, request, limits::OPEN_JOBS).await;
        assert!(
            matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "options.protected")
        );
    });
}

#[test]
fn a_mail_that_gets_a_star_after_the_preview_has_left_and_new_stars_do_not_join() {
    block_on(async {
        let stage = nine().await;
        let id = stage.draft(archive(), Stage::inbox(), careful()).await;
        let id = id.unwrap();
        assert_eq!(shown(&stage, &id).await.drift, None);
        stage.mailbox.act(1, |place| {
            place.flags.insert(FLAGGED.to_owned());
        });
        let drift = shown(&stage, &id).await.drift.unwrap();
        assert_eq!((drift.left, drift.changed, drift.joined), (1, 0, 0));
        stage.confirm_with_drift(&id).await.unwrap();
        stage.clock.advance(Duration::from_secs(1));
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.counts.succeeded, job.counts.skipped), (4, 1));
        assert_eq!(stage.mailbox.places()[&1].folder, "INBOX");
    });
}

#[test]
fn a_preview_says_who_sent_the_mails_and_how_large_they_are() {
    block_on(async {
        let stage = stage(9).await;
        let job = Operation::MarkRead(MarkRead {});
        let id = stage.draft(job, Stage::inbox(), options()).await.unwrap();
        let summary = shown(&stage, &id).await.summary.unwrap();
        assert_eq!((summary.unread, summary.bytes), (9, Some(9_000)));
        assert_eq!(summary.oldest, summary.newest);
        let senders = summary.senders.unwrap();
        assert_eq!((senders.of, senders.count, senders.about), (9, 9, false));
        assert_eq!(senders.top.len(), 5);
        assert_eq!(senders.top[0].address, "sender1@example.org");
        assert_eq!(
            (senders.top[0].name.as_str(), senders.top[0].mails),
            ("Sender 1", 1)
        );
        // All are of one time and size, so one of them stands out by all.
        let by: Vec<StandOut> = summary.stand_out.iter().map(|it| it.by).collect();
        assert_eq!(by, [StandOut::Newest]);
        // Once it is confirmed it remembers those by which it is found again.
        stage.confirm(&id).await.unwrap();
        let job = stage.job(&id).await.unwrap();
        let found: Vec<_> = job.senders.iter().map(|it| it.address.as_str()).collect();
        let first = [
            "sender1@example.org",
            "sender2@example.org",
            "sender3@example.org",
        ];
        assert_eq!(found, first);
        let summary = shown(&stage, &id).await.summary.unwrap();
        assert_eq!((summary.unread, summary.bytes), (9, Some(9_000)));
        let senders = summary.senders.unwrap();
        assert_eq!((senders.count, senders.top.len()), (9, 3));
        assert!(summary.stand_out.is_empty());
    });
}

#[test]
fn what_is_always_kept_stays_but_where_the_search_names_it() {
    block_on(async {
        let stage = nine().await;
        stage.mailbox.act(1, |place| {
            place.flags.insert("Tax".to_owned());
        });
        let account = access::account(&stage.ports, &stage.user, &stage.account)
            .await
            .unwrap();
        for (source, decision) in [
            ("label:tax", Decision::Keep),
            ("label:other", Decision::Keep),
            // Every search for a sender finds all mails of this mailbox: it would be seen.
            ("from:ann@example.org", Decision::Dismissed),
        ] {
            let wanted = Correction {
                source: source.to_owned(),
                action: Action::Archive,
                decision: Some(decision),
            };
            advice::correct(&stage.ports, &account, &wanted)
                .await
                .unwrap();
        }
        let id = stage.draft(archive(), Stage::inbox(), careful()).await;
        let kept_out = shown(&stage, &id.unwrap()).await.kept_out.unwrap();
        assert_eq!((kept_out.labelled, kept_out.total()), (1, 5));
        let named = Selection::Query {
            query: "in:inbox (label:tax OR is:unread)".into(),
            except: Vec::new(),
        };
        let id = stage.draft(archive(), named, careful()).await.unwrap();
        let kept_out = shown(&stage, &id).await.kept_out.unwrap();
        assert_eq!((kept_out.labelled, kept_out.total()), (0, 4));
    });
}

#[test]
fn mails_of_who_is_always_kept_are_looked_for_page_by_page() {
    block_on(async {
        let stage = nine().await;
        let account = access::account(&stage.ports, &stage.user, &stage.account)
            .await
            .unwrap();
        let wanted = Correction {
            source: "from:ann@example.org".to_owned(),
            action: Action::Trash,
            decision: Some(Decision::Keep),
        };
        advice::correct(&stage.ports, &account, &wanted)
            .await
            .unwrap();
        let id = stage
            .draft(archive(), Stage::inbox(), careful())
            .await
            .unwrap();
        let told = shown(&stage, &id).await;
        let kept_out = told.kept_out.unwrap();
        // Every search for a sender finds all mails of this mailbox.
        assert_eq!(
            (told.total, kept_out.of_senders, kept_out.total()),
            (0, 5, 9)
        );
        assert!(told.summary.is_none() && told.sample.is_empty());
    });
}

async fn read_headers(stage: &Stage) {
    let (ports, user) = (&stage.ports, &stage.user);
    let account = access::account(ports, user, &stage.account).await.unwrap();
    scan::start(ports, user, &account).await.unwrap();
    stage.run().await.unwrap();
}

#[test]
fn what_a_search_does_not_tell_is_known_once_headers_were_read() {
    block_on(async {
        let stage = stage(30).await;
        stage.mailbox.trouble(|trouble| trouble.terse = true);
        let marked = async || {
            let mark = Operation::MarkRead(MarkRead {});
            let id = stage.draft(mark, Stage::inbox(), options()).await;
            shown(&stage, &id.unwrap()).await.summary.unwrap()
        };
        let summary = marked().await;
        assert_eq!(
            (summary.unread, summary.bytes, summary.oldest),
            (30, None, None)
        );
        assert!(summary.senders.is_none() && summary.stand_out.is_empty());
        read_headers(&stage).await;
        let summary = marked().await;
        assert_eq!(summary.bytes, Some(30_000));
        let senders = summary.senders.unwrap();
        assert_eq!(
            (senders.of, senders.count, senders.top[0].mails),
            (30, 3, 10)
        );
        // What was read under numbers that name other mails by now is not told of these.
        stage.mailbox.trouble(|trouble| trouble.renumbered += 1);
        let summary = marked().await;
        assert_eq!(
            (summary.unread, summary.bytes, summary.senders),
            (30, None, None)
        );
    });
}

#[test]
fn headers_that_can_never_be_read_again_hold_up_nobody_and_busy_ones_are_waited_for() {
    block_on(async {
        let stage = stage(9).await;
        stage.mailbox.trouble(|trouble| trouble.terse = true);
        read_headers(&stage).await;
        let key = names::scanned_folder(&stage.account, "INBOX");
        stage.table.busy_at(Some(key.clone()));
        let drafted = stage.draft(archive(), Stage::inbox(), options()).await;
        assert!(drafted.unwrap_err().is_passing());
        stage.table.busy_at(None);
        let mut row = stage.table.get(&key).await.unwrap().unwrap();
        row.body.truncate(row.body.len() / 2);
        let put = Write::Put(row, Expect::Anything);
        stage.table.write(vec![put]).await.unwrap();
        let id = stage.draft(archive(), Stage::inbox(), options()).await;
        let shown = shown(&stage, &id.unwrap()).await;
        assert_eq!((shown.total, shown.summary.unwrap().bytes), (9, None));
    });
}
