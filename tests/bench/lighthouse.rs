//! Lighthouse over the mail page of who is signed in: speed, reach and good manners, as search engines count
//! them.
//!
//! `BULKHEAD_LIGHTHOUSE` names the program and `BULKHEAD_NODE` what runs it; `cargo xtask bench web` sets both.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use bulkhead_tests::driver::Bulkhead;
use serde::Serialize;
use serde_json::Value;

/// What is asked of it.
const CATEGORIES: [&str; 3] = ["performance", "accessibility", "best-practices"];
/// No window, and no sandbox, which a container's root has not.
const CHROME: &str = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage";

/// Points out of a hundred, by category; and what was marked down.
#[derive(Debug, Serialize)]
pub(crate) struct Scores {
    desktop: Marks,
    mobile: Marks,
}

#[derive(Debug, Serialize)]
struct Marks {
    /// What this machine was worth meanwhile, as Lighthouse has it (`environment.benchmarkIndex`): the points of one that
    /// is half as fast, or has other work, are no others' points.
    machine: f64,
    points: BTreeMap<String, u64>,
    /// Milliseconds, or a share for the shift of the layout.
    metrics: BTreeMap<String, f64>,
    /// Checks of reach and manners that did not pass.
    failed: Vec<String>,
}

/// Runs of each kind, of which the one with the median speed counts: one alone tells as much of what else the machine
/// did.
const RUNS: usize = 3;

/// Measures; none where there is no Lighthouse.
pub(crate) async fn measure(server: &Bulkhead) -> Option<Scores> {
    let program = std::env::var_os("BULKHEAD_LIGHTHOUSE")?;
    let node = std::env::var_os("BULKHEAD_NODE")?;
    let run = |preset: &[&str]| {
        let headers = serde_json::json!({"Authorization": format!("Bearer {}", server.token())});
        let mut lighthouse = Command::new(&node);
        lighthouse.arg(Path::new(&program)).arg(server.page("/"));
        lighthouse.args(["--output=json", "--quiet", "--only-categories"]);
        lighthouse.arg(CATEGORIES.join(","));
        lighthouse.arg(format!("--chrome-flags={CHROME}"));
        lighthouse.arg(format!("--extra-headers={headers}"));
        lighthouse.args(preset).env("CHROME_PATH", "chromium");
        let output = lighthouse.stderr(Stdio::inherit()).output().unwrap();
        assert!(
            output.status.success(),
            "Lighthouse ended with {}",
            output.status
        );
        marks(&serde_json::from_slice(&output.stdout).unwrap())
    };
    let median = |preset: &[&str]| {
        let mut runs: Vec<Marks> = (0..RUNS).map(|_| run(preset)).collect();
        runs.sort_by_key(|marks| marks.points["performance"]);
        runs.swap_remove(RUNS / 2)
    };
    Some(Scores {
        desktop: median(&["--preset=desktop"]),
        mobile: median(&[]),
    })
}

fn marks(report: &Value) -> Marks {
    let points = CATEGORIES.map(|name| {
        let score = report["categories"][name]["score"].as_f64();
        let score = score.unwrap_or_else(|| panic!("no score for {name}"));
        (name.to_owned(), (score * 100.0).round() as u64)
    });
    let metrics = [
        "first-contentful-paint",
        "largest-contentful-paint",
        "total-blocking-time",
        "cumulative-layout-shift",
        "speed-index",
    ];
    let metrics = metrics.iter().filter_map(|name| {
        let value = report["audits"][name]["numericValue"].as_f64()?;
        Some(((*name).to_owned(), value))
    });
    let metrics = metrics.collect();
    let checks = CATEGORIES[1..].iter().flat_map(|name| {
        report["categories"][name]["auditRefs"]
            .as_array()
            .into_iter()
            .flatten()
    });
    let failed = checks.filter_map(|check| {
        let id = check["id"].as_str()?;
        let audit = &report["audits"][id];
        let counts = check["weight"].as_f64()? > 0.0;
        let failed = counts && audit["score"].as_f64().is_some_and(|score| score < 1.0);
        failed.then(|| format!("{id}: {}", audit["title"].as_str().unwrap_or_default()))
    });
    let failed = failed.collect();
    Marks {
        machine: report["environment"]["benchmarkIndex"]
            .as_f64()
            .unwrap_or(f64::NAN),
        points: points.into_iter().collect(),
        metrics,
        failed,
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, marks) in [("desktop", &self.desktop), ("mobile", &self.mobile)] {
            write!(f, "  Lighthouse, {name:<7}   ")?;
            for (category, points) in &marks.points {
                write!(f, " {category} {points}")?;
            }
            writeln!(f, " on a machine of {:.0}", marks.machine)?;
            for (metric, value) in &marks.metrics {
                writeln!(f, "    {metric:<26} {value:>8.2}")?;
            }
            for failed in &marks.failed {
                writeln!(f, "    not passed: {failed}")?;
            }
        }
        Ok(())
    }
}
