//! Sends a file and tells how far it is. `fetch` does not tell that, so this is the older
//! `XMLHttpRequest`, called by name: nothing else here needs it.

use bulkhead_shared::api::SESSION_KEY;
use bulkhead_shared::problem::Problem;
use js_sys::{Array, Function, Promise, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{Answer, CallError};
use crate::json;
use crate::sign_in;

/// Posts a file to this path; `on_progress` is told the part of it that is sent, from 0 to 1.
pub(super) async fn upload<T: DeserializeOwned>(
    path: &str,
    file: &web_sys::File,
    on_progress: impl Fn(f64) + 'static,
) -> Answer<T> {
    let token = sign_in::token().await?;
    let ended = Ended::of(path, file, token.as_deref(), on_progress).await;
    let ended = ended.map_err(|_| CallError::Offline)?;
    match ended.status {
        0 => Err(CallError::Offline),
        200..=299 => {
            let read = json::read(&ended.text);
            read.map_err(|_| CallError::Unreadable(ended.status))
        }
        status => Err(match json::read::<Problem>(&ended.text) {
            Ok(problem) => CallError::Problem(Box::new(problem)),
            Err(_) => CallError::Unreadable(status),
        }),
    }
}

/// How it ended.
struct Ended {
    status: u16,
    text: String,
}

impl Ended {
    async fn of(
        path: &str,
        file: &web_sys::File,
        token: Option<&str>,
        on_progress: impl Fn(f64) + 'static,
    ) -> Result<Self, JsValue> {
        let maker = Reflect::get(&js_sys::global(), &"XMLHttpRequest".into())?;
        let request = Reflect::construct(&maker.dyn_into::<Function>()?, &Array::new())?;
        call(&request, "open", &["POST".into(), path.into()])?;
        let header = |name: &str, value: &str| {
            call(&request, "setRequestHeader", &[name.into(), value.into()])
        };
        header("Content-Type", "application/octet-stream")?;
        if let Some(token) = token {
            header("Authorization", &format!("Bearer {token}"))?;
        }
        if let Some(key) = sign_in::key() {
            header(SESSION_KEY, &key)?;
        }
        let told = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let number = |name: &str| Reflect::get(&event, &name.into()).ok()?.as_f64();
            if let (Some(sent), Some(all)) = (number("loaded"), number("total")) {
                on_progress(if all > 0.0 { sent / all } else { 1.0 });
            }
        });
        let sending = Reflect::get(&request, &"upload".into())?;
        Reflect::set(&sending, &"onprogress".into(), told.as_ref())?;
        let ended = Promise::new(&mut |resolve, reject| {
            let begun = Reflect::set(&request, &"onloadend".into(), &resolve)
                .and_then(|_| call(&request, "send", &[file.into()]));
            if let Err(error) = begun {
                // Told to whoever waits, which is us.
                let _ = reject.call1(&JsValue::NULL, &error);
            }
        });
        JsFuture::from(ended).await?;
        let status = Reflect::get(&request, &"status".into())?.as_f64();
        let text = Reflect::get(&request, &"responseText".into())?.as_string();
        Ok(Self {
            status: status.unwrap_or_default() as u16,
            text: text.unwrap_or_default(),
        })
    }
}

fn call(on: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function = Reflect::get(on, &name.into())?.dyn_into::<Function>()?;
    function.apply(on, &arguments.iter().collect::<Array>())
}
