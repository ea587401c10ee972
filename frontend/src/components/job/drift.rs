//! What changed in the mailbox since the preview was frozen.

use bulkhead_shared::api::{Drift, Job};
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::copy::jobs;
use crate::session::Session;
use crate::words;

/// What changed since the draft was prepared, once its part is here; `refused` says that a confirmation was refused
/// because of it.
#[wasm_split(options, fallible)]
pub fn drift_note(job: Job, drift: Drift, refused: bool) -> Drawn {
    Ok(html! { <DriftNote {job} {drift} {refused} /> })
}

#[derive(Properties, PartialEq)]
struct DriftNoteProps {
    /// The draft.
    job: Job,
    drift: Drift,
    /// Whether a confirmation was refused because of it.
    refused: bool,
}

/// The note.
#[component]
fn DriftNote(props: &DriftNoteProps) -> Html {
    let drift = &props.drift;
    let home = props.job.kind.home();
    let session = use_context::<Session>();
    let causes = session.map(|session| meanwhile(&props.job, &session));
    let part =
        |count: u64, name: &'static str, title: fn(&str) -> String, meaning: &'static str| {
            if count == 0 {
                return Html::default();
            }
            html! {
                <li data-testid={format!("drift-{name}")} data-count={count.to_string()}>
                    <strong>{ title(&jobs::items(&props.job, count)) }</strong>
                    <span>{ meaning }</span>
                </li>
            }
        };
    html! {
        <div class="note note-warn" role="alert" data-testid="drift">
            <Icon glyph={Glyph::Alert} />
            <div class="note-text">
                <strong>
                    { if props.refused { words::job_drift_refused(home) }
                      else { words::job_drift_since(home) } }
                </strong>
                <ul class="drift-list">
                    { part(drift.left, "left", words::job_drift_left, words::job_drift_left_meaning()) }
                    { part(drift.changed, "changed", words::job_drift_changed, words::job_drift_changed_meaning()) }
                    { part(drift.joined, "joined", words::job_drift_joined, words::job_drift_joined_meaning()) }
                </ul>
                if let Some(causes) = causes.filter(|causes| !causes.is_empty()) {
                    <p data-testid="drift-causes">{ words::job_drift_causes(&causes.join(", ")) }</p>
                }
            </div>
        </div>
    }
}

/// What this person had done in the account since the draft was made.
fn meanwhile(draft: &Job, session: &Session) -> Vec<String> {
    let since = |job: &&Job| {
        job.account == draft.account
            && job.ended_at.is_some_and(|at| at > draft.created_at)
            && job.counts.succeeded > 0
    };
    let jobs = session.known.jobs.iter().filter(since);
    jobs.map(|job| jobs::report(job, &session.known.jobs))
        .collect()
}
