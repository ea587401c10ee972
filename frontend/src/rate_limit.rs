//! The server asked to wait: no call leaves before that moment, and the screen says so.

use std::cell::{Cell, RefCell};

use yew::Callback;

use crate::browser;

thread_local! {
    static UNTIL_MS: Cell<i64> = const { Cell::new(0) };
    static SHOWN_BY: RefCell<Option<Callback<i64>>> = const { RefCell::new(None) };
}

/// Holds all calls for so many seconds.
pub fn hold(seconds: f64) {
    let until = browser::now_ms() + (seconds * 1_000.0) as i64;
    if until > UNTIL_MS.get() {
        UNTIL_MS.set(until);
        if let Some(shown_by) = SHOWN_BY.with_borrow(Clone::clone) {
            shown_by.emit(until);
        }
    }
}

/// Waits as long as calls are held.
pub async fn pass() {
    loop {
        let left = UNTIL_MS.get() - browser::now_ms();
        match u32::try_from(left) {
            Ok(left) if left > 0 => browser::sleep(left).await,
            _ => return,
        }
    }
}

/// Tells `show` the moment, in milliseconds since 1970, whenever it moves.
pub fn show_by(show: Callback<i64>) {
    SHOWN_BY.with_borrow_mut(|shown_by| *shown_by = Some(show));
}
