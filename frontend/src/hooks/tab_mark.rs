//! The tab's title and icon tell how the jobs stand, whatever page is shown.

use yew::prelude::*;

use crate::copy::jobs;
use crate::copy::numbers::percent;
use crate::hooks::window_event::use_window_event;
use crate::session::Session;
use crate::state::under_way::under_way;
use crate::words;
use crate::{browser, notify};

/// Keeps them up to date.
#[hook]
pub fn use_tab_mark(session: Option<&Session>) {
    // Something ended while nobody looked.
    let unseen = use_state_eq(|| false);
    use_window_event("visibilitychange", {
        let unseen = unseen.clone();
        Callback::from(move |_: Event| {
            if !browser::is_hidden() {
                unseen.set(false);
            }
        })
    });
    let told = session.and_then(|session| under_way(&session.known.jobs));
    let done = told.map(|all| percent(all.counts.ended(), all.counts.total()));
    let (mark, icon) = match (done, told.is_some_and(|all| all.is_held), *unseen) {
        (Some(done), true, _) => (words::tab_mark_held(done), "/favicon-held.svg"),
        (Some(done), false, _) => (words::percent(done), "/favicon-working.svg"),
        (None, _, true) => (words::tab_mark_done().to_owned(), "/favicon-done.svg"),
        (None, _, false) => (String::new(), "/favicon.svg"),
    };
    let mark = match mark.is_empty() {
        true => mark,
        false => format!("{mark} · "),
    };
    use_effect_with((mark, icon), |(mark, icon)| browser::mark_tab(mark, icon));
    let ended = session.and_then(|session| {
        let ended = session.known.ended.as_ref()?;
        Some((ended.number, jobs::report(&ended.job, &session.known.jobs)))
    });
    use_effect_with(ended, move |ended| {
        if let (Some((_, report)), true) = (ended, browser::is_hidden()) {
            unseen.set(true);
            notify::tell(report);
        }
    });
}
