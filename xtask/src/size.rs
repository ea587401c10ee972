//! `cargo xtask size`: what a browser fetches before the mail page is there, as it travels, and the most that
//! it may be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::app;

/// Kilobytes (1,000 bytes), as brotli: the 497 that are needed since contacts have a page, and little more. The
/// aim is 300; what is above it is to go, and nothing may be added to it unseen.
const MOST_KB: f64 = 505.0;

/// Bytes of the files that the mail page needs, by what they are.
pub(crate) struct Sizes(BTreeMap<String, u64>);

/// Fails if the mail page needs more than it may.
pub(crate) fn check() -> Result<()> {
    let sizes = Sizes::of(&app::folder())?;
    sizes.print();
    let all = kilobytes(sizes.all());
    if all > MOST_KB {
        bail!("the mail page needs {all:.1} KB as brotli, and may need {MOST_KB:.1} at most");
    }
    Ok(())
}

impl Sizes {
    /// Of the app that was built into this folder. Whatever lies there with a hash in its name is asked for
    /// by the page, or by what it asks for.
    pub(crate) fn of(site: &Path) -> Result<Self> {
        let entries = fs::read_dir(site).context("the app is not built: cargo xtask app")?;
        let mut sizes = BTreeMap::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(kind) = name
                .strip_suffix(".br")
                .and_then(|name| name.rsplit('.').next())
            {
                *sizes.entry(kind.to_owned()).or_default() += entry.metadata()?.len();
            }
        }
        if sizes.is_empty() {
            bail!("the app was built without compression: cargo xtask app");
        }
        Ok(Self(sizes))
    }

    fn all(&self) -> u64 {
        self.0.values().sum()
    }

    /// One line: all of it, and its parts.
    pub(crate) fn print(&self) {
        let parts = self
            .0
            .iter()
            .map(|(kind, bytes)| format!("{kind} {:.1}", kilobytes(*bytes)));
        eprintln!(
            "The mail page needs {:.1} KB as brotli ({}); at most {MOST_KB:.1}, and 300 is the aim.",
            kilobytes(self.all()),
            parts.collect::<Vec<_>>().join(", ")
        );
    }
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
            ("a-1.js", 900),
            ("a-1.js.br", 300),
            ("a-1.js.gz", 400),
            ("b-1.wasm.br", 50),
        ] {
            fs::write(site.join(name), vec![0; bytes]).unwrap();
        }
        let sizes = Sizes::of(&site).unwrap();
        fs::remove_dir_all(&site).unwrap();
        assert_eq!(sizes.all(), 350);
        assert_eq!(sizes.0["js"], 300);
        assert!(Sizes::of(&site).is_err());
    }
}
