//! A job under way: counts, pace, time left, and the buttons to hold or stop it.

use bulkhead_shared::api::Job;
use bulkhead_shared::job::State;
use yew::prelude::*;

use crate::api::{self, Ask};
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::StageProps;
use crate::components::job::counts::CountsView;
use crate::components::job::failures::failures;
use crate::components::job::family::family;
use crate::components::job::frame::Frame;
use crate::components::job::reason::Standing;
use crate::components::letters::{Moment, letters};
use crate::components::problem_note::ProblemNote;
use crate::copy::jobs::items;
use crate::copy::moments::{roughly, took};
use crate::copy::numbers::rate;
use crate::hooks::asking::{UseAsking, use_asking};
use crate::hooks::tick::use_tick;
use crate::notify;
use crate::state::job_view::offers;
use crate::words;

const KEEP_GOING: &str = "keep-going";

/// The running stage.
#[component]
pub fn Progress(props: &StageProps) -> Html {
    let asking = use_asking();
    let confirming_stop = use_state(|| false);
    use_tick(1_000, props.job.state != State::Paused);
    // The button that asked is gone: the keyboard goes to the harmless answer.
    use_effect_with(*confirming_stop, |asked| {
        if *asked {
            browser::focus(KEEP_GOING);
        }
    });
    let job = &props.job;
    let open = {
        let open = props.around.open.clone();
        Callback::from(move |id| open.emit((id, false)))
    };
    html! {
        <Frame title={props.title.clone()}
            footer={buttons(props, &asking, &confirming_stop)}>
            <Standing job={job.clone()} lost={props.watched.lost} />
            <CountsView job={job.clone()} />
            { pace(job) }
            if notify::can_ask() {
                <p><button type="button" class="text-button" onclick={|_: MouseEvent| notify::ask()} data-testid="notify-me">
                    { words::job_progress_tell_me() }</button></p>
            }
            if *confirming_stop {
                <div class="note note-warn" role="alert" data-testid="cancel-question">
                    <Icon glyph={Glyph::Alert} />
                    <div class="note-text">
                        <strong>{ words::job_progress_stop_question() }</strong>
                        <p>{ stop_words(job) }</p>
                    </div>
                </div>
            }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            { letters(Moment::Sending, job, &Callback::noop()) }
            { failures(job, &open, &props.watched.put) }
            { family(job, &open) }
        </Frame>
    }
}

fn stop_words(job: &Job) -> String {
    let left = job.counts.pending + job.counts.running;
    let done = items(job, job.counts.succeeded);
    match job.operation.target().is_some() && job.counts.succeeded > 0 {
        true => words::job_progress_stop_meaning_undo(&done, left),
        false => words::job_progress_stop_meaning(&done, left),
    }
}

fn buttons(props: &StageProps, asking: &UseAsking, confirming_stop: &UseStateHandle<bool>) -> Html {
    let offered = offers(&props.job, browser::now_ms());
    let ask = |ask: Ask, name: &'static str| {
        let (asking, id, put) = (
            asking.clone(),
            props.job.id.clone(),
            props.watched.put.clone(),
        );
        let confirming_stop = confirming_stop.clone();
        Callback::from(move |_: MouseEvent| {
            let put = put.clone();
            confirming_stop.set(false);
            asking.make(name, api::ask(id.clone(), ask), move |job| put.emit(job));
        })
    };
    let set_stop = |to: bool| {
        let confirming_stop = confirming_stop.clone();
        Callback::from(move |_: MouseEvent| confirming_stop.set(to))
    };
    let busy = asking.busy.is_some();
    let close = {
        let close = props.around.close.clone();
        Callback::from(move |_: MouseEvent| close.emit(()))
    };
    if **confirming_stop {
        return html! {
            <>
                <button type="button" class="button" id={KEEP_GOING} onclick={set_stop(false)} data-testid="cancel-no">
                    { words::job_progress_keep_going() }
                </button>
                <span class="spring" />
                <button type="button" class="button danger" onclick={ask(Ask::Cancel, "cancel")} disabled={busy}
                    data-testid="cancel-yes">{ words::job_progress_stop() }</button>
            </>
        };
    }
    html! {
        <>
            if offered.cancel {
                <button type="button" class="button quiet-danger" onclick={set_stop(true)} disabled={busy}
                    data-testid="cancel"><Icon glyph={Glyph::Stop} />{ words::job_progress_cancel() }</button>
            }
            <span class="spring" />
            if offered.pause {
                <button type="button" class="button" onclick={ask(Ask::Pause, "pause")} disabled={busy}
                    data-testid="pause"><Icon glyph={Glyph::Pause} />{ words::job_progress_pause() }</button>
            }
            if offered.resume {
                <button type="button" class="button primary" onclick={ask(Ask::Resume, "resume")} disabled={busy}
                    data-testid="resume"><Icon glyph={Glyph::Play} />{ words::job_progress_resume() }</button>
            }
            <button type="button" class="button" onclick={close} data-testid="hide">
                { if props.around.in_dialog { words::job_progress_hide() } else { words::back() } }
            </button>
        </>
    }
}

/// Rate, time left and time so far.
fn pace(job: &Job) -> Html {
    let now = browser::now_ms();
    let seconds_until = |moment: jiff::Timestamp| {
        u64::try_from((moment.as_millisecond() - now) / 1_000).unwrap_or(0)
    };
    let left = job
        .eta
        .map(|eta| roughly(seconds_until(eta.earliest), seconds_until(eta.latest)));
    let so_far = job
        .started_at
        .map(|started| took(((now - started.as_millisecond()) / 1_000) as f64));
    let fact = |name: &'static str, label: &'static str, value: Option<String>| {
        html! {
            <div class="fact">
                <dt>{ label }</dt>
                <dd data-testid={name}>{ value.unwrap_or_else(|| "–".to_owned()) }</dd>
            </div>
        }
    };
    html! {
        <dl class="facts">
            { fact("time-left", words::job_progress_time_left(), left) }
            { fact("rate", words::job_progress_pace(), job.rate_per_second.filter(|_| job.state != State::Paused).map(rate)) }
            { fact("time-so-far", words::job_progress_time_so_far(), so_far) }
        </dl>
    }
}
