//! A link inside the app: a real address, so that it opens in a second tab, followed without a
//! reload when it is simply clicked.

use yew::prelude::*;

use crate::router::{Navigator, address, use_navigator};
use crate::routes::{Route, Search};

#[derive(Properties, PartialEq)]
pub struct GoProps {
    /// Where to.
    pub to: Route,
    /// What the address carries.
    #[prop_or_default]
    pub search: Search,
    /// Classes.
    #[prop_or_default]
    pub class: Classes,
    /// Whether this is where the person is.
    #[prop_or_default]
    pub current: bool,
    /// For tests.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// For those who do not see the content.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// What is shown.
    pub children: Html,
}

/// The link.
#[component]
pub fn Go(props: &GoProps) -> Html {
    let navigator = use_navigator();
    let href = address(&props.to, &props.search);
    let onclick = {
        let (to, search) = (props.to.clone(), props.search.clone());
        Callback::from(move |event: MouseEvent| {
            let plain = event.button() == 0
                && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
            if let (true, Some(navigator)) = (plain, &navigator) {
                event.prevent_default();
                open(navigator, &to, &search);
            }
        })
    };
    html! {
        <a {href} {onclick} class={props.class.clone()} data-testid={props.testid.clone()}
            aria-label={props.label.clone()} aria-current={props.current.then_some("page")}>
            { props.children.clone() }
        </a>
    }
}

/// Goes to an address of the app.
pub fn open(navigator: &Navigator, to: &Route, search: &Search) {
    navigator.open(to, search);
}

/// Goes there in place of the page before, which Back then skips.
pub fn open_instead(navigator: &Navigator, to: &Route, search: &Search) {
    navigator.open_instead(to, search);
}
