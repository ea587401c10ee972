//! How smoothly a long list moves: once through all of it, frame by frame.

use bulkhead_tests::browser::Browser;
use serde::{Deserialize, Serialize};

/// Frames while a list is scrolled from its begin to its end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Scrolling {
    /// Rows by which the list went.
    pub(crate) rows: u64,
    frames: u64,
    pub(crate) median_ms: f64,
    pub(crate) worst_ms: f64,
    /// The most rows there were in the page at once.
    pub(crate) rows_drawn: u64,
}

/// Scrolls through the list of that name, whose rows have this one.
pub(crate) async fn through(browser: &Browser, list: &str, row: &str) -> Scrolling {
    let script = SCROLL.replace("LIST", list).replace("ROW", row);
    let value = browser.run(&script).await;
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

/// In six hundred frames.
const SCROLL: &str = "
    return (async () => {
        const frame = () => new Promise(done => requestAnimationFrame(done));
        const list = document.querySelector('[data-testid=LIST]');
        const drawnNow = '[data-testid=ROW], [data-testid=LIST] .skeleton-row';
        const rows = () => document.querySelectorAll(drawnNow).length;
        const height = document.querySelector('[data-testid=ROW]').getBoundingClientRect().height;
        const times = [];
        let drawn = 0, last = await frame();
        for (let step = 1; step <= 600; step++) {
            list.scrollTop = list.scrollHeight * step / 600;
            const now = await frame();
            times.push(now - last);
            last = now;
            drawn = Math.max(drawn, rows());
        }
        times.sort((a, b) => a - b);
        return {
            rows: Math.round(list.scrollHeight / height), frames: times.length, median_ms: times[times.length / 2],
            worst_ms: times[times.length - 1], rows_drawn: drawn,
        };
    })();";
