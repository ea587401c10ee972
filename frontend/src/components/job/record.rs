//! The record of a job that has ended, on its own page: what happened when, and every item.

use bulkhead_shared::api::{AuditEvent, Job};
use jiff::Timestamp;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::job::items_table::ItemsTable;
use crate::components::later::{Drawn, later};
use crate::copy::capital;
use crate::hooks::loading::use_loading;
use crate::words;

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
        <section class="timeline" aria-label={words::job_record_title()} data-testid="timeline">
            <h2>{ words::job_record_title() }</h2>
            <ol>{ for moments.iter().map(row) }</ol>
        </section>
    }
}

fn known(job: &Job) -> Vec<(Timestamp, String)> {
    let moments = [
        (Some(job.created_at), in_words("job_drafted")),
        (job.confirmed_at, in_words("job_confirmed")),
        (job.started_at, words::job_record_begun().to_owned()),
        (job.ended_at, in_words("job_ended")),
    ];
    let moments = moments.into_iter();
    moments.filter_map(|(at, what)| Some((at?, what))).collect()
}

/// An event of the trail as a person says it: `job_confirmed` as “Confirmed”, and one that is not known here by its name.
fn in_words(event: &str) -> String {
    let name = event.strip_prefix("job_").unwrap_or(event);
    words::job_record_event(event, &capital(&name.replace('_', " ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_not_known_is_told_by_its_name() {
        assert_eq!(in_words("job_frozen"), "Preview ready");
        assert_eq!(in_words("results_downloaded"), "Results downloaded");
        assert_eq!(in_words("job_handed_over"), "Handed over");
    }
}
