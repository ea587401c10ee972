//! Who is signed in, how the app looks, and the way out. The browser's own popover opens and closes it: Escape, a
//! click beside it, and the keyboard's way back are its work.

use yew::prelude::*;

use crate::appearance::{LOOKS, Look};
use crate::auth_gate::Leave;
use crate::components::icon::{Glyph, Icon};
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::routes::Route;
use crate::sign_in;

/// The button and its menu.
#[component]
pub fn AccountMenu() -> Html {
    let asking = use_asking();
    let leave = use_context::<Leave>();
    let sign_out = {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| {
            let leave = leave.clone();
            asking.make("sign-out", sign_in::leave(), move |()| {
                if let Some(Leave(leave)) = leave {
                    leave.emit(());
                }
            });
        })
    };
    let looks = use_force_update();
    let person = sign_in::person();
    let name = person.as_deref().unwrap_or("Signed in").to_owned();
    let how = match (&person, sign_in::is_hosted()) {
        (Some(person), _) => format!("Signed in as {person}"),
        (None, true) => "Signed in".to_owned(),
        (None, false) => "Signed in with this server’s token".to_owned(),
    };
    html! {
        <>
            <button type="button" class="nav-item account-button" popovertarget="account-menu" data-testid="account-menu"
                aria-label={format!("{how}: account menu")}>
                <Icon glyph={Glyph::Person} /><span class="grow">{ name }</span>
            </button>
            <div id="account-menu" popover="auto" class="menu" data-testid="account-menu-panel">
                <p class="menu-head muted" data-testid="signed-in-as">{ how }</p>
                <div class="looks">{ for LOOKS.iter().map(|look| choice(look, &looks)) }</div>
                <Go to={Route::Model} class="nav-item menu-item" testid="model-page-link">
                    <Icon glyph={Glyph::Shield} /><span class="grow">{ "Model and privacy" }</span>
                </Go>
                if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
                <button type="button" class="nav-item menu-item" onclick={sign_out} disabled={asking.busy.is_some()}
                    data-testid="sign-out">
                    <Icon glyph={Glyph::SignOut} />
                    <span class="grow">{ if asking.busy.is_some() { "Signing out…" } else { "Sign out" } }</span>
                </button>
            </div>
        </>
    }
}

fn choice(look: &'static Look, on_chosen: &UseForceUpdateHandle) -> Html {
    let chosen = look.chosen();
    let option = |(value, label): &(&'static str, &'static str)| {
        let (value, on_chosen) = (*value, on_chosen.clone());
        let onchange = Callback::from(move |_: Event| {
            look.choose(value);
            on_chosen.force_update();
        });
        html! {
            <label><input type="radio" name={look.label} checked={chosen == value} {onchange}
                data-testid={format!("look-{}", label.to_ascii_lowercase())} /><span>{ *label }</span></label>
        }
    };
    html! {
        <div class="segmented" role="radiogroup" aria-label={look.label}>{ for look.options.iter().map(option) }</div>
    }
}
