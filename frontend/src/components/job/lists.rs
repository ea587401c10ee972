//! What a preview says of the lists behind picked mails: how each is asked to write no more, or why it is not.

use bulkhead_shared::api::{ListsToAsk, Preview};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::unsubscribe::{MailingList, Way};
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::browser;
use crate::components::later::{Drawn, later};
use crate::copy::numbers::items;
use crate::words;

/// The lists; nothing where it is not about any.
pub fn lists(preview: &Preview) -> Html {
    let Some(lists) = preview.lists.clone() else {
        return Html::default();
    };
    let total = preview.total;
    later("lists", move || of_lists(lists.clone(), total))
}

/// The same, once its part is here.
#[wasm_split(lists, fallible, preload(fetch))]
pub fn of_lists(lists: ListsToAsk, total: u64) -> Drawn {
    let rest = total.saturating_sub(lists.first.len() as u64);
    Ok(html! {
        <section class="list-asks" aria-label={words::job_lists_label()} data-testid="lists" data-asked={lists.asked.to_string()}>
            <p>{ sum(lists.asked, total) }</p>
            <ul>{ for lists.first.iter().map(row) }</ul>
            if rest > 0 { <p class="muted small">{ words::job_lists_more(rest) }</p> }
        </section>
    })
}

fn sum(asked: u64, total: u64) -> String {
    match total.saturating_sub(asked) {
        0 => words::job_lists_all_asked(asked),
        others => words::job_lists_some_asked(asked, others),
    }
}

fn row(list: &MailingList) -> Html {
    let is_asked = list.way.obstacle().is_none();
    html! {
        <li class={classes!((!is_asked).then_some("muted"))} data-testid="list" data-key={list.key.clone()} data-asked={is_asked.to_string()}>
            <strong title={list.key.clone()}>{ &list.name }</strong>
            <span class="muted">{ format!(" · {}", items(list.mails, Kind::Mail)) }</span>
            <div>{ list.way.text() }</div>
            { more(&list.way) }
            if let Some(at) = list.asked_at {
                <div class="muted small">{ words::job_lists_asked_before(&browser::short(at)) }</div>
            }
        </li>
    }
}

/// What else is good to know before somebody says yes.
fn more(way: &Way) -> Html {
    let small = |text: String| html! { <div class="muted small">{ text }</div> };
    match way {
        Way::OneClick {
            vouched_by,
            signed_by,
            ..
        } => small(words::job_lists_signed(signed_by, vouched_by)),
        Way::Mail { from, subject, .. } => small(words::job_lists_mail(from, subject)),
        Way::WebPage { url } => html! {
            <div class="small"><a href={url.clone()} target="_blank" rel="noreferrer noopener">{ words::job_lists_open_page() }</a></div>
        },
        Way::NotTrusted { .. } | Way::CannotSend { .. } | Way::NotTold | Way::Spam => {
            Html::default()
        }
    }
}
