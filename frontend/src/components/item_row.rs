//! What the rows of a list have in common, whatever is in them.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::state::rows::Listed;
use crate::words;

/// One item of a list, where it stands.
#[derive(Debug)]
pub struct RowAt<T> {
    /// The item.
    pub item: Rc<T>,
    /// Its place in the list.
    pub place: usize,
    /// Items in the list.
    pub total: usize,
    /// Whether it is picked.
    pub picked: bool,
    /// Whether the keyboard is on it.
    pub cursor: bool,
    /// Pressed at this place; the flag says that a range is meant.
    pub on_press: Callback<(usize, bool)>,
    /// Opened at this place, where there is something to open.
    pub on_open: Option<Callback<usize>>,
}

impl<T: PartialEq> PartialEq for RowAt<T> {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            item,
            place,
            total,
            picked,
            cursor,
            on_press,
            on_open,
        } = self;
        *item == other.item
            && (*place, *total) == (other.place, other.total)
            && (*picked, *cursor) == (other.picked, other.cursor)
            && *on_press == other.on_press
            && *on_open == other.on_open
    }
}

/// The row around what it shows. A click opens it, and beside its tick ticks it, as it does anywhere where nothing
/// can be opened; with Shift, it ticks everything from the last tick on.
/// `class` is what its kind adds, and `name` what the item is called.
pub fn row<T: Listed>(
    at: &RowAt<T>,
    class: &'static str,
    unread: bool,
    name: &str,
    shows: Html,
) -> Html {
    let onclick = {
        let (on_press, on_open, place) = (at.on_press.clone(), at.on_open.clone(), at.place);
        Callback::from(move |event: MouseEvent| {
            let shift = event.shift_key();
            match on_open.as_ref().filter(|_| !shift && !is_tick(&event)) {
                Some(open) => open.emit(place),
                None => on_press.emit((place, shift)),
            }
        })
    };
    // Shift-click would also mark text.
    let onmousedown = Callback::from(|event: MouseEvent| {
        if event.shift_key() {
            event.prevent_default();
        }
    });
    let classes = classes!(
        "item-row",
        class,
        unread.then_some("unread"),
        at.picked.then_some("picked"),
        at.cursor.then_some("cursor")
    );
    html! {
        <li class={classes} {onclick} {onmousedown} data-testid={class} data-item={at.item.id().to_string()}
            aria-setsize={at.total.to_string()} aria-posinset={(at.place + 1).to_string()}>
            <span class="tick-area">
                <input type="checkbox" class="tick" checked={at.picked} data-testid="row-checkbox"
                    aria-label={words::item_row_select(name)} />
            </span>
            { shows }
        </li>
    }
}

fn is_tick(event: &MouseEvent) -> bool {
    let hit = event.target_dyn_into::<Element>();
    hit.is_some_and(|hit| hit.closest(".tick-area").ok().flatten().is_some())
}

#[derive(Properties, PartialEq)]
pub struct AwaitedRowProps {
    /// Whether it is picked, whatever it is.
    pub picked: bool,
}

/// A row that is on its way.
#[component]
pub fn AwaitedRow(props: &AwaitedRowProps) -> Html {
    html! {
        <li class={classes!("item-row", "skeleton-row", props.picked.then_some("picked"))} aria-hidden="true">
            <i /><i /><i />
        </li>
    }
}
