//! The list of mails with its header: page after page as the person scrolls.

use std::rc::Rc;

use bulkhead_shared::api::Item;
use bulkhead_shared::ids::ItemId;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use crate::components::mail_row::MailRow;
use crate::components::problem_note::ProblemNote;
use crate::copy::numbers::thousands;
use crate::hooks::mail_pages::Pages;
use crate::remote::Remote;
use crate::state::picks::{HeaderTick, Pick, Picks};

#[derive(Properties, PartialEq)]
pub struct MailListProps {
    /// What was fetched so far.
    pub pages: Pages,
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// Changes what is picked.
    pub on_pick: Callback<Pick>,
    /// Where the keyboard is.
    pub cursor: Option<usize>,
    /// Puts the keyboard elsewhere.
    pub on_cursor: Callback<usize>,
    /// Whether the list shows several folders.
    pub show_folder: bool,
    /// What stands beside the header's checkbox.
    pub header: Html,
    /// What stands between header and list.
    pub banner: Html,
}

/// The list.
#[component]
pub fn MailList(props: &MailListProps) -> Html {
    let listed = use_memo(props.pages.items.clone(), |items| {
        Rc::new(items.iter().map(|item| item.id.clone()).collect::<Vec<_>>())
    });
    let more = props.pages.more.clone();
    let onscroll = Callback::from(move |event: Event| {
        if let Some(list) = event.target_dyn_into::<Element>()
            && list.scroll_height() - list.scroll_top() - list.client_height() < 600
        {
            more.emit(());
        }
    });
    let on_row_pick = {
        let (on_pick, listed) = (props.on_pick.clone(), (*listed).clone());
        Callback::from(move |(id, range): (ItemId, bool)| {
            on_pick.emit(if range {
                Pick::Range {
                    to: id,
                    listed: listed.clone(),
                }
            } else {
                Pick::Toggle(id)
            });
        })
    };
    let row = |(index, item): (usize, &Item)| {
        html! {
            <MailRow key={item.id.to_string()} item={item.clone()} {index} picked={props.picks.has(&item.id)}
                cursor={props.cursor == Some(index)} show_folder={props.show_folder}
                on_pick={on_row_pick.clone()} on_cursor={props.on_cursor.clone()} />
        }
    };
    let picked_any = !props.picks.is_empty();
    html! {
        <div class={classes!("mail", picked_any.then_some("picking"))}>
            <div class="list-head">
                <PageTick header={props.picks.header(&listed)} empty={listed.is_empty()}
                    on_tick={props.on_pick.reform({ let listed = (*listed).clone(); move |()| Pick::Page(listed.clone()) })} />
                { props.header.clone() }
            </div>
            { props.banner.clone() }
            <div class="list-scroll" {onscroll} data-testid="mail-list">
                { match &props.pages.first {
                    Remote::NotAsked | Remote::Loading => skeleton(),
                    Remote::Failed(error) => html! {
                        <div class="list-state"><ProblemNote error={error.clone()} retry={props.pages.reload.clone()} /></div>
                    },
                    Remote::Ready(()) if props.pages.items.is_empty() => empty(),
                    Remote::Ready(()) => html! {
                        <>
                            <ul class="mail-rows">{ for props.pages.items.iter().enumerate().map(row) }</ul>
                            { list_end(&props.pages) }
                        </>
                    },
                } }
            </div>
        </div>
    }
}

fn skeleton() -> Html {
    html! {
        <div class="skeleton-rows" aria-busy="true" aria-label="Loading mails" data-testid="list-loading">
            { for (0..14).map(|_| html! { <div class="skeleton-row"><i /><i /><i /></div> }) }
        </div>
    }
}

fn empty() -> Html {
    html! {
        <div class="list-state empty" data-testid="list-empty">
            <svg class="empty-art" viewBox="0 0 96 64" aria-hidden="true">
                <path d="M12 34 24 10h48l12 24v18a2 2 0 0 1-2 2H14a2 2 0 0 1-2-2zM12 34h20l4 8h24l4-8h20" />
            </svg>
            <h2>{ "Nothing here" }</h2>
            <p class="muted">{ "No mail matches this search." }</p>
        </div>
    }
}

fn list_end(pages: &Pages) -> Html {
    let ask = {
        let more = pages.more.clone();
        Callback::from(move |_: MouseEvent| more.emit(()))
    };
    match (&pages.rest, pages.has_more) {
        (Remote::Failed(error), _) => html! {
            <ProblemNote error={error.clone()} retry={pages.more.clone()} />
        },
        (Remote::Loading, _) => {
            html! { <p class="list-end muted" aria-busy="true">{ "Loading more…" }</p> }
        }
        (Remote::NotAsked | Remote::Ready(()), true) => html! {
            <p class="list-end"><button type="button" class="button small" onclick={ask} data-testid="load-more">
                { "Load more" }</button></p>
        },
        (Remote::NotAsked | Remote::Ready(()), false) => html! {
            <p class="list-end muted">{ format!("End of the list: {}", thousands(pages.items.len() as u64)) }</p>
        },
    }
}

#[derive(Properties, PartialEq)]
struct PageTickProps {
    header: HeaderTick,
    empty: bool,
    on_tick: Callback<()>,
}

/// The header's checkbox. “Some” can only be set on the element itself.
#[component]
fn PageTick(props: &PageTickProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.header, move |&header| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.set_checked(header == HeaderTick::All);
                input.set_indeterminate(header == HeaderTick::Some);
            }
        });
    }
    let onclick = {
        let (on_tick, node, header) = (props.on_tick.clone(), node.clone(), props.header);
        Callback::from(move |_: MouseEvent| {
            // The browser has ticked it already; what follows from the selection decides.
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.set_indeterminate(header == HeaderTick::Some);
            }
            on_tick.emit(());
        })
    };
    html! {
        <input ref={node} type="checkbox" class="tick" {onclick} disabled={props.empty}
            aria-label="Select all listed mails" title="Select all listed (*)" data-testid="select-all" />
    }
}
