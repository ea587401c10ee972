//! All jobs under way in a line, where the sidebar that lists them is out of sight.

use yew::prelude::*;

use crate::components::bar::Bar;
use crate::copy::numbers::percent;
use crate::state::under_way::UnderWay;
use crate::words;

/// The line; pressing it brings up the sidebar.
pub fn tray(all: UnderWay, open: Callback<MouseEvent>) -> Html {
    let (jobs, done) = (
        all.jobs as u64,
        percent(all.counts.ended(), all.counts.total()),
    );
    let how = match all.is_held {
        true => words::tray_held(jobs, done),
        false => words::tray_under_way(jobs, done),
    };
    html! {
        <button type="button" class={classes!("tray", all.is_held.then_some("held"))} onclick={open} data-testid="tray">
            <span class="tray-words grow">{ how }</span>
            <Bar counts={all.counts} small=true />
        </button>
    }
}
