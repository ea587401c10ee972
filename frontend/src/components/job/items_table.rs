//! Every item of a job: narrowed by how it ended and by words, in the order that was asked for.

use bulkhead_shared::api::{ItemOutcome, ItemOutcomes, Job};
use bulkhead_shared::outcome::Outcome;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::problem_note::ProblemNote;
use crate::copy::jobs;
use crate::copy::numbers::thousands;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::state::items_view::{Order, shown};
use crate::words;
use bulkhead_words::Says;

/// Items that are fetched at once.
const PAGE: u32 = 200;

#[derive(Properties, PartialEq)]
pub struct ItemsTableProps {
    pub job: Job,
}

/// The table, with its filters.
#[component]
pub fn ItemsTable(props: &ItemsTableProps) -> Html {
    let job = &props.job;
    let outcome = use_state(|| None::<Outcome>);
    let order = use_state(Order::default);
    let text = use_state(String::new);
    let further = use_state(Vec::<ItemOutcomes>::new);
    let asking = use_asking();
    let first = use_loading((job.id.clone(), *outcome), |(job, outcome)| {
        Some(api::job_items_by(job, outcome, None, PAGE))
    });
    {
        let further = further.clone();
        use_effect_with(*outcome, move |_| further.set(Vec::new()));
    }
    let on_outcome = {
        let outcome = outcome.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let name = select.value();
                outcome.set(
                    Outcome::ALL
                        .into_iter()
                        .find(|it| api::outcome_name(*it) == name),
                );
            }
        })
    };
    let on_order = {
        let order = order.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let chosen = Order::ALL
                    .iter()
                    .find(|(_, name, _)| *name == select.value());
                order.set(chosen.map_or_else(Order::default, |(order, _, _)| *order));
            }
        })
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                text.set(input.value());
            }
        })
    };
    let one_outcome = |which: &Outcome| {
        let count = job.counts.of(*which);
        html! {
            if count > 0 {
                <option value={api::outcome_name(*which)} selected={*outcome == Some(*which)}>
                    { format!("{} ({})", jobs::outcome(*which), thousands(count)) }</option>
            }
        }
    };
    let one_order = |(which, name, label): &(Order, &'static str, Says)| {
        html! { <option value={*name} selected={*order == *which}>{ label.say() }</option> }
    };
    let rows = match &first.remote {
        Remote::NotAsked | Remote::Loading => {
            html! { <div class="skeleton-lines" aria-busy="true"><i /><i /><i /></div> }
        }
        Remote::Failed(error) => {
            html! { <ProblemNote error={error.clone()} retry={first.reload.clone()} /> }
        }
        Remote::Ready(page) => {
            let mut all = page.items.clone();
            all.extend(further.iter().flat_map(|page| page.items.clone()));
            let next = further.last().unwrap_or(page).next_cursor.clone();
            let disabled = asking.busy.is_some();
            let more = next.map(|next| {
                let (asking, further) = (asking.clone(), further.clone());
                let (job, outcome) = (job.id.clone(), *outcome);
                let onclick = Callback::from(move |_: MouseEvent| {
                    let further = further.clone();
                    let call = api::job_items_by(job.clone(), outcome, Some(next.clone()), PAGE);
                    asking.make("more", call, move |page| {
                        let mut pages = (*further).clone();
                        pages.push(page);
                        further.set(pages);
                    });
                });
                html! { <button type="button" class="button small" {onclick} {disabled} data-testid="items-more">{ words::load_more() }</button> }
            });
            table(&all, shown(&all, &text, *order), more)
        }
    };
    html! {
        <section class="items-table" aria-label={words::job_items_title()} data-testid="items-table">
            <h2>{ words::job_items_title() }</h2>
            <div class="items-filters">
                <input type="text" value={(*text).clone()} {oninput} placeholder={words::job_items_find()} aria-label={words::job_items_find()}
                    autocomplete="off" data-testid="items-text" />
                <label class="filter"><span>{ words::job_items_ended() }</span>
                    <select onchange={on_outcome} data-testid="items-outcome">
                        <option value="" selected={outcome.is_none()}>{ words::job_items_in_any_way() }</option>
                        { for Outcome::ALL.iter().map(one_outcome) }
                    </select></label>
                <label class="filter"><span>{ words::job_items_order() }</span>
                    <select onchange={on_order} data-testid="items-order">{ for Order::ALL.iter().map(one_order) }</select></label>
            </div>
            { rows }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </section>
    }
}

fn table(all: &[ItemOutcome], shown: Vec<&ItemOutcome>, more: Option<Html>) -> Html {
    html! {
        <>
            <div class="table-scroll" tabindex="0" role="region" aria-label={words::job_items_table()}>
                <table>
                    <thead><tr><th scope="col">{ words::job_items_what() }</th><th scope="col">{ words::job_items_ended() }</th><th scope="col">{ words::job_items_when() }</th></tr></thead>
                    <tbody>{ for shown.iter().map(|item| row(item)) }</tbody>
                </table>
            </div>
            <p class="items-foot muted">
                <span data-testid="items-shown" data-count={shown.len().to_string()}>
                    { words::job_items_shown(shown.len() as u64, all.len() as u64) }</span>
                { more.unwrap_or_default() }
            </p>
        </>
    }
}

fn row(item: &ItemOutcome) -> Html {
    let (title, second) = match &item.card {
        Some(card) => (card.title.clone(), card.second.clone()),
        None => (words::job_items_gone().to_owned(), item.id.to_string()),
    };
    let name = item.outcome.map_or("pending", api::outcome_name);
    let ended = item
        .outcome
        .map_or(words::job_items_waiting(), jobs::outcome);
    html! {
        <tr key={item.id.to_string()} class={name} data-testid="item-line" data-state={name}>
            <td><strong>{ title }</strong>{ " " }<span class="muted">{ second }</span></td>
            <td><span class="ended">{ ended }</span>
                if let Some(reason) = item.reason { <span class="muted small">{ reason.text() }</span> }</td>
            <td class="muted">{ item.at.map(browser::full) }</td>
        </tr>
    }
}
