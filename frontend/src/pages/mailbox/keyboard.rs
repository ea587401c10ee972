//! What each key does in the mailbox.

use std::rc::Rc;

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::Item;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::OperationName;
use yew::prelude::*;

use crate::browser;
use crate::components::mail_row::row_id;
use crate::components::search_box::SEARCH_ID;
use crate::components::toolbar::{Wanted, wanted};
use crate::state::picks::Pick;

/// Where the keyboard is and what it may ask for.
pub struct Keyboard {
    /// The listed mails.
    pub items: Rc<Vec<Item>>,
    /// The mail it is on.
    pub cursor: Option<usize>,
    /// Whether anything is picked.
    pub any_picked: bool,
    /// What can be done with the account's mails.
    pub abilities: Option<Abilities>,
    /// Goes to another mail.
    pub on_cursor: Callback<usize>,
    /// Changes what is picked.
    pub on_pick: Callback<Pick>,
    /// Wants an operation.
    pub on_want: Callback<Wanted>,
    /// Shows the sheet of keys.
    pub on_help: UseStateHandle<bool>,
    /// Reads the list again.
    pub on_refresh: Callback<()>,
}

impl Keyboard {
    /// A key was pressed.
    pub fn press(&self, event: &KeyboardEvent) {
        let taken = match event.key().as_str() {
            "j" | "ArrowDown" => self.step(1),
            "k" | "ArrowUp" => self.step(-1),
            "x" => self.tick(false),
            "X" => self.tick(true),
            "*" => {
                let ids = self.items.iter().map(|item| item.id.clone()).collect();
                self.pick(Pick::Page(Rc::new(ids)))
            }
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
            "Escape" => self.pick(Pick::Clear),
            key => self.operate(key),
        };
        if taken {
            event.prevent_default();
        }
    }

    fn step(&self, by: isize) -> bool {
        let Some(last) = self.items.len().checked_sub(1) else {
            return false;
        };
        let next = match self.cursor {
            Some(cursor) => cursor.saturating_add_signed(by).min(last),
            None => 0,
        };
        self.on_cursor.emit(next);
        browser::reveal(&row_id(next));
        true
    }

    fn tick(&self, range: bool) -> bool {
        let Some(item) = self.cursor.and_then(|cursor| self.items.get(cursor)) else {
            return false;
        };
        self.pick(if range {
            let listed = self.items.iter().map(|item| item.id.clone()).collect();
            Pick::Range {
                to: item.id.clone(),
                listed: Rc::new(listed),
            }
        } else {
            Pick::Toggle(item.id.clone())
        })
    }

    fn pick(&self, pick: Pick) -> bool {
        self.on_pick.emit(pick);
        true
    }

    /// Asks for the operation that has this key.
    fn operate(&self, key: &str) -> bool {
        let mut offered = OperationName::offered_for(Kind::Mail);
        let wanted_one = offered.find(|name| name.about().keys.contains(&key));
        let can = |name| {
            let abilities = self.abilities.as_ref();
            abilities.is_some_and(|abilities| abilities.of(name).is_some())
        };
        let able = wanted_one.filter(|&name| self.any_picked && can(name));
        if let Some(name) = able {
            self.on_want.emit(wanted(name));
        }
        able.is_some()
    }
}
