//! Who gets no mail from this account: seen, searched, added to and taken off.

use bulkhead_shared::address;
use bulkhead_shared::api::{Suppress, SuppressReport, SuppressedAddress, SuppressedAddresses};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::suppression::Suppression;
use wasm_split_helpers::wasm_split;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::{UseAsking, use_asking};
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

/// The list, once its part is here.
#[wasm_split(kept, fallible)]
pub fn suppressed(account: AccountId, on_change: Callback<()>) -> Drawn {
    Ok(html! { <Suppressed {account} {on_change} /> })
}

#[derive(Properties, PartialEq)]
pub struct SuppressedProps {
    pub account: AccountId,
    /// Somebody came onto the list, or left it.
    pub on_change: Callback<()>,
}

/// The list, closed until somebody wants to see it.
#[component]
pub fn Suppressed(props: &SuppressedProps) -> Html {
    let search = use_state(String::new);
    let cursors = use_state(|| vec![None::<String>]);
    let cursor = cursors.last().cloned().flatten();
    let wanted = (props.account.clone(), (*search).clone(), cursor);
    let page = use_loading(wanted, |(account, search, cursor)| {
        Some(api::suppressed(account, search, cursor))
    });
    let asking = use_asking();
    // What was there stays until what is new is here, so that the field keeps its place.
    let shown = use_mut_ref(|| None::<SuppressedAddresses>);
    if let Remote::Ready(found) = &page.remote {
        *shown.borrow_mut() = Some(found.clone());
    }
    let found = shown.borrow().clone();
    let total = found.as_ref().map_or(0, |found| found.total);
    let changed = {
        let (reload, on_change) = (page.reload.clone(), props.on_change.clone());
        Callback::from(move |()| {
            reload.emit(());
            on_change.emit(());
        })
    };
    let on_search = {
        let (search, cursors) = (search.clone(), cursors.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                cursors.set(vec![None]);
                search.set(input.value());
            }
        })
    };
    html! {
        <details class="compose-part" data-testid="suppressed" data-count={total.to_string()}>
            <summary>{ words::compose_suppressed(total) }</summary>
            <p class="muted small">{ words::compose_suppressed_meaning() }</p>
            <Adding account={props.account.clone()} on_change={changed.clone()} />
            if total > 0 {
                <label class="field">
                    <span>{ words::compose_suppressed_search() }</span>
                    <input type="search" value={(*search).clone()} oninput={on_search} autocomplete="off" data-testid="suppressed-search" />
                </label>
            }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            if let Remote::Failed(error) = &page.remote { <ProblemNote error={error.clone()} retry={page.reload.clone()} /> }
            if let Some(found) = &found { { listed(props, found, &asking, &changed) } { pages(found, &cursors) } }
        </details>
    }
}

fn listed(
    props: &SuppressedProps,
    found: &SuppressedAddresses,
    asking: &UseAsking,
    changed: &Callback<()>,
) -> Html {
    if found.total > 0 && found.matching == 0 {
        return html! { <p class="muted">{ words::compose_suppressed_none() }</p> };
    }
    let row = |known: &SuppressedAddress| {
        let onclick = {
            let (asking, changed) = (asking.clone(), changed.clone());
            let (account, address) = (props.account.clone(), known.address.clone());
            Callback::from(move |_: MouseEvent| {
                let changed = changed.clone();
                let call = api::release(account.clone(), address.clone());
                asking.make("release", call, move |()| changed.emit(()));
            })
        };
        let said = known.note.as_ref().map(|note| format!(": {note}"));
        let why = format!(
            "{}{}, {}",
            known.why.label(),
            said.unwrap_or_default(),
            browser::short(known.at)
        );
        html! {
            <li key={known.address.clone()} data-testid="suppressed-row">
                <span>{ &known.address }</span>
                <span class="muted">{ why }</span>
                <button type="button" class="button small" {onclick} disabled={asking.busy.is_some()}
                    aria-label={words::compose_suppressed_take_off_list(&known.address)} data-testid="release">{ words::compose_suppressed_take_off() }</button>
            </li>
        }
    };
    html! { <ul class="suppressed">{ for found.addresses.iter().map(row) }</ul> }
}

fn pages(found: &SuppressedAddresses, cursors: &UseStateHandle<Vec<Option<String>>>) -> Html {
    let turn = |next: Option<String>| {
        let cursors = cursors.clone();
        Callback::from(move |_: MouseEvent| {
            let mut pages = (*cursors).clone();
            match &next {
                Some(next) => pages.push(Some(next.clone())),
                None => drop(pages.pop()),
            }
            cursors.set(pages);
        })
    };
    html! {
        <div class="outcome-pages">
            if cursors.len() > 1 { <button type="button" class="button small" onclick={turn(None)}>{ words::previous() }</button> }
            if let Some(next) = &found.next_cursor {
                <button type="button" class="button small" onclick={turn(Some(next.clone()))}>{ words::next() }</button>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct AddingProps {
    account: AccountId,
    on_change: Callback<()>,
}

/// Addresses that are to come onto the list.
#[component]
fn Adding(props: &AddingProps) -> Html {
    let text = use_state(String::new);
    let why = use_state(|| Suppression::Unsubscribed);
    let told = use_state(|| None::<Result<SuppressReport, String>>);
    let asking = use_asking();
    let oninput = {
        let (text, told) = (text.clone(), told.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                told.set(None);
                text.set(area.value());
            }
        })
    };
    let choose = {
        let why = why.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let chosen = Suppression::ALL
                    .into_iter()
                    .find(|it| it.name() == select.value());
                why.set(chosen.unwrap_or_default());
            }
        })
    };
    let add = {
        let (text, why, told, asking) = (text.clone(), why.clone(), told.clone(), asking.clone());
        let (account, on_change) = (props.account.clone(), props.on_change.clone());
        Callback::from(move |_: MouseEvent| {
            let wanted = match wanted(&text, *why) {
                Ok(wanted) => wanted,
                Err(wrong) => return told.set(Some(Err(wrong))),
            };
            let (text, told, on_change) = (text.clone(), told.clone(), on_change.clone());
            asking.make(
                "suppress",
                api::suppress(account.clone(), wanted),
                move |report| {
                    text.set(String::new());
                    told.set(Some(Ok(report)));
                    on_change.emit(());
                },
            );
        })
    };
    let option = |it: Suppression| html! { <option value={it.name()} selected={*why == it}>{ it.label() }</option> };
    html! {
        <div class="suppressed-add">
            <label class="field">
                <span>{ words::compose_suppressed_new() }</span>
                <textarea rows="2" value={(*text).clone()} {oninput} spellcheck="false" placeholder="ann@example.org, bo@example.org"
                    data-testid="suppress-addresses" />
            </label>
            <label class="field">
                <span>{ words::compose_suppressed_because() }</span>
                <select onchange={choose} data-testid="suppress-why">
                    { option(Suppression::Unsubscribed) }{ option(Suppression::Complained) }{ option(Suppression::ByHand) }
                </select>
            </label>
            <button type="button" class="button" onclick={add} disabled={text.trim().is_empty() || asking.busy.is_some()}
                data-testid="suppress">{ words::compose_suppressed_add() }</button>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            <div role="status">{ match &*told {
                None => Html::default(),
                Some(Ok(report)) => html! { <span class="muted" data-testid="suppress-report">{ reported(report) }</span> },
                Some(Err(wrong)) => html! { <span class="error-text" data-testid="suppress-wrong">{ wrong }</span> },
            } }</div>
        </div>
    }
}

/// What is asked of the server, or what is wrong with what was written.
fn wanted(text: &str, why: Suppression) -> Result<Suppress, String> {
    let mut addresses = Vec::new();
    for (written, read) in address::list(text) {
        let mailbox = read.map_err(|wrong| format!("{written}: {wrong}"))?;
        addresses.push(mailbox.address.to_string());
    }
    let wanted = Suppress { addresses, why };
    wanted.read().map_err(|invalid| invalid.message)?;
    Ok(wanted)
}

fn reported(report: &SuppressReport) -> String {
    match (report.added, report.known) {
        (added, 0) => words::compose_suppressed_added(added),
        (added, known) => words::compose_suppressed_added_known(added, known),
    }
}
