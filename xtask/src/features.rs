//! One set of features. What the server is built from has the same features for `dev` as in a build of
//! everything, so that who runs the one and then the other compiles it once.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::cargo::{cargo, output, root};
use crate::selections::{NATIVE, SERVER};

/// Stands between a package and its features in what cargo prints.
const BETWEEN: char = '|';

/// Compares what the server is built from; the error names what differs.
pub(crate) fn check() -> Result<()> {
    let everything = NATIVE.map(|word| match word {
        // All targets are tests too, and what those depend on.
        "--all-targets" => "--edges=normal,build,dev",
        word => word,
    });
    let all = crates(&everything)?;
    let needed = crates(&["--package", "bulkhead", "--edges=normal,build"])?;
    let alone = crates(&[&SERVER[..], &["--edges=normal,build"]].concat())?;
    let missing = differing(&needed, &alone, &all);
    if !missing.is_empty() {
        bail!(
            "`dev` would compile these anew; name the features of the second line in tests/Cargo.toml:\n  {}",
            missing.join("\n  ")
        );
    }
    Ok(())
}

/// Crates of others with their features, as cargo would build this selection.
fn crates(selection: &[&str]) -> Result<BTreeSet<String>> {
    let tree = ["tree", "--prefix", "none", "--format", "{p}|{f}"];
    let text = output(cargo(&tree).args(selection))?;
    let ours = root().to_string_lossy();
    let others = text.lines().filter(|line| !line.contains(&*ours));
    let lines = others.map(|line| line.trim_end_matches(" (*)").trim_end());
    Ok(lines.map(str::to_owned).collect())
}

/// What is needed and built with other features alone than with everything: a line for each of the two. A crate
/// may be there twice, for macros that run while compiling too; one of the two is then the same.
fn differing(
    needed: &BTreeSet<String>,
    alone: &BTreeSet<String>,
    all: &BTreeSet<String>,
) -> Vec<String> {
    let same: BTreeSet<&str> = alone.intersection(all).map(|line| package(line)).collect();
    let needed = needed.iter().map(|line| package(line));
    let needed: BTreeSet<&str> = needed.filter(|package| !same.contains(package)).collect();
    let only = |here: &BTreeSet<String>, there: &BTreeSet<String>| -> Vec<String> {
        let lines = here.difference(there);
        let lines = lines.filter(|line| needed.contains(package(line)));
        lines.cloned().collect()
    };
    let differ = only(alone, all);
    let packages: BTreeSet<&str> = differ.iter().map(|line| package(line)).collect();
    let wanted = all.iter().filter(|line| packages.contains(package(line)));
    let mut lines: Vec<String> = differ.iter().chain(wanted).cloned().collect();
    lines.sort();
    lines
}

fn package(line: &str) -> &str {
    line.split(BETWEEN).next().unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str]) -> BTreeSet<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn names_what_differs_among_what_is_needed() {
        let needed = lines(&["serde v1|std", "ring v1|"]);
        let alone = lines(&["serde v1|std", "ring v1|", "other v1|"]);
        let all = lines(&["serde v1|rc,std", "ring v1|", "other v1|std"]);
        let differ = differing(&needed, &alone, &all);
        assert_eq!(differ, ["serde v1|rc,std", "serde v1|std"]);
        assert!(differing(&needed, &all, &all).is_empty());
        let twice = lines(&["serde v1|std", "serde v1|rc,std", "ring v1|"]);
        assert!(differing(&needed, &twice, &all).is_empty());
    }
}
