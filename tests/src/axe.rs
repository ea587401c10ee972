//! axe-core in the page: what keeps people out who do not see, do not hear, or use no mouse.
//!
//! `BULKHEAD_AXE` says where it is (`cargo xtask test` sets it); without, it is where that put it last.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::browser::Browser;
use crate::driver::target;

/// Which of axe's rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// All that it has switched on: WCAG 2.2 A and AA, and what it calls best practice.
    All,
    /// What can be right in one theme and wrong in the other.
    Colours,
}

/// A rule that is broken, and where.
#[derive(Debug, Deserialize)]
pub struct Violation {
    /// The rule.
    pub id: String,
    /// What it asks for.
    pub help: String,
    /// Each place, as a selector, with what is wrong there.
    pub places: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.help)?;
        for place in &self.places {
            write!(f, "\n      {}", place.replace('\n', " "))?;
        }
        Ok(())
    }
}

/// What is wrong with what is on the screen now.
pub async fn violations(browser: &Browser, rules: Rules) -> Vec<Violation> {
    if browser.run("return 'axe' in window").await != true {
        let file = library();
        let source = fs::read_to_string(&file);
        let source =
            source.unwrap_or_else(|error| panic!("{}: {error} (cargo xtask test)", file.display()));
        browser.run(&source).await;
    }
    let asked = match rules {
        Rules::All => "{}",
        Rules::Colours => "{ runOnly: ['color-contrast', 'link-in-text-block'] }",
    };
    let found = browser.run(&RUN.replace("ASKED", asked)).await;
    serde_json::from_value(found.clone()).unwrap_or_else(|error| panic!("{error}: {found}"))
}

const RUN: &str = "
    return axe.run(document, { resultTypes: ['violations'], ...ASKED }).then(found => found.violations.map(rule => ({
        id: rule.id, help: rule.help,
        places: rule.nodes.map(node => `${node.target.join(' ')}: ${node.failureSummary} ${node.html.slice(0, 160)}`),
    })));";

fn library() -> PathBuf {
    match std::env::var_os("BULKHEAD_AXE") {
        Some(folder) => PathBuf::from(folder),
        None => target().join("tools-axe"),
    }
    .join("node_modules/axe-core/axe.min.js")
}
