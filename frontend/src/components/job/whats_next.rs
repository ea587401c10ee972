//! After a job: what could be cleared away next, where somebody asked for suggestions.

use bulkhead_shared::api::SuggestionState;
use bulkhead_shared::ids::AccountId;
use yew::prelude::*;

use crate::api;
use crate::components::link::Go;
use crate::components::sender_views::{SUGGESTIONS, search};
use crate::hooks::loading::use_loading;
use crate::routes::Route;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct WhatsNextProps {
    pub account: AccountId,
}

/// The line; nothing where nothing is suggested, or nobody can tell.
#[component]
pub fn WhatsNext(props: &WhatsNextProps) -> Html {
    let found = use_loading(props.account.clone(), |account| {
        Some(api::suggestions(account))
    });
    let Some(found) = found.remote.ready() else {
        return Html::default();
    };
    // How many mails each is about was counted before this job.
    let mut open = found.suggestions.iter();
    if !open.any(|it| it.state == SuggestionState::Open) {
        return Html::default();
    }
    let to = Route::Senders {
        account: props.account.clone(),
    };
    html! {
        <div class="note note-quiet" data-testid="whats-next">
            <div class="note-text">{ words::job_whats_next() }</div>
            <Go {to} search={search(Some(SUGGESTIONS))} class="button small" testid="whats-next-go">{ words::job_whats_next_look() }</Go>
        </div>
    }
}
