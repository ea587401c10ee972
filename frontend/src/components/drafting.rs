//! From a wish to its draft: sends the request once, or again with the same key when the answer
//! was lost, and hands over to the job's own view.

use bulkhead_shared::api::{Job, NewJob};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::prelude::*;

use crate::api::{self, Answer};
use crate::components::job::frame::Frame;
use crate::components::later::{Doing, Drawn};
use crate::components::problem_note::ProblemNote;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::session::Session;
use crate::words;

/// Something the person wants done, with the key that names this wish.
#[derive(Clone, PartialEq)]
pub struct Wish {
    /// Random; the same for every attempt to send it.
    pub key: String,
    pub job: NewJob,
}

/// The way from a wish to its draft, once its part is here.
#[wasm_split(job, fallible)]
pub fn drafting(wish: Wish, on_draft: Callback<Job>) -> Drawn {
    Ok(html! { <Drafting {wish} {on_draft} /> })
}

/// Sends a wish that needs no dialog, once its part is here.
#[wasm_split(job, fallible)]
pub fn sending(wish: Wish) -> Result<Doing<Answer<Job>>, SplitLoaderError> {
    Ok(Box::pin(
        async move { api::draft(&wish.job, &wish.key).await },
    ))
}

#[derive(Properties, PartialEq)]
pub struct DraftingProps {
    /// What is wanted.
    pub wish: Wish,
    /// The draft is there.
    pub on_draft: Callback<Job>,
}

/// What is seen for the moment until the draft is there.
#[component]
pub fn Drafting(props: &DraftingProps) -> Html {
    let session = use_context::<Session>();
    let wish = props.wish.clone();
    let sent = use_loading(props.wish.key.clone(), move |_| {
        Some(async move { api::draft(&wish.job, &wish.key).await })
    });
    {
        let (on_draft, asked) = (props.on_draft.clone(), props.wish.job.clone());
        let draft = sent.remote.ready().cloned();
        use_effect_with(draft.as_ref().map(|job| job.id.clone()), move |_| {
            if let Some(job) = draft {
                if let Some(session) = session {
                    session.intentions.remember(job.id.clone(), asked);
                    session.tell_job.emit(job.clone());
                }
                on_draft.emit(job);
            }
        });
    }
    let title = words::asks_more(props.wish.job.operation.about().label.say());
    html! {
        <Frame {title}>
            <div data-testid="drafting">
            { match &sent.remote {
                Remote::NotAsked | Remote::Loading | Remote::Ready(_) => html! {
                    <div class="planning">
                        <progress class="busy" aria-label={words::drafting_preparing()} />
                        <p class="muted">{ words::drafting_untouched() }</p>
                    </div>
                },
                Remote::Failed(error) => html! {
                    <ProblemNote error={error.clone()} retry={sent.reload} />
                },
            } }
            </div>
        </Frame>
    }
}
