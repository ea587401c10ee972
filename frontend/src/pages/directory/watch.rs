//! Each row of a job as it stands: a page of them at a time, asked for anew whenever the job has news.

use bulkhead_shared::api::{ItemOutcome, Job};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use bulkhead_words::decimal;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::hooks::job_poll::use_job_poll;
use crate::hooks::loading::use_loading;
use crate::hooks::tick::use_tick;
use crate::remote::Remote;
use crate::words;

/// Milliseconds after which the seconds of the row under way are drawn again.
const SECOND: u32 = 1_000;

/// The rows of a job, once their part is here.
#[wasm_split(watch, fallible)]
pub(super) fn watch(job: Job) -> Drawn {
    Ok(html! { <Watch {job} /> })
}

#[derive(Properties, PartialEq)]
struct WatchProps {
    /// The job, confirmed, as it was known when this began.
    job: Job,
}

#[component]
fn Watch(props: &WatchProps) -> Html {
    let watched = use_job_poll(props.job.id.clone(), Some(props.job.clone()));
    let cursors = use_state(Vec::<String>::new);
    let at = cursors.last().cloned();
    let job = watched.job.ready().unwrap_or(&props.job).clone();
    let last = use_mut_ref(|| None);
    let found = use_loading((job.id.clone(), at, job.version), |(job, cursor, _)| {
        Some(api::rows(job, cursor))
    });
    if let Remote::Ready(page) = &found.remote {
        last.replace(Some(page.clone()));
    }
    if let Remote::Failed(error) = &found.remote {
        return html! { <ProblemNote error={error.clone()} retry={found.reload} /> };
    }
    // What was shown stays until the news are here.
    let Some(page) = last.borrow().clone() else {
        return html! { <progress class="busy" aria-label={words::loading()} /> };
    };
    let next = {
        let (cursors, next) = (cursors.clone(), page.next_cursor.clone());
        Callback::from(move |_: MouseEvent| {
            let mut all = (*cursors).clone();
            all.extend(next.clone());
            cursors.set(all);
        })
    };
    let back = {
        let cursors = cursors.clone();
        Callback::from(move |_: MouseEvent| {
            let mut all = (*cursors).clone();
            all.pop();
            cursors.set(all);
        })
    };
    let under_way = under_way(&job, &page.items);
    html! {
        <section class="watch" aria-label={words::directory_rows()}>
            <ul class="watch-rows" tabindex="0" data-testid="rows">
                { for page.items.iter().enumerate().map(|(place, item)| html! {
                    <WatchRow key={item.id.to_string()} item={item.clone()} is_under_way={under_way == Some(place)} />
                }) }
            </ul>
            <div class="buttons">
                if !cursors.is_empty() { <button type="button" class="button small" onclick={back}>{ words::directory_watch_back() }</button> }
                if page.next_cursor.is_some() { <button type="button" class="button small" onclick={next} data-testid="next-rows">{ words::directory_watch_next() }</button> }
            </div>
        </section>
    }
}

/// The row that is worked on: mailboxes are done one after the other, so it is the first without an outcome.
fn under_way(job: &Job, items: &[ItemOutcome]) -> Option<usize> {
    let first = items.iter().position(|item| item.outcome.is_none());
    first.filter(|_| job.counts.running > 0)
}

#[derive(Properties, PartialEq)]
struct WatchRowProps {
    item: ItemOutcome,
    is_under_way: bool,
}

#[component]
fn WatchRow(props: &WatchRowProps) -> Html {
    let item = &props.item;
    let began = use_mut_ref(|| None::<i64>);
    use_tick(SECOND, props.is_under_way);
    if !props.is_under_way {
        began.replace(None);
    } else if began.borrow().is_none() {
        began.replace(Some(browser::now_ms()));
    }
    let (name, word) = match item.outcome {
        None if props.is_under_way => ("in_progress", words::directory_watch_in_progress()),
        None => ("pending", words::directory_watch_pending()),
        Some(Outcome::Succeeded) => ("completed", words::directory_watch_completed()),
        Some(Outcome::Failed) => ("failed", words::directory_watch_failed()),
        Some(Outcome::Skipped) => ("skipped", words::directory_watch_skipped()),
        Some(Outcome::Cancelled) => ("skipped", words::directory_watch_not_started()),
        Some(Outcome::Uncertain) => ("failed", words::directory_watch_uncertain()),
    };
    let seconds = match (item.started_at, item.at, *began.borrow()) {
        (Some(start), Some(end), _) => Some(end.duration_since(start).as_secs_f64()),
        (_, None, Some(began)) => Some((browser::now_ms() - began) as f64 / 1_000.0),
        _ => None,
    };
    let becomes = item.card.iter().flat_map(|card| &card.facts);
    let becomes = becomes.filter(|fact| ["becomes", "goes into"].contains(&fact.name.as_str()));
    let becomes: Vec<&str> = becomes.map(|fact| fact.value.as_str()).collect();
    let title = item
        .card
        .as_ref()
        .map_or(item.id.as_str(), |card| card.title.as_str());
    html! {
        <li class={classes!("watch-row", name)} data-testid="row" data-state={name}>
            <span class="grid-number">{ item.row.map(|row| row.to_string()).unwrap_or_default() }</span>
            <span class="grow"><strong>{ title }</strong>{ " " }<span class="muted">{ becomes.join(" ") }</span>
                if let Some(reason) = item.reason { <span class="error-text">{ " " }{ why(reason) }</span> }</span>
            <span class="muted small">{ seconds.map(|seconds| format!("{} s", decimal(seconds, 1))).unwrap_or_default() }</span>
            <span class="chip">{ word }</span>
        </li>
    }
}

fn why(reason: ItemReason) -> String {
    format!("{} {}", reason.text(), reason.cure())
}
