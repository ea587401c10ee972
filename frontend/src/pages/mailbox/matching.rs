//! The second click: from all that are listed to all that match.

use std::rc::Rc;

use bulkhead_shared::api::Item;
use yew::prelude::*;

use super::all_that_match;
use crate::copy::numbers::mails;
use crate::state::picks::{HeaderTick, Pick, Picks};

#[derive(Properties, PartialEq)]
pub struct MatchingBannerProps {
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// What is listed.
    pub listed: Rc<Vec<Item>>,
    /// All that match, where the provider can tell.
    pub total: Option<u64>,
    /// Whether more match than are listed.
    pub has_more: bool,
    /// Changes what is picked.
    pub on_pick: Callback<Pick>,
}

/// The banner; nothing while there is nothing to offer.
#[component]
pub fn MatchingBanner(props: &MatchingBannerProps) -> Html {
    let ids: Vec<_> = props.listed.iter().map(|item| item.id.clone()).collect();
    let listed = props.listed.len() as u64;
    let more = props.has_more || props.total.is_some_and(|total| total > listed);
    if props.picks.is_all_matching() {
        return html! {
            <div class="banner on" role="status" data-testid="all-matching">
                { format!("Selected: {} that match this search", all_that_match(props.total)) }
                if props.picks.left_out() > 0 {
                    { format!(", except {}", mails(props.picks.left_out() as u64)) }
                }
                { ". Untick what is to be left out." }
            </div>
        };
    }
    if props.picks.header(&ids) != HeaderTick::All || !more {
        return Html::default();
    }
    let onclick = props.on_pick.reform(|_: MouseEvent| Pick::AllMatching);
    html! {
        <div class="banner" role="status">
            { format!("The {} listed are selected. ", mails(listed)) }
            <button type="button" class="text-button" {onclick} data-testid="select-all-matching">
                { format!("Select {} that match this search", all_that_match(props.total)) }
            </button>
        </div>
    }
}
