//! What did not go as asked, grouped by reason. Each group opens to the mails in it.

use bulkhead_shared::api::{ItemOutcome, Job, ReasonCount};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::problem_note::ProblemNote;
use crate::copy::jobs;
use crate::copy::numbers::thousands;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;

#[derive(Properties, PartialEq)]
pub struct FailuresProps {
    pub job: Job,
}

/// The groups, most frequent first.
#[component]
pub fn Failures(props: &FailuresProps) -> Html {
    let opened = use_state(|| None::<(Outcome, ItemReason)>);
    if props.job.reasons.is_empty() {
        return Html::default();
    }
    let group = |count: &ReasonCount| {
        let key = (count.outcome, count.reason);
        let open = *opened == Some(key);
        let toggle = {
            let opened = opened.clone();
            Callback::from(move |_: MouseEvent| opened.set((!open).then_some(key)))
        };
        let name = api::outcome_name(count.outcome);
        html! {
            <li key={format!("{key:?}")} class={classes!("failure", name, open.then_some("open"))}>
                <button type="button" class="failure-head" onclick={toggle} aria-expanded={open.to_string()}
                    data-testid={format!("failure-group-{name}")}>
                    <Icon glyph={Glyph::ChevronRight} class="chevron" />
                    <span class="failure-count">{ thousands(count.count) }</span>
                    <span class="failure-outcome">{ jobs::outcome(count.outcome) }</span>
                    <span class="failure-text">{ count.reason.text() }</span>
                </button>
                if open {
                    <div class="failure-inside">
                        if !count.reason.cure().is_empty() {
                            <p class="cure"><strong>{ "What helps: " }</strong>{ count.reason.cure() }</p>
                        }
                        <OutcomeList job={props.job.id.clone()} outcome={count.outcome} reason={count.reason}
                            count={count.count} />
                    </div>
                }
            </li>
        }
    };
    html! {
        <section class="failures" aria-label="What did not go as asked" data-testid="failures">
            <ul>{ for props.job.reasons.iter().map(group) }</ul>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct OutcomeListProps {
    job: JobId,
    outcome: Outcome,
    reason: ItemReason,
    /// Asked again when it grows.
    count: u64,
}

/// The mails of one group, page after page.
#[component]
fn OutcomeList(props: &OutcomeListProps) -> Html {
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
        .filter(|item| item.reason == Some(props.reason));
    html! {
        <>
            <ul class="outcome-list" tabindex="0" aria-label="Mails" data-testid="outcome-list">{ for mine.map(outcome_row) }</ul>
            <div class="outcome-pages">
                if cursors.len() > 1 {
                    <button type="button" class="button small" onclick={turn(None)}>{ "Previous" }</button>
                }
                if let Some(next) = &found.next_cursor {
                    <button type="button" class="button small" onclick={turn(Some(next.clone()))}
                        data-testid="outcomes-next">{ "Next" }</button>
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
                <span class="sample-subject muted">{ "no longer known to the server" }</span>
            }
            if let Some(at) = item.at {
                <time class="sample-date muted">{ browser::short(at) }</time>
            }
        </li>
    }
}
