//! What can be done with the mails that are picked, and what speaks against it.

use bulkhead_shared::api::{CLASSIFY_MOST, PROCESS_MOST};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::state::batch::{Pick, Picked};
use crate::words;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// What each mail is about.
    Classify,
    /// What to do with each.
    Process,
}

impl Order {
    /// Where it is asked for.
    pub fn path(self) -> &'static str {
        match self {
            Self::Classify => "/emails/batch/classify",
            Self::Process => "/emails/batch/process",
        }
    }

    /// What is going on, as a heading.
    pub fn doing(self) -> &'static str {
        match self {
            Self::Classify => words::batch_classifying(),
            Self::Process => words::batch_processing(),
        }
    }

    /// How far it is, of so many mails.
    pub fn so_far(self, processed: u64, total: u64) -> String {
        match self {
            Self::Classify => words::batch_classified_so_far(processed, total),
            Self::Process => words::batch_processed_so_far(processed, total),
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct ToolsProps {
    /// What is picked.
    pub picked: Picked,
    /// Whether a request is under way.
    pub busy: bool,
    /// Changes what is picked.
    pub pick: Callback<Pick>,
    /// Sends it.
    pub on_order: Callback<Order>,
}

/// The toolbar, as long as something is picked.
#[component]
pub fn Tools(props: &ToolsProps) -> Html {
    let count = props.picked.ids().len();
    let button = |order: Order, label: &'static str, most: usize, testid: &'static str| {
        let onclick = props.on_order.reform(move |_: MouseEvent| order);
        let disabled = props.busy || !props.picked.fits(most);
        html! { <button type="button" class="button" {disabled} {onclick} data-testid={testid}>{ label }</button> }
    };
    let trim = props.pick.reform(|_: MouseEvent| Pick::First(PROCESS_MOST));
    let none = props.pick.reform(|_: MouseEvent| Pick::These(Vec::new()));
    html! {
        <div class="batch-tools" data-testid="batch-tools">
            <div class="form-buttons">
                <span class="picked-count" aria-live="polite" data-testid="batch-count">{ words::batch_selected(count as u64) }</span>
                { button(Order::Classify, words::batch_classify(), CLASSIFY_MOST, "batch-classify") }
                { button(Order::Process, words::batch_process(), PROCESS_MOST, "batch-process") }
                <button type="button" class="text-button" onclick={none}>{ words::batch_clear() }</button>
            </div>
            if props.picked.is_trimmed {
                { note(words::batch_trimmed(CLASSIFY_MOST as u64), None) }
            } else if count > PROCESS_MOST {
                { note(words::batch_too_many(PROCESS_MOST as u64), Some(html! {
                    <button type="button" class="button" onclick={trim} data-testid="batch-trim">{ words::batch_keep_first(PROCESS_MOST as u64) }</button>
                })) }
            } else if props.picked.is_near(PROCESS_MOST) {
                { note(words::batch_near_process(count as u64, PROCESS_MOST as u64), None) }
            }
            if props.picked.is_near(CLASSIFY_MOST) && !props.picked.is_trimmed {
                { note(words::batch_near_classify(count as u64, CLASSIFY_MOST as u64), None) }
            }
        </div>
    }
}

fn note(text: String, button: Option<Html>) -> Html {
    html! {
        <div class="note note-warn" role="status" data-testid="batch-limit">
            <Icon glyph={Glyph::Alert} /><div class="note-text">{ text }</div>
            { button.unwrap_or_default() }
        </div>
    }
}
