//! What did not go as asked, grouped by reason. Each group opens to the items in it.

use bulkhead_shared::api::{Job, ReasonCount};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use yew::prelude::*;

use crate::api;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::outcome_list::OutcomeList;
use crate::copy::jobs;
use crate::copy::numbers::thousands;

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
                        <OutcomeList job={props.job.id.clone()} kind={props.job.kind} outcome={count.outcome}
                            reason={Some(count.reason)} count={count.count} />
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
