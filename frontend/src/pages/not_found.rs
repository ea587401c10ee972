//! An address that leads nowhere.

use yew::prelude::*;

use crate::components::link::Go;
use crate::routes::Route;
use crate::words;

/// The page.
#[component]
pub fn NotFoundPage() -> Html {
    html! {
        <div class="page narrow">
            <div class="list-state empty" data-testid="not-found">
                <h1>{ words::not_found_title() }</h1>
                <p class="muted">{ words::not_found_why() }</p>
                <Go to={Route::Home} class="button primary">{ words::not_found_home() }</Go>
            </div>
        </div>
    }
}
