//! Which language the app speaks: the one that was chosen in this browser, else the first of the reader's that it
//! knows.

use bulkhead_words::{Language, Unfit, speak, understand_servers};
use gloo_net::http::Request;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::Storage;

use crate::browser;

/// Where a choice is kept.
const KEY: &str = "bulkhead.language";

/// What was chosen; none if the browser's languages decide.
pub fn chosen() -> Option<Language> {
    let kept = storage()?.get_item(KEY).ok().flatten()?;
    Language::of(&kept)
}

/// Chooses a language for this browser, or lets its own languages decide; the app begins anew in it.
pub fn choose(language: Option<Language>) {
    if let Some(storage) = storage() {
        // A browser that keeps nothing goes on with its own languages.
        let _ = match language {
            Some(language) => storage.set_item(KEY, language.tag()),
            None => storage.remove_item(KEY),
        };
    }
    browser::reload();
}

/// Speaks it, before anything is drawn. Where its texts cannot be had the app speaks English.
pub async fn begin() {
    let readers = readers();
    let wanted =
        chosen().unwrap_or_else(|| Language::of_reader(readers.iter().map(String::as_str)));
    // What cannot be had does not fit either.
    let texts = texts(wanted).await.unwrap_or_default();
    let language = match speak(wanted, locale(wanted, &readers), texts) {
        Ok(()) => wanted,
        Err(Unfit) => {
            let english = Language::English;
            // English needs no texts, so it is always spoken.
            let _ = speak(english, locale(english, &readers), None);
            english
        }
    };
    if language != Language::English {
        // Where that cannot be had, servers are left to their English.
        let _ = understand().await;
    }
    let page = document().and_then(|it| it.document_element());
    // A page that is not there needs no language.
    let _ = page.map(|page| page.set_attribute("lang", language.tag()));
}

/// Understands what servers say: a part of the app that no reader of English fetches.
#[wasm_split(servers, fallible)]
fn understand() -> Result<(), SplitLoaderError> {
    understand_servers();
    Ok(())
}

/// The reader's own variety of a language.
fn locale(language: Language, readers: &[String]) -> String {
    let own = readers.iter().find(|it| Language::of(it) == Some(language));
    own.cloned().unwrap_or_else(|| language.tag().to_owned())
}

/// The texts of a language; none of English, whose texts lie in the code.
async fn texts(language: Language) -> Result<Option<String>, gloo_net::Error> {
    if language == Language::English {
        return Ok(None);
    }
    let selector = format!("link[data-words={}]", language.tag());
    let link = document().and_then(|it| it.query_selector(&selector).ok().flatten());
    let Some(address) = link.and_then(|it| it.get_attribute("href")) else {
        return Ok(None);
    };
    let response = Request::get(&address).send().await?;
    if !response.ok() {
        return Ok(None);
    }
    response.text().await.map(Some)
}

fn readers() -> Vec<String> {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    let languages = languages.into_iter().flat_map(|all| all.to_vec());
    languages.filter_map(|it| it.as_string()).collect()
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
