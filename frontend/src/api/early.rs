//! Answers to what the page asked for before the app was there (`early.js`).

use gloo_net::http::Response;
use js_sys::{Map, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// Promised answers by address.
    #[wasm_bindgen(thread_local_v2, js_name = early)]
    static EARLY: Option<Map>;
}

/// The answer to a GET of this address, once; none if it was not asked for, or did not come.
pub(super) async fn take(address: &str) -> Option<Response> {
    let address = JsValue::from(address);
    let promised = EARLY.with(|early| {
        let early = early.as_ref()?;
        let promised = early.get(&address).dyn_into::<Promise>().ok();
        early.delete(&address);
        promised
    })?;
    let answer = JsFuture::from(promised).await.ok()?;
    Some(Response::from(answer.dyn_into::<web_sys::Response>().ok()?))
}
