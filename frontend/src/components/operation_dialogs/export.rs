//! Which format to export to.

use bulkhead_shared::operation::{ExportFormat, Operation};
use yew::prelude::*;

use super::{AskProps, buttons};
use crate::components::dialog::Dialog;
use crate::copy::jobs::format_name;

const FORMATS: [(ExportFormat, &str); 3] = [
    (
        ExportFormat::Mbox,
        "Whole messages with attachments, for mail programs",
    ),
    (
        ExportFormat::Csv,
        "One row of headers for each mail, for spreadsheets",
    ),
    (ExportFormat::Json, "The same as objects, for programs"),
];

/// The dialog.
#[component]
pub fn ExportDialog(props: &AskProps) -> Html {
    let chosen = use_state(|| ExportFormat::Mbox);
    let choice = |(format, text): &(ExportFormat, &'static str)| {
        let format = *format;
        let onchange = {
            let chosen = chosen.clone();
            Callback::from(move |_: Event| chosen.set(format))
        };
        html! {
            <li key={format.extension()}>
                <label class="choice tall">
                    <input type="radio" name="format" checked={*chosen == format} {onchange}
                        data-testid={format!("format-{}", format.extension())} />
                    <span class="grow"><strong>{ format_name(format) }</strong><span class="muted">{ *text }</span></span>
                </label>
            </li>
        }
    };
    html! {
        <Dialog title={format!("Export {}", props.selected)} on_close={props.on_close.clone()} testid="export-dialog"
            footer={buttons(props, Some(Operation::Export { format: *chosen }))}>
            <ul class="choices">{ for FORMATS.iter().map(choice) }</ul>
            <p class="muted">{ "The mailbox is not touched. The file is downloaded from the job." }</p>
        </Dialog>
    }
}
