//! The page of who is not signed in: why, and how to get in.

mod at_hosted;
mod why;
mod with_token;

use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::browser;
use crate::components::brand_mark::{Size, brand_mark};
use crate::components::later::{Drawn, later};
use crate::sign_in;
use crate::words;

use at_hosted::AtHosted;
use why::FailureNote;
pub use why::Why;
use with_token::WithToken;

/// The page, once its part is here.
pub fn sign_in_page(why: Why) -> Html {
    later("sign-in", move || draw(why))
}

#[wasm_split(sign_in, fallible)]
fn draw(why: Why) -> Drawn {
    Ok(html! { <SignInPage {why} /> })
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
        Why::SignedOut => words::sign_in_signed_out(),
        Why::NotSignedIn | Why::Failed(_) => words::sign_in_title(),
    };
    use_effect_with(title, |title| {
        browser::set_title(&format!("{title} – Bulkhead"));
    });
    html! {
        <main class="sign-in" data-testid="sign-in">
            <div class="card">
                { brand_mark(Size::Large) }
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
