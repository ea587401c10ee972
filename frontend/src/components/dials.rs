//! Rehearse what a mail server may do to a job: three presets, and the sandbox's dials behind them.

use bulkhead_shared::api::{CrashPoint, Dials};
use bulkhead_shared::ids::AccountId;
use wasm_split_helpers::wasm_split;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api;
use crate::components::dialog::Dialog;
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;
use bulkhead_words::Says;

/// The dialog, once its part is here.
#[wasm_split(sheets, fallible)]
pub fn dials(account: AccountId, on_close: Callback<()>) -> Drawn {
    Ok(html! { <DialsDialog {account} {on_close} /> })
}

#[derive(Properties, PartialEq)]
pub struct DialsDialogProps {
    pub account: AccountId,
    /// Closes it.
    pub on_close: Callback<()>,
}

/// The dialog.
#[component]
pub fn DialsDialog(props: &DialsDialogProps) -> Html {
    let found = use_loading(props.account.clone(), |account| Some(api::dials(account)));
    let inside = match &found.remote {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines" aria-busy="true"><i /><i /><i /></div>
        },
        Remote::Failed(error) => {
            html! { <ProblemNote error={error.clone()} retry={found.reload.clone()} /> }
        }
        Remote::Ready(dials) => html! {
            <DialsForm account={props.account.clone()} dials={dials.clone()} on_close={props.on_close.clone()} />
        },
    };
    html! {
        <Dialog title={words::dials_rehearse()} on_close={props.on_close.clone()} testid="dials-dialog">{ inside }</Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct DialsFormProps {
    account: AccountId,
    dials: Dials,
    on_close: Callback<()>,
}

#[component]
fn DialsForm(props: &DialsFormProps) -> Html {
    let dials = use_state(|| props.dials.clone());
    let asking = use_asking();
    let number = |name: &'static str, label: &'static str, value: u64, set: fn(&mut Dials, u32)| {
        let handle = dials.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let typed = event.target_dyn_into::<HtmlInputElement>();
            if let Some(value) = typed.and_then(|input| input.value().trim().parse().ok()) {
                let mut next = (*handle).clone();
                set(&mut next, value);
                handle.set(next);
            }
        });
        html! {
            <label class="option">
                <span>{ label }</span>
                <input type="text" inputmode="numeric" value={value.to_string()} {oninput}
                    data-testid={format!("dial-{name}")} />
            </label>
        }
    };
    let on_crash = {
        let handle = dials.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let mut next = (*handle).clone();
                next.crash = CRASHES
                    .iter()
                    .find(|(name, _, _)| *name == select.value())
                    .and_then(|(_, _, point)| *point);
                handle.set(next);
            }
        })
    };
    let save = |to: Dials| {
        let (asking, account, close) = (
            asking.clone(),
            props.account.clone(),
            props.on_close.clone(),
        );
        Callback::from(move |_: MouseEvent| {
            let close = close.clone();
            asking.make(
                "dials",
                api::set_dials(account.clone(), to.clone()),
                move |_| close.emit(()),
            );
        })
    };
    let crash = |(name, label, point): &(&'static str, Says, Option<CrashPoint>)| {
        html! { <option value={*name} selected={dials.crash == *point}>{ label.say() }</option> }
    };
    let preset = |preset: &Preset| {
        let (handle, to) = (dials.clone(), (preset.dials)());
        let chosen = *dials == to;
        let onchange = Callback::from(move |_: Event| handle.set(to.clone()));
        html! {
            <label class={classes!("preset", chosen.then_some("chosen"))}>
                <input type="radio" name="preset" checked={chosen} {onchange} data-testid={format!("preset-{}", preset.name)} />
                <span><strong>{ preset.label.say() }</strong><span class="muted">{ preset.text.say() }</span></span>
            </label>
        }
    };
    html! {
        <>
            <p class="muted">{ words::dials_intro() }</p>
            <div class="presets">{ for PRESETS.iter().map(preset) }</div>
            <details class="options"><summary data-testid="dials-more">{ words::dials_more() }</summary>
            <div class="options-grid">
                { number("latency", words::dials_latency(), dials.latency_ms, |d, v| d.latency_ms = u64::from(v)) }
                { number("per-minute", words::dials_per_minute(), dials.items_per_minute.into(), |d, v| d.items_per_minute = v) }
                { number("fail", words::dials_fail(), dials.fail_percent.into(), |d, v| d.fail_percent = v) }
                { number("flaky", words::dials_flaky(), dials.flaky_percent.into(), |d, v| d.flaky_percent = v) }
                { number("throttle-calls", words::dials_throttle_calls(), dials.throttle_calls.into(), |d, v| d.throttle_calls = v) }
                { number("throttle-seconds", words::dials_throttle_seconds(), dials.throttle_seconds.into(), |d, v| d.throttle_seconds = v) }
                { number("lose", words::dials_lose(), dials.lose_answers.into(), |d, v| d.lose_answers = v) }
                <label class="option">
                    <span>{ words::dials_crash() }</span>
                    <select onchange={on_crash} data-testid="dial-crash">{ for CRASHES.iter().map(crash) }</select>
                </label>
            </div>
            </details>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            <div class="form-buttons">
                <button type="button" class="button" onclick={save(Dials::default())} data-testid="dials-reset">{ words::dials_calm() }</button>
                <span class="spring" />
                <button type="button" class="button primary" onclick={save((*dials).clone())} disabled={asking.busy.is_some()}
                    data-testid="dials-save">{ words::dials_set() }</button>
            </div>
        </>
    }
}

/// A mail server of a kind.
struct Preset {
    name: &'static str,
    label: Says,
    text: Says,
    dials: fn() -> Dials,
}

const PRESETS: [Preset; 3] = [
    Preset {
        name: "fast",
        label: Says(words::dials_fast),
        text: Says(words::dials_fast_is),
        dials: Dials::default,
    },
    Preset {
        name: "slow",
        label: Says(words::dials_slow),
        text: Says(words::dials_slow_is),
        dials: || Dials {
            latency_ms: 500,
            items_per_minute: 600,
            throttle_calls: 2,
            throttle_seconds: 5,
            ..NOTHING
        },
    },
    Preset {
        name: "breaking",
        label: Says(words::dials_breaking),
        text: Says(words::dials_breaking_is),
        dials: || Dials {
            latency_ms: 100,
            fail_percent: 5,
            flaky_percent: 20,
            lose_answers: 3,
            ..NOTHING
        },
    },
];

const NOTHING: Dials = Dials {
    latency_ms: 0,
    fail_percent: 0,
    flaky_percent: 0,
    items_per_minute: 0,
    lose_answers: 0,
    throttle_calls: 0,
    throttle_seconds: 0,
    crash: None,
};

const CRASHES: [(&str, Says, Option<CrashPoint>); 4] = [
    ("never", Says(words::dials_crash_never), None),
    (
        "before",
        Says(words::dials_crash_before),
        Some(CrashPoint::BeforeChange),
    ),
    (
        "half",
        Says(words::dials_crash_half),
        Some(CrashPoint::HalfWay),
    ),
    (
        "after",
        Says(words::dials_crash_after),
        Some(CrashPoint::AfterChange),
    ),
];
