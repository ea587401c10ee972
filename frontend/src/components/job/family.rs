//! The jobs this one descends from or led to.

use bulkhead_shared::api::{Job, Relation};
use bulkhead_shared::ids::JobId;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::state_chip::StateChip;
use crate::components::later::{Drawn, later};
use crate::copy::jobs;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::session::Session;
use crate::state::families::together;
use crate::words;

/// The family of a job, each of it opening; nothing where it has none.
pub fn family(job: &Job, on_open: &Callback<JobId>) -> Html {
    if job.parent.is_none() && job.children.is_empty() {
        return Html::default();
    }
    let (job, on_open) = (job.clone(), on_open.clone());
    later("family", move || draw(job.clone(), on_open.clone()))
}

/// The same, once its part is here.
#[wasm_split(ended, fallible)]
fn draw(job: Job, on_open: Callback<JobId>) -> Drawn {
    Ok(html! { <FamilyLinks {job} {on_open} /> })
}

#[derive(Properties, PartialEq)]
struct FamilyLinksProps {
    job: Job,
    /// Shows one of them.
    on_open: Callback<JobId>,
}

#[component]
fn FamilyLinks(props: &FamilyLinksProps) -> Html {
    let job = &props.job;
    let session = use_context::<Session>();
    let together = session.and_then(|session| together(job, &session.known.jobs));
    html! {
        <section class="family" aria-label={words::job_family_label()} data-testid="family">
            <h2>{ words::job_family_title() }
                if let Some((done, total)) = together {
                    <span data-testid="family-total">{ ": " }{ words::job_family_done(done, &jobs::items(job, total)) }</span>
                }
            </h2>
            <ul>
                if let Some(parent) = &job.parent {
                    <Relative id={parent.clone()} word={parent_word(job.relation)} on_open={props.on_open.clone()} />
                }
                { for job.children.iter().map(|child| html! {
                    <Relative key={child.to_string()} id={child.clone()} word={""} on_open={props.on_open.clone()} />
                }) }
            </ul>
        </section>
    }
}

fn parent_word(relation: Option<Relation>) -> &'static str {
    match relation {
        Some(Relation::Undo) => words::job_family_undo(),
        Some(Relation::Retry) => words::job_family_retry(),
        Some(Relation::Rest) => words::job_family_rest(),
        Some(Relation::Proposed) => words::job_family_proposed(),
        None => words::job_family_follows(),
    }
}

#[derive(Properties, PartialEq)]
struct RelativeProps {
    id: JobId,
    word: AttrValue,
    on_open: Callback<JobId>,
}

#[component]
fn Relative(props: &RelativeProps) -> Html {
    let found = use_loading(props.id.clone(), |id| Some(one_job(id)));
    let onclick = {
        let (on_open, id) = (props.on_open.clone(), props.id.clone());
        Callback::from(move |_: MouseEvent| on_open.emit(id.clone()))
    };
    let session = use_context::<Session>();
    let known = session.as_ref().map(|session| session.known.jobs.clone());
    {
        // Whether a job was taken back is known from its children.
        let tell = session.map(|session| session.tell_job);
        let job = found.remote.ready().cloned();
        use_effect_with(job, move |job| {
            if let (Some(tell), Some(job)) = (tell, job) {
                tell.emit(job.clone());
            }
        });
    }
    let (title, chip) = match &found.remote {
        Remote::Ready(job) => {
            let known = known.unwrap_or_default();
            let chip = html! { <StateChip state={job.state} /> };
            (jobs::title(job, &known), chip)
        }
        Remote::NotAsked | Remote::Loading | Remote::Failed(_) => {
            (props.id.to_string(), Html::default())
        }
    };
    html! {
        <li>
            <button type="button" class="relative" {onclick} data-testid="family-member">
                <Icon glyph={Glyph::History} />
                if !props.word.is_empty() { <span class="muted">{ props.word.clone() }</span> }
                <span class="relative-title">{ title }</span>
                { chip }
            </button>
        </li>
    }
}

async fn one_job(id: JobId) -> api::Answer<Job> {
    let news = api::job(id, None).await?;
    // Without a tag the answer is never “unchanged”.
    news.job.ok_or(api::CallError::Unreadable(304))
}
