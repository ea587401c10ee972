//! One rule.

use bulkhead_shared::api::{LookFor, Rule, RuleLook, RuleState};
use bulkhead_shared::ids::JobId;
use yew::prelude::*;

use super::back_test::BackTestView;
use super::progress::progress;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::copy::rules::{by_itself, runs, words};

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
    let (chip, class) = match rule.state {
        RuleState::On => ("On", "state-completed"),
        RuleState::Off => ("Off", ""),
        RuleState::Paused => ("Paused itself", "state-paused"),
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
            aria-label={rule.rule.name.clone()} data-testid="rule-card" data-state={chip}>
            <div class="advice-main">
                <span class="advice-icon"><Icon glyph={Glyph::Of(rule.rule.operation.name())} /></span>
                <div class="advice-text">
                    <div class="advice-title">
                        <h2 data-testid="rule-name">{ format!("{}. {}", props.place + 1, rule.rule.name) }</h2>
                        <span class={classes!("chip", class)} data-testid="rule-state">{ chip }</span>
                    </div>
                    <p data-testid="rule-words">{ words(&rule.rule) }</p>
                    <p class="muted small" data-testid="rule-runs">{ runs(rule) }{ last(props) }</p>
                    { turns(props) }
                    if rule.state == RuleState::Paused {
                        <p class="small" role="status" data-testid="rule-paused">{ "Three of its runs were taken back, so it has paused itself. Look at what it says, then switch it on again." }</p>
                    }
                </div>
                <Acts ..props.clone() />
            </div>
            if let Some(look) = &props.look { <div class="advice-more">{ progress(look) }</div> }
            if let (true, Some(test)) = (props.is_open, &rule.test) {
                <div class="advice-more">
                    if !tested { <p class="small" data-testid="test-old">{ "The rule says something else now. Test it again." }</p> }
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
                { format!("A run waits for you. {} ", waits.why) }
                <button type="button" class="text-button small" onclick={show} data-testid="rule-waits-show">{ "Look at it" }</button>
            </p>
        }
    });
    html! {
        <>
            if let Some(next) = rule.next {
                <p class="muted small" data-testid="rule-next">{ format!("Runs next {}.", browser::full(next)) }</p>
            }
            if let Some(ran) = &rule.by_itself {
                <p class="muted small" data-testid="rule-by-itself">{ by_itself(ran, &browser::full(ran.at)) }</p>
            }
            { waits }
            if rule.needs_sign_in {
                <p class="small" role="status" data-testid="rule-sign-in">{ "The mail server refused the sign-in, so it does not run by itself. Connect the account again, or run it once by hand." }</p>
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
            { format!(" Last {}. ", browser::short(last.at)) }
            <button type="button" class="text-button small" onclick={show} data-testid="rule-last">{ "Show" }</button>
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
        RuleState::On => "Switch off",
        RuleState::Off | RuleState::Paused => "Switch on",
    };
    html! {
        <div class="rule-acts">
            if is_on {
                { button("primary", "Run now…", "rule-run", busy, tell(Told::Look(id.clone(), LookFor::Run))) }
            }
            { button(test_class, "Test", "rule-test", busy, tell(Told::Look(id.clone(), LookFor::Test))) }
            { button("", switch, "rule-switch", busy || !is_on && !tested, tell(Told::Switch(id.clone(), switched(rule.state)))) }
            if rule.test.is_some() {
                { button("link-button", if props.is_open { "Hide test" } else { "Show test" }, "rule-open", false, tell(Told::Open(id.clone()))) }
            }
            { button("link-button", "Change", "rule-edit", busy, tell(Told::Edit(id.clone()))) }
            if props.place > 0 { { button("link-button", "Move up", "rule-up", busy, tell(Told::Up(id.clone()))) } }
            if !props.is_last { { button("link-button", "Move down", "rule-down", busy, tell(Told::Down(id.clone()))) } }
            { button("quiet-danger", if *sure { "Delete, really" } else { "Delete" }, "rule-delete", busy, delete) }
        </div>
    }
}
