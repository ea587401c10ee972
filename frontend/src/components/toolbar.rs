//! What can be done with the selection, and the selection in words.

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::operation::{Operation, OperationKind};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::copy::jobs;
use crate::copy::numbers::{counted, mails, thousands};
use crate::state::picks::{Picks, Room};

/// What a button of the toolbar asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// Everything is said.
    Operation(Operation),
    /// Something has to be named first.
    Ask(OperationKind),
}

/// What the button for an operation asks for.
pub fn wanted(kind: OperationKind) -> Wanted {
    match kind {
        OperationKind::Archive => Wanted::Operation(Operation::Archive {}),
        OperationKind::Trash => Wanted::Operation(Operation::Trash {}),
        OperationKind::MarkRead => Wanted::Operation(Operation::MarkRead {}),
        OperationKind::MarkUnread => Wanted::Operation(Operation::MarkUnread {}),
        OperationKind::Label
        | OperationKind::Move
        | OperationKind::Export
        | OperationKind::Undo => Wanted::Ask(kind),
    }
}

#[derive(Properties, PartialEq)]
pub struct ToolbarProps {
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// All that match the search, where that is known.
    pub matching: Option<u64>,
    /// What the account can do.
    pub abilities: Abilities,
    /// A button was pressed.
    pub on_want: Callback<Wanted>,
    /// Nothing is to be picked any more.
    pub on_clear: Callback<()>,
}

/// The toolbar.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let room = props.picks.room();
    let count = props.picks.count(props.matching);
    let blocked = room == Room::Over || count == Some(0);
    let button = |kind: &OperationKind| {
        let kind = *kind;
        let able = props.abilities.of(kind).is_some();
        let onclick = {
            let on_want = props.on_want.clone();
            Callback::from(move |_: MouseEvent| on_want.emit(wanted(kind)))
        };
        let dots = if matches!(wanted(kind), Wanted::Ask(_)) {
            "…"
        } else {
            ""
        };
        let (glyph, key) = face(kind);
        html! {
            <button key={kind.name()} type="button" class="tool" disabled={blocked || !able} {onclick}
                title={title(kind, key, able)} data-testid={format!("action-{}", kind.name())}>
                <Icon {glyph} /><span>{ format!("{}{dots}", jobs::short(kind)) }</span>
            </button>
        }
    };
    let clear = {
        let on_clear = props.on_clear.clone();
        Callback::from(move |_: MouseEvent| on_clear.emit(()))
    };
    html! {
        <div class="toolbar" role="toolbar" aria-label="With the selected mails" data-testid="toolbar">
            <span class="picked-count" aria-live="polite" data-testid="selection-count"
                data-count={count.map(|count| count.to_string())}>{ in_words(&props.picks, count) }</span>
            { room_note(room) }
            <span class="tools">{ for OperationKind::OFFERED.iter().map(button) }</span>
            <button type="button" class="icon-button" onclick={clear} aria-label="Select nothing"
                title="Select nothing (Esc)" data-testid="clear-selection"><Icon glyph={Glyph::Close} /></button>
        </div>
    }
}

fn title(kind: OperationKind, key: &str, able: bool) -> String {
    match (able, key) {
        (false, _) => "This account cannot do that".to_owned(),
        (true, "") => jobs::short(kind).to_owned(),
        (true, key) => format!("{} ({key})", jobs::short(kind)),
    }
}

fn face(kind: OperationKind) -> (Glyph, &'static str) {
    match kind {
        OperationKind::Archive => (Glyph::Archive, "e"),
        OperationKind::Trash => (Glyph::Trash, "#"),
        OperationKind::Label => (Glyph::Label, "l"),
        OperationKind::MarkRead => (Glyph::MailOpen, "Shift+I"),
        OperationKind::MarkUnread => (Glyph::Mail, "Shift+U"),
        OperationKind::Move => (Glyph::Move, "v"),
        OperationKind::Export => (Glyph::Download, ""),
        OperationKind::Undo => (Glyph::Undo, ""),
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
