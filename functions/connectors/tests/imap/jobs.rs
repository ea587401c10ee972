//! Whole jobs on real servers that are slow, mute or hostile: ended as they would be elsewhere, and in
//! nobody's way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bulkhead_connectors::imap::{self, Accounts, Reach};
use bulkhead_engine::access;
use bulkhead_engine::accounts;
use bulkhead_engine::jobs::{children, draft, preview};
use bulkhead_engine::ports::{Account, CallError, Connectors};
use bulkhead_engine::scan;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, Connection, ImapConnection, Job, NewAccount, NewJob};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Label, MarkRead, Move, Operation};
use bulkhead_shared::options::{JobOptions, Protected};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use jiff::{SignedDuration, Timestamp};

use crate::meddler::{self, Act};
use crate::support::{at_port, messages};

/// Accounts on mail servers, the first of them on this one; opened anew by each worker, as in processes of
/// their own.
struct OnServers(ImapConnection);

#[async_trait]
impl Connectors for OnServers {
    async fn open(&self, id: &AccountId, to: &Connection) -> Result<Arc<dyn Account>, CallError> {
        let accounts = Accounts::new(Reach::Anywhere);
        let to = match to {
            Connection::Imap(to) => to,
            _ => &self.0,
        };
        Ok(accounts.open(id, to).await?)
    }
    async fn close(&self, _: &AccountId) {}
    fn least_abilities(&self, _: AccountKind) -> BTreeMap<Kind, Abilities> {
        [(Kind::Mail, imap::least_abilities())].into()
    }
}

async fn on(connection: ImapConnection) -> Stage {
    let mut stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
    stage.ports.connectors = Arc::new(OnServers(connection));
    // No job holds what arrived after it was drafted.
    stage.clock.set(Timestamp::now());
    stage
}

/// How much faster than the world's the stage's clock runs.
const FASTER: u32 = 10;

/// Lets the stage's clock run until this is dropped.
struct Running(Arc<AtomicBool>);

impl Running {
    fn start(stage: &Stage) -> Self {
        let (clock, runs) = (stage.clock.clone(), Arc::new(AtomicBool::new(true)));
        let (began, from) = (Instant::now(), clock.now_is());
        let running = Arc::clone(&runs);
        std::thread::spawn(move || {
            while running.load(Ordering::SeqCst) {
                let passed = SignedDuration::try_from(began.elapsed() * FASTER).unwrap();
                // Whoever waits for a message may have moved it on.
                clock.set((from + passed).max(clock.now_is()));
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        Self(runs)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

trait NowIs {
    fn now_is(&self) -> Timestamp;
}

impl NowIs for bulkhead_engine::testing::memory::ManualClock {
    fn now_is(&self) -> Timestamp {
        bulkhead_engine::ports::Clock::now(self)
    }
}

/// How many mails a command's set names.
fn mails(set: &str) -> u32 {
    let range = |part: &str| {
        let (first, last) = part.split_once(':').unwrap_or((part, part));
        last.parse::<u32>().unwrap_or(0) - first.parse::<u32>().unwrap_or(0) + 1
    };
    set.split(',').map(range).sum()
}

/// A proxy that lets ten mails a second through, by the stage's clock, whatever is done with them.
async fn ten_a_second(server: &Dovecot) -> u16 {
    meddler::start(server.port, |sent| {
        let words: Vec<&str> = sent.split(' ').collect();
        match words.as_slice() {
            ["UID", "STORE" | "MOVE" | "COPY", set, ..] => {
                Act::Delay(Duration::from_millis(100) * mails(set) / FASTER)
            }
            _ => Act::Pass,
        }
    })
    .await
}

fn all_done(job: &Job, mails: u64) {
    assert_eq!(job.state, State::Completed, "{:?}", job.counts);
    assert_eq!(job.counts.succeeded, mails, "{:?}", job.counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_mails_a_second_end_a_job_and_its_undo_and_none_is_uncertain() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.append("INBOX", &messages(120), "work");
    let before = other.contents("INBOX");
    let stage = on(at_port(&server, ten_a_second(&server).await)).await;
    let _running = Running::start(&stage);
    let job = stage.archived(JobOptions::default()).await.unwrap();
    all_done(&job, 120);
    assert_eq!(other.contents("Archive").len(), 120);
    all_done(&stage.undo(&job.id).await.unwrap(), 120);
    crate::support::assert_same(&other.contents("INBOX"), &before, "undone");
}

/// A proxy that says nothing any more once it is told to, and lets everything through before.
async fn mute_later(server: &Dovecot) -> (u16, Arc<AtomicBool>) {
    let is_mute = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&is_mute);
    let port = meddler::start(server.port, move |_| match is_mute.load(Ordering::SeqCst) {
        true => Act::Delay(Duration::from_secs(3_600)),
        false => Act::Pass,
    })
    .await;
    (port, switch)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_server_holds_up_no_other_account_s_job_and_no_sweep() {
    let (server, mutes) = (Dovecot::start(Mode::Normal), Dovecot::start(Mode::Normal));
    server.client().append("INBOX", &messages(400), "");
    mutes.client().append("INBOX", &messages(2_500), "");
    let (port, is_mute) = mute_later(&mutes).await;
    let stage = Arc::new(on(at_port(&server, server.port)).await);
    let new = NewAccount {
        name: None,
        connection: Connection::Imap(at_port(&mutes, port)),
    };
    let mute = accounts::create(&stage.ports, &stage.user, new)
        .await
        .unwrap();
    // Two jobs that are confirmed, on either account.
    let ours = stage.archiving(JobOptions::default()).await.unwrap();
    let label = Operation::Label(Label {
        add: vec!["old".to_owned()],
        remove: Vec::new(),
    });
    let request = NewJob {
        account: mute.id,
        ..stage.request(label, Stage::inbox(), JobOptions::default())
    };
    let drafted = draft::create(&stage.ports, &stage.user, None, request, 10);
    let theirs = drafted.await.unwrap();
    while stage.job(&theirs).await.unwrap().state != State::Draft {
        stage.step().await.unwrap();
    }
    stage.confirm(&theirs).await.unwrap();
    is_mute.store(true, Ordering::SeqCst);

    let began = Instant::now();
    // As many workers as a laptop has.
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let stage = Arc::clone(&stage);
            tokio::spawn(async move {
                loop {
                    let _ = stage.step().await;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
        })
        .collect();
    while !stage.job(&ours).await.unwrap().state.is_ended() {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(began.elapsed() < Duration::from_secs(15), "held up");
    }
    all_done(&stage.job(&ours).await.unwrap(), 400);
    let sweeping = Instant::now();
    stage.sweep().await.unwrap();
    assert!(sweeping.elapsed() < Duration::from_secs(2));
    let waiting = stage.job(&theirs).await.unwrap();
    assert!(!waiting.state.is_ended(), "{waiting:?}");
    assert_eq!(waiting.counts.succeeded, 0);
    workers.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread")]
async fn protected_mails_stay_and_a_folder_that_is_gone_is_made() {
    let server = Dovecot::start(Mode::Normal);
    let mut client = server.client();
    client.append("INBOX", &messages(7), "");
    client.append("INBOX", &messages(2), "\\Flagged");
    client.append("INBOX", &messages(1), "\\Answered \\Seen");
    client.command("CREATE Old");
    let stage = on(at_port(&server, server.port)).await;
    let careful = JobOptions {
        protected: Some(Protected::KeepOut),
        ..JobOptions::default()
    };
    let into = Operation::Move(Move::into_folder("Old"));
    let id = stage.draft(into, Stage::inbox(), careful).await.unwrap();
    let (ports, user) = (&stage.ports, &stage.user);
    let told = preview::preview(ports, user, &id).await.unwrap();
    let kept_out = told.kept_out.unwrap();
    assert_eq!((told.total, kept_out.starred, kept_out.answered), (7, 2, 1));
    let summary = told.summary.unwrap();
    assert_eq!((summary.unread, summary.starred), (7, 0));
    assert!(summary.bytes.unwrap() > 7 * 1_600 && summary.oldest.is_some());
    let senders = summary.senders.unwrap();
    assert_eq!((senders.of, senders.count, senders.about), (7, 7, false));
    assert_eq!(senders.top[0].address, "ann0@example.com");
    assert!(!summary.stand_out.is_empty());
    stage.confirm(&id).await.unwrap();
    client.command("DELETE Old");
    let job = stage.run_to_end(&id).await;
    assert_eq!(job.reasons[0].reason, ItemReason::NoSuchFolder, "{job:?}");
    let child = children::retry_making_folder(ports, user, &id, 10).await;
    let child = child.unwrap();
    stage.run().await.unwrap();
    stage.confirm(&child).await.unwrap();
    all_done(&stage.run_to_end(&child).await, 7);
    assert_eq!(client.contents("Old").len(), 7);
    assert_eq!(client.contents("INBOX").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_mails_all_is_told_once_their_headers_were_read() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(1_200), "");
    let stage = on(at_port(&server, server.port)).await;
    let (ports, user) = (&stage.ports, &stage.user);
    let told = async || {
        let mark = Operation::MarkRead(MarkRead {});
        let options = JobOptions::default();
        let id = stage.draft(mark, Stage::inbox(), options).await.unwrap();
        let told = preview::preview(ports, user, &id).await.unwrap();
        let summary = told.summary.unwrap();
        (summary.unread, summary.bytes, summary.senders.unwrap())
    };
    let (unread, bytes, senders) = told().await;
    assert_eq!((unread, bytes, senders.of), (1_200, None, 1_000));
    let account = access::account(ports, user, &stage.account).await.unwrap();
    scan::start(ports, user, &account).await.unwrap();
    stage.run().await.unwrap();
    let (unread, bytes, senders) = told().await;
    assert_eq!((unread, senders.of, senders.count), (1_200, 1_200, 1_200));
    assert!(bytes.unwrap() > 1_200 * 1_600);
}
