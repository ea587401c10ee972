//! What a job that sends mails shows besides what all jobs do: the letter before it goes out, each mail while they
//! do, and afterwards those of which nobody knows whether they arrived, and those that came back.

mod bounces;
mod facts;
mod left_out;
mod lines;
mod open;

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::kinds::Kind;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::components::later::{Drawn, later};
use bounces::CameBack;
use facts::facts;
use left_out::LeftOut;
pub use left_out::rows_left_out;
use lines::MailLines;
use open::OpenMails;

/// The moment of a job at which it is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before somebody says yes.
    Draft,
    /// While mails go out, and afterwards.
    Sending,
    /// When all have ended: some may have arrived or not, and some come back.
    Open,
}

/// What belongs to a moment of a job; nothing of one that sends no mails.
pub fn letters(moment: Moment, job: &Job, open: &Callback<JobId>) -> Html {
    if job.kind != Kind::Recipient {
        return Html::default();
    }
    let (job, open) = (job.clone(), open.clone());
    later("letters", move || {
        of_moment(moment, job.clone(), open.clone())
    })
}

/// The same, once its part is here.
#[wasm_split(letters, fallible, preload(fetch))]
pub fn of_moment(moment: Moment, job: Job, open: Callback<JobId>) -> Drawn {
    Ok(match moment {
        Moment::Draft => html! {
            <>
                { facts(&job) }
                <LeftOut job={job.id.clone()} />
            </>
        },
        Moment::Sending => html! { <MailLines {job} /> },
        Moment::Open => html! {
            <>
                if job.counts.uncertain > 0 { <OpenMails job={job.clone()} {open} /> }
                if job.state.is_ended() && job.counts.succeeded + job.counts.uncertain > 0 { <CameBack {job} /> }
            </>
        },
    })
}
