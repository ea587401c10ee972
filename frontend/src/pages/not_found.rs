//! An address that leads nowhere.

use yew::prelude::*;

use crate::components::link::Go;
use crate::routes::Route;

/// The page.
#[component]
pub fn NotFoundPage() -> Html {
    html! {
        <div class="page narrow">
            <div class="list-state empty" data-testid="not-found">
                <h1>{ "There is no such thing here" }</h1>
                <p class="muted">{ "The address may be old, or it belongs to somebody else." }</p>
                <Go to={Route::Home} class="button primary">{ "To the mailbox" }</Go>
            </div>
        </div>
    }
}
