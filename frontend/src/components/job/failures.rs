//! What did not go as asked, grouped by reason. Each group opens to the items in it.

use bulkhead_shared::api::{Job, LeaveAsIs, ReasonCount};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::operations::Operation;
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
use crate::components::said::said;
use crate::copy::jobs;
use crate::copy::numbers::thousands;
use crate::hooks::asking::use_asking;
use crate::routes::Route;
use crate::state::job_view::{offers, retryable};
use crate::words;

/// What did not go as asked in a job; nothing where all did. A retry that is drafted is opened.
/// `changed` is told of the job once something of it is left as it is.
pub fn failures(job: &Job, open: &Callback<JobId>, changed: &Callback<Job>) -> Html {
    if job.reasons.is_empty() {
        return Html::default();
    }
    let (job, open, changed) = (job.clone(), open.clone(), changed.clone());
    later("failures", move || {
        draw(job.clone(), open.clone(), changed.clone())
    })
}

/// The same, once its part is here.
#[wasm_split(ended, fallible)]
fn draw(job: Job, open: Callback<JobId>, changed: Callback<Job>) -> Drawn {
    Ok(html! { <Failures {job} {open} {changed} /> })
}

#[derive(Properties, PartialEq)]
struct FailuresProps {
    job: Job,
    open: Callback<JobId>,
    changed: Callback<Job>,
}

/// The groups, most frequent first.
#[component]
fn Failures(props: &FailuresProps) -> Html {
    let opened = use_state(|| None::<(Outcome, ItemReason)>);
    let asking = use_asking();
    let retry = |ask: Ask| {
        let (asking, id, open) = (asking.clone(), props.job.id.clone(), props.open.clone());
        Callback::from(move |_: MouseEvent| {
            let open = open.clone();
            asking.make("retry", api::ask(id.clone(), ask), move |child: Job| {
                open.emit(child.id);
            });
        })
    };
    let leave = |count: &ReasonCount| {
        let (asking, id, changed) = (asking.clone(), props.job.id.clone(), props.changed.clone());
        let which = LeaveAsIs {
            outcome: count.outcome,
            reason: count.reason,
        };
        Callback::from(move |_: MouseEvent| {
            let changed = changed.clone();
            asking.make("leave", api::leave(id.clone(), which), move |job: Job| {
                changed.emit(job);
            });
        })
    };
    let busy = asking.busy.is_some();
    let is_left = |count: &ReasonCount| {
        let mut left = props.job.left_as_is.iter();
        left.any(|left| (left.outcome, left.reason) == (count.outcome, count.reason))
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
                    <span class="failure-text">{ count.reason.text() }
                        if is_left(count) { <span class="muted" data-testid="left-as-is">{ " " }{ words::job_failures_left() }</span> }
                    </span>
                </button>
                if open {
                    <div class="failure-inside">
                        { remedies(props, count, is_left(count), busy, &retry, leave(count)) }
                        <OutcomeList job={props.job.id.clone()} kind={props.job.kind} outcome={count.outcome}
                            reason={Some(count.reason)} count={count.count} />
                    </div>
                }
            </li>
        }
    };
    html! {
        <section class="failures" aria-label={words::job_failures_label()} data-testid="failures">
            <ul>{ for props.job.reasons.iter().map(group) }</ul>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </section>
    }
}

/// What helps, in words and as buttons; nothing where nothing does, or nothing is left to do.
fn remedies(
    props: &FailuresProps,
    count: &ReasonCount,
    is_left: bool,
    busy: bool,
    retry: &impl Fn(Ask) -> Callback<MouseEvent>,
    leave: Callback<MouseEvent>,
) -> Html {
    let job = &props.job;
    let missed = matches!(count.outcome, Outcome::Failed | Outcome::Uncertain);
    let may_leave = job.state.is_ended() && missed;
    if is_left || (count.reason.cure().is_empty() && !may_leave) {
        return Html::default();
    }
    let button = |testid: &'static str, words: String, onclick: Callback<MouseEvent>| {
        html! {
            <button type="button" class="button small" {onclick} disabled={busy} data-testid={testid}>{ words }</button>
        }
    };
    let may_retry = offers(job, browser::now_ms()).retry;
    let again = retryable(job);
    let remedy = match cure(count.reason) {
        Cure::MakeFolder if may_retry && matches!(job.operation, Operation::Move(_)) => button(
            "cure-make-folder",
            words::job_failures_make_folder(again),
            retry(Ask::RetryMakingFolder),
        ),
        Cure::Retry | Cure::MakeFolder if may_retry => button(
            "cure-retry",
            words::job_failures_retry(again),
            retry(Ask::Retry),
        ),
        Cure::Connect => html! {
            <Go to={Route::Connect} class="button small" testid="cure-connect">{ words::job_failures_connect() }</Go>
        },
        Cure::Retry | Cure::MakeFolder | Cure::ByHand => Html::default(),
    };
    html! {
        <div class="cure">
            <span class="grow">
                if !count.reason.cure().is_empty() { { said(&words::job_failures_what_helps(count.reason.cure())) } }
            </span>
            { remedy }
            if may_leave {
                { button("cure-leave", words::job_failures_leave(count.count), leave) }
            }
        </div>
    }
}

/// What can be done about a reason from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cure {
    /// Try again what failed.
    Retry,
    /// Make the folder, and try again.
    MakeFolder,
    /// Connect the account again.
    Connect,
    /// Nothing here.
    ByHand,
}

fn cure(reason: ItemReason) -> Cure {
    match reason {
        ItemReason::SignIn => Cure::Connect,
        ItemReason::NoSuchFolder => Cure::MakeFolder,
        ItemReason::Contended
        | ItemReason::Forbidden
        | ItemReason::OverQuota
        | ItemReason::Unavailable
        | ItemReason::Internal
        | ItemReason::NoAnswer
        | ItemReason::NoSuchTarget
        | ItemReason::RecipientFull
        | ItemReason::ModelUnavailable
        | ItemReason::ModelKey
        | ItemReason::ModelRefused
        | ItemReason::Unclassified
        | ItemReason::Unwritten
        | ItemReason::NotAgreed => Cure::Retry,
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
        | ItemReason::SharedId
        | ItemReason::OnHold
        | ItemReason::MayHaveArrived
        | ItemReason::NoSuchRecipient
        | ItemReason::AgainstRules
        | ItemReason::ContentRefused
        | ItemReason::Unrenderable
        | ItemReason::Suppressed
        | ItemReason::FileGone
        | ItemReason::NoUnsubscribe
        | ItemReason::NobodyToAnswer
        | ItemReason::OfAList
        | ItemReason::OfAProgram
        | ItemReason::OwnMail
        | ItemReason::WebPageOnly
        | ItemReason::NotTrusted
        | ItemReason::FromSpam
        | ItemReason::CannotSend
        | ItemReason::LeadsElsewhere
        | ItemReason::ListRefused
        | ItemReason::NotPublic
        | ItemReason::MayBeUnsubscribed => Cure::ByHand,
    }
}
