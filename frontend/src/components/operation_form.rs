//! The form of an operation that needs a word more, made of the fields that the operation brings.

mod choice;
mod cost;
mod field;
mod folder;
mod labels;
mod lines;
mod replacement;
mod text;

use bulkhead_shared::abilities::LabelSystem;
use bulkhead_shared::api::Folders;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Field, Input, Operation, OperationName, Task};
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::components::dialog::Dialog;
use crate::components::later::Drawn;
use crate::remote::Remote;
use crate::words;

use field::{FieldProps, Given};

#[derive(Properties, PartialEq, Clone)]
pub struct OperationFormProps {
    /// For which operation.
    pub operation: OperationName,
    /// The selection in words.
    pub selected: AttrValue,
    /// How many items that is, where that is known.
    pub count: Option<u64>,
    /// Whose items they are.
    pub account: AccountId,
    /// Folders and labels there are.
    pub folders: Remote<Folders>,
    /// What a label is in this account.
    pub labels: LabelSystem,
    /// Everything is said.
    pub on_operation: Callback<Operation>,
    /// Given up.
    pub on_close: Callback<()>,
}

/// The form, once its part is here.
#[wasm_split(form, fallible, preload(fetch))]
pub fn operation_form(form: OperationFormProps) -> Drawn {
    Ok(html! { <OperationForm ..form /> })
}

/// The form.
#[component]
pub fn OperationForm(props: &OperationFormProps) -> Html {
    let about = props.operation.about();
    let given = use_state(|| at_first(about.fields));
    let operation = Operation::of(props.operation, (*given).clone());
    let touched = *given != at_first(about.fields);
    let on_give = {
        let given = given.clone();
        Callback::from(move |more: Given| {
            let mut all = (*given).clone();
            all.extend(more);
            all.retain(|_, value| !value.is_null());
            given.set(all);
        })
    };
    let field = |field: &Field| {
        let inside = FieldProps {
            field: *field,
            given: (*given).clone(),
            folders: props.folders.clone(),
            labels: props.labels,
            on_give: on_give.clone(),
        };
        let input = match field.input {
            Input::Folder => html! { <folder::FolderField ..inside /> },
            Input::Labels { .. } => html! { <labels::LabelsField ..inside /> },
            Input::Choice(_) => html! { <choice::ChoiceField ..inside /> },
            Input::Text | Input::List => html! { <text::TextField ..inside /> },
            Input::Lines => html! { <lines::LinesField ..inside /> },
            Input::Replacement => html! { <replacement::ReplacementField ..inside /> },
        };
        html! {
            <>
                { input }
                if let Some(hint) = field.hint { <p class="muted">{ hint.say() }</p> }
            </>
        }
    };
    let is_about_mails = about.kind == Some(Kind::Mail) && about.task == Task::Compute;
    let writes = matches!(&operation, Ok(Operation::DraftReply(it)) if it.instruction.is_some());
    let wrong = operation.as_ref().err().filter(|_| touched).cloned();
    html! {
        <Dialog title={words::operation_form_title(about.label.say(), &props.selected)} on_close={props.on_close.clone()}
            testid={format!("{}-dialog", about.name)} footer={buttons(props, operation.ok())}>
            { for about.fields.iter().map(field) }
            if is_about_mails || writes { <cost::Cost account={props.account.clone()} mails={props.count} {writes} /> }
            if let Some(wrong) = wrong { <p class="error-text" role="alert">{ wrong.message }</p> }
        </Dialog>
    }
}

/// What is chosen before anybody chose.
fn at_first(fields: &[Field]) -> Given {
    let chosen = fields.iter().filter_map(|field| match field.input {
        Input::Choice(choices) => {
            let first = choices.first()?;
            Some((field.name.to_owned(), first.value.into()))
        }
        Input::Folder
        | Input::Labels { .. }
        | Input::Text
        | Input::Lines
        | Input::List
        | Input::Replacement => None,
    });
    chosen.collect()
}

/// Cancel, and a button that goes on to the preview.
fn buttons(props: &OperationFormProps, operation: Option<Operation>) -> Html {
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    let disabled = operation.is_none();
    let go_on = {
        let on_operation = props.on_operation.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(operation) = operation.clone() {
                on_operation.emit(operation);
            }
        })
    };
    html! {
        <>
            <button type="button" class="button" onclick={close}>{ words::cancel() }</button>
            <span class="spring" />
            <button type="button" class="button primary" onclick={go_on} {disabled} data-testid="operation-preview">
                { words::preview() }
            </button>
        </>
    }
}
