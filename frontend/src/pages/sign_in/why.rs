//! Why somebody is to sign in.

use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::state::callback::Failure;

/// Why the page is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why {
    /// Nobody is signed in, or no longer.
    NotSignedIn,
    /// The person signed out.
    SignedOut,
    /// It was tried, and came to nothing.
    Failed(Failure),
}

#[derive(Properties, PartialEq)]
pub(super) struct FailureNoteProps {
    pub(super) failure: Failure,
}

/// What came of signing in, and what helps.
#[component]
pub(super) fn FailureNote(props: &FailureNoteProps) -> Html {
    html! {
        <div class="note note-error" role="alert" data-testid="sign-in-problem">
            <Icon glyph={Glyph::Alert} />
            <div class="note-text">
                <strong>{ props.failure.title() }</strong>
                <p>{ props.failure.cure() }</p>
            </div>
        </div>
    }
}
