//! One contact of the list.

use bulkhead_shared::kinds::Card;
use yew::prelude::*;

use crate::components::item_row::{RowAt, row};

#[derive(Properties, PartialEq)]
pub struct ContactRowProps {
    /// The contact.
    pub at: RowAt<Card>,
}

/// The row.
#[component]
pub fn ContactRow(props: &ContactRowProps) -> Html {
    let card = &props.at.item;
    let fact = |name: &str| {
        let fact = card.facts.iter().find(|fact| fact.name == name);
        fact.map(|fact| fact.value.clone())
    };
    let shows = html! {
        <>
            <span class="row-from" title={card.title.clone()}>{ &card.title }</span>
            <span class="row-text">
                if let Some(categories) = fact("categories") {
                    { for categories.split(", ").map(|name| html! { <span class="tag">{ name.to_owned() }</span> }) }
                }
                <span class="row-subject">{ &card.second }</span>
                if let Some(address) = fact("e-mail").filter(|address| *address != card.second) {
                    <span class="row-snippet">{ address }</span>
                }
            </span>
            <span class="row-phone">{ fact("telephone") }</span>
        </>
    };
    row(&props.at, "contact-row", false, &card.title, shows)
}
