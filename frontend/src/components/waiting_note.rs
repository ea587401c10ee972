//! Says that the server asked to wait, and for how long still.

use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::hooks::tick::use_tick;
use crate::waiting;
use crate::words::numbers::counted;

/// The note, while there is a wait.
#[component]
pub fn WaitingNote() -> Html {
    let until = use_state(|| 0_i64);
    {
        let until = until.clone();
        use_effect_with((), move |()| {
            waiting::show_by(Callback::from(move |moment| until.set(moment)));
        });
    }
    let left_ms = *until - browser::now_ms();
    use_tick(1_000, left_ms > 0);
    if left_ms <= 0 {
        return Html::default();
    }
    let seconds = u64::try_from(left_ms).unwrap_or(0).div_ceil(1_000);
    // Who hears the page is told once, not each second.
    html! {
        <div class="note note-warn waiting" role="status" data-testid="waiting">
            <Icon glyph={Glyph::Clock} />
            <div class="note-text">
                { "You asked for a lot in a short time. It goes on by itself" }
                <span aria-hidden="true">{ format!(" in {}", counted(seconds, "second")) }</span>{ "." }
            </div>
        </div>
    }
}
