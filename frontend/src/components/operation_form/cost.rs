//! What asking a model somewhere else about the selected mails would cost, before anything is drafted.

use bulkhead_shared::ids::AccountId;
use bulkhead_shared::tokens::{about_tokens, about_tokens_written};
use yew::prelude::*;

use crate::api;
use crate::components::link::Go;
use crate::hooks::loading::use_loading;
use crate::routes::Route;
use crate::words;

/// Mails that the cost is told of where nobody knows how many there are.
const SOME: u64 = 100;

#[derive(Properties, PartialEq)]
pub(super) struct CostProps {
    /// Whose mails they are.
    pub(super) account: AccountId,
    /// How many, where that is known.
    pub(super) mails: Option<u64>,
    /// It writes replies to them.
    pub(super) writes: bool,
}

/// Nothing where nobody else is asked about this account's mails.
#[component]
pub(super) fn Cost(props: &CostProps) -> Html {
    let found = use_loading((), |()| Some(api::model()));
    let Some(chosen) = found.remote.ready() else {
        return Html::default();
    };
    if !chosen.agreed.iter().any(|it| it.account == props.account) {
        return Html::default();
    }
    let endpoint = chosen.endpoint.as_ref();
    let at_once = endpoint.map_or(1, |endpoint| endpoint.mails_per_request);
    let mails = props.mails.unwrap_or(SOME);
    let tokens = match props.writes {
        true => about_tokens_written(mails, None),
        false => about_tokens(mails, None, at_once),
    };
    let cost = match props.mails {
        Some(_) => words::operation_form_cost(&chosen.name, tokens),
        None => words::operation_form_cost_of_some(&chosen.name, tokens, SOME),
    };
    html! {
        <p class="muted small" data-testid="form-cost">{ cost }{ " " }
            <Go to={Route::Model} class="link-button small">{ words::account_menu_model() }</Go></p>
    }
}
