//! All jobs under way in a line, where the sidebar that lists them is out of sight.

use yew::prelude::*;

use crate::components::bar::Bar;
use crate::copy::numbers::{counted, percent};
use crate::state::under_way::UnderWay;

/// The line; pressing it brings up the sidebar.
pub fn tray(all: UnderWay, open: Callback<MouseEvent>) -> Html {
    let jobs = counted(all.jobs as u64, "job");
    let how = if all.is_held { "held" } else { "under way" };
    let done = percent(all.counts.ended(), all.counts.total());
    html! {
        <button type="button" class={classes!("tray", all.is_held.then_some("held"))} onclick={open} data-testid="tray">
            <span class="tray-words grow">{ format!("{jobs} {how} · {done}%") }</span>
            <Bar counts={all.counts} small=true />
        </button>
    }
}
