//! Random texts, and the challenge that goes before a verifier. The browser's own cryptography does
//! the work.

use crate::json;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

use crate::browser;

/// 256 random bits as 43 characters: as long as a verifier has to be (RFC 7636, section 4.1).
pub fn random_text() -> Option<String> {
    base64url(&browser::random::<32>()?)
}

/// The challenge of a verifier: its SHA-256 (`S256`).
pub async fn challenge(verifier: &str) -> Option<String> {
    let crypto = web_sys::window()?.crypto().ok()?;
    // Without HTTPS `subtle` is undefined, and asking it fails like any call.
    let digest = crypto
        .subtle()
        .digest_with_str_and_js_u8_array("SHA-256", &Uint8Array::from(verifier.as_bytes()))
        .ok()?;
    let digest = JsFuture::from(digest).await.ok()?;
    base64url(&Uint8Array::new(&digest).to_vec())
}

/// The claims inside a token, unchecked: for what came straight from the sign-in over TLS, and is
/// shown or compared, never believed by a server.
pub(super) fn claims<T: serde::de::DeserializeOwned>(token: &str) -> Option<T> {
    let payload = token.split('.').nth(1)?;
    let payload = payload.replace('-', "+").replace('_', "/");
    let text = web_sys::window()?.atob(&payload).ok()?;
    // Each character stands for one byte.
    let bytes: Vec<u8> = text.chars().map(|char| char as u8).collect();
    json::read(std::str::from_utf8(&bytes).ok()?).ok()
}

fn base64url(bytes: &[u8]) -> Option<String> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let text = web_sys::window()?.btoa(&text).ok()?;
    Some(
        text.trim_end_matches('=')
            .replace('+', "-")
            .replace('/', "_"),
    )
}
