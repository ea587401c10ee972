//! Fetches something when it is first needed and whenever what it depends on changes.

use std::future::Future;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::Answer;
use crate::browser;
use crate::hooks::at_once::at_once;
use crate::hooks::round::use_round;
use crate::remote::Remote;

/// Something fetched, and how to fetch it again.
pub struct Loaded<T> {
    /// How far it is.
    pub remote: Remote<T>,
    /// Fetches it again; what is shown stays until the new answer is here.
    pub reload: Callback<()>,
}

/// Fetches with `fetch` for `wanted`. An answer that comes after `wanted` changed is dropped.
#[hook]
pub fn use_loading<K, T, F, Fut>(wanted: K, fetch: F) -> Loaded<T>
where
    K: Clone + PartialEq + 'static,
    T: Clone + 'static,
    F: FnOnce(K) -> Option<Fut> + 'static,
    Fut: Future<Output = Answer<T>> + 'static,
{
    let state = use_state(|| (None::<K>, Remote::<T>::NotAsked));
    let (round, reload) = use_round();
    {
        let state = state.clone();
        use_effect_with((wanted.clone(), round), move |(wanted, _)| {
            let current = std::rc::Rc::new(std::cell::Cell::new(true));
            if let Some(future) = fetch(wanted.clone()) {
                let (wanted, current) = (wanted.clone(), current.clone());
                let mut future = Box::pin(future);
                let here = at_once(&mut future);
                spawn_local(async move {
                    if let Some(answer) = here {
                        return state.set((Some(wanted), answer.into()));
                    }
                    let answer = future.await;
                    browser::give_way().await;
                    if current.get() {
                        state.set((Some(wanted), answer.into()));
                    }
                });
            }
            move || current.set(false)
        });
    }
    // What was fetched for something else is not shown for this.
    let remote = match &*state {
        (Some(fetched), remote) if *fetched == wanted => remote.clone(),
        _ => Remote::Loading,
    };
    Loaded { remote, reload }
}
