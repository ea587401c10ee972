//! Every mail of a job with how far it is: sent and after how long, sending, queued.

use bulkhead_shared::api::{ItemOutcome, Job};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::outcome::Outcome;
use jiff::Timestamp;
use yew::prelude::*;

use crate::api;
use crate::components::icon::{Glyph, Icon};
use crate::components::problem_note::ProblemNote;
use crate::copy::moments::took;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

/// Lines on a page.
const PAGE: u32 = 50;

#[derive(Properties, PartialEq)]
pub struct MailLinesProps {
    pub job: Job,
}

/// A page, the first before the others.
type Page = (JobId, Option<String>, u64);

/// The lines.
#[component]
pub fn MailLines(props: &MailLinesProps) -> Html {
    let job = &props.job;
    let cursors = use_state(|| vec![None::<String>]);
    let cursor = cursors.last().cloned().flatten();
    let wanted: Page = (job.id.clone(), cursor, job.version);
    let page = use_loading(wanted, |(job, cursor, _): Page| {
        Some(api::job_items_by(job, None, cursor, PAGE))
    });
    // What was there stays until what is new is here, so that nothing flickers.
    let shown = use_mut_ref(|| None);
    if let Remote::Ready(found) = &page.remote {
        *shown.borrow_mut() = Some(found.clone());
    }
    let found = shown.borrow().clone();
    let Some(found) = found else {
        return match &page.remote {
            Remote::Failed(error) => {
                html! { <ProblemNote error={error.clone()} retry={page.reload} /> }
            }
            _ => html! { <div class="skeleton-lines" aria-busy="true"><i /><i /></div> },
        };
    };
    let turn = |next: Option<String>| {
        let cursors = cursors.clone();
        Callback::from(move |_: MouseEvent| {
            let mut pages = (*cursors).clone();
            match &next {
                Some(next) => pages.push(Some(next.clone())),
                None => drop(pages.pop()),
            }
            cursors.set(pages);
        })
    };
    html! {
        <section aria-label={words::letters_lines_label()}>
            <ul class="mail-lines" tabindex="0" aria-label={words::letters_lines_one_by_one()}>
                { for found.items.iter().map(|item| line(item, job.started_at)) }
            </ul>
            <div class="outcome-pages">
                if cursors.len() > 1 { <button type="button" class="button small" onclick={turn(None)}>{ words::previous() }</button> }
                if let Some(next) = &found.next_cursor {
                    <button type="button" class="button small" onclick={turn(Some(next.clone()))}>{ words::next() }</button>
                }
            </div>
        </section>
    }
}

fn line(item: &ItemOutcome, began: Option<Timestamp>) -> Html {
    let (class, glyph, state) = how_far(item, began);
    let (to, subject) = item.card.as_ref().map_or_else(
        || (item.id.to_string(), String::new()),
        |card| (card.title.clone(), card.second.clone()),
    );
    html! {
        <li key={item.id.to_string()} class={classes!("mail-line", class)} data-testid="mail-line" data-state={class}>
            <Icon {glyph} />
            <span title={item.id.to_string()}>{ to }</span>
            <span class="mail-line-subject muted">{ subject }</span>
            <span>{ state }</span>
        </li>
    }
}

fn how_far(item: &ItemOutcome, began: Option<Timestamp>) -> (&'static str, Glyph, String) {
    let (class, glyph, state) = match item.outcome {
        Some(Outcome::Succeeded) => ("succeeded", Glyph::Check, words::letters_lines_sent()),
        Some(Outcome::Failed) => ("failed", Glyph::Close, words::letters_lines_failed()),
        Some(Outcome::Skipped) => ("skipped", Glyph::Close, words::letters_lines_left_out()),
        Some(Outcome::Cancelled) => ("cancelled", Glyph::Close, words::letters_lines_not_sent()),
        Some(Outcome::Uncertain) => ("uncertain", Glyph::Alert, words::letters_lines_uncertain()),
        None if item.under_way => ("sending", Glyph::Sent, words::letters_lines_sending()),
        None => ("queued", Glyph::Clock, words::letters_lines_queued()),
    };
    let sent = item.at.filter(|_| item.outcome == Some(Outcome::Succeeded));
    let state = match sent.zip(began) {
        Some((at, began)) => {
            let seconds = (at.as_millisecond() - began.as_millisecond()) as f64 / 1_000.0;
            words::letters_lines_sent_after(&took(seconds))
        }
        None => state.to_owned(),
    };
    (class, glyph, state)
}
