//! Signing in with the address that the server printed, or its token.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::sign_in;
use crate::state::callback::Failure;
use crate::words;

use super::why::FailureNote;

/// The form.
#[component]
pub fn WithToken() -> Html {
    let token = use_state(String::new);
    let asking = use_asking();
    let is_lost = use_state(|| false);
    let oninput = {
        let token = token.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                token.set(input.value());
            }
        })
    };
    let onsubmit = {
        let (asking, token, is_lost) = (asking.clone(), token.clone(), is_lost.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let token = token_in(&token);
            if !token.is_empty() {
                let is_lost = is_lost.clone();
                is_lost.set(false);
                let call = async {
                    api::bring_code(token).await?;
                    Ok(api::is_let_in().await)
                };
                asking.make("sign-in", call, move |is_kept| match is_kept {
                    // From the start: whoever was signed in before, nothing of theirs is left.
                    true => browser::go_to("/"),
                    false => is_lost.set(true),
                });
            }
        })
    };
    let busy = asking.busy.is_some();
    html! {
        <form class="form" {onsubmit}>
            <p class="muted">{ words::sign_in_printed() }</p>
            <label class="field">
                <span>{ words::sign_in_token() }</span>
                <input type="password" value={(*token).clone()} {oninput} autocomplete="off" data-testid="token" />
            </label>
            if *is_lost { <FailureNote failure={Failure::NotKept} /> }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            <button type="submit" class="button primary" disabled={busy || token.trim().is_empty()} data-testid="sign-in-submit">
                { if busy { words::sign_in_under_way() } else { words::sign_in_submit() } }
            </button>
            <p class="muted small">{ words::sign_in_token_place() }{ " " }<code>{ "token" }</code>{ "." }</p>
        </form>
    }
}

/// What lets in, in what was pasted: the code of an address, or the token.
fn token_in(pasted: &str) -> String {
    let pasted = pasted.trim();
    let fragment = pasted.split_once('#').map(|(_, fragment)| fragment);
    fragment
        .and_then(sign_in::code_in)
        .unwrap_or_else(|| pasted.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_lets_in_in_a_pasted_address() {
        let address = " http://127.0.0.1:8080/#sign-in=abc123 ";
        assert_eq!(token_in(address), "abc123");
        assert_eq!(token_in(" abc123\n"), "abc123");
        assert_eq!(token_in("http://x/#other"), "http://x/#other");
    }
}
