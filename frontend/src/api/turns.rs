//! Calls that wait for a mail server go a few at a time. The server lets one person have only so many of them
//! (`limits::WAITING_REQUESTS`); a list that is scrolled through would ask for more, and be told to wait.

use std::cell::Cell;

use bulkhead_shared::limits::WAITING_REQUESTS;

use crate::browser;

/// One is left for another tab.
const MOST: u32 = WAITING_REQUESTS - 1;
/// Milliseconds between two looks.
const PAUSE: u32 = 15;
/// Milliseconds for which the list of a page that was just opened goes before everything else.
const LIST_FIRST: u32 = 600;

thread_local! {
    static TAKEN: Cell<u32> = const { Cell::new(0) };
}

/// A call that has its turn, until it is dropped.
pub(super) struct Turn(());

impl Drop for Turn {
    fn drop(&mut self) {
        TAKEN.set(TAKEN.get().saturating_sub(1));
    }
}

/// Waits for a turn, if the call to this address waits for a mail server.
pub(super) async fn of(url: &str) -> Option<Turn> {
    if !waits(url) {
        return None;
    }
    while TAKEN.get() >= MOST {
        browser::sleep(PAUSE).await;
    }
    TAKEN.set(TAKEN.get() + 1);
    Some(Turn(()))
}

/// Waits until whoever opens a page has its list, with what nobody looks at first: until no call waits for a mail
/// server, or for long enough, and the browser has nothing else to do.
pub async fn after_the_list() {
    browser::idle().await;
    let mut waited = 0;
    while TAKEN.get() > 0 && waited < LIST_FIRST {
        browser::sleep(PAUSE).await;
        waited += PAUSE;
    }
    browser::idle().await;
}

/// Whatever reads mail, or signs in to do so.
fn waits(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let ends = [
        "/items",
        "/contacts",
        "/mailboxes",
        "/folders",
        "/preview",
        "/confirm",
        "/test",
        "/dials",
        "/results.csv/link",
    ];
    ends.iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_wait_and_polls_do_not() {
        assert!(waits("http://x/api/v1/accounts/acc_1/items?q=a&limit=100"));
        assert!(waits("http://x/api/v1/jobs/arc_1/preview"));
        assert!(!waits("http://x/api/v1/jobs/arc_1"));
        assert!(!waits("http://x/api/v1/jobs?limit=50"));
    }
}
