//! One mail, open beside the list: what it says, the files in it, and its source. Nothing in it is run, fetched or
//! changed.

mod harmless;
mod quiet;
mod tags;

use std::rc::Rc;

use bulkhead_shared::api::{Attachment, Item, Message};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mail::{size, subject};
use bulkhead_shared::labels::shown;
use bulkhead_shared::limits::SHOWN_SOURCE_BYTES;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::appearance;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::copy::folder_name;
use crate::hooks::loading::use_loading;
use crate::hooks::window_event::use_window_event;
use crate::remote::Remote;
use crate::words;

use harmless::page;

/// What a frame may do: show, and open a link elsewhere. No script runs in it. It is of the app's own origin so
/// that it can have the app's type.
const SANDBOX: &str = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// The mail, once its part is here.
#[wasm_split(reader, fallible, preload(fetch))]
pub fn reader(props: ReaderProps) -> Drawn {
    let key = props.mail.id.to_string();
    Ok(html! { <Reader {key} ..props /> })
}

#[derive(Properties, PartialEq, Clone)]
pub struct ReaderProps {
    /// Whose.
    pub account: AccountId,
    /// The mail as the list has it.
    pub mail: Rc<Item>,
    /// Opens the one before it; none at the beginning.
    pub previous: Option<Callback<()>>,
    /// Opens the one after it; none at the end.
    pub next: Option<Callback<()>>,
    /// Drafts that its list is asked to write no more.
    pub on_unsubscribe: Callback<()>,
    /// Closes it.
    pub on_close: Callback<()>,
}

/// How the mail is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Formatted,
    Text,
    Source,
}

impl As {
    const ALL: [Self; 3] = [Self::Formatted, Self::Text, Self::Source];

    fn label(self) -> &'static str {
        match self {
            Self::Formatted => words::reader_formatted(),
            Self::Text => words::reader_text(),
            Self::Source => words::reader_source(),
        }
    }

    fn testid(self) -> &'static str {
        match self {
            Self::Formatted => "read-formatted",
            Self::Text => "read-text",
            Self::Source => "read-source",
        }
    }

    fn is_there(self, message: &Message) -> bool {
        match self {
            Self::Formatted => message.html.is_some(),
            Self::Text => message.text.is_some(),
            Self::Source => true,
        }
    }
}

/// The mail.
#[component]
fn Reader(props: &ReaderProps) -> Html {
    let mail = &props.mail;
    let wanted = (props.account.clone(), mail.id.clone());
    let loaded = use_loading(wanted, |(account, id)| Some(api::message(account, id)));
    let chosen = use_state(|| None::<As>);
    let again = use_force_update();
    // A mail that is open looks like the app around it.
    let look_anew = Callback::from(move |_: Event| again.force_update());
    use_window_event(appearance::CHANGED, look_anew);
    let inside = match &loaded.remote {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines" role="status" aria-busy="true" aria-label={words::reader_loading()}><i /><i /><i /></div>
        },
        Remote::Failed(error) => html! {
            <ProblemNote error={error.clone()} retry={loaded.reload.clone()} />
        },
        Remote::Ready(message) => said(message, &chosen),
    };
    let is_list_mail = loaded
        .remote
        .ready()
        .is_some_and(|message| message.unsubscribe);
    html! {
        <section class="reader" aria-label={words::reader()} data-testid="reader" data-item={mail.id.to_string()}>
            <header class="reader-bar">
                { step(words::reader_previous(), "read-previous", "up", props.previous.as_ref()) }
                { step(words::reader_next(), "read-next", "down", props.next.as_ref()) }
                <span class="spring" />
                if is_list_mail {
                    <button type="button" class="button small" onclick={props.on_unsubscribe.reform(|_| ())}
                        data-testid="read-unsubscribe">{ words::reader_unsubscribe() }</button>
                }
                <button type="button" class="icon-button" onclick={props.on_close.reform(|_| ())} aria-label={words::reader_close()}
                    title={words::close_esc()} data-testid="read-close"><Icon glyph={Glyph::Close} /></button>
            </header>
            <div class="reader-scroll" tabindex="0" role="group" aria-label={words::reader_says()}>
                { head(mail) }
                { inside }
            </div>
        </section>
    }
}

fn step(
    title: &'static str,
    testid: &'static str,
    turned: &'static str,
    to: Option<&Callback<()>>,
) -> Html {
    let onclick = to.map(|to| to.reform(|_: MouseEvent| ()));
    html! {
        <button type="button" class="icon-button" disabled={onclick.is_none()} {onclick} aria-label={title} {title}
            data-testid={testid}><Icon glyph={Glyph::ChevronRight} class={turned} /></button>
    }
}

/// Who wrote what to whom, and when.
fn head(mail: &Item) -> Html {
    html! {
        <div class="reader-head">
            <h2 dir="auto" data-testid="read-subject">{ subject(&mail.subject) }</h2>
            <dl>
                <div><dt>{ words::reader_from() }</dt><dd data-testid="read-from">{ &mail.from }</dd></div>
                if !mail.to.is_empty() { <div><dt>{ words::reader_to() }</dt><dd>{ &mail.to }</dd></div> }
                <div>
                    <dt>{ words::reader_received() }</dt>
                    <dd><time datetime={mail.date.to_string()}>{ browser::full(mail.date) }</time>
                        { format!(" · {}", size(mail.size)) }</dd>
                </div>
            </dl>
            <div>
                <span class="tag folder">{ folder_name(&mail.folder) }</span>
                { for mail.labels.iter().map(|label| html! { <span class="tag">{ shown(label) }</span> }) }
            </div>
        </div>
    }
}

/// What it says, in the form that was chosen or the best that there is.
fn said(message: &Message, chosen: &UseStateHandle<Option<As>>) -> Html {
    let there: Vec<As> = As::ALL
        .into_iter()
        .filter(|way| way.is_there(message))
        .collect();
    let way = chosen.or(there.first().copied()).unwrap_or(As::Source);
    let one = |this: As| {
        let chosen = chosen.clone();
        let onclick = Callback::from(move |_: MouseEvent| chosen.set(Some(this)));
        html! {
            <button type="button" class="search-chip" aria-pressed={(this == way).to_string()} {onclick}
                data-testid={this.testid()}>{ this.label() }</button>
        }
    };
    html! {
        <>
            if !message.whole {
                <p class="muted small" data-testid="read-cut">{ words::reader_cut() }</p>
            }
            { files(&message.attachments) }
            <div class="search-chips" role="group" aria-label={words::reader_ways()}>{ for there.into_iter().map(one) }</div>
            { match way {
                As::Formatted => formatted(message),
                As::Text => html! {
                    <pre class="reader-text" data-testid="read-words">{ message.text.clone().unwrap_or_default() }</pre>
                },
                As::Source => source(message),
            } }
        </>
    }
}

fn formatted(message: &Message) -> Html {
    let html = message.html.as_deref().unwrap_or_default();
    match page(html) {
        Some(page) => html! {
            <>
                <iframe class="reader-frame" sandbox={SANDBOX} srcdoc={page.document} title={words::reader_frame()}
                    data-testid="read-frame" />
                if page.pictures > 0 {
                    <p class="muted small" data-testid="read-pictures">{ words::reader_pictures() }</p>
                }
            </>
        },
        None => html! {
            <p class="muted">{ words::reader_harmful() }</p>
        },
    }
}

fn source(message: &Message) -> Html {
    let cut = message.read_bytes > SHOWN_SOURCE_BYTES as u64;
    html! {
        <>
            <pre class="reader-text mono" data-testid="read-words">{ &message.source }</pre>
            if cut {
                <p class="muted small">{ words::reader_source_cut(&size(SHOWN_SOURCE_BYTES as u64)) }</p>
            }
        </>
    }
}

fn files(attachments: &[Attachment]) -> Html {
    if attachments.is_empty() {
        return Html::default();
    }
    let one = |file: &Attachment| {
        let name = file.name.as_deref().unwrap_or(words::reader_nameless());
        html! {
            <li data-testid="read-file" title={file.media_type.clone()}>
                <Icon glyph={Glyph::Clip} /><span class="grow">{ name }</span><span class="muted">{ size(file.size) }</span>
            </li>
        }
    };
    html! { <ul class="reader-files" aria-label={words::reader_files()}>{ for attachments.iter().map(one) }</ul> }
}
