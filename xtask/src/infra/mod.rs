//! `cargo xtask infra`: the template, checked and translated, without an account.
//!
//! Each checker sees what the others miss: AWS's own validation knows SAM, the linter knows every
//! property's form, the policy scanner knows what is commonly forgotten, and the rules here know what
//! Bulkhead needs. `mutations` proves that each seeded defect is found by one of them.

mod files;
mod mutations;
mod rules;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::cargo::{command, root, run};
use crate::install::{self, Tool};
use crate::python;
use crate::report::Report;

use files::{read, script, translate};
pub(crate) use files::{source, template};

/// Installs the programs, then runs every step, also after one failed.
pub(crate) fn infra() -> Result<()> {
    install::ensure(Tool::Python)?;
    let report = Report::default();
    if steps(&report) {
        eprintln!("\nThe translated template: {}", template().display());
    }
    report.finish()
}

/// Translates the template and checks nothing, for who only needs it; the programs are there.
pub(crate) fn make_template() -> Result<()> {
    translate(&[(source(), template())])
}

/// The steps. Answers whether there is a translated template.
fn steps(report: &Report) -> bool {
    report.part("template: validation", validate);
    if !report.part("template: translation", make_template) {
        return false;
    }
    report.part("template: linter, on source and translation", || {
        lint(&[source(), template()])
    });
    report.part("template: policy scanner", || scan(&template()));
    report.part("template: own rules", || check_rules(&template()));
    report.part("template: seeded defects are found", mutations::check);
    report.part("template: deployed into an emulator", || {
        run(script("emulate.py").arg(template()))
    });
    true
}

fn validate() -> Result<()> {
    let mut sam = command(&python::program("sam"));
    sam.env("SAM_CLI_TELEMETRY", "0")
        // It asks for a region, and then nothing of it.
        .env("AWS_DEFAULT_REGION", "eu-central-1");
    run(sam.args(["validate", "--template-file"]).arg(source()))
}

fn lint(files: &[PathBuf]) -> Result<()> {
    // After "--", or a path could be taken for one more value of an option.
    run(command(&python::program("cfn-lint")).arg("--").args(files))
}

fn scan(file: &Path) -> Result<()> {
    let config = root().join("infra").join("checkov.yaml");
    let mut checkov = command(&python::program("checkov"));
    checkov.arg("--config-file").arg(config);
    run(checkov.arg("--file").arg(file))
}

fn check_rules(file: &Path) -> Result<()> {
    let broken = rules::broken(&read(file)?);
    if !broken.is_empty() {
        bail!("broken rules:\n  {}", broken.join("\n  "));
    }
    Ok(())
}
