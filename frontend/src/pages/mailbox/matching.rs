//! What it means that all that match are selected.

use bulkhead_shared::kinds::Kind;
use yew::prelude::*;

use crate::copy::numbers::counted;
use crate::state::picks::Picks;

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
    let noun = props.kind.noun();
    html! {
        <div class="banner on" role="status" data-testid="all-matching">
            { format!("Selected: {} that match this search", format!("all {}", counted(props.total, noun))) }
            if props.picks.left_out() > 0 {
                { format!(", except {}", counted(props.picks.left_out() as u64, noun)) }
            }
            { ". Untick what is to be left out." }
        </div>
    }
}
