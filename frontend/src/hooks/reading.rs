//! The mail that is open beside the list: the one that the keyboard is on.

use std::rc::Rc;

use bulkhead_shared::api::Item;
use yew::prelude::*;

use crate::state::rows::Rows;

/// What is open, and how that changes.
pub struct UseReading {
    /// The mail; none while nothing is open.
    pub mail: Option<Rc<Item>>,
    /// Opens the one that the keyboard is on.
    pub open: Callback<()>,
    /// Closes it.
    pub close: Callback<()>,
}

/// What is open of this list. It follows the keyboard, and stays what it is while the list changes under it.
/// Another `list` begins with nothing open.
#[hook]
pub fn use_reading<K>(list: K, cursor: Option<usize>, rows: &Rc<Rows<Item>>) -> UseReading
where
    K: PartialEq + 'static,
{
    let is_open = use_state_eq(|| false);
    let mail = use_state(|| None::<Rc<Item>>);
    let shown = use_mut_ref(|| None::<usize>);
    {
        let is_open = is_open.clone();
        use_effect_with(list, move |_| is_open.set(false));
    }
    {
        let (rows, mail) = (rows.clone(), mail.clone());
        let known = cursor.is_some_and(|cursor| rows.get(cursor).is_some());
        use_effect_with((*is_open, cursor, known), move |&(is_open, cursor, _)| {
            let place = cursor.filter(|_| is_open);
            if place == *shown.borrow() {
                return;
            }
            let found = place.and_then(|place| rows.get(place)).cloned();
            if place.is_none() || found.is_some() {
                *shown.borrow_mut() = place;
                mail.set(found);
            }
        });
    }
    let open = {
        let is_open = is_open.clone();
        use_callback((), move |(), ()| is_open.set(true))
    };
    let close = use_callback((), move |(), ()| is_open.set(false));
    UseReading {
        mail: (*mail).clone(),
        open,
        close,
    }
}
