//! Whole mailboxes from a table, at the terminal: an administrator of a Cyrus has to bring back deleted
//! mailboxes from a file that Excel saved, with ten mistakes in it, and loses the server half-way.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use bulkhead_shared::api::{
    AccountKind, Connection, Credentials, ImapConnection, NewAccount, Security,
};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_tests::driver::{Bulkhead, Options};
use bulkhead_tests::servers::cyrus::{Cyrus, Names};
use bulkhead_tests::servers::leavers;
use serde_json::Value;

const USERS: usize = 24;
const HEADERS: &str = "Ticket;Source_GUID;Target_UPN;Display_Name;Department";

async fn connected(server: &Bulkhead, cyrus: &Cyrus) -> AccountId {
    cyrus.let_in("admin");
    let new = NewAccount {
        name: Some("Cyrus".to_owned()),
        connection: Connection::Cyrus(ImapConnection {
            host: "127.0.0.1".to_owned(),
            port: cyrus.imap_port,
            security: Security::None,
            user: "admin".to_owned(),
            credentials: Credentials::Password(cyrus.password.to_owned()),
            submission: None,
        }),
    };
    let account = server.api.connect(&new).await;
    assert_eq!(account.kind, AccountKind::Cyrus);
    account.id
}

/// The GUIDs of the deleted mailboxes by whose they were, as an export tells them.
fn guids(server: &Bulkhead, folder: &Path) -> BTreeMap<String, String> {
    let file = folder.join("inactive.json");
    let path = file.to_str().unwrap();
    let arguments = [
        "mailboxes",
        "export",
        path,
        "--account",
        "Cyrus",
        "--search",
        "in:inactive",
    ];
    let output = server.terminal(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let exported: Vec<Value> = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pairs = exported
        .iter()
        .map(|mailbox| (text(&mailbox["profile"]["upn"]), text(&mailbox["guid"])));
    pairs.collect()
}

fn said(output: &Output) -> String {
    format!(
        "{:?}\n{}\n{}",
        output.status.code(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// As Excel saves a table where people write numbers with a comma: windows-1252, semicolons, CRLF.
fn save(path: &Path, rows: &[Vec<String>]) {
    let lines = rows.iter().map(|row| row.join(";"));
    let text = format!(
        "{HEADERS}\r\n{}\r\n;;;;\r\n",
        lines.collect::<Vec<_>>().join("\r\n")
    );
    let bytes: Vec<u8> = text
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    fs::write(path, bytes).unwrap();
}

fn answered(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(output)))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_brings_back_mailboxes_from_a_file_through_mistakes_and_a_lost_server() {
    let mut cyrus = Cyrus::start_naming(Names::Slashes);
    let before = leavers::delete_users(&cyrus, &mut cyrus.admin(), USERS);
    let as_deleted = leavers::folders(&cyrus);
    let server = Bulkhead::start(Options {
        mails: 10,
        ..Options::default()
    })
    .await;
    let account = connected(&server, &cyrus).await;
    let folder = tempfile::tempdir().unwrap();
    let guids = guids(&server, folder.path());
    assert_eq!(guids.len(), USERS);

    let right: Vec<Vec<String>> = (0..USERS)
        .map(|n| {
            let guid = guids[&format!("old{n:02}")].clone();
            // Cleaned, and no mistake: braces, and a blank that does not break.
            let guid = if n == 23 {
                format!("{{{guid}}}\u{a0}")
            } else {
                guid
            };
            let upn = format!("new{n:02}@x.example");
            vec![
                format!("T-{n}"),
                guid,
                upn,
                format!("Jürgen {n}"),
                "Vertrieb".to_owned(),
            ]
        })
        .collect();
    let mut wrong = right.clone();
    for (row, column, text) in [
        (0, 1, "7.39E+07"),
        (1, 1, "#N/A"),
        (2, 1, "3f2504e0-4f89-41d3-9a0c-0305e82c330"),
        (3, 2, "new03"),
        (4, 2, "new04@@x.example"),
        (5, 3, ""),
        (6, 2, ""),
        (7, 2, "new 07@x.example"),
    ] {
        wrong[row][column] = text.to_owned();
    }
    wrong[18][1] = right[17][1].clone();
    wrong[20][2] = right[19][2].clone();
    let file = folder.path().join("leavers.csv");
    save(&file, &wrong);
    let path = file.to_str().unwrap();
    let command = |what: &str, path: &str, more: &[&str]| {
        let mut arguments = vec!["mailboxes", what, path, "--account", "Cyrus", "--json"];
        arguments.extend(more);
        server.terminal(&arguments)
    };

    // Ten mistakes, each told with its row and line; nothing is touched, by either command.
    for (what, more) in [("validate", &[][..]), ("recover", &["--yes"][..])] {
        let output = command(what, path, more).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        let answer = answered(&output);
        let rows = answer["rows"].as_array().unwrap();
        let numbers: Vec<u64> = rows
            .iter()
            .map(|row| row["row"].as_u64().unwrap())
            .collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 19, 21], "{rows:#?}");
        assert_eq!(rows[0]["line"], 2);
        let human = String::from_utf8_lossy(&output.stderr);
        assert!(
            human.contains("Windows-1252") && human.contains("7.39E+07"),
            "{human}"
        );
    }
    // Mended. Nobody is there to say yes, so nothing is done.
    save(&file, &right);
    let output = command("validate", path, &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let output = command("recover", path, &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Undo:"));
    assert_eq!(leavers::folders(&cyrus), as_deleted);

    // Said beforehand. The mail system dies half-way and comes back.
    let running = command("recover", path, &["--yes"]).spawn().unwrap();
    let begun = Instant::now();
    loop {
        let jobs = server.api.jobs().await;
        let is_half = |counts: u64| counts >= 7;
        if jobs
            .first()
            .is_some_and(|job| job.state == State::Running && is_half(job.counts.succeeded))
        {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{jobs:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    cyrus.kill();
    tokio::time::sleep(Duration::from_millis(500)).await;
    cyrus.start_again();
    let waited = tokio::task::spawn_blocking(move || running.wait_with_output().unwrap());
    let mut output = waited.await.unwrap();
    let results = folder.path().join("leavers.results.csv");
    // Rows that were given up meanwhile run once more, from the file of results.
    for _ in 0..3 {
        if output.status.code() != Some(5) {
            break;
        }
        let again = results.to_str().unwrap();
        output = command("recover", again, &["--yes", "--results", again])
            .output()
            .unwrap();
    }
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let job = answered(&output)["job"].clone();

    let table = fs::read_to_string(&results).unwrap();
    // Spreadsheets know by its first bytes that it is UTF-8.
    let mut lines = table.trim_start_matches('\u{feff}').lines();
    assert!(lines.next().unwrap().starts_with("row_number,"), "{table}");
    assert_eq!(lines.clone().count() as u64, job["total"].as_u64().unwrap());
    for line in lines {
        assert!(
            line.contains("completed") || line.contains("succeeded"),
            "{line}"
        );
    }
    for (n, view) in before.iter().enumerate() {
        assert_eq!(leavers::seen(&cyrus, &format!("new{n:02}")), *view, "{n}");
    }
    let tested = server.api.test(&account).await;
    assert_eq!(
        tested.message,
        "Signed in as an administrator; 24 mailboxes in use, 0 deleted."
    );

    // And back, under the very names that they had.
    let jobs = server.api.jobs().await;
    for job in jobs
        .iter()
        .filter(|job| job.undo_until.is_some() && job.counts.succeeded > 0)
    {
        let undone = server.api.undo(&job.id).await;
        assert_eq!(undone.counts.succeeded, job.counts.succeeded, "{undone:?}");
    }
    assert_eq!(leavers::folders(&cyrus), as_deleted);
    server.stop().await;
}

#[tokio::test]
async fn the_terminal_says_what_is_missing() {
    let server = Bulkhead::with_mails(10).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    let path = file.to_str().unwrap();
    let run = |arguments: &[&str]| {
        let output = server.terminal(arguments).output().unwrap();
        (output.status.code().unwrap(), said(&output))
    };
    let (code, said) = run(&["mailboxes", "recover", path, "--account", "Sandbox"]);
    assert!(code == 2 && said.contains("a.csv"), "{said}");
    fs::write(&file, "source_guid,target_upn\r\nx,a@x.example\r\n").unwrap();
    let (code, said) = run(&["mailboxes", "recover", path, "--account", "Sandbox"]);
    assert!(code == 2 && said.contains("display_name"), "{said}");
    fs::write(&file, "source_guid,target_upn,display_name\r\n3f2504e0-4f89-41d3-9a0c-0305e82c3301,a@x.example,A\r\n").unwrap();
    let (code, said) = run(&["mailboxes", "validate", path, "--account", "nobody"]);
    assert!(code == 2 && said.contains("Sandbox"), "{said}");
    // Blocked by what is there, or rather is not.
    let (code, said) = run(&[
        "mailboxes",
        "validate",
        path,
        "--account",
        "Sandbox",
        "--json",
    ]);
    assert!(code == 3 && said.contains("no_such_source"), "{said}");
    let (code, said) = run(&["mailboxes", "export", path, "--account", "Sandbox"]);
    assert!(code == 2 && said.contains("it is there already"), "{said}");
    let (code, said) = run(&["mailboxes", "recover", path]);
    assert!(code == 2 && said.contains("--account"), "{said}");
    let (code, said) = run(&["mailboxes", "recover", "--help"]);
    assert!(code == 0 && said.contains("Exit codes:"), "{said}");
    server.stop().await;
}
