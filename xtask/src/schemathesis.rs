//! Asks a running server what its own OpenAPI document allows, and what it does not, and looks whether
//! each answer is described: `schemathesis`, as `xtask/schemathesis.toml` says.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::cargo::{command, root, target};
use crate::kept::Kept;
use crate::python;

/// Mails in the sandbox: enough for pages, few enough to be quick.
const MAILS: &str = "300";
/// How long a job over them may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the server on a folder of its own and asks it; what is said about it is kept.
pub(crate) fn ask(server: &Path, kept: &mut Kept) -> Result<()> {
    let server = Server::start(server)?;
    let account = server.get("/accounts")?["accounts"][0]["id"].clone();
    let job = server.exported(&account)?;
    let mut program = command(&python::program("schemathesis"));
    program
        .arg("--config-file")
        .arg(root().join("xtask/schemathesis.toml"))
        .args(["run", "--no-color"])
        .arg(format!("{}/api/v1/openapi.json", server.address()))
        .env("BULKHEAD_TOKEN", &server.token)
        .env("BULKHEAD_ACCOUNT", text(&account)?)
        .env("BULKHEAD_JOB", job);
    kept.run(&mut program)
}

/// A server, ended when it is no longer needed.
struct Server {
    process: Child,
    /// Kept open: a server that cannot print the rest of its welcome ends.
    output: BufReader<ChildStdout>,
    port: u16,
    token: String,
}

impl Server {
    fn start(program: &Path) -> Result<Self> {
        let folder = target().join("schemathesis");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let mut process = Command::new(program)
            .args(["--port", "0", "--mails", MAILS, "--data"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start the server")?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut server = Self {
            process,
            output: BufReader::new(output),
            port: 0,
            token: String::new(),
        };
        server.read_address()?;
        Ok(server)
    }

    fn read_address(&mut self) -> Result<()> {
        for line in self.output.by_ref().lines() {
            // http://localhost:4040/sign-in?token=…
            if let Some((place, token)) = line?.split_once("/sign-in?token=") {
                let (_, port) = place.rsplit_once(':').context("no port")?;
                self.port = port.parse()?;
                self.token = token.trim().to_owned();
                return Ok(());
            }
        }
        bail!("the server ended without an address")
    }

    fn address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// An export that has ended: it has outcomes, a file, and can be looked at from all sides.
    fn exported(&self, account: &Value) -> Result<String> {
        let draft = json!({"account": account, "selection": {"query": "in:inbox"},
            "operation": {"type": "export", "format": "json"}});
        let id = text(&self.call("POST", "/jobs", &draft.to_string())?["id"])?;
        let path = format!("/jobs/{id}");
        self.wait_for(&path, "draft")?;
        let preview = self.get(&format!("{path}/preview"))?;
        let yes = json!({"manifest_hash": preview["manifest_hash"]});
        self.call("POST", &format!("{path}/confirm"), &yes.to_string())?;
        self.wait_for(&path, "completed")?;
        Ok(id)
    }

    fn wait_for(&self, path: &str, state: &str) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while self.get(path)?["state"] != state {
            ensure!(Instant::now() < end, "the job is not {state}");
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.call("GET", path, "")
    }

    /// One call, by hand: three of them are no reason for a library.
    fn call(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let Self { port, token, .. } = self;
        write!(
            stream,
            "{method} /api/v1{path} HTTP/1.0\r\nHost: localhost:{port}\r\n\
             Authorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
        let status = head.split(' ').nth(1).unwrap_or_default();
        ensure!(
            status.starts_with('2'),
            "{method} {path} answered {status}: {body}"
        );
        Ok(serde_json::from_str(body)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("no id")?.to_owned())
}
