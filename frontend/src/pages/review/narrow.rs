//! What is shown of the queue, and how sure a proposal has to be.

use std::collections::BTreeMap;

use bulkhead_shared::api::{ReviewCount, ReviewDial, ReviewFilter, Why};
use bulkhead_shared::class::Class;
use bulkhead_shared::operations::Certainty;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::chip::chip;
use crate::words;

#[derive(Properties, PartialEq)]
pub(super) struct NarrowProps {
    pub(super) counts: Vec<ReviewCount>,
    pub(super) total: u64,
    pub(super) filter: ReviewFilter,
    pub(super) on_narrow: Callback<ReviewFilter>,
}

/// A chip for each class and each reason that there is.
#[component]
pub(super) fn Narrow(props: &NarrowProps) -> Html {
    let mut classes: BTreeMap<&str, u64> = BTreeMap::new();
    let mut whys: BTreeMap<Why, u64> = BTreeMap::new();
    for count in &props.counts {
        if let Some(class) = &count.class {
            *classes.entry(class).or_default() += count.mails;
        }
        *whys.entry(count.why).or_default() += count.mails;
    }
    let narrowing =
        |label: &'static str, mails: u64, is: bool, testid: String, to: ReviewFilter| {
            let onclick = props.on_narrow.reform(move |_: MouseEvent| to.clone());
            chip(label, mails, is, testid, onclick)
        };
    let class = |(name, mails): (&str, u64)| {
        let is = props.filter.class.as_deref() == Some(name);
        let to = ReviewFilter {
            class: (!is).then(|| name.to_owned()),
            ..props.filter.clone()
        };
        let label = Class::named(name).map_or(words::review_narrow_another(), Class::label);
        narrowing(label, mails, is, format!("review-class-{name}"), to)
    };
    let why = |(why, mails): (Why, u64)| {
        let is = props.filter.why == Some(why);
        let to = ReviewFilter {
            why: (!is).then_some(why),
            ..props.filter.clone()
        };
        narrowing(
            why.label(),
            mails,
            is,
            format!("review-why-{}", why.name()),
            to,
        )
    };
    let is_all = props.filter == ReviewFilter::default();
    html! {
        <div class="review-chips" role="group" aria-label={words::review_narrow()} data-testid="review-chips">
            { narrowing(words::review_narrow_all(), props.total, is_all, "review-all".to_owned(), ReviewFilter::default()) }
            { for whys.into_iter().map(why) }
            { for classes.into_iter().map(class) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct DialProps {
    pub(super) dial: ReviewDial,
    pub(super) on_dial: Callback<ReviewDial>,
}

/// How sure a proposal has to be, for jobs from now on.
#[component]
pub(super) fn Dial(props: &DialProps) -> Html {
    let choices = [
        (
            "80",
            Certainty::Percent80,
            words::review_dial_more_proposed(),
        ),
        ("90", Certainty::Percent90, "90 %"),
        ("95", Certainty::Percent95, words::review_dial_more_waits()),
    ];
    let onchange = {
        let dial = props.dial;
        props.on_dial.reform(move |event: Event| {
            let select = event
                .target()
                .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            let value = select.map(|it| it.value()).unwrap_or_default();
            let chosen = choices.iter().find(|(name, _, _)| *name == value);
            ReviewDial {
                certainty: chosen.map_or(dial.certainty, |(_, certainty, _)| *certainty),
                ..dial
            }
        })
    };
    html! {
        <label class="review-dial">{ words::review_dial() }{ " " }
            <select {onchange} data-testid="review-dial">
                { for choices.iter().map(|(name, certainty, label)| html! {
                    <option value={*name} selected={props.dial.certainty == *certainty}>{ *label }</option>
                }) }
            </select>
        </label>
    }
}
