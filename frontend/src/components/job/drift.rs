//! What changed in the mailbox since the preview was frozen.

use bulkhead_shared::api::Drift;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::copy::numbers::mails;

#[derive(Properties, PartialEq)]
pub struct DriftNoteProps {
    /// The drift.
    pub drift: Drift,
    /// Whether a confirmation was refused because of it.
    pub refused: bool,
}

/// The note.
#[component]
pub fn DriftNote(props: &DriftNoteProps) -> Html {
    let drift = &props.drift;
    let line = |count: u64, name: &'static str, one: &'static str, many: &'static str| {
        if count == 0 {
            return Html::default();
        }
        html! {
            <li data-testid={format!("drift-{name}")} data-count={count.to_string()}>
                <strong>{ mails(count) }</strong>{ if count == 1 { one } else { many } }
            </li>
        }
    };
    html! {
        <div class="note note-warn" role="alert" data-testid="drift">
            <Icon glyph={Glyph::Alert} />
            <div class="note-text">
                <strong>
                    { if props.refused { "The mailbox changed in the meantime. Nothing has been touched." }
                      else { "The mailbox has changed since this was prepared." } }
                </strong>
                <ul class="drift-list">
                    { line(drift.left, "left", " is gone or no longer matches.",
                        " are gone or no longer match.") }
                    { line(drift.changed, "changed", " was changed by somebody, and still matches.",
                        " were changed by somebody, and still match.") }
                    { line(drift.joined, "joined", " matches now that did not: it is not part of this.",
                        " match now that did not: they are not part of this.") }
                </ul>
                <p>{ "Confirming now goes ahead with the mails as they were gathered." }</p>
            </div>
        </div>
    }
}
