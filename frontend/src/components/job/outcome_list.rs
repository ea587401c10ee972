//! Items of a job that ended alike, page after page, with what was found of them.

use bulkhead_shared::api::ItemOutcome;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::outcome::{ItemReason, ItemResult, Outcome};
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::problem_note::ProblemNote;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct OutcomeListProps {
    pub job: JobId,
    /// What the items are.
    pub kind: Kind,
    /// Those that ended so,
    pub outcome: Outcome,
    /// for this reason; whatever the reason, if none is named.
    #[prop_or_default]
    pub reason: Option<ItemReason>,
    /// So many there are. They are asked for again when it grows.
    pub count: u64,
}

/// The items, page after page, each with what was found of it.
#[component]
pub fn OutcomeList(props: &OutcomeListProps) -> Html {
    let cursors = use_state(|| vec![None::<String>]);
    let cursor = cursors.last().cloned().flatten();
    let outcome = props.outcome;
    let wanted = (props.job.clone(), cursor, props.count.min(100));
    let page = use_loading(wanted, move |(job, cursor, _)| {
        Some(api::job_items(job, Some(outcome), cursor))
    });
    let found = match &page.remote {
        Remote::NotAsked => return Html::default(),
        Remote::Loading => {
            return html! { <div class="skeleton-lines" aria-busy="true"><i /><i /></div> };
        }
        Remote::Failed(error) => {
            return html! { <ProblemNote error={error.clone()} retry={page.reload} /> };
        }
        Remote::Ready(found) => found,
    };
    let turn = |next: Option<String>| {
        let cursors = cursors.clone();
        Callback::from(move |_: MouseEvent| {
            let mut pages = (*cursors).clone();
            match &next {
                Some(next) => pages.push(Some(next.clone())),
                None => {
                    pages.pop();
                }
            }
            cursors.set(pages);
        })
    };
    let mine = found
        .items
        .iter()
        .filter(|item| props.reason.is_none() || item.reason == props.reason);
    html! {
        <>
            <ul class="outcome-list" tabindex="0" aria-label={props.kind.plural()} data-testid="outcome-list">{ for mine.map(outcome_row) }</ul>
            if found.unreadable > 0 {
                <p class="muted" data-testid="outcomes-unreadable">{ words::job_outcomes_unreadable(found.unreadable) }</p>
            }
            <div class="outcome-pages">
                if cursors.len() > 1 {
                    <button type="button" class="button small" onclick={turn(None)}>{ words::previous() }</button>
                }
                if let Some(next) = &found.next_cursor {
                    <button type="button" class="button small" onclick={turn(Some(next.clone()))}
                        data-testid="outcomes-next">{ words::next() }</button>
                }
            </div>
        </>
    }
}

fn outcome_row(item: &ItemOutcome) -> Html {
    html! {
        <li key={item.id.to_string()} class="outcome-row" data-testid="outcome-row">
            if let Some(card) = &item.card {
                <span class="sample-from">{ &card.title }</span>
                <span class="sample-subject">{ &card.second }</span>
            } else {
                <span class="sample-from mono">{ item.id.to_string() }</span>
                <span class="sample-subject muted">{ words::job_outcomes_unknown() }</span>
            }
            if let Some(at) = item.at {
                <time class="sample-date muted">{ browser::short(at) }</time>
            }
            if let Some(result) = &item.result { { finding(result) } }
            if item.result_unreadable { <p class="outcome-result muted">{ words::job_outcomes_finding_unreadable() }</p> }
        </li>
    }
}

/// What was found of an item: its class, how sure that is, and more about it.
fn finding(result: &ItemResult) -> Html {
    let class = result.class.replace('_', " ");
    html! {
        <p class="outcome-result" data-testid="outcome-result" data-class={result.class.clone()}>
            <span class="tag">{ class }</span>
            if let Some(percent) = result.percent { <span class="muted">{ format!("{percent} %") }</span> }
            if let Some(detail) = &result.detail { <span>{ detail }</span> }
        </p>
    }
}
