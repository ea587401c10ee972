//! `cargo xtask size`: what a browser fetches before the mail page is there, and what each further part of the app
//! is, as they travel, beside the most that they may be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::site;

/// Kilobytes (1,000 bytes), as brotli, that the mail page may need.
const MOST_KB: f64 = 300.0;
/// Kilobytes, as brotli, of a part that is fetched later, with all that it needs beyond the first, at most.
const MOST_OF_A_PART_KB: f64 = 148.0;

/// The ending of a language's file, which is fetched only by who reads it.
const LANGUAGE: &str = "txt";

/// What travels, in bytes.
#[derive(Debug, PartialEq)]
pub(crate) struct Sizes {
    /// What the mail page needs, by the files' endings.
    first: BTreeMap<String, u64>,
    /// What each part needs that is fetched later.
    later: BTreeMap<String, u64>,
}

/// Fails if the mail page or a part needs more than it may.
pub(crate) fn check() -> Result<()> {
    let sizes = Sizes::of(&site::folder(), &site::parts()?)?;
    sizes.print();
    let all = kilobytes(sizes.all());
    if all > MOST_KB {
        bail!("the mail page needs {all:.1} KB as brotli, and may need {MOST_KB:.1} at most");
    }
    for (part, bytes) in &sizes.later {
        let needed = kilobytes(*bytes);
        if needed > MOST_OF_A_PART_KB {
            bail!(
                "{part} needs {needed:.1} KB as brotli, and may need {MOST_OF_A_PART_KB:.1} at most"
            );
        }
    }
    Ok(())
}

impl Sizes {
    /// Of the app that was built into this folder; `parts` names the modules of each part that is fetched later.
    /// Whatever else lies there is asked for by the page, or by what it asks for; but for style sheets without a hash
    /// in their names, which are fetched by what needs them: one that is called like a part counts with it.
    pub(crate) fn of(site: &Path, parts: &site::Parts) -> Result<Self> {
        let (mut travels, mut sheets) = (BTreeMap::new(), BTreeMap::new());
        let mut languages = BTreeMap::new();
        for entry in fs::read_dir(site).context("the app is not built: cargo xtask app")? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let unpacked = name.strip_suffix(".br");
            if let Some((stem, ending)) = unpacked.and_then(|name| name.rsplit_once('.')) {
                let bytes = entry.metadata()?.len();
                let hashed = stem.rsplit_once('-').map(|(stem, _)| stem);
                if hashed.is_none() && ending == "css" {
                    sheets.insert(stem.to_owned(), bytes);
                    continue;
                }
                let stem = hashed.unwrap_or(stem);
                if ending == LANGUAGE {
                    languages.insert(format!("language {stem}"), bytes);
                    continue;
                }
                travels.insert((stem.to_owned(), ending.to_owned()), bytes);
            }
        }
        if travels.is_empty() {
            bail!("the app was built without compression: cargo xtask app");
        }
        let module = |stem: &String| {
            let found = travels.get(&(stem.clone(), "wasm".to_owned()));
            found.with_context(|| format!("there is no module {stem}"))
        };
        let mut later = languages;
        for (part, modules) in parts {
            let mut bytes = sheets.get(part).copied().unwrap_or(0);
            for stem in modules {
                bytes += module(stem)?;
            }
            later.insert(part.clone(), bytes);
        }
        let mut first = BTreeMap::new();
        for ((stem, ending), bytes) in &travels {
            if !parts.values().flatten().any(|module| module == stem) {
                *first.entry(ending.clone()).or_default() += bytes;
            }
        }
        Ok(Self { first, later })
    }

    fn all(&self) -> u64 {
        self.first.values().sum()
    }

    /// Two lines: all of the mail page and what it is made of, and the parts.
    pub(crate) fn print(&self) {
        eprintln!(
            "The mail page needs {:.1} KB as brotli ({}); at most {MOST_KB:.1}.",
            kilobytes(self.all()),
            named(&self.first)
        );
        eprintln!(
            "Fetched later, in KB: {}; at most {MOST_OF_A_PART_KB:.1} each.",
            named(&self.later)
        );
    }
}

fn named(sizes: &BTreeMap<String, u64>) -> String {
    let sizes = sizes
        .iter()
        .map(|(name, bytes)| format!("{name} {:.1}", kilobytes(*bytes)));
    sizes.collect::<Vec<_>>().join(", ")
}

fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn counts_what_travels_and_nothing_else() {
        let site = crate::cargo::target().join("test-size");
        fs::create_dir_all(&site).unwrap();
        for (name, bytes) in [
            ("app-1.js", 900),
            ("app-1.js.br", 300),
            ("app-1.js.gz", 400),
            ("app_bg-1.wasm.br", 50),
            ("chunk_2-1.wasm.br", 7),
            ("split_job-1.wasm.br", 20),
            ("split_history-1.wasm.br", 10),
            ("history.css.br", 3),
            ("style-1.css.br", 5),
            ("other.css.br", 1_000),
        ] {
            fs::write(site.join(name), vec![0; bytes]).unwrap();
        }
        let of = |modules: &[&str]| modules.iter().map(|&it| it.to_owned()).collect();
        let mut parts = site::Parts::from([
            ("job".to_owned(), of(&["chunk_2", "split_job"])),
            ("history".to_owned(), of(&["chunk_2", "split_history"])),
        ]);
        let sizes = Sizes::of(&site, &parts).unwrap();
        parts.insert("help".to_owned(), of(&["split_help"]));
        let missing = Sizes::of(&site, &parts);
        fs::remove_dir_all(&site).unwrap();
        assert_eq!(sizes.all(), 355);
        assert_eq!(sizes.first["js"], 300);
        assert_eq!((sizes.later["job"], sizes.later["history"]), (27, 20));
        assert!(missing.is_err());
        assert!(Sizes::of(&site, &parts).is_err());
    }
}
