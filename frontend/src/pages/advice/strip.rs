//! What is suggested, in a line above everybody who fills a mailbox.

use bulkhead_shared::api::SuggestionState;
use bulkhead_shared::ids::AccountId;
use yew::prelude::*;

use crate::api;
use crate::components::link::Go;
use crate::components::sender_views::{SUGGESTIONS, search};
use crate::copy::advice::sum;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::routes::Route;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct StripProps {
    pub account: AccountId,
}

/// The line.
#[component]
pub fn Strip(props: &StripProps) -> Html {
    let found = use_loading(props.account.clone(), |account| {
        Some(api::suggestions(account))
    });
    let (text, label) = match &found.remote {
        Remote::Ready(found) if found.advice.is_none() => (
            words::advice_strip().to_owned(),
            words::advice_strip_suggest(),
        ),
        Remote::Ready(found) => {
            let mut open = found.suggestions.clone();
            open.retain(|it| it.state == SuggestionState::Open);
            match sum(&open) {
                Some(text) => (text, words::advice_strip_look()),
                None => return Html::default(),
            }
        }
        // Whoever wants to know goes there; here it is nothing to complain about.
        Remote::NotAsked | Remote::Loading | Remote::Failed(_) => return Html::default(),
    };
    let to = Route::Senders {
        account: props.account.clone(),
    };
    html! {
        <div class="advice-strip" data-testid="advice-strip">
            <p>{ text }</p>
            <Go {to} search={search(Some(SUGGESTIONS))} class="button small primary" testid="to-suggestions">{ label }</Go>
        </div>
    }
}
