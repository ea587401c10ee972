//! A text instead of another.

use serde_json::{Value, json};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::words;

use super::field::{FieldProps, given};

/// Two lines of text: what is there, and what is to be there.
#[component]
pub(super) fn ReplacementField(props: &FieldProps) -> Html {
    let name = props.field.name;
    let texts = use_state(|| (String::new(), String::new()));
    let line = |end: &'static str, of_old: bool| {
        let oninput = {
            let (texts, on_give) = (texts.clone(), props.on_give.clone());
            Callback::from(move |event: InputEvent| {
                let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                    return;
                };
                let (mut from, mut to) = (*texts).clone();
                match of_old {
                    true => from = input.value(),
                    false => to = input.value(),
                }
                on_give.emit(given(name, value(&from, &to)));
                texts.set((from, to));
            })
        };
        let (text, label) = match of_old {
            true => (&texts.0, words::operation_form_from()),
            false => (&texts.1, words::operation_form_to()),
        };
        let testid = format!("field-{name}-{end}");
        html! {
            <input type="text" value={text.clone()} {oninput} placeholder={label} autocomplete="off"
                aria-label={format!("{}: {label}", props.field.label)} data-testid={testid} />
        }
    };
    html! {
        <div class="field">
            <span>{ props.field.label.say() }</span>
            <div class="field-row">{ line("from", true) }{ line("to", false) }</div>
        </div>
    }
}

/// What the two texts give; null where both are empty.
fn value(from: &str, to: &str) -> Value {
    match (from.trim(), to.trim()) {
        ("", "") => Value::Null,
        (from, to) => json!({ "from": from, "to": to }),
    }
}
