//! Waiting between tries of our own, where the SDK does not try again by itself.

use std::ops::Range;
use std::time::Duration;

/// The longest first wait; it doubles with each try.
const FIRST: Duration = Duration::from_millis(25);

/// Waits before the next try, twice as long each time with full jitter; no if there is none left.
pub(crate) async fn pause(tries: &mut Range<u32>) -> bool {
    let Some(tried) = tries.next() else {
        return false;
    };
    let most = FIRST * 2u32.pow(tried);
    tokio::time::sleep(most.mul_f64(rand::random())).await;
    true
}
