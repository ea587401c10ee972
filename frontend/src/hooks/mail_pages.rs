//! The mails of a search, page after page.

use std::rc::Rc;

use bulkhead_shared::api::{Item, Items};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::unsearched::Unsearched;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{self, Answer};
use crate::hooks::round::use_round;
use crate::remote::Remote;

/// What was fetched so far.
#[derive(Clone, PartialEq)]
pub struct Pages {
    /// How far the first page is.
    pub first: Remote<()>,
    /// How far the next page is.
    pub rest: Remote<()>,
    /// The mails of all pages.
    pub items: Rc<Vec<Item>>,
    /// All that match, where the provider can tell.
    pub total: Option<u64>,
    /// What the search could not look at.
    pub unsearched: Rc<Vec<Unsearched>>,
    /// Whether there is a next page.
    pub has_more: bool,
    /// Fetches the next page, unless it is under way.
    pub more: Callback<()>,
    /// Begins anew. The old list stays until the new one is here.
    pub reload: Callback<()>,
}

/// Which search an answer belongs to.
type Wanted = (AccountId, String);

#[derive(Clone, Default)]
struct Fetched {
    wanted: Option<Wanted>,
    first: Remote<()>,
    rest: Remote<()>,
    items: Rc<Vec<Item>>,
    total: Option<u64>,
    unsearched: Rc<Vec<Unsearched>>,
    next: Option<String>,
}

enum Arrival {
    First(Wanted, Answer<Items>),
    Asked,
    Next(Wanted, Answer<Items>),
}

impl Reducible for Fetched {
    type Action = Arrival;

    fn reduce(self: Rc<Self>, arrival: Arrival) -> Rc<Self> {
        let mut fetched = (*self).clone();
        match arrival {
            Arrival::First(wanted, Ok(page)) => {
                fetched = Self {
                    wanted: Some(wanted),
                    first: Remote::Ready(()),
                    rest: Remote::NotAsked,
                    items: Rc::new(page.items),
                    total: page.total,
                    unsearched: Rc::new(page.unsearched),
                    next: page.next_cursor,
                };
            }
            Arrival::First(wanted, Err(error)) => {
                fetched = Self {
                    wanted: Some(wanted),
                    first: Remote::Failed(error),
                    ..Self::default()
                };
            }
            Arrival::Asked => fetched.rest = Remote::Loading,
            Arrival::Next(wanted, _) if fetched.wanted != Some(wanted.clone()) => {}
            Arrival::Next(_, Ok(page)) => {
                // A mail that moved between pages is listed once.
                let known: std::collections::HashSet<_> =
                    fetched.items.iter().map(|item| item.id.clone()).collect();
                let mut items = (*fetched.items).clone();
                items.extend(
                    page.items
                        .into_iter()
                        .filter(|item| !known.contains(&item.id)),
                );
                fetched.items = Rc::new(items);
                fetched.next = page.next_cursor;
                fetched.rest = Remote::Ready(());
            }
            Arrival::Next(_, Err(error)) => fetched.rest = Remote::Failed(error),
        }
        Rc::new(fetched)
    }
}

/// Fetches the mails that match `query`.
#[hook]
pub fn use_mail_pages(account: AccountId, query: String) -> Pages {
    let fetched = use_reducer(Fetched::default);
    let (round, reload) = use_round();
    let wanted = (account, query);
    {
        let dispatch = fetched.dispatcher();
        use_effect_with((wanted.clone(), round), move |(wanted, _)| {
            let current = Rc::new(std::cell::Cell::new(true));
            let (wanted, asking) = (wanted.clone(), current.clone());
            spawn_local(async move {
                let answer = api::items(wanted.0.clone(), wanted.1.clone(), None).await;
                if asking.get() {
                    dispatch.dispatch(Arrival::First(wanted, answer));
                }
            });
            move || current.set(false)
        });
    }
    let more = {
        let fetched = fetched.clone();
        Callback::from(move |()| {
            let (Some(wanted), Some(next)) = (fetched.wanted.clone(), fetched.next.clone()) else {
                return;
            };
            if fetched.rest == Remote::Loading {
                return;
            }
            let dispatch = fetched.dispatcher();
            dispatch.dispatch(Arrival::Asked);
            spawn_local(async move {
                let answer = api::items(wanted.0.clone(), wanted.1.clone(), Some(next)).await;
                dispatch.dispatch(Arrival::Next(wanted, answer));
            });
        })
    };
    if fetched.wanted.as_ref() != Some(&wanted) {
        return Pages {
            first: Remote::Loading,
            rest: Remote::NotAsked,
            items: Rc::default(),
            total: None,
            unsearched: Rc::default(),
            has_more: false,
            more,
            reload,
        };
    }
    Pages {
        first: fetched.first.clone(),
        rest: fetched.rest.clone(),
        items: fetched.items.clone(),
        total: fetched.total,
        unsearched: fetched.unsearched.clone(),
        has_more: fetched.next.is_some(),
        more,
        reload,
    }
}
