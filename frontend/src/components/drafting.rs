//! From a wish to its draft: sends the request once, or again with the same key when the answer
//! was lost, and hands over to the job's own view.

use std::cell::{Cell, RefCell};
use std::future::ready;
use std::rc::Rc;

use bulkhead_shared::api::{Job, NewJob};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::prelude::*;

use crate::api::{self, Answer, CallError, JobNews};
use crate::browser;
use crate::components::job::frame::Frame;
use crate::components::later::{Doing, Drawn};
use crate::components::problem_note::ProblemNote;
use crate::hooks::at_once::at_once;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::session::Session;
use crate::words;

/// Something the person wants done, with the key that names this wish.
#[derive(Clone)]
pub struct Wish {
    /// Random; the same for every attempt to send it.
    key: String,
    pub job: NewJob,
    first: Rc<Attempt>,
}

/// The first attempt to send a wish, until somebody waits for its answer.
#[derive(Default)]
struct Attempt(RefCell<Option<Doing<Answer<Job>>>>);

impl Drop for Attempt {
    /// Nobody waited: the draft is discarded as soon as it is there.
    fn drop(&mut self) {
        if let Some(sent) = self.0.take() {
            spawn_local(async move {
                if let Ok(job) = sent.await {
                    discard(job.id).await;
                }
            });
        }
    }
}

/// Discards a draft that nobody looks at. Failing that it runs out by itself.
async fn discard(draft: JobId) {
    let _ = api::discard(draft).await;
}

impl PartialEq for Wish {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Wish {
    /// A wish that is on its way to the server before anything is drawn of it.
    pub fn sent(job: NewJob) -> Self {
        let key = browser::random_key();
        let first = Rc::<Attempt>::default();
        let wish = Self { key, job, first };
        let mut sent = wish.answer();
        let sent = match at_once(&mut sent) {
            Some(answer) => Box::pin(ready(answer)),
            None => sent,
        };
        wish.first.0.replace(Some(sent));
        wish
    }

    /// The answer to it; asked for anew, with the same key, if the first one was looked at.
    pub fn answer(&self) -> Doing<Answer<Job>> {
        if let Some(sent) = self.first.0.take() {
            return sent;
        }
        let (job, key) = (self.job.clone(), self.key.clone());
        Box::pin(async move {
            match sending(job, key).await {
                Ok(sending) => sending.await,
                Err(_) => Err(CallError::Offline),
            }
        })
    }
}

/// The way from a wish to its draft, once its part is here.
#[wasm_split(job, fallible)]
pub fn drafting(wish: Wish, on_draft: Callback<Job>) -> Drawn {
    Ok(html! { <Drafting {wish} {on_draft} /> })
}

/// Sends a wish, once its part is here.
#[wasm_split(job, fallible)]
pub fn sending(job: NewJob, key: String) -> Result<Doing<Answer<Job>>, SplitLoaderError> {
    Ok(Box::pin(async move { api::draft(&job, &key).await }))
}

/// Milliseconds for which a draft may be planned before it is shown how far that is.
const PATIENCE: i64 = 150;
/// Milliseconds until it is asked for again, where nobody named a time.
const PAUSE: u32 = 20;

/// Waits for a draft's plan, though not for long, and for its preview: small ones are shown in one step. One that nobody
/// looks at any more is discarded.
async fn planned(mut job: Job, is_open: Rc<Cell<bool>>) -> Job {
    let begin = browser::now_ms();
    while job.state == State::Planning && is_open.get() && browser::now_ms() - begin < PATIENCE {
        let news = api::job(job.id.clone(), None).await;
        let Ok(JobNews {
            job: Some(news),
            ask_again,
            ..
        }) = news
        else {
            // Its own view asks again, and says what is wrong.
            break;
        };
        job = news;
        if job.state == State::Planning {
            browser::sleep(ask_again.unwrap_or(PAUSE)).await;
        }
    }
    if job.state == State::Draft && is_open.get() {
        api::begin_preview(&job.id).await;
    }
    if !is_open.get() {
        discard(job.id.clone()).await;
    }
    job
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
    let is_open = use_memo((), |()| Cell::new(true));
    {
        let is_open = is_open.clone();
        use_effect_with((), move |()| move || is_open.set(false));
    }
    let sent = use_loading(props.wish.key.clone(), move |_| {
        let answer = wish.answer();
        Some(async move { Ok(planned(answer.await?, is_open).await) })
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
