//! What it means that all that match are selected.

use yew::prelude::*;

use super::all_that_match;
use crate::copy::numbers::mails;
use crate::state::picks::Picks;

#[derive(Properties, PartialEq)]
pub struct MatchingBannerProps {
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// All that match.
    pub total: u64,
}

/// The banner; nothing while mails are picked one by one.
#[component]
pub fn MatchingBanner(props: &MatchingBannerProps) -> Html {
    if !props.picks.is_all_matching() {
        return Html::default();
    }
    html! {
        <div class="banner on" role="status" data-testid="all-matching">
            { format!("Selected: {} that match this search", all_that_match(props.total)) }
            if props.picks.left_out() > 0 {
                { format!(", except {}", mails(props.picks.left_out() as u64)) }
            }
            { ". Untick what is to be left out." }
        </div>
    }
}
