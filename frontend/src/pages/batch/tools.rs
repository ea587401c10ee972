//! What can be done with the mails that are picked, and what speaks against it.

use bulkhead_shared::api::{CLASSIFY_MOST, PROCESS_MOST};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::copy::numbers::thousands;
use crate::state::batch::{Pick, Picked};

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

    /// What is going on, as a heading begins.
    pub fn doing(self) -> &'static str {
        match self {
            Self::Classify => "Classifying",
            Self::Process => "Processing",
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
    let noun = if count == 1 { "email" } else { "emails" };
    html! {
        <div class="batch-tools" data-testid="batch-tools">
            <div class="form-buttons">
                <span class="picked-count" aria-live="polite" data-testid="batch-count">{ format!("{} {noun} selected", thousands(count as u64)) }</span>
                { button(Order::Classify, "Classify Selected", CLASSIFY_MOST, "batch-classify") }
                { button(Order::Process, "Process Selected", PROCESS_MOST, "batch-process") }
                <button type="button" class="text-button" onclick={none}>{ "Clear" }</button>
            </div>
            if props.picked.is_trimmed {
                { note(format!("A batch takes {CLASSIFY_MOST} emails; the others were left out."), None) }
            } else if count > PROCESS_MOST {
                { note(format!("Processing takes {PROCESS_MOST} emails at the most."), Some(html! {
                    <button type="button" class="button" onclick={trim} data-testid="batch-trim">{ format!("Keep the first {PROCESS_MOST}") }</button>
                })) }
            } else if props.picked.is_near(PROCESS_MOST) {
                { note(format!("{count} of {PROCESS_MOST} emails that can be processed at once."), None) }
            }
            if props.picked.is_near(CLASSIFY_MOST) && !props.picked.is_trimmed {
                { note(format!("{count} of {CLASSIFY_MOST} emails that can be classified at once."), None) }
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
