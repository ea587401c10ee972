//! The record of a job that has ended, on its own page: what happened when, and every item.

use bulkhead_shared::api::{AuditEvent, Job};
use jiff::Timestamp;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::job::items_table::ItemsTable;
use crate::components::later::{Drawn, later};
use crate::hooks::loading::use_loading;

/// The record; nothing of a draft that was dropped.
pub fn record(job: &Job) -> Html {
    if job.confirmed_at.is_none() {
        return Html::default();
    }
    let job = job.clone();
    later("record", move || draw(job.clone()))
}

/// The same, once its part is here.
#[wasm_split(record, fallible)]
fn draw(job: Job) -> Drawn {
    Ok(html! {
        <>
            <Timeline job={job.clone()} />
            <ItemsTable {job} />
        </>
    })
}

#[derive(Properties, PartialEq)]
struct TimelineProps {
    job: Job,
}

/// What happened when: by the audit trail where it still tells, else by what the job itself knows.
#[component]
fn Timeline(props: &TimelineProps) -> Html {
    let job = &props.job;
    let found = use_loading(job.id.clone(), |_| Some(api::audit_events()));
    let of_job = |events: &Vec<AuditEvent>| {
        let of_job = events
            .iter()
            .rev()
            .filter(|event| event.job.as_ref() == Some(&job.id));
        of_job
            .map(|event| (event.at, in_words(&event.event)))
            .collect()
    };
    let told: Vec<(Timestamp, String)> = found.remote.ready().map(of_job).unwrap_or_default();
    let moments = if told.is_empty() { known(job) } else { told };
    let row = |(at, what): &(Timestamp, String)| {
        html! { <li><time class="muted" datetime={at.to_string()}>{ browser::full(*at) }</time><span>{ what }</span></li> }
    };
    html! {
        <section class="timeline" aria-label="What happened when" data-testid="timeline">
            <h2>{ "What happened when" }</h2>
            <ol>{ for moments.iter().map(row) }</ol>
        </section>
    }
}

fn known(job: &Job) -> Vec<(Timestamp, String)> {
    let moments = [
        (Some(job.created_at), "Drafted"),
        (job.confirmed_at, "Confirmed"),
        (job.started_at, "Begun"),
        (job.ended_at, "Ended"),
    ];
    let moments = moments.into_iter();
    moments
        .filter_map(|(at, what)| Some((at?, what.to_owned())))
        .collect()
}

/// An event of the trail as a person says it: `job_confirmed` as “Confirmed”.
fn in_words(event: &str) -> String {
    if event == "job_frozen" {
        return "Preview ready".to_owned();
    }
    let words = event
        .strip_prefix("job_")
        .unwrap_or(event)
        .replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
