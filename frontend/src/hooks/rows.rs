//! The rows of a long list, fetched where somebody looks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::rc::Rc;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::unsearched::Unsearched;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{Answer, CallError};
use crate::browser;
use crate::hooks::at_once::at_once;
use crate::hooks::fold::fold;
use crate::hooks::round::use_round;
use crate::remote::Remote;
use crate::state::rows::{Listed, PAGE, Rows};

/// Milliseconds for which the list has to stand still before what it shows is fetched: who drags the
/// scroll bar passes a thousand rows in a moment.
const STANDING_STILL: u32 = 60;
/// Rows above and below what is drawn that are fetched too.
const AHEAD: usize = 50;

/// The rows that are fetched of a list that was not shown before.
pub const FIRST: Range<usize> = 0..PAGE;

/// Some rows of a list, as they were fetched.
pub struct Page<T> {
    pub rows: Vec<T>,
    /// All rows there are.
    pub total: u64,
    /// What the search could not look at.
    pub unsearched: Vec<Unsearched>,
}

/// A page on its way.
pub type Fetching<T> = Pin<Box<dyn Future<Output = Answer<Page<T>>>>>;
/// Fetches so many rows of a list from a place on.
pub type Fetch<T> = Rc<dyn Fn(Range<usize>) -> Fetching<T>>;

/// A list under watch.
pub struct UseRows<T> {
    /// How far the first rows are.
    pub first: Remote<()>,
    pub rows: Rc<Rows<T>>,
    /// What the search could not look at.
    pub unsearched: Rc<Vec<Unsearched>>,
    /// Why rows further down did not come.
    pub failed: Option<CallError>,
    /// Milliseconds that the last answer about a whole list took; none before there was one.
    pub took: Option<u32>,
    /// These rows are looked at.
    pub show: Callback<Range<usize>>,
    /// Reads the list again. What is shown stays until the answer is here.
    pub reload: Callback<()>,
    /// Takes rows out that are about to leave.
    pub leave: Callback<Rc<BTreeSet<ItemId>>>,
    /// Fetches ids that are not here.
    pub fetch: Fetch<T>,
}

struct State<K, T> {
    wanted: Option<K>,
    first: Remote<()>,
    rows: Rc<Rows<T>>,
    unsearched: Rc<Vec<Unsearched>>,
    failed: Option<CallError>,
    /// Grows with everything that changes the rows.
    generation: u32,
}

enum Action<K, T> {
    /// The list as it is now: what was there before is forgotten.
    Anew(K, usize, Answer<Page<T>>),
    /// More of the list.
    More(K, usize, Answer<Page<T>>),
    Leave(Rc<BTreeSet<ItemId>>),
}

impl<K, T> Default for State<K, T> {
    fn default() -> Self {
        Self {
            wanted: None,
            first: Remote::NotAsked,
            rows: Rc::new(Rows::default()),
            unsearched: Rc::default(),
            failed: None,
            generation: 0,
        }
    }
}

impl<K: Clone + PartialEq, T: Listed> State<K, T> {
    fn next(&self) -> Self {
        Self {
            wanted: self.wanted.clone(),
            first: self.first.clone(),
            rows: self.rows.clone(),
            unsearched: self.unsearched.clone(),
            failed: None,
            generation: self.generation.wrapping_add(1),
        }
    }

    fn arrived(&mut self, mut rows: Rows<T>, place: usize, page: Page<T>) {
        let total = usize::try_from(page.total).unwrap_or(usize::MAX);
        rows.arrive(place, page.rows, total);
        self.rows = Rc::new(rows);
        self.unsearched = Rc::new(page.unsearched);
        self.first = Remote::Ready(());
    }
}

impl<K: Clone + PartialEq, T: Listed> Reducible for State<K, T> {
    type Action = Action<K, T>;

    fn reduce(self: Rc<Self>, action: Action<K, T>) -> Rc<Self> {
        let mut next = self.next();
        match action {
            Action::Anew(wanted, place, Ok(page)) => {
                next.wanted = Some(wanted);
                next.arrived(Rows::default(), place, page);
            }
            Action::Anew(wanted, _, Err(error)) => {
                next = Self {
                    wanted: Some(wanted),
                    first: Remote::Failed(error),
                    generation: next.generation,
                    ..Self::default()
                };
            }
            Action::More(wanted, ..) if self.wanted.as_ref() != Some(&wanted) => return self,
            Action::More(_, place, Ok(page)) => {
                next.arrived((*self.rows).clone(), place, page);
            }
            Action::More(_, _, Err(error)) => {
                next.failed = Some(error);
                next.generation = self.generation;
            }
            Action::Leave(ids) => {
                let mut rows = (*self.rows).clone();
                rows.leave(&ids);
                next.rows = Rc::new(rows);
            }
        }
        Rc::new(next)
    }
}

/// Watches the list that `wanted` names.
#[hook]
pub fn use_rows<K, T>(wanted: K, fetch: Fetch<T>) -> UseRows<T>
where
    K: Clone + PartialEq + 'static,
    T: Listed + 'static,
{
    let state = use_reducer(State::<K, T>::default);
    let (round, reload) = use_round();
    // Not a state: that somebody looks elsewhere draws nothing, unless something is missing there.
    let seen = use_mut_ref(|| 0..0);
    let latest = use_mut_ref(Rc::<Rows<T>>::default);
    latest.replace(state.rows.clone());
    let (lacks, tell_lack) = use_round();
    let asked = use_mut_ref(|| None::<(u32, usize)>);
    let took = use_mut_ref(|| None::<u32>);
    {
        let (dispatch, fetch, took) = (state.dispatcher(), fetch.clone(), took.clone());
        let place = match state.wanted.as_ref() == Some(&wanted) {
            true => {
                let last = state.rows.total().saturating_sub(PAGE);
                seen.borrow().start.min(last)
            }
            false => 0,
        };
        use_effect_with((wanted.clone(), round), move |(wanted, _)| {
            let (current, asking) = flag();
            let wanted = wanted.clone();
            let began = browser::now_ms();
            let mut fetching = fetch(place..place + PAGE);
            if let Some(answer) = at_once(&mut fetching) {
                // Asked for beforehand: it is drawn with the page.
                took.replace(Some(0));
                dispatch.dispatch(Action::Anew(wanted, place, answer));
                return Box::new(|| ()) as Box<dyn FnOnce()>;
            }
            spawn_local(async move {
                let answer = fetching.await;
                took.replace(u32::try_from(browser::now_ms() - began).ok());
                browser::give_way().await;
                if asking.get() {
                    dispatch.dispatch(Action::Anew(wanted, place, answer));
                }
            });
            Box::new(move || current.set(false))
        });
    }
    {
        let (dispatch, rows) = (state.dispatcher(), state.rows.clone());
        let fetch = fetch.clone();
        let deps = (lacks, state.generation, wanted.clone());
        let is_here = state.wanted.as_ref() == Some(&wanted);
        let seen = seen.clone();
        use_effect_with(deps, move |(_, generation, wanted)| {
            let (current, asking) = flag();
            let missing = rows.missing(seen.borrow().clone());
            if let Some(missing) = missing.filter(|_| is_here) {
                let more = More {
                    dispatch,
                    wanted: wanted.clone(),
                    asked,
                    name: (*generation, missing.start),
                };
                spawn_local(more.ask(fetch, missing, asking));
            }
            move || current.set(false)
        });
    }
    let looked_at = use_mut_ref(|| 0..0);
    let show = use_callback((), move |rows: Range<usize>, ()| {
        looked_at.replace(rows.clone());
        let (seen, looked_at) = (seen.clone(), looked_at.clone());
        let (latest, tell_lack) = (latest.clone(), tell_lack.clone());
        spawn_local(async move {
            browser::sleep(STANDING_STILL).await;
            if *looked_at.borrow() == rows {
                let around = rows.start.saturating_sub(AHEAD)..rows.end + AHEAD;
                seen.replace(around.clone());
                if latest.borrow().missing(around).is_some() {
                    tell_lack.emit(());
                }
            }
        });
    });
    let leave = {
        let dispatch = state.dispatcher();
        use_callback((), move |ids: Rc<BTreeSet<ItemId>>, ()| {
            let dispatch = dispatch.clone();
            spawn_local(async move {
                let folded = fold(&ids).await;
                dispatch.dispatch(Action::Leave(ids));
                folded.free();
            });
        })
    };
    let here = state.wanted.as_ref() == Some(&wanted);
    let took = *took.borrow();
    UseRows {
        took,
        first: if here {
            state.first.clone()
        } else {
            Remote::Loading
        },
        rows: if here {
            state.rows.clone()
        } else {
            Rc::default()
        },
        unsearched: if here {
            state.unsearched.clone()
        } else {
            Rc::default()
        },
        failed: state.failed.clone().filter(|_| here),
        show,
        reload,
        leave,
        fetch,
    }
}

/// Whether an answer is still wanted: one end to say so, one to ask.
fn flag() -> (Rc<Cell<bool>>, Rc<Cell<bool>>) {
    let flag = Rc::new(Cell::new(true));
    (flag.clone(), flag)
}

/// A call for rows that are missing.
struct More<K: Clone + PartialEq + 'static, T: Listed + 'static> {
    dispatch: UseReducerDispatcher<State<K, T>>,
    wanted: K,
    /// The call that is under way.
    asked: Rc<RefCell<Option<(u32, usize)>>>,
    name: (u32, usize),
}

impl<K: Clone + PartialEq, T: Listed> More<K, T> {
    async fn ask(self, fetch: Fetch<T>, missing: Range<usize>, asking: Rc<Cell<bool>>) {
        if !asking.get() || *self.asked.borrow() == Some(self.name) {
            return;
        }
        self.asked.replace(Some(self.name));
        let answer = fetch(missing.clone()).await;
        self.asked.replace(None);
        self.dispatch
            .dispatch(Action::More(self.wanted, missing.start, answer));
    }
}
