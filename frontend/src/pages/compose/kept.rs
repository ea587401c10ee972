//! Templates that are kept: taken up, in any of their versions, kept anew, and forgotten.

use bulkhead_shared::api::{KeepTemplate, KeptName, KeptTemplate};
use bulkhead_shared::ids::AccountId;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::state::compose::Compose;
use crate::words;

/// The templates of the account, once their part is here.
#[wasm_split(kept, fallible)]
pub fn kept(account: AccountId, written: Compose, on_change: Callback<Compose>) -> Drawn {
    Ok(html! { <Kept {account} {written} {on_change} /> })
}

#[derive(Properties, PartialEq)]
pub struct KeptProps {
    pub account: AccountId,
    pub written: Compose,
    pub on_change: Callback<Compose>,
}

/// The templates of the account, and what can be done with the one that is written.
#[component]
pub fn Kept(props: &KeptProps) -> Html {
    let found = use_loading(props.account.clone(), |account| {
        Some(api::templates(account))
    });
    let asking = use_asking();
    let told = use_state(|| None::<String>);
    let known = found.remote.ready().map(|found| found.templates.clone());
    let known = known.unwrap_or_default();
    let name = props.written.template.trim();
    let current = known.iter().find(|kept| kept.name == name).cloned();
    let take = {
        let (asking, told) = (asking.clone(), told.clone());
        let (account, written, on_change) = (
            props.account.clone(),
            props.written.clone(),
            props.on_change.clone(),
        );
        Callback::from(move |(name, version): (String, Option<u32>)| {
            let (told, written, on_change) = (told.clone(), written.clone(), on_change.clone());
            let call = api::template(account.clone(), name, version);
            asking.make("take", call, move |taken| {
                told.set(Some(version_of(&taken)));
                on_change.emit(written.with_template(taken));
            });
        })
    };
    let keep = {
        let (asking, told, reload) = (asking.clone(), told.clone(), found.reload.clone());
        let (account, written) = (props.account.clone(), props.written.clone());
        Callback::from(move |_: MouseEvent| {
            let (told, reload) = (told.clone(), reload.clone());
            let wanted = KeepTemplate {
                name: written.template.trim().to_owned(),
                template: written.parts(),
            };
            if let Err(wrong) = wanted.validate() {
                return told.set(Some(wrong.message));
            }
            asking.make(
                "keep",
                api::keep_template(account.clone(), wanted),
                move |kept| {
                    told.set(Some(version_of(&kept)));
                    reload.emit(());
                },
            );
        })
    };
    let forget = {
        let (asking, told, reload) = (asking.clone(), told.clone(), found.reload.clone());
        let (account, name) = (props.account.clone(), name.to_owned());
        Callback::from(move |_: MouseEvent| {
            let (told, reload) = (told.clone(), reload.clone());
            let call = api::forget_template(account.clone(), name.clone());
            asking.make("forget", call, move |()| {
                told.set(Some(words::compose_kept_forgotten().to_owned()));
                reload.emit(());
            });
        })
    };
    let busy = asking.busy.is_some();
    html! {
        <div class="kept-templates" data-testid="kept-templates" data-count={known.len().to_string()}>
            if !known.is_empty() { { chooser(&known, current.as_ref(), &take) } }
            if let Some(kept) = &current { { versions(kept, &take) } }
            <button type="button" class="button small" onclick={keep} disabled={busy || name.is_empty()} data-testid="keep-template">
                { if current.is_some() { words::compose_kept_keep_anew() } else { words::compose_kept_keep() } }
            </button>
            if current.is_some() {
                <button type="button" class="button small" onclick={forget} disabled={busy} data-testid="forget-template">{ words::compose_kept_forget() }</button>
            }
            <span class="muted small" role="status" data-testid="kept-told">{ (*told).clone().unwrap_or_default() }</span>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </div>
    }
}

fn chooser(
    known: &[KeptName],
    current: Option<&KeptName>,
    take: &Callback<(String, Option<u32>)>,
) -> Html {
    let onchange = {
        let (take, names) = (take.clone(), known.to_vec());
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            let place = select.and_then(|select| select.value().parse::<usize>().ok());
            if let Some(kept) = place.and_then(|place| names.get(place)) {
                take.emit((kept.name.clone(), None));
            }
        })
    };
    let option = |(place, kept): (usize, &KeptName)| {
        html! { <option value={place.to_string()} selected={current == Some(kept)}>{ &kept.name }</option> }
    };
    html! {
        <label class="field">
            <span>{ words::compose_kept_templates() }</span>
            <select {onchange} data-testid="kept-choice">
                <option value="" selected={current.is_none()}>{ "–" }</option>
                { for known.iter().enumerate().map(option) }
            </select>
        </label>
    }
}

fn versions(kept: &KeptName, take: &Callback<(String, Option<u32>)>) -> Html {
    let onchange = {
        let (take, name) = (take.clone(), kept.name.clone());
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            let version = select.and_then(|select| select.value().parse().ok());
            if version.is_some() {
                take.emit((name.clone(), version));
            }
        })
    };
    let option = |version: u32| html! { <option value={version.to_string()}>{ version }</option> };
    html! {
        <label class="field">
            <span>{ words::compose_kept_take_version() }</span>
            <select {onchange} data-testid="kept-version">
                <option value="" selected=true>{ "–" }</option>
                { for (1..=kept.newest).rev().map(option) }
            </select>
        </label>
    }
}

fn version_of(kept: &KeptTemplate) -> String {
    let (version, newest) = (kept.version.to_string(), kept.kept.newest.to_string());
    words::compose_kept_version(&version, &newest, &browser::full(kept.at))
}
