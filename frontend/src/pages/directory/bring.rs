//! Where rows come from: a file, what was copied of a spreadsheet, or the list of inactive mailboxes.

use bulkhead_shared::csv::Limits;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mailbox::Mailbox;
use bulkhead_shared::kinds::mailbox::sheet::Purpose;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::pick::pick;
use crate::components::later::later;
use crate::components::problem_note::in_words;
use crate::state::table::Table;
use crate::words;
use crate::{api, browser};

/// What an archive begins with, and with it a workbook.
const WORKBOOK: &[u8] = b"PK\x03\x04";

#[derive(Properties, PartialEq)]
pub(super) struct BringProps {
    pub(super) account: AccountId,
    pub(super) purpose: Purpose,
    /// Rows are here.
    pub(super) on_table: Callback<Table>,
}

#[component]
pub(super) fn Bring(props: &BringProps) -> Html {
    let why = use_state(|| None::<String>);
    let purpose = props.purpose;
    let take = {
        let (why, on_table) = (why.clone(), props.on_table.clone());
        Callback::from(move |read: Result<Table, String>| match read {
            Ok(table) => {
                why.set(None);
                on_table.emit(table);
            }
            Err(error) => why.set(Some(error)),
        })
    };
    let onchange = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let take = take.clone();
            spawn_local(async move {
                match browser::first_file(&input).await {
                    Ok(Some((name, bytes))) if bytes.starts_with(WORKBOOK) => {
                        take.emit(of_workbook(purpose, &name, &bytes).await);
                    }
                    Ok(Some((name, bytes))) => take.emit(Table::read(purpose, &name, &bytes)),
                    Ok(None) => {}
                    Err(()) => take.emit(Err(words::file_unreadable().to_owned())),
                }
            });
        })
    };
    let oninput = {
        let take = take.clone();
        Callback::from(move |event: InputEvent| {
            let area = event.target_dyn_into::<HtmlTextAreaElement>();
            let text = area.map(|area| area.value()).unwrap_or_default();
            if !text.trim().is_empty() {
                take.emit(Table::pasted(purpose, &text));
            }
        })
    };
    let on_pick = {
        let take = take.clone();
        Callback::from(move |picked: Vec<Mailbox>| take.emit(Table::picked(purpose, &picked)))
    };
    let account = props.account.clone();
    let later_pick = later("pick", move || pick(account.clone(), on_pick.clone()));
    let columns = purpose.spec().columns.iter();
    let needed: Vec<&str> = columns
        .clone()
        .filter(|it| it.required)
        .map(|it| it.name)
        .collect();
    let others: Vec<&str> = columns
        .filter(|it| !it.required)
        .map(|it| it.name)
        .collect();
    html! {
        <section class="bring">
            <label class="field drop">
                <span>{ words::directory_bring_file() }</span>
                <input type="file" accept=".csv,.tsv,.txt,.xlsx,text/csv" {onchange} data-testid="mailbox-file" />
            </label>
            <p class="muted small">
                { words::directory_bring_columns(&needed.join(", "), &others.join(", ")) }{ " " }
                { template(purpose) }
            </p>
            if let Some(why) = &*why { <p class="error-text" role="alert" data-testid="file-error">{ why }</p> }
            <label class="field">
                <span>{ words::directory_bring_paste() }</span>
                <textarea rows="3" {oninput} placeholder="source_guid	target_upn	…" spellcheck="false" data-testid="mailbox-paste" />
            </label>
            { later_pick }
        </section>
    }
}

/// Has the server read a workbook; why it is no table, in a sentence.
async fn of_workbook(purpose: Purpose, name: &str, bytes: &[u8]) -> Result<Table, String> {
    if bytes.len() > Limits::default().bytes {
        return Err(words::directory_bring_too_big().to_owned());
    }
    let book = api::workbook(bytes).await;
    let book = book.map_err(|error| {
        let (title, detail) = in_words(&error);
        detail.unwrap_or(title)
    })?;
    Table::of_workbook(purpose, name, &book)
}

/// A file with the columns and one row that is right, made here.
fn template(purpose: Purpose) -> Html {
    let bytes = purpose.spec().template();
    let text = String::from_utf8(bytes).unwrap_or_default();
    let href = format!("data:text/csv;charset=utf-8,{}", browser::encoded(&text));
    let name = match purpose {
        Purpose::Recover => "recover-mailboxes.csv",
        Purpose::Restore => "restore-mailboxes.csv",
    };
    html! { <a {href} download={name} data-testid="template">{ words::directory_bring_template() }</a> }
}
