//! Who is signed in, how the app looks, and the way out. The browser's own popover opens and closes it: Escape, a
//! click beside it, and the keyboard's way back are its work.

use bulkhead_words::{Language, Says};
use yew::prelude::*;

use crate::appearance::{LOOKS, Look};
use crate::auth_gate::Leave;
use crate::components::icon::{Glyph, Icon};
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::routes::Route;
use crate::sign_in;
use crate::speech;
use crate::words;

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
    let name = person
        .as_deref()
        .unwrap_or(words::account_menu_signed_in())
        .to_owned();
    let how = match (&person, sign_in::is_hosted()) {
        (Some(person), _) => words::account_menu_signed_in_as(person),
        (None, true) => words::account_menu_signed_in().to_owned(),
        (None, false) => words::account_menu_by_token().to_owned(),
    };
    html! {
        <>
            <button type="button" class="nav-item account-button" popovertarget="account-menu" data-testid="account-menu"
                aria-label={words::account_menu_of(&how)}>
                <Icon glyph={Glyph::Person} /><span class="grow">{ name }</span>
            </button>
            <div id="account-menu" popover="auto" class="menu" data-testid="account-menu-panel">
                <p class="menu-head muted" data-testid="signed-in-as">{ how }</p>
                <div class="looks">
                    { for LOOKS.iter().map(|look| choice(look, &looks)) }
                    { languages() }
                </div>
                <Go to={Route::Model} class="nav-item menu-item" testid="model-page-link">
                    <Icon glyph={Glyph::Shield} /><span class="grow">{ words::account_menu_model() }</span>
                </Go>
                if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
                <button type="button" class="nav-item menu-item" onclick={sign_out} disabled={asking.busy.is_some()}
                    data-testid="sign-out">
                    <Icon glyph={Glyph::SignOut} />
                    <span class="grow">{ if asking.busy.is_some() { words::account_menu_signing_out() } else { words::account_menu_sign_out() } }</span>
                </button>
            </div>
        </>
    }
}

/// The languages, and the browser's own choice among them.
fn languages() -> Html {
    let chosen = speech::chosen();
    let option = |(language, label): (Option<Language>, &'static str)| {
        let onchange = Callback::from(move |_: Event| speech::choose(language));
        let tag = language.map_or("system", Language::tag);
        let spoken = language.map(Language::tag);
        html! {
            <label><input type="radio" name="language" checked={chosen == language} {onchange}
                data-testid={format!("language-{tag}")} /><span lang={spoken}>{ label }</span></label>
        }
    };
    let known = Language::ALL.map(|(language, name)| (Some(language), name));
    html! {
        <div class="segmented" role="radiogroup" aria-label={words::account_menu_language()}>
            { option((None, words::appearance_system())) }
            { for known.map(option) }
        </div>
    }
}

fn choice(look: &'static Look, on_chosen: &UseForceUpdateHandle) -> Html {
    let chosen = look.chosen();
    let option = |(value, label): &(&'static str, Says)| {
        let (value, on_chosen) = (*value, on_chosen.clone());
        let onchange = Callback::from(move |_: Event| {
            look.choose(value);
            on_chosen.force_update();
        });
        html! {
            <label><input type="radio" name={look.name} checked={chosen == value} {onchange}
                data-testid={format!("look-{}-{value}", look.name)} /><span>{ label.say() }</span></label>
        }
    };
    html! {
        <div class="segmented" role="radiogroup" aria-label={look.label.say()}>{ for look.options.iter().map(option) }</div>
    }
}
