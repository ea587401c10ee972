//! The gate: how people sign in here, who comes in, and who went out.

use bulkhead_shared::problem::Code;
use yew::prelude::*;

use crate::api::{self, Answer};
use crate::browser;
use crate::components::brand_mark::{Size, brand_mark};
use crate::components::problem_note::ProblemNote;
use crate::hooks::loading::use_loading;
use crate::hooks::window_event::use_window_event;
use crate::pages::sign_in::{Why, sign_in_page};
use crate::remote::Remote;
use crate::sign_in::{self, CALLBACK, Hosted, SIGNED_OUT};
use crate::state::callback::Failure;

/// Whom the gate lets in finds this in the context: how to go out again.
#[derive(Clone, PartialEq)]
pub struct Leave(pub Callback<()>);

/// What the gate found.
#[derive(Clone, Copy, PartialEq)]
enum Arrival {
    /// The app may ask; whether a cookie is good shows then.
    Inside,
    /// The person has to do something first.
    Outside(Why),
}

#[derive(Properties, PartialEq)]
pub struct AuthGateProps {
    /// What is behind it.
    pub children: Html,
}

/// The door.
#[component]
pub fn AuthGate(props: &AuthGateProps) -> Html {
    let arrival = use_loading((), |()| Some(arrive()));
    let left = use_state(|| false);
    {
        let left = left.clone();
        use_effect_with((), move |()| {
            sign_in::on_leave_elsewhere(move || {
                sign_in::leave_like_another_tab();
                left.set(true);
            })
        });
    }
    // The printed address in a tab that shows this server already: the browser takes it for a place in the page.
    use_window_event(
        "hashchange",
        Callback::from(|_: Event| {
            if sign_in::code_in(&browser::fragment()).is_some() {
                browser::reload();
            }
        }),
    );
    let leave = {
        let left = left.clone();
        use_callback((), move |(), ()| left.set(true))
    };
    if *left {
        // Nothing of a mailbox may be left in a page that Back could bring up again.
        return sign_in_page(Why::SignedOut);
    }
    match arrival.remote {
        Remote::NotAsked | Remote::Loading => html! { <Splash /> },
        Remote::Failed(error) => html! {
            <main class="splash"><ProblemNote {error} retry={arrival.reload} /></main>
        },
        Remote::Ready(Arrival::Outside(why)) => sign_in_page(why),
        Remote::Ready(Arrival::Inside) => html! {
            <ContextProvider<Leave> context={Leave(leave)}>{ props.children.clone() }</ContextProvider<Leave>>
        },
    }
}

/// While nobody knows yet what to show.
#[component]
pub fn Splash() -> Html {
    html! {
        <main class="splash" aria-busy="true">
            { brand_mark(Size::Large) }
            <progress class="busy" aria-label="Bulkhead" />
        </main>
    }
}

async fn arrive() -> Answer<Arrival> {
    browser::give_way().await;
    let path = browser::path();
    let Some(hosted) = Hosted::of(api::sign_in().await?) else {
        if let Some(code) = sign_in::code_in(&browser::fragment()) {
            // The address is cleared of it first: nobody finds it there, or in the history.
            browser::set_path("/");
            return bring(code).await;
        }
        return Ok(match path.as_str() {
            SIGNED_OUT => Arrival::Outside(Why::SignedOut),
            _ => Arrival::Inside,
        });
    };
    sign_in::use_hosted(hosted);
    match path.as_str() {
        SIGNED_OUT => Ok(Arrival::Outside(Why::SignedOut)),
        CALLBACK => come_back().await,
        _ if sign_in::resume().await? => Ok(Arrival::Inside),
        // Straight on: whoever is known there comes back without having seen a page.
        _ => begin().await,
    }
}

/// With the code of the printed address. One that was used already leads in all the same where its session
/// is still there.
async fn bring(code: String) -> Answer<Arrival> {
    let failure = match api::bring_code(code).await {
        Ok(()) => Failure::NotKept,
        Err(error) if error.code() == Some(Code::Unauthenticated) => Failure::UsedUp,
        Err(error) => return Err(error),
    };
    Ok(match api::is_let_in().await {
        true => Arrival::Inside,
        false => Arrival::Outside(Why::Failed(failure)),
    })
}

/// From the sign-in, with an answer in the address. The address is cleared of it in any case.
async fn come_back() -> Answer<Arrival> {
    match sign_in::finish().await {
        Ok(back_to) => {
            browser::set_path(&back_to);
            Ok(Arrival::Inside)
        }
        Err(failure) => {
            browser::set_path("/");
            // Back led to the sign-in's page, and on from there: this tab is signed in already.
            let already = failure == Failure::Mismatch && sign_in::resume().await?;
            Ok(if already {
                Arrival::Inside
            } else {
                Arrival::Outside(Why::Failed(failure))
            })
        }
    }
}

async fn begin() -> Answer<Arrival> {
    match sign_in::begin().await {
        Ok(gone) => match gone {},
        Err(failure) => Ok(Arrival::Outside(Why::Failed(failure))),
    }
}
