//! A field for a template: while a name is written in it, those that fit are offered.

use web_sys::HtmlInputElement;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::browser;
use crate::state::completion::{Completion, bytes_of, units_of};
use crate::words;

#[derive(Properties, PartialEq)]
pub struct TemplateFieldProps {
    /// What tests and programs call it; its id too.
    pub name: AttrValue,
    pub label: AttrValue,
    /// What stands in it.
    pub value: AttrValue,
    /// Lines that are shown; one: it can have no more.
    pub lines: u32,
    pub hint: AttrValue,
    /// The columns whose names it can say.
    pub columns: Vec<String>,
    /// Hears what is written, and where the caret stands, in bytes.
    pub on_write: Callback<(String, usize)>,
    /// Hears where the caret stands without anything being written.
    pub on_caret: Callback<usize>,
}

/// The field.
#[component]
pub fn TemplateField(props: &TemplateFieldProps) -> Html {
    let offered = use_state(|| None::<Completion>);
    let chosen = use_state(|| 0_usize);
    let offer = {
        let (offered, chosen) = (offered.clone(), chosen.clone());
        let columns = props.columns.clone();
        move |text: &str, place: usize| {
            chosen.set(0);
            offered.set(Completion::at(text, place, &columns));
        }
    };
    let oninput = {
        let on_write = props.on_write.clone();
        Callback::from(move |event: InputEvent| {
            if let Some((text, place)) = written(event.target()) {
                offer(&text, place);
                on_write.emit((text, place));
            }
        })
    };
    let moved = {
        let (on_caret, offered) = (props.on_caret.clone(), offered.clone());
        move |target: Option<web_sys::EventTarget>| {
            if let Some((_, place)) = written(target) {
                offered.set(None);
                on_caret.emit(place);
            }
        }
    };
    let onclick = {
        let moved = moved.clone();
        Callback::from(move |event: MouseEvent| moved(event.target()))
    };
    let onfocus = Callback::from(move |event: FocusEvent| moved(event.target()));
    let onblur = {
        let offered = offered.clone();
        Callback::from(move |_: FocusEvent| offered.set(None))
    };
    let take = {
        let (offered, on_write) = (offered.clone(), props.on_write.clone());
        let (id, value) = (field_id(&props.name), props.value.clone());
        Callback::from(move |name: String| {
            if let Some(completion) = &*offered {
                let (text, place) = completion.with(&value, &name);
                browser::write_into(&id, &text, units_of(&text, place));
                on_write.emit((text, place));
            }
            offered.set(None);
        })
    };
    let onkeydown = on_key(&offered, &chosen, &take);
    let (id, value) = (field_id(&props.name), props.value.clone());
    let testid = format!("compose-{}", props.name);
    let (hint, lines) = (props.hint.clone(), props.lines);
    html! {
        <div class="field template-field">
            <label for={id.clone()}>{ &props.label }</label>
            if lines == 1 {
                <input type="text" {id} {value} {oninput} {onclick} {onfocus} {onblur} {onkeydown} placeholder={hint} autocomplete="off"
                    aria-autocomplete="list" data-testid={testid} />
            } else {
                <textarea {id} {value} {oninput} {onclick} {onfocus} {onblur} {onkeydown} placeholder={hint} rows={lines.to_string()}
                    aria-autocomplete="list" data-testid={testid} />
            }
            if let Some(completion) = &*offered { { offers(completion, *chosen, &take) } }
        </div>
    }
}

/// The id of the field of this name.
pub fn field_id(name: &str) -> String {
    format!("compose-{name}")
}

/// What stands in a field, and where its caret stands, in bytes.
fn written(target: Option<web_sys::EventTarget>) -> Option<(String, usize)> {
    use wasm_bindgen::JsCast;
    let target = target?;
    let caret = browser::caret(&target);
    let text = match target.dyn_into::<HtmlTextAreaElement>() {
        Ok(area) => area.value(),
        Err(other) => other.dyn_into::<HtmlInputElement>().ok()?.value(),
    };
    let place = caret.map_or(text.len(), |caret| bytes_of(&text, caret));
    Some((text, place))
}

/// The arrows choose, Tab and Enter take, Escape keeps what was written.
fn on_key(
    offered: &UseStateHandle<Option<Completion>>,
    chosen: &UseStateHandle<usize>,
    take: &Callback<String>,
) -> Callback<KeyboardEvent> {
    let (offered, chosen, take) = (offered.clone(), chosen.clone(), take.clone());
    Callback::from(move |event: KeyboardEvent| {
        let Some(completion) = &*offered else { return };
        let many = completion.names.len();
        match event.key().as_str() {
            "ArrowDown" => chosen.set((*chosen + 1) % many),
            "ArrowUp" => chosen.set((*chosen + many - 1) % many),
            "Tab" | "Enter" => {
                if let Some(name) = completion.names.get(*chosen) {
                    take.emit(name.clone());
                }
            }
            "Escape" => offered.set(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}

fn offers(completion: &Completion, chosen: usize, take: &Callback<String>) -> Html {
    let offer = |(place, name): (usize, &String)| {
        // Before the field loses the caret, which would take the offer away.
        let onmousedown = {
            let (take, name) = (take.clone(), name.clone());
            Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                take.emit(name.clone());
            })
        };
        html! {
            <li role="option" aria-selected={(place == chosen).to_string()} {onmousedown} data-testid="compose-offer">{ name }</li>
        }
    };
    html! {
        <ul class="offers" role="listbox" aria-label={words::compose_fields_that_fit()}>
            { for completion.names.iter().enumerate().map(offer) }
        </ul>
    }
}
