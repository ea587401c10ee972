//! A draft that nobody looks at any more is dropped: whoever closes a preview has said no.

use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{self, Ask};
use crate::session::Session;

/// Drops the draft that was in front of the page when another job is, or none.
#[hook]
pub fn use_dropping_drafts(shown: Option<JobId>) {
    let session = use_context::<Session>();
    let latest = use_mut_ref(|| session.clone());
    latest.replace(session);
    use_effect_with(shown, move |shown| {
        let left = shown.clone();
        move || {
            let session = latest.borrow().clone();
            if let (Some(left), Some(session)) = (left, session) {
                drop_draft(left, &session);
            }
        }
    });
}

fn drop_draft(id: JobId, session: &Session) {
    let known = session.known.get(&id);
    if !known.is_some_and(|job| matches!(job.state, State::Planning | State::Draft)) {
        return;
    }
    let tell = session.tell_job.clone();
    spawn_local(async move {
        // One that cannot be dropped runs out by itself.
        if let Ok(job) = api::ask(id, Ask::Cancel).await {
            tell.emit(job);
        }
    });
}
