//! Whose mails a suggestion is about, each with why and a tick; and a few of the mails.

use bulkhead_shared::api::{SuggestedSource, Suggestion};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mail::{Item, size};
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::problem_note::ProblemNote;
use crate::components::unsubscribed_tag::unsubscribed_tag;
use crate::copy::numbers::thousands;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

/// Mails of a sample.
const SAMPLE: usize = 4;

#[derive(Properties, PartialEq)]
pub(super) struct SourcesProps {
    pub(super) suggestion: Suggestion,
    /// Those that are left out.
    pub(super) out: Vec<String>,
    /// Leaves out these and no others.
    pub(super) on_out: Callback<Vec<String>>,
}

/// The senders and lists.
#[component]
pub(super) fn Sources(props: &SourcesProps) -> Html {
    let row = |source: &SuggestedSource| {
        let is_out = props.out.contains(&source.source);
        let onchange = {
            let (out, source) = (props.out.clone(), source.source.clone());
            props.on_out.reform(move |_: Event| {
                let mut next = out.clone();
                match next.iter().position(|it| *it == source) {
                    Some(place) => drop(next.remove(place)),
                    None => next.push(source.clone()),
                }
                next
            })
        };
        let label = words::mails_of(&source.name, source.mails);
        html! {
            <li key={source.source.clone()} class={classes!("advice-source", is_out.then_some("out"))} data-testid="suggested-source">
                <label class="tick-area"><input type="checkbox" checked={!is_out} {onchange} aria-label={label} data-testid="source-tick" /></label>
                <span class="who"><span>{ &source.name }</span><span class="muted small">{ &source.why }</span>
                    if let Some(unsubscribed) = source.unsubscribed { <span>{ unsubscribed_tag(unsubscribed) }</span> }</span>
                <span class="number">{ thousands(source.mails) }</span>
                <span class="number muted size">{ size(source.bytes) }</span>
                <span class="number muted sure">{ format!("{} %", source.percent) }</span>
            </li>
        }
    };
    html! {
        <>
            <h3>{ words::advice_sources_whose() }</h3>
            <ul class="advice-sources">{ for props.suggestion.sources.iter().map(row) }</ul>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct SampleProps {
    pub(super) account: AccountId,
    /// The search for the mails.
    pub(super) query: String,
}

/// The newest of the mails.
#[component]
pub(super) fn Sample(props: &SampleProps) -> Html {
    let wanted = (props.account.clone(), props.query.clone());
    let found = use_loading(wanted, |(account, query)| {
        Some(api::items(account, query, 0..SAMPLE))
    });
    let row = |item: &Item| {
        html! {
            <li key={item.id.to_string()}>
                <span class="subject">{ &item.subject }</span>
                <time datetime={item.date.to_string()}>{ browser::short(item.date) }</time>
            </li>
        }
    };
    html! {
        <>
            <h3>{ words::advice_sources_newest() }</h3>
            { match &found.remote {
                Remote::NotAsked | Remote::Loading => html! { <div class="skeleton-lines" aria-busy="true"><i /><i /></div> },
                Remote::Failed(error) => html! { <ProblemNote error={error.clone()} retry={found.reload.clone()} /> },
                Remote::Ready(found) => html! { <ul class="advice-sample" data-testid="suggestion-sample">{ for found.items.iter().map(row) }</ul> },
            } }
        </>
    }
}
