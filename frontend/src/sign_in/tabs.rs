//! Who signs out in one tab means all of them.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::BroadcastChannel;

const CHANNEL: &str = "bulkhead.signed-out";

/// Tells the other tabs of this app.
pub(super) fn tell() {
    // Without it the other tabs notice at their next call, or when their token ends.
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let _ = channel.post_message(&JsValue::TRUE);
        channel.close();
    }
}

/// Calls `act` when the person signs out in another tab. Answers how to stop that.
pub fn on_leave_elsewhere(act: impl Fn() + 'static) -> impl FnOnce() {
    let listener = Closure::<dyn Fn()>::new(act);
    let channel = BroadcastChannel::new(CHANNEL).ok();
    if let Some(channel) = &channel {
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    }
    move || {
        if let Some(channel) = channel {
            channel.close();
        }
        drop(listener);
    }
}
