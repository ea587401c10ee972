//! Which labels to put on and which to take off.

use bulkhead_shared::abilities::LabelSystem;
use bulkhead_shared::operation::Operation;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{AskProps, buttons};
use crate::components::dialog::Dialog;
use crate::components::icon::{Glyph, Icon};

/// What is to happen with one label.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Leave,
    Add,
    Remove,
}

/// The dialog.
#[component]
pub fn LabelDialog(props: &AskProps) -> Html {
    let draft_flow = use_state(Vec::<(String, Wish)>::new);
    let typed = use_state(String::new);
    let known = props.folders.ready().map(|found| found.labels.clone());
    let new: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
    let having = |wanted: Wish| {
        let chosen = draft_flow.iter().filter(move |(_, wish)| *wish == wanted);
        chosen.map(|(label, _)| label.clone()).collect::<Vec<_>>()
    };
    let mut add = having(Wish::Add);
    add.extend(
        new.iter()
            .filter(|label| !add.contains(label))
            .cloned()
            .collect::<Vec<_>>(),
    );
    let operation = Operation::Label {
        add,
        remove: having(Wish::Remove),
    };
    let touched =
        !typed.trim().is_empty() || draft_flow.iter().any(|(_, wish)| *wish != Wish::Leave);
    let wrong = operation.validate().err().filter(|_| touched);
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let choice = |label: &String| {
        let now = draft_flow
            .iter()
            .find(|(known, _)| known == label)
            .map_or(Wish::Leave, |(_, wish)| *wish);
        let side = |wish: Wish, text: &'static str, name: &'static str| {
            let (draft_flow, label) = (draft_flow.clone(), label.clone());
            let testid = format!("label-{name}-{label}");
            let onclick = Callback::from(move |_: MouseEvent| {
                let mut next: Vec<_> = draft_flow
                    .iter()
                    .filter(|(known, _)| known != &label)
                    .cloned()
                    .collect();
                next.push((label.clone(), if now == wish { Wish::Leave } else { wish }));
                draft_flow.set(next);
            });
            html! {
                <button type="button" class={classes!("toggle", name)} aria-pressed={(now == wish).to_string()}
                    {onclick} data-testid={testid}>{ text }</button>
            }
        };
        html! {
            <li key={label.clone()}><Icon glyph={Glyph::Label} /><span class="grow">{ label }</span>
                { side(Wish::Add, "Add", "add") }{ side(Wish::Remove, "Take off", "remove") }</li>
        }
    };
    let valid = (touched && wrong.is_none()).then_some(operation);
    html! {
        <Dialog title={format!("Label {}", props.selected)} on_close={props.on_close.clone()} testid="label-dialog"
            footer={buttons(props, valid)}>
            <label class="field">
                <span>{ "New label" }</span>
                <input type="text" value={(*typed).clone()} {oninput} data-testid="new-label" autocomplete="off"
                    placeholder="receipts" spellcheck="false" />
            </label>
            if let Some(wrong) = wrong { <p class="error-text" role="alert">{ wrong.message }</p> }
            if let Some(known) = known { <ul class="choices">{ for known.iter().map(choice) }</ul> }
            if props.labels == LabelSystem::Keywords {
                <p class="note note-quiet">{ "This account has no labels as such: they are kept as IMAP keywords, which most mail programs show as tags, if at all." }</p>
            }
        </Dialog>
    }
}
