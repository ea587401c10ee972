//! Signing in at the hosted sign-in: one button that goes there.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::sign_in;
use crate::state::callback::Failure;

#[derive(Properties, PartialEq)]
pub struct AtHostedProps {
    /// Whether a session ended by itself.
    pub ended: bool,
}

/// The button.
#[component]
pub fn AtHosted(props: &AtHostedProps) -> Html {
    let leaving = use_state(|| false);
    let failed = use_state(|| None::<Failure>);
    let onclick = {
        let (leaving, failed) = (leaving.clone(), failed.clone());
        Callback::from(move |_: MouseEvent| {
            let (leaving, failed) = (leaving.clone(), failed.clone());
            leaving.set(true);
            spawn_local(async move {
                let Err(failure) = sign_in::begin().await;
                failed.set(Some(failure));
                leaving.set(false);
            });
        })
    };
    let words = if props.ended {
        "Your session has ended. Sign in again to go on where you were; jobs under way go on by themselves."
    } else {
        "You sign in on a page of its own and come back here."
    };
    html! {
        <div class="form">
            <p class="muted">{ words }</p>
            if let Some(failure) = *failed {
                <div class="note note-error" role="alert" data-testid="sign-in-problem">
                    <Icon glyph={Glyph::Alert} />
                    <div class="note-text"><strong>{ failure.title() }</strong><p>{ failure.cure() }</p></div>
                </div>
            }
            <button type="button" class="button primary" {onclick} disabled={*leaving} aria-busy={leaving.to_string()}
                data-testid="sign-in-submit">
                { if *leaving { "One moment…" } else { "Sign in" } }
            </button>
        </div>
    }
}
