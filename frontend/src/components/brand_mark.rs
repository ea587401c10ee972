//! The ship between its bulkheads.

use yew::prelude::*;

/// As large as a line of text, or as the head of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Line,
    Large,
}

/// Beside a name, so nobody who hears the page is told of it.
pub fn brand_mark(size: Size) -> Html {
    html! {
        <svg class={classes!("brand-mark", (size == Size::Large).then_some("large"))} viewBox="0 0 24 24" aria-hidden="true">
            <path class="hull" d="M2 6h20v6.5c0 4-3 6.5-7 6.5H9c-4 0-7-2.5-7-6.5z" />
            <path class="wall" d="M8.7 6v13M15.3 6v13" />
        </svg>
    }
}
