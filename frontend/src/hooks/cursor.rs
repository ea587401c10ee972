//! The row that the keyboard is on.

use yew::prelude::*;

/// Where the keyboard is in a list, and how that changes.
pub struct UseCursor<K: 'static> {
    /// The row; none before the keyboard came to the list.
    pub place: Option<usize>,
    /// Goes to a row of the list that is shown.
    pub go: Callback<usize>,
    /// Goes to the first row of a list, which may be one that is not shown yet.
    pub enter: Callback<K>,
}

/// Where the keyboard is in this list. In another `list` it is nowhere, unless that one was entered.
#[hook]
pub fn use_cursor<K>(list: K) -> UseCursor<K>
where
    K: PartialEq + Clone + 'static,
{
    let at = use_state(|| None::<(K, usize)>);
    let go = use_callback((list.clone(), at.setter()), |place: usize, (list, at)| {
        at.set(Some((list.clone(), place)))
    });
    let enter = use_callback(at.setter(), |list: K, at| at.set(Some((list, 0))));
    let here = at.as_ref().filter(|(of, _)| *of == list);
    UseCursor {
        place: here.map(|(_, place)| *place),
        go,
        enter,
    }
}
