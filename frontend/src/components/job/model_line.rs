//! Who tells what a job's mails are about, and what that costs.

use bulkhead_shared::api::{JobModel, ModelUse, NamedModel};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::link::Go;
use crate::routes::Route;
use crate::words;

/// Before a job.
pub fn before(told: &ModelUse) -> Html {
    let cost = told.about_tokens.map(words::job_model_about_tokens);
    line(told.endpoint.as_ref(), cost, told.note.clone())
}

/// While it runs, and after it.
pub fn after(model: &JobModel) -> Html {
    let cost = match (model.spent, &model.endpoint) {
        (Some(spent), _) => Some(spent.to_string()),
        (None, Some(_)) => Some(words::job_model_nobody_asked().to_owned()),
        (None, None) => None,
    };
    line(model.endpoint.as_ref(), cost, None)
}

fn line(endpoint: Option<&NamedModel>, cost: Option<String>, note: Option<String>) -> Html {
    html! {
        <dl class="facts" data-testid="model-line">
            <div class="fact wide">
                <dt><Icon glyph={Glyph::Shield} />{ words::job_model_told_by() }</dt>
                <dd><span data-testid="model-told-by">{ NamedModel::or_built_in(endpoint) }</span>
                    if let Some(note) = note { <span class="muted fact-note" data-testid="model-note">{ note }</span> }
                    <Go to={Route::Model} class="link-button small fact-more" testid="model-settings">{ words::job_model_settings() }</Go></dd>
            </div>
            if let Some(cost) = cost {
                <div class="fact"><dt>{ words::job_model_tokens() }</dt><dd data-testid="model-tokens">{ cost }</dd></div>
            }
        </dl>
    }
}
