//! What was learned from suggestions: to be read, put right and forgotten.

use bulkhead_shared::advice::Decision;
use bulkhead_shared::api::{Account, Correction, Learned, Lesson};
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::sender_views::{LEARNED, SenderView, fetched};
use crate::copy::advice::{decided, leaning};
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;

#[derive(Properties, PartialEq)]
pub struct LearnedPageProps {
    pub account: Account,
}

/// The view of what was learned.
#[component]
pub fn LearnedPage(props: &LearnedPageProps) -> Html {
    let id = &props.account.id;
    let title = format!("Learned – {} – Bulkhead", props.account.name);
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
        if found.lessons.is_empty() {
            return html! {
                <div class="list-state empty" data-testid="nothing-learned">
                    <h2>{ "Nothing learned yet" }</h2>
                    <p class="muted">{ "Accept, change or dismiss a suggestion, or take one back: each makes the next ones better, and stands here." }</p>
                </div>
            };
        }
        html! {
            <>
                <p class="advice-lead muted">{ "From what you accepted, changed, dismissed and took back. It stays with this account, and is erased with it." }</p>
                { lessons(found, &correct, asking.busy.is_some()) }
                if !found.leanings.is_empty() {
                    <h2>{ "For suggestions of a kind" }</h2>
                    <ul class="advice-reasons" data-testid="leanings">{ for found.leanings.iter().map(|it| html! { <li>{ leaning(it) }</li> }) }</ul>
                }
                <p class="advice-foot">
                    <button type="button" class="button small quiet-danger" onclick={forget} disabled={asking.busy.is_some()}
                        data-testid="forget-all">{ if *sure { "Forget it all, really" } else { "Forget all of it" } }</button>
                </p>
            </>
        }
    };
    html! {
        <SenderView account={id.clone()} view={Some(LEARNED)} title="Learned" error={asking.error.clone()}>
            { fetched(&found, 4, draw) }
        </SenderView>
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
                        <button type="button" class="button small link-button" {disabled} onclick={say(Some(Decision::Keep))} data-testid="lesson-keep">{ "Always keep" }</button>
                    }
                    <button type="button" class="button small link-button" {disabled} onclick={say(None)} data-testid="lesson-forget">{ "Forget" }</button>
                </span>
            </li>
        }
    };
    html! { <ul class="lessons">{ for found.lessons.iter().map(row) }</ul> }
}
