//! What the rows of a list have in common, whatever is in them.

use std::rc::Rc;

use yew::prelude::*;

use crate::state::rows::Listed;

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
        } = self;
        *item == other.item
            && (*place, *total) == (other.place, other.total)
            && (*picked, *cursor) == (other.picked, other.cursor)
            && *on_press == other.on_press
    }
}

/// The row around what it shows. A click anywhere ticks it; with Shift, everything from the last tick on.
/// `class` is what its kind adds, and `name` what the item is called.
pub fn row<T: Listed>(
    at: &RowAt<T>,
    class: &'static str,
    unread: bool,
    name: &str,
    shows: Html,
) -> Html {
    let onclick = {
        let (on_press, place) = (at.on_press.clone(), at.place);
        Callback::from(move |event: MouseEvent| on_press.emit((place, event.shift_key())))
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
                    aria-label={format!("Select {name}")} />
            </span>
            { shows }
        </li>
    }
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
