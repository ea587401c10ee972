//! Signing in at the hosted sign-in: one button that goes there.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::pages::sign_in::{FailureNote, Why};
use crate::sign_in;
use crate::state::callback::Failure;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct AtHostedProps {
    /// Why the page is shown.
    pub why: Why,
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
    let text = match props.why {
        Why::NotSignedIn => words::sign_in_ended(),
        Why::SignedOut => words::sign_in_jobs_go_on(),
        Why::Failed(_) => words::sign_in_elsewhere(),
    };
    html! {
        <div class="form">
            <p class="muted">{ text }</p>
            if let Some(failure) = *failed {
                <FailureNote {failure} />
            }
            <button type="button" class="button primary" {onclick} disabled={*leaving} aria-busy={leaving.to_string()}
                data-testid="sign-in-submit">
                { if *leaving { words::sign_in_moment() } else { words::sign_in_submit() } }
            </button>
        </div>
    }
}
