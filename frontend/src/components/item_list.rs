//! The list of items with its header.

use std::ops::Range;
use std::rc::Rc;

use bulkhead_shared::kinds::Kind;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api::CallError;
use crate::components::item_row::{AwaitedRow, RowAt};
use crate::components::problem_note::ProblemNote;
use crate::components::window_list::WindowList;
use crate::hooks::picking::Tick;
use crate::remote::Remote;
use crate::state::picks::{HeaderTick, Picks};
use crate::state::rows::{Listed, Rows};
use crate::words;

/// What tests and the keyboard call the list.
pub const LIST: &str = "item-list";

#[derive(Properties, PartialEq)]
pub struct ItemListProps<T: PartialEq> {
    /// What it lists.
    pub kind: Kind,
    /// How far the first items are.
    pub first: Remote<()>,
    /// The items.
    pub rows: Rc<Rows<T>>,
    /// Draws one of them.
    pub row: Callback<RowAt<T>, Html>,
    /// Why items further down did not come.
    pub failed: Option<CallError>,
    /// These places are looked at.
    pub on_show: Callback<Range<usize>>,
    /// Reads the list again.
    pub reload: Callback<()>,
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// Changes what is picked.
    pub on_tick: Callback<Tick>,
    /// Where the keyboard is.
    pub cursor: Option<usize>,
    /// Grows with each step of the keyboard.
    pub steps: u32,
    /// Puts the keyboard elsewhere.
    pub on_cursor: Callback<usize>,
    /// Opens one, where there is something to open.
    #[prop_or_default]
    pub on_open: Option<Callback<usize>>,
    /// What stands beside the header's checkbox.
    pub header: Html,
    /// What stands between header and list.
    pub banner: Html,
}

/// The list.
#[component]
pub fn ItemList<T: Listed + PartialEq + 'static>(props: &ItemListProps<T>) -> Html {
    let on_press = {
        let (on_tick, on_cursor) = (props.on_tick.clone(), props.on_cursor.clone());
        use_callback((), move |(place, range): (usize, bool), ()| {
            on_cursor.emit(place);
            on_tick.emit(if range {
                Tick::To(place)
            } else {
                Tick::One(place)
            });
        })
    };
    let total = props.rows.total();
    let row = {
        let (rows, picks, cursor) = (props.rows.clone(), props.picks.clone(), props.cursor);
        let (draw, on_open) = (props.row.clone(), props.on_open.clone());
        Callback::from(move |place: usize| {
            let Some(item) = rows.get(place) else {
                return html! { <AwaitedRow key={place} picked={picks.shows(place, None)} /> };
            };
            draw.emit(RowAt {
                item: item.clone(),
                place,
                total,
                picked: picks.shows(place, Some(item.id())),
                cursor: cursor == Some(place),
                on_press: on_press.clone(),
                on_open: on_open.clone(),
            })
        })
    };
    let end = props.failed.clone().map(|error| {
        html! { <div class="list-state"><ProblemNote {error} retry={props.reload.clone()} /></div> }
    });
    let picked_any = !props.picks.is_empty();
    html! {
        <div class={classes!("mail", picked_any.then_some("picking"))}>
            <div class="list-head">
                <HeaderBox header={props.picks.header(total)} empty={total == 0}
                    on_tick={props.on_tick.reform(|()| Tick::Header)} />
                { props.header.clone() }
            </div>
            { props.banner.clone() }
            { match &props.first {
                Remote::NotAsked | Remote::Loading => html! { <div class="list-scroll">{ skeleton(props.kind) }</div> },
                Remote::Failed(error) => html! {
                    <div class="list-scroll list-state"><ProblemNote error={error.clone()} retry={props.reload.clone()} /></div>
                },
                Remote::Ready(()) if total == 0 => html! { <div class="list-scroll">{ empty(props.kind) }</div> },
                Remote::Ready(()) => html! {
                    <WindowList {total} {row} cursor={props.cursor} steps={props.steps} on_show={props.on_show.clone()}
                        label={label(props.kind)} end={end.unwrap_or_default()} testid={LIST} />
                },
            } }
        </div>
    }
}

/// What the list is called: “Mails”.
fn label(kind: Kind) -> String {
    let mut letters = kind.plural().chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}

fn skeleton(kind: Kind) -> Html {
    html! {
        <div class="skeleton-rows" role="status" aria-busy="true" aria-label={words::item_list_loading(kind.plural())} data-testid="list-loading">
            { for (0..14).map(|_| html! { <div class="skeleton-row"><i /><i /><i /></div> }) }
        </div>
    }
}

fn empty(kind: Kind) -> Html {
    let none = match kind {
        Kind::Mail => words::item_list_no_mail(),
        Kind::Contact => words::item_list_no_contact(),
        Kind::Mailbox => words::item_list_no_mailbox(),
        Kind::Recipient => words::item_list_no_recipient(),
    };
    html! {
        <div class="list-state empty" data-testid="list-empty">
            <svg class="empty-art" viewBox="0 0 96 64" aria-hidden="true">
                <path d="M12 34 24 10h48l12 24v18a2 2 0 0 1-2 2H14a2 2 0 0 1-2-2zM12 34h20l4 8h24l4-8h20" />
            </svg>
            <h2>{ words::item_list_empty() }</h2>
            <p class="muted">{ none }</p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct HeaderBoxProps {
    /// How it stands.
    pub header: HeaderTick,
    /// Whether there is nothing to tick.
    pub empty: bool,
    /// It was pressed.
    pub on_tick: Callback<()>,
}

/// The header's checkbox. “Some” can only be set on the element itself.
#[component]
pub fn HeaderBox(props: &HeaderBoxProps) -> Html {
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
        <label class="tick-area">
            <input ref={node} type="checkbox" class="tick" {onclick} disabled={props.empty}
                aria-label={words::item_list_select_all()} title={words::item_list_select_all_key()} data-testid="select-all" />
        </label>
    }
}
