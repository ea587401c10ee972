//! What is written: whom it goes to, and the template.

use bulkhead_shared::ids::AccountId;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::attaching::attaching;
use super::gathering::gathering;
use super::kept::kept;
use super::template_field::{TemplateField, field_id};
use crate::browser;
use crate::components::later::later;
use crate::state::attaching::Attaching;
use crate::state::completion::{insert, units_of};
use crate::state::compose::Compose;
use crate::state::recipients::Recipients;
use crate::words;

/// A part of the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Subject,
    Text,
    Html,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "text",
            Self::Html => "html",
        }
    }

    fn of(self, written: &Compose) -> &str {
        match self {
            Self::Subject => &written.subject,
            Self::Text => &written.text,
            Self::Html => &written.html,
        }
    }

    fn set(self, written: &mut Compose, text: String) {
        *match self {
            Self::Subject => &mut written.subject,
            Self::Text => &mut written.text,
            Self::Html => &mut written.html,
        } = text;
    }
}

#[derive(Properties, PartialEq)]
pub struct FieldsProps {
    pub account: AccountId,
    pub written: Compose,
    pub on_change: Callback<Compose>,
}

/// The fields.
#[component]
pub fn Fields(props: &FieldsProps) -> Html {
    let wrong = use_state(|| None::<String>);
    let at = use_state(|| (Part::Text, usize::MAX));
    let written = &props.written;
    let change = Change(props.written.clone(), props.on_change.clone());
    let templates = {
        let (account, written) = (props.account.clone(), written.clone());
        let on_change = props.on_change.clone();
        later("kept", move || {
            kept(account.clone(), written.clone(), on_change.clone())
        })
    };
    let files = {
        let (account, written) = (props.account.clone(), written.clone());
        let on_change = {
            let (written, on_change) = (written.clone(), props.on_change.clone());
            Callback::from(move |attaching: Attaching| {
                on_change.emit(Compose {
                    attaching,
                    ..written.clone()
                })
            })
        };
        later("attaching", move || {
            attaching(account.clone(), written.clone(), on_change.clone())
        })
    };
    html! {
        <>
            { recipients(written, &change, &wrong) }
            <fieldset class="compose-part">
                <legend>{ words::compose_template() }</legend>
                <div class="compose-pair">
                    { line("from", words::compose_from(), &written.from, "Ann Lee <ann@example.org>", &change, |next, text| next.from = text) }
                    { line("template", words::compose_template_name(), &written.template, words::compose_template_name_hint(), &change,
                        |next, text| next.template = text) }
                </div>
                { templates }
                { chips(written, &change, *at) }
                { part(Part::Subject, written, &change, &at) }
                { part(Part::Text, written, &change, &at) }
                <label class="check">
                    <input type="checkbox" checked={written.with_html} data-testid="compose-with-html" onchange={change.checked(|next, is| next.with_html = is)} />
                    <span>{ words::compose_with_html() }</span>
                </label>
                if written.with_html {
                    { part(Part::Html, written, &change, &at) }
                }
                { fallbacks(written, &change) }
            </fieldset>
            { files }
            <fieldset class="compose-part">
                <legend>{ words::compose_sending() }</legend>
                <div class="compose-pair">
                    { hold(written, &change) }
                    { line("unsubscribe", words::compose_unsubscribing(), &written.unsubscribe, words::compose_unsubscribing_hint(), &change,
                        |next, text| next.unsubscribe = text) }
                </div>
            </fieldset>
        </>
    }
}

/// What is written, and who hears of another.
struct Change(Compose, Callback<Compose>);

impl Change {
    fn with(&self, change: impl FnOnce(&mut Compose)) {
        let mut next = self.0.clone();
        change(&mut next);
        self.1.emit(next);
    }

    fn copy(&self) -> Self {
        Self(self.0.clone(), self.1.clone())
    }

    fn checked(&self, change: fn(&mut Compose, bool)) -> Callback<Event> {
        let this = self.copy();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                this.with(|next| change(next, input.checked()));
            }
        })
    }
}

fn recipients(written: &Compose, change: &Change, wrong: &UseStateHandle<Option<String>>) -> Html {
    let from_file = {
        let (change, wrong) = (change.copy(), wrong.clone());
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let (change, wrong) = (change.copy(), wrong.clone());
            spawn_local(async move {
                let read = match browser::first_file(&input).await {
                    Ok(Some((name, bytes))) => Recipients::of_file(&name, &bytes),
                    Ok(None) => return,
                    Err(()) => Err(words::file_unreadable().to_owned()),
                };
                match read {
                    Ok(recipients) => {
                        wrong.set(None);
                        change.1.emit(change.0.with_recipients(recipients));
                    }
                    Err(why) => wrong.set(Some(why)),
                }
            });
        })
    };
    let pasted = {
        let change = change.copy();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlTextAreaElement>() {
                change.1.emit(
                    change
                        .0
                        .with_recipients(Recipients::of_text(&input.value())),
                );
            }
        })
    };
    let known = &written.recipients;
    let count = known.rows.len();
    let gathered = {
        let (known, change) = (known.clone(), change.copy());
        let on_change =
            Callback::from(move |next: Recipients| change.1.emit(change.0.with_recipients(next)));
        later("gathering", move || {
            gathering(known.clone(), on_change.clone())
        })
    };
    html! {
        <fieldset class="compose-part">
            <legend>{ words::compose_recipients() }</legend>
            <label class="field drop">
                <span>{ words::compose_recipients_file() }</span>
                <input type="file" accept=".csv,.tsv,.txt,text/csv" onchange={from_file} data-testid="compose-file" />
            </label>
            <label class="field">
                <span>{ words::compose_recipients_paste() }</span>
                <textarea rows="3" onchange={pasted} spellcheck="false" data-testid="compose-paste"
                    placeholder="Ann Lee <ann@example.org>, bo@example.org" />
            </label>
            { gathered }
            if let Some(why) = &**wrong { <p class="error-text" role="alert" data-testid="compose-file-error">{ why }</p> }
            if count > 0 {
                <p data-testid="compose-count" data-count={count.to_string()}>
                    <strong>{ words::compose_recipients_count(count as u64) }</strong>
                    if let Some(file) = &known.file { <span class="muted">{ " " }{ words::compose_in_file(file) }</span> }
                </p>
                <div class="compose-pair">
                    { column(words::compose_address_column(), "compose-address", known, known.address, change, |next, place| next.recipients.address = place) }
                    { column(words::compose_name_column(), "compose-name", known, known.name, change, |next, place| next.recipients.name = place) }
                </div>
            }
        </fieldset>
    }
}

fn column(
    label: &'static str,
    testid: &'static str,
    known: &Recipients,
    chosen: Option<usize>,
    change: &Change,
    set: fn(&mut Compose, Option<usize>),
) -> Html {
    let change = change.copy();
    let onchange = Callback::from(move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            change.with(|next| set(next, select.value().parse().ok()));
        }
    });
    let option = |(place, column): (usize, &String)| {
        html! { <option value={place.to_string()} selected={chosen == Some(place)}>{ column }</option> }
    };
    html! {
        <label class="field">
            <span>{ label }</span>
            <select {onchange} data-testid={testid}>
                <option value="" selected={chosen.is_none()}>{ "–" }</option>
                { for known.columns.iter().enumerate().map(option) }
            </select>
        </label>
    }
}

/// The columns, each to be put where somebody writes.
fn chips(written: &Compose, change: &Change, at: (Part, usize)) -> Html {
    if written.recipients.columns.is_empty() {
        return Html::default();
    }
    let (part, place) = at;
    let chip = |column: &String| {
        let (change, chip) = (change.copy(), Compose::chip(column));
        let shown = chip.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let (text, place) = insert(part.of(&change.0), place, &chip);
            browser::write_into(&field_id(part.name()), &text, units_of(&text, place));
            change.with(|next| part.set(next, text));
        });
        html! { <button type="button" class="chip" {onclick} title={words::compose_put_in_column(column)} data-testid="compose-chip">{ shown }</button> }
    };
    html! {
        <div class="compose-chips" role="group" aria-label={words::compose_fields_label()}>
            <span class="muted small">{ words::compose_fields() }</span>
            { for written.recipients.columns.iter().map(chip) }
        </div>
    }
}

/// A part of the template.
fn part(
    part: Part,
    written: &Compose,
    change: &Change,
    at: &UseStateHandle<(Part, usize)>,
) -> Html {
    let (label, lines, hint) = match part {
        Part::Subject => (words::compose_subject(), 1, words::compose_subject_hint()),
        Part::Text => (words::compose_text(), 10, words::compose_text_hint()),
        Part::Html => (words::compose_html(), 10, words::compose_html_hint()),
    };
    let on_write = {
        let (change, at) = (change.copy(), at.clone());
        Callback::from(move |(text, place): (String, usize)| {
            at.set((part, place));
            change.with(|next| part.set(next, text));
        })
    };
    let on_caret = {
        let at = at.clone();
        Callback::from(move |place: usize| at.set((part, place)))
    };
    html! {
        <TemplateField name={part.name()} {label} value={part.of(written).to_owned()} {lines} {hint}
            columns={written.recipients.columns.clone()} {on_write} {on_caret} />
    }
}

fn line(
    name: &'static str,
    label: &'static str,
    value: &str,
    hint: &'static str,
    change: &Change,
    set: fn(&mut Compose, String),
) -> Html {
    let change = change.copy();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            change.with(|next| set(next, input.value()));
        }
    });
    html! {
        <label class="field">
            <span>{ label }</span>
            <input type="text" {name} value={value.to_owned()} {oninput} placeholder={hint} autocomplete="off"
                data-testid={format!("compose-{name}")} />
        </label>
    }
}

/// What stands in for empty cells, of the columns that have some.
fn fallbacks(written: &Compose, change: &Change) -> Html {
    let known = &written.recipients;
    let has_empty = |place: &usize| {
        Some(*place) != known.address
            && known
                .rows
                .iter()
                .any(|row| row.get(*place).is_none_or(|cell| cell.trim().is_empty()))
    };
    let with_empty: Vec<usize> = (0..known.columns.len()).filter(has_empty).collect();
    if with_empty.is_empty() {
        return Html::default();
    }
    let field = |place: usize| {
        let column = known.columns.get(place).cloned().unwrap_or_default();
        let value = written.fallbacks.get(&column).cloned().unwrap_or_default();
        let (change, key) = (change.copy(), column.clone());
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let key = key.clone();
                change.with(|next| drop(next.fallbacks.insert(key, input.value())));
            }
        });
        html! {
            <label class="field">
                <span>{ words::compose_where_empty(&column) }</span>
                <input type="text" {value} {oninput} autocomplete="off" data-testid="compose-fallback" />
            </label>
        }
    };
    html! { <div class="compose-fallbacks">{ for with_empty.into_iter().map(field) }</div> }
}

fn hold(written: &Compose, change: &Change) -> Html {
    let holds = [
        (0, words::compose_begins_at_once()),
        (10, words::compose_begins_10_seconds()),
        (30, words::compose_begins_30_seconds()),
        (60, words::compose_begins_minute()),
        (300, words::compose_begins_5_minutes()),
    ];
    let change = change.copy();
    let onchange = Callback::from(move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            change.with(|next| next.hold = select.value().parse().unwrap_or(10));
        }
    });
    let option = |(seconds, label): &(u32, &'static str)| {
        html! { <option value={seconds.to_string()} selected={written.hold == *seconds}>{ *label }</option> }
    };
    html! {
        <label class="field">
            <span>{ words::compose_begins() }</span>
            <select {onchange} data-testid="compose-hold">{ for holds.iter().map(option) }</select>
        </label>
    }
}
