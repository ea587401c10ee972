//! The app in a real browser, over a sandbox of 100,000 mails: what a person waits for, how smoothly the list
//! moves, and what it all keeps in memory. `cargo xtask bench web` builds everything for release and runs this.

use std::fmt;

use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lighthouse::{self, Scores};
use crate::scroll::{self, Scrolling};

/// Mails of the sandbox.
const MAILS: u32 = 100_000;
/// Loads of the page, of which the median counts.
const LOADS: usize = 5;
/// What is searched for.
/// The first letter that is typed has all texts read into memory.
const SEARCHES: [&str; 5] = [
    "is:unread",
    "in:inbox is:unread",
    "larger:1mb",
    "i",
    "interview",
];
/// How much faster than in life the hour of polling goes by.
const FASTER: u32 = 60;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Web {
    mails: u32,
    /// Milliseconds from the begin of a load, with the files in the browser's cache, to the first mail.
    first_rows_ms: f64,
    scrolling: Scrolling,
    /// Milliseconds from the tick that takes all that match to the words for it.
    select_all_ms: f64,
    searches: Vec<Search>,
    /// Milliseconds from the press of *Archive*, for so many mails, to the preview.
    preview_ms: f64,
    preview_items: u64,
    /// After scrolling through everything.
    memory: Memory,
    /// After an hour with a job under way, in fast-forward, beside what it was before.
    polling: Polling,
    lighthouse: Option<Scores>,
}

/// One search.
#[derive(Debug, Serialize, Deserialize)]
struct Search {
    query: String,
    /// Milliseconds from the last letter, or from Enter where it needs that, to the new list.
    ms: f64,
    /// Whether it went without Enter.
    as_typed: bool,
}

/// What the page holds, in MiB.
#[derive(Debug, Serialize)]
struct Memory {
    javascript_mib: f64,
    /// WebAssembly's memory, and what else lies outside of the collected heap.
    buffers_mib: f64,
    elements: u64,
}

#[derive(Debug, Serialize)]
struct Polling {
    before: Memory,
    after: Memory,
    /// Answers there were.
    calls: u64,
}

/// Measures all of it; Lighthouse too, where it is.
pub(crate) async fn measure() -> Web {
    let found = std::sync::Mutex::new(None);
    story("bench-web", async |browser| {
        let web = measure_in(browser).await;
        *found.lock().unwrap() = Some(web);
    })
    .await;
    found.into_inner().unwrap().unwrap()
}

async fn measure_in(browser: &Browser) -> Web {
    let server = Bulkhead::with_mails(MAILS).await;
    browser.open(&server.sign_in_address()).await;
    browser.see("mail-row").await;
    let first_rows_ms = first_rows(browser, &server).await;

    let account = server.api.sandbox().await;
    let everything = server.page(&format!("/accounts/{account}?q=in%3Aanywhere"));
    browser.open(&everything).await;
    browser
        .count_until("match-count", |n| n == u64::from(MAILS))
        .await;
    browser.see("mail-row").await;
    let scrolling = scroll::through(browser, "item-list", "mail-row").await;
    let memory = memory(browser).await;
    let select_all_ms = until(browser, "click('select-all')", "named('all-matching')").await;
    let cleared = "click('clear-selection')";
    until(browser, cleared, "!named('selection-count')").await;

    let mut searches = Vec::new();
    for query in SEARCHES {
        let search = SEARCH.replace("QUERY", query);
        searches.push(read(run(browser, &search).await));
    }
    browser.click("select-all").await;
    browser.see("selection-count").await;
    let preview_items = browser.count("selection-count").await;
    let preview_ms = until(browser, "click('action-archive')", "named('undo-promise')").await;
    let polling = an_hour(browser, &server).await;
    // A page that goes on asking would be measured with what comes.
    browser.open("about:blank").await;
    let lighthouse = lighthouse::measure(&server).await;
    server.stop().await;
    Web {
        mails: MAILS,
        first_rows_ms,
        scrolling,
        select_all_ms,
        searches,
        preview_ms,
        preview_items,
        memory,
        polling,
        lighthouse,
    }
}

async fn first_rows(browser: &Browser, server: &Bulkhead) -> f64 {
    browser.run_before_pages(FIRST_ROW).await;
    let mut times = Vec::new();
    for _ in 0..LOADS {
        browser.open(&server.page("/")).await;
        times.push(run(browser, WHEN_FIRST_ROW).await.as_f64().unwrap());
    }
    times.sort_by(f64::total_cmp);
    times[LOADS / 2]
}

/// An hour in which a job stands still and everything is asked for again and again.
async fn an_hour(browser: &Browser, server: &Bulkhead) -> Polling {
    let account = server.api.sandbox().await;
    let draft = server
        .api
        .draft_query(
            &account,
            Operation::Archive(Archive {}),
            "in:inbox",
            JobOptions::default(),
        )
        .await;
    browser
        .run_before_pages(&FAST_FORWARD.replace("FASTER", &FASTER.to_string()))
        .await;
    let page = server.page(&format!("/accounts/{account}/jobs/{}", draft.id));
    browser.open(&page).await;
    browser.see("undo-promise").await;
    let before = memory(browser).await;
    tokio::time::sleep(std::time::Duration::from_secs(3_600) / FASTER).await;
    let after = memory(browser).await;
    let calls = browser
        .run("return performance.getEntriesByType('resource').length")
        .await;
    server.api.control(&draft.id, "cancel").await;
    Polling {
        before,
        after,
        calls: calls.as_u64().unwrap(),
    }
}

/// Milliseconds from an act to the frame after which something holds.
async fn until(browser: &Browser, act: &str, holds: &str) -> f64 {
    let script = format!("return until(() => {act}, () => {holds});");
    run(browser, &script).await.as_f64().unwrap()
}

/// Runs a script that may wait, with the tools at hand.
async fn run(browser: &Browser, script: &str) -> Value {
    let script = format!("return (async () => {{ {TOOLS} {script} }})();");
    browser.run(&script).await
}

async fn memory(browser: &Browser) -> Memory {
    browser
        .tell_devtools("HeapProfiler.collectGarbage", serde_json::json!({}))
        .await;
    let heap = browser
        .tell_devtools("Runtime.getHeapUsage", serde_json::json!({}))
        .await;
    let mib = |name: &str| heap[name].as_f64().unwrap_or(0.0) / 1_048_576.0;
    let elements = browser
        .run("return document.getElementsByTagName('*').length")
        .await;
    Memory {
        javascript_mib: mib("usedSize"),
        buffers_mib: mib("backingStorageSize"),
        elements: elements.as_u64().unwrap(),
    }
}

fn read<T: for<'a> Deserialize<'a>>(value: Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

/// Notes when the first mail is drawn.
const FIRST_ROW: &str = "
    new MutationObserver((_, observer) => {
        if (!document.querySelector('[data-testid=mail-row][data-item]')) return;
        observer.disconnect();
        requestAnimationFrame(() => { window.firstRow = performance.now() });
    }).observe(document, { childList: true, subtree: true });";

/// The frame that shows it may still be to come.
const WHEN_FIRST_ROW: &str = "
    while (window.firstRow === undefined) await frame();
    return window.firstRow;";

/// Timers end as much sooner.
const FAST_FORWARD: &str = "
    performance.setResourceTimingBufferSize(100000);
    const timeout = window.setTimeout;
    window.setTimeout = (work, delay, ...more) => timeout(work, delay / FASTER, ...more);";

const TOOLS: &str = "
    const named = name => document.querySelector(`[data-testid=${name}]`);
    const click = name => named(name).click();
    const frame = () => new Promise(done => requestAnimationFrame(done));
    const until = async (act, holds) => {
        await frame();
        const begin = performance.now();
        act();
        while (!holds()) {
            if (performance.now() - begin > 20000) throw new Error('in vain');
            await frame();
        }
        return performance.now() - begin;
    };";

/// Types, waits for a search of its own accord, and presses Enter where there is none.
const SEARCH: &str = "
    const field = named('search');
    const state = () => location.search + named('match-count')?.dataset.count + !!named('list-loading');
    const answered = before => () =>
        state() !== before && !named('list-loading') && named('match-count')?.dataset.count !== undefined;
    const write = text => {
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text);
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
    const before = state();
    try {
        const typed = performance.now();
        write('QUERY');
        while (!answered(before)()) {
            if (performance.now() - typed > 1000) throw new Error('needs Enter');
            await frame();
        }
        return { query: 'QUERY', ms: performance.now() - typed, as_typed: true };
    } catch {
        const ms = await until(() => field.form.requestSubmit(), answered(before));
        return { query: 'QUERY', ms, as_typed: false };
    }";

impl fmt::Display for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scrolling {
            rows,
            median_ms,
            worst_ms,
            rows_drawn,
            ..
        } = self.scrolling;
        writeln!(f, "The app over {} mails", self.mails)?;
        writeln!(f, "  first rows             {:>8.0} ms", self.first_rows_ms)?;
        writeln!(
            f,
            "  frames while scrolling {median_ms:>8.1} ms, at worst {worst_ms:.1} ({rows} rows, {rows_drawn} drawn)"
        )?;
        writeln!(f, "  select all that match  {:>8.0} ms", self.select_all_ms)?;
        for search in &self.searches {
            let how = if search.as_typed {
                "as typed"
            } else {
                "after Enter"
            };
            writeln!(
                f,
                "  search                 {:>8.0} ms {how}: {}",
                search.ms, search.query
            )?;
        }
        writeln!(
            f,
            "  preview                {:>8.0} ms for {} mails",
            self.preview_ms, self.preview_items
        )?;
        writeln!(f, "  memory                 {}", self.memory)?;
        writeln!(f, "  before an hour         {}", self.polling.before)?;
        writeln!(
            f,
            "  after an hour          {}, {} calls",
            self.polling.after, self.polling.calls
        )?;
        match &self.lighthouse {
            Some(scores) => write!(f, "{scores}"),
            None => writeln!(f, "  Lighthouse was left out"),
        }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8.1} MiB of JavaScript, {:.1} MiB of buffers, {} elements",
            self.javascript_mib, self.buffers_mib, self.elements
        )
    }
}
