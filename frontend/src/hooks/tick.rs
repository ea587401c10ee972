//! Draws again as time passes, for “in 40 seconds” and the like.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser;

/// Draws the component again every `millis` while `active`.
#[hook]
pub fn use_tick(millis: u32, active: bool) {
    let update = use_force_update();
    use_effect_with((millis, active), move |&(millis, active)| {
        let current = std::rc::Rc::new(std::cell::Cell::new(active));
        let going = current.clone();
        spawn_local(async move {
            while going.get() {
                browser::sleep(millis).await;
                if going.get() {
                    update.force_update();
                }
            }
        });
        move || current.set(false)
    });
}
