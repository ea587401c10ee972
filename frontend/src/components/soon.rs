//! What comes a moment later than all else.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::browser;

#[derive(Properties, PartialEq)]
pub struct SoonProps {
    pub children: Html,
    /// Whether nobody can see them yet: the list goes first.
    #[prop_or_default]
    pub unseen: bool,
}

/// Its children, once the browser has drawn what stands around them: at first a page is more than can be drawn without
/// holding up whoever touches it.
#[component]
pub fn Soon(props: &SoonProps) -> Html {
    let is_time = use_state(|| false);
    let (setter, unseen) = (is_time.setter(), props.unseen);
    use_effect_with((), move |()| {
        spawn_local(async move {
            match unseen {
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
