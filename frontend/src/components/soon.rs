//! What comes a moment later than all else.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::browser;

#[derive(Properties, PartialEq)]
pub struct SoonProps {
    pub children: Html,
    /// Whether they stand in the sidebar: where that is a drawer, nobody sees them yet, and the list goes first.
    #[prop_or_default]
    pub in_sidebar: bool,
}

/// Its children, once the browser has drawn what stands around them: at first a page is more than can be drawn without
/// holding up whoever touches it.
#[component]
pub fn Soon(props: &SoonProps) -> Html {
    let is_time = use_state(|| false);
    let (setter, in_sidebar) = (is_time.setter(), props.in_sidebar);
    use_effect_with((), move |()| {
        spawn_local(async move {
            match in_sidebar && browser::is_narrow() {
                true => api::after_the_list().await,
                false => browser::give_way().await,
            }
            setter.set(true);
        });
    });
    if *is_time {
        props.children.clone()
    } else {
        Html::default()
    }
}
