//! A draft that nobody looks at any more is discarded: whoever closes a preview has said no. So has whoever went
//! away without being able to say so, because the session was lost: what this tab left is discarded when somebody is
//! signed in again.

use bulkhead_shared::ids::JobId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::session::Session;
use crate::state::job_view::waits_for_yes;
use crate::state::open_drafts;

/// Discards the draft that was in front of the page when another job is, or none.
#[hook]
pub fn use_dropping_drafts(shown: Option<JobId>) {
    let session = use_context::<Session>();
    let is_draft = shown.as_ref().is_some_and(|id| {
        let known = session.as_ref().and_then(|session| session.known.get(id));
        known.is_some_and(waits_for_yes)
    });
    use_effect_with((shown.clone(), is_draft), |(shown, is_draft)| {
        match (shown, is_draft) {
            (Some(shown), true) => open_drafts::keep(shown),
            (Some(shown), false) => open_drafts::forget(shown),
            (None, _) => {}
        }
    });
    let latest = use_mut_ref(|| session.clone());
    latest.replace(session);
    use_effect_with(shown, move |shown| {
        let left = shown.clone();
        move || {
            let session = latest.borrow().clone();
            if let (Some(left), Some(session)) = (left, session)
                && session.known.get(&left).is_some_and(waits_for_yes)
            {
                discard(left, session.reload_jobs.clone());
            }
        }
    });
}

/// Discards what this tab had in front of it when it lost its session; not what it shows now.
#[hook]
pub fn use_dropping_what_was_left(shown: Option<JobId>) {
    let session = use_context::<Session>();
    let now = use_mut_ref(|| None::<JobId>);
    now.replace(shown);
    use_effect_with((), move |()| {
        let Some(session) = session else { return };
        spawn_local(async move {
            api::after_the_list().await;
            for draft in open_drafts::kept() {
                if Some(&draft) != now.borrow().as_ref() {
                    discard(draft, session.reload_jobs.clone());
                }
            }
        });
    });
}

fn discard(draft: JobId, reload: Callback<()>) {
    spawn_local(async move {
        match api::discard(draft.clone()).await {
            // No longer there, no longer a draft, or somebody else's.
            Ok(()) => open_drafts::forget(&draft),
            Err(error) if error.is_about_it() => open_drafts::forget(&draft),
            // Tried again when somebody is signed in; at the latest it runs out by itself.
            Err(_) => return,
        }
        reload.emit(());
    });
}
