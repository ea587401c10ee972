//! One of several values.

use bulkhead_shared::operations::{Choice, Input};
use yew::prelude::*;

use super::field::{FieldProps, given};

/// The choices, each with what it means.
#[component]
pub(super) fn ChoiceField(props: &FieldProps) -> Html {
    let Input::Choice(choices) = props.field.input else {
        return Html::default();
    };
    let name = props.field.name;
    let chosen = props.given.get(name).and_then(|value| value.as_str());
    let choice = |choice: &Choice| {
        let value = choice.value;
        let onchange = {
            let on_give = props.on_give.clone();
            Callback::from(move |_: Event| on_give.emit(given(name, value)))
        };
        html! {
            <li key={value} role="none">
                <label class="choice tall">
                    <input type="radio" {name} checked={chosen == Some(value)} {onchange}
                        data-testid={format!("{name}-{value}")} />
                    <span class="grow"><strong>{ choice.label.say() }</strong>
                        if !choice.text.say().is_empty() { <span class="muted">{ choice.text.say() }</span> }</span>
                </label>
            </li>
        }
    };
    html! {
        <ul class="choices" role="radiogroup" aria-label={props.field.label.say()}>{ for choices.iter().map(choice) }</ul>
    }
}
