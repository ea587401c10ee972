//! Deleted mailboxes recovered: 1,000 of the sandbox, and 100 on Cyrus beside the bare commands in the same run.
//!
//! Batches are of ten, one after the other, as by default, but without the second of pause between two: that would
//! be most of what is measured.

use std::time::{Duration, Instant};

use bulkhead_shared::api::{
    Connection, Credentials, ImapConnection, Job, Mailboxes, NewAccount, NewJob, Security,
};
use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mailbox::Mailbox;
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use bulkhead_shared::operations::{Operation, RecoverMailboxes};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::driver::{Bulkhead, Options};
use bulkhead_tests::servers::cyrus::{Cyrus, Names};
use bulkhead_tests::servers::imap_client::Client;
use bulkhead_tests::servers::leavers;
use jiff::Timestamp;
use serde::Serialize;

use crate::imap::watch;
use crate::sandbox::millis;

/// Mailboxes recovered in the sandbox.
const IN_SANDBOX: usize = 1_000;
/// Mailboxes of that sandbox, in use and deleted: enough that so many of them can be recovered.
const SANDBOX: usize = 4_000;
/// Mailboxes recovered on Cyrus, each with two folders.
const ON_CYRUS: usize = 100;
/// Both ways are measured so often on Cyrus; the middle one counts.
const ROUNDS: usize = 3;
/// Mailboxes on a page.
const PAGE: usize = 500;
/// What an owner may do in a folder of their own, in Cyrus's words.
const OWNER: &str = "lrswipkxtecdan";

/// What recovering in the sandbox took.
#[derive(Debug, Serialize)]
pub(crate) struct InSandbox {
    pub(crate) items: usize,
    /// From the confirmation to the job's end.
    pub(crate) run_ms: f64,
    pub(crate) items_per_second: f64,
}

/// What recovering on Cyrus took, in milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct OnCyrus {
    pub(crate) items: usize,
    /// From the confirmation to the job's end.
    pub(crate) ours_ms: f64,
    /// LIST, and for each folder RENAME, SETACL and DELETEACL, on one connection: nothing is looked at before or
    /// after, nothing noted, and nothing can be taken back.
    pub(crate) bare_ms: f64,
    pub(crate) ours_to_bare: f64,
}

/// Recovers mailboxes of a sandbox that nothing stands in the way of.
pub(crate) async fn in_sandbox() -> InSandbox {
    let server = Bulkhead::start(Options {
        mails: 10,
        arguments: vec!["--mailboxes".to_owned(), SANDBOX.to_string()],
        ..Options::default()
    })
    .await;
    let account = server.api.sandbox().await;
    let mut free = deleted(&server, &account).await;
    free.retain(is_free);
    free.truncate(IN_SANDBOX);
    assert_eq!(free.len(), IN_SANDBOX);
    let (_, run) = recover(&server, &account, &free).await;
    server.stop().await;
    InSandbox {
        items: IN_SANDBOX,
        run_ms: millis(run),
        items_per_second: IN_SANDBOX as f64 / run.as_secs_f64(),
    }
}

/// Whether it can be recovered, and fits into any quota.
fn is_free(mailbox: &Mailbox) -> bool {
    !mailbox.on_hold && !mailbox.is_over(Timestamp::now()) && mailbox.bytes < Some(100_000_000)
}

/// Recovers mailboxes on a Cyrus, by the bare commands and by ours in turn.
pub(crate) async fn on_cyrus() -> OnCyrus {
    let cyrus = Cyrus::start_naming(Names::Slashes);
    leavers::delete_users(&cyrus, &mut cyrus.admin(), ON_CYRUS);
    let as_deleted = leavers::folders(&cyrus);
    let mut admin = cyrus.admin();
    let server = Bulkhead::with_mails(10).await;
    let account = connect(&server, &cyrus).await;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let renamed = recover_barely(&mut admin);
        bare.push(began.elapsed());
        put_back_barely(&mut admin, &renamed);
        assert_eq!(leavers::folders(&cyrus), as_deleted);
        let all = deleted(&server, &account).await;
        assert_eq!(all.len(), ON_CYRUS);
        let (job, took) = recover(&server, &account, &all).await;
        ours.push(took);
        let undone = server.api.undo(&job.id).await;
        assert_eq!(undone.counts.succeeded, ON_CYRUS as u64, "{undone:#?}");
        assert_eq!(leavers::folders(&cyrus), as_deleted);
    }
    server.stop().await;
    let [ours, bare] = [ours, bare].map(|mut times| {
        times.sort();
        millis(times[times.len() / 2])
    });
    OnCyrus {
        items: ON_CYRUS,
        ours_ms: ours,
        bare_ms: bare,
        ours_to_bare: ours / bare,
    }
}

async fn connect(server: &Bulkhead, cyrus: &Cyrus) -> AccountId {
    let connection = Connection::Cyrus(ImapConnection {
        host: "127.0.0.1".to_owned(),
        port: cyrus.imap_port,
        security: Security::None,
        user: "admin".to_owned(),
        credentials: Credentials::Password(cyrus.password.to_owned()),
        submission: None,
    });
    let name = None;
    server
        .api
        .connect(&NewAccount { name, connection })
        .await
        .id
}

/// All deleted mailboxes of a directory.
async fn deleted(server: &Bulkhead, account: &AccountId) -> Vec<Mailbox> {
    let mut all = Vec::new();
    loop {
        let offset = all.len();
        let path =
            format!("/accounts/{account}/mailboxes?q=in:inactive&limit={PAGE}&offset={offset}");
        let page: Mailboxes = server.api.get(&path).await.success().json();
        all.extend(page.mailboxes);
        if all.len() as u64 == page.total {
            return all;
        }
        assert!(all.len() > offset, "the list ends too early");
    }
}

/// Recovers these under new names; the job at its end, and how long it took from its confirmation.
async fn recover(server: &Bulkhead, account: &AccountId, mailboxes: &[Mailbox]) -> (Job, Duration) {
    let mut table = "source_guid,target_upn,display_name\r\n".to_owned();
    for (n, mailbox) in mailboxes.iter().enumerate() {
        table += &format!("{},back{n}@company.example,Back {n}\r\n", mailbox.guid);
    }
    let grid = Grid::read(table.as_bytes(), Limits::default()).unwrap();
    let sheet = Sheet::new(Purpose::Recover, grid).unwrap();
    let new = NewJob {
        account: account.clone(),
        operation: Operation::RecoverMailboxes(RecoverMailboxes {
            columns: sheet.columns(),
        }),
        selection: Selection::Rows {
            rows: sheet.ready().map(|row| sheet.row(row)).collect(),
        },
        options: JobOptions {
            delay_between_batches: Some(0.0),
            ..JobOptions::default()
        },
        confirm: None,
    };
    let draft = server.api.draft(&new).await;
    let began = Instant::now();
    server.api.confirm(&draft.id).await;
    let job = watch(server, &draft.id).await;
    let took = began.elapsed();
    assert_eq!(job.counts.succeeded, mailboxes.len() as u64, "{job:#?}");
    (job, took)
}

/// A folder that was brought back by bare commands.
struct Renamed {
    deleted: String,
    active: String,
    /// Who had it, and who has it now.
    owners: [String; 2],
}

/// What a script of an administrator does who needs nothing back.
fn recover_barely(admin: &mut Client) -> Vec<Renamed> {
    let lines = admin.command("LIST \"\" \"DELETED/*\"");
    let mut all: Vec<Renamed> = lines.iter().map(|line| renamed(line)).collect();
    // Inboxes first: what lies above a folder has to be there.
    all.sort_by(|one, other| one.active.cmp(&other.active));
    for folder in &all {
        admin.command(&format!("RENAME {} {}", folder.deleted, folder.active));
        give(admin, &folder.active, &folder.owners);
    }
    all
}

/// Not measured. Inboxes last: they would take along what lies below.
fn put_back_barely(admin: &mut Client, all: &[Renamed]) {
    for folder in all.iter().rev() {
        let [before, now] = &folder.owners;
        give(admin, &folder.active, &[now.clone(), before.clone()]);
        admin.command(&format!("RENAME {} {}", folder.active, folder.deleted));
    }
}

fn give(admin: &mut Client, folder: &str, [from, to]: &[String; 2]) {
    admin.command(&format!("SETACL {folder} {to} {OWNER}"));
    admin.command(&format!("DELETEACL {folder} {from}"));
}

/// `DELETED/user/old07/Work/6B008104` is to be `user/bare07/Work`.
fn renamed(line: &str) -> Renamed {
    let (_, name) = line.rsplit_once(' ').unwrap();
    let deleted = name.trim_matches('"').to_owned();
    let path = deleted.strip_prefix("DELETED/user/").unwrap();
    let (path, _) = path.rsplit_once('/').unwrap();
    let user = path.split('/').next().unwrap();
    let heir = user.replace("old", "bare");
    Renamed {
        active: format!("user/{}", path.replacen(user, &heir, 1)),
        owners: [user.to_owned(), heir],
        deleted,
    }
}
