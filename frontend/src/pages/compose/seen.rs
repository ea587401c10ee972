//! What each would get, and what stands in the way.

use std::rc::Rc;

use bulkhead_shared::api::{LetterFault, LettersSeen, SeenLetter};
use wasm_split_helpers::wasm_split;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::chooser::Chooser;
use crate::api::CallError;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::components::letters::rows_left_out;
use crate::components::problem_note::ProblemNote;
use crate::state::attaching::size;
use crate::state::compose::Compose;
use crate::words;

/// Faults that are listed.
const FAULTS_SHOWN: usize = 12;

/// The preview, once its part is here.
#[wasm_split(seen, fallible)]
pub fn seen(props: SeenProps) -> Drawn {
    Ok(html! { <Seen ..props /> })
}

#[derive(Properties, Clone, PartialEq)]
pub struct SeenProps {
    /// What the server saw; none before it was asked.
    pub look: Option<Result<LettersSeen, CallError>>,
    /// What is missing before anything can be looked at.
    pub missing: Option<String>,
    /// The row that is shown, counted from 1.
    pub row: u32,
    pub on_show: Callback<u32>,
    /// What is written, so that a fault is mended where it is shown.
    pub written: Compose,
    pub on_change: Callback<Compose>,
}

/// How a mail is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Text,
    Html,
    Source,
}

/// The preview.
#[component]
pub fn Seen(props: &SeenProps) -> Html {
    let view = use_state(|| View::Text);
    let body = match (&props.look, &props.missing) {
        (_, Some(missing)) => {
            html! { <p class="muted">{ words::compose_seen_missing(missing) }</p> }
        }
        (None, None) => {
            html! { <p class="muted" aria-busy="true">{ words::compose_seen_looking() }</p> }
        }
        (Some(Err(error)), None) => html! { <ProblemNote error={error.clone()} /> },
        (Some(Ok(seen)), None) => html! {
            <>
                { verdict(seen) }
                { left_out(seen) }
                { faults(seen, props) }
                <Chooser seen={seen.clone()} recipients={props.written.recipients.clone()} row={props.row} on_show={props.on_show.clone()} />
                { match seen.letters.first() {
                    Some(letter) => html! { <>{ views(letter, &view) }{ mail(letter, *view) }</> },
                    None => html! { <p class="muted">{ words::compose_seen_cannot() }</p> },
                } }
            </>
        },
    };
    html! { <section class="compose-seen" aria-label={words::preview()} aria-live="polite" data-testid="compose-seen">{ body }</section> }
}

fn verdict(seen: &LettersSeen) -> Html {
    let (good, mails) = (seen.good.into(), seen.total.into());
    let (class, glyph, text) = match seen.faults_total {
        0 => (
            "note note-good",
            Glyph::Check,
            match seen.left_out_total {
                0 => words::compose_seen_all_good(mails),
                out => words::compose_seen_some_good(seen.total.saturating_sub(out).into(), mails),
            },
        ),
        faults => (
            "note note-error",
            Glyph::Alert,
            words::compose_seen_faults(faults.into(), good, mails),
        ),
    };
    html! {
        <div {class} data-testid="compose-verdict" data-faults={seen.faults_total.to_string()} data-good={seen.good.to_string()}>
            <Icon {glyph} /><div class="note-text"><strong>{ text }</strong>
                if seen.with_fallback > 0 { <p>{ words::compose_seen_fallbacks(seen.with_fallback.into()) }</p> }
            </div>
        </div>
    }
}

/// Who gets none, row by row.
fn left_out(seen: &LettersSeen) -> Html {
    rows_left_out(u64::from(seen.left_out_total), &seen.left_out)
}

fn faults(seen: &LettersSeen, props: &SeenProps) -> Html {
    if seen.faults.is_empty() {
        return Html::default();
    }
    let more = (seen.faults_total as usize).saturating_sub(FAULTS_SHOWN);
    html! {
        <ul class="compose-faults" data-testid="compose-faults">
            { for seen.faults.iter().take(FAULTS_SHOWN).map(|fault| fault_line(fault, props)) }
            if more > 0 { <li class="muted">{ words::and_more(more as u64) }</li> }
        </ul>
    }
}

/// Where a fault is, what it is, and what mends it.
fn fault_line(fault: &LetterFault, props: &SeenProps) -> Html {
    let place = fault.row.map(|row| {
        let onclick = props.on_show.reform(move |_: MouseEvent| row);
        html! { <button type="button" class="text-button" {onclick}>{ words::letters_row(&row.to_string()) }</button> }
    });
    let place = place.unwrap_or_else(|| html! { <strong>{ words::compose_template() }</strong> });
    html! {
        <li key={format!("{:?}{:?}{:?}", fault.row, fault.column, fault.name)} data-testid="compose-fault">
            <span class="fault-place">{ place }</span>
            <span class="fault-text">
                if let Some(column) = &fault.column { <strong>{ format!("{column}: ") }</strong> }
                { &fault.message }
            </span>
            <span class="fault-mend">{ mend(fault, props) }</span>
        </li>
    }
}

/// The cell itself, to be corrected; or the name that was probably meant.
fn mend(fault: &LetterFault, props: &SeenProps) -> Html {
    let change = |change: Rc<dyn Fn(&mut Compose)>| {
        let (written, on_change) = (props.written.clone(), props.on_change.clone());
        Callback::from(move |()| {
            let mut next = written.clone();
            change(&mut next);
            on_change.emit(next);
        })
    };
    if let (Some(name), Some(nearest)) = (&fault.name, &fault.nearest) {
        let label = words::compose_seen_use(nearest);
        let (name, nearest) = (name.clone(), nearest.clone());
        let rename = change(Rc::new(move |next: &mut Compose| {
            next.rename(&name, &nearest)
        }));
        return html! {
            <button type="button" class="button small" onclick={rename.reform(|_: MouseEvent| ())} data-testid="fault-rename">{ label }</button>
        };
    }
    let Some(row) = fault.row else {
        return Html::default();
    };
    let leave_out = change(Rc::new(move |next: &mut Compose| {
        next.recipients.leave_out(row)
    }));
    let cell = fault.column.as_ref().and_then(|column| {
        let value = props.written.recipients.cell(row, column)?.to_owned();
        Some((column.clone(), value))
    });
    html! {
        <>
            if let Some((column, value)) = cell { { cell_field(row, column, value, props) } }
            <button type="button" class="button small" onclick={leave_out.reform(|_: MouseEvent| ())} data-testid="fault-leave-out">{ words::compose_seen_leave_out() }</button>
        </>
    }
}

fn cell_field(row: u32, column: String, value: String, props: &SeenProps) -> Html {
    let label = words::compose_seen_cell(&column, &row.to_string());
    let (written, on_change) = (props.written.clone(), props.on_change.clone());
    let on_mend = Callback::from(move |text: String| {
        let mut next = written.clone();
        next.recipients.set_cell(row, &column, text);
        on_change.emit(next);
    });
    html! { <CellField {value} {label} {on_mend} /> }
}

#[derive(Properties, PartialEq)]
struct CellFieldProps {
    value: AttrValue,
    label: AttrValue,
    /// Hears what stands in it once it is left, so that a fault does not vanish while it is being mended.
    on_mend: Callback<String>,
}

/// A cell that is being mended: what is typed in it stays, whatever is drawn anew around it meanwhile.
#[component]
fn CellField(props: &CellFieldProps) -> Html {
    let typed = use_state(|| props.value.clone());
    {
        let typed = typed.clone();
        use_effect_with(props.value.clone(), move |value| typed.set(value.clone()));
    }
    let text = |event: &Event| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        input.map(|input| input.value())
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(text) = text(&event) {
                typed.set(text.into());
            }
        })
    };
    let onchange = {
        let on_mend = props.on_mend.clone();
        Callback::from(move |event: Event| {
            if let Some(text) = text(&event) {
                on_mend.emit(text);
            }
        })
    };
    html! {
        <input type="text" value={(*typed).clone()} {oninput} {onchange} aria-label={props.label.clone()} autocomplete="off" data-testid="fault-cell" />
    }
}

fn views(letter: &SeenLetter, view: &UseStateHandle<View>) -> Html {
    let tab = |to: View, label: &'static str| {
        let set = view.clone();
        let onchange = Callback::from(move |_: Event| set.set(to));
        html! { <label><input type="radio" name="view" checked={**view == to} {onchange} /><span>{ label }</span></label> }
    };
    html! {
        <div class="segmented" role="radiogroup" aria-label={words::compose_seen_how()}>
            { tab(View::Text, words::compose_text()) }
            if letter.html.is_some() { { tab(View::Html, words::compose_html()) } }
            { tab(View::Source, words::compose_seen_source()) }
        </div>
    }
}

/// The files that go along, with their sizes.
fn files(letter: &SeenLetter) -> String {
    let files = letter.attachments.iter();
    let files = files.map(|file| format!("{} ({})", file.name, size(file.bytes)));
    files.collect::<Vec<_>>().join(", ")
}

fn mail(letter: &SeenLetter, view: View) -> Html {
    let body = match (view, &letter.html) {
        // No script of it runs, and nothing it names is fetched: the page's own rules hold in the frame too.
        (View::Html, Some(html)) => html! {
            <iframe class="compose-frame" sandbox="" srcdoc={html.clone()} title={words::compose_seen_frame()} data-testid="compose-frame" />
        },
        (View::Source, _) => {
            html! { <pre class="compose-source" tabindex="0" data-testid="compose-source">{ &letter.source }</pre> }
        }
        _ => {
            html! { <pre class="compose-body" tabindex="0" data-testid="compose-body">{ &letter.text }</pre> }
        }
    };
    html! {
        <article class="compose-mail" data-testid="compose-mail">
            <dl><dt>{ words::compose_seen_to() }</dt><dd data-testid="compose-to">{ &letter.to }</dd>
                <dt>{ words::compose_subject() }</dt><dd data-testid="compose-subject-seen">{ &letter.subject }</dd>
                if !letter.attachments.is_empty() {
                    <dt>{ words::compose_seen_files() }</dt><dd data-testid="compose-files-seen">{ files(letter) }</dd>
                }
            </dl>
            { body }
        </article>
    }
}
