//! Which folder to move to.

use bulkhead_shared::operation::Operation;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{AskProps, buttons};
use crate::components::dialog::Dialog;
use crate::components::icon::Icon;
use crate::components::problem_note::ProblemNote;
use crate::components::sidebar::folders::glyph;
use crate::remote::Remote;

/// The dialog.
#[component]
pub fn MoveDialog(props: &AskProps) -> Html {
    let chosen = use_state(|| None::<String>);
    let filter = use_state(String::new);
    let oninput = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                filter.set(input.value());
            }
        })
    };
    let list = match &props.folders {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines" aria-busy="true"><i /><i /><i /></div>
        },
        Remote::Failed(error) => html! { <ProblemNote error={error.clone()} /> },
        Remote::Ready(found) => {
            let wanted = filter.trim().to_lowercase();
            let fitting = found
                .folders
                .iter()
                .filter(|folder| folder.name.to_lowercase().contains(&wanted));
            html! {
                <ul class="choices" role="radiogroup" aria-label="Folder">
                    { for fitting.map(|folder| {
                        let onchange = {
                            let (chosen, name) = (chosen.clone(), folder.name.clone());
                            Callback::from(move |_: Event| chosen.set(Some(name.clone())))
                        };
                        let checked = chosen.as_ref() == Some(&folder.name);
                        html! {
                            <li key={folder.name.clone()} role="none">
                                <label class="choice">
                                    <input type="radio" name="folder" {checked} {onchange}
                                        data-testid={format!("folder-{}", folder.name)} />
                                    <Icon glyph={glyph(folder.role)} />
                                    <span class="grow">{ &folder.name }</span>
                                </label>
                            </li>
                        }
                    }) }
                </ul>
            }
        }
    };
    let operation = (*chosen).clone().map(|folder| Operation::Move { folder });
    html! {
        <Dialog title={format!("Move {}", props.selected)} on_close={props.on_close.clone()} testid="move-dialog"
            footer={buttons(props, operation)}>
            <label class="field">
                <span>{ "Folder" }</span>
                <input type="text" value={(*filter).clone()} {oninput} placeholder="Narrow the list" autocomplete="off"
                    data-testid="folder-filter" />
            </label>
            { list }
        </Dialog>
    }
}
