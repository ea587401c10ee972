//! A table of 10,000 mailboxes, read and checked whole: what somebody waits for who has chosen a file.

use std::fmt::Write;
use std::time::Instant;

use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use bulkhead_tests::browser::Browser;
use bulkhead_tests::driver::Bulkhead;
use serde::Serialize;

use crate::sandbox::millis;
use crate::scroll::{self, Scrolling};

/// Rows of the table.
pub(crate) const ROWS: usize = 10_000;
/// It is read so often; the middle one counts.
const ROUNDS: usize = 9;

/// What is read: every column that a recovery has, and one that is only kept.
fn table() -> String {
    let mut text = "ticket,source_guid,target_upn,target_smtp,display_name,first_name,last_name,department,company\r\n"
        .to_owned();
    for n in 0..ROWS {
        let _ = write!(
            text,
            "T-{n},3f2504e0-4f89-41d3-9a0c-{n:012x},user{n}@company.example,user.{n}@company.example,\
             Jürgen Müller {n},Jürgen,Müller {n},Vertrieb,\"Company, Ltd\"\r\n"
        );
    }
    text
}

/// Milliseconds in this program, as on the server.
pub(crate) fn natively() -> f64 {
    let table = table();
    let read = || {
        let began = Instant::now();
        let grid = Grid::read(table.as_bytes(), Limits::default()).unwrap();
        let sheet = Sheet::new(Purpose::Recover, grid).unwrap();
        let ready = sheet.ready().count();
        let took = began.elapsed();
        assert_eq!(ready, ROWS);
        millis(took)
    };
    median((0..ROUNDS).map(|_| read()).collect())
}

/// What it is like in a browser.
#[derive(Debug, Serialize)]
pub(crate) struct InBrowser {
    /// Milliseconds from the choice of a file to the frame that shows how many rows are right: with reading the file
    /// and drawing.
    pub(crate) read_ms: f64,
    pub(crate) scrolling: Scrolling,
}

/// Reads the table in a browser, and scrolls through it.
pub(crate) async fn in_browser(browser: &Browser) -> InBrowser {
    let server = Bulkhead::with_mails(10).await;
    browser.open(&server.sign_in_address()).await;
    browser.see("mail-row").await;
    let account = server.api.sandbox().await;
    let page = server.page(&format!("/accounts/{account}/mailboxes"));
    browser.open(&page).await;
    browser.see("mailbox-file").await;
    let script = CHOOSE
        .replace("ROUNDS", &ROUNDS.to_string())
        .replace("ROWS", &ROWS.to_string())
        .replace("TEXT", &serde_json::to_string(&table()).unwrap());
    let times = browser.run(&script).await;
    let times = times.as_array().unwrap();
    let times = times.iter().map(|time| time.as_f64().unwrap()).collect();
    let read_ms = median(times);
    let scrolling = scroll::through(browser, "grid", "grid-row").await;
    server.stop().await;
    InBrowser { read_ms, scrolling }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

const CHOOSE: &str = "
    return (async () => {
        const named = name => document.querySelector(`[data-testid=${name}]`);
        const frame = () => new Promise(done => requestAnimationFrame(done));
        const until = async holds => { while (!holds()) await frame(); };
        const times = [];
        for (let round = 0; round < ROUNDS; round++) {
            await until(() => named('mailbox-file'));
            const chosen = new DataTransfer();
            chosen.items.add(new File([TEXT], 'leavers.csv'));
            named('mailbox-file').files = chosen.files;
            await frame();
            const begin = performance.now();
            named('mailbox-file').dispatchEvent(new Event('change', { bubbles: true }));
            await until(() => named('table')?.dataset.ready === 'ROWS');
            times.push(performance.now() - begin);
            if (round < ROUNDS - 1) named('forget').click();
        }
        return times;
    })();";
