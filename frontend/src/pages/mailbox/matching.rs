//! What it means that all that match are selected.

use bulkhead_shared::kinds::Kind;
use yew::prelude::*;

use crate::copy::numbers::items;
use crate::state::picks::Picks;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct MatchingBannerProps {
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// All that match.
    pub total: u64,
    /// What they are.
    pub kind: Kind,
}

/// The banner; nothing while items are picked one by one.
#[component]
pub fn MatchingBanner(props: &MatchingBannerProps) -> Html {
    if !props.picks.is_all_matching() {
        return Html::default();
    }
    let all = items(props.total, props.kind);
    let said = match props.picks.left_out() {
        0 => words::mailbox_all_matching(&all),
        out => words::mailbox_all_matching_except(&all, &items(out as u64, props.kind)),
    };
    html! { <div class="banner on" role="status" data-testid="all-matching">{ said }</div> }
}
