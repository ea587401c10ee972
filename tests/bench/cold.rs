//! Cold starts: from the start of a function's process to its first call for an event, and to its
//! first answer, each beside a function that does nothing, in turns in the same run.
//!
//! It is what our code adds. AWS adds the start of a machine, the way of the package to it and TLS;
//! the cores here are whole ones. The system's roots are read from one file, as they are kept on Amazon
//! Linux; other systems have hundreds of files besides.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use bulkhead_cloud::lambda::{Function, Spec, Start};
use bulkhead_cloud::mapping::occasion;
use bulkhead_tests::functions::{Cloud, Expected, Wishes, functions};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde_json::{Value, json};

/// Starts of each function.
const ROUNDS: usize = 60;
/// Aims: at most so many times the function that does nothing, and so many bytes packed.
const MOST_TIMES: f64 = 1.5;
const MOST_BYTES: u64 = 10_000_000;

/// Where systems keep all roots in one file: Amazon Linux, Debian.
const ROOTS: [&str; 2] = [
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
];

/// One function beside the one that does nothing.
#[derive(Debug, Serialize)]
struct Row {
    function: String,
    packed_bytes: u64,
    ready: Times,
    answered: Times,
    minimal_ready: Times,
    minimal_answered: Times,
}

/// Milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
struct Times {
    p50: f64,
    p90: f64,
    p99: f64,
}

/// All functions.
#[derive(Debug, Serialize)]
pub(crate) struct Cold(Vec<Row>);

/// Measures every function.
pub(crate) async fn measure() -> Cold {
    let cloud = Cloud::start(Wishes {
        // Only what is measured runs.
        sweep_every: Duration::from_secs(3_600),
        ..Wishes::default()
    })
    .await;
    let token = cloud.sign_in.token_for("bench");
    let mut rows = Vec::new();
    for (id, event) in events(&token) {
        let ours = Function::new(with_roots_in_one_file(cloud.function(id).spec()));
        let minimal = Function::new(minimal());
        for _ in 0..ROUNDS {
            for (function, event) in [(&ours, &event), (&minimal, &json!({}))] {
                function.invoke(event).await.unwrap();
                while function.busy() > 0 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                function.recycle();
            }
        }
        let spec = ours.spec();
        rows.push(Row {
            function: spec.name.clone(),
            packed_bytes: packed_bytes(&spec.binary),
            ready: Times::of(&ours, |start| Some(start.ready)),
            answered: Times::of(&ours, |start| start.answered),
            minimal_ready: Times::of(&minimal, |start| Some(start.ready)),
            minimal_answered: Times::of(&minimal, |start| start.answered),
        });
    }
    cloud.stop(&[], Expected::default()).await;
    Cold(rows)
}

/// A first event for each function: the lightest of its usual ones.
fn events(token: &str) -> [(&'static str, Value); 6] {
    let message = json!({"Records": [{
        "messageId": "m", "receiptHandle": "r", "md5OfBody": "", "body": "{}",
        "attributes": {"SentTimestamp": "0", "ApproximateReceiveCount": "1"},
        "messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:::q",
        "awsRegion": "eu-central-1",
    }]});
    [
        ("Submit", request(token, "POST", "/api/v1/jobs")),
        ("Browse", request(token, "GET", "/api/v1/accounts")),
        ("Status", request(token, "GET", "/api/v1/jobs")),
        ("Worker", message.clone()),
        ("Sweep", occasion()),
        ("DeadLetter", message),
    ]
}

fn request(token: &str, method: &str, path: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {"authorization": format!("Bearer {token}"), "content-type": "application/json"},
        "requestContext": {
            "accountId": "0", "apiId": "a", "domainName": "a", "domainPrefix": "a",
            "requestId": "r", "routeKey": "$default", "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 0,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1",
                     "sourceIp": "127.0.0.1", "userAgent": "bench"},
        },
        "body": "{}", "isBase64Encoded": false,
    })
}

fn with_roots_in_one_file(spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    if let Some(file) = ROOTS.iter().find(|file| Path::new(file).exists()) {
        let variables = &mut spec.variables;
        variables.insert("SSL_CERT_FILE".to_owned(), (*file).to_owned());
    }
    spec
}

fn minimal() -> Spec {
    Spec {
        name: "minimal".to_owned(),
        binary: functions().join("minimal"),
        variables: BTreeMap::new(),
        timeout: Duration::from_secs(30),
        memory: 128,
        concurrency: 1,
    }
}

/// As large as the archive that is uploaded; its few bytes of names are left out.
fn packed_bytes(binary: &Path) -> u64 {
    let mut count = Count(0);
    let mut packed = DeflateEncoder::new(&mut count, Compression::default());
    io::copy(&mut File::open(binary).unwrap(), &mut packed).unwrap();
    packed.finish().unwrap();
    count.0
}

struct Count(u64);

impl io::Write for &mut Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Times {
    fn of(function: &Function, pick: impl Fn(&Start) -> Option<Duration>) -> Self {
        let starts = function.starts();
        let mut all: Vec<f64> = starts
            .iter()
            .filter_map(pick)
            .map(|time| time.as_secs_f64() * 1_000.0)
            .collect();
        all.sort_by(f64::total_cmp);
        let at = |share: f64| all[((all.len() as f64 * share) as usize).min(all.len() - 1)];
        Self {
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
        }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>6.1} {:>6.1} {:>6.1}", self.p50, self.p90, self.p99)
    }
}

impl fmt::Display for Cold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<12} {:>7}  {:<20}  {:<20}  {:>7} {:>9}",
            "function", "packed", "ready ms 50/90/99 %", "answered ms", "× ready", "× answer"
        )?;
        for row in &self.0 {
            let ready = row.ready.p50 / row.minimal_ready.p50;
            let answered = row.answered.p50 / row.minimal_answered.p50;
            let mega = row.packed_bytes as f64 / 1e6;
            let fits = ready <= MOST_TIMES && row.packed_bytes <= MOST_BYTES;
            writeln!(
                f,
                "{:<12} {mega:>4.1} MB  {}  {}  {ready:>7.2} {answered:>9.2}  {}",
                row.function,
                row.ready,
                row.answered,
                if fits { "" } else { "over the aim" }
            )?;
            writeln!(
                f,
                "{:<12} {:>7}  {}  {}",
                "  minimal", "", row.minimal_ready, row.minimal_answered
            )?;
        }
        write!(
            f,
            "Aim: ready within {MOST_TIMES} times a function that does nothing, packed under {} MB.",
            MOST_BYTES / 1_000_000
        )
    }
}
