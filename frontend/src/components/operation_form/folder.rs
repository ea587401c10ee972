//! One of the account's folders.

use bulkhead_shared::api::Folder;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::{FieldProps, given};
use crate::components::icon::Icon;
use crate::components::problem_note::ProblemNote;
use crate::components::sidebar::folders::glyph;
use crate::remote::Remote;

/// A list of folders, and a field that narrows it.
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
    let choice = |folder: &Folder| {
        let onchange = {
            let (on_give, folder) = (props.on_give.clone(), folder.name.clone());
            Callback::from(move |_: Event| on_give.emit(given(name, folder.as_str())))
        };
        html! {
            <li key={folder.name.clone()} role="none">
                <label class="choice">
                    <input type="radio" {name} checked={chosen == Some(folder.name.as_str())} {onchange}
                        data-testid={format!("folder-{}", folder.name)} />
                    <Icon glyph={glyph(folder.role)} />
                    <span class="grow">{ &folder.name }</span>
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
            html! {
                <ul class="choices" role="radiogroup" aria-label={props.field.label}>{ for fitting.map(choice) }</ul>
            }
        }
    };
    html! {
        <>
            <label class="field">
                <span>{ props.field.label }</span>
                <input type="text" value={(*filter).clone()} {oninput} placeholder="Narrow the list" autocomplete="off"
                    data-testid="folder-filter" />
            </label>
            { list }
        </>
    }
}
