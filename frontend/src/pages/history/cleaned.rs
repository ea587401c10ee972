//! What was cleared away, as bars with their numbers: by month, by the searches that found most, and by sender.

use bulkhead_shared::api::Job;
use yew::prelude::*;

use crate::browser;
use crate::copy::numbers::thousands;
use crate::state::cleaned::{by_month, by_search, by_sender};
use crate::state::taken_back::{TakenBack, taken_back};
use crate::words;

/// Months and searches that are shown.
const SHOWN: usize = 6;

/// All of them, of what was not taken back; nothing where nothing was cleared away. `is_all` says that these are all jobs there are.
pub(super) fn cleaned(jobs: &[Job], is_all: bool) -> Html {
    let stands = |job: &&Job| taken_back(job, jobs) == TakenBack::No;
    let jobs: Vec<Job> = jobs.iter().filter(stands).cloned().collect();
    let months = by_month(&jobs, browser::month);
    if months.is_empty() {
        return Html::default();
    }
    let months = months.into_iter().take(SHOWN);
    let months = months.map(|((year, month), mails)| (browser::month_words(year, month), mails));
    let searches = by_search(&jobs);
    let searches = searches.into_iter().take(SHOWN).map(|(query, mails)| {
        let name = if query.is_empty() {
            words::history_cleaned_all_mails().to_owned()
        } else {
            query
        };
        (name, mails)
    });
    let senders = by_sender(&jobs).into_iter().take(SHOWN);
    html! {
        <details class="options cleaned">
            <summary data-testid="cleaned">{ words::history_cleaned() }
                if !is_all { <span class="muted">{ words::history_cleaned_by_these() }</span> }
            </summary>
            <div class="cleaned-charts">
                { chart(words::history_cleaned_by_month(), months.collect()) }
                { chart(words::history_cleaned_by_search(), searches.collect()) }
                { chart(words::history_cleaned_by_sender(), senders.collect()) }
            </div>
        </details>
    }
}

/// Bars with a number each. Widths are attributes, because the page allows no inline style.
fn chart(title: &'static str, bars: Vec<(String, u64)>) -> Html {
    if bars.is_empty() {
        return Html::default();
    }
    let most = bars
        .iter()
        .map(|(_, mails)| *mails)
        .max()
        .unwrap_or(1)
        .max(1);
    let bar = |(name, mails): &(String, u64)| {
        let width = (mails * 1_000 / most).max(4).to_string();
        html! {
            <li>
                <span class="bar-name">{ name }</span>
                <svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true"><rect height="12" {width} /></svg>
                <strong>{ thousands(*mails) }</strong>
            </li>
        }
    };
    html! {
        <section aria-label={title}><h2>{ title }</h2><ul class="bars">{ for bars.iter().map(bar) }</ul></section>
    }
}
