//! Every count of a job with its name. They add up to the total, and that is checked here.

use bulkhead_shared::api::Job;
use yew::prelude::*;

use crate::components::bar::Bar;
use crate::copy::numbers::thousands;
use crate::state::job_view::{adds_up, listed};
use crate::words;

#[derive(Properties, PartialEq)]
pub struct CountsProps {
    pub job: Job,
}

/// Bar and counts; or, where they do not add up, only that.
#[component]
pub fn CountsView(props: &CountsProps) -> Html {
    let job = &props.job;
    if !adds_up(job) {
        return html! {
            <div class="note note-warn" role="status" data-testid="counts-do-not-add-up">
                <div class="note-text">{ words::job_counts_refreshing() }</div>
            </div>
        };
    }
    let running = !job.state.is_ended();
    let count = |(class, label, items): (&'static str, &'static str, u64)| {
        let always = matches!(class, "succeeded" | "failed");
        let live = running && matches!(class, "running" | "pending");
        let hidden = items == 0 && !always && !live;
        html! {
            <div key={class} class={classes!("count", class, (items == 0).then_some("zero"))} hidden={hidden}>
                <dt>{ label }</dt>
                <dd data-testid={format!("count-{class}")} data-count={items.to_string()}>{ ticking(items) }</dd>
            </div>
        }
    };
    html! {
        <div class="counts-view">
            <Bar counts={job.counts} />
            <dl class="counts">
                { for listed(&job.counts).into_iter().map(count) }
                <div class="count total">
                    <dt>{ words::job_counts_total() }</dt>
                    <dd data-testid="count-total" data-count={job.total.to_string()}>{ ticking(job.total) }</dd>
                </div>
            </dl>
        </div>
    }
}

/// A number that rolls over when it becomes another one: it is another element then, which the style lets roll in.
fn ticking(items: u64) -> Html {
    html! { <span key={items.to_string()} class="tick">{ thousands(items) }</span> }
}
