//! One mail of the list.

use bulkhead_shared::api::Item;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mail::{sender, size, subject};
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};

#[derive(Properties, PartialEq)]
pub struct MailRowProps {
    /// The mail.
    pub item: Item,
    /// Its place in the list.
    pub index: usize,
    /// Whether it is picked.
    pub picked: bool,
    /// Whether the keyboard is on it.
    pub cursor: bool,
    /// Whether its folder is worth naming: the list shows several.
    pub show_folder: bool,
    /// Picked or unpicked; the flag says that a range is meant.
    pub on_pick: Callback<(ItemId, bool)>,
    /// The keyboard goes here.
    pub on_cursor: Callback<usize>,
}

/// The element of the row at a place.
pub fn row_id(index: usize) -> String {
    format!("row-{index}")
}

/// The row. A click anywhere ticks it; with Shift, everything from the last tick on.
#[component]
pub fn MailRow(props: &MailRowProps) -> Html {
    let item = &props.item;
    let onclick = {
        let (on_pick, on_cursor) = (props.on_pick.clone(), props.on_cursor.clone());
        let (id, index) = (item.id.clone(), props.index);
        Callback::from(move |event: MouseEvent| {
            on_cursor.emit(index);
            on_pick.emit((id.clone(), event.shift_key()));
        })
    };
    // Shift-click would also mark text.
    let onmousedown = Callback::from(|event: MouseEvent| {
        if event.shift_key() {
            event.prevent_default();
        }
    });
    let class = classes!(
        "mail-row",
        item.unread.then_some("unread"),
        props.picked.then_some("picked"),
        props.cursor.then_some("cursor")
    );
    let label = format!("{}: {}", sender(&item.from), subject(&item.subject));
    html! {
        <li id={row_id(props.index)} {class} {onclick} {onmousedown} data-testid="mail-row"
            data-item={item.id.to_string()} data-unread={item.unread.to_string()}>
            <input type="checkbox" class="tick" checked={props.picked} data-testid="row-checkbox"
                aria-label={format!("Select {label}")} />
            <span class="row-star">
                if item.starred { <Icon glyph={Glyph::Star} label="Starred" class="starred" /> }
            </span>
            <span class="row-from" title={item.from.clone()}>{ sender(&item.from) }</span>
            <span class="row-text">
                if props.show_folder { <span class="tag folder">{ &item.folder }</span> }
                { for item.labels.iter().map(|label| html! { <span class="tag">{ label }</span> }) }
                <span class="row-subject">{ subject(&item.subject) }</span>
                if !item.snippet.is_empty() { <span class="row-snippet">{ &item.snippet }</span> }
            </span>
            <span class="row-clip">
                if item.has_attachment { <Icon glyph={Glyph::Clip} label="Has an attachment" /> }
            </span>
            <span class="row-size">{ size(item.size) }</span>
            <time class="row-date" datetime={item.date.to_string()} title={browser::full(item.date)}>
                { browser::short(item.date) }
            </time>
        </li>
    }
}
