//! What a search could not look at: in the list, and in the preview of what it selected.

use bulkhead_shared::unsearched::{Unsearched, summary};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};

#[derive(Properties, PartialEq)]
pub struct UnsearchedNoteProps {
    /// What is missing.
    pub unsearched: Vec<Unsearched>,
    /// What that means here.
    pub meaning: AttrValue,
}

/// The note; nothing if the search was whole.
#[component]
pub fn UnsearchedNote(props: &UnsearchedNoteProps) -> Html {
    if props.unsearched.is_empty() {
        return Html::default();
    }
    let line = |one: &Unsearched| html! { <li>{ one.text() }</li> };
    html! {
        <div class="note note-warn" role="status" data-testid="unsearched"
            data-count={props.unsearched.len().to_string()}>
            <Icon glyph={Glyph::Alert} />
            <div class="note-text">
                <strong>{ summary(&props.unsearched) }</strong>
                <ul>{ for props.unsearched.iter().map(line) }</ul>
                <p>{ &props.meaning }</p>
            </div>
        </div>
    }
}
