//! The bar of a job: one segment for each outcome, with what is still in work at its end.

use bulkhead_shared::outcome::Counts;
use yew::prelude::*;

use crate::copy::numbers::percent;
use crate::state::job_view::segments;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct BarProps {
    /// The counts; they add up.
    pub counts: Counts,
    /// Without numbers below it, for lists.
    #[prop_or_default]
    pub small: bool,
}

/// The bar. Widths are attributes of drawn rectangles, because the page allows no inline style.
#[component]
pub fn Bar(props: &BarProps) -> Html {
    let counts = &props.counts;
    // What a stopped job never started has its outcome, but nothing was done with it.
    let (done, total) = (counts.ended() - counts.cancelled, counts.total());
    let share = percent(done, total);
    let fills = segments(counts).into_iter().map(|segment| {
        html! {
            <rect key={segment.class} class={classes!("progress-fill", segment.class)} y="0" height="8"
                x={segment.start.to_string()} width={segment.width.to_string()} />
        }
    });
    html! {
        <div class={classes!("batch-progress", props.small.then_some("small"))}>
            <div class="progress-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100"
                aria-valuenow={share.to_string()} aria-label={words::bar_done(done, total)}>
                <svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">{ for fills }</svg>
            </div>
            if !props.small {
                <div class="progress-stats">
                    <span class="percent" data-testid="progress-percent">{ words::percent(share) }</span>
                    <span data-testid="progress-done">{ words::bar_of(done, total) }</span>
                    if counts.succeeded > 0 {
                        <span class="success">{ words::bar_succeeded(counts.succeeded) }</span>
                    }
                    if counts.failed > 0 {
                        <span class="error">{ words::bar_failed(counts.failed) }</span>
                    }
                </div>
            }
        </div>
    }
}
