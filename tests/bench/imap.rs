//! 5,000 moves on Dovecot, ours beside bare commands in the same run.

use std::time::{Duration, Instant};

use bulkhead_shared::api::{Connection, Credentials, ImapConnection, Job, NewAccount, Security};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::operations::{Move, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::imap_client::Client;
use serde::Serialize;

const MAILS: u64 = 5_000;
/// Each way is measured so often; the middle one counts.
const ROUNDS: usize = 5;

/// What moving them took, in milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Moves {
    pub(crate) items: u64,
    /// From the confirmation to the job's end.
    pub(crate) ours_ms: f64,
    /// SELECT and UID MOVE by the thousand: nothing can be taken back, nothing is noticed.
    pub(crate) bare_move_ms: f64,
    /// The same with what a safe move needs on one connection: states read, claimed against changes
    /// in between, moved, unclaimed.
    pub(crate) bare_safe_ms: f64,
    pub(crate) ours_to_bare_move: f64,
    pub(crate) ours_to_bare_safe: f64,
}

pub(crate) async fn measure() -> Moves {
    let dovecot = Dovecot::start(Mode::Normal);
    let mut client = dovecot.client();
    let messages: Vec<Vec<u8>> = (0..MAILS).map(message).collect();
    client.append("INBOX", &messages, "");
    client.command("CREATE \"Moved\"");
    let server = Bulkhead::with_mails(10).await;
    let connection = Connection::Imap(ImapConnection {
        host: "127.0.0.1".to_owned(),
        port: dovecot.port,
        security: Security::None,
        user: dovecot.user.clone(),
        credentials: Credentials::Password(dovecot.password.clone()),
        submission: None,
    });
    let account = server
        .api
        .connect(&NewAccount {
            name: None,
            connection,
        })
        .await
        .id;
    let (mut ours, mut bare, mut safe) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // All three in turn, so that a slow moment of the machine hits each of them.
        bare.push(timed(|| bare_moves(&mut client, "INBOX", "Moved")));
        bare_moves(&mut client, "Moved", "INBOX");
        safe.push(timed(|| safe_moves(&mut client, "INBOX", "Moved")));
        bare_moves(&mut client, "Moved", "INBOX");
        let operation = Operation::Move(Move::into_folder("Moved"));
        let draft = server
            .api
            .draft_query(&account, operation, "in:inbox", JobOptions::default())
            .await;
        assert_eq!(draft.total, MAILS);
        let began = Instant::now();
        server.api.confirm(&draft.id).await;
        let job = watch(&server, &draft.id).await;
        ours.push(began.elapsed());
        assert_eq!(job.counts.succeeded, MAILS, "{job:#?}");
        bare_moves(&mut client, "Moved", "INBOX");
    }
    server.stop().await;
    let [ours, bare, safe] = [ours, bare, safe].map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1_000.0
    });
    Moves {
        items: MAILS,
        ours_ms: ours,
        bare_move_ms: bare,
        bare_safe_ms: safe,
        ours_to_bare_move: ours / bare,
        ours_to_bare_safe: ours / safe,
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

fn safe_moves(client: &mut Client, from: &str, to: &str) {
    for set in thousands(client, from) {
        client.command(&format!(
            "UID FETCH {set} (FLAGS MODSEQ RFC822.SIZE INTERNALDATE X-GUID)"
        ));
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
