//! No files of a crate lean on each other: what two need lies below both; and no room of the engine on one above it. Paths are read, and not what they
//! mean: a method is not seen, and what a macro makes is taken to be where the macro stands.

mod graph;
mod rooms;
mod source;
mod tokens;

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::cargo::root;
use crate::headers;

use graph::{Arrows, arrows, cycles};
use source::Source;

/// Folders of the crates whose files are looked at.
const FOLDERS: [&str; 5] = ["shared", "frontend", "functions", "tests", "xtask"];
/// The crate that has rooms.
const ENGINE: &str = "functions/engine/src/lib.rs";
/// Files that others may lean on though they lean on them, each with the reason.
const EXCEPTIONS: [(&str, &str); 1] = [(
    "functions/api/src/lib.rs",
    "every handler is given what the API works with, and the document, a route as any other, tells of all routes",
)];

/// Looks at every crate; the error names the files of each cycle with what they use of each other.
pub(crate) fn check() -> Result<()> {
    let mut told = Vec::new();
    for begin in crates()? {
        let mut files = Files::default();
        files.add(begin, Vec::new())?;
        let arrows = files.arrows();
        if files.paths[0] == root().join(ENGINE) {
            told.extend(rooms::faults(&files.sources, &arrows));
        }
        for group in cycles(files.sources.len(), &arrows) {
            told.push(files.shown(&group, &arrows));
        }
    }
    if !told.is_empty() {
        bail!("files that lean on each other:\n{}", told.join("\n"));
    }
    Ok(())
}

/// The files that crates begin with.
fn crates() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        headers::collect(&root().join(folder), &mut files)?;
    }
    files.retain(|file| file.ends_with("src/lib.rs") || file.ends_with("src/main.rs"));
    Ok(files)
}

#[derive(Default)]
struct Files {
    paths: Vec<PathBuf>,
    sources: Vec<Source>,
}

impl Files {
    /// A file, and those of the modules that it declares. What is declared for tests alone is left out.
    fn add(&mut self, path: PathBuf, module: source::Path) -> Result<()> {
        let source = Source::read(module, &fs::read_to_string(&path)?);
        let children = source.children.clone();
        self.paths.push(path.clone());
        self.sources.push(source);
        let begin = self.paths[0].clone();
        let folder = begin.parent().unwrap_or(&begin);
        for child in children {
            let beside = folder.join(child.join("/")).with_extension("rs");
            let inside = folder.join(child.join("/")).join("mod.rs");
            if let Some(found) = [beside, inside].into_iter().find(|file| file.exists()) {
                self.add(found, child)?;
            }
        }
        Ok(())
    }

    fn arrows(&self) -> Arrows {
        let mut arrows = arrows(&self.sources);
        for used in arrows.values_mut() {
            used.retain(|to, _| {
                let is = |(file, _): &(&str, &str)| self.paths[*to] == root().join(file);
                !EXCEPTIONS.iter().any(is)
            });
        }
        arrows
    }

    fn shown(&self, group: &[usize], arrows: &Arrows) -> String {
        let name = |at: usize| {
            let path = &self.paths[at];
            path.strip_prefix(root())
                .unwrap_or(path)
                .display()
                .to_string()
        };
        let mut lines = Vec::new();
        for from in group {
            for (to, names) in arrows.get(from).into_iter().flatten() {
                if group.contains(to) {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    lines.push(format!(
                        "  {} → {}: {}",
                        name(*from),
                        name(*to),
                        names.join(", ")
                    ));
                }
            }
        }
        lines.join("\n") + "\n"
    }
}
