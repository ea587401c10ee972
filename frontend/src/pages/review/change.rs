//! What a mail is instead, or what is to be done with it instead.

use bulkhead_shared::api::{ReviewMail, ReviewVerdict};
use bulkhead_shared::class::Class;
use bulkhead_shared::proposal::Proposal;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::told::Told;
use crate::words;

#[derive(Properties, PartialEq)]
pub(super) struct ChangeProps {
    pub(super) mail: ReviewMail,
    pub(super) disabled: bool,
    pub(super) on_told: Callback<Told>,
}

/// The choices.
#[component]
pub(super) fn Change(props: &ChangeProps) -> Html {
    let id = props.mail.id.clone();
    let on_class = {
        let id = id.clone();
        props.on_told.reform(move |event: Event| {
            let select = event
                .target()
                .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            let class = select.map(|it| it.value()).unwrap_or_default();
            Told::Decide(vec![id.clone()], ReviewVerdict::Class { class })
        })
    };
    let instead = |proposal: Proposal| {
        let id = id.clone();
        let onclick = props.on_told.reform(move |_: MouseEvent| {
            Told::Decide(vec![id.clone()], ReviewVerdict::Instead { proposal })
        });
        let testid = format!("review-instead-{}", proposal.name());
        html! { <button type="button" class="button small" disabled={props.disabled} {onclick} data-testid={testid}>{ proposal.label() }</button> }
    };
    let class = |class: Class| {
        let selected = props.mail.class.as_deref() == Some(class.name());
        html! { <option value={class.name()} {selected} title={class.text()}>{ class.label() }</option> }
    };
    let others = Proposal::ALL
        .into_iter()
        // What a reply would say, a person says only where a job is drafted.
        .filter(|it| !matches!(it, Proposal::Review | Proposal::Reply))
        .filter(|it| *it != props.mail.proposal);
    html! {
        <div class="review-change" data-testid="review-changing">
            <label>{ words::review_change_is() }{ " " }
                <select onchange={on_class} disabled={props.disabled} data-testid="review-set-class">
                    if props.mail.class.is_none() { <option value="" selected=true disabled=true>{ "…" }</option> }
                    { for Class::ALL.into_iter().map(class) }
                </select>
            </label>
            if props.mail.mail.is_some() {
                <span class="muted">{ words::review_change_instead() }</span>
                { for others.map(instead) }
            }
        </div>
    }
}
