//! Mails to many through a real Exim: each right, each once, whatever is pulled from under the server. What
//! was sent is read from Exim's log and from the mails that arrived.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bulkhead_shared::api::{
    BounceKind, Bounces, Connection, ImapConnection, ItemOutcome, Job, LeftOutRows, NewAccount,
    NewJob, Said, ScanState, Security, Submission,
};
use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{BulkSend, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::selection::Selection;
use bulkhead_shared::suppression::Suppression;
use bulkhead_tests::api::PATIENCE;
use bulkhead_tests::driver::{Bulkhead, Options};
use bulkhead_tests::servers::cyrus::Cyrus;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::exim::{Exim, Rate};
use bulkhead_tests::servers::imap_client::Client;
use bulkhead_tests::servers::swallower::Swallower;
use mail_parser::MessageParser;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::sleep;

/// A server of ours with an account on Dovecot that sends through Exim.
pub(crate) struct World {
    pub(crate) server: Bulkhead,
    pub(crate) exim: Exim,
    pub(crate) line: Swallower,
    pub(crate) account: AccountId,
    pub(crate) dovecot: Dovecot,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Exim::start()).await
    }

    pub(crate) async fn with(exim: Exim) -> Self {
        Self::between(exim, Dovecot::start(Mode::Normal)).await
    }

    /// A world in which what is sent arrives in mailboxes, those of the users of Dovecot.
    pub(crate) async fn with_mailboxes() -> Self {
        let dovecot = Dovecot::start(Mode::Normal);
        Self::between(Exim::start_before(dovecot.lmtp_port), dovecot).await
    }

    async fn between(exim: Exim, dovecot: Dovecot) -> Self {
        let line = Swallower::before(exim.port);
        let server = Bulkhead::start(Options {
            mails: 10,
            contacts: 12,
            ..Options::default()
        })
        .await;
        let connection = Connection::Imap(ImapConnection {
            submission: Some(Submission {
                host: "127.0.0.1".to_owned(),
                port: line.port,
                security: Security::None,
                per_minute: Some(10_000),
            }),
            ..dovecot.connection()
        });
        let new = NewAccount {
            name: Some("Alice".to_owned()),
            connection,
        };
        let account = server.api.connect(&new).await.id;
        Self {
            server,
            exim,
            line,
            account,
            dovecot,
        }
    }

    pub(crate) fn job(&self, send: &Value, rows: &[Value]) -> NewJob {
        NewJob {
            account: self.account.clone(),
            operation: operation(send),
            selection: Selection::Rows {
                rows: rows.to_vec(),
            },
            options: JobOptions::default(),
            confirm: None,
        }
    }

    pub(crate) async fn send(&self, send: &Value, rows: &[Value]) -> Job {
        let draft = self.server.api.draft(&self.job(send, rows)).await;
        assert_eq!(
            (draft.state, draft.total),
            (State::Draft, rows.len() as u64)
        );
        self.server.api.confirm(&draft.id).await
    }

    /// A call of the API for bulk drafts.
    async fn bulk(&self, method: Method, path: &str, body: &Value) -> Value {
        let request = self
            .server
            .api
            .request_at(method, &format!("/api/bulk/{path}"));
        let answer = bulkhead_tests::api::Api::send(request.json(body))
            .await
            .unwrap();
        answer.success().json()
    }

    /// How often Exim took each mail.
    fn taken(&self) -> BTreeMap<String, usize> {
        let mut taken = BTreeMap::new();
        for id in self.exim.taken() {
            *taken.entry(id).or_default() += 1;
        }
        taken
    }

    pub(crate) fn check_each_once(&self) {
        let taken = self.taken();
        let twice: Vec<_> = taken.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "{twice:?}\n{}", self.exim.log());
    }

    /// What a person does about mails that may have arrived: looks in the server's log, and has those sent again that
    /// it never took.
    pub(crate) async fn decide(&self, job: &Job) {
        for mail in self.server.api.outcomes(&job.id, Some("uncertain")).await {
            let id = mail.evidence.unwrap().message_id.to_string();
            let end = if self.taken().contains_key(&id) {
                "arrived"
            } else {
                "again"
            };
            let path = format!("/jobs/{}/{end}", job.id);
            let answer = self
                .server
                .api
                .post(&path, &json!({"item": mail.id}))
                .await
                .success();
            if end == "again" {
                let draft: Job = answer.json();
                self.server.api.confirm(&draft.id).await;
                let again = self.server.api.wait_for_end(&draft.id).await;
                assert_eq!(again.counts.succeeded, 1, "{again:#?}");
            }
        }
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await;
    }
}

fn operation(send: &Value) -> Operation {
    let send: BulkSend = serde_json::from_value(send.clone()).unwrap();
    Operation::BulkSend(send)
}

pub(crate) fn template() -> Value {
    json!({"from": "Alice Lee <alice@example.org>", "subject": "Bill for {{ name }}", "hold_seconds": 0, "name_column": "name",
        "text": "Dear {{ name }},\n\nyour bill is {{ amount }}.\n",
        "html": "<p>Dear {{ name }},</p><p>your bill is <b>{{ amount }}</b>.</p>"})
}

const NAMES: [&str; 5] = ["Ann", "Bo, Jr.", "Zoë \"Z\"", "山田太郎", "{{ name }}"];

/// Rows as a spreadsheet saves them.
fn csv(rows: &[Value]) -> String {
    let quoted = |cell: &Value| format!("\"{}\"", cell.as_str().unwrap().replace('"', "\"\""));
    let line = |row: &Value| {
        ["to", "name", "amount"]
            .map(|column| quoted(&row[column]))
            .join(";")
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    format!("to;name;amount\r\n{}\r\n", lines.join("\r\n"))
}

/// What the page makes of such a file.
fn of_csv(text: &str) -> Vec<Value> {
    let grid = Grid::read(text.as_bytes(), Limits::default()).unwrap();
    let columns = grid.headers;
    let row = |cells: Vec<String>| {
        let cells = columns
            .iter()
            .cloned()
            .zip(cells.into_iter().map(Value::from));
        Value::Object(cells.collect())
    };
    grid.rows
        .into_iter()
        .map(|found| row(found.cells))
        .collect()
}

pub(crate) fn row(number: usize) -> Value {
    let name = format!("{} {number}", NAMES[number % NAMES.len()]);
    json!({"to": format!("user{number}@example.org"), "name": name, "amount": format!("{number}.50 €")})
}

/// What another program reads in a mail.
#[derive(serde::Deserialize)]
struct Read {
    name: String,
    address: String,
    subject: String,
}

/// Python's reading of mails, one hexadecimal line each.
const PYTHON: &str = "
import email, email.policy, json, sys
for line in sys.stdin:
    mail = email.message_from_bytes(bytes.fromhex(line), policy=email.policy.default)
    to, = mail['To'].addresses
    print(json.dumps({'name': to.display_name, 'address': to.addr_spec, 'subject': mail['Subject']}))
";

/// Reads mails with a program that is not ours.
fn read_by_python(mails: &[&Vec<u8>]) -> Vec<Read> {
    let mut python = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = String::new();
    for mail in mails {
        lines.extend(mail.iter().map(|byte| format!("{byte:02x}")));
        lines.push('\n');
    }
    let mut input = python.stdin.take().unwrap();
    let writing = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = python.wait_with_output().unwrap();
    writing.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Each mail that arrived is for whom it says, with what was in the row.
pub(crate) fn check_right(exim: &Exim, rows: &[Value]) {
    let arrived = exim.arrived();
    assert_eq!(arrived.len(), rows.len());
    for row in rows {
        let (to, name) = (row["to"].as_str().unwrap(), row["name"].as_str().unwrap());
        let mails = &arrived[to];
        assert_eq!(mails.len(), 1, "{to}");
        let mail = MessageParser::default().parse(&mails[0]).unwrap();
        assert_eq!(mail.subject(), Some(format!("Bill for {name}").as_str()));
        let amount = row["amount"].as_str().unwrap();
        let text = format!("Dear {name},\n\nyour bill is {amount}.\n");
        let body = mail.body_text(0).unwrap().replace('\r', "");
        assert_eq!(body.trim_end(), text.trim_end(), "{to}");
    }
    let mails: Vec<&Vec<u8>> = rows
        .iter()
        .map(|row| &arrived[row["to"].as_str().unwrap()][0])
        .collect();
    for (row, read) in rows.iter().zip(read_by_python(&mails)) {
        assert_eq!(row["to"], read.address);
        assert_eq!(row["name"], read.name);
        assert_eq!(read.subject, format!("Bill for {}", read.name));
    }
}

/// As many as somebody sends who means it.
const MAILS: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_mails_arrive_at_the_people_of_a_cyrus_with_their_names() {
    let cyrus = Cyrus::start();
    // By one session: sessions that make mailboxes within one second give them the same id, and so the same mails.
    let mut admin = cyrus.admin();
    let person = |n: usize| {
        let user = format!("person{n}");
        admin.command(&format!("CREATE \"{}\"", cyrus.name(&user, "")));
        let client = cyrus.acting_as(&user);
        (user, client)
    };
    let mut people: Vec<_> = (0..NAMES.len()).map(person).collect();
    let exim = Exim::start_before(cyrus.lmtp_port);
    let world = World::between(exim, Dovecot::start(Mode::Normal)).await;
    let rows = people.iter().zip(NAMES).map(
        |((user, _), name)| json!({"to": format!("{user}@example.org"), "name": name, "amount": "12.50 €"}),
    );
    let rows: Vec<Value> = rows.collect();
    let job = world.send(&template(), &rows).await;
    let job = world.server.api.wait_for_end(&job.id).await;
    assert_eq!(job.counts.succeeded, rows.len() as u64, "{job:#?}");
    world.check_each_once();
    for ((user, client), name) in people.iter_mut().zip(NAMES) {
        let until = Instant::now() + PATIENCE;
        while client.message_ids("INBOX").is_empty() {
            assert!(Instant::now() < until, "{user}: {}", world.exim.log());
            sleep(Duration::from_millis(100)).await;
        }
        let arrived = client.command("FETCH 1:* (BODY.PEEK[])").join("");
        let at = arrived.find("From: ").unwrap_or_default();
        let mail = MessageParser::default().parse(&arrived.as_bytes()[at..]);
        let mail = mail.unwrap();
        let to = mail.to().and_then(|to| to.first()).unwrap();
        assert_eq!(to.name(), Some(name));
        assert_eq!(to.address(), Some(format!("{user}@example.org").as_str()));
        assert_eq!(mail.subject(), Some(format!("Bill for {name}").as_str()));
        assert_eq!(client.message_ids("INBOX").len(), 1);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_a_list_with_mistakes_is_mended_and_each_gets_one_mail_though_the_server_dies_twice()
 {
    let mut world = World::start().await;
    let mut broken: Vec<Value> = (0..MAILS).map(row).collect();
    broken[3]["to"] = json!("nobody at example.org");
    broken[7]["amount"] = json!("");
    broken[9]["to"] = broken[8]["to"].clone();
    broken[11]["name"] = json!("x\nBcc: all@example.org");
    let mut rows = of_csv(&csv(&broken));
    assert_eq!(rows, broken, "a CSV brings what is in it");
    let seen = world
        .server
        .api
        .post("/letters", &json!({"operation": template(), "rows": rows}))
        .await;
    let seen = seen.success();
    let seen: Value = seen.json();
    let faults = seen["faults"].as_array().unwrap();
    let at: Vec<_> = faults
        .iter()
        .map(|fault| fault["row"].as_u64().unwrap())
        .collect();
    assert_eq!(at, [4, 8, 10, 12], "{faults:#?}");
    let job = world.job(&template(), &rows);
    let refused = world.server.api.post("/jobs", &job).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    for mended in [3, 7, 9, 11] {
        rows[mended] = row(mended);
    }

    let job = world.send(&template(), &rows).await;
    for share in [3, 2] {
        let reached = |job: &Job| job.counts.ended() >= (MAILS / share) as u64;
        world
            .server
            .api
            .wait_until(&job.id, "part of it", reached)
            .await;
        world.server.kill();
        world.server.restart().await;
    }
    let job = world.server.api.wait_for_end(&job.id).await;
    assert_eq!(job.counts.failed, 0, "{job:#?}");
    assert_eq!(job.counts.succeeded + job.counts.uncertain, MAILS as u64);
    // What each of two lanes had under way at each of two deaths.
    assert!(job.counts.uncertain <= 4, "{job:#?}");
    world.decide(&job).await;
    world.check_each_once();
    assert_eq!(world.exim.wait_for(MAILS), MAILS);
    check_right(&world.exim, &rows);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_lost_answers_leave_mails_open_and_nothing_sends_them_again() {
    let world = World::start().await;
    let rows: Vec<Value> = (0..12)
        .map(row)
        .chain([json!({"to": "reject-x@example.org", "name": "X", "amount": 1})])
        .collect();
    world.line.swallow(3);
    let job = world.send(&template(), &rows).await;
    let job = world.server.api.wait_for_end(&job.id).await;
    assert_eq!(world.line.left(), 0);
    let counts = (
        job.counts.succeeded,
        job.counts.uncertain,
        job.counts.failed,
    );
    assert_eq!(counts, (9, 3, 1), "{job:#?}");
    world.check_each_once();
    assert_eq!(world.taken().len(), 12, "the server has them all");
    // A retry is of what failed, and of nothing that may have arrived.
    let again = world.server.api.child(&job.id, "retry").await;
    assert_eq!(again.total, 1);
    let open = world.server.api.outcomes(&job.id, Some("uncertain")).await;
    assert_eq!(open.len(), 3);
    let taken = world.taken();
    for mail in &open {
        let evidence = mail.evidence.as_ref().unwrap();
        assert!(taken.contains_key(&evidence.message_id.to_string()));
        assert_eq!((evidence.said.as_ref(), evidence.sha256.len()), (None, 64));
    }
    // A person says of each what became of it, and only that.
    let asked = |end: &str, mail: &ItemOutcome| {
        let path = format!("/jobs/{}/{end}", job.id);
        let body = json!({"item": mail.id});
        let api = &world.server.api;
        async move { api.post(&path, &body).await }
    };
    assert_eq!(
        asked("arrived", &open[0]).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        asked("arrived", &open[0]).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(asked("again", &open[0]).await.status, StatusCode::CONFLICT);
    let draft: Job = asked("again", &open[1]).await.success().json();
    let first: Job = asked("again", &open[1]).await.success().json();
    assert_eq!((draft.id.clone(), draft.total), (first.id.clone(), 1));
    assert_eq!(
        asked("arrived", &open[1]).await.status,
        StatusCode::CONFLICT
    );
    world.server.api.control(&draft.id, "cancel").await;
    let draft: Job = asked("again", &open[1]).await.success().json();
    assert_ne!(draft.id, first.id, "the one before was dropped");
    world.server.api.confirm(&draft.id).await;
    world.server.api.wait_for_end(&draft.id).await;
    assert_eq!(asked("again", &open[1]).await.status, StatusCode::CONFLICT);
    let known = world.server.api.outcomes(&job.id, Some("uncertain")).await;
    let said: Vec<_> = known
        .iter()
        .map(|mail| mail.evidence.as_ref().unwrap().said.clone())
        .collect();
    assert!(matches!(said[0], Some(Said::Arrived { .. })), "{said:#?}");
    assert!(
        matches!(&said[1], Some(Said::SendAgain { job, .. }) if *job == draft.id),
        "{said:#?}"
    );
    assert_eq!(said[2], None);
    let known = world.server.api.outcomes(&job.id, Some("succeeded")).await;
    let item = known.first().unwrap();
    assert_eq!(
        asked("again", item).await.status,
        StatusCode::CONFLICT,
        "it was sent"
    );
    assert_eq!(world.taken().len(), 13);
    world.check_each_once();
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_a_job_is_stopped_whole_as_long_as_it_is_held() {
    let world = World::start().await;
    let mut send = template();
    send["hold_seconds"] = json!(300);
    let rows: Vec<Value> = (0..5).map(row).collect();
    let job = world.send(&send, &rows).await;
    assert!(job.begins_at.is_some(), "{job:#?}");
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(world.exim.taken(), Vec::<String>::new());
    let job = world.server.api.control(&job.id, "cancel").await;
    let job = world.server.api.wait_for_end(&job.id).await;
    assert_eq!((job.state, job.counts.cancelled), (State::Cancelled, 5));
    assert_eq!(world.exim.taken(), Vec::<String>::new());

    send["hold_seconds"] = json!(1);
    let job = world.send(&send, &rows).await;
    let job = world.server.api.wait_for_end(&job.id).await;
    assert_eq!(job.counts.succeeded, 5);
    let began = job
        .started_at
        .unwrap()
        .duration_since(job.confirmed_at.unwrap());
    assert!(began.as_millis() >= 1_000, "{began}");
    world.stop().await;
}

/// The example that bulk drafts were asked for with: 50 items, 23 done, 2 failed, batch 3 of 5.
#[tokio::test(flavor = "multi_thread")]
async fn outgoing_progress_of_a_bulk_draft_is_told_as_it_was_asked_for() {
    let limit = Rate {
        mails: 25,
        seconds: 3_600,
    };
    let world = World::with(Exim::start_limited(limit)).await;
    let to = |number: usize| match number {
        4 | 17 => format!("reject-{number}@example.org"),
        _ => format!("user{number}@example.org"),
    };
    let items = (0..50).map(|number| {
        json!({"parameters": {"to": to(number), "subject": "Follow-up", "body": "Thanks for the meeting...",
            "from": "alice@example.org"}})
    });
    let draft = json!({"sessionId": "session123", "type": "bulk_email", "operation": "bulk_send",
        "items": items.collect::<Vec<_>>(),
        "options": {"batchSize": 10, "parallelBatches": 1, "previewMode": "sample"}});
    let draft: Value = world.bulk(Method::POST, "draft", &draft).await;
    assert_eq!(draft["items"].as_array().unwrap().len(), 3);
    let wanted = json!({"draftId": draft["draftId"],
        "options": {"batchSize": 10, "parallelBatches": 1, "retryFailed": true}});
    world.bulk(Method::POST, "execute", &wanted).await;
    let path = format!("progress/{}", draft["draftId"].as_str().unwrap());
    let begun = std::time::Instant::now();
    let told = loop {
        let told = world.bulk(Method::GET, &path, &Value::Null).await;
        let counts = &told["progress"];
        let ended =
            counts["completedItems"].as_u64().unwrap() + counts["failedItems"].as_u64().unwrap();
        if ended == 25 {
            break told;
        }
        assert!(begun.elapsed() < PATIENCE, "{told}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    assert_eq!(told["status"], "executing");
    let expected = [
        ("totalItems", 50),
        ("completedItems", 23),
        ("failedItems", 2),
        ("currentBatch", 3),
        ("totalBatches", 5),
    ];
    for (field, value) in expected {
        assert_eq!(told["progress"][field], value, "{told}");
    }
    let stopped = world
        .bulk(
            Method::POST,
            "cancel",
            &json!({"draftId": draft["draftId"]}),
        )
        .await;
    assert_eq!(stopped["cancelled"], true);
    let id: JobId = serde_json::from_value(draft["draftId"].clone()).unwrap();
    world.server.api.wait_for_end(&id).await;
    world.check_each_once();
    world.stop().await;
}

/// Exim takes a mail, finds that nobody has the address, and sends it back into the mailbox of whoever sent it.
#[tokio::test(flavor = "multi_thread")]
async fn outgoing_what_comes_back_is_shown_on_its_job_and_the_address_gets_no_more_mail() {
    let world = World::start().await;
    let send =
        json!({"from": "alice@example.org", "subject": "Hi", "text": "Hello", "hold_seconds": 0});
    let rows = ["ann@example.org", "gone-bo@example.org", "dan@example.org"];
    let rows = rows.map(|to| json!({ "to": to }));
    let job = world.send(&send, &rows).await;
    let job = world.server.api.wait_for_end(&job.id).await;
    assert_eq!(job.counts.succeeded, 3, "{job:#?}");
    assert_eq!(world.exim.wait_for(3), 3, "two mails and a report");
    let reports = world.exim.arrived().remove("alice@example.org");
    let mut mail_program = Client::sign_in(
        world.dovecot.port,
        &world.dovecot.user,
        &world.dovecot.password,
    );
    let crlf = |report: Vec<u8>| {
        let text = String::from_utf8(report).unwrap();
        text.replace("\r\n", "\n")
            .replace('\n', "\r\n")
            .into_bytes()
    };
    let reports: Vec<Vec<u8>> = reports.unwrap().into_iter().map(crlf).collect();
    mail_program.append("INBOX", &reports, "");
    let path = format!("/jobs/{}/bounces", job.id);
    world.server.api.post(&path, &json!({})).await.success();
    let found = loop {
        let found: Bounces = world.server.api.get(&path).await.success().json();
        let look = found.look.as_ref().unwrap();
        assert_ne!(look.state, ScanState::Failed, "{:?}", look.problem);
        if look.state == ScanState::Done {
            break found;
        }
        sleep(Duration::from_millis(50)).await;
    };
    let bounce = &found.bounces[0];
    assert_eq!(
        (found.total, bounce.item.as_str()),
        (1, "gone-bo@example.org")
    );
    let seen = (bounce.kind, bounce.reason, bounce.said.as_deref());
    let expected = (
        BounceKind::ForGood,
        Some(ItemReason::NoSuchRecipient),
        Some("No such user here"),
    );
    assert_eq!(seen, expected);
    let after = world.server.api.job(&job.id).await;
    assert_eq!(after.counts, job.counts, "they stay what they are");
    // The next draft leaves the address out.
    let draft = world.server.api.draft(&world.job(&send, &rows)).await;
    assert_eq!((draft.state, draft.total), (State::Draft, 2));
    let path = format!("/jobs/{}/left-out", draft.id);
    let out: LeftOutRows = world.server.api.get(&path).await.success().json();
    assert_eq!((out.total, out.rows[0].row), (1, 2));
    assert_eq!(out.rows[0].why, Suppression::Bounced);
    world.stop().await;
}
