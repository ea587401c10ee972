//! A job that has ended: what was done, what was not and why, and what can still be done about it.

use bulkhead_shared::api::{Called, Job};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Operation, Task};
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
use crate::copy::numbers::{counted, thousands};
use crate::hooks::asking::{UseAsking, use_asking};
use crate::hooks::tick::use_tick;
use crate::session::Session;
use crate::state::job_view::{Offers, left_as_is, not_done, offers, retryable};
use crate::state::taken_back::{TakenBack, taken_back};

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
            <UnsearchedNote unsearched={job.unsearched.clone()} meaning="Mails there were no part of this." />
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
        _ if job.confirmed_at.is_none() => {
            ("quiet", Glyph::Close, "Nothing was touched".to_owned())
        }
        _ if taken_back == TakenBack::Yes => ("quiet", Glyph::Undo, format!("Undone: {done}")),
        State::Completed if missed == 0 && left > 0 => (
            "good",
            Glyph::Check,
            format!("{done}, {} left as they were", thousands(left)),
        ),
        State::Completed if missed == 0 => ("good", Glyph::Check, done),
        State::Completed => {
            let counts = [
                (job.counts.failed, "not"),
                (job.counts.uncertain, "uncertain"),
            ];
            let counts = counts.into_iter().filter(|(count, _)| *count > 0);
            let text = counts.fold(done, |text, (count, how)| {
                format!("{text}, {} {how}", thousands(count))
            });
            ("mixed", Glyph::Alert, text)
        }
        State::Cancelled => ("quiet", Glyph::Stop, format!("Stopped: {done}")),
        _ => ("bad", Glyph::Alert, format!("Failed: {done}")),
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

/// What a job proposes that looked through mails.
fn proposed(job: &Job, on_draft: &Callback<JobId>) -> Html {
    if !matches!(job.operation, Operation::Process(_)) || job.counts.succeeded == 0 {
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
        <details class="options"><summary data-testid="view-details">{ "View details" }</summary>
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
        <section class="findings" aria-label="What was found" data-testid="findings">
            <h2>{ "What was found" }</h2>
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
                format!("until {}", browser::full(until))
            } else {
                "no longer".to_owned()
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
            { fact("total-time", "Total time", took_words) }
            { fact("called", "At the server", job.called.map(at_the_server)) }
            { fact("ended-at", "Ended", job.ended_at.map(browser::full)) }
            { fact("undo-until", "Can be undone", undo) }
        </dl>
        <p class="origin muted">
            <span data-testid="selection">{ jobs::selection(&job.selection, job.kind, job.relation) }</span>
        </p>
        </>
    }
}

/// What it cost there.
fn at_the_server(called: Called) -> String {
    let seconds = took(called.milliseconds as f64 / 1_000.0);
    format!("{}, {seconds}", counted(called.calls, "call"))
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
                    data-testid="results-csv">{ "Results (CSV)" }</button>
                <button type="button" class="button link-button" onclick={fetch(File::Audit, "audit")} disabled={busy}
                    data-testid="audit-file" title="The job, its events of the audit trail, and how each item ended">{ "Audit (JSON)" }</button>
            }
            <span class="spring" />
            if offered.retry {
                <button type="button" class="button" onclick={child(Ask::Retry, "retry")} disabled={busy}
                    data-testid="retry-failed" title={format!("Tries {} again", items(job, retryable(job)))}>
                    <Icon glyph={Glyph::Refresh} />
                    { retry_words(job) }
                </button>
            }
            if offered.rest {
                <button type="button" class="button" onclick={child(Ask::Rest, "rest")} disabled={busy} data-testid="go-on">
                    <Icon glyph={Glyph::Play} />
                    { format!("Go on with the {} not started", thousands(job.counts.cancelled)) }
                </button>
            }
            if offered.download {
                <button type="button" class="button primary" onclick={fetch(File::Export, "download")} disabled={busy}
                    data-testid="download"><Icon glyph={Glyph::Download} />{ "Download" }</button>
            }
            <button type="button" class={classes!("button", (!offered.download).then_some("primary"))} onclick={done}
                data-testid="done">{ "Done" }</button>
        </>
    }
}

/// What a retry would try again: what failed, and what nobody knows about.
fn retry_words(job: &Job) -> String {
    let again = thousands(retryable(job));
    if retryable(job) == job.counts.failed {
        format!("Retry {again} failed")
    } else {
        format!("Retry {again} not done")
    }
}
