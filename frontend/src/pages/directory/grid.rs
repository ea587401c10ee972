//! The rows of a table: wrong ones first, each cell mended in place and checked as it is typed.

use std::collections::BTreeSet;
use std::ops::Range;

use bulkhead_shared::csv::Column;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::shared_table::Shared;
use crate::components::icon::{Glyph, Icon};
use crate::components::window_list::WindowList;
use crate::state::table::Table;

#[derive(Properties, PartialEq)]
pub(super) struct GridViewProps {
    pub(super) table: Shared,
    /// Counts up with every change of the table.
    pub(super) round: u32,
    /// The table was changed.
    pub(super) on_change: Callback<()>,
}

/// The columns that are shown, and where each is in a row.
fn columns(table: &Table) -> Vec<(usize, &'static Column)> {
    let layout = table.sheet.layout();
    let columns = table.sheet.purpose().spec().columns.iter();
    columns
        .filter_map(|column| Some((layout.place(column.name)?, column)))
        .collect()
}

#[component]
pub(super) fn GridView(props: &GridViewProps) -> Html {
    let table = props.table.clone();
    let (shown, total) = table.with(|table| (columns(table), table.order.len()));
    let row = {
        let (table, on_change, shown) = (table.clone(), props.on_change.clone(), shown.clone());
        // Made anew with every change, so that the list draws its rows again.
        let _ = props.round;
        Callback::from(move |place: usize| {
            let Some(row) = table.with(|table| table.order.get(place).copied()) else {
                return Html::default();
            };
            draw(&table, row, &shown, &on_change)
        })
    };
    let sort = {
        let (table, on_change) = (table.clone(), props.on_change.clone());
        Callback::from(move |_: MouseEvent| {
            table.change(Table::sort);
            on_change.emit(());
        })
    };
    let head = |(_, column): &(usize, &'static Column)| {
        html! { <span class="grid-cell" title={column.about}>{ column.name }</span> }
    };
    html! {
        <section class="grid" aria-label="Rows">
            <div class="grid-head" aria-hidden="true">
                <span class="grid-number">{ "#" }</span>{ for shown.iter().map(head) }<span class="grid-end" />
            </div>
            <WindowList {total} {row} cursor={None::<usize>} on_show={Callback::<Range<usize>>::noop()} label="Rows"
                testid="grid" />
            <p><button type="button" class="text-button" onclick={sort} data-testid="wrong-first">{ "Wrong ones first" }</button></p>
        </section>
    }
}

fn draw(
    table: &Shared,
    row: usize,
    shown: &[(usize, &'static Column)],
    on_change: &Callback<()>,
) -> Html {
    let take_out = {
        let (table, on_change) = (table.clone(), on_change.clone());
        Callback::from(move |_: MouseEvent| {
            table.change(|table| table.take_out(&BTreeSet::from([table.sheet.number(row)])));
            on_change.emit(());
        })
    };
    table.with(|state| {
        let sheet = &state.sheet;
        let (number, line) = (sheet.number(row), sheet.grid().rows[row].line);
        let faults = sheet.faults(row);
        let blocker = state.blocker(row);
        let is_done = sheet.is_done(row);
        let (class, said) = if is_done {
            ("done", "Done before.".to_owned())
        } else if !faults.is_empty() {
            let texts: Vec<&str> = faults.iter().map(|fault| fault.text.as_str()).collect();
            ("wrong", texts.join(" "))
        } else if let Some(blocker) = blocker {
            ("blocked", blocker.replace('\n', " "))
        } else if state.is_checked(row) {
            ("ready", "Nothing is in its way.".to_owned())
        } else {
            ("", sheet.notes(row).join(", "))
        };
        let cell = |(place, column): &(usize, &'static Column)| {
            let place = *place;
            let is_wrong = !is_done && faults.iter().any(|fault| fault.place == Some(place));
            let oninput = {
                let (table, on_change) = (table.clone(), on_change.clone());
                Callback::from(move |event: InputEvent| {
                    if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                        table.change(|table| table.mend(row, place, &input.value()));
                        on_change.emit(());
                    }
                })
            };
            html! {
                <input class="grid-cell" type="text" value={sheet.cell(row, place).to_owned()} {oninput} disabled={is_done}
                    aria-label={format!("{}, row {number}", column.name)} aria-invalid={is_wrong.to_string()} spellcheck="false" placeholder={column.name}
                    data-testid={format!("cell-{number}-{}", column.name)} />
            }
        };
        html! {
            <li key={row.to_string()} class={classes!("grid-row", class)} data-testid="grid-row" data-row={number.to_string()}
                data-state={class}>
                <div class="grid-cells">
                    <span class="grid-number" title={format!("Line {line}")}>{ number }</span>
                    { for shown.iter().map(cell) }
                    <button type="button" class="icon-button grid-end" onclick={take_out} aria-label={format!("Take row {number} out")}
                        data-testid={format!("take-out-{number}")}>
                        <Icon glyph={Glyph::Close} /></button>
                </div>
                <p class="grid-said" title={said.clone()} data-testid="grid-said">{ said }</p>
            </li>
        }
    })
}
