//! A sentence in which something stands out.

use bulkhead_words::pieces;
use yew::prelude::*;

/// Draws a message; what its language file has in `<b>` stands out.
pub fn said(message: &str) -> Html {
    let drawn = pieces(message).map(|(stands_out, piece)| {
        let piece = piece.to_owned();
        match stands_out {
            true => html! { <strong>{ piece }</strong> },
            false => html! { { piece } },
        }
    });
    drawn.collect()
}
