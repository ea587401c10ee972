//! Who tells what a job's mails are about, and what that costs.

use bulkhead_shared::api::{JobModel, ModelUse};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::link::Go;
use crate::copy::numbers::thousands;
use crate::routes::Route;

/// Before a job.
pub fn before(told: &ModelUse) -> Html {
    let cost = told
        .about_tokens
        .map(|tokens| format!("About {} tokens", thousands(tokens)));
    line(&told.name, cost, told.note.clone())
}

/// While it runs, and after it.
pub fn after(model: &JobModel) -> Html {
    let cost = match (model.spent, &model.endpoint) {
        (Some(spent), _) => Some(spent.to_string()),
        (None, Some(_)) => Some("Nobody was asked yet".to_owned()),
        (None, None) => None,
    };
    line(&model.name, cost, None)
}

fn line(name: &str, cost: Option<String>, note: Option<String>) -> Html {
    html! {
        <dl class="facts" data-testid="model-line">
            <div class="fact wide">
                <dt><Icon glyph={Glyph::Shield} />{ "Told by" }</dt>
                <dd><span data-testid="model-told-by">{ name.to_owned() }</span>
                    if let Some(note) = note { <span class="muted fact-note" data-testid="model-note">{ note }</span> }
                    <Go to={Route::Model} class="link-button small fact-more" testid="model-settings">{ "Model and privacy" }</Go></dd>
            </div>
            if let Some(cost) = cost {
                <div class="fact"><dt>{ "Tokens" }</dt><dd data-testid="model-tokens">{ cost }</dd></div>
            }
        </dl>
    }
}
