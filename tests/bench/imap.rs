//! 20,000 mails on Dovecot, ours beside bare commands in the same run.

use std::fmt;
use std::time::{Duration, Instant};

use bulkhead_shared::api::{Connection, Job, NewAccount};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::operations::{Label, MarkRead, Move, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::imap_client::Client;
use serde::Serialize;

const MAILS: u64 = 20_000;
/// What tells a mail's state and recognises it elsewhere.
const STATE: &str = "FLAGS MODSEQ X-GUID";
/// Each way is measured so often; the middle one counts.
const ROUNDS: usize = 5;

/// What it took, in milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct OnDovecot {
    pub(crate) items: u64,
    /// Beside what a safe move needs on one connection: states read, claimed against changes in between, moved,
    /// unclaimed.
    pub(crate) moved: Beside,
    /// Beside UID MOVE by the thousand: nothing can be taken back, nothing is noticed.
    pub(crate) moved_bare: Beside,
    /// Beside what a safe label needs on one connection: states read, and a STORE on condition that they still hold.
    pub(crate) labelled: Beside,
    /// Beside UID STORE by the thousand.
    pub(crate) labelled_bare: Beside,
    /// The same two for a flag.
    pub(crate) marked: Beside,
    pub(crate) marked_bare: Beside,
}

impl fmt::Display for OnDovecot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} mails on Dovecot, median:", self.items)?;
        let ways = [
            ("moved", "the same care", &self.moved),
            ("moved", "UID MOVE", &self.moved_bare),
            ("labelled", "the same care", &self.labelled),
            ("labelled", "UID STORE", &self.labelled_bare),
            ("marked", "the same care", &self.marked),
            ("marked", "UID STORE", &self.marked_bare),
        ];
        for (done, way, beside) in ways {
            writeln!(
                f,
                "  {done:<9} ours {:>6.0} ms, {way:<14} {:>6.0} ms: {:.2} times that",
                beside.ours_ms, beside.bare_ms, beside.ratio
            )?;
        }
        Ok(())
    }
}

/// Ours beside bare commands.
#[derive(Debug, Serialize)]
pub(crate) struct Beside {
    /// From the confirmation to the job's end, undo records and all.
    pub(crate) ours_ms: f64,
    pub(crate) bare_ms: f64,
    pub(crate) ratio: f64,
}

/// Times of each way, one a round.
#[derive(Default)]
struct Times {
    ours: Vec<Duration>,
    safe: Vec<Duration>,
    bare: Vec<Duration>,
}

impl Times {
    /// Ours beside the same care, and beside no care.
    fn beside(&self) -> (Beside, Beside) {
        let [ours, safe, bare] = [&self.ours, &self.safe, &self.bare].map(|times| median_ms(times));
        let beside = |bare_ms: f64| Beside {
            ours_ms: ours,
            bare_ms,
            ratio: ours / bare_ms,
        };
        (beside(safe), beside(bare))
    }
}

fn median_ms(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1_000.0
}

/// A mailbox of [`MAILS`], and ours connected to it.
struct World {
    client: Client,
    server: Bulkhead,
    account: AccountId,
}

pub(crate) async fn measure() -> OnDovecot {
    let dovecot = Dovecot::start(Mode::Normal);
    let mut world = World::with(&dovecot).await;
    let (mut moved, mut labelled, mut marked) =
        (Times::default(), Times::default(), Times::default());
    for _ in 0..ROUNDS {
        // Each in turn, so that a slow moment of the machine hits all of them.
        world.moves(&mut moved).await;
        let label = Operation::Label(Label {
            add: vec!["bench".to_owned()],
            remove: Vec::new(),
        });
        world.stores(&mut labelled, "bench", label).await;
        let mark = Operation::MarkRead(MarkRead {});
        world.stores(&mut marked, "\\Seen", mark).await;
    }
    world.server.stop().await;
    let (moved, moved_bare) = moved.beside();
    let (labelled, labelled_bare) = labelled.beside();
    let (marked, marked_bare) = marked.beside();
    OnDovecot {
        items: MAILS,
        moved,
        moved_bare,
        labelled,
        labelled_bare,
        marked,
        marked_bare,
    }
}

impl World {
    async fn with(dovecot: &Dovecot) -> Self {
        let mut client = dovecot.client();
        let messages: Vec<Vec<u8>> = (0..MAILS).map(message).collect();
        client.append("INBOX", &messages, "");
        client.command("CREATE \"Moved\"");
        let server = Bulkhead::with_mails(10).await;
        let connection = Connection::Imap(dovecot.connection());
        let account = server
            .api
            .connect(&NewAccount {
                name: None,
                connection,
            })
            .await
            .id;
        Self {
            client,
            server,
            account,
        }
    }

    async fn moves(&mut self, times: &mut Times) {
        let client = &mut self.client;
        times
            .bare
            .push(timed(|| bare_moves(client, "INBOX", "Moved")));
        bare_moves(client, "Moved", "INBOX");
        times
            .safe
            .push(timed(|| safe_moves(client, "INBOX", "Moved")));
        bare_moves(client, "Moved", "INBOX");
        let took = self.ours(Operation::Move(Move::into_folder("Moved"))).await;
        times.ours.push(took);
        bare_moves(&mut self.client, "Moved", "INBOX");
    }

    async fn stores(&mut self, times: &mut Times, flag: &str, operation: Operation) {
        let client = &mut self.client;
        times.bare.push(timed(|| bare_stores(client, '+', flag)));
        bare_stores(client, '-', flag);
        times.safe.push(timed(|| safe_stores(client, flag)));
        bare_stores(client, '-', flag);
        times.ours.push(self.ours(operation).await);
        bare_stores(&mut self.client, '-', flag);
    }

    /// How long a job of ours takes over all of them.
    async fn ours(&self, operation: Operation) -> Duration {
        let api = &self.server.api;
        let draft = api
            .draft_query(&self.account, operation, "in:inbox", JobOptions::default())
            .await;
        assert_eq!(draft.total, MAILS);
        let began = Instant::now();
        api.confirm(&draft.id).await;
        let job = watch(&self.server, &draft.id).await;
        let took = began.elapsed();
        assert_eq!(job.counts.succeeded, MAILS, "{job:#?}");
        took
    }
}

/// Looks often enough that the looking does not show in what is measured.
pub(crate) async fn watch(server: &Bulkhead, id: &JobId) -> Job {
    loop {
        let job = server.api.job(id).await;
        if job.state.is_ended() {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn message(number: u64) -> Vec<u8> {
    let filling = "Words to fill a mail of an ordinary size with. ".repeat(36);
    format!(
        "From: Ann <ann@example.com>\r\nTo: Bob <bob@example.org>\r\nSubject: mail {number}\r\n\
         Message-ID: <{number}@example.com>\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n\r\n{filling}\r\n"
    )
    .into_bytes()
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

/// The UIDs in a folder by the thousand, as sets.
fn thousands(client: &mut Client, folder: &str) -> Vec<String> {
    client.select(folder);
    let lines = client.command("UID SEARCH ALL");
    let found = lines
        .iter()
        .find_map(|line| line.strip_prefix("* SEARCH "))
        .unwrap_or_default();
    let uids: Vec<&str> = found.split(' ').collect();
    uids.chunks(1_000)
        .map(|some| format!("{}:{}", some[0], some[some.len() - 1]))
        .collect()
}

fn bare_moves(client: &mut Client, from: &str, to: &str) {
    for set in thousands(client, from) {
        client.command(&format!("UID MOVE {set} \"{to}\""));
    }
}

/// With an answer for each mail, as mail programs have it.
fn bare_stores(client: &mut Client, sign: char, flag: &str) {
    for set in thousands(client, "INBOX") {
        client.command(&format!("UID STORE {set} {sign}FLAGS ({flag})"));
    }
}

fn safe_stores(client: &mut Client, flag: &str) {
    for set in thousands(client, "INBOX") {
        let lines = client.command(&format!("UID FETCH {set} ({STATE})"));
        let highest = lines.iter().filter_map(|line| modseq(line)).max();
        client.command(&format!(
            "UID STORE {set} (UNCHANGEDSINCE {}) +FLAGS ({flag})",
            highest.unwrap()
        ));
    }
}

fn modseq(line: &str) -> Option<u64> {
    let (_, after) = line.split_once("MODSEQ (")?;
    after.split(')').next()?.parse().ok()
}

fn safe_moves(client: &mut Client, from: &str, to: &str) {
    for set in thousands(client, from) {
        client.command(&format!("UID FETCH {set} ({STATE})"));
        client.command(&format!("UID STORE {set} +FLAGS.SILENT ($claimed)"));
        client.command(&format!("UID MOVE {set} \"{to}\""));
        client.select(to);
        let lines = client.command("UID SEARCH KEYWORD $claimed");
        let found = lines
            .iter()
            .find_map(|line| line.strip_prefix("* SEARCH "))
            .unwrap_or_default();
        let uids: Vec<&str> = found.split(' ').collect();
        client.command(&format!(
            "UID STORE {}:{} -FLAGS ($claimed)",
            uids[0],
            uids[uids.len() - 1]
        ));
        client.select(from);
    }
}
