//! Calls that wait for a mail server go a few at a time. The server lets one person have only so many of them
//! (`limits::WAITING_REQUESTS`); a list that is scrolled through would ask for more, and be told to wait.

use std::cell::Cell;

use bulkhead_shared::limits::WAITING_REQUESTS;

use crate::browser;

/// One is left for another tab.
const MOST: u32 = WAITING_REQUESTS - 1;
/// Milliseconds between two looks.
const PAUSE: u32 = 15;

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

/// Waits until no call waits for a mail server, for so many milliseconds at the most.
pub async fn quiet(most: u32) {
    let mut waited = 0;
    while TAKEN.get() > 0 && waited < most {
        browser::sleep(PAUSE).await;
        waited += PAUSE;
    }
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
