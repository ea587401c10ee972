//! A row of a table. What is right is plain text, and becomes a field where somebody goes to write: a field is the
//! heaviest thing there is to draw, and ten thousand rows have ninety thousand cells. What is wrong is a field at once.

use std::collections::BTreeSet;
use std::rc::Rc;

use bulkhead_shared::csv::Column;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};
use yew::prelude::*;

use super::shared_table::Shared;
use crate::components::icon::{Glyph, Icon};
use crate::state::table::Table;
use crate::words;

/// A column that is shown, and where it is in a row.
pub(super) type Shown = (usize, &'static Column);

#[derive(Properties, PartialEq)]
pub(super) struct GridRowProps {
    pub(super) table: Shared,
    /// Its place in the sheet.
    pub(super) row: usize,
    pub(super) shown: Rc<[Shown]>,
    /// Counts up with every change of the table.
    pub(super) round: u32,
    /// The table was changed.
    pub(super) on_change: Callback<()>,
}

#[component]
pub(super) fn GridRow(props: &GridRowProps) -> Html {
    let written = use_state_eq(|| None::<usize>);
    let field = use_node_ref();
    {
        // The text that was gone to is gone; the field in its place takes over.
        let field = field.clone();
        use_effect_with(*written, move |_| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
            }
        });
    }
    let onfocusin = {
        let written = written.clone();
        Callback::from(move |event: FocusEvent| written.set(cell_of(&event)))
    };
    let onfocusout = {
        let written = written.clone();
        // A text that made room for its field has not been left.
        Callback::from(move |event: FocusEvent| {
            if event.target_dyn_into::<HtmlInputElement>().is_some() {
                written.set(None);
            }
        })
    };
    let oninput = {
        let (table, on_change, row) = (props.table.clone(), props.on_change.clone(), props.row);
        Callback::from(move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            if let (Some(place), Some(input)) = (cell_of(&event), input) {
                table.change(|table| table.mend(row, place, &input.value()));
                on_change.emit(());
            }
        })
    };
    let take_out = {
        let (table, on_change, row) = (props.table.clone(), props.on_change.clone(), props.row);
        Callback::from(move |_: MouseEvent| {
            table.change(|table| table.take_out(&BTreeSet::from([table.sheet.number(row)])));
            on_change.emit(());
        })
    };
    let (table, row) = (&props.table, props.row);
    let cell = |(place, column): &Shown| {
        let is_written = *written == Some(*place);
        table.with(|state| draw_cell(state, row, *place, column, is_written.then_some(&field)))
    };
    let (number, line) =
        table.with(|state| (state.sheet.number(row), state.sheet.grid().rows[row].line));
    let (class, said) = table.with(|state| standing(state, row));
    html! {
        <li class={classes!("grid-row", class)} data-testid="grid-row" data-row={number.to_string()} data-state={class}>
            <div class="grid-cells" {onfocusin} {onfocusout} {oninput}>
                <span class="grid-number" title={words::directory_grid_line(&line.to_string())}>{ number }</span>
                { for props.shown.iter().map(cell) }
                <button type="button" class="icon-button grid-end" onclick={take_out} aria-label={words::directory_grid_take_out(&number.to_string())}
                    data-testid={format!("take-out-{number}")}>
                    <Icon glyph={Glyph::Close} /></button>
            </div>
            <p class="grid-said" title={said.clone()} data-testid="grid-said">{ said }</p>
        </li>
    }
}

/// How a row stands, as a style and in words.
fn standing(state: &Table, row: usize) -> (&'static str, String) {
    let sheet = &state.sheet;
    let faults = sheet.faults(row);
    if sheet.is_done(row) {
        ("done", words::directory_grid_done().to_owned())
    } else if !faults.is_empty() {
        let texts: Vec<&str> = faults.iter().map(|fault| fault.text.as_str()).collect();
        ("wrong", texts.join(" "))
    } else if let Some(blocker) = state.blocker(row) {
        ("blocked", blocker.replace('\n', " "))
    } else if state.is_checked(row) {
        ("ready", words::directory_grid_free().to_owned())
    } else {
        ("", sheet.notes(row).join(", "))
    }
}

/// A cell: a field where it is wrong or is written in (then with a reference to it), a text otherwise.
fn draw_cell(
    state: &Table,
    row: usize,
    place: usize,
    column: &Column,
    written: Option<&NodeRef>,
) -> Html {
    let sheet = &state.sheet;
    let number = sheet.number(row);
    let text = sheet.cell(row, place).to_owned();
    if sheet.is_done(row) {
        return html! { <span class="grid-cell">{ text }</span> };
    }
    let faults = sheet.faults(row);
    let is_wrong = faults.iter().any(|fault| fault.place == Some(place));
    let label = words::directory_grid_cell(column.name, &number.to_string());
    if is_wrong || written.is_some() {
        return html! {
            <input ref={written.cloned().unwrap_or_default()} class="grid-cell" type="text" value={text} aria-label={label}
                aria-invalid={is_wrong.to_string()} spellcheck="false" placeholder={column.name} data-place={place.to_string()}
                data-testid={format!("cell-{number}-{}", column.name)} />
        };
    }
    let (class, text) = match text.is_empty() {
        true => ("grid-cell blank", column.name.to_owned()),
        false => ("grid-cell", text),
    };
    html! {
        <span {class} tabindex="0" role="textbox" aria-label={label} data-place={place.to_string()}
            data-testid={format!("text-{number}-{}", column.name)}>{ text }</span>
    }
}

/// The cell in which something happened.
fn cell_of(event: &Event) -> Option<usize> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.get_attribute("data-place")?.parse().ok()
}
