//! What others wrote and we build in: licences, sources, bans and duplicate versions, and known holes.
//! cargo-deny judges by `deny.toml`.

use anyhow::Result;

use crate::cargo::{command, run};
use crate::install::{self, Tool};
use crate::python;
use crate::report::Report;

/// The parts, unless the tool that cargo-deny comes with is left out by name.
pub(crate) fn parts(report: &Report, without: &[Tool]) {
    const RULES: &str = "dependencies: licences, sources, bans, duplicates";
    const HOLES: &str = "dependencies: advisories";
    if without.contains(&Tool::Python) {
        report.left_out(RULES);
        report.left_out(HOLES);
        return;
    }
    let ready = report.part(RULES, || {
        install::ensure_programs(Tool::Python)?;
        python::ensure_for_cargo()?;
        deny(&["check", "bans", "licenses", "sources"])
    });
    // The database of holes is a repository of its own: without a way to it nothing can be said, and
    // that is no fault of what is checked.
    if ready && deny(&["fetch", "db"]).is_ok() {
        report.part(HOLES, || deny(&["check", "advisories"]));
    } else {
        report.left_out(&format!("{HOLES} (the database cannot be fetched)"));
    }
}

fn deny(arguments: &[&str]) -> Result<()> {
    let program = python::for_cargo("cargo-deny");
    run(command(&program.to_string_lossy()).args(arguments))
}
