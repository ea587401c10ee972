//! The views of who fills a mailbox: everybody, what is suggested, and what was learned from that.

use bulkhead_shared::ids::AccountId;
use yew::prelude::*;

use crate::components::link::Go;
use crate::routes::{Route, Search};

/// The style sheet of these views.
pub const SHEET: &str = "/senders.css";
/// The view of suggestions, in an address.
pub const SUGGESTIONS: &str = "suggestions";
/// The view of what was learned, in an address.
pub const LEARNED: &str = "learned";

/// Where a view is.
pub fn search(view: Option<&str>) -> Search {
    Search {
        q: None,
        state: view.map(str::to_owned),
    }
}

#[derive(Properties, PartialEq)]
pub struct SenderViewsProps {
    pub account: AccountId,
    /// The one that is shown.
    pub view: Option<&'static str>,
}

/// The links from each to the others.
#[component]
pub fn SenderViews(props: &SenderViewsProps) -> Html {
    let one = |view: Option<&'static str>, label: &'static str| {
        let to = Route::Senders {
            account: props.account.clone(),
        };
        let testid = format!("view-{}", view.unwrap_or("senders"));
        html! { <Go {to} search={search(view)} current={props.view == view} {testid}>{ label }</Go> }
    };
    html! {
        <nav class="views" aria-label="Views">
            { one(None, "Everybody") }
            { one(Some(SUGGESTIONS), "Suggestions") }
            { one(Some(LEARNED), "Learned") }
        </nav>
    }
}
