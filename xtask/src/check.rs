//! `cargo xtask check`: what can be said about the source without running it.

use anyhow::Result;

use crate::cargo::{WASM, cargo, ensure_wasm_target, run};
use crate::install::Tool;
use crate::report::Report;
use crate::selections::NATIVE;
use crate::{arrows, deny, documented, features, file_cycles, fuzz, headers, languages, texts};

/// Runs every step, also after one failed.
pub(crate) fn check() -> Result<()> {
    let report = Report::default();
    steps(&report, &[]);
    report.finish()
}

/// The steps, for `test` too, but for those that need what is left out.
pub(crate) fn steps(report: &Report, without: &[Tool]) {
    report.part("format", || run(&mut cargo(&["fmt", "--all", "--check"])));
    report.part("module headers", headers::check);
    report.part("texts in language files", texts::check);
    report.part("what servers say", languages::check_servers);
    report.part("documented items", documented::check);
    report.part("dependency arrows", arrows::check);
    report.part("cycles between files", file_cycles::check);
    report.part("one set of features", features::check);
    report.part("lock of the fuzz targets", fuzz::locked);
    deny::parts(report, without);
    report.part("clippy", || {
        run(cargo(&["clippy"])
            .args(NATIVE)
            .args(["--", "-D", "warnings"]))?;
        let xtask = [
            "clippy",
            "--package",
            "xtask",
            "--package",
            "xtask-bindgen",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ];
        run(&mut cargo(&xtask))
    });
    report.part("WebAssembly: clippy of shared and frontend", || {
        ensure_wasm_target()?;
        let app = [
            "--package",
            "bulkhead-shared",
            "--package",
            "bulkhead-frontend",
            "--target",
            WASM,
        ];
        run(cargo(&["clippy"]).args(app).args(["--", "-D", "warnings"]))
    });
}
