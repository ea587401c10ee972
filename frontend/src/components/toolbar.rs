//! What can be done with the selection, and the selection in words.

use std::rc::Rc;

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::Item;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{About, Operation, OperationName};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::copy::keys::shown;
use crate::copy::numbers::{counted, mails, thousands};
use crate::state::picks::{Pick, Picks, Room};

/// What a button of the toolbar asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// Everything is said.
    Operation(Operation),
    /// Something has to be named first.
    Ask(OperationName),
}

/// What the button for an operation asks for.
pub fn wanted(name: OperationName) -> Wanted {
    match Operation::of(name, Default::default()) {
        Ok(operation) if name.about().fields.is_empty() => Wanted::Operation(operation),
        _ => Wanted::Ask(name),
    }
}

#[derive(Properties, PartialEq)]
pub struct ToolbarProps {
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// What is listed.
    pub listed: Rc<Vec<Item>>,
    /// All that match the search, where that is known.
    pub matching: Option<u64>,
    /// What can be done with the account's mails.
    pub abilities: Option<Abilities>,
    /// A button was pressed.
    pub on_want: Callback<Wanted>,
    /// Changes what is picked.
    pub on_pick: Callback<Pick>,
}

/// The toolbar.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let room = props.picks.room();
    let count = props.picks.count(props.matching);
    let blocked = room == Room::Over || count == Some(0);
    let button = |name: OperationName| {
        let about = name.about();
        let abilities = props.abilities.as_ref();
        let able = abilities.is_some_and(|abilities| abilities.of(name).is_some());
        let onclick = {
            let on_want = props.on_want.clone();
            Callback::from(move |_: MouseEvent| on_want.emit(wanted(name)))
        };
        let dots = if about.fields.is_empty() { "" } else { "…" };
        html! {
            <button key={about.name} type="button" class="tool" disabled={blocked || !able} {onclick}
                title={title(about, able)} data-testid={format!("action-{}", about.name)}>
                <Icon glyph={Glyph::Of(name)} /><span>{ format!("{}{dots}", about.label) }</span>
            </button>
        }
    };
    let clear = {
        let on_pick = props.on_pick.clone();
        Callback::from(move |_: MouseEvent| on_pick.emit(Pick::Clear))
    };
    html! {
        <div class="toolbar" role="toolbar" aria-label="With the selected mails" data-testid="toolbar">
            <span class="picked-count" aria-live="polite" data-testid="selection-count"
                data-count={count.map(|count| count.to_string())}>{ in_words(&props.picks, count) }</span>
            { unlisted_note(props) }
            { room_note(room) }
            <span class="tools">{ for OperationName::offered_for(Kind::Mail).map(button) }</span>
            <button type="button" class="icon-button" onclick={clear} aria-label="Select nothing"
                title="Select nothing (Esc)" data-testid="clear-selection"><Icon glyph={Glyph::Close} /></button>
        </div>
    }
}

fn title(about: &About, able: bool) -> String {
    match (able, about.keys.first()) {
        (false, _) => "This account cannot do that".to_owned(),
        (true, None) => about.label.to_owned(),
        (true, Some(key)) => format!("{} ({})", about.label, shown(key)),
    }
}

fn in_words(picks: &Picks, count: Option<u64>) -> String {
    let left_out = picks.left_out() as u64;
    match (picks.is_all_matching(), count) {
        (false, Some(count)) => format!("{} selected", mails(count)),
        (true, Some(count)) if left_out == 0 => format!("All {} selected", mails(count)),
        (true, Some(count)) => format!("{} selected", mails(count)),
        (_, None) if left_out == 0 => "All that match selected".to_owned(),
        (_, None) => format!("All that match except {}", counted(left_out, "mail")),
    }
}

/// A mail that is picked and no longer in the list: gone meanwhile, or further down. Without this the
/// number would be larger than that of the ticks, and nothing would say why.
fn unlisted_note(props: &ToolbarProps) -> Html {
    let listed: Vec<_> = props.listed.iter().map(|item| item.id.clone()).collect();
    let unlisted = props.picks.unlisted(&listed);
    if unlisted == 0 {
        return Html::default();
    }
    let (text, order) = if unlisted == 1 {
        ("1 of them is not in the list".to_owned(), "Leave it out")
    } else {
        let count = thousands(unlisted);
        (
            format!("{count} of them are not in the list"),
            "Leave them out",
        )
    };
    let listed = Rc::new(listed);
    let onclick = props
        .on_pick
        .reform(move |_: MouseEvent| Pick::Only(listed.clone()));
    html! {
        <span class="room warn" data-testid="unlisted" data-count={unlisted.to_string()}>
            { text }{ " " }
            <button type="button" class="text-button" {onclick} data-testid="leave-unlisted-out">{ order }</button>
        </span>
    }
}

fn room_note(room: Room) -> Html {
    match room {
        Room::Plenty => Html::default(),
        Room::Near(left) => html! {
            <span class="room warn" data-testid="limit-warning">
                { format!("{} more can be picked by hand", thousands(left as u64)) }
            </span>
        },
        Room::Over => html! {
            <span class="room over" role="alert" data-testid="limit-blocked">
                { "Too many picked by hand: untick some, or select all that match" }
            </span>
        },
    }
}
