//! What a preview promises: undo, cost, time and risk.

use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Cost, Preview, Risk, RiskLevel};
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::copy::moments::{roughly, took};
use crate::copy::numbers::thousands;
use crate::words;

/// Undo and time.
pub fn facts(preview: &Preview) -> Html {
    let promise = &preview.reversibility;
    let undo = match (promise.kind, promise.until) {
        (Reversibility::Final, _) => words::job_promise_final().to_owned(),
        (Reversibility::NothingToUndo, _) => words::job_promise_changes_nothing().to_owned(),
        (Reversibility::Exact | Reversibility::BestEffort, Some(until)) => {
            words::job_promise_until(&browser::full(until), &browser::away(until))
        }
        (Reversibility::Exact | Reversibility::BestEffort, None) => {
            words::job_promise_can_be_undone().to_owned()
        }
    };
    let glyph = match promise.kind {
        Reversibility::Final => Glyph::Alert,
        Reversibility::Exact | Reversibility::BestEffort | Reversibility::NothingToUndo => {
            Glyph::Shield
        }
    };
    html! {
        <dl class="facts promise">
            <div class="fact wide">
                <dt><Icon {glyph} />{ words::job_promise_undo() }</dt>
                <dd data-testid="undo-promise">{ undo }<span class="muted fact-note">{ &promise.note }</span></dd>
            </div>
            <div class="fact">
                <dt><Icon glyph={Glyph::Clock} />{ words::job_promise_takes() }</dt>
                <dd data-testid="time-range">{ roughly(preview.seconds.least, preview.seconds.most) }</dd>
            </div>
        </dl>
    }
}

/// What it costs the provider.
pub fn cost(cost: &Cost) -> String {
    match cost.allowance {
        Some(allowance) => {
            let time = took(f64::from(allowance.seconds));
            words::job_promise_calls_allowed(cost.calls, allowance.items.into(), &time)
        }
        None => words::job_promise_calls(cost.calls),
    }
}

/// Why there is a risk, if there is any to speak of; and what of protected mails is part of it.
pub fn risk_note(risk: &Risk, taken: Option<String>) -> Html {
    if risk.reasons.is_empty() && taken.is_none() {
        return Html::default();
    }
    let quiet = risk.level == RiskLevel::Low && taken.is_none();
    let class = match risk.level {
        RiskLevel::High => "note-error",
        _ if quiet => "note-quiet",
        _ => "note-warn",
    };
    html! {
        <div class={classes!("note", class)} data-testid="risk-reasons">
            if !quiet { <Icon glyph={Glyph::Alert} /> }
            <ul class="note-text">
                if let Some(taken) = taken { <li data-testid="protected-taken">{ taken }</li> }
                { for risk.reasons.iter().map(|reason| html! { <li>{ reason }</li> }) }
            </ul>
        </div>
    }
}

/// For an undo: what goes back, what changed since, what is gone.
pub fn undo_figures(preview: &Preview) -> Html {
    let Some(undo) = preview.undo else {
        return Html::default();
    };
    let figure = |class: &'static str, count: u64, label: &'static str| {
        html! {
            <div class={classes!("figure", class, (count == 0).then_some("zero"))}>
                <strong data-testid={format!("undo-{class}")} data-count={count.to_string()}>{ thousands(count) }</strong>
                <span>{ label }</span>
            </div>
        }
    };
    html! {
        <div class="figures" data-testid="undo-preview">
            { figure("can-go-back", undo.can_go_back, words::job_promise_can_go_back()) }
            { figure("changed-since", undo.changed_since, words::job_promise_changed_since()) }
            { figure("gone", undo.gone, words::job_promise_gone()) }
        </div>
    }
}
