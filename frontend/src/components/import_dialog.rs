//! Takes files of mail into the sandbox: how far each is, and what came of it.

use std::rc::Rc;

use bulkhead_shared::api::ImportReport;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits::IMPORT_BYTES;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::wasm_split;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::api::{self, CallError};
use crate::components::dialog::Dialog;
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::copy::numbers::items;
use crate::words;

/// The dialog, once its part is here.
#[wasm_split(sheets, fallible)]
pub fn import_dialog(dialog: ImportDialogProps) -> Drawn {
    Ok(html! { <ImportDialog ..dialog /> })
}

#[derive(Properties, PartialEq, Clone)]
pub struct ImportDialogProps {
    /// Whose.
    pub account: AccountId,
    /// Files that were dropped already.
    pub dropped: Vec<File>,
    /// Something came in.
    pub on_import: Callback<()>,
    /// Closes it.
    pub on_close: Callback<()>,
}

/// Where a file is.
#[derive(Clone, PartialEq)]
enum Stage {
    Waits,
    Sends(f64),
    /// It has arrived, and the server reads it.
    IsRead,
    Came(ImportReport),
    Failed(CallError),
    TooLarge,
}

/// A file and where it is.
#[derive(Clone, PartialEq)]
struct Entry {
    file: File,
    stage: Stage,
}

enum Act {
    Add(Vec<File>),
    Move(usize, Stage),
}

#[derive(Clone, PartialEq, Default)]
struct Entries(Vec<Entry>);

impl Reducible for Entries {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let mut entries = (*self).clone();
        match act {
            Act::Add(files) => entries.0.extend(files.into_iter().map(|file| Entry {
                stage: if file.size() > IMPORT_BYTES as f64 {
                    Stage::TooLarge
                } else {
                    Stage::Waits
                },
                file,
            })),
            Act::Move(place, stage) => {
                if let Some(entry) = entries.0.get_mut(place) {
                    entry.stage = stage;
                }
            }
        }
        Rc::new(entries)
    }
}

impl Entries {
    /// The next file to send, if none is under way.
    fn next(&self) -> Option<(usize, File)> {
        let busy = |entry: &Entry| matches!(entry.stage, Stage::Sends(_) | Stage::IsRead);
        let waits = |entry: &&(usize, &Entry)| entry.1.stage == Stage::Waits;
        if self.0.iter().any(busy) {
            return None;
        }
        let next = self.0.iter().enumerate().collect::<Vec<_>>();
        let next = next.iter().find(waits);
        next.map(|(place, entry)| (*place, entry.file.clone()))
    }
}

/// The dialog.
#[component]
pub fn ImportDialog(props: &ImportDialogProps) -> Html {
    let entries = use_reducer(Entries::default);
    {
        let entries = entries.dispatcher();
        use_effect_with(props.dropped.clone(), move |files| {
            entries.dispatch(Act::Add(files.clone()));
        });
    }
    {
        let (to, account, on_import) = (
            entries.dispatcher(),
            props.account.clone(),
            props.on_import.clone(),
        );
        // One after the other: each has the whole line, and is told apart in the report.
        use_effect_with((*entries).clone(), move |now: &Entries| {
            if let Some((place, file)) = now.next() {
                to.dispatch(Act::Move(place, Stage::Sends(0.0)));
                spawn_local(send(account, place, file, to, on_import));
            }
        });
    }
    let onchange = {
        let entries = entries.dispatcher();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                entries.dispatch(Act::Add(listed(input.files())));
                // So that the same file can be picked once more.
                input.set_value("");
            }
        })
    };
    html! {
        <Dialog title={words::import_dialog()} on_close={props.on_close.clone()} testid="import-dialog">
            <p class="muted">{ words::import_dialog_takes() }</p>
            <input type="file" multiple=true {onchange} aria-label={words::import_dialog_files()} data-testid="import-files" />
            <ul class="import-files">{ for entries.0.iter().map(shown) }</ul>
        </Dialog>
    }
}

/// The files of a list of the browser's.
pub fn listed(files: Option<web_sys::FileList>) -> Vec<File> {
    let files = files.into_iter();
    files
        .flat_map(|files| (0..files.length()).filter_map(move |place| files.get(place)))
        .collect()
}

async fn send(
    account: AccountId,
    place: usize,
    file: File,
    to: UseReducerDispatcher<Entries>,
    on_import: Callback<()>,
) {
    let told = to.clone();
    let on_progress = move |part: f64| {
        let stage = if part < 1.0 {
            Stage::Sends(part)
        } else {
            Stage::IsRead
        };
        told.dispatch(Act::Move(place, stage));
    };
    let stage = match api::import(&account, &file, on_progress).await {
        Ok(report) => {
            on_import.emit(());
            Stage::Came(report)
        }
        Err(error) => Stage::Failed(error),
    };
    to.dispatch(Act::Move(place, stage));
}

fn shown(entry: &Entry) -> Html {
    let stage = match &entry.stage {
        Stage::Waits => html! { <p class="muted">{ words::import_dialog_waits() }</p> },
        Stage::Sends(part) => html! {
            <progress max="1" value={part.to_string()} aria-label={words::import_dialog_sent()} />
        },
        Stage::IsRead => html! {
            <><progress class="busy" aria-label={words::import_dialog_reading()} /><p class="muted">{ words::import_dialog_is_read() }</p></>
        },
        Stage::TooLarge => html! {
            <p class="bad">{ words::import_dialog_too_large() }</p>
        },
        Stage::Failed(error) => html! { <ProblemNote error={error.clone()} /> },
        Stage::Came(report) => came(report),
    };
    html! {
        <li data-testid="import-file">
            <strong>{ entry.file.name() }</strong>
            { stage }
        </li>
    }
}

fn came(report: &ImportReport) -> Html {
    let lines = |title: &'static str, lines: &[String]| {
        html! {
            if !lines.is_empty() {
                <h3>{ title }</h3>
                <ul>{ for lines.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            }
        }
    };
    html! {
        <div data-testid="import-report">
            <p>{ words::import_dialog_came(&items(report.imported, Kind::Mail), report.left_out) }</p>
            { lines(words::import_dialog_left_out(), &report.problems) }
            { lines(words::import_dialog_changed(), &report.changed) }
            { lines(words::import_dialog_recognised(), &report.recognised) }
        </div>
    }
}
