//! What changed in the mailbox since the preview was frozen.

use bulkhead_shared::api::Drift;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::words::numbers::{mails, thousands};

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
    let line = |count: u64, name: &'static str, text: &'static str| {
        if count == 0 {
            return Html::default();
        }
        let verb = if count == 1 { "has" } else { "have" };
        html! {
            <li data-testid={format!("drift-{name}")}>
                <strong>{ mails(count) }</strong>{ format!(" {verb} {text}") }
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
                    { line(drift.left, "left", "left: no longer there, or no longer matching. Nothing is done to them.") }
                    { line(drift.changed, "changed", "changed, but still match.") }
                    { line(drift.joined, "joined", "arrived that match now. They are not part of this.") }
                </ul>
                if drift.left + drift.changed > drift.sample.len() as u64 && !drift.sample.is_empty() {
                    <p class="muted">{ format!("Seen in the {} that were looked at first.", thousands(drift.sample.len() as u64)) }</p>
                }
                <p>{ "Confirming now says yes to exactly this." }</p>
            </div>
        </div>
    }
}
