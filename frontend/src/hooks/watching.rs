//! Looks again and again as long as something is under way on the server.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser;

/// Milliseconds between two looks.
const LOOK_AGAIN: u32 = 500;

/// Calls `look` again and again as long as `running`.
#[hook]
pub fn use_watching(running: bool, look: Callback<()>) {
    use_effect_with(running, move |running| {
        let looking = Rc::new(Cell::new(*running));
        let still = looking.clone();
        spawn_local(async move {
            while still.get() {
                browser::sleep(LOOK_AGAIN).await;
                if still.get() {
                    look.emit(());
                }
            }
        });
        move || looking.set(false)
    });
}
