//! Ctrl-K: every page and every action by its name.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::components::dialog::Dialog;
use crate::components::later::{Drawn, later};
use crate::hooks::window_event::use_window_event;
use crate::state::palette::matching;
use crate::words;

/// The field that the keyboard is in.
const FIELD: &str = "palette-field";

/// Something that can be done.
#[derive(Clone, PartialEq)]
pub struct Command {
    /// What it is called.
    pub name: String,
    /// The key that does the same, if there is one.
    pub key: Option<String>,
    /// Does it.
    pub run: Callback<()>,
}

impl Command {
    /// Something without a key of its own.
    pub fn new(name: impl Into<String>, run: Callback<()>) -> Self {
        Self {
            name: name.into(),
            key: None,
            run,
        }
    }

    /// The same with the key that does it.
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
}

/// What the page that is shown can do.
#[derive(Clone, Default)]
pub struct PageCommands(Rc<RefCell<Vec<Command>>>);

impl PartialEq for PageCommands {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Offers what this page can do, as long as it is shown.
#[hook]
pub fn use_page_commands(commands: Vec<Command>) {
    let offered = use_context::<PageCommands>().unwrap_or_default();
    offered.0.replace(commands);
    use_effect_with((), move |()| move || offered.0.borrow_mut().clear());
}

/// The palette and how it is opened.
pub struct UsePalette {
    /// For the pages.
    pub of_page: PageCommands,
    /// The dialog; nothing while it is closed.
    pub dialog: Html,
}

/// The palette, opened by Ctrl-K (or Command-K) wherever no dialog is open; `everywhere` is what every
/// page can do.
#[hook]
pub fn use_palette(everywhere: Vec<Command>) -> UsePalette {
    let of_page = (*use_memo((), |()| PageCommands::default())).clone();
    let opened = use_state(|| false);
    use_window_event("keydown", {
        let opened = opened.clone();
        Callback::from(move |event: Event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let asked = event.key() == "k" && (event.ctrl_key() || event.meta_key());
            if asked && !browser::is_dialog_open() {
                event.prevent_default();
                opened.set(true);
            }
        })
    });
    let dialog = if *opened {
        let mut commands = of_page.0.borrow().clone();
        commands.extend(everywhere);
        let on_close = Callback::from(move |()| opened.set(false));
        later("palette", move || {
            palette(commands.clone(), on_close.clone())
        })
    } else {
        Html::default()
    };
    UsePalette { of_page, dialog }
}

/// The palette, once its part is here.
#[wasm_split(sheets, fallible)]
fn palette(commands: Vec<Command>, on_close: Callback<()>) -> Drawn {
    Ok(html! { <Palette {commands} {on_close} /> })
}

#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    /// Everything that can be done here and now.
    pub commands: Vec<Command>,
    /// Closes it.
    pub on_close: Callback<()>,
}

/// The palette.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let text = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    use_effect_with((), |()| browser::focus(FIELD));
    let names: Vec<&str> = props.commands.iter().map(|one| one.name.as_str()).collect();
    let found = matching(&names, &text);
    let place = (*chosen).min(found.len().saturating_sub(1));
    let run = {
        let on_close = props.on_close.clone();
        move |command: Option<Command>| {
            if let Some(command) = command {
                on_close.emit(());
                command.run.emit(());
            }
        }
    };
    let oninput = {
        let (text, chosen) = (text.clone(), chosen.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                chosen.set(0);
                text.set(input.value());
            }
        })
    };
    let onkeydown = {
        let chosen = chosen.clone();
        let here = found
            .get(place)
            .and_then(|place| props.commands.get(*place))
            .cloned();
        let last = found.len().saturating_sub(1);
        let run = run.clone();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => chosen.set((place + 1).min(last)),
                "ArrowUp" => chosen.set(place.saturating_sub(1)),
                "Enter" => run(here.clone()),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let row = |(nth, index): (usize, &usize)| {
        let command = props.commands.get(*index)?;
        let onclick = {
            let (run, command) = (run.clone(), command.clone());
            Callback::from(move |_: MouseEvent| run(Some(command.clone())))
        };
        Some(html! {
            <li key={*index} id={format!("command-{nth}")} role="option" aria-selected={(nth == place).to_string()}
                class={classes!("command", (nth == place).then_some("chosen"))} {onclick} data-testid="command">
                <span class="grow">{ &command.name }</span>
                if let Some(key) = &command.key { <kbd>{ key }</kbd> }
            </li>
        })
    };
    html! {
        <Dialog title={words::palette()} on_close={props.on_close.clone()} class="palette" testid="palette">
            <input id={FIELD} type="text" role="combobox" aria-expanded="true" aria-controls="commands" autocomplete="off"
                aria-activedescendant={format!("command-{place}")} aria-label={words::palette_find()} placeholder={words::palette_type()}
                value={(*text).clone()} {oninput} {onkeydown} data-testid="palette-field" />
            <ul id="commands" class="commands" role="listbox" aria-label={words::palette_commands()}>
                { for found.iter().enumerate().filter_map(row) }
            </ul>
            if found.is_empty() { <p class="muted">{ words::palette_none() }</p> }
        </Dialog>
    }
}
