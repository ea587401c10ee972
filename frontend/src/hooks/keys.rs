//! Keyboard shortcuts of a page.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::browser;

/// Calls `on_key` for every key pressed outside of fields and dialogs.
#[hook]
pub fn use_keys(on_key: impl Fn(KeyboardEvent) + 'static) {
    let latest = use_mut_ref(|| None::<Rc<dyn Fn(KeyboardEvent)>>);
    *latest.borrow_mut() = Some(Rc::new(on_key));
    use_effect_with((), move |()| {
        let listener = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if is_ours(&event) {
                let on_key = latest.borrow().clone();
                if let Some(on_key) = on_key {
                    on_key(event);
                }
            }
        });
        let window = web_sys::window();
        let function = listener.as_ref().unchecked_ref::<js_sys::Function>();
        if let Some(window) = &window {
            // Without the listener the app works by mouse; there is nothing else to do about it.
            let _ = window.add_event_listener_with_callback("keydown", function);
        }
        move || {
            if let Some(window) = &window {
                let function = listener.as_ref().unchecked_ref::<js_sys::Function>();
                let _ = window.remove_event_listener_with_callback("keydown", function);
            }
        }
    });
}

/// Not typed into a field, not in a dialog, and not a shortcut of the browser's own.
fn is_ours(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return false;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let in_field = target.is_some_and(|element| {
        let typed = "input:not([type=checkbox]), textarea, select, dialog";
        element.closest(typed).ok().flatten().is_some()
    });
    !in_field && !browser::is_dialog_open()
}
