//! What each key does in the mailbox.

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::OperationName;
use web_sys::Element;
use yew::prelude::*;

use crate::browser;
use crate::components::search_box::SEARCH_ID;
use crate::components::toolbar::{Wanted, wanted};
use crate::components::window_list::page_of;
use crate::hooks::picking::Tick;

/// What the keyboard opens.
pub struct Opening {
    /// Opens what is at a place.
    pub open: Callback<usize>,
    /// Closes what is open; none if nothing is.
    pub close: Option<Callback<()>>,
}

/// Where the keyboard is and what it may ask for.
pub struct Keyboard {
    /// What is listed.
    pub kind: Kind,
    /// What tests and the keyboard call the list.
    pub list: &'static str,
    /// Mails in the list.
    pub total: usize,
    /// The mail it is on.
    pub cursor: Option<usize>,
    /// What can be done with the account's mails.
    pub abilities: Option<Abilities>,
    /// Goes to another mail.
    pub on_cursor: Callback<usize>,
    /// Opens the mail it is on, where that can be, and closes what is open.
    pub opening: Option<Opening>,
    /// Changes what is picked.
    pub on_tick: Callback<Tick>,
    /// Wants an operation for what is meant; none where nothing is.
    pub on_want: Option<Callback<Wanted>>,
    /// Shows the sheet of keys.
    pub on_help: UseStateHandle<bool>,
    /// Reads the list again.
    pub on_refresh: Callback<()>,
}

impl Keyboard {
    /// A key was pressed.
    pub fn press(&self, event: &KeyboardEvent) {
        let page = isize::try_from(page_of(self.list)).unwrap_or(1);
        let shift = event.shift_key();
        let taken = match event.key().as_str() {
            "ArrowDown" if shift => self.extend(1),
            "ArrowUp" if shift => self.extend(-1),
            "j" | "ArrowDown" => self.step(1),
            "k" | "ArrowUp" => self.step(-1),
            "PageDown" => self.step(page),
            "PageUp" => self.step(-page),
            "Home" => self.step(isize::MIN),
            "End" => self.step(isize::MAX),
            "Enter" | "o" => !is_on_control(event) && self.open(),
            "x" => self.tick_cursor(Tick::One),
            "X" => self.tick_cursor(Tick::To),
            "*" => self.tick(Tick::Header),
            "/" => {
                browser::focus(SEARCH_ID);
                true
            }
            "r" => {
                self.on_refresh.emit(());
                true
            }
            "?" => {
                self.on_help.set(true);
                true
            }
            "Escape" => self.close() || self.tick(Tick::Nothing),
            // A key that is held down is meant once.
            key => !event.repeat() && self.operate(key),
        };
        if taken {
            event.prevent_default();
        }
    }

    /// The place so many rows further; none in an empty list.
    fn place(&self, by: isize) -> Option<usize> {
        let last = self.total.checked_sub(1)?;
        Some(match (self.cursor, by) {
            (_, isize::MAX) => last,
            (Some(cursor), _) => cursor.saturating_add_signed(by).min(last),
            (None, _) => 0,
        })
    }

    fn step(&self, by: isize) -> bool {
        let place = self.place(by);
        if let Some(place) = place {
            self.on_cursor.emit(place);
        }
        place.is_some()
    }

    fn extend(&self, by: isize) -> bool {
        match (self.cursor, self.place(by)) {
            (Some(from), Some(to)) if from != to => {
                self.on_tick.emit(Tick::Along { from, to });
                self.step(by)
            }
            _ => self.step(by),
        }
    }

    fn open(&self) -> bool {
        let at = self.opening.as_ref().zip(self.cursor);
        if let Some((opening, place)) = at {
            opening.open.emit(place);
        }
        at.is_some()
    }

    /// Whether there was something to close.
    fn close(&self) -> bool {
        let opening = self.opening.as_ref();
        let close = opening.and_then(|opening| opening.close.as_ref());
        if let Some(close) = close {
            close.emit(());
        }
        close.is_some()
    }

    fn tick_cursor(&self, tick: fn(usize) -> Tick) -> bool {
        self.cursor.is_some_and(|cursor| self.tick(tick(cursor)))
    }

    fn tick(&self, tick: Tick) -> bool {
        self.on_tick.emit(tick);
        true
    }

    /// Asks for the operation that has this key.
    fn operate(&self, key: &str) -> bool {
        let mut offered = OperationName::offered_for(self.kind).filter(|name| !name.makes_items());
        let wanted_one = offered.find(|name| name.about().keys.contains(&key));
        let can = |name| {
            let abilities = self.abilities.as_ref();
            abilities.is_some_and(|abilities| abilities.of(name).is_some())
        };
        let able = self
            .on_want
            .as_ref()
            .zip(wanted_one.filter(|&name| can(name)));
        if let Some((on_want, name)) = able {
            on_want.emit(wanted(name));
        }
        able.is_some()
    }
}

/// Enter presses what the keyboard is on, if that can be pressed.
fn is_on_control(event: &KeyboardEvent) -> bool {
    let on = event.target_dyn_into::<Element>();
    on.is_some_and(|on| {
        on.closest("button, a, input, summary")
            .ok()
            .flatten()
            .is_some()
    })
}
