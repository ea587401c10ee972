//! The sheet of keyboard shortcuts.

use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::OperationName;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::components::dialog::Dialog;
use crate::components::later::{Drawn, later};
use crate::copy::keys::shown;

/// Of a list, to which the noun of its items is added.
const IN_THE_LIST: [(&str, &str); 3] = [
    ("j / k", "Next / previous"),
    ("Home / End", "First / last"),
    ("x", "Tick the"),
];
/// Of mails alone.
const READING: (&str, &str) = ("Enter", "Read the mail");
const TICKING: [(&str, &str); 3] = [
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

/// The sheet, once its part is here.
#[wasm_split(sheets, fallible, preload(fetch))]
pub fn help(kind: Kind, on_close: Callback<()>) -> Drawn {
    Ok(html! { <Help {kind} {on_close} /> })
}

/// The sheet while `open` says so.
pub fn help_sheet(kind: Kind, open: UseStateHandle<bool>) -> Html {
    let on_close = Callback::from(move |()| open.set(false));
    later("help", move || help(kind, on_close.clone()))
}

#[derive(Properties, PartialEq)]
pub struct HelpProps {
    /// What is in the list.
    pub kind: Kind,
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
    let noun = props.kind.noun();
    let of_items = |(keys, text): &(&str, &str)| row((*keys).to_owned(), format!("{text} {noun}"));
    let operations = OperationName::offered_for(props.kind).filter_map(|name| {
        let about = name.about();
        let dots = if about.fields.is_empty() { "" } else { "…" };
        Some((shown(about.keys.first()?), format!("{}{dots}", about.label)))
    });
    html! {
        <Dialog title="Keyboard" on_close={props.on_close.clone()} testid="help-sheet">
            <dl class="keys">
                { for IN_THE_LIST.iter().map(of_items) }
                if props.kind == Kind::Mail { { fixed(&READING) } }
                { for TICKING.iter().map(fixed) }
                { for operations.map(|(keys, text)| row(keys, text)) }
                { for AFTER.iter().map(fixed) }
            </dl>
        </Dialog>
    }
}
