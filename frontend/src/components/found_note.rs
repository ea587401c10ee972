//! What was found about the mail server of an address.

use bulkhead_shared::api::Discovered;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};

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
        (None, Some(_)) => "The address's domain names this server.".to_owned(),
        (None, None) => "The mail server of this address is not known: name it.".to_owned(),
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
