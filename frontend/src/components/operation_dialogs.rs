//! The dialogs of operations that need a word more: which labels, which folder, which format.

mod export;
mod label;
mod move_to;

use bulkhead_shared::abilities::LabelSystem;
use bulkhead_shared::api::Folders;
use bulkhead_shared::operation::{Operation, OperationKind};
use yew::prelude::*;

use crate::remote::Remote;

#[derive(Properties, PartialEq, Clone)]
pub struct AskProps {
    /// For which operation.
    pub kind: OperationKind,
    /// The selection in words.
    pub selected: AttrValue,
    /// Folders and labels there are.
    pub folders: Remote<Folders>,
    /// What a label is in this account.
    pub labels: LabelSystem,
    /// Everything is said.
    pub on_operation: Callback<Operation>,
    /// Given up.
    pub on_close: Callback<()>,
}

/// The dialog for this operation.
#[component]
pub fn AskDialog(props: &AskProps) -> Html {
    let ask = props.clone();
    match props.kind {
        OperationKind::Label => html! { <label::LabelDialog ..ask /> },
        OperationKind::Move => html! { <move_to::MoveDialog ..ask /> },
        OperationKind::Export => html! { <export::ExportDialog ..ask /> },
        OperationKind::Archive
        | OperationKind::Trash
        | OperationKind::MarkRead
        | OperationKind::MarkUnread
        | OperationKind::Undo => Html::default(),
    }
}

/// Cancel, and a button that goes on to the preview.
fn buttons(props: &AskProps, operation: Option<Operation>) -> Html {
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
            <button type="button" class="button" onclick={close}>{ "Cancel" }</button>
            <span class="spring" />
            <button type="button" class="button primary" onclick={go_on} {disabled} data-testid="operation-preview">
                { "Preview" }
            </button>
        </>
    }
}
