//! What was found about the mail server of an address.

use bulkhead_shared::api::Discovered;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::words;

#[derive(Properties, PartialEq)]
pub struct FoundNoteProps {
    /// What was found.
    pub found: Discovered,
}

/// The provider's name and what to know of it, or that the server has to be named.
#[component]
pub fn FoundNote(props: &FoundNoteProps) -> Html {
    let found = &props.found;
    let says = match (&found.provider, &found.server) {
        (Some(provider), _) => provider.clone(),
        (None, Some(_)) => words::found_note_by_domain().to_owned(),
        (None, None) => words::found_note_unknown().to_owned(),
    };
    html! {
        <div class="note" role="status" data-testid="connect-found" data-known={found.server.is_some().to_string()}>
            <Icon glyph={if found.server.is_some() { Glyph::Check } else { Glyph::Alert }} />
            <div class="note-text">
                <strong>{ says }</strong>
                { for found.notes.iter().map(|note| html! { <p>{ note }</p> }) }
            </div>
        </div>
    }
}
