//! The sheet of keyboard shortcuts.

use yew::prelude::*;

use crate::components::dialog::Dialog;

const KEYS: [(&str, &str); 14] = [
    ("j / k", "Next / previous mail"),
    ("x", "Tick the mail"),
    ("Shift + x", "Tick everything from the last tick"),
    ("*", "Tick all listed"),
    ("e", "Archive"),
    ("#", "Move to Trash"),
    ("l", "Label…"),
    ("v", "Move to a folder…"),
    ("Shift + i", "Mark as read"),
    ("Shift + u", "Mark as unread"),
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
    let row = |(keys, text): &(&'static str, &'static str)| {
        html! { <div><dt><kbd>{ *keys }</kbd></dt><dd>{ *text }</dd></div> }
    };
    html! {
        <Dialog title="Keyboard" on_close={props.on_close.clone()} testid="help-sheet">
            <dl class="keys">{ for KEYS.iter().map(row) }</dl>
        </Dialog>
    }
}
