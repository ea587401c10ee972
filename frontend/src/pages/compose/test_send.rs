//! A test: one of the mails, sent to whoever sends them. It is a job of one, drafted and confirmed like any other.

use bulkhead_shared::api::{Confirm, Job, NewJob};
use bulkhead_shared::ids::AccountId;
use gloo_timers::future::TimeoutFuture;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api::{self, Answer};
use crate::browser;
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::state::compose::Compose;
use crate::words;

/// It is asked so often how far the mail is, and so many times.
const ASK_AGAIN_MILLIS: u32 = 500;
const ASKED_MOST: u32 = 120;

/// The button, once its part is here.
#[wasm_split(kept, fallible)]
pub fn test_send(account: AccountId, written: Compose, row: u32, can_send: bool) -> Drawn {
    Ok(html! { <TestSend {account} {written} {row} {can_send} /> })
}

#[derive(Properties, PartialEq)]
pub struct TestSendProps {
    pub account: AccountId,
    pub written: Compose,
    /// The row whose mail it is, counted from 1.
    pub row: u32,
    /// Nothing stands in the way of sending.
    pub can_send: bool,
}

/// The button, and what came of it.
#[component]
pub fn TestSend(props: &TestSendProps) -> Html {
    let asking = use_asking();
    let sent = use_state(|| None::<Job>);
    let onclick = {
        let (asking, sent) = (asking.clone(), sent.clone());
        let (account, written, row) = (props.account.clone(), props.written.clone(), props.row);
        Callback::from(move |_: MouseEvent| {
            if let Ok(job) = written.test(&account, row) {
                let sent = sent.clone();
                asking.make("test", send(job), move |job| sent.set(Some(job)));
            }
        })
    };
    let label = match asking.busy {
        Some(_) => words::compose_test_sending(),
        None => words::compose_test(),
    };
    html! {
        <>
            <button type="button" class="button" {onclick} disabled={!props.can_send || asking.busy.is_some()} data-testid="test-send">{ label }</button>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            if let Some(job) = &*sent { { told(job) } }
        </>
    }
}

/// Drafts it, says yes to exactly that, and waits for its end.
async fn send(job: NewJob) -> Answer<Job> {
    let drafted = api::draft(&job, &browser::random_key()).await?;
    let seen = api::preview(drafted.id.clone()).await?;
    let yes = Confirm {
        manifest_hash: seen.manifest_hash,
        drift_hash: None,
    };
    let mut job = api::confirm(drafted.id, yes).await?;
    for _ in 0..ASKED_MOST {
        if job.state.is_ended() {
            break;
        }
        TimeoutFuture::new(ASK_AGAIN_MILLIS).await;
        let news = api::job(job.id.clone(), None).await?;
        job = news.job.unwrap_or(job);
    }
    Ok(job)
}

fn told(job: &Job) -> Html {
    let (class, said) = match (job.counts.succeeded, job.state.is_ended()) {
        (1, _) => ("muted", words::compose_test_sent()),
        (_, false) => ("muted", words::compose_test_under_way()),
        _ => ("error-text", words::compose_test_not_sent()),
    };
    html! {
        <span {class} role="status" data-testid="test-sent" data-count={job.counts.succeeded.to_string()}>
            { said }
        </span>
    }
}
