//! Files that are dropped on the sandbox, or picked for it.

use bulkhead_shared::api::{Account, AccountKind};
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::File;
use yew::prelude::*;

use crate::components::import_dialog::{ImportDialogProps, import_dialog, listed};
use crate::components::later::later;
use crate::session::Session;

/// What a mailbox has to do so that files can be dropped on it.
pub struct ImportFlow {
    /// Files are held over the page: it may take them.
    pub ondragover: Callback<DragEvent>,
    /// They are let go.
    pub ondrop: Callback<DragEvent>,
    /// Asks for files. None where none are taken.
    pub ask: Option<Callback<()>>,
    /// The dialog, while it is open.
    pub dialog: Html,
}

/// Takes files for this account, if it is one that does.
#[hook]
pub fn use_import_flow(account: &Account) -> ImportFlow {
    let on_import = use_context::<Session>().map(|session| session.on_import);
    let on_import = on_import.unwrap_or_default();
    let open = use_state(|| None::<Vec<File>>);
    let takes = account.kind == AccountKind::Sandbox;
    let set = {
        let open = open.clone();
        move |files: Option<Vec<File>>| open.set(files)
    };
    let (ask, close, drop) = (set.clone(), set.clone(), set);
    let dialog = match &*open {
        Some(dropped) if takes => {
            let dialog = ImportDialogProps {
                account: account.id.clone(),
                dropped: dropped.clone(),
                on_import,
                on_close: Callback::from(move |()| close(None)),
            };
            later("import", move || import_dialog(dialog.clone()))
        }
        _ => Html::default(),
    };
    ImportFlow {
        ondragover: Callback::from(move |event: DragEvent| {
            if takes {
                // Without this the browser opens the file in place of the page.
                event.prevent_default();
            }
        }),
        ondrop: Callback::from(move |event: DragEvent| {
            let files = dropped(&event);
            if takes && !files.is_empty() {
                event.prevent_default();
                drop(Some(files));
            }
        }),
        ask: takes.then(|| Callback::from(move |()| ask(Some(Vec::new())))),
        dialog,
    }
}

fn dropped(event: &DragEvent) -> Vec<File> {
    let of = |on: &wasm_bindgen::JsValue, name: &str| Reflect::get(on, &name.into()).ok();
    let files = of(event.as_ref(), "dataTransfer").and_then(|data| of(&data, "files"));
    listed(files.and_then(|files| files.dyn_into().ok()))
}
