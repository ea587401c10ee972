//! Makes clients from the OpenAPI document with the two programs that people use most for it, and does the
//! main job with one of them: what they do not understand of the document fails here.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::cargo::{root, target};
use crate::kept::Kept;
use crate::python;
use crate::server::Server;

/// The versions are pinned in `infra/requirements-clients.txt` and `tests/clients/package-lock.json`.
pub(crate) fn make(server: &Path, kept: &mut Kept) -> Result<()> {
    let server = Server::start(server, "clients-server")?;
    let folder = target().join("clients");
    fs::create_dir_all(&folder)?;
    let document = folder.join("openapi.json");
    fs::write(&document, server.get("/openapi.json")?.to_string())?;
    python(&server, &document, &folder, kept)?;
    typescript(&document, &folder, kept)
}

/// A client in Python, which then does the main job.
fn python(server: &Server, document: &Path, folder: &Path, kept: &mut Kept) -> Result<()> {
    let package = folder.join("python");
    let mut generator = python::for_clients("openapi-python-client")?;
    generator.args(["generate", "--overwrite", "--fail-on-warning", "--path"]);
    kept.run(generator.arg(document).arg("--output-path").arg(&package))?;
    let mut client = python::for_clients("python")?;
    client.env("PYTHONPATH", &package);
    client.arg(root().join("tests/clients/main_job.py"));
    kept.run(client.args([&server.address(), &server.token]))
}

/// Types for TypeScript, which the requests of the main job have to fit.
fn typescript(document: &Path, folder: &Path, kept: &mut Kept) -> Result<()> {
    let package = folder.join("typescript");
    fs::create_dir_all(&package)?;
    for name in ["package.json", "package-lock.json", "main_job.ts"] {
        fs::copy(root().join("tests/clients").join(name), package.join(name))?;
    }
    let mut npm = python::for_clients("npm")?;
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    kept.run(npm.current_dir(&package))?;
    let run = |program: &str| -> Result<_> {
        let mut npx = python::for_clients("npx")?;
        npx.args(["--no-install", program]).current_dir(&package);
        Ok(npx)
    };
    kept.run(
        run("openapi-typescript")?
            .arg(document)
            .args(["-o", "api.ts"]),
    )?;
    kept.run(run("tsc")?.args(["--noEmit", "--strict", "main_job.ts"]))
}
