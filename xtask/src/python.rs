//! The programs that are written in Python or come as Python packages, in environments of their
//! own under `target/tools`, with every version and every file's hash pinned by a file in `infra`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::cargo::{alone, command, root, run, target};

/// An environment: where it is below `target`, and what is installed in it.
struct Environment {
    folder: &'static str,
    requirements: &'static str,
}

const TOOLS: Environment = Environment {
    folder: "tools",
    requirements: "infra/requirements.txt",
};
/// Apart, because two programs want different versions of one library.
const POLICY: Environment = Environment {
    folder: "tools-policy",
    requirements: "infra/requirements-policy.txt",
};
/// Apart as well: what makes clients, with a Node of its own for the one that is written in TypeScript.
const CLIENTS: Environment = Environment {
    folder: "tools-clients",
    requirements: "infra/requirements-clients.txt",
};
/// Apart, because it is all that `check` needs: what stands beside cargo.
const CARGO: Environment = Environment {
    folder: "tools-cargo",
    requirements: "infra/requirements-cargo.txt",
};
/// Programs of the second environment that are found beside those of the first.
const LINKED: [&str; 1] = ["checkov"];

/// The folder with all the programs.
pub(crate) fn programs() -> PathBuf {
    TOOLS.folder().join("bin")
}

/// The path of one of the programs.
pub(crate) fn program(name: &str) -> String {
    programs().join(name).to_string_lossy().into_owned()
}

/// One of the programs that make clients from the API's document. They find each other.
pub(crate) fn for_clients(name: &str) -> Result<Command> {
    let programs = CLIENTS.folder().join("bin");
    let mut folders = vec![programs.clone()];
    folders.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let mut program = command(&programs.join(name).to_string_lossy());
    program.env("PATH", std::env::join_paths(folders)?);
    Ok(program)
}

/// The path of one of the programs beside cargo.
pub(crate) fn for_cargo(name: &str) -> PathBuf {
    CARGO.folder().join("bin").join(name)
}

/// Makes the environment with the programs beside cargo.
pub(crate) fn ensure_for_cargo() -> Result<()> {
    let _alone = alone("tools-cargo")?;
    CARGO.ensure()
}

/// Makes the environments, or makes them anew after a change of their files.
pub(crate) fn ensure() -> Result<()> {
    // Two commands at once would write into each other's environment.
    let _alone = alone("tools")?;
    TOOLS.ensure()?;
    POLICY.ensure()?;
    CLIENTS.ensure()?;
    for name in LINKED {
        link(
            &POLICY.folder().join("bin").join(name),
            &programs().join(name),
        )?;
    }
    Ok(())
}

impl Environment {
    fn folder(&self) -> PathBuf {
        target().join(self.folder)
    }

    fn ensure(&self) -> Result<()> {
        let wanted = root().join(self.requirements);
        let text = fs::read(&wanted).with_context(|| format!("no {}", self.requirements))?;
        let hash: String = Sha256::digest(&text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let stamp = self.folder().join("installed.sha256");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == hash) {
            return Ok(());
        }
        eprintln!(
            "Installing {} into {} …",
            self.requirements,
            self.folder().display()
        );
        self.create()?;
        let mut pip = command(&self.folder().join("bin/pip").to_string_lossy());
        pip.args(["install", "--quiet", "--disable-pip-version-check"]);
        // Each file has to be the very one that was chosen; what they need of each other is in the list.
        pip.args(["--require-hashes", "--no-deps"]);
        run(pip.arg("--requirement").arg(&wanted))?;
        // Last, so that an installation that broke off is begun again.
        fs::write(stamp, hash)?;
        Ok(())
    }

    fn create(&self) -> Result<()> {
        let mut python = command("python3");
        run(python.args(["-m", "venv", "--clear"]).arg(self.folder()))
    }
}

#[cfg(unix)]
fn link(program: &Path, name: &Path) -> Result<()> {
    if fs::read_link(name).is_ok_and(|present| present == program) {
        return Ok(());
    }
    if name.symlink_metadata().is_ok() {
        fs::remove_file(name)?;
    }
    Ok(std::os::unix::fs::symlink(program, name)?)
}

#[cfg(not(unix))]
fn link(_program: &Path, _name: &Path) -> Result<()> {
    anyhow::bail!("the Python tools are set up on Linux and macOS only")
}
