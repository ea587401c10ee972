//! What an operation is meant for that is asked for by a key or by its name.

use yew::prelude::*;

use crate::components::toolbar::Wanted;
use crate::hooks::picking::Tick;
use crate::state::picks::Picks;

/// Wants an operation for what is ticked; where nothing is, for the row that the keyboard is on, which is ticked first.
/// None where there is neither, or what is ticked cannot be asked for.
pub fn for_what_is_meant(
    picks: &UseReducerHandle<Picks>,
    cursor: Option<usize>,
    tick: &Callback<Tick>,
    want: &Callback<Wanted>,
) -> Option<Callback<Wanted>> {
    if !picks.is_empty() {
        return picks.is_ready().then(|| want.clone());
    }
    let (picks, tick, want) = (picks.clone(), tick.clone(), want.clone());
    cursor.map(|cursor| {
        Callback::from(move |wanted| {
            tick.emit(Tick::One(cursor));
            // What is in a row that was not fetched yet, nobody can mean.
            if picks.is_ready() {
                want.emit(wanted);
            }
        })
    })
}
