//! The sheet of keyboard shortcuts.

use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::OperationName;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::components::dialog::Dialog;
use crate::components::later::{Drawn, later};
use crate::copy::keys::shown;
use crate::words;
use bulkhead_words::Says;

/// What says something about a kind of item.
type SaysOf = fn(&str) -> String;

/// Of a list, by what is in it.
const IN_THE_LIST: [(&str, SaysOf); 3] = [
    ("j / k", words::help_next),
    ("Home / End", words::help_first),
    ("x", words::help_tick),
];
/// Of mails alone.
const READING: (&str, Says) = ("Enter", Says(words::help_read));
const TICKING: [(&str, Says); 3] = [
    ("Shift + x", Says(words::help_tick_range)),
    ("Shift + ↑↓", Says(words::help_tick_along)),
    ("*", Says(words::help_tick_all)),
];
const AFTER: [(&str, Says); 6] = [
    ("z", Says(words::help_undo)),
    ("Ctrl + k", Says(words::palette_find)),
    ("/", Says(words::help_search)),
    ("r", Says(words::help_refresh)),
    ("Esc", Says(words::help_nothing)),
    ("?", Says(words::help_sheet)),
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
    let fixed = |(keys, text): &(&str, Says)| row((*keys).to_owned(), text.say().to_owned());
    let noun = props.kind.noun();
    let of_items = |(keys, text): &(&str, SaysOf)| row((*keys).to_owned(), text(noun));
    let operations = OperationName::offered_for(props.kind).filter_map(|name| {
        let about = name.about();
        let text = match about.fields.is_empty() {
            true => about.label.say().to_owned(),
            false => words::asks_more(about.label.say()),
        };
        Some((shown(about.keys.first()?), text))
    });
    html! {
        <Dialog title={words::help_keyboard()} on_close={props.on_close.clone()} testid="help-sheet">
            <dl class="keys">
                { for IN_THE_LIST.iter().map(of_items) }
                if props.kind == Kind::Mail { { fixed(&READING) } }
                { for TICKING.iter().map(fixed) }
                { for operations.map(|(keys, text)| row(keys, text)) }
                { for AFTER.iter().map(fixed) }
            </dl>
            <p class="muted">{ words::help_meant(noun) }</p>
        </Dialog>
    }
}
