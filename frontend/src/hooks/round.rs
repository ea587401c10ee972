//! A number that grows whenever something is to be done anew.

use std::rc::Rc;

use yew::prelude::*;

#[derive(Default)]
struct Round(u32);

impl Reducible for Round {
    type Action = ();

    fn reduce(self: Rc<Self>, (): ()) -> Rc<Self> {
        Rc::new(Self(self.0.wrapping_add(1)))
    }
}

/// The number, and a callback (the same each time) that begins the next round.
#[hook]
pub fn use_round() -> (u32, Callback<()>) {
    let round = use_reducer(Round::default);
    let dispatch = round.dispatcher();
    let next = use_callback((), move |(), ()| dispatch.dispatch(()));
    (round.0, next)
}
