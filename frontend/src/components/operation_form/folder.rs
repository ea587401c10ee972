//! One of the account's folders.

use bulkhead_shared::api::Folder;
use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::{FieldProps, given};
use crate::components::icon::Icon;
use crate::components::problem_note::ProblemNote;
use crate::components::sidebar::folders::glyph;
use crate::copy::{folder_name, middle_cut};
use crate::remote::Remote;
use crate::words;

/// Letters of a folder's name.
const NAME: usize = 44;
/// The parameter that says that the folder is to be made.
const MAKE: &str = "make";

/// The name of a folder that could be made: what was typed, if there is none of this name.
fn new_folder<'a>(typed: &'a str, known: &[Folder]) -> Option<&'a str> {
    let name = typed.trim();
    let is_known = known.iter().any(|known| known.name == name);
    (!name.is_empty() && !is_known).then_some(name)
}

/// A list of folders, and a field that narrows it or names a new one.
#[component]
pub(super) fn FolderField(props: &FieldProps) -> Html {
    let filter = use_state(String::new);
    let oninput = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                filter.set(input.value());
            }
        })
    };
    let name = props.field.name;
    let chosen = props.given.get(name).and_then(|value| value.as_str());
    let is_new = props.given.contains_key(MAKE);
    let give = |folder: &str, make: Value| {
        let (on_give, folder) = (props.on_give.clone(), folder.to_owned());
        Callback::from(move |_: Event| {
            let mut both = given(name, folder.as_str());
            both.extend(given(MAKE, make.clone()));
            on_give.emit(both);
        })
    };
    let choice = |folder: &Folder| {
        let onchange = give(&folder.name, Value::Null);
        html! {
            <li key={folder.name.clone()} role="none">
                <label class="choice">
                    <input type="radio" {name} checked={chosen == Some(folder.name.as_str()) && !is_new} {onchange}
                        data-testid={format!("folder-{}", folder.name)} />
                    <Icon glyph={glyph(folder.role)} />
                    <span class="grow" title={folder.name.clone()}>{ middle_cut(folder_name(&folder.name), NAME) }</span>
                </label>
            </li>
        }
    };
    let list = match &props.folders {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines" aria-busy="true"><i /><i /><i /></div>
        },
        Remote::Failed(error) => html! { <ProblemNote error={error.clone()} /> },
        Remote::Ready(found) => {
            let wanted = filter.trim().to_lowercase();
            let all = found.folders.iter();
            let fitting = all.filter(|folder| folder.name.to_lowercase().contains(&wanted));
            let new = new_folder(&filter, &found.folders);
            let make = new.map(|new| {
                let onchange = give(new, true.into());
                html! {
                    <li key="make" role="none">
                        <label class="choice">
                            <input type="radio" {name} checked={chosen == Some(new) && is_new} {onchange}
                                data-testid="folder-make" />
                            <Icon glyph={glyph(None)} />
                            <span class="grow" title={new.to_owned()}>{ words::operation_form_make_folder(&middle_cut(new, NAME)) }</span>
                        </label>
                    </li>
                }
            });
            html! {
                <ul class="choices" role="radiogroup" aria-label={props.field.label.say()}>
                    { for fitting.map(choice) }
                    { make.unwrap_or_default() }
                </ul>
            }
        }
    };
    html! {
        <>
            <label class="field">
                <span>{ props.field.label.say() }</span>
                <input type="text" value={(*filter).clone()} {oninput} placeholder={words::operation_form_folder_hint()} autocomplete="off"
                    data-testid="folder-filter" />
            </label>
            { list }
        </>
    }
}
