//! Says that the server asked to wait, and for how long still.

use bulkhead_words::pieces;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::hooks::tick::use_tick;
use crate::rate_limit;
use crate::words;

/// The note, while there is a wait.
#[component]
pub fn RateLimitNote() -> Html {
    let until = use_state(|| 0_i64);
    {
        let until = until.clone();
        use_effect_with((), move |()| {
            rate_limit::show_by(Callback::from(move |moment| until.set(moment)));
        });
    }
    let node = use_node_ref();
    let left_ms = *until - browser::now_ms();
    let is_shown = left_ms > 0;
    use_tick(1_000, is_shown);
    {
        let node = node.clone();
        use_effect_with(is_shown, move |_| {
            // A popover, so that it is seen in front of a dialog; refused only where it is open.
            if let Some(note) = node.cast::<HtmlElement>() {
                let _ = note.show_popover();
            }
        });
    }
    if !is_shown {
        return Html::default();
    }
    let seconds = u64::try_from(left_ms).unwrap_or(0).div_ceil(1_000);
    let says = words::rate_limit_note(seconds);
    // Who hears the page is told once, not each second.
    let says = pieces(&says).map(|(counts_down, piece)| {
        let piece = piece.to_owned();
        match counts_down {
            true => html! { <span aria-hidden="true">{ piece }</span> },
            false => html! { { piece } },
        }
    });
    html! {
        <div ref={node} popover="manual" class="note note-warn waiting" role="status" data-testid="waiting">
            <Icon glyph={Glyph::Clock} />
            <div class="note-text">{ for says }</div>
        </div>
    }
}
