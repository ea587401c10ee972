//! Mails that may have arrived or not: what is known of each, and what a person says of it.

use bulkhead_shared::api::{Evidence, ItemOutcome, Job, Said};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::outcome::Outcome;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::{UseAsking, use_asking};
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct OpenMailsProps {
    pub job: Job,
    /// Shows another job.
    pub open: Callback<JobId>,
}

/// The list.
#[component]
pub fn OpenMails(props: &OpenMailsProps) -> Html {
    let asking = use_asking();
    let cursors = use_state(|| vec![None::<String>]);
    let wanted = (props.job.id.clone(), cursors.last().cloned().flatten());
    let page = use_loading(wanted, |(job, cursor)| {
        Some(api::job_items_by(job, Some(Outcome::Uncertain), cursor, 20))
    });
    let found = match &page.remote {
        Remote::NotAsked | Remote::Loading => {
            return html! { <div class="skeleton-lines" aria-busy="true"><i /><i /></div> };
        }
        Remote::Failed(error) => {
            return html! { <ProblemNote error={error.clone()} retry={page.reload} /> };
        }
        Remote::Ready(found) => found,
    };
    let next = found.next_cursor.clone().map(|next| {
        let cursors = cursors.clone();
        Callback::from(move |_: MouseEvent| cursors.set(vec![Some(next.clone())]))
    });
    html! {
        <section class="open-mails" aria-label={words::letters_open_label()} data-testid="open-mails">
            <h2>{ words::letters_open_count(props.job.counts.uncertain) }</h2>
            <p class="muted small">{ words::letters_open_meaning() }</p>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            { for found.items.iter().map(|item| open_mail(props, item, &asking, &page.reload)) }
            if let Some(onclick) = next { <div><button type="button" class="button small" {onclick}>{ words::next() }</button></div> }
        </section>
    }
}

fn open_mail(
    props: &OpenMailsProps,
    item: &ItemOutcome,
    asking: &UseAsking,
    reload: &Callback<()>,
) -> Html {
    let title = item
        .card
        .as_ref()
        .map_or_else(|| item.id.to_string(), |card| card.title.clone());
    let subject = item.card.as_ref().map(|card| card.second.clone());
    html! {
        <article key={item.id.to_string()} class="open-mail" data-testid="open-mail">
            <div><strong>{ title }</strong>{ " " }<span class="muted">{ subject }</span></div>
            if let Some(evidence) = &item.evidence { { known(item, evidence) } }
            { match item.evidence.as_ref().and_then(|evidence| evidence.said.as_ref()) {
                None => buttons(props, &item.id, asking, reload),
                Some(said) => already(props, &item.id, said, asking),
            } }
        </article>
    }
}

fn known(item: &ItemOutcome, evidence: &Evidence) -> Html {
    html! {
        <dl class="evidence">
            <dt>{ words::letters_open_address() }</dt><dd>{ item.id.to_string() }</dd>
            <dt>{ "Message-ID" }</dt><dd class="mono">{ format!("<{}>", evidence.message_id) }</dd>
            if let Some(at) = item.at { <dt>{ words::letters_open_given_up() }</dt><dd>{ browser::full(at) }</dd> }
            <dt>{ words::letters_open_looked() }</dt><dd>{ words::letters_open_looked_meaning() }</dd>
        </dl>
    }
}

fn buttons(
    props: &OpenMailsProps,
    item: &ItemId,
    asking: &UseAsking,
    reload: &Callback<()>,
) -> Html {
    let disabled = asking.busy.is_some();
    let arrived = {
        let (asking, job, item, reload) = (
            asking.clone(),
            props.job.id.clone(),
            item.clone(),
            reload.clone(),
        );
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            asking.make(
                "arrived",
                api::mail_arrived(job.clone(), item.clone()),
                move |()| reload.emit(()),
            );
        })
    };
    html! {
        <div class="open-mail-buttons">
            <button type="button" class="button small" onclick={arrived} {disabled} data-testid="it-arrived">{ words::letters_open_arrived() }</button>
            { again(props, item, asking) }
        </div>
    }
}

/// Leads to a draft of this mail alone: somebody may get it twice, so somebody says yes to that.
fn again(props: &OpenMailsProps, item: &ItemId, asking: &UseAsking) -> Html {
    let disabled = asking.busy.is_some();
    let (asking, job, item, open) = (
        asking.clone(),
        props.job.id.clone(),
        item.clone(),
        props.open.clone(),
    );
    let onclick = Callback::from(move |_: MouseEvent| {
        let open = open.clone();
        let call = api::send_mail_again(job.clone(), item.clone());
        asking.make("again", call, move |again: Job| open.emit(again.id));
    });
    html! { <button type="button" class="button small" {onclick} {disabled} data-testid="send-again">{ words::letters_open_again() }</button> }
}

fn already(props: &OpenMailsProps, item: &ItemId, said: &Said, asking: &UseAsking) -> Html {
    match said {
        Said::Arrived { at } => html! {
            <p class="muted" data-testid="open-mail-said">{ words::letters_open_said_arrived(&browser::full(*at)) }</p>
        },
        Said::SendAgain { at, job } => {
            let onclick = {
                let (open, job) = (props.open.clone(), job.clone());
                Callback::from(move |_: MouseEvent| open.emit(job.clone()))
            };
            html! {
                <div class="open-mail-buttons" data-testid="open-mail-said">
                    <span class="muted">{ words::letters_open_said_again(&browser::full(*at)) }</span>
                    <button type="button" class="button small" {onclick}>{ words::letters_open_show_job() }</button>
                    // Where nothing came of that draft, the server drafts another one.
                    { again(props, item, asking) }
                </div>
            }
        }
    }
}
