//! All jobs, newest first, each family together.

mod cleaned;
mod filters;

use bulkhead_shared::api::{Job, Jobs};
use bulkhead_shared::job::State;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::bar::Bar;
use crate::components::drafts::Drafts;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::state_chip::Stand;
use crate::components::later::Drawn;
use crate::components::link::{Go, open};
use crate::components::problem_note::ProblemNote;
use crate::components::undo_bar::Undoing;
use crate::copy::jobs;
use crate::copy::numbers::thousands;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::router::use_navigator;
use crate::routes::{Route, Search};
use crate::session::Session;
use crate::state::families::{Family, grouped};
use crate::state::filters::Filters;
use crate::state::job_view::adds_up;
use crate::state::taken_back::taken_back;
use crate::words;

use cleaned::cleaned;
use filters::fields;

/// The page, once its part is here.
#[wasm_split(history, fallible, preload(fetch))]
pub fn history(state: Option<State>) -> Drawn {
    Ok(html! { <HistoryPage {state} /> })
}

#[derive(Properties, PartialEq)]
pub struct HistoryPageProps {
    /// Only jobs in this state.
    pub state: Option<State>,
}

/// The page.
#[component]
pub fn HistoryPage(props: &HistoryPageProps) -> Html {
    let navigator = use_navigator();
    let session = use_context::<Session>();
    let first = use_loading(props.state, |state| Some(api::jobs(state, None)));
    let drafts = use_loading(props.state.is_none(), |all| all.then(api::drafts));
    let further = use_state(Vec::<Jobs>::new);
    let asking = use_asking();
    let filters = use_state(Filters::default);
    {
        let further = further.clone();
        use_effect_with(props.state, move |_| further.set(Vec::new()));
    }
    {
        // Whenever the jobs under way have news, so has the history.
        let (reload, reload_drafts) = (first.reload.clone(), drafts.reload.clone());
        let latest = session.as_ref().map(|session| session.known.clone());
        use_effect_with(latest, move |_| {
            reload.emit(());
            reload_drafts.emit(());
        });
    }
    use_effect_with((), |()| {
        browser::set_title(&format!("{} – Bulkhead", words::history_title()));
    });
    let onchange = Callback::from(move |event: Event| {
        let chosen = event.target_dyn_into::<HtmlSelectElement>();
        if let (Some(select), Some(navigator)) = (chosen, &navigator) {
            let state = Some(select.value()).filter(|name| !name.is_empty());
            open(navigator, &Route::History, &Search { q: None, state });
        }
    });
    let option = |state: &State| {
        html! { <option value={state.name()} selected={props.state == Some(*state)}>{ jobs::state(*state) }</option> }
    };
    let several = session
        .as_ref()
        .is_some_and(|session| session.accounts.len() > 1);
    let account_name = |job: &Job| {
        let found = session
            .as_ref()
            .and_then(|session| session.account(&job.account));
        found
            .filter(|_| several)
            .map(|account| account.name.clone())
    };
    let undoing = use_context::<Undoing>();
    let take_back = |job: &Job| {
        let (session, undoing) = (session.as_ref()?, undoing.as_ref()?);
        if !session.can_take_back(job) {
            return None;
        }
        let id = job.id.clone();
        let onclick = undoing.take_back.reform(move |_: MouseEvent| id.clone());
        let until = job.undo_until.map(browser::full).unwrap_or_default();
        Some(html! {
            <button type="button" class="text-button" {onclick} title={words::history_undo_until(&until)} data-testid="history-undo">
                { session.undo_words(job) }
                <span class="muted small">{ " " }{ words::job_until(&until) }</span>
            </button>
        })
    };
    let loaded: Vec<Job> = first.remote.ready().map_or_else(Vec::new, |page| {
        let pages = std::iter::once(page).chain(further.iter());
        pages.flat_map(|page| page.jobs.clone()).collect()
    });
    let accounts = session.as_ref().map_or_else(Vec::new, |session| {
        let accounts = session.accounts.iter();
        accounts
            .map(|account| (account.id.clone(), account.name.clone()))
            .collect()
    });
    html! {
        <div class="page">
            <header class="page-head filters">
                <h1>{ words::history_title() }</h1>
                <span class="spring" />
                { fields(&filters, &loaded, &accounts) }
                <label class="filter"><span>{ words::history_state() }</span>
                    <select {onchange} data-testid="history-filter">
                        <option value="" selected={props.state.is_none()}>{ words::history_all() }</option>
                        { for State::ALL.iter().map(option) }
                    </select>
                </label>
            </header>
            if let Remote::Ready(drafts) = &drafts.remote {
                <Drafts drafts={drafts.clone()} />
            }
            { match &first.remote {
                Remote::NotAsked | Remote::Loading => html! {
                    <div class="skeleton-rows tall" aria-busy="true">{ for (0..6).map(|_| html! { <div class="skeleton-row"><i /><i /><i /></div> }) }</div>
                },
                Remote::Failed(error) => html! { <ProblemNote error={error.clone()} retry={first.reload.clone()} /> },
                Remote::Ready(page) if page.jobs.is_empty() => empty(props.state),
                Remote::Ready(page) => {
                    let now = browser::now_ms();
                    let mut all = loaded.clone();
                    all.retain(|job| (props.state.is_some() || !is_dropped(job)) && filters.shows(job, now));
                    let next = further.last().map_or(&page.next_cursor, |page| &page.next_cursor);
                    html! {
                        <>
                            { cleaned(&all, next.is_none()) }
                            if all.is_empty() { <p class="list-end muted">{ words::history_none_like_that() }</p> }
                            <ul class="families">{ for grouped(&all).iter().map(|family| family_rows(family, &all, &account_name, &take_back)) }</ul>
                            if let Some(next) = next {
                                <p class="list-end"><button type="button" class="button small" data-testid="history-more"
                                    disabled={asking.busy.is_some()} onclick={{
                                        let (asking, further, next, state) = (asking.clone(), further.clone(), next.clone(), props.state);
                                        Callback::from(move |_: MouseEvent| {
                                            let further = further.clone();
                                            asking.make("more", api::jobs(state, Some(next.clone())), move |page| {
                                                let mut pages = (*further).clone();
                                                pages.push(page);
                                                further.set(pages);
                                            });
                                        })
                                    }}>{ words::load_more() }</button></p>
                            }
                            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
                        </>
                    }
                }
            } }
        </div>
    }
}

/// A draft that nobody said yes to is no part of what was done.
fn is_dropped(job: &Job) -> bool {
    matches!(job.state, State::Cancelled | State::Expired) && job.confirmed_at.is_none()
}

fn empty(state: Option<State>) -> Html {
    let (title, text) = match state {
        Some(_) => (words::history_no_such(), words::history_no_such_meaning()),
        None => (words::history_none(), words::history_none_meaning()),
    };
    html! {
        <div class="list-state empty" data-testid="history-empty">
            <h2>{ title }</h2>
            <p class="muted">{ text }</p>
        </div>
    }
}

fn family_rows(
    family: &Family,
    all: &[Job],
    account_name: &impl Fn(&Job) -> Option<String>,
    take_back: &impl Fn(&Job) -> Option<Html>,
) -> Html {
    let key = family.members.first().map(|(_, job)| job.id.to_string());
    let rows = family.members.iter().map(|(depth, job)| {
        let when = browser::full(job.created_at);
        html! {
            <li key={job.id.to_string()} class={classes!("history-row", format!("depth-{}", depth.min(&3)))}
                data-testid="history-row" data-job={job.id.to_string()} data-state={job.state.name()}>
                <Go to={Route::Job { job: job.id.clone() }} class="history-link">
                    <span class="history-title">
                        if *depth > 0 { <Icon glyph={if job.relation == Some(bulkhead_shared::api::Relation::Undo) { Glyph::Undo } else { Glyph::Refresh }} /> }
                        <span>{ jobs::title(job, all) }</span>
                    </span>
                    <Stand job={job.clone()} taken_back={taken_back(job, all)} />
                    <span class="history-counts">{ counts(job) }</span>
                    <span class="history-when muted">
                        { when }
                        if let Some(account) = account_name(job) { { format!(" · {account}") } }
                    </span>
                </Go>
                <span class="history-undo">{ take_back(job).unwrap_or_default() }</span>
            </li>
        }
    });
    html! { <li key={key.unwrap_or_default()} class="family-group"><ul>{ for rows }</ul></li> }
}

fn counts(job: &Job) -> Html {
    if job.confirmed_at.is_none() {
        return html! { <span class="muted">{ jobs::selection(&job.selection, job.kind, job.relation) }</span> };
    }
    if !adds_up(job) {
        return html! { <span class="muted">{ words::history_refreshing() }</span> };
    }
    html! {
        <>
            <Bar counts={job.counts} small=true />
            <span class="success">{ thousands(job.counts.succeeded) }</span>
            if job.counts.failed > 0 { <span class="error">{ words::history_failed(job.counts.failed) }</span> }
        </>
    }
}
