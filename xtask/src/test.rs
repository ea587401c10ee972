//! `cargo xtask test`: everything, with nothing left out unless it is named.
//!
//! All native crates are compiled by one cargo call and their tests are run from what it reports:
//! nothing is compiled twice, and each program gets a line of its own in the table.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo::{cargo, run};
use crate::install::Tool;
use crate::kept::xtask;
use crate::report::Report;
use crate::selections::NATIVE;
use crate::{app, check, clients, infra, npm, python, schemathesis, site};

/// The test program that starts everything, and whose modules may need a tool.
const STORIES: &str = "stories";

/// What may be left out.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Leave out what needs this tool (may be given more than once)
    #[arg(long, value_enum, value_name = "TOOL")]
    without: Vec<Tool>,
}

/// Runs every part, and fails if one failed or could not run.
///
/// In front: checks, build, tests. Beside them runs what waits for others or keeps one core busy only.
pub(crate) fn run_all(options: &Options) -> Result<()> {
    let report = Report::default();
    let mut built = Built::default();
    report.part("binding generator", app::build_generator);
    let (compiled, prepared) = thread::scope(|scope| {
        let preparing = scope.spawn(|| prepare(&report, options));
        check::steps(&report, &options.without);
        let compiled = report.part("build", || build().map(|all| built = all));
        eprintln!("\nWaiting for what tests need …");
        (compiled, preparing.join())
    });
    report.show_kept();
    let Ok(Prepared { missing, app }) = prepared else {
        bail!("what tests need could not be prepared");
    };
    thread::scope(|scope| {
        if compiled && !missing.contains(&Tool::Python) {
            scope.spawn(|| beside_tests(&report, &built.server));
        }
        // First, because packaging will keep cargo from it.
        report.part("tests: xtask", || {
            run(&mut cargo(&["test", "--package", "xtask"]))
        });
        if compiled && app {
            run_tests(&report, &built, &missing);
        }
    });
    report.finish()
}

/// What needs no test to have run.
fn beside_tests(report: &Report, server: &Path) {
    report.beside("the API against its document", |kept| {
        schemathesis::ask(server, kept)
    });
    report.beside("clients made from the document", |kept| {
        clients::make(server, kept)
    });
    report.beside("functions: packaged for arm64", |kept| {
        kept.run(&mut yielding(&xtask(&["package", "--quick"])?))
    });
}

/// What tests stand on, besides the crates.
struct Prepared {
    /// Left out by name, or could not be installed.
    missing: Vec<Tool>,
    /// Whether there is an app to test.
    app: bool,
}

/// Installs the tools, translates the template for the stories that start the functions with its roles and
/// settings, and builds the app.
fn prepare(report: &Report, options: &Options) -> Prepared {
    let ours = |name: &str, arguments: &[&str]| {
        report.beside(name, |kept| kept.run(&mut xtask(arguments)?))
    };
    let mut missing = options.without.clone();
    for tool in Tool::ALL {
        if options.without.contains(&tool) {
            report.left_out(&format!("all that needs {}", tool.name()));
        } else if !ours(&format!("tool: {}", tool.name()), &["install", tool.name()]) {
            missing.push(tool);
        }
    }
    if !missing.contains(&Tool::Python) {
        ours("template of the functions", &["infra"]);
    }
    let app = ours("app", &["app"]);
    if app {
        ours("size of the app", &["size"]);
    }
    Prepared { missing, app }
}

/// The same command, but so that it uses only time that nobody else wants: tests have their patience.
fn yielding(command: &Command) -> Command {
    let mut nice = crate::cargo::command("nice");
    nice.args(["-n", "19"]).arg(command.get_program());
    nice.args(command.get_args()).stdin(Stdio::null());
    nice
}

/// Runs each test program as a part of its own, except those that need what is missing.
fn run_tests(report: &Report, built: &Built, missing: &[Tool]) {
    let mut counts = Counts::default();
    for program in &built.tests {
        let is_named = |tool: &Tool| tool.tests().contains(&program.target.as_str());
        if missing.iter().any(is_named) {
            continue;
        }
        report.part(&program.name(), || {
            program.run(&built.server, missing, &mut counts)
        });
    }
    let Counts { passed, failed } = counts;
    eprintln!("\nTests of the workspace: {passed} passed, {failed} failed");
}

/// What one cargo call made.
#[derive(Default)]
struct Built {
    server: PathBuf,
    tests: Vec<Program>,
}

/// A program full of tests.
struct Program {
    folder: PathBuf,
    target: String,
    file: PathBuf,
}

#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
}

/// Builds every binary and every test program of the native crates.
fn build() -> Result<Built> {
    let mut cargo = cargo(&["build", "--message-format", "json-render-diagnostics"]);
    let mut child = cargo.args(NATIVE).stdout(Stdio::piped()).spawn()?;
    let lines = BufReader::new(child.stdout.take().context("cargo has no output")?).lines();
    let mut built = Built::default();
    for line in lines {
        note_artifact(&serde_json::from_str(&line?)?, &mut built);
    }
    if !child.wait()?.success() {
        bail!("the workspace does not compile");
    }
    if built.server.as_os_str().is_empty() {
        bail!("cargo built no program called bulkhead");
    }
    // The stories come last: what is wrong inside a crate is easier to see in its own tests.
    built
        .tests
        .sort_by_key(|program| program.folder.ends_with("tests"));
    Ok(built)
}

fn note_artifact(message: &Value, built: &mut Built) {
    let (Some(file), Some(manifest), Some(target)) = (
        message["executable"].as_str(),
        message["manifest_path"].as_str(),
        message["target"]["name"].as_str(),
    ) else {
        return;
    };
    if message["profile"]["test"] == true {
        let folder = Path::new(manifest).parent().unwrap_or(Path::new("."));
        let (folder, target, file) = (folder.to_owned(), target.to_owned(), file.into());
        built.tests.push(Program {
            folder,
            target,
            file,
        });
    } else if target == "bulkhead" {
        built.server = file.into();
    }
}

impl Program {
    fn name(&self) -> String {
        let folder = self
            .folder
            .strip_prefix(crate::cargo::root())
            .unwrap_or(&self.folder);
        format!("tests: {} {}", folder.display(), self.target)
    }

    /// Runs it as cargo would, and counts what it reports.
    fn run(&self, server: &Path, missing: &[Tool], counts: &mut Counts) -> Result<()> {
        let mut command = Command::new(&self.file);
        command
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder);
        command
            .env("BULKHEAD_BINARY", server)
            .env("BULKHEAD_APP", site::folder())
            .env("BULKHEAD_TOOLS", python::programs())
            .env("BULKHEAD_TEMPLATE", infra::template())
            .env("BULKHEAD_AXE", npm::AXE.folder());
        // The functions are built beside the server, by the same call.
        if let Some(folder) = server.parent() {
            command.env("BULKHEAD_FUNCTIONS", folder);
        }
        for name in missing.iter().flat_map(|tool| tool.tests()) {
            // The stories' modules are named for a tool, and other words of theirs may be like it. Any
            // program may have tests that need Python or Cyrus, and the word is part of their names.
            if Tool::Python.tests().contains(name) || *name == "cyrus" {
                command.args(["--skip", name]);
            } else if self.target == STORIES {
                command.args(["--skip", &format!("{name}::")]);
            }
        }
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
            let line = line?;
            eprintln!("{line}");
            counts.add(&line);
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("ended with {status}");
        }
        Ok(())
    }
}

impl Counts {
    /// Reads `test result: ok. 5 passed; 0 failed; …`.
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        let words: Vec<&str> = result.split([' ', ';']).collect();
        for pair in words.windows(2) {
            let number: u64 = pair[0].parse().unwrap_or(0);
            match pair[1] {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_a_test_program_reports() {
        let mut counts = Counts::default();
        counts.add("test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out");
        counts.add("test result: FAILED. 1 passed; 3 failed; 0 ignored");
        counts.add("test story ... 9 passed");
        assert_eq!((counts.passed, counts.failed), (6, 3));
    }
}
