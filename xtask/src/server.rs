//! A server for the programs that ask one: on a folder of its own, with few mails, ended when it is no
//! longer needed.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::cargo::target;

/// Mails in the sandbox: enough for pages, few enough to be quick.
const MAILS: &str = "300";

/// A server, ended when it is no longer needed.
pub(crate) struct Server {
    process: Child,
    /// Kept open: a server that cannot print the rest of its welcome ends.
    output: BufReader<ChildStdout>,
    port: u16,
    /// Lets a client in.
    pub(crate) token: String,
}

impl Server {
    /// Starts this program on an empty folder of this name below `target`.
    pub(crate) fn start(program: &Path, name: &str) -> Result<Self> {
        let folder = target().join(name);
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
        server.token = fs::read_to_string(folder.join("token"))?.trim().to_owned();
        Ok(server)
    }

    fn read_address(&mut self) -> Result<()> {
        for line in self.output.by_ref().lines() {
            // http://127.0.0.1:4040/#sign-in=…
            if let Some((place, _)) = line?.split_once("/#sign-in=") {
                let (_, port) = place.rsplit_once(':').context("no port")?;
                self.port = port.parse()?;
                return Ok(());
            }
        }
        bail!("the server ended without an address")
    }

    /// Where it is.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What is at this path below the base of the API.
    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        self.call("GET", path, "")
    }

    /// One call below the base of the API, by hand: three of them are no reason for a library.
    pub(crate) fn call(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let Self { port, token, .. } = self;
        write!(
            stream,
            "{method} /api/v1{path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\
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
