//! Files that go along: the same with every mail, or one for each out of an archive.

use bulkhead_shared::attached_file::AttachedFile;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::limits::{ATTACHMENT_BYTES, ATTACHMENTS_KEPT_BYTES};
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::wasm_split;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api::{self, CallError};
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::state::archive::Archive;
use crate::state::attaching::{Attaching, refusal, requests, size};
use crate::state::compose::Compose;
use crate::words;

/// The files, once their part is here.
#[wasm_split(attaching, fallible)]
pub fn attaching(account: AccountId, written: Compose, on_change: Callback<Attaching>) -> Drawn {
    Ok(html! { <AttachingFiles {account} {written} {on_change} /> })
}

#[derive(Properties, PartialEq, Clone)]
pub struct AttachingProps {
    pub account: AccountId,
    pub written: Compose,
    pub on_change: Callback<Attaching>,
}

/// What stands in the way of files.
#[derive(Clone, PartialEq)]
enum Trouble {
    /// Sentences.
    Words(Vec<String>),
    Call(CallError),
}

/// How far an upload is.
#[derive(Clone, Copy, PartialEq)]
struct Sent {
    files: usize,
    of: usize,
}

/// Files as they were chosen; no bytes where there are too many of them.
type Chosen = Vec<(String, Option<Vec<u8>>)>;

/// The files that go along, and the fields for more.
#[component]
pub fn AttachingFiles(props: &AttachingProps) -> Html {
    let trouble = use_state(|| None::<Trouble>);
    let sent = use_state(|| None::<Sent>);
    // What is written while files travel is not lost: they are added to what there is then.
    let latest = use_mut_ref(|| props.clone());
    *latest.borrow_mut() = props.clone();
    let upload = {
        let (trouble, sent, account) = (trouble.clone(), sent.clone(), props.account.clone());
        move |files: Vec<(String, Vec<u8>)>| {
            keep(account.clone(), files, trouble.clone(), sent.clone())
        }
    };
    let on_files = {
        let (trouble, latest) = (trouble.clone(), latest.clone());
        let upload = upload.clone();
        picked(ATTACHMENT_BYTES, move |chosen: Chosen| {
            let (trouble, latest) = (trouble.clone(), latest.clone());
            let upload = upload.clone();
            spawn_local(async move {
                let refused = chosen
                    .iter()
                    .filter_map(|(name, bytes)| refusal(name, bytes.as_ref()));
                let refused: Vec<String> = refused.collect();
                if !refused.is_empty() {
                    return trouble.set(Some(Trouble::Words(refused)));
                }
                let files = chosen
                    .into_iter()
                    .filter_map(|(name, bytes)| Some((name, bytes?)));
                if let Some(kept) = upload(files.collect()).await {
                    let AttachingProps {
                        written, on_change, ..
                    } = latest.borrow().clone();
                    match written.attaching.with(kept) {
                        Ok(next) => on_change.emit(next),
                        Err(why) => trouble.set(Some(Trouble::Words(vec![why]))),
                    }
                }
            });
        })
    };
    let on_archive = {
        let (trouble, latest) = (trouble.clone(), latest.clone());
        picked(
            ATTACHMENTS_KEPT_BYTES as usize,
            move |mut chosen: Chosen| {
                let (trouble, latest) = (trouble.clone(), latest.clone());
                let upload = upload.clone();
                spawn_local(async move {
                    let Some((name, bytes)) = chosen.pop() else {
                        return;
                    };
                    let read = match bytes {
                        Some(bytes) => Archive::read(&bytes),
                        None => Err(words::compose_files_too_large(
                            &name,
                            ATTACHMENTS_KEPT_BYTES / 1_000_000,
                        )),
                    };
                    let Archive { files, refused } = match read {
                        Ok(archive) => archive,
                        Err(why) => return trouble.set(Some(Trouble::Words(vec![why]))),
                    };
                    let files = files
                        .into_iter()
                        .map(|(name, file)| (browser::composed(&name), file));
                    if let Some(kept) = upload(files.collect()).await {
                        let AttachingProps {
                            written, on_change, ..
                        } = latest.borrow().clone();
                        let mut next = Attaching {
                            named: kept,
                            archive: Some(name),
                            ..written.attaching
                        };
                        next.guess(&written.recipients);
                        on_change.emit(next);
                    }
                    if !refused.is_empty() {
                        trouble.set(Some(Trouble::Words(refused)));
                    }
                });
            },
        )
    };
    let attaching = &props.written.attaching;
    let open = !attaching.all.is_empty() || !attaching.named.is_empty();
    html! {
        <details class="compose-part" {open} data-testid="attaching" data-count={(attaching.all.len() + attaching.named.len()).to_string()}>
            <summary>{ words::compose_files() }</summary>
            <div class="compose-sub-body">
            <label class="field drop">
                <span>{ words::compose_files_all() }</span>
                <input type="file" multiple=true onchange={on_files} disabled={sent.is_some()} data-testid="attach-files" />
            </label>
            { listed(attaching, &props.on_change) }
            <label class="field drop">
                <span>{ words::compose_files_archive() }</span>
                <input type="file" accept=".zip,application/zip" onchange={on_archive} disabled={sent.is_some()} data-testid="attach-archive" />
            </label>
            { named(&props.written, &props.on_change) }
            if let Some(sent) = *sent {
                <p class="muted" role="status">{ words::compose_files_uploading(sent.files as u64, sent.of as u64) }</p>
            }
            { told(trouble.as_ref()) }
            </div>
        </details>
    }
}

/// What happens to files that are chosen.
fn picked(most: usize, then: impl Fn(Chosen) + Clone + 'static) -> Callback<Event> {
    Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        let then = then.clone();
        spawn_local(async move {
            // What cannot be read is chosen again.
            if let Ok(chosen) = browser::chosen_files(&input, most).await
                && !chosen.is_empty()
            {
                then(chosen);
            }
        });
    })
}

/// Uploads files; none where that did not work, which is told.
async fn keep(
    account: AccountId,
    files: Vec<(String, Vec<u8>)>,
    trouble: UseStateHandle<Option<Trouble>>,
    sent: UseStateHandle<Option<Sent>>,
) -> Option<Vec<AttachedFile>> {
    trouble.set(None);
    let of = files.len();
    let (names, files): (Vec<String>, Vec<Vec<u8>>) = files.into_iter().unzip();
    let sizes: Vec<usize> = files.iter().map(Vec::len).collect();
    let mut kept = Vec::with_capacity(of);
    for together in requests(&sizes) {
        sent.set(Some(Sent {
            files: together.start,
            of,
        }));
        let some = files.get(together).unwrap_or_default();
        match api::keep_attachments(account.clone(), some).await {
            Ok(answer) => kept.extend(answer.files),
            Err(error) => {
                sent.set(None);
                trouble.set(Some(Trouble::Call(error)));
                return None;
            }
        }
    }
    sent.set(None);
    let files = names.into_iter().zip(kept);
    let files = files.map(|(name, kept)| AttachedFile {
        name,
        bytes: kept.bytes,
        sha256: kept.sha256,
    });
    Some(files.collect())
}

fn told(trouble: Option<&Trouble>) -> Html {
    match trouble {
        None => Html::default(),
        Some(Trouble::Call(error)) => html! { <ProblemNote error={error.clone()} /> },
        Some(Trouble::Words(lines)) => html! {
            <ul class="error-text" role="alert" data-testid="attach-trouble">
                { for lines.iter().map(|line| html! { <li>{ line }</li> }) }
            </ul>
        },
    }
}

/// The files that go along with every mail.
fn listed(attaching: &Attaching, on_change: &Callback<Attaching>) -> Html {
    if attaching.all.is_empty() {
        return Html::default();
    }
    let line = |file: &AttachedFile| {
        let onclick = {
            let (mut next, on_change) = (attaching.clone(), on_change.clone());
            next.all.retain(|other| other.name != file.name);
            Callback::from(move |_: MouseEvent| on_change.emit(next.clone()))
        };
        html! {
            <li key={file.name.clone()} data-testid="attached-file">
                <span>{ &file.name }</span>
                <span class="muted">{ size(file.bytes) }</span>
                <button type="button" class="button small" {onclick} aria-label={words::compose_files_take_off(&file.name)} data-testid="detach">
                    <Icon glyph={Glyph::Close} />
                </button>
            </li>
        }
    };
    html! { <ul class="attached-files">{ for attaching.all.iter().map(line) }</ul> }
}

/// The archive, and the column that names its files.
fn named(written: &Compose, on_change: &Callback<Attaching>) -> Html {
    let attaching = &written.attaching;
    if attaching.named.is_empty() {
        return Html::default();
    }
    let count = attaching.named.len();
    let onchange = {
        let (attaching, on_change) = (attaching.clone(), on_change.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let column = select.value().parse().ok();
                on_change.emit(Attaching {
                    column,
                    ..attaching.clone()
                });
            }
        })
    };
    let drop = {
        let next = Attaching {
            all: attaching.all.clone(),
            ..Attaching::default()
        };
        on_change.reform(move |_: MouseEvent| next.clone())
    };
    let option = |(place, column): (usize, &String)| {
        html! { <option value={place.to_string()} selected={attaching.column == Some(place)}>{ column }</option> }
    };
    html! {
        <>
            <p data-testid="named-files" data-count={count.to_string()}>
                <strong>{ words::compose_files_count(count as u64) }</strong>
                if let Some(archive) = &attaching.archive { <span class="muted">{ " " }{ words::compose_in_file(archive) }{ " " }</span> }
                <button type="button" class="button small" onclick={drop} data-testid="drop-archive">{ words::compose_files_take_all_off() }</button>
            </p>
            <label class="field">
                <span>{ words::compose_files_column() }</span>
                <select {onchange} data-testid="file-column">
                    <option value="" selected={attaching.column.is_none()}>{ "–" }</option>
                    { for written.recipients.columns.iter().enumerate().map(option) }
                </select>
            </label>
        </>
    }
}
