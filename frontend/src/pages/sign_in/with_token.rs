//! Signing in with the address that the server printed, or the token that is in it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;

/// The form.
#[component]
pub fn WithToken() -> Html {
    let token = use_state(String::new);
    let oninput = {
        let token = token.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                token.set(input.value());
            }
        })
    };
    let onsubmit = {
        let token = token.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let token = token_in(&token);
            if !token.is_empty() {
                browser::go_to(&format!("/sign-in?token={}", browser::encoded(&token)));
            }
        })
    };
    html! {
        <form class="form" {onsubmit}>
            <p class="muted">{ "When the server started, it printed an address in its terminal. Open that address, or paste it (or only the token in it) here." }</p>
            <label class="field">
                <span>{ "Address or token" }</span>
                <input type="password" value={(*token).clone()} {oninput} autocomplete="off" data-testid="token" />
            </label>
            <button type="submit" class="button primary" disabled={token.trim().is_empty()} data-testid="sign-in-submit">
                { "Sign in" }
            </button>
            <p class="muted small">{ "The token is also in the file " }<code>{ "token" }</code>{ " in the server’s data folder." }</p>
        </form>
    }
}

/// The token in what was pasted: an address that carries it, or the token itself.
fn token_in(pasted: &str) -> String {
    let pasted = pasted.trim();
    let after = pasted.rsplit_once("token=").map_or(pasted, |(_, end)| end);
    after.split(['&', '#']).next().unwrap_or(after).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_token_in_a_pasted_address() {
        let address = " http://127.0.0.1:8080/sign-in?token=abc123 ";
        assert_eq!(token_in(address), "abc123");
        assert_eq!(token_in("abc123"), "abc123");
        assert_eq!(token_in("http://x/?token=abc&y=1"), "abc");
    }
}
