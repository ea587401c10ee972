//! The list of contacts with its header.

use std::ops::Range;
use std::rc::Rc;

use bulkhead_shared::kinds::Card;
use yew::prelude::*;

use crate::api::CallError;
use crate::components::mail_list::HeaderBox;
use crate::components::mail_row::AwaitedRow;
use crate::components::problem_note::ProblemNote;
use crate::components::window_list::WindowList;
use crate::hooks::picking::Tick;
use crate::remote::Remote;
use crate::state::picks::Picks;
use crate::state::rows::Rows;

/// What tests and the keyboard call the list.
pub const LIST: &str = "contact-list";

#[derive(Properties, PartialEq)]
pub struct ContactListProps {
    /// How far the first contacts are.
    pub first: Remote<()>,
    /// The contacts.
    pub rows: Rc<Rows<Card>>,
    /// Why contacts further down did not come.
    pub failed: Option<CallError>,
    /// These contacts are looked at.
    pub on_show: Callback<Range<usize>>,
    /// Reads the list again.
    pub reload: Callback<()>,
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// Changes what is picked.
    pub on_tick: Callback<Tick>,
    /// Where the keyboard is.
    pub cursor: Option<usize>,
    /// Puts the keyboard elsewhere.
    pub on_cursor: Callback<usize>,
    /// What stands beside the header's checkbox.
    pub header: Html,
    /// What stands between header and list.
    pub banner: Html,
}

/// The list.
#[component]
pub fn ContactList(props: &ContactListProps) -> Html {
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
        Callback::from(move |place: usize| {
            let Some(card) = rows.get(place) else {
                return html! { <AwaitedRow key={place} picked={picks.shows(place, None)} /> };
            };
            html! {
                <ContactRow key={place} card={card.clone()} {place} {total} cursor={cursor == Some(place)}
                    picked={picks.shows(place, Some(&card.id))} on_press={on_press.clone()} />
            }
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
                Remote::NotAsked | Remote::Loading => html! {
                    <div class="list-scroll"><div class="skeleton-rows" aria-busy="true" aria-label="Loading contacts">
                        { for (0..14).map(|_| html! { <div class="skeleton-row"><i /><i /><i /></div> }) }
                    </div></div>
                },
                Remote::Failed(error) => html! {
                    <div class="list-scroll list-state"><ProblemNote error={error.clone()} retry={props.reload.clone()} /></div>
                },
                Remote::Ready(()) if total == 0 => html! {
                    <div class="list-scroll"><div class="list-state empty" data-testid="list-empty">
                        <h2>{ "Nobody here" }</h2>
                        <p class="muted">{ "No contact matches this search." }</p>
                    </div></div>
                },
                Remote::Ready(()) => html! {
                    <WindowList {total} {row} cursor={props.cursor} on_show={props.on_show.clone()} label="Contacts"
                        end={end.unwrap_or_default()} testid={LIST} />
                },
            } }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ContactRowProps {
    card: Rc<Card>,
    place: usize,
    total: usize,
    picked: bool,
    cursor: bool,
    on_press: Callback<(usize, bool)>,
}

/// One contact. A click anywhere ticks it; with Shift, everything from the last tick on.
#[component]
fn ContactRow(props: &ContactRowProps) -> Html {
    let card = &props.card;
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
        "contact-row",
        props.picked.then_some("picked"),
        props.cursor.then_some("cursor")
    );
    let fact = |name: &str| {
        let mut facts = card.facts.iter();
        facts
            .find(|fact| fact.name == name)
            .map(|fact| fact.value.clone())
    };
    html! {
        <li {class} {onclick} {onmousedown} data-testid="contact-row" data-item={card.id.to_string()}
            aria-setsize={props.total.to_string()} aria-posinset={(props.place + 1).to_string()}>
            <span class="tick-area">
                <input type="checkbox" class="tick" checked={props.picked} data-testid="row-checkbox"
                    aria-label={format!("Select {}", card.title)} />
            </span>
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
        </li>
    }
}
