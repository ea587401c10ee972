//! The views of who fills a mailbox: everybody, what is suggested, what was learned from that, and rules.

use bulkhead_shared::ids::AccountId;
use yew::prelude::*;

use crate::api::CallError;
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::hooks::loading::Loaded;
use crate::remote::Remote;
use crate::routes::{Route, Search};
use crate::words;

/// The style sheet of these views.
pub const SHEET: &str = "/senders.css";
/// The view of suggestions, in an address.
pub const SUGGESTIONS: &str = "suggestions";
/// The view of what was learned, in an address.
pub const LEARNED: &str = "learned";
/// The rules, which have a page of their own.
pub const RULES: &str = "rules";

/// Where a view is.
pub fn search(view: Option<&str>) -> Search {
    Search {
        q: None,
        state: view.map(str::to_owned),
    }
}

#[derive(Properties, PartialEq)]
pub struct SenderViewProps {
    pub account: AccountId,
    /// The one that is shown.
    pub view: Option<&'static str>,
    /// Its heading.
    pub title: &'static str,
    /// What the whole view can be asked for.
    #[prop_or_default]
    pub button: Html,
    /// Why what was asked for last did not come.
    #[prop_or_default]
    pub error: Option<CallError>,
    /// What is in it.
    pub children: Html,
}

/// One view, with the links to the others.
#[component]
pub fn SenderView(props: &SenderViewProps) -> Html {
    html! {
        <div class={classes!("page", "senders", props.view.map(|view| format!("view-{view}")))}>
            <header class="page-head">
                <h1>{ props.title }</h1>
                <span class="spring" />
                { links(&props.account, props.view) }
                { props.button.clone() }
            </header>
            if let Some(error) = &props.error { <ProblemNote error={error.clone()} /> }
            { props.children.clone() }
        </div>
    }
}

fn links(account: &AccountId, shown: Option<&'static str>) -> Html {
    let one = |view: Option<&'static str>, label: &'static str| {
        let to = Route::Senders {
            account: account.clone(),
        };
        let testid = format!("view-{}", view.unwrap_or("senders"));
        html! { <Go {to} search={search(view)} current={shown == view} {testid}>{ label }</Go> }
    };
    html! {
        <nav class="views" aria-label={words::sender_views()}>
            { one(None, words::sender_views_everybody()) }
            { one(Some(SUGGESTIONS), words::sender_views_suggestions()) }
            { one(Some(LEARNED), words::sender_views_learned()) }
            <Go to={Route::Rules { account: account.clone() }} current={shown == Some(RULES)} testid="view-rules">{ words::sender_views_rules() }</Go>
        </nav>
    }
}

/// What was fetched, as `draw` shows it; so many empty rows until it is here, and why it is not if it does not come.
pub fn fetched<T>(found: &Loaded<T>, rows: usize, draw: impl FnOnce(&T) -> Html) -> Html {
    match &found.remote {
        Remote::NotAsked | Remote::Loading => {
            let row = |_| html! { <div class="skeleton-row"><i /><i /><i /></div> };
            html! { <div class="skeleton-rows tall" aria-busy="true">{ for (0..rows).map(row) }</div> }
        }
        Remote::Failed(error) => {
            html! { <ProblemNote error={error.clone()} retry={found.reload.clone()} /> }
        }
        Remote::Ready(value) => draw(value),
    }
}
