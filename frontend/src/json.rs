//! JSON, read and written by the browser: its own reader is quick, and the app need not carry one.

use serde::de::DeserializeOwned;

/// It is no JSON, or not of what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Reads something from JSON.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let value = js_sys::JSON::parse(text).map_err(|_| Unreadable)?;
    serde_wasm_bindgen::from_value(value).map_err(|_| Unreadable)
}
