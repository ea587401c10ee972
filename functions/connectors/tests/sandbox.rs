//! The sandbox passes the suite every connector passes, and misbehaves exactly as its dials say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bulkhead_connectors::import::{Imported, Mbox, Place as Source};
use bulkhead_connectors::sandbox::{Sandbox, SandboxError};
use bulkhead_engine::kinds::mail::{Change, Effect, Found, Place, SEEN};
use bulkhead_engine::ports::{Account, CallError, Clock, DraftStore, MailStore, SandboxDials};
use bulkhead_engine::testing::connector::{
    Letter, Undecoded, UnderTest, conforms, search_letters, searches,
};
use bulkhead_shared::api::{CrashPoint, Dials};
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::{Looked, Query};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// Stands still until the test moves it.
struct Hand(Mutex<Timestamp>);

impl Hand {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new("2026-06-01T12:00:00Z".parse().unwrap())))
    }

    fn pass(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now += SignedDuration::from_secs(seconds);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

struct Fixture {
    sandbox: Sandbox,
    clock: Arc<Hand>,
    folder: TempDir,
}

fn open(folder: &Path, clock: &Arc<Hand>) -> Sandbox {
    Sandbox::open(folder.join("mail.sqlite"), clock.clone()).unwrap()
}

impl Fixture {
    fn empty() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Hand::new());
        let sandbox = open(folder.path(), &clock);
        Self {
            sandbox,
            clock,
            folder,
        }
    }

    async fn seeded(mails: u32) -> Self {
        let fixture = Self::empty();
        fixture.sandbox.seed(7, mails).await.unwrap();
        fixture
    }

    async fn with(letters: Vec<Letter>) -> Self {
        let fixture = Self::empty();
        let messages = letters.clone().into_iter().map(|letter| {
            let place = Source::File(letter.name.to_owned());
            Ok(Imported {
                received: Some(letter.received),
                ..Imported::new(place, letter.raw)
            })
        });
        let report = fixture.sandbox.import(messages, |_| {}).await.unwrap();
        assert_eq!(report.imported, letters.len() as u64);
        for letter in letters {
            let place = Place {
                folder: letter.folder.to_owned(),
                flags: letter.flags.iter().map(|&flag| flag.to_owned()).collect(),
            };
            fixture.change_as_somebody_else(letter.name, &place).await;
        }
        fixture
    }

    async fn id(&self, name: &str) -> ItemId {
        let query = Query::parse(&format!("in:anywhere subject:{name}")).unwrap();
        let found = self
            .sandbox
            .list(&query, self.clock.now(), None, 2)
            .await
            .unwrap();
        found.items.first().unwrap().id.clone()
    }

    async fn inbox(&self, count: u32) -> Vec<ItemId> {
        let query = Query::parse("in:inbox").unwrap();
        let found = self
            .sandbox
            .matches(&query, self.clock.now(), None, count)
            .await
            .unwrap();
        found.matches.into_iter().map(|found| found.id).collect()
    }

    async fn archiving(&self, ids: &[ItemId]) -> Vec<Change> {
        archiving(&self.sandbox, ids).await
    }

    async fn dial(&self, turn: impl FnOnce(&mut Dials)) {
        let mut dials = Dials::default();
        turn(&mut dials);
        self.sandbox.turn(dials).await.unwrap();
    }
}

async fn archiving(sandbox: &Sandbox, ids: &[ItemId]) -> Vec<Change> {
    let states = sandbox.states(ids).await.unwrap();
    ids.iter()
        .zip(states)
        .map(|(id, state)| {
            let from = state.unwrap();
            let to = Place {
                folder: "Archive".to_owned(),
                flags: from.state.flags.clone(),
            };
            Change {
                id: id.clone(),
                from,
                to,
            }
        })
        .collect()
}

#[async_trait]
impl UnderTest for Fixture {
    fn account(&self) -> &dyn Account {
        &self.sandbox
    }

    fn connector(&self) -> &dyn MailStore {
        &self.sandbox
    }

    fn drafts(&self) -> &dyn DraftStore {
        &self.sandbox
    }

    async fn change_as_somebody_else(&self, name: &str, to: &Place) {
        let id = self.id(name).await;
        assert!(
            self.sandbox
                .change_as_somebody_else(&id, to.clone())
                .await
                .unwrap()
        );
    }

    async fn delete_as_somebody_else(&self, name: &str) {
        let id = self.id(name).await;
        assert!(self.sandbox.delete_as_somebody_else(&id).await.unwrap());
    }

    async fn lose_next_answer(&self) {
        self.dial(|dials| dials.lose_answers = 1).await;
    }
}

#[tokio::test]
async fn conforms_to_the_suite() {
    conforms(Fixture::with).await;
}

#[tokio::test]
async fn every_search_of_the_table_finds_what_it_says() {
    let fixture = Fixture::with(search_letters()).await;
    searches(fixture.connector(), Undecoded::Nothing).await;
}

#[tokio::test]
async fn survives_restart_and_is_seen_by_other_processes() {
    let fixture = Fixture::seeded(500).await;
    assert!(!fixture.sandbox.is_empty().await.unwrap());
    let other = open(fixture.folder.path(), &fixture.clock);
    let changes = fixture.archiving(&fixture.inbox(10).await).await;
    fixture.sandbox.change(&changes, "tag").await.unwrap();
    let print = fixture.sandbox.fingerprint().await.unwrap();
    assert_eq!(other.fingerprint().await.unwrap(), print);
    drop((fixture.sandbox, other));
    let again = open(fixture.folder.path(), &fixture.clock);
    assert_eq!(again.fingerprint().await.unwrap(), print);
    assert_eq!(again.touches().await.unwrap().len(), 10);
}

#[test]
fn several_may_open_a_new_mailbox_at_once() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| open(folder.path(), &Hand::new()));
            }
        });
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_mailbox_and_only_an_empty_one_is_seeded() {
    let (one, two) = (Fixture::seeded(300).await, Fixture::seeded(300).await);
    assert_eq!(
        one.sandbox.fingerprint().await.unwrap(),
        two.sandbox.fingerprint().await.unwrap()
    );
    assert!(matches!(
        one.sandbox.seed(8, 10).await,
        Err(SandboxError::NotEmpty)
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn invariant_3_two_writers_never_change_a_mail_twice() {
    let fixture = Fixture::seeded(1_000).await;
    let ids = fixture.inbox(400).await;
    let changes = fixture.archiving(&ids).await;
    let mut writers = Vec::new();
    for number in 0..4 {
        let sandbox = open(fixture.folder.path(), &fixture.clock);
        let changes = changes.clone();
        writers.push(tokio::spawn(async move {
            sandbox
                .change(&changes, &format!("tag{number}"))
                .await
                .unwrap()
        }));
    }
    let mut done = 0;
    for writer in writers {
        let effects = writer.await.unwrap();
        done += effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Done { .. }))
            .count();
    }
    assert_eq!(done, ids.len());
    let touches = fixture.sandbox.touches().await.unwrap();
    assert_eq!(touches.len(), ids.len());
    assert!(touches.values().all(|&times| times == 1));
}

#[tokio::test]
async fn some_mails_fail_for_good_the_same_ones_each_time() {
    let fixture = Fixture::seeded(1_000).await;
    fixture.dial(|dials| dials.fail_percent = 20).await;
    let changes = fixture.archiving(&fixture.inbox(500).await).await;
    let failed = |effects: Vec<Effect>| -> BTreeSet<usize> {
        let refused = |(index, effect)| matches!(effect, Effect::Refused(_)).then_some(index);
        effects
            .into_iter()
            .enumerate()
            .filter_map(refused)
            .collect()
    };
    let first = failed(fixture.sandbox.change(&changes, "one").await.unwrap());
    assert!((60..140).contains(&first.len()), "{}", first.len());
    let second = failed(fixture.sandbox.change(&changes, "two").await.unwrap());
    assert_eq!(first, second);
}

#[tokio::test]
async fn some_mails_fail_for_a_while_and_then_succeed() {
    let fixture = Fixture::seeded(1_000).await;
    fixture.dial(|dials| dials.flaky_percent = 30).await;
    let mut left = fixture.archiving(&fixture.inbox(500).await).await;
    for attempt in 1..=3 {
        let effects = fixture.sandbox.change(&left, "tag").await.unwrap();
        left = left
            .into_iter()
            .zip(effects)
            .filter(|(_, effect)| *effect == Effect::Unavailable)
            .map(|(change, _)| change)
            .collect();
        assert_eq!(
            left.is_empty(),
            attempt == 3,
            "attempt {attempt}: {}",
            left.len()
        );
    }
}

#[tokio::test]
async fn asks_to_wait_and_lets_through_once_the_window_has_passed() {
    let fixture = Fixture::seeded(1_000).await;
    fixture.dial(|dials| dials.items_per_minute = 100).await;
    let ids = fixture.inbox(300).await;
    let begun = fixture.clock.now();
    let first = fixture.archiving(&ids[..80]).await;
    fixture.sandbox.change(&first, "tag").await.unwrap();
    fixture.clock.pass(10);
    // Another worker meets the same window.
    let other = open(fixture.folder.path(), &fixture.clock);
    let second = fixture.archiving(&ids[80..160]).await;
    match other.change(&second, "tag").await {
        Err(CallError::Throttled { until: Some(until) }) => {
            assert_eq!(until, begun + SignedDuration::from_secs(60));
        }
        answer => panic!("{answer:?}"),
    }
    fixture.clock.pass(50);
    other.change(&second, "tag").await.unwrap();
    assert_eq!(fixture.sandbox.touches().await.unwrap().len(), 160);
}

#[tokio::test]
async fn refuses_so_many_calls_with_a_time() {
    let fixture = Fixture::seeded(100).await;
    fixture
        .dial(|dials| (dials.throttle_calls, dials.throttle_seconds) = (2, 30))
        .await;
    let changes = fixture.archiving(&fixture.inbox(5).await).await;
    let until = Some(fixture.clock.now() + SignedDuration::from_secs(30));
    for _ in 0..2 {
        let answer = fixture.sandbox.change(&changes, "tag").await;
        assert!(matches!(answer, Err(CallError::Throttled { until: named }) if named == until));
    }
    assert!(fixture.sandbox.change(&changes, "tag").await.is_ok());
    let dials = fixture.sandbox.dials().await.unwrap();
    assert_eq!(dials.throttle_calls, 0);
}

/// Pulls the plug on a process of its own: this very test program, run again for one test.
#[tokio::test]
async fn invariant_3_after_a_crash_looking_tells_what_was_done() {
    for (point, expected) in [
        (CrashPoint::BeforeChange, 0),
        (CrashPoint::HalfWay, 10),
        (CrashPoint::AfterChange, 20),
    ] {
        let fixture = Fixture::seeded(200).await;
        let changes = fixture.archiving(&fixture.inbox(20).await).await;
        fixture.dial(|dials| dials.crash = Some(point)).await;
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crashes", "--ignored", "--nocapture"])
            .env("SANDBOX_FOLDER", fixture.folder.path())
            .output()
            .unwrap()
            .status;
        assert!(
            !status.success() && status.code() != Some(101),
            "{point:?}: {status}"
        );

        let found = fixture.sandbox.reconcile(&changes, "crash").await.unwrap();
        let done = found
            .iter()
            .filter(|found| matches!(found, Found::Done { .. }))
            .count();
        assert_eq!(done, expected, "{point:?}");
        assert_eq!(
            fixture.sandbox.touches().await.unwrap().len(),
            expected,
            "{point:?}"
        );
        let dials = fixture.sandbox.dials().await.unwrap();
        assert_eq!(
            dials.crash, None,
            "{point:?}: the next process has to go on"
        );
    }
}

#[tokio::test]
#[ignore = "ends its process: only for the test above"]
async fn crashes() {
    let Some(folder) = std::env::var_os("SANDBOX_FOLDER") else {
        return;
    };
    let clock = Hand::new();
    let sandbox = open(Path::new(&folder), &clock);
    let query = Query::parse("in:inbox").unwrap();
    let found = sandbox
        .matches(&query, clock.now(), None, 20)
        .await
        .unwrap();
    let ids: Vec<ItemId> = found.matches.into_iter().map(|found| found.id).collect();
    let changes = archiving(&sandbox, &ids).await;
    let _ = sandbox.change(&changes, "crash").await;
}

/// An undo that compares with what we left, not with what somebody made of it, leaves theirs alone.
#[tokio::test]
async fn invariant_9_a_lost_change_that_somebody_changed_since_is_told_as_we_left_it() {
    let fixture = Fixture::seeded(100).await;
    let changes = fixture.archiving(&fixture.inbox(1).await).await;
    fixture.dial(|dials| dials.lose_answers = 1).await;
    assert!(fixture.sandbox.change(&changes, "tag").await.is_err());
    let mut theirs = changes[0].to.clone();
    theirs.folder = "Work".to_owned();
    let id = &changes[0].id;
    fixture
        .sandbox
        .change_as_somebody_else(id, theirs)
        .await
        .unwrap();
    let found = fixture
        .sandbox
        .reconcile(&changes, "tag")
        .await
        .unwrap()
        .remove(0);
    let Found::Done { state, .. } = found else {
        panic!("{found:?}");
    };
    assert_eq!(state.state, changes[0].to);
    let now = fixture
        .sandbox
        .states(std::slice::from_ref(id))
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    assert_ne!(state.version, now.version);
}

/// What a job did to a mail before does not say that it did this.
#[tokio::test]
async fn only_the_change_that_was_made_is_found_done() {
    let fixture = Fixture::seeded(3).await;
    let ids = fixture.inbox(1).await;
    let first = fixture.archiving(&ids).await;
    let effects = fixture.sandbox.change(&first, "job").await.unwrap();
    let Effect::Done { id, state } = effects[0].clone() else {
        panic!("{effects:?}")
    };
    let never_sent = Change {
        to: Place {
            folder: "INBOX".to_owned(),
            ..state.state.clone()
        },
        from: state.clone(),
        id: id.clone(),
    };
    let not_done = Found::NotDone { id, state };
    for tag in ["job", "another"] {
        let changes = std::slice::from_ref(&never_sent);
        let found = fixture.sandbox.reconcile(changes, tag).await.unwrap();
        assert_eq!(found, std::slice::from_ref(&not_done), "{tag}");
    }
    let of_another = fixture.sandbox.reconcile(&first, "another").await.unwrap();
    assert_eq!(of_another, [not_done]);
}

/// A state that the sandbox never told is none that a mail is in.
#[tokio::test]
async fn what_changes_nothing_leaves_the_mailbox_as_it_was() {
    let fixture = Fixture::seeded(3).await;
    let ids = fixture.inbox(3).await;
    let mut changes = fixture.archiving(&ids).await;
    for change in &mut changes {
        change.from.version = None;
    }
    let before = fixture.sandbox.sync_token().await.unwrap();
    let effects = fixture.sandbox.change(&changes, "job").await.unwrap();
    assert_eq!(effects, vec![Effect::Changed; changes.len()]);
    assert_eq!(fixture.sandbox.sync_token().await.unwrap(), before);
    assert!(before.is_some());
}

#[tokio::test]
async fn an_mbox_comes_in_with_what_is_broken_reported() {
    let text = "From ann@example.com Thu Jan  1 10:00:00 2026\nFrom: Ann <ann@example.com>\nSubject: one\nStatus: RO\n\nHello\n\n\
        From x@example.com Thu Jan  1 11:00:00 2026\n\nFrom bob@example.com Fri Jan  2 10:00:00 2026\nFrom: bob@example.com\nSubject: two\n\nWorld\n";
    let fixture = Fixture::empty();
    let calls = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&calls);
    let report = fixture
        .sandbox
        .import(Mbox::new(text.as_bytes()), move |_| {
            *counter.lock().unwrap() += 1
        })
        .await
        .unwrap();
    assert_eq!((report.imported, report.skipped), (2, 1));
    let offset = text.find("From x").unwrap();
    assert_eq!(
        report.problems[0].to_string(),
        format!("message 2 at byte {offset}: is empty")
    );
    assert!(*calls.lock().unwrap() > 0);
    let found = fixture
        .sandbox
        .list(
            &Query::parse("hello").unwrap(),
            fixture.clock.now(),
            None,
            10,
        )
        .await
        .unwrap();
    assert_eq!(found.items[0].from, "Ann <ann@example.com>");
    assert!(!found.items[0].unread);
    let state = fixture
        .sandbox
        .states(&[found.items[0].id.clone()])
        .await
        .unwrap();
    assert!(state[0].as_ref().unwrap().state.flags.contains(SEEN));
}

/// Many are counted and looked for another way than few, and far down another way than at the top.
#[tokio::test]
async fn lists_many_in_the_order_of_few_from_every_place() {
    let fixture = Fixture::seeded(5_000).await;
    let now = fixture.clock.now();
    let list_at = async |text: &str, place, limit| {
        let query = Query::parse(text).unwrap();
        let found = fixture.sandbox.list_at(&query, now, place, limit).await;
        let found = found.unwrap();
        let ids: Vec<ItemId> = found.items.into_iter().map(|item| item.id).collect();
        (ids, found.total)
    };
    for text in ["in:anywhere", "in:anywhere a"] {
        let (all, total) = list_at(text, 0, 5_000).await;
        assert!(
            total == Some(all.len() as u64) && all.len() > 2_100,
            "{total:?}"
        );
        for place in [0, 60, 1_900, 1_949, 1_950, 2_000] {
            let expected = all[place..place + 50].to_vec();
            let found = list_at(text, place as u64, 50).await;
            assert_eq!(found, (expected, total), "{text} from {place}");
        }
        // Page after page, each from where the one before ended.
        let query = Query::parse(text).unwrap();
        let (mut cursor, mut paged) = (None::<String>, Vec::new());
        loop {
            let found = fixture
                .sandbox
                .list(&query, now, cursor.as_deref(), 700)
                .await;
            let found = found.unwrap();
            assert_eq!(found.total, total);
            paged.extend(found.items.into_iter().map(|item| item.id));
            cursor = found.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert!(paged == all, "{text}: {} and {}", paged.len(), all.len());
    }
}

/// What is kept about mails may name one that never was: its number is no size of anything.
#[tokio::test]
async fn finds_a_class_beside_an_id_of_no_mail() {
    let fixture = Fixture::seeded(300).await;
    let first: ItemId = "s1".parse().unwrap();
    let of_none = ["s301", "s9223372036854775807", "elsewhere"];
    let mut known = HashMap::from([(first.clone(), Class::Newsletter)]);
    known.extend(of_none.map(|id| (id.parse().unwrap(), Class::Newsletter)));
    let query = Query::parse("in:anywhere class:newsletter").unwrap();
    let query = query.knowing(&Looked::new(1, known));
    let now = fixture.clock.now();
    let found = fixture.sandbox.list(&query, now, None, 50).await.unwrap();
    let ids: Vec<ItemId> = found.items.into_iter().map(|item| item.id).collect();
    assert_eq!((ids, found.total), (vec![first], Some(1)));
    let not_looked_at = found.unsearched.into_iter().filter_map(|one| one.items);
    assert_eq!(not_looked_at.sum::<u64>(), 299);
}

#[tokio::test]
async fn fetches_what_a_listing_promises() {
    use bulkhead_engine::ports::{MessageSink, PartsError};
    #[derive(Default)]
    struct Sizes(Vec<u64>);
    #[async_trait]
    impl MessageSink for Sizes {
        async fn begin(&mut self, _: usize, _: Timestamp, _: &str) -> Result<(), PartsError> {
            self.0.push(0);
            Ok(())
        }
        async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
            *self.0.last_mut().unwrap() += bytes.len() as u64;
            Ok(())
        }
        async fn end(&mut self) -> Result<(), PartsError> {
            Ok(())
        }
        async fn skip(
            &mut self,
            index: usize,
            reason: bulkhead_shared::outcome::ItemReason,
        ) -> Result<(), PartsError> {
            panic!("{index} is skipped: {reason:?}");
        }
    }
    let fixture = Fixture::seeded(300).await;
    let everything = Query::parse("in:anywhere").unwrap();
    let page = fixture
        .sandbox
        .list(&everything, fixture.clock.now(), None, 300)
        .await
        .unwrap();
    let ids: Vec<ItemId> = page.items.iter().map(|item| item.id.clone()).collect();
    let mut sizes = Sizes::default();
    fixture.sandbox.fetch(&ids, &mut sizes).await.unwrap();
    let expected: Vec<u64> = page.items.iter().map(|item| item.size).collect();
    assert_eq!(sizes.0, expected);
}
