//! A job that has ended: what was done, what was not and why, and what can still be done about it.

use bulkhead_shared::api::{Called, Job};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Operation, Task, Then};
use bulkhead_shared::outcome::Outcome;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api::{self, Ask, File};
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::StageProps;
use crate::components::job::counts::CountsView;
use crate::components::job::failures::failures;
use crate::components::job::family::family;
use crate::components::job::frame::Frame;
use crate::components::job::model_line;
use crate::components::job::outcome_list::OutcomeList;
use crate::components::job::proposals::proposals;
use crate::components::job::reason::Standing;
use crate::components::job::record::record;
use crate::components::job::whats_next::WhatsNext;
use crate::components::later::{Drawn, later};
use crate::components::letters::{Moment, letters};
use crate::components::problem_note::ProblemNote;
use crate::components::unsearched_note::UnsearchedNote;
use crate::copy::jobs;
use crate::copy::jobs::items;
use crate::copy::moments::took;
use crate::hooks::asking::{UseAsking, use_asking};
use crate::hooks::tick::use_tick;
use crate::session::Session;
use crate::state::job_view::{Offers, left_as_is, not_done, offers, retryable};
use crate::state::taken_back::{TakenBack, taken_back};
use crate::words;

/// The ended stage, once its part is here.
#[wasm_split(ended, fallible, preload(fetch))]
pub fn ending(stage: StageProps) -> Drawn {
    let key = stage.job.id.to_string();
    Ok(html! { <Ending {key} ..stage /> })
}

/// The ended stage.
#[component]
fn Ending(props: &StageProps) -> Html {
    let asking = use_asking();
    use_tick(30_000, true);
    let job = &props.job;
    let session = use_context::<Session>();
    let known = session.map(|session| session.known.jobs.clone());
    let known = known.unwrap_or_default();
    let taken_back = taken_back(job, &known);
    let mut offered = offers(job, browser::now_ms());
    offered.undo &= taken_back == TakenBack::No;
    let open = {
        let open = props.around.open.clone();
        Callback::from(move |id| open.emit((id, false)))
    };
    let untouched = job.confirmed_at.is_none();
    html! {
        <Frame title={props.title.clone()} footer={buttons(props, &asking, offered, &known)}>
            { headline(job, &known, taken_back) }
            <Standing job={job.clone()} />
            <UnsearchedNote unsearched={job.unsearched.clone()} meaning={words::job_ending_unsearched()} />
            if !untouched { <CountsView job={job.clone()} /> }
            { facts(job) }
            if let Some(model) = &job.model { { model_line::after(model) } }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            { proposed(job, &open) }
            { findings(job) }
            { open_mails(job, &open) }
            { failures(job, &open, &props.watched.put) }
            { mails(job) }
            { whats_next(job, &known) }
            { family(job, &open) }
            if !props.around.in_dialog { { record(job) } }
        </Frame>
    }
}

fn headline(job: &Job, known: &[Job], taken_back: TakenBack) -> Html {
    let done = jobs::report(job, known);
    let left = left_as_is(job);
    let missed = not_done(&job.counts).saturating_sub(left);
    let (class, glyph, text) = match job.state {
        _ if job.confirmed_at.is_none() => (
            "quiet",
            Glyph::Close,
            words::job_ending_untouched().to_owned(),
        ),
        _ if taken_back == TakenBack::Yes => {
            ("quiet", Glyph::Undo, words::job_ending_undone(&done))
        }
        State::Completed if missed == 0 && left > 0 => {
            ("good", Glyph::Check, words::job_ending_left(&done, left))
        }
        State::Completed if missed == 0 => ("good", Glyph::Check, done),
        State::Completed => {
            type Adds = fn(&str, u64) -> String;
            let counts: [(u64, Adds); 2] = [
                (job.counts.failed, words::job_ending_failed_too),
                (job.counts.uncertain, words::job_ending_uncertain_too),
            ];
            let counts = counts.into_iter().filter(|(count, _)| *count > 0);
            let text = counts.fold(done, |text, (count, with)| with(&text, count));
            ("mixed", Glyph::Alert, text)
        }
        State::Cancelled => ("quiet", Glyph::Stop, words::job_ending_stopped(&done)),
        _ => ("bad", Glyph::Alert, words::job_ending_failed(&done)),
    };
    html! {
        <div class={classes!("headline", class)} data-testid="completion-summary">
            <span class="headline-mark"><Icon {glyph} /></span><span>{ text }</span>
        </div>
    }
}

/// Once mails were cleared away: where more of the kind are.
fn whats_next(job: &Job, known: &[Job]) -> Html {
    let cleared = matches!(job.operation, Operation::Archive(_) | Operation::Trash(_));
    let stands = taken_back(job, known) == TakenBack::No;
    if !cleared || !stands || job.counts.succeeded == 0 {
        return Html::default();
    }
    html! { <WhatsNext account={job.account.clone()} /> }
}

/// What a job proposes that looked through mails, and was to do nothing of it: what it was to do is done by jobs that
/// follow, and the rest is under Needs review.
fn proposed(job: &Job, on_draft: &Callback<JobId>) -> Html {
    let waits = match &job.operation {
        Operation::Process(process) => process.then == Then::Wait,
        _ => false,
    };
    if !waits || job.counts.succeeded == 0 {
        return Html::default();
    }
    let (job, on_draft) = (job.clone(), on_draft.clone());
    later("proposals", move || {
        proposals(job.clone(), on_draft.clone())
    })
}

/// Mails that may have arrived or not, each with what a person can say of it; and those that came back.
fn open_mails(job: &Job, open: &Callback<JobId>) -> Html {
    letters(Moment::Open, job, open)
}

/// Every mail, for whoever wants to see each.
fn mails(job: &Job) -> Html {
    if job.kind != Kind::Recipient || job.confirmed_at.is_none() {
        return Html::default();
    }
    html! {
        <details class="options"><summary data-testid="view-details">{ words::job_ending_details() }</summary>
            { letters(Moment::Sending, job, &Callback::noop()) }
        </details>
    }
}

/// What was found of each item, where that was the task.
fn findings(job: &Job) -> Html {
    let found = job.counts.succeeded;
    if job.operation.about().task != Task::Compute || found == 0 {
        return Html::default();
    }
    html! {
        <section class="findings" aria-label={words::job_ending_found()} data-testid="findings">
            <h2>{ words::job_ending_found() }</h2>
            <OutcomeList job={job.id.clone()} kind={job.kind} outcome={Outcome::Succeeded} count={found} />
        </section>
    }
}

fn facts(job: &Job) -> Html {
    let took_words = job
        .ended_at
        .zip(job.started_at.or(job.confirmed_at))
        .map(|(end, start)| took((end.as_millisecond() - start.as_millisecond()) as f64 / 1_000.0));
    let now = browser::now_ms();
    let undo = job
        .undo_until
        .filter(|_| job.counts.succeeded > 0)
        .map(|until| {
            if until.as_millisecond() > now {
                words::job_until(&browser::full(until))
            } else {
                words::job_ending_no_longer().to_owned()
            }
        });
    let fact = |name: &'static str, label: &'static str, value: Option<String>| match value {
        Some(value) => html! {
            <div class="fact"><dt>{ label }</dt><dd data-testid={name}>{ value }</dd></div>
        },
        None => Html::default(),
    };
    html! {
        <>
        <dl class="facts">
            { fact("total-time", words::job_ending_total_time(), took_words) }
            { fact("called", words::job_ending_at_the_server(), job.called.map(at_the_server)) }
            { fact("ended-at", words::job_ending_ended(), job.ended_at.map(browser::full)) }
            { fact("undo-until", words::job_ending_can_be_undone(), undo) }
        </dl>
        <p class="origin muted">
            <span data-testid="selection">{ jobs::selection(&job.selection, job.kind, job.relation) }</span>
        </p>
        </>
    }
}

/// What it cost there.
fn at_the_server(called: Called) -> String {
    let time = took(called.milliseconds as f64 / 1_000.0);
    words::job_ending_calls(called.calls, &time)
}

fn buttons(props: &StageProps, asking: &UseAsking, offered: Offers, known: &[Job]) -> Html {
    let job = &props.job;
    let busy = asking.busy.is_some();
    let child = |ask: Ask, name: &'static str| {
        let (asking, id, open) = (asking.clone(), job.id.clone(), props.around.open.clone());
        Callback::from(move |_: MouseEvent| {
            let open = open.clone();
            asking.make(name, api::ask(id.clone(), ask), move |child: Job| {
                open.emit((child.id, false));
            });
        })
    };
    let fetch = |file: File, name: &'static str| {
        let (asking, id) = (asking.clone(), job.id.clone());
        Callback::from(move |_: MouseEvent| {
            asking.make(name, api::link(id.clone(), file), |link| {
                browser::go_to(&link.url)
            });
        })
    };
    let done = {
        let close = props.around.close.clone();
        Callback::from(move |_: MouseEvent| close.emit(()))
    };
    html! {
        <>
            if offered.undo {
                <button type="button" class="button" onclick={child(Ask::Undo, "undo")} disabled={busy} data-testid="undo">
                    <Icon glyph={Glyph::Undo} />{ jobs::undo_words(job, known) }
                </button>
            }
            if offered.results {
                <button type="button" class="button link-button" onclick={fetch(File::Results, "results")} disabled={busy}
                    data-testid="results-csv">{ words::job_ending_results() }</button>
                <button type="button" class="button link-button" onclick={fetch(File::Audit, "audit")} disabled={busy}
                    data-testid="audit-file" title={words::job_ending_audit_meaning()}>{ words::job_ending_audit() }</button>
            }
            <span class="spring" />
            if offered.retry {
                <button type="button" class="button" onclick={child(Ask::Retry, "retry")} disabled={busy}
                    data-testid="retry-failed" title={words::job_ending_tries_again(&items(job, retryable(job)))}>
                    <Icon glyph={Glyph::Refresh} />
                    { retry_words(job) }
                </button>
            }
            if offered.rest {
                <button type="button" class="button" onclick={child(Ask::Rest, "rest")} disabled={busy} data-testid="go-on">
                    <Icon glyph={Glyph::Play} />
                    { words::job_ending_go_on(job.counts.cancelled) }
                </button>
            }
            if offered.download {
                <button type="button" class="button primary" onclick={fetch(File::Export, "download")} disabled={busy}
                    data-testid="download"><Icon glyph={Glyph::Download} />{ words::job_ending_download() }</button>
            }
            <button type="button" class={classes!("button", (!offered.download).then_some("primary"))} onclick={done}
                data-testid="done">{ words::done() }</button>
        </>
    }
}

/// What a retry would try again: what failed, and what nobody knows about.
fn retry_words(job: &Job) -> String {
    let again = retryable(job);
    if again == job.counts.failed {
        words::job_ending_retry_failed(again)
    } else {
        words::job_ending_retry_not_done(again)
    }
}
