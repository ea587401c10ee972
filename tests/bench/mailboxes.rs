//! Whole mailboxes from a table: how long it is read and checked, and how fast mailboxes are recovered.
//! `cargo xtask bench mailboxes` builds everything for release and runs this.

use std::fmt;
use std::sync::Mutex;

use bulkhead_tests::browser::story;
use serde::Serialize;

use crate::recoveries::{self, InSandbox, OnCyrus};
use crate::table::{self, InBrowser};

/// Milliseconds that the table may take at most, on a server.
const AIM_MS: f64 = 100.0;
/// The same in a browser.
const BROWSER_AIM_MS: f64 = 200.0;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Mailboxes {
    /// Rows of the table.
    rows: usize,
    /// Milliseconds to read and check it.
    table_ms: f64,
    table_in_browser: Option<InBrowser>,
    sandbox: InSandbox,
    cyrus: Option<OnCyrus>,
}

/// Measures all of it, but for what needs a tool that is not there.
pub(crate) async fn measure(without: impl Fn(&str) -> bool) -> Mailboxes {
    let table_ms = table::natively();
    let table_in_browser = match without("browser") {
        true => None,
        false => Some(in_browser().await),
    };
    Mailboxes {
        rows: table::ROWS,
        table_ms,
        table_in_browser,
        sandbox: recoveries::in_sandbox().await,
        cyrus: match without("cyrus") {
            true => None,
            false => Some(recoveries::on_cyrus().await),
        },
    }
}

async fn in_browser() -> InBrowser {
    let found = Mutex::new(None);
    story("bench-mailboxes", async |browser| {
        let measured = table::in_browser(browser).await;
        *found.lock().unwrap() = Some(measured);
    })
    .await;
    found.into_inner().unwrap().unwrap()
}

impl fmt::Display for Mailboxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows;
        let mut table = |place: &str, ms: f64, aim: f64| {
            let over = if ms < aim { "" } else { ", over the aim" };
            writeln!(
                f,
                "{rows} rows read and checked {place} {ms:>8.1} ms   aim: under {aim:.0} ms{over}"
            )
        };
        table("here       ", self.table_ms, AIM_MS)?;
        match &self.table_in_browser {
            Some(InBrowser { read_ms, scrolling }) => {
                table("in Chromium", *read_ms, BROWSER_AIM_MS)?;
                writeln!(
                    f,
                    "frames while scrolling {:>8.1} ms, at worst {:.1} ({} rows, {} drawn)",
                    scrolling.median_ms, scrolling.worst_ms, scrolling.rows, scrolling.rows_drawn
                )?;
            }
            None => writeln!(f, "The browser was left out")?,
        }
        let sandbox = &self.sandbox;
        writeln!(
            f,
            "{} recoveries in the sandbox: {:.0} ms, {:.0} items/s",
            sandbox.items, sandbox.run_ms, sandbox.items_per_second
        )?;
        match &self.cyrus {
            Some(cyrus) => write!(
                f,
                "{} recoveries on Cyrus, median: {:.0} ms; bare commands {:.0} ms, ours takes {:.2} times that",
                cyrus.items, cyrus.ours_ms, cyrus.bare_ms, cyrus.ours_to_bare
            ),
            None => write!(f, "Cyrus was left out"),
        }
    }
}
