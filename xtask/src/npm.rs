//! Packages of npm that tests and benchmarks need, each set in a folder of its own below `target`, with every
//! version pinned by a lock file below `tests`. The Node that runs them comes with the Python tools.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::cargo::{alone, root, run, target};
use crate::python;

/// A set of packages: where it is below `target`, and the folder with what names them.
pub(crate) struct Packages {
    folder: &'static str,
    named_in: &'static str,
}

/// Looks for what keeps people out of a page.
pub(crate) const AXE: Packages = Packages {
    folder: "tools-axe",
    named_in: "tests/axe",
};
/// Measures a page as search engines do.
pub(crate) const LIGHTHOUSE: Packages = Packages {
    folder: "tools-lighthouse",
    named_in: "tests/lighthouse",
};

impl Packages {
    pub(crate) fn folder(&self) -> PathBuf {
        target().join(self.folder)
    }

    /// Installs them, or installs them anew after a change of their lock file.
    pub(crate) fn ensure(&self) -> Result<()> {
        // Two commands at once would write into the same folder.
        let _alone = alone(self.folder)?;
        let named_in = root().join(self.named_in);
        let lock = named_in.join("package-lock.json");
        let text = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        let hash = Sha256::digest(&text);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let stamp = self.folder().join("installed.sha256");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == hash) {
            return Ok(());
        }
        let folder = self.folder();
        eprintln!("Installing {} into {} …", self.named_in, folder.display());
        fs::create_dir_all(&folder)?;
        for name in ["package.json", "package-lock.json"] {
            fs::copy(named_in.join(name), folder.join(name))?;
        }
        let mut npm = python::for_clients("npm")?;
        // Nothing of theirs runs while they are installed.
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        run(npm.arg("--loglevel=error").current_dir(&folder))?;
        // Last, so that an installation that broke off is begun again.
        fs::write(stamp, hash)?;
        Ok(())
    }
}
