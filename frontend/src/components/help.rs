//! The sheet of keyboard shortcuts.

use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::OperationName;
use yew::prelude::*;

use crate::components::dialog::Dialog;
use crate::copy::keys::shown;

const BEFORE: [(&str, &str); 6] = [
    ("j / k", "Next / previous mail"),
    ("Home / End", "First / last mail"),
    ("x", "Tick the mail"),
    ("Shift + x", "Tick everything from the last tick"),
    ("Shift + ↑↓", "Tick along the way"),
    ("*", "Tick all that match"),
];
const AFTER: [(&str, &str); 6] = [
    ("z", "Take the last act back"),
    ("Ctrl + k", "Find an action or a page"),
    ("/", "Search"),
    ("r", "Refresh"),
    ("Esc", "Select nothing; close"),
    ("?", "This sheet"),
];

#[derive(Properties, PartialEq)]
pub struct HelpProps {
    /// Closes it.
    pub on_close: Callback<()>,
}

/// The sheet.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let row = |keys: String, text: String| {
        html! { <div><dt><kbd>{ keys }</kbd></dt><dd>{ text }</dd></div> }
    };
    let fixed = |(keys, text): &(&str, &str)| row((*keys).to_owned(), (*text).to_owned());
    let operations = OperationName::offered_for(Kind::Mail).filter_map(|name| {
        let about = name.about();
        let dots = if about.fields.is_empty() { "" } else { "…" };
        Some((shown(about.keys.first()?), format!("{}{dots}", about.label)))
    });
    html! {
        <Dialog title="Keyboard" on_close={props.on_close.clone()} testid="help-sheet">
            <dl class="keys">
                { for BEFORE.iter().map(fixed) }
                { for operations.map(|(keys, text)| row(keys, text)) }
                { for AFTER.iter().map(fixed) }
            </dl>
        </Dialog>
    }
}
