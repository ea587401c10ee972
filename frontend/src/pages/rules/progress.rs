//! How far the look through a mailbox for a rule is.

use bulkhead_shared::api::{RuleLook, ScanState};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::copy::rules::looked;
use crate::words;

/// How far a look is, or why it ended.
pub(super) fn progress(look: &RuleLook) -> Html {
    match look.state {
        ScanState::Done => Html::default(),
        ScanState::Failed => html! {
            <div class="note note-warn" role="alert" data-testid="rule-failed">
                <Icon glyph={Glyph::Alert} />
                <div class="note-text">
                    <strong>{ words::not_looked_through() }</strong>
                    <p>{ look.problem.clone().unwrap_or_default() }</p>
                </div>
            </div>
        },
        ScanState::Running => html! {
            <div class="scanning" role="status" data-testid="rule-looking">
                <progress value={look.looked.to_string()} max={look.total.unwrap_or(0).max(1).to_string()} aria-label={words::looked_through()} />
                <span class="muted">{ words::rules_progress(&looked(look)) }</span>
            </div>
        },
    }
}
