//! What is known of the search language: a part of the app that no list waits for.

use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::query::{self, Query};
use bulkhead_words::Says;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::prelude::*;

use crate::components::later::Drawn;
use crate::state::leaving::leaves;
use crate::words;

/// What is wrong with the search as typed, by the parser the server uses.
#[wasm_split(search, fallible, preload(fetch))]
pub fn complaint(kind: Kind, text: String) -> Result<Option<String>, SplitLoaderError> {
    if text.len() > limits::QUERY_BYTES {
        return Ok(Some(words::search_box_too_long(limits::QUERY_BYTES as u64)));
    }
    let refused = Query::parse_for(kind, text.trim()).err();
    Ok(refused.map(|refused| refused.to_string()))
}

/// Whether what this operation changes leaves the list of this search.
#[wasm_split(search, fallible)]
pub fn leaves_list(operation: Operation, query: String) -> Result<bool, SplitLoaderError> {
    Ok(leaves(&operation, &query))
}

/// The language by examples.
#[wasm_split(search, fallible)]
pub fn help_sheet(kind: Kind, cannot: Vec<String>) -> Drawn {
    let row = |(code, text): &(&'static str, Says)| {
        html! { <div><dt><code>{ *code }</code></dt><dd>{ text.say() }</dd></div> }
    };
    Ok(html! {
        <div class="popover search-popover" tabindex="0" role="region" aria-label={words::search_box_help()}
            data-testid="search-help-sheet">
            <h2>{ words::search_box_heading() }</h2>
            <p class="muted">{ words::search_box_all_parts() }</p>
            <dl>{ for query::examples(kind).iter().map(row) }</dl>
            if !cannot.is_empty() {
                <p class="note note-quiet">{ words::search_box_cannot(&cannot.join(", ")) }</p>
            }
        </div>
    })
}
