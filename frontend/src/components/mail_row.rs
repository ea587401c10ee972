//! One mail of the list.

use bulkhead_shared::api::Item;
use bulkhead_shared::kinds::mail::{sender, size, subject};
use bulkhead_shared::labels::shown;
use yew::prelude::*;

use crate::browser;
use crate::components::class_tag::class_tag;
use crate::components::icon::{Glyph, Icon};
use crate::components::item_row::{RowAt, row};
use crate::components::monogram::monogram;
use crate::copy::folder_name;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct MailRowProps {
    /// The mail.
    pub at: RowAt<Item>,
    /// Whether its folder is worth naming: the list shows several.
    pub show_folder: bool,
}

/// The row.
#[component]
pub fn MailRow(props: &MailRowProps) -> Html {
    let item = &props.at.item;
    let name = format!("{}: {}", sender(&item.from), subject(&item.subject));
    let shows = html! {
        <>
            <span class="row-from" dir="auto" title={item.from.clone()}>{ monogram(&sender(&item.from), address(&item.from)) }{ sender(&item.from) }</span>
            <span class="row-text">
                if props.show_folder { <span class="tag folder">{ folder_name(&item.folder) }</span> }
                { for item.labels.iter().map(|label| html! { <span class="tag">{ shown(label) }</span> }) }
                { class_tag(item.class.as_ref()) }
                <span class="row-subject" dir="auto">{ subject(&item.subject) }</span>
                if !item.snippet.is_empty() { <span class="row-snippet" dir="auto">{ &item.snippet }</span> }
            </span>
            <span class="row-marks">
                if item.starred { <Icon glyph={Glyph::Star} label={words::mail_row_starred()} class="starred" /> }
                if item.has_attachment { <Icon glyph={Glyph::Clip} label={words::mail_row_attachment()} /> }
            </span>
            <span class="row-size">{ size(item.size) }</span>
            <time class="row-date" datetime={item.date.to_string()} title={browser::full(item.date)}>
                { browser::short(item.date) }
            </time>
        </>
    };
    row(&props.at, "mail-row", item.unread, &name, shows)
}

/// What a sender is known by in every list.
fn address(from: &str) -> &str {
    let address = from.rsplit('<').next().unwrap_or(from);
    address.trim_end_matches('>').trim()
}
