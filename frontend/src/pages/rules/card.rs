//! One rule.

use bulkhead_shared::api::{LookFor, Rule, RuleLook, RuleState};
use bulkhead_shared::ids::JobId;
use yew::prelude::*;

use super::back_test::BackTestView;
use super::progress::progress;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::copy::rules::{self, by_itself, runs};
use crate::words;

/// What a person says of a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Told {
    /// Show its test, or do not any more.
    Open(String),
    Edit(String),
    Look(String, LookFor),
    Switch(String, RuleState),
    /// It wants to be so sure.
    Percent(String, u8),
    /// Before the one before it.
    Up(String),
    /// Behind the one behind it.
    Down(String),
    /// It is dragged.
    Drag(String),
    /// What is dragged is dropped here.
    Drop(String),
    Delete(String),
    /// Show the job of its last run.
    Show(JobId),
}

/// Where a rule is on the page.
pub(super) fn place_of(rule: &str) -> String {
    format!("rule-{rule}")
}

/// What switching makes of a state.
pub(super) fn switched(state: RuleState) -> RuleState {
    match state {
        RuleState::On => RuleState::Off,
        RuleState::Off | RuleState::Paused => RuleState::On,
    }
}

#[derive(Properties, PartialEq, Clone)]
pub(super) struct CardProps {
    pub(super) rule: Rule,
    /// Its place, counted from 0.
    pub(super) place: usize,
    /// There is none behind it.
    pub(super) is_last: bool,
    /// Whether it shows its test.
    pub(super) is_open: bool,
    /// Whether keys are about this one.
    pub(super) is_current: bool,
    /// Something is asked of the server, or the mailbox is looked through.
    pub(super) is_busy: bool,
    /// The look through the mailbox for this one, unless it is done.
    pub(super) look: Option<RuleLook>,
    pub(super) on_told: Callback<Told>,
}

/// The rule.
#[component]
pub(super) fn Card(props: &CardProps) -> Html {
    let rule = &props.rule;
    let (name, chip, class) = match rule.state {
        RuleState::On => ("on", words::rules_card_on(), "state-completed"),
        RuleState::Off => ("off", words::rules_card_off(), ""),
        RuleState::Paused => ("paused", words::rules_card_paused(), "state-paused"),
    };
    let tested = rule.test.as_ref().is_some_and(|test| test.is_current);
    let on_percent = {
        let id = rule.id.clone();
        props
            .on_told
            .reform(move |percent: u8| Told::Percent(id.clone(), percent))
    };
    let id = rule.id.clone();
    let ondragstart = props
        .on_told
        .reform(move |_: DragEvent| Told::Drag(id.clone()));
    let ondragover = Callback::from(|event: DragEvent| event.prevent_default());
    let id = rule.id.clone();
    let ondrop = props.on_told.reform(move |event: DragEvent| {
        event.prevent_default();
        Told::Drop(id.clone())
    });
    html! {
        <article class="advice-card" id={place_of(&rule.id)} tabindex="-1" aria-current={props.is_current.then_some("true")}
            draggable={(!props.is_busy).to_string()} {ondragstart} {ondragover} {ondrop}
            aria-label={rule.rule.name.clone()} data-testid="rule-card" data-state={name}>
            <div class="advice-main">
                <span class="advice-icon"><Icon glyph={Glyph::Of(rule.rule.operation.name())} /></span>
                <div class="advice-text">
                    <div class="advice-title">
                        <h2 data-testid="rule-name">{ format!("{}. {}", props.place + 1, rule.rule.name) }</h2>
                        <span class={classes!("chip", class)} data-testid="rule-state">{ chip }</span>
                    </div>
                    <p data-testid="rule-words">{ rules::words(&rule.rule) }</p>
                    <p class="muted small" data-testid="rule-runs">{ runs(rule) }{ last(props) }</p>
                    { turns(props) }
                    if rule.state == RuleState::Paused {
                        <p class="small" role="status" data-testid="rule-paused">{ words::rules_card_paused_text() }</p>
                    }
                </div>
                <Acts ..props.clone() />
            </div>
            if let Some(look) = &props.look { <div class="advice-more">{ progress(look) }</div> }
            if let (true, Some(test)) = (props.is_open, &rule.test) {
                <div class="advice-more">
                    if !tested { <p class="small" data-testid="test-old">{ words::rules_card_test_old() }</p> }
                    <BackTestView test={test.clone()} rule={rule.rule.clone()} is_busy={props.is_busy} {on_percent} />
                </div>
            }
        </article>
    }
}

/// When it runs next by itself, what came of the last time, and what keeps it from that.
fn turns(props: &CardProps) -> Html {
    let rule = &props.rule;
    let waits = rule.waits.as_ref().map(|waits| {
        let job = waits.job.clone();
        let show = props.on_told.reform(move |_: MouseEvent| Told::Show(job.clone()));
        html! {
            <p class="small" role="status" data-testid="rule-waits">
                { words::rules_card_waits(&waits.why) }{ " " }
                <button type="button" class="text-button small" onclick={show} data-testid="rule-waits-show">{ words::rules_card_waits_look() }</button>
            </p>
        }
    });
    html! {
        <>
            if let Some(next) = rule.next {
                <p class="muted small" data-testid="rule-next">{ words::rules_card_next(&browser::full(next)) }</p>
            }
            if let Some(ran) = &rule.by_itself {
                <p class="muted small" data-testid="rule-by-itself">{ by_itself(ran, &browser::full(ran.at)) }</p>
            }
            { waits }
            if rule.needs_sign_in {
                <p class="small" role="status" data-testid="rule-sign-in">{ words::rules_card_sign_in() }</p>
            }
        </>
    }
}

fn last(props: &CardProps) -> Html {
    let Some(last) = &props.rule.last else {
        return Html::default();
    };
    let job = last.job.clone();
    let show = props
        .on_told
        .reform(move |_: MouseEvent| Told::Show(job.clone()));
    html! {
        <>
            { " " }{ words::rules_card_last(&browser::short(last.at)) }{ " " }
            <button type="button" class="text-button small" onclick={show} data-testid="rule-last">{ words::show() }</button>
        </>
    }
}

/// What can be done about it.
#[component]
fn Acts(props: &CardProps) -> Html {
    let rule = &props.rule;
    let sure = use_state(|| false);
    let tested = rule.test.as_ref().is_some_and(|test| test.is_current);
    let id = rule.id.clone();
    let tell = |told: Told| props.on_told.reform(move |_: MouseEvent| told.clone());
    let button = |class: &'static str,
                  label: &'static str,
                  testid: &'static str,
                  disabled: bool,
                  onclick: Callback<MouseEvent>| {
        html! { <button type="button" class={classes!("button", "small", class)} {disabled} {onclick} data-testid={testid}>{ label }</button> }
    };
    let delete = {
        let (sure, on_told, id) = (sure.clone(), props.on_told.clone(), id.clone());
        Callback::from(move |_: MouseEvent| match *sure {
            true => on_told.emit(Told::Delete(id.clone())),
            false => sure.set(true),
        })
    };
    let busy = props.is_busy;
    let is_on = rule.state == RuleState::On;
    let test_class = if tested || is_on { "" } else { "primary" };
    let switch = match rule.state {
        RuleState::On => words::rules_card_switch_off(),
        RuleState::Off | RuleState::Paused => words::rules_card_switch_on(),
    };
    html! {
        <div class="rule-acts">
            if is_on {
                { button("primary", words::rules_card_run(), "rule-run", busy, tell(Told::Look(id.clone(), LookFor::Run))) }
            }
            { button(test_class, words::rules_card_test(), "rule-test", busy, tell(Told::Look(id.clone(), LookFor::Test))) }
            { button("", switch, "rule-switch", busy || !is_on && !tested, tell(Told::Switch(id.clone(), switched(rule.state)))) }
            if rule.test.is_some() {
                { button("link-button", if props.is_open { words::rules_card_hide_test() } else { words::rules_card_show_test() }, "rule-open", false, tell(Told::Open(id.clone()))) }
            }
            { button("link-button", words::rules_card_change(), "rule-edit", busy, tell(Told::Edit(id.clone()))) }
            if props.place > 0 { { button("link-button", words::rules_card_up(), "rule-up", busy, tell(Told::Up(id.clone()))) } }
            if !props.is_last { { button("link-button", words::rules_card_down(), "rule-down", busy, tell(Told::Down(id.clone()))) } }
            { button("quiet-danger", if *sure { words::rules_card_delete_really() } else { words::rules_card_delete() }, "rule-delete", busy, delete) }
        </div>
    }
}
