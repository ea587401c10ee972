//! The house's arrows: which crate may depend on which (ARCHITECTURE.md draws them).

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo::{cargo, output};

/// Crates without network, clock and database of their own.
const PURE: [&str; 3] = ["bulkhead-shared", "bulkhead-engine", "bulkhead-model"];
/// What a pure crate never depends on, as beginnings of names.
const OUTSIDE_WORLD: [&str; 8] = [
    "aws-", "axum", "dynoxide", "hyper", "reqwest", "rusqlite", "tokio", "web-sys",
];
/// What tests may use on top: real servers, and the engine's suites through its feature `testing`.
const FOR_TESTS: [&str; 3] = ["bulkhead-engine", "bulkhead-tests", "bulkhead-cloud"];

/// Looks at every workspace member; the error names each arrow that should not be there.
pub(crate) fn check() -> Result<()> {
    let text = output(&mut cargo(&[
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let wrong = wrong_arrows(&serde_json::from_str(&text)?)?;
    if !wrong.is_empty() {
        bail!("arrows that should not be there:\n  {}", wrong.join("\n  "));
    }
    Ok(())
}

/// The crates of ours that a crate may depend on.
fn allowed(package: &str) -> &'static [&'static str] {
    match package {
        // The stand-in for AWS knows nothing of ours, so that nothing of ours can lean on it.
        "bulkhead-words" | "bulkhead-cloud" | "xtask-bindgen" => &[],
        // What is said; the developer commands pack it for the app.
        "bulkhead-shared" | "xtask" => &["bulkhead-words"],
        "bulkhead-frontend" => &["bulkhead-shared", "bulkhead-words"],
        "bulkhead-engine" => &["bulkhead-shared"],
        "bulkhead-tests" => &["bulkhead-shared", "bulkhead-cloud"],
        "bulkhead-model" => &["bulkhead-shared"],
        "bulkhead-connectors" => &["bulkhead-shared", "bulkhead-engine", "bulkhead-model"],
        "bulkhead-aws" | "bulkhead-faces" => &["bulkhead-shared", "bulkhead-engine"],
        "bulkhead-api" => &["bulkhead-shared", "bulkhead-engine", "bulkhead-faces"],
        // Binaries: they put the others together, and nothing depends on them.
        _ => &[
            "bulkhead-shared",
            "bulkhead-engine",
            "bulkhead-connectors",
            "bulkhead-aws",
            "bulkhead-api",
            "bulkhead-lambda",
        ],
    }
}

fn wrong_arrows(metadata: &Value) -> Result<Vec<String>> {
    let packages = metadata["packages"].as_array().context("no packages")?;
    let ours: Vec<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"]
            .as_str()
            .context("a package without a name")?;
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let target = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"] == "dev";
            let fine = if ours.contains(&target) {
                allowed(name).contains(&target) || (for_tests && FOR_TESTS.contains(&target))
            } else {
                for_tests || !(PURE.contains(&name) && reaches_outside(target))
            };
            if !fine {
                wrong.push(format!("{name} → {target}"));
            }
        }
    }
    Ok(wrong)
}

fn reaches_outside(target: &str) -> bool {
    OUTSIDE_WORLD.iter().any(|start| target.starts_with(start))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn wrong(package: &str, dependency: &str, kind: Value) -> Vec<String> {
        let arrow = json!([{"name": dependency, "kind": kind}]);
        let packages = json!([
            {"name": package, "dependencies": arrow},
            {"name": dependency, "dependencies": []},
        ]);
        // What is not ours is not among the packages of the metadata.
        let known = dependency.starts_with("bulkhead");
        let packages = &packages.as_array().unwrap()[..if known { 2 } else { 1 }];
        wrong_arrows(&json!({ "packages": packages })).unwrap()
    }

    #[test]
    fn names_arrows_that_point_the_wrong_way() {
        let normal = || Value::Null;
        assert_eq!(wrong("bulkhead-engine", "bulkhead-aws", normal()).len(), 1);
        assert_eq!(wrong("bulkhead-api", "bulkhead-aws", normal()).len(), 1);
        assert_eq!(wrong("bulkhead-tests", "bulkhead", normal()).len(), 1);
        assert_eq!(wrong("bulkhead-engine", "tokio", normal()).len(), 1);
        assert_eq!(
            wrong("bulkhead-frontend", "bulkhead-engine", normal()).len(),
            1
        );
    }

    #[test]
    fn lets_the_drawn_arrows_pass() {
        assert!(wrong("bulkhead-aws", "tokio", Value::Null).is_empty());
        assert!(wrong("bulkhead", "bulkhead-aws", Value::Null).is_empty());
        assert!(wrong("bulkhead-engine", "tokio", json!("dev")).is_empty());
        assert!(wrong("bulkhead-aws", "bulkhead-tests", json!("dev")).is_empty());
    }
}
