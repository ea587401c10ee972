//! A dialog in front of the page. The browser's own element keeps the keyboard inside and gives
//! it back afterwards.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::words;

/// The heading of the one dialog that is open.
const HEADING: &str = "dialog-heading";

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// What it is about.
    pub title: AttrValue,
    /// What is shown as its heading, if not the title.
    #[prop_or_default]
    pub heading: Option<Html>,
    /// Closes it: Escape, the cross, a click beside it.
    pub on_close: Callback<()>,
    /// Whether it can be closed in this moment.
    #[prop_or(true)]
    pub closable: bool,
    /// The buttons.
    #[prop_or_default]
    pub footer: Html,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
    /// For tests.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// What it shows.
    pub children: Html,
}

/// The dialog.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                // Refused only where it is open already.
                let _ = dialog.show_modal();
            }
        });
    }
    let close = |on_close: &Callback<()>| {
        let on_close = on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                on_close.emit(());
            }
        })
    };
    let onmousedown = {
        let (on_close, node) = (props.on_close.clone(), node.clone());
        Callback::from(move |event: MouseEvent| {
            let target = event
                .target()
                .and_then(|t| t.dyn_into::<web_sys::Node>().ok());
            // The element itself is only hit beside its content, which covers it fully.
            if target.is_some() && target == node.get() {
                on_close.emit(());
            }
        })
    };
    html! {
        <dialog ref={node} class={classes!("dialog", props.class.clone())} {onkeydown} {onmousedown}
            aria-labelledby={HEADING} data-testid={props.testid.clone()}>
            <div class="dialog-inside" tabindex="-1" autofocus=true>
                <header class="dialog-head">
                    <h2 id={HEADING}>{ props.heading.clone().unwrap_or_else(|| html! { { props.title.clone() } }) }</h2>
                    <button type="button" class="icon-button" aria-label={words::close()} title={words::close_esc()}
                        data-testid="close" disabled={!props.closable} onclick={close(&props.on_close)}>
                        <Icon glyph={Glyph::Close} />
                    </button>
                </header>
                <div class="dialog-body">{ props.children.clone() }</div>
                if props.footer != Html::default() {
                    <footer class="dialog-foot">{ props.footer.clone() }</footer>
                }
            </div>
        </dialog>
    }
}
