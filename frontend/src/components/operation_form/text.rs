//! A line of text, or several texts in one.

use bulkhead_shared::operations::Input;
use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::{FieldProps, given};

/// A line of text. Several texts are separated by commas.
#[component]
pub(super) fn TextField(props: &FieldProps) -> Html {
    let name = props.field.name;
    let is_list = props.field.input == Input::List;
    let text = use_state(String::new);
    let oninput = {
        let (text, on_give) = (text.clone(), props.on_give.clone());
        Callback::from(move |event: InputEvent| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            text.set(input.value());
            on_give.emit(given(name, value(&input.value(), is_list)));
        })
    };
    html! {
        <label class="field">
            <span>{ props.field.label.say() }</span>
            <input type="text" value={(*text).clone()} {oninput} autocomplete="off" data-testid={format!("field-{name}")} />
        </label>
    }
}

/// What a text gives; null where it is empty.
fn value(text: &str, is_list: bool) -> Value {
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    match (text.trim(), is_list) {
        ("", _) => Value::Null,
        (_, true) => parts.into(),
        (text, false) => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_empty_gives_nothing() {
        assert_eq!(value("  ", false), Value::Null);
        assert_eq!(value(" ", true), Value::Null);
        assert_eq!(value(" Acme, Inc. ", false), json!("Acme, Inc."));
        assert_eq!(value("a, b ,,c ", true), json!(["a", "b", "c"]));
    }
}
