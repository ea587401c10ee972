//! Suggestions for a whole mailbox: each with how sure it is and why, to be accepted, changed or dismissed. Accepting
//! one opens the preview of an ordinary job.

mod card;
mod learned;
mod sources;
mod strip;

use bulkhead_shared::advice::Action;
use bulkhead_shared::api::{
    AcceptSuggestion, Account, Advice, DismissSuggestion, Job, ScanState, Suggestion,
    SuggestionState, Suggestions,
};
use bulkhead_shared::ids::JobId;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::frame::JobDialog;
use crate::components::job::{Around, panel};
use crate::components::later::later;
use crate::components::sender_views::{SUGGESTIONS, SenderView, fetched};
use crate::copy::advice::sum;
use crate::hooks::asking::use_asking;
use crate::hooks::keys::use_keys;
use crate::hooks::loading::use_loading;
use crate::hooks::watching::use_watching;
use crate::session::Session;
use crate::words;
use card::{Card, Told, place_of};
pub use learned::LearnedPage;
pub use strip::Strip;

#[derive(Properties, PartialEq)]
pub struct AdvicePageProps {
    pub account: Account,
}

/// The view of suggestions.
#[component]
pub fn AdvicePage(props: &AdvicePageProps) -> Html {
    let id = &props.account.id;
    let session = use_context::<Session>();
    let title = format!(
        "{} – {} – Bulkhead",
        words::advice_title(),
        props.account.name
    );
    use_effect_with(title, |title| browser::set_title(title));
    let found = use_loading(id.clone(), |account| Some(api::suggestions(account)));
    let asking = use_asking();
    let job = use_state(|| None::<JobId>);
    // The one that is changed, and whose mails it is to leave alone.
    let opened = use_state(|| None::<String>);
    let out = use_state(Vec::<String>::new);
    let at = use_state(|| 0_usize);

    let advice = found.remote.ready().and_then(|found| found.advice.clone());
    let running = advice
        .as_ref()
        .is_some_and(|advice| advice.state == ScanState::Running);
    use_watching(running, found.reload.clone());
    let start = {
        let (asking, reload, id) = (asking.clone(), found.reload.clone(), id.clone());
        Callback::from(move |()| {
            let reload = reload.clone();
            let call = api::make_suggestions(id.clone());
            asking.make("start", call, move |_: Advice| reload.emit(()));
        })
    };
    {
        // Who comes here for the first time wants some.
        let nothing_yet = found
            .remote
            .ready()
            .is_some_and(|found| found.advice.is_none());
        let start = start.clone();
        use_effect_with(nothing_yet, move |nothing_yet| {
            if *nothing_yet {
                start.emit(());
            }
        });
    }
    let suggestions: Vec<Suggestion> = found
        .remote
        .ready()
        .map(|found| found.suggestions.clone())
        .unwrap_or_default();
    let (open, done): (Vec<Suggestion>, Vec<Suggestion>) = suggestions
        .into_iter()
        .partition(|it| matches!(it.state, SuggestionState::Open | SuggestionState::Drafted));
    let told = {
        let (asking, job, opened, out) = (asking.clone(), job.clone(), opened.clone(), out.clone());
        let (reload, id, session) = (found.reload.clone(), id.clone(), session.clone());
        Callback::from(move |told: Told| match told {
            Told::Open(suggestion) => {
                let same = *opened == Some(suggestion.clone());
                opened.set((!same).then_some(suggestion));
                out.set(Vec::new());
            }
            Told::Out(sources) => out.set(sources),
            Told::Show(shown) => job.set(Some(shown)),
            Told::Accept(_) | Told::Instead(..) => {
                let (suggestion, instead) = match told {
                    Told::Instead(suggestion, action) => (suggestion, Some(action)),
                    Told::Accept(suggestion) => (suggestion, None),
                    _ => return,
                };
                let without = match *opened == Some(suggestion.clone()) {
                    true => (*out).clone(),
                    false => Vec::new(),
                };
                let wanted = AcceptSuggestion {
                    suggestion,
                    without,
                    instead,
                };
                let (job, session, reload) = (job.clone(), session.clone(), reload.clone());
                let call = api::accept_suggestion(id.clone(), wanted);
                asking.make("accept", call, move |drafted: Job| {
                    if let Some(session) = &session {
                        session.tell_job.emit(drafted.clone());
                    }
                    job.set(Some(drafted.id));
                    reload.emit(());
                });
            }
            Told::Dismiss { suggestion, keep } => {
                let wanted = DismissSuggestion {
                    suggestion,
                    only: Vec::new(),
                    keep,
                };
                let (reload, opened) = (reload.clone(), opened.clone());
                let call = api::dismiss_suggestion(id.clone(), wanted);
                asking.make("dismiss", call, move |()| {
                    opened.set(None);
                    reload.emit(());
                });
            }
        })
    };
    {
        let (open, told, at) = (open.clone(), told.clone(), at.clone());
        use_keys(move |event| on_key(&event, &open, *at, &at, &told));
    }
    {
        // What became of a job is seen as soon as it changes.
        let reload = found.reload.clone();
        let latest = session.as_ref().map(|session| session.known.clone());
        use_effect_with(latest, move |_| reload.emit(()));
    }
    let close = {
        let (job, reload) = (job.clone(), found.reload.clone());
        Callback::from(move |()| {
            job.set(None);
            reload.emit(());
        })
    };
    let card = |(place, suggestion): (usize, &Suggestion)| {
        let is_open = *opened == Some(suggestion.id.clone());
        html! {
            <Card key={suggestion.id.clone()} account={id.clone()} suggestion={suggestion.clone()} {is_open}
                is_current={place == *at} out={if is_open { (*out).clone() } else { Vec::new() }}
                is_busy={asking.busy.is_some()} on_told={told.clone()} />
        }
    };
    let look_again = html! {
        <button type="button" class="icon-button" onclick={start.reform(|_: MouseEvent| ())} disabled={running}
            aria-label={words::advice_again()} title={words::advice_again()} data-testid="advise"><Icon glyph={Glyph::Refresh} /></button>
    };
    let draw = |_: &Suggestions| {
        html! {
            <>
                { progress(advice.as_ref(), &start) }
                if !running && advice.is_some() { { lead(&open) } }
                <div class="advice-cards" data-testid="suggestions">{ for open.iter().enumerate().map(card) }</div>
                if !done.is_empty() {
                    <h2>{ words::advice_decided_before() }</h2>
                    <div class="advice-cards">{ for done.iter().map(|it| card((usize::MAX, it))) }</div>
                }
                if !open.is_empty() { { keys() } }
            </>
        }
    };
    html! {
        <SenderView account={id.clone()} view={Some(SUGGESTIONS)} title={words::advice_title()} button={look_again}
            error={asking.error.clone()}>
            { fetched(&found, 4, draw) }
            if let Some(shown) = (*job).clone() {
                { dialog(shown, close, job.clone()) }
            }
        </SenderView>
    }
}

/// A job that was drafted here, from its preview to its end.
pub fn dialog(shown: JobId, close: Callback<()>, job: UseStateHandle<Option<JobId>>) -> Html {
    let around = Around {
        in_dialog: true,
        close: close.clone(),
        open: Callback::from(move |(other, _): (JobId, bool)| job.set(Some(other))),
        confirmed: Callback::noop(),
    };
    html! {
        <JobDialog on_close={close}>
            { later("job", move || panel(shown.clone(), around.clone())) }
        </JobDialog>
    }
}

/// j and k go from one to the next; a accepts, c changes, x dismisses.
fn on_key(
    event: &KeyboardEvent,
    open: &[Suggestion],
    at: usize,
    set: &UseStateHandle<usize>,
    told: &Callback<Told>,
) {
    let last = open.len().saturating_sub(1);
    let here = open.get(at.min(last));
    let go = |to: usize| {
        set.set(to);
        if let Some(suggestion) = open.get(to) {
            browser::focus(&place_of(&suggestion.id));
        }
    };
    let Some(here) = here else { return };
    match event.key().as_str() {
        "j" => go((at + 1).min(last)),
        "k" => go(at.min(last).saturating_sub(1)),
        "a" if here.action != Action::Keep => told.emit(match &here.job {
            Some(job) => Told::Show(job.clone()),
            None => Told::Accept(here.id.clone()),
        }),
        "a" => told.emit(Told::Dismiss {
            suggestion: here.id.clone(),
            keep: true,
        }),
        "c" => told.emit(Told::Open(here.id.clone())),
        "x" => told.emit(Told::Dismiss {
            suggestion: here.id.clone(),
            keep: false,
        }),
        _ => return,
    }
    event.prevent_default();
}

fn keys() -> Html {
    let key = |key: &'static str, does: &'static str| html! { <><kbd>{ key }</kbd>{ format!(" {does}   ") }</> };
    html! {
        <p class="advice-keys">
            { key("j", words::advice_keys_next()) }{ key("k", words::advice_keys_back()) }{ key("a", words::advice_keys_accept()) }
            { key("c", words::advice_keys_why()) }{ key("x", words::advice_keys_dismiss()) }
        </p>
    }
}

fn lead(open: &[Suggestion]) -> Html {
    let text = match sum(open) {
        Some(sum) => words::advice_lead(&sum),
        None if open.is_empty() => {
            return html! {
                <div class="list-state empty" data-testid="nothing-suggested">
                    <h2>{ words::advice_none() }</h2>
                    <p class="muted">{ words::advice_none_text() }</p>
                </div>
            };
        }
        None => words::advice_nothing_has_to().to_owned(),
    };
    html! { <p class="advice-lead muted" data-testid="advice-sum">{ text }</p> }
}

/// How far the looking through is, or why it ended.
fn progress(advice: Option<&Advice>, start: &Callback<()>) -> Html {
    let Some(advice) = advice else {
        return html! { <p class="muted" role="status">{ words::advice_about_to_look() }</p> };
    };
    match advice.state {
        ScanState::Done => Html::default(),
        ScanState::Failed => html! {
            <div class="note note-warn" role="alert">
                <Icon glyph={Glyph::Alert} />
                <div class="note-text">
                    <strong>{ words::not_looked_through() }</strong>
                    <p>{ advice.problem.clone().unwrap_or_default() }</p>
                </div>
                <button type="button" class="button" onclick={start.reform(|_: MouseEvent| ())}>{ words::try_again() }</button>
            </div>
        },
        ScanState::Running => {
            let text = match advice.sources {
                Some(all) => words::advice_weighing(advice.weighed, all),
                None => words::advice_reading().to_owned(),
            };
            let (value, max) = (
                advice.weighed.to_string(),
                advice.sources.unwrap_or(0).max(1).to_string(),
            );
            html! {
                <div class="scanning" role="status" data-testid="advising">
                    <progress {value} {max} aria-label={words::looked_through()} />
                    <span class="muted">{ text }</span>
                </div>
            }
        }
    }
}
