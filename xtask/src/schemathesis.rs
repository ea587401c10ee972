//! Asks a running server what its own OpenAPI document allows, and what it does not, and looks whether
//! each answer is described: `schemathesis`, as `xtask/schemathesis.toml` says.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::cargo::{command, root};
use crate::kept::Kept;
use crate::python;
use crate::server::Server;

/// How long a job over them may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the server on a folder of its own and asks it; what is said about it is kept.
pub(crate) fn ask(server: &Path, kept: &mut Kept) -> Result<()> {
    let server = Server::start(server, "schemathesis")?;
    let account = server.get("/accounts")?["accounts"][0]["id"].clone();
    let job = exported(&server, &account)?;
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

/// An export that has ended: it has outcomes, a file, and can be looked at from all sides.
fn exported(server: &Server, account: &Value) -> Result<String> {
    let draft = json!({"account": account, "selection": {"query": "in:inbox"},
        "operation": {"type": "export", "format": "json"}});
    let id = text(&server.call("POST", "/jobs", &draft.to_string())?["id"])?;
    let path = format!("/jobs/{id}");
    wait_for(server, &path, "draft")?;
    let preview = server.get(&format!("{path}/preview"))?;
    let yes = json!({"manifest_hash": preview["manifest_hash"]});
    server.call("POST", &format!("{path}/confirm"), &yes.to_string())?;
    wait_for(server, &path, "completed")?;
    Ok(id)
}

fn wait_for(server: &Server, path: &str, state: &str) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while server.get(path)?["state"] != state {
        ensure!(Instant::now() < end, "the job is not {state}");
        sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("no id")?.to_owned())
}
