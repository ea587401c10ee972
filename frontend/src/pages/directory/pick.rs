//! The list of inactive mailboxes, searched and picked from.

use std::collections::BTreeMap;

use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::kinds::mailbox::{Guid, Mailbox, Status};
use wasm_split_helpers::wasm_split;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::copy::numbers::items;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

/// Mailboxes that are shown at once, and so can be picked at once.
const SHOWN: u32 = 500;

/// The list, once its part is here.
#[wasm_split(pick, fallible)]
pub(super) fn pick(account: AccountId, on_pick: Callback<Vec<Mailbox>>) -> Drawn {
    Ok(html! { <Pick {account} {on_pick} /> })
}

#[derive(Properties, PartialEq)]
struct PickProps {
    account: AccountId,
    /// These were picked.
    on_pick: Callback<Vec<Mailbox>>,
}

#[component]
fn Pick(props: &PickProps) -> Html {
    let query = use_state(String::new);
    let picked = use_state(BTreeMap::<Guid, Mailbox>::new);
    let found = use_loading(
        (props.account.clone(), (*query).clone()),
        |(account, query)| {
            Some(api::mailboxes(
                account,
                format!("in:inactive {query}"),
                SHOWN,
            ))
        },
    );
    let onchange = {
        let query = query.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                query.set(input.value());
            }
        })
    };
    let go_on = {
        let (picked, on_pick) = (picked.clone(), props.on_pick.clone());
        Callback::from(move |_: MouseEvent| on_pick.emit(picked.values().cloned().collect()))
    };
    let toggle = {
        let picked = picked.clone();
        Callback::from(move |mailbox: Mailbox| {
            let mut now = (*picked).clone();
            if now.remove(&mailbox.guid).is_none() {
                now.insert(mailbox.guid.clone(), mailbox);
            }
            picked.set(now);
        })
    };
    let row = |mailbox: &Mailbox| {
        let is_picked = picked.contains_key(&mailbox.guid);
        pick_row(mailbox, is_picked, &toggle)
    };
    html! {
        <section class="pick" aria-label={words::directory_pick()}>
            <label class="field">
                <span>{ words::directory_pick_or() }</span>
                <input type="search" {onchange} placeholder={words::directory_pick_search()} spellcheck="false"
                    data-testid="mailbox-search" />
            </label>
            { match &found.remote {
                Remote::NotAsked | Remote::Loading => html! { <progress class="busy" aria-label={words::loading()} /> },
                Remote::Failed(error) => html! { <ProblemNote error={error.clone()} retry={found.reload} /> },
                Remote::Ready(page) if page.mailboxes.is_empty() => html! { <p class="muted">{ words::directory_pick_none() }</p> },
                Remote::Ready(page) => html! {
                    <>
                        <ul class="pick-rows" tabindex="0" data-testid="inactive">{ for page.mailboxes.iter().map(row) }</ul>
                        if page.total > u64::from(SHOWN) {
                            <p class="muted small">{ words::directory_pick_first(SHOWN.into(), page.total) }</p>
                        }
                    </>
                },
            } }
            <div class="buttons"><button type="button" class="button" onclick={go_on} disabled={picked.is_empty()}
                data-testid="take-picked">{ take_words(picked.len()) }</button></div>
        </section>
    }
}

fn take_words(picked: usize) -> String {
    match picked {
        0 => words::directory_pick_tick().to_owned(),
        picked => words::directory_pick_take(&items(picked as u64, Kind::Mailbox)),
    }
}

fn pick_row(mailbox: &Mailbox, is_picked: bool, toggle: &Callback<Mailbox>) -> Html {
    let onchange = {
        let (toggle, mailbox) = (toggle.clone(), mailbox.clone());
        Callback::from(move |_: Event| toggle.emit(mailbox.clone()))
    };
    let (deleted, kept) = match mailbox.status {
        Status::Active => (None, None),
        Status::Inactive {
            deleted_at,
            retained_until,
        } => (deleted_at, retained_until),
    };
    let deleted = deleted.map(|time| words::directory_pick_deleted(&browser::short(time)));
    let kept = kept.map(|time| words::directory_pick_kept(&browser::short(time)));
    html! {
        <li key={mailbox.guid.to_string()}>
            <label class="pick-row">
                <input type="checkbox" checked={is_picked} {onchange} data-guid={mailbox.guid.to_string()} />
                <span class="grow"><strong>{ mailbox.profile.name() }</strong>{ " " }<span class="muted">{ &mailbox.profile.smtp }</span></span>
                <span class="muted small">{ deleted.unwrap_or_default() }</span>
                <span class="muted small">{ kept.unwrap_or_default() }</span>
                if mailbox.on_hold { <span class="chip">{ words::directory_pick_hold() }</span> }
            </label>
        </li>
    }
}
