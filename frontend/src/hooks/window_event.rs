//! Events of the window and of other tabs.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

/// Calls back with each event of this name, as long as the component lives.
#[hook]
pub fn use_window_event(name: &'static str, act: Callback<Event>) {
    let latest = use_mut_ref(|| act.clone());
    latest.replace(act);
    use_effect_with(name, move |name| {
        let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            let act = latest.borrow().clone();
            act.emit(event);
        });
        let window = web_sys::window();
        let name = *name;
        if let Some(window) = &window {
            // Without the listener the page misses the event, as it would if it never came.
            let _ =
                window.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        move || {
            if let Some(window) = &window {
                let _ = window
                    .remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            }
        }
    });
}
