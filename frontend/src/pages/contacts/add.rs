//! Contacts out of a file: what was recognised, what is wrong row by row, and on to the preview.

use bulkhead_shared::api::{AddressBook, NewJob};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{CreateContacts, Operation};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::dialog::Dialog;
use crate::components::problem_note::ProblemNote;
use crate::copy::numbers::items;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::state::contact_file::ContactFile;
use crate::words;

/// Rows that are shown of what was recognised, and of what is wrong.
const SHOWN: usize = 6;

#[derive(Properties, PartialEq)]
pub struct AddDialogProps {
    /// Where to.
    pub account: AccountId,
    /// Given up.
    pub on_close: Callback<()>,
    /// Everything is said.
    pub on_job: Callback<NewJob>,
}

/// The dialog.
#[component]
pub fn AddDialog(props: &AddDialogProps) -> Html {
    let books = use_loading(props.account.clone(), |account| Some(api::books(account)));
    let book = use_state(|| None::<String>);
    let file = use_state(|| None::<Result<ContactFile, String>>);
    let onchange = {
        let file = file.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let file = file.clone();
            spawn_local(async move {
                file.set(match browser::first_file(&input).await {
                    Ok(Some((name, bytes))) => Some(ContactFile::read(&name, &bytes)),
                    Ok(None) => None,
                    Err(()) => Some(Err(words::file_unreadable().to_owned())),
                });
            });
        })
    };
    let selection = match &*file {
        Some(Ok(file)) => Some(file.selection()),
        _ => None,
    };
    let too_much = selection.as_ref().and_then(|it| it.as_ref().err()).cloned();
    let go_on = {
        let (on_job, account, book) =
            (props.on_job.clone(), props.account.clone(), (*book).clone());
        let selection = selection.clone().and_then(Result::ok);
        Callback::from(move |_: MouseEvent| {
            if let Some(selection) = selection.clone() {
                let book = book.clone();
                on_job.emit(NewJob {
                    account: account.clone(),
                    operation: Operation::CreateContacts(CreateContacts { book }),
                    selection,
                    options: Default::default(),
                    confirm: None,
                });
            }
        })
    };
    let ready = selection.is_some_and(|it| it.is_ok());
    let footer = html! {
        <>
            <button type="button" class="button" onclick={props.on_close.reform(|_: MouseEvent| ())}>{ words::cancel() }</button>
            <span class="spring" />
            <button type="button" class="button primary" onclick={go_on} disabled={!ready} data-testid="operation-preview">
                { words::preview() }
            </button>
        </>
    };
    html! {
        <Dialog title={words::contacts_add_title()} on_close={props.on_close.clone()} testid="add-dialog" {footer}>
            <label class="field drop">
                <span>{ words::contacts_add_file() }</span>
                <input type="file" accept=".vcf,.vcard,.csv,.tsv,.txt,text/vcard,text/csv" {onchange} data-testid="contact-file" />
            </label>
            { match &books.remote {
                Remote::NotAsked | Remote::Loading => Html::default(),
                Remote::Failed(error) => html! { <ProblemNote error={error.clone()} retry={books.reload} /> },
                Remote::Ready(found) => choose(&found.books, &book),
            } }
            { match &*file {
                None => html! { <p class="muted">{ words::contacts_add_nothing_yet() }</p> },
                Some(Err(why)) => html! { <p class="error-text" role="alert" data-testid="file-error">{ why }</p> },
                Some(Ok(file)) => recognised(file),
            } }
            if let Some(why) = too_much { <p class="error-text" role="alert">{ why }</p> }
        </Dialog>
    }
}

/// The address book, where there is a choice.
fn choose(books: &[AddressBook], chosen: &UseStateHandle<Option<String>>) -> Html {
    let books: Vec<&AddressBook> = books.iter().filter(|book| book.writable).collect();
    if books.is_empty() {
        return html! { <p class="error-text" role="alert">{ words::contacts_add_no_book() }</p> };
    }
    if books.len() == 1 {
        return Html::default();
    }
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                chosen.set(Some(select.value()));
            }
        })
    };
    let option = |book: &&AddressBook| {
        let selected = chosen.as_ref() == Some(&book.id);
        html! { <option value={book.id.clone()} {selected}>{ &book.name }</option> }
    };
    html! {
        <label class="field">
            <span>{ words::contacts_add_book() }</span>
            <select {onchange} data-testid="contact-book">{ for books.iter().map(option) }</select>
        </label>
    }
}

fn recognised(file: &ContactFile) -> Html {
    let good = file.good().count();
    let wrong = file.wrong().count();
    let row = |(row, _): (&crate::state::contact_file::FileRow, &str)| {
        html! {
            <li class="sample-row"><span class="sample-from">{ &row.title }</span>
                <span class="sample-subject">{ &row.second }</span></li>
        }
    };
    let fault = |(number, why): (usize, &str)| {
        html! { <li>{ words::contacts_add_fault(&number.to_string(), why) }</li> }
    };
    let more = |count: usize| match count.saturating_sub(SHOWN) {
        0 => Html::default(),
        more => html! { <p class="muted">{ words::contacts_add_more(more as u64) }</p> },
    };
    html! {
        <div data-testid="recognised" data-good={good.to_string()} data-wrong={wrong.to_string()}>
            <p><strong>{ words::contacts_add_recognised(&items(good as u64, Kind::Contact), &file.name, file.form) }</strong></p>
            <div class="sample"><ul>{ for file.good().take(SHOWN).map(row) }</ul>{ more(good) }</div>
            if wrong > 0 {
                <div class="note note-error"><div class="note-text">
                    <strong>{ words::contacts_add_wrong(wrong as u64) }</strong>
                    <ul>{ for file.wrong().take(SHOWN).map(fault) }</ul>{ more(wrong) }
                </div></div>
            }
            if !file.unknown.is_empty() {
                <p class="note note-quiet">{ words::contacts_add_unknown(&file.unknown.join(", ")) }</p>
            }
        </div>
    }
}
