//! Recipients out of an address book, or whoever wrote the mails of a search.

use bulkhead_shared::api::Account;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits::{PAGE_ITEMS_MOST, ROWS_PER_REQUEST};
use wasm_split_helpers::wasm_split;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api::{self, Answer};
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::copy::numbers::items;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::state::gathered::Gathered;
use crate::state::recipients::Recipients;
use crate::words;

/// People that are listed before somebody takes all of them.
const LISTED: usize = 8;

/// The fields, once their part is here.
#[wasm_split(attaching, fallible)]
pub fn gathering(recipients: Recipients, on_change: Callback<Recipients>) -> Drawn {
    Ok(html! { <Gathering {recipients} {on_change} /> })
}

#[derive(Properties, PartialEq)]
pub struct GatheringProps {
    pub recipients: Recipients,
    pub on_change: Callback<Recipients>,
}

/// Where people are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    account: AccountId,
    kind: Kind,
    words: String,
}

/// What a search found, and how much of it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    people: Gathered,
    looked_at: u64,
    /// There is more than one job takes.
    is_cut: bool,
}

/// A search, and what it found.
#[component]
pub fn Gathering(props: &GatheringProps) -> Html {
    let accounts = use_loading((), |()| Some(api::accounts()));
    let asking = use_asking();
    let chosen = use_state(|| 0_usize);
    let search = use_state(String::new);
    let found = use_state(|| None::<(Kind, Found)>);
    let told = use_state(|| None::<String>);
    let places = accounts.remote.ready().map(|accounts| places(accounts));
    let places = places.unwrap_or_default();
    let look = {
        let (asking, found, told) = (asking.clone(), found.clone(), told.clone());
        let (places, chosen, search) = (places.clone(), chosen.clone(), search.clone());
        Callback::from(move |()| {
            let Some(Place { account, kind, .. }) = places.get(*chosen).cloned() else {
                return;
            };
            let found = found.clone();
            told.set(None);
            asking.make(
                "gather",
                gather(account, kind, (*search).clone()),
                move |people| {
                    found.set(Some((kind, people)));
                },
            );
        })
    };
    let on_place = {
        let (chosen, found) = (chosen.clone(), found.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                found.set(None);
                chosen.set(select.value().parse().unwrap_or_default());
            }
        })
    };
    let on_search = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                search.set(input.value());
            }
        })
    };
    let on_key = {
        let look = look.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                look.emit(());
            }
        })
    };
    let take = {
        let (found, told, recipients) = (found.clone(), told.clone(), props.recipients.clone());
        let on_change = props.on_change.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some((_, people)) = &*found {
                let (next, twice) = people.people.added_to(&recipients);
                let added = people.people.rows.len() - twice;
                let said = words::compose_gather_added(added as u64, twice as u64);
                told.set(Some(said));
                found.set(None);
                on_change.emit(next);
            }
        })
    };
    let hint = match places.get(*chosen).map(|place| place.kind) {
        Some(Kind::Contact) => words::compose_gather_contacts_hint(),
        _ => "in:inbox newer_than:30d",
    };
    let option = |(place, known): (usize, &Place)| {
        html! { <option value={place.to_string()} selected={*chosen == place}>{ &known.words }</option> }
    };
    html! {
        <details class="compose-sub" data-testid="gathering">
            <summary>{ words::compose_gather() }</summary>
            <div class="compose-sub-body">
            <div class="compose-pair">
                <label class="field">
                    <span>{ words::compose_gather_from() }</span>
                    <select onchange={on_place} data-testid="gather-from">{ for places.iter().enumerate().map(option) }</select>
                </label>
                <label class="field">
                    <span>{ words::compose_gather_search() }</span>
                    <input type="search" value={(*search).clone()} oninput={on_search} onkeydown={on_key} placeholder={hint} autocomplete="off"
                        data-testid="gather-search" />
                </label>
            </div>
            <div class="compose-sub-foot">
                <button type="button" class="button small" onclick={look.reform(|_: MouseEvent| ())}
                    disabled={places.is_empty() || asking.busy.is_some()} data-testid="gather">
                    { if asking.busy.is_some() { words::compose_gather_looking() } else { words::compose_gather_look() } }
                </button>
                <span class="muted small" role="status" data-testid="gather-told">{ (*told).clone().unwrap_or_default() }</span>
            </div>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            if let Some((kind, found)) = &*found { { listed(*kind, found, &take) } }
            </div>
        </details>
    }
}

/// The address books and mailboxes of a person.
fn places(accounts: &[Account]) -> Vec<Place> {
    let kinds = [Kind::Contact, Kind::Mail];
    let places = kinds.into_iter().flat_map(|kind| {
        let able = accounts
            .iter()
            .filter(move |account| account.abilities(kind).is_some());
        able.map(move |account| Place {
            account: account.id.clone(),
            kind,
            words: match kind {
                Kind::Contact => words::compose_gather_contacts(&account.name),
                _ => words::compose_gather_writers(&account.name),
            },
        })
    });
    places.collect()
}

/// Everybody that a search finds, page by page, as far as one job takes them.
async fn gather(account: AccountId, kind: Kind, words: String) -> Answer<Found> {
    let page = PAGE_ITEMS_MOST as usize;
    let mut people = match kind {
        Kind::Contact => Gathered::of_contacts(),
        _ => Gathered::of_mails(),
    };
    let mut place = 0;
    while people.rows.len() < ROWS_PER_REQUEST {
        let places = place..place + page;
        let count = match kind {
            Kind::Contact => {
                let found = api::contacts(account.clone(), words.clone(), places).await?;
                people.add_contacts(&found.contacts);
                found.contacts.len()
            }
            _ => {
                let found = api::items(account.clone(), words.clone(), places).await?;
                people.add_mails(&found.items);
                found.items.len()
            }
        };
        place += count;
        if count < page {
            return Ok(Found {
                people,
                looked_at: place as u64,
                is_cut: false,
            });
        }
    }
    Ok(Found {
        people,
        looked_at: place as u64,
        is_cut: true,
    })
}

fn listed(kind: Kind, found: &Found, take: &Callback<MouseEvent>) -> Html {
    let people = &found.people;
    let count = people.rows.len();
    let looked_at = items(found.looked_at, kind);
    let mut said = vec![words::compose_gather_found(count as u64, &looked_at)];
    if people.without > 0 {
        said.push(words::compose_gather_without(people.without as u64));
    }
    if found.is_cut {
        said.push(words::compose_gather_cut().to_owned());
    }
    let line = |row: &Vec<String>| {
        let cell = |place: usize| row.get(place).cloned().unwrap_or_default();
        html! { <li key={cell(0)} data-testid="gathered"><span>{ cell(1) }</span><span class="muted">{ cell(0) }</span></li> }
    };
    let more = count.saturating_sub(LISTED);
    html! {
        <>
            <p data-testid="gather-found" data-count={count.to_string()}>{ said.join(" ") }</p>
            <ul class="gathered">
                { for people.rows.iter().take(LISTED).map(line) }
                if more > 0 { <li class="muted">{ words::and_more(more as u64) }</li> }
            </ul>
            <div><button type="button" class="button" onclick={take.clone()} disabled={count == 0} data-testid="gather-take">{ words::compose_gather_add() }</button></div>
        </>
    }
}
