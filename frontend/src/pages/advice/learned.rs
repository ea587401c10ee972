//! What was learned from suggestions: to be read, put right and forgotten.

use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::{Account, Correction, HandHabit, Learned, Lesson};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::sender_views::{LEARNED, SenderView, fetched};
use crate::copy::advice::{decided, habit_words, leaning};
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct LearnedPageProps {
    pub account: Account,
}

/// The view of what was learned.
#[component]
pub fn LearnedPage(props: &LearnedPageProps) -> Html {
    let id = &props.account.id;
    let title = format!(
        "{} – {} – Bulkhead",
        words::advice_learned(),
        props.account.name
    );
    use_effect_with(title, |title| browser::set_title(title));
    let found = use_loading(id.clone(), |account| Some(api::learned(account)));
    let asking = use_asking();
    let sure = use_state(|| false);
    let correct = {
        let (asking, reload, id) = (asking.clone(), found.reload.clone(), id.clone());
        Callback::from(move |correction: Correction| {
            let reload = reload.clone();
            let call = api::correct_learned(id.clone(), correction);
            asking.make("correct", call, move |()| reload.emit(()));
        })
    };
    let forget = {
        let (asking, reload, id, sure) = (
            asking.clone(),
            found.reload.clone(),
            id.clone(),
            sure.clone(),
        );
        Callback::from(move |_: MouseEvent| {
            if !*sure {
                sure.set(true);
                return;
            }
            let (reload, sure) = (reload.clone(), sure.clone());
            asking.make("forget", api::forget_learned(id.clone()), move |()| {
                sure.set(false);
                reload.emit(());
            });
        })
    };
    let draw = |found: &Learned| {
        if found.lessons.is_empty() && found.habits.is_empty() {
            return html! {
                <div class="list-state empty" data-testid="nothing-learned">
                    <h2>{ words::advice_learned_none() }</h2>
                    <p class="muted">{ words::advice_learned_none_text() }</p>
                </div>
            };
        }
        html! {
            <>
                <p class="advice-lead muted">{ words::advice_learned_from() }</p>
                { lessons(found, &correct, asking.busy.is_some()) }
                if !found.habits.is_empty() {
                    <h2>{ words::advice_learned_by_hand() }</h2>
                    { habits(found, &correct, asking.busy.is_some()) }
                }
                if !found.leanings.is_empty() {
                    <h2>{ words::advice_learned_of_a_kind() }</h2>
                    <ul class="advice-reasons" data-testid="leanings">{ for found.leanings.iter().map(|it| html! { <li>{ leaning(it) }</li> }) }</ul>
                }
                <p class="advice-foot">
                    <button type="button" class="button small quiet-danger" onclick={forget} disabled={asking.busy.is_some()}
                        data-testid="forget-all">{ if *sure { words::advice_learned_forget_really() } else { words::advice_learned_forget_all() } }</button>
                </p>
            </>
        }
    };
    html! {
        <SenderView account={id.clone()} view={Some(LEARNED)} title={words::advice_learned()} error={asking.error.clone()}>
            <AlwaysKeep keep={correct.clone()} disabled={asking.busy.is_some()} />
            { fetched(&found, 4, draw) }
        </SenderView>
    }
}

#[derive(Properties, PartialEq)]
struct AlwaysKeepProps {
    keep: Callback<Correction>,
    disabled: bool,
}

/// Names a sender or label that is always to be kept.
#[component]
fn AlwaysKeep(props: &AlwaysKeepProps) -> Html {
    let typed = use_state(String::new);
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let source = kept_source(&typed);
    let onsubmit = {
        let (typed, keep, source) = (typed.clone(), props.keep.clone(), source.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(source) = source.clone() {
                keep.emit(Correction {
                    source,
                    action: Action::Archive,
                    decision: Some(Decision::Keep),
                });
                typed.set(String::new());
            }
        })
    };
    html! {
        <form class="always-keep" {onsubmit}>
            <label class="field"><span>{ words::advice_learned_always_keep() }</span>
                <input type="text" value={(*typed).clone()} {oninput} placeholder={words::advice_learned_hint()} autocomplete="off"
                    spellcheck="false" data-testid="keep-source" /></label>
            <button type="submit" class="button small" disabled={props.disabled || source.is_none()} data-testid="keep-add">{ words::advice_learned_keep() }</button>
            <p class="muted small">{ words::advice_learned_keep_text() }</p>
        </form>
    }
}

/// What was typed as a search: an address or a name is a sender.
fn kept_source(typed: &str) -> Option<String> {
    let typed = typed.trim();
    match typed {
        "" => None,
        typed if typed.contains(':') => Some(typed.to_owned()),
        typed => Some(format!("from:\"{}\"", typed.replace('"', ""))),
    }
}

fn lessons(found: &Learned, correct: &Callback<Correction>, disabled: bool) -> Html {
    let row = |lesson: &Lesson| {
        let say = |decision: Option<Decision>| {
            let correction = Correction {
                source: lesson.source.clone(),
                action: lesson.action,
                decision,
            };
            correct.reform(move |_: MouseEvent| correction.clone())
        };
        let name = match lesson.name.is_empty() {
            true => &lesson.source,
            false => &lesson.name,
        };
        let is_kept = lesson.decision == Decision::Keep;
        html! {
            <li key={format!("{} {}", lesson.action.name(), lesson.source)} class="lesson" data-testid="lesson">
                <span class="who"><span>{ name }</span><span class="muted small">{ &lesson.source }</span></span>
                <span class="how">{ decided(lesson.action, lesson.decision) }
                    <span class="muted small">{ format!(" · {}", browser::short(lesson.at)) }</span></span>
                <span class="advice-acts">
                    if !is_kept && lesson.action.hides() {
                        <button type="button" class="button small link-button" {disabled} onclick={say(Some(Decision::Keep))} data-testid="lesson-keep">{ words::advice_learned_always_keep() }</button>
                    }
                    <button type="button" class="button small link-button" {disabled} onclick={say(None)} data-testid="lesson-forget">{ words::advice_learned_forget() }</button>
                </span>
            </li>
        }
    };
    html! { <ul class="lessons">{ for found.lessons.iter().map(row) }</ul> }
}

/// What is done by hand, here or in another program.
fn habits(found: &Learned, correct: &Callback<Correction>, disabled: bool) -> Html {
    let row = |habit: &HandHabit| {
        let say = |decision: Decision| {
            let correction = Correction {
                source: habit.source.clone(),
                action: Action::Archive,
                decision: Some(decision),
            };
            correct.reform(move |_: MouseEvent| correction.clone())
        };
        html! {
            <li key={habit.source.clone()} class="lesson" data-testid="habit">
                <span class="who"><span>{ &habit.name }</span><span class="muted small">{ &habit.source }</span></span>
                <span class="how">{ habit_words(habit) }</span>
                <span class="advice-acts">
                    <button type="button" class="button small link-button" {disabled} onclick={say(Decision::Keep)} data-testid="habit-keep">{ words::advice_learned_always_keep() }</button>
                    <button type="button" class="button small link-button" {disabled} onclick={say(Decision::Dismissed)} data-testid="habit-forget">{ words::advice_learned_not_by_it() }</button>
                </span>
            </li>
        }
    };
    html! { <ul class="lessons">{ for found.habits.iter().map(row) }</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_sender_and_a_label_is_named_as_in_a_search() {
        assert_eq!(kept_source("  "), None);
        let ann = kept_source(" Ann Lee ");
        assert_eq!(ann.as_deref(), Some("from:\"Ann Lee\""));
        assert_eq!(kept_source("label:tax").as_deref(), Some("label:tax"));
    }
}
