//! What did not go as asked, grouped by reason. Each group opens to the items in it.

use bulkhead_shared::api::{Job, ReasonCount};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api::{self, Ask};
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::outcome_list::OutcomeList;
use crate::components::later::{Drawn, later};
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::copy::jobs;
use crate::copy::numbers::thousands;
use crate::hooks::asking::use_asking;
use crate::routes::Route;
use crate::state::job_view::{offers, retryable};

/// What did not go as asked in a job; nothing where all did. A retry that is drafted is opened.
pub fn failures(job: &Job, open: &Callback<JobId>) -> Html {
    if job.reasons.is_empty() {
        return Html::default();
    }
    let (job, open) = (job.clone(), open.clone());
    later("failures", move || draw(job.clone(), open.clone()))
}

/// The same, once its part is here.
#[wasm_split(ended, fallible)]
fn draw(job: Job, open: Callback<JobId>) -> Drawn {
    Ok(html! { <Failures {job} {open} /> })
}

#[derive(Properties, PartialEq)]
struct FailuresProps {
    job: Job,
    open: Callback<JobId>,
}

/// The groups, most frequent first.
#[component]
fn Failures(props: &FailuresProps) -> Html {
    let opened = use_state(|| None::<(Outcome, ItemReason)>);
    let asking = use_asking();
    let may_retry = offers(&props.job, browser::now_ms()).retry;
    let retry = {
        let (asking, id, open) = (asking.clone(), props.job.id.clone(), props.open.clone());
        Callback::from(move |_: MouseEvent| {
            let open = open.clone();
            asking.make("retry", api::ask(id.clone(), Ask::Retry), move |child| {
                open.emit(child.id);
            });
        })
    };
    let group = |count: &ReasonCount| {
        let key = (count.outcome, count.reason);
        let open = *opened == Some(key);
        let toggle = {
            let opened = opened.clone();
            Callback::from(move |_: MouseEvent| opened.set((!open).then_some(key)))
        };
        let name = api::outcome_name(count.outcome);
        html! {
            <li key={format!("{key:?}")} class={classes!("failure", name, open.then_some("open"))}>
                <button type="button" class="failure-head" onclick={toggle} aria-expanded={open.to_string()}
                    data-testid={format!("failure-group-{name}")}>
                    <Icon glyph={Glyph::ChevronRight} class="chevron" />
                    <span class="failure-count">{ thousands(count.count) }</span>
                    <span class="failure-outcome">{ jobs::outcome(count.outcome) }</span>
                    <span class="failure-text">{ count.reason.text() }</span>
                </button>
                if open {
                    <div class="failure-inside">
                        if !count.reason.cure().is_empty() {
                            <div class="cure">
                                <span class="grow"><strong>{ "What helps: " }</strong>{ count.reason.cure() }</span>
                                { match cure(count.reason) {
                                    Cure::Retry if may_retry => html! {
                                        <button type="button" class="button small" onclick={retry.clone()} disabled={asking.busy.is_some()}
                                            data-testid="cure-retry">{ format!("Retry {}", thousands(retryable(&props.job))) }</button>
                                    },
                                    Cure::Connect => html! { <Go to={Route::Connect} class="button small" testid="cure-connect">{ "Connect again" }</Go> },
                                    Cure::Retry | Cure::ByHand => Html::default(),
                                } }
                            </div>
                        }
                        <OutcomeList job={props.job.id.clone()} kind={props.job.kind} outcome={count.outcome}
                            reason={Some(count.reason)} count={count.count} />
                    </div>
                }
            </li>
        }
    };
    html! {
        <section class="failures" aria-label="What did not go as asked" data-testid="failures">
            <ul>{ for props.job.reasons.iter().map(group) }</ul>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </section>
    }
}

/// What can be done about a reason from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cure {
    /// Try again what failed.
    Retry,
    /// Connect the account again.
    Connect,
    /// Nothing here.
    ByHand,
}

fn cure(reason: ItemReason) -> Cure {
    match reason {
        ItemReason::SignIn => Cure::Connect,
        ItemReason::Contended
        | ItemReason::Forbidden
        | ItemReason::OverQuota
        | ItemReason::NoSuchFolder
        | ItemReason::Unavailable
        | ItemReason::Internal
        | ItemReason::NoAnswer
        | ItemReason::NoSuchTarget
        | ItemReason::RecipientFull => Cure::Retry,
        ItemReason::AlreadyDone
        | ItemReason::Missing
        | ItemReason::ChangedSince
        | ItemReason::Refused
        | ItemReason::TooLarge
        | ItemReason::Stopped
        | ItemReason::StoppedOnError
        | ItemReason::Braked
        | ItemReason::NotInactive
        | ItemReason::AddressTaken
        | ItemReason::RetentionOver
        | ItemReason::OnHold
        | ItemReason::MayHaveArrived
        | ItemReason::NoSuchRecipient
        | ItemReason::AgainstRules
        | ItemReason::ContentRefused
        | ItemReason::Unrenderable
        | ItemReason::Suppressed => Cure::ByHand,
    }
}
