//! The languages of the app other than English, packed as its browser fetches them.

use anyhow::Result;
use bulkhead_words::compile::{Pair, packed};

use crate::cargo::root;

/// The file of German, before it has a hash in its name.
pub(crate) const GERMAN: &str = "de.txt";

/// What the app says in German: of the shared texts and of its own, in the order of their places.
pub(crate) fn german() -> Result<String> {
    let folders = ["shared/words", "frontend/words"];
    Ok(packed(
        &folders.map(|it| Pair::in_folder(&root().join(it))),
    )?)
}
