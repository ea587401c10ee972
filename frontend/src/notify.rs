//! A word from the system when a job ends while nobody looks, if the person allowed it.
//!
//! Asked by name, because not every browser has such a thing.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Whether the person was never asked, and can be.
pub fn can_ask() -> bool {
    permission().as_deref() == Some("default")
}

/// Asks. The browser does so only when a button was pressed.
pub fn ask() {
    let asking = notification().and_then(|of| Reflect::get(&of, &"requestPermission".into()).ok());
    if let Some(ask) = asking.and_then(|ask| ask.dyn_into::<Function>().ok()) {
        // What the person says is known when something is to be told.
        let _ = ask.call0(&JsValue::UNDEFINED);
    }
}

/// Tells it, if that is allowed.
pub fn tell(text: &str) {
    if permission().as_deref() != Some("granted") {
        return;
    }
    let make = notification().and_then(|of| of.dyn_into::<Function>().ok());
    if let Some(make) = make {
        // Where pages may not, the title of the tab has told it.
        let _ = Reflect::construct(&make, &Array::of1(&text.into()));
    }
}

fn notification() -> Option<JsValue> {
    let window = web_sys::window()?;
    let found = Reflect::get(&window, &"Notification".into()).ok()?;
    (!found.is_undefined()).then_some(found)
}

fn permission() -> Option<String> {
    let found = Reflect::get(&notification()?, &"permission".into()).ok()?;
    found.as_string()
}
