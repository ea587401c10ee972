//! The address bar: where the person is, and the way elsewhere.
//!
//! The app's own, because it is small: a library brings its language of patterns, other ways of keeping a history and
//! another reader of queries, which together are more than the list of mails.

use yew::prelude::*;

use crate::browser;
use crate::hooks::window_event::use_window_event;
use crate::routes::{Route, Search};

/// Where the person is.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub route: Route,
    pub search: Search,
}

impl Place {
    /// What the address bar says.
    fn here() -> Self {
        Self {
            route: Route::of(&browser::path()),
            search: Search::of(&browser::query()),
        }
    }
}

/// The way elsewhere.
#[derive(Clone, PartialEq)]
pub struct Navigator {
    moved: Callback<()>,
}

impl Navigator {
    /// Goes to an address of the app.
    pub fn open(&self, to: &Route, search: &Search) {
        browser::push_path(&address(to, search));
        self.moved.emit(());
    }

    /// Goes there in place of the page before, which Back then skips.
    pub fn open_instead(&self, to: &Route, search: &Search) {
        browser::set_path(&address(to, search));
        self.moved.emit(());
    }
}

/// An address as a link has it.
pub fn address(to: &Route, search: &Search) -> String {
    format!("{}{}", to.path(), search.suffix())
}

#[derive(Properties, PartialEq)]
pub struct RouterProps {
    pub children: Html,
}

/// Tells everything in it where the person is.
#[component]
pub fn Router(props: &RouterProps) -> Html {
    let place = use_state_eq(Place::here);
    let moved = {
        let place = place.setter();
        use_callback((), move |(), ()| place.set(Place::here()))
    };
    use_window_event("popstate", moved.reform(|_| ()));
    html! {
        <ContextProvider<Navigator> context={Navigator { moved }}>
            <ContextProvider<Place> context={(*place).clone()}>{ props.children.clone() }</ContextProvider<Place>>
        </ContextProvider<Navigator>>
    }
}

/// The way elsewhere; none outside of the router.
#[hook]
pub fn use_navigator() -> Option<Navigator> {
    use_context::<Navigator>()
}

/// Where the person is.
#[hook]
pub fn use_place() -> Option<Place> {
    use_context::<Place>()
}
