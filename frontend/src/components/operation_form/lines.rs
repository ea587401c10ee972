//! A text of several lines.

use serde_json::Value;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::field::{FieldProps, given};

/// A text of several lines, as it was written; nothing where there is none.
#[component]
pub(super) fn LinesField(props: &FieldProps) -> Html {
    let name = props.field.name;
    let text = use_state(String::new);
    let oninput = {
        let (text, on_give) = (text.clone(), props.on_give.clone());
        Callback::from(move |event: InputEvent| {
            let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() else {
                return;
            };
            let written = area.value();
            let value = match written.trim().is_empty() {
                true => Value::Null,
                false => written.clone().into(),
            };
            text.set(written);
            on_give.emit(given(name, value));
        })
    };
    html! {
        <label class="field">
            <span>{ props.field.label.say() }</span>
            <textarea rows="5" value={(*text).clone()} {oninput} data-testid={format!("field-{name}")} />
        </label>
    }
}
