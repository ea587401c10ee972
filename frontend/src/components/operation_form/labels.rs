//! Which labels to put on and which to take off.

use bulkhead_shared::abilities::LabelSystem;
use bulkhead_shared::labels::{keyword, shown};
use bulkhead_shared::operations::Input;
use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::{FieldProps, Given, given};
use crate::components::icon::{Glyph, Icon};
use crate::copy::middle_cut;
use crate::words;

/// Letters of a label: the buttons beside it stay where they are.
const NAME: usize = 32;

/// What is to happen with one label.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Leave,
    Add,
    Remove,
}

/// What was marked and typed.
#[derive(Clone, PartialEq, Default)]
struct Wanted {
    marked: Vec<(String, Mark)>,
    typed: String,
}

impl Wanted {
    fn of(&self, label: &str) -> Mark {
        let known = self.marked.iter().find(|(known, _)| known == label);
        known.map_or(Mark::Leave, |(_, mark)| *mark)
    }

    fn mark(mut self, label: &str, mark: Mark) -> Self {
        self.marked.retain(|(known, _)| known != label);
        self.marked.push((label.to_owned(), mark));
        self
    }

    fn having(&self, mark: Mark) -> Vec<String> {
        let having = self.marked.iter().filter(|(_, other)| *other == mark);
        having.map(|(label, _)| label.clone()).collect()
    }

    /// The two parameters; null where a list is empty.
    fn parameters(&self, add: &str, remove: &str) -> Given {
        let mut adding = self.having(Mark::Add);
        for label in self.typed.split_whitespace().map(keyword) {
            if !adding.contains(&label) {
                adding.push(label);
            }
        }
        let list = |labels: Vec<String>| {
            if labels.is_empty() {
                Value::Null
            } else {
                labels.into()
            }
        };
        let mut both = given(add, list(adding));
        both.extend(given(remove, list(self.having(Mark::Remove))));
        both
    }
}

/// That a space makes two labels of what may have been meant as one.
fn several(typed: &str) -> Option<String> {
    let labels: Vec<String> = typed.split_whitespace().map(words::quoted).collect();
    let one = typed.split_whitespace().collect::<Vec<_>>().join("-");
    let number = labels.len() as u64;
    let (last, others) = labels.split_last().filter(|_| number > 1)?;
    let all = words::these_and(&others.join(", "), last);
    Some(words::operation_form_labels(number, &all, &one))
}

/// A field for new labels, and all known ones with two buttons each.
#[component]
pub(super) fn LabelsField(props: &FieldProps) -> Html {
    let wanted = use_state(Wanted::default);
    let Input::Labels { remove } = props.field.input else {
        return Html::default();
    };
    let want = {
        let (wanted, on_give, add) = (wanted.clone(), props.on_give.clone(), props.field.name);
        Callback::from(move |now: Wanted| {
            on_give.emit(now.parameters(add, remove));
            wanted.set(now);
        })
    };
    let oninput = {
        let (wanted, want) = (wanted.clone(), want.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                want.emit(Wanted {
                    typed: input.value(),
                    ..(*wanted).clone()
                });
            }
        })
    };
    let choice = |label: &String| {
        let now = wanted.of(label);
        let side = |mark: Mark, text: &'static str, name: &'static str| {
            let (wanted, want, label) = (wanted.clone(), want.clone(), label.clone());
            let testid = format!("label-{name}-{label}");
            let onclick = Callback::from(move |_: MouseEvent| {
                let mark = if now == mark { Mark::Leave } else { mark };
                want.emit((*wanted).clone().mark(&label, mark));
            });
            html! {
                <button type="button" class={classes!("toggle", name)} aria-pressed={(now == mark).to_string()}
                    {onclick} data-testid={testid}>{ text }</button>
            }
        };
        html! {
            <li key={label.clone()}><Icon glyph={Glyph::Label} /><span class="grow" title={shown(label).to_string()}>{ middle_cut(&shown(label), NAME) }</span>
                { side(Mark::Add, words::operation_form_label_add(), "add") }{ side(Mark::Remove, words::operation_form_label_remove(), "remove") }</li>
        }
    };
    let known = props.folders.ready().map(|found| found.labels.clone());
    html! {
        <>
            <label class="field">
                <span>{ props.field.label.say() }</span>
                <input type="text" value={wanted.typed.clone()} {oninput} data-testid="new-label" autocomplete="off"
                    placeholder={words::operation_form_label_hint()} spellcheck="false" />
            </label>
            if let Some(told) = several(&wanted.typed) {
                <p class="note note-quiet" role="status" data-testid="several-labels">{ told }</p>
            }
            if let Some(known) = known { <ul class="choices">{ for known.iter().map(choice) }</ul> }
            if props.labels == LabelSystem::Keywords {
                <p class="note note-quiet">{ words::operation_form_keywords() }</p>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_typed_words_are_two_lists_without_doubles() {
        let wanted = Wanted::default()
            .mark("paid", Mark::Add)
            .mark("open", Mark::Remove)
            .mark("late", Mark::Add)
            .mark("late", Mark::Leave);
        let typed = Wanted {
            typed: " new  paid Büro ".to_owned(),
            ..wanted
        };
        let both = typed.parameters("add", "remove");
        assert_eq!(
            Value::from(both),
            serde_json::json!({"add": ["paid", "new", "B&APw-ro"], "remove": ["open"]})
        );
        let none = Wanted::default().parameters("add", "remove");
        assert!(none.values().all(Value::is_null));
    }
}
