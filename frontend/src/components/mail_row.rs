//! One mail of the list.

use std::rc::Rc;

use bulkhead_shared::api::Item;
use bulkhead_shared::kinds::mail::{sender, size, subject};
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::copy::folder_name;

#[derive(Properties, PartialEq)]
pub struct MailRowProps {
    /// The mail.
    pub item: Rc<Item>,
    /// Its place in the list.
    pub place: usize,
    /// Mails in the list.
    pub total: usize,
    /// Whether it is picked.
    pub picked: bool,
    /// Whether the keyboard is on it.
    pub cursor: bool,
    /// Whether its folder is worth naming: the list shows several.
    pub show_folder: bool,
    /// Pressed; the flag says that a range is meant.
    pub on_press: Callback<(usize, bool)>,
}

/// The row. A click anywhere ticks it; with Shift, everything from the last tick on.
#[component]
pub fn MailRow(props: &MailRowProps) -> Html {
    let item = &props.item;
    let onclick = {
        let (on_press, place) = (props.on_press.clone(), props.place);
        Callback::from(move |event: MouseEvent| on_press.emit((place, event.shift_key())))
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
        <li {class} {onclick} {onmousedown} data-testid="mail-row" data-item={item.id.to_string()}
            data-unread={item.unread.to_string()} aria-setsize={props.total.to_string()}
            aria-posinset={(props.place + 1).to_string()}>
            <span class="tick-area">
                <input type="checkbox" class="tick" checked={props.picked} data-testid="row-checkbox"
                    aria-label={format!("Select {label}")} />
            </span>
            <span class="row-from" title={item.from.clone()}>{ sender(&item.from) }</span>
            <span class="row-text">
                if props.show_folder { <span class="tag folder">{ folder_name(&item.folder) }</span> }
                { for item.labels.iter().map(|label| html! { <span class="tag">{ label }</span> }) }
                <span class="row-subject">{ subject(&item.subject) }</span>
                if !item.snippet.is_empty() { <span class="row-snippet">{ &item.snippet }</span> }
            </span>
            <span class="row-marks">
                if item.starred { <Icon glyph={Glyph::Star} label="Starred" class="starred" /> }
                if item.has_attachment { <Icon glyph={Glyph::Clip} label="Has an attachment" /> }
            </span>
            <span class="row-size">{ size(item.size) }</span>
            <time class="row-date" datetime={item.date.to_string()} title={browser::full(item.date)}>
                { browser::short(item.date) }
            </time>
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
        <li class={classes!("mail-row", "skeleton-row", props.picked.then_some("picked"))} aria-hidden="true">
            <i /><i /><i />
        </li>
    }
}
