//! The rows of a table: wrong ones first, with a way to mend each cell in place.

use std::ops::Range;
use std::rc::Rc;

use yew::prelude::*;

use super::grid_row::{GridRow, Shown};
use super::shared_table::Shared;
use crate::components::window_list::WindowList;
use crate::state::table::Table;
use crate::words;

/// Rows drawn above and below what is seen: one of these is as heavy as four of a list of mails.
const MARGIN: usize = 4;

#[derive(Properties, PartialEq)]
pub(super) struct GridViewProps {
    pub(super) table: Shared,
    /// Counts up with every change of the table.
    pub(super) round: u32,
    /// The table was changed.
    pub(super) on_change: Callback<()>,
}

fn columns(table: &Table) -> Rc<[Shown]> {
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
        let round = props.round;
        Callback::from(move |place: usize| {
            let Some(row) = table.with(|table| table.order.get(place).copied()) else {
                return Html::default();
            };
            let (table, shown, on_change) = (table.clone(), shown.clone(), on_change.clone());
            html! { <GridRow key={row.to_string()} {table} {row} {shown} {round} {on_change} /> }
        })
    };
    let sort = {
        let (table, on_change) = (table.clone(), props.on_change.clone());
        Callback::from(move |_: MouseEvent| {
            table.change(Table::sort);
            on_change.emit(());
        })
    };
    let head = |(_, column): &Shown| {
        html! { <span class="grid-cell" title={column.about.say()}>{ column.name }</span> }
    };
    html! {
        <section class="grid" aria-label={words::directory_rows()}>
            <div class="grid-head" aria-hidden="true">
                <span class="grid-number">{ "#" }</span>{ for shown.iter().map(head) }<span class="grid-end" />
            </div>
            <WindowList {total} {row} cursor={None::<usize>} on_show={Callback::<Range<usize>>::noop()} label={words::directory_rows()}
                margin={MARGIN} testid="grid" />
            <p><button type="button" class="text-button" onclick={sort} data-testid="wrong-first">{ words::directory_grid_sort() }</button></p>
        </section>
    }
}
