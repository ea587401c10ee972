//! The page of who is not signed in: why, and how to get in.

mod at_hosted;
mod with_token;

use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::sign_in;
use crate::state::callback::Failure;

use at_hosted::AtHosted;
use with_token::WithToken;

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
pub struct SignInPageProps {
    /// Why it is shown.
    pub why: Why,
}

/// The page.
#[component]
pub fn SignInPage(props: &SignInPageProps) -> Html {
    let why = props.why;
    let title = match why {
        Why::SignedOut => "You are signed out",
        Why::NotSignedIn | Why::Failed(_) => "Sign in to Bulkhead",
    };
    use_effect_with(title, |title| {
        browser::set_title(&format!("{title} – Bulkhead"));
    });
    html! {
        <main class="sign-in" data-testid="sign-in">
            <div class="card">
                <svg class="brand-mark large" viewBox="0 0 24 24" aria-hidden="true">
                    <path class="hull" d="M2 6h20v6.5c0 4-3 6.5-7 6.5H9c-4 0-7-2.5-7-6.5z" />
                    <path class="wall" d="M8.7 6v13M15.3 6v13" />
                </svg>
                <h1 data-testid={(why == Why::SignedOut).then_some("signed-out")}>{ title }</h1>
                if let Why::Failed(failure) = why {
                    <FailureNote {failure} />
                }
                if sign_in::is_hosted() {
                    <AtHosted {why} />
                } else {
                    <WithToken />
                }
            </div>
        </main>
    }
}

#[derive(Properties, PartialEq)]
struct FailureNoteProps {
    failure: Failure,
}

/// What came of signing in, and what helps.
#[component]
fn FailureNote(props: &FailureNoteProps) -> Html {
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
