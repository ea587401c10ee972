//! The way to the mails that wait for a person, with how many there are.

use bulkhead_shared::ids::AccountId;
use yew::prelude::*;

use crate::api;
use crate::components::icon::{Glyph, Icon};
use crate::components::link::Go;
use crate::copy::numbers::thousands;
use crate::hooks::loading::use_loading;
use crate::hooks::watching::use_watching;
use crate::routes::Route;
use crate::session::Session;
use crate::words;

#[derive(Properties, PartialEq)]
pub(super) struct WaitingProps {
    pub(super) account: AccountId,
    /// Whether this is where the person is.
    pub(super) current: bool,
}

/// The link.
#[component]
pub(super) fn Waiting(props: &WaitingProps) -> Html {
    let session = use_context::<Session>();
    // Jobs that end bring mails here, and take them away.
    let changes = session.map_or(0, |session| session.changes(&props.account));
    let found = use_loading((props.account.clone(), changes), |(account, _)| {
        Some(async {
            api::after_the_list().await;
            api::review_size(account).await
        })
    });
    // What a job proposed comes a moment after its end.
    let size = found.remote.ready();
    use_watching(
        size.is_some_and(|size| size.filing > 0),
        found.reload.clone(),
    );
    let total = size.map_or(0, |size| size.total);
    let to = Route::Review {
        account: props.account.clone(),
    };
    html! {
        <Go {to} class="nav-item" testid="nav-review" current={props.current}>
            <Icon glyph={Glyph::Help} /><span class="grow">{ words::sidebar_review() }</span>
            if total > 0 { <span class="unread-count" data-testid="nav-review-count">{ thousands(total) }</span> }
        </Go>
    }
}
