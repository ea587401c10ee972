//! A style sheet that the first page does without.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SheetProps {
    /// Where it is.
    pub href: &'static str,
    /// What it is for: not seen before it is here.
    pub children: Html,
}

/// Fetches the sheet, and shows what it is for.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let is_here = use_state(|| false);
    let show = {
        let is_here = is_here.clone();
        // Without it everything is there, only plainer.
        Callback::from(move |_: Event| is_here.set(true))
    };
    html! {
        <>
            <link rel="stylesheet" href={props.href} onload={show.clone()} onerror={show} />
            <div hidden={!*is_here}>{ props.children.clone() }</div>
        </>
    }
}
