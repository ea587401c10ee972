//! What a reply would say, before anybody accepts it.

use bulkhead_shared::api::ReviewReply;
use bulkhead_shared::operations::ReplyLanguage;
use yew::prelude::*;

use crate::words;

/// The text, or that a model writes one and what it is told. `is_open`: all of it is seen without another click.
pub(super) fn drafted(reply: &ReviewReply, is_open: bool) -> Html {
    let (about, text) = match reply {
        ReviewReply::Text { text } => (words::review_reply(), text),
        ReviewReply::Written {
            instruction,
            language,
        } => (written(*language), instruction),
    };
    html! {
        <details class="review-reply" open={is_open} data-testid="review-reply">
            <summary class="muted small">{ about }</summary>
            <blockquote>{ text }</blockquote>
        </details>
    }
}

fn written(language: ReplyLanguage) -> &'static str {
    match language {
        ReplyLanguage::AsMail => words::review_reply_written(),
        ReplyLanguage::English => words::review_reply_written_english(),
        ReplyLanguage::German => words::review_reply_written_german(),
    }
}
