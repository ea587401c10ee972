//! One suggestion.

use bulkhead_shared::advice::Action;
use bulkhead_shared::api::{Suggestion, SuggestionState};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::kinds::mail::size;
use bulkhead_shared::operations::OperationName;
use yew::prelude::*;

use super::sources::{Sample, Sources};
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::link::Go;
use crate::components::undo_bar::Undoing;
use crate::copy::advice::{instead, order, whose};
use crate::routes::{Route, Search};
use crate::state::rule_of::rule_of;
use crate::words;

/// What a person says of a suggestion.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Told {
    /// Do it.
    Accept(String),
    /// Do this in its place.
    Instead(String, Action),
    /// Not this one; with `keep` nothing like it for these senders.
    Dismiss { suggestion: String, keep: bool },
    /// Show why, and whose mails it is about; or do not any more.
    Open(String),
    /// These of the one that is open are to be left out.
    Out(Vec<String>),
    /// Show its job.
    Show(JobId),
}

/// Where a suggestion is on the page.
pub(super) fn place_of(suggestion: &str) -> String {
    format!("advice-{suggestion}")
}

#[derive(Properties, PartialEq, Clone)]
pub(super) struct CardProps {
    pub(super) account: AccountId,
    pub(super) suggestion: Suggestion,
    /// Whether it shows why, and whose mails it is about.
    pub(super) is_open: bool,
    /// Whether keys are about this one.
    pub(super) is_current: bool,
    /// Sources that are left out.
    pub(super) out: Vec<String>,
    /// Something is asked of the server.
    pub(super) is_busy: bool,
    pub(super) on_told: Callback<Told>,
}

/// The suggestion.
#[component]
pub(super) fn Card(props: &CardProps) -> Html {
    let suggestion = &props.suggestion;
    let is_done = matches!(
        suggestion.state,
        SuggestionState::Accepted | SuggestionState::Undone
    );
    let (glyph, class) = match suggestion.action {
        Action::Archive => (Glyph::Archive, ""),
        Action::Trash => (Glyph::Trash, "trash"),
        Action::Unsubscribe => (Glyph::Of(OperationName::Unsubscribe), ""),
        Action::Label => (Glyph::Label, ""),
        Action::Keep => (Glyph::Person, "keep"),
    };
    let open = {
        let id = suggestion.id.clone();
        props
            .on_told
            .reform(move |_: MouseEvent| Told::Open(id.clone()))
    };
    let bytes = match suggestion.action {
        Action::Archive | Action::Trash => {
            format!(" {}", words::advice_card_about(&size(suggestion.bytes)))
        }
        Action::Unsubscribe | Action::Label | Action::Keep => String::new(),
    };
    html! {
        <article class={classes!("advice-card", is_done.then_some("done"))} id={place_of(&suggestion.id)} tabindex="-1"
            aria-current={props.is_current.then_some("true")} aria-label={order(suggestion)} data-testid="suggestion-card"
            data-action={suggestion.action.name()} data-state={state_name(suggestion.state)}>
            <div class="advice-main">
                <span class={classes!("advice-icon", class)}><Icon {glyph} /></span>
                <div class="advice-text">
                    <div class="advice-title">
                        <h2 data-testid="suggestion-order">{ order(suggestion) }</h2>
                        <span class="advice-sure" data-testid="suggestion-sure" data-count={suggestion.percent.to_string()}>{ words::percent_sure(suggestion.percent.into()) }</span>
                    </div>
                    <p>{ whose(suggestion) }<span class="muted">{ bytes }</span></p>
                    <p class="muted small">{ suggestion.reasons.join(" ") }</p>
                    if !is_done {
                        <button type="button" class="text-button small advice-why" aria-expanded={props.is_open.to_string()} onclick={open}
                            data-testid="suggestion-why">{ if props.is_open { words::close() } else { words::advice_card_why() } }</button>
                    }
                </div>
                <Acts ..props.clone() />
            </div>
            if props.is_open && !is_done {
                <div class="advice-more">
                    <Sources suggestion={suggestion.clone()} out={props.out.clone()} on_out={props.on_told.reform(Told::Out)} />
                    <Sample account={props.account.clone()} query={suggestion.query.clone()} />
                    { further(props) }
                </div>
            }
        </article>
    }
}

fn state_name(state: SuggestionState) -> &'static str {
    match state {
        SuggestionState::Open => "open",
        SuggestionState::Drafted => "drafted",
        SuggestionState::Accepted => "accepted",
        SuggestionState::Undone => "undone",
    }
}

/// What can be done about it.
#[component]
fn Acts(props: &CardProps) -> Html {
    let undoing = use_context::<Undoing>();
    let suggestion = &props.suggestion;
    let disabled = props.is_busy;
    let tell = |told: Told| props.on_told.reform(move |_: MouseEvent| told.clone());
    let id = suggestion.id.clone();
    let dismiss = |keep| {
        tell(Told::Dismiss {
            suggestion: id.clone(),
            keep,
        })
    };
    let button = |class: &'static str,
                  label: &'static str,
                  testid: &'static str,
                  onclick: Callback<MouseEvent>| {
        html! { <button type="button" class={classes!("button", "small", class)} {disabled} {onclick} data-testid={testid}>{ label }</button> }
    };
    let acts = match (suggestion.state, &suggestion.job) {
        (SuggestionState::Accepted, Some(job)) => {
            let take_back = undoing.map(|undoing| {
                let job = job.clone();
                undoing.take_back.reform(move |_: MouseEvent| job.clone())
            });
            html! {
                <>
                    <span class="chip state-completed">{ words::advice_card_accepted() }</span>
                    { button("link-button", words::show(), "suggestion-show", tell(Told::Show(job.clone()))) }
                    if let Some(take_back) = take_back { { button("", words::advice_card_take_back(), "suggestion-undo", take_back) } }
                </>
            }
        }
        (SuggestionState::Undone, Some(job)) => html! {
            <>
                <span class="chip">{ words::advice_card_taken_back() }</span>
                { button("link-button", words::show(), "suggestion-show", tell(Told::Show(job.clone()))) }
            </>
        },
        (SuggestionState::Drafted, Some(job)) => html! {
            <>
                { button("link-button", words::dismiss(), "suggestion-dismiss", dismiss(false)) }
                { button("primary", words::advice_card_go_on(), "suggestion-accept", tell(Told::Show(job.clone()))) }
            </>
        },
        _ if suggestion.action == Action::Keep => html! {
            <>
                { button("link-button", words::dismiss(), "suggestion-dismiss", dismiss(false)) }
                { button("", words::advice_card_keep(), "suggestion-keep", dismiss(true)) }
            </>
        },
        _ => html! {
            <>
                { button("link-button", words::dismiss(), "suggestion-dismiss", dismiss(false)) }
                { button("primary", words::advice_card_accept(), "suggestion-accept", tell(Told::Accept(id.clone()))) }
            </>
        },
    };
    html! { <div class="advice-acts">{ acts }</div> }
}

/// What can be said beyond yes and no.
fn further(props: &CardProps) -> Html {
    let rule = rule_of(&props.suggestion, &browser::time_zone());
    let rule = rule.and_then(|rule| serde_json::to_string(&rule).ok());
    let other = match (props.suggestion.state, instead(props.suggestion.action)) {
        (SuggestionState::Open, Some((action, label))) => {
            let suggestion = props.suggestion.id.clone();
            let told = props
                .on_told
                .reform(move |_: MouseEvent| Told::Instead(suggestion.clone(), action));
            html! {
                <button type="button" class="button small" disabled={props.is_busy} onclick={told} data-testid="suggestion-instead">{ label }</button>
            }
        }
        _ => Html::default(),
    };
    let keep = props.suggestion.action.hides().then(|| {
        let suggestion = props.suggestion.id.clone();
        props.on_told.reform(move |_: MouseEvent| Told::Dismiss {
            suggestion: suggestion.clone(),
            keep: true,
        })
    });
    let rules = Route::Rules {
        account: props.account.clone(),
    };
    html! {
        <p class="advice-foot">
            { other }
            if rule.is_some() {
                <Go to={rules} search={Search { q: rule, state: None }} class="button small" testid="suggestion-rule">{ words::advice_card_rule() }</Go>
            }
            if let Some(keep) = keep {
                <button type="button" class="button small" disabled={props.is_busy} onclick={keep} data-testid="suggestion-never">{ words::advice_card_never() }</button>
            }
        </p>
    }
}
