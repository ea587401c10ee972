//! A batch as it goes on, in front of the page.

use bulkhead_shared::api::{BatchState, BatchStatus, EmailId};
use bulkhead_shared::outcome::Counts;
use yew::prelude::*;

use super::tools::Order;
use crate::components::bar::Bar;
use crate::components::dialog::Dialog;
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::hooks::batch_poll::use_batch_poll;
use crate::remote::Remote;
use crate::routes::Route;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct BatchProgressModalProps {
    /// The batch.
    pub batch: String,
    /// What is done in it.
    pub order: Order,
    /// Mails in it.
    pub total: u64,
    /// Closes the dialog, and brings what is to be picked now: what failed, or nothing.
    pub on_close: Callback<Vec<EmailId>>,
}

/// The dialog. It cannot be closed while mails are being worked on; the work goes on all the same if the person
/// leaves the page.
#[component]
pub fn BatchProgressModal(props: &BatchProgressModalProps) -> Html {
    let watched = use_batch_poll(Some(props.batch.clone()));
    let status = watched.status.ready();
    let may_close = watched.is_given_up
        || matches!(watched.status, Remote::Failed(_))
        || status.is_some_and(|status| status.status.is_ended());
    let on_close = {
        let on_close = props.on_close.clone();
        Callback::from(move |()| {
            if may_close {
                on_close.emit(Vec::new());
            }
        })
    };
    let failed: Vec<EmailId> = status
        .and_then(|status| status.errors.as_ref())
        .map_or_else(Vec::new, |errors| {
            errors.iter().map(|error| error.email_id).collect()
        });
    let retry = {
        let failed = failed.clone();
        props.on_close.reform(move |_: MouseEvent| failed.clone())
    };
    let is_over = status.is_some_and(|status| status.status.is_ended());
    let footer = html! {
        <>
            if is_over && !failed.is_empty() {
                <button type="button" class="button" onclick={retry} data-testid="batch-retry">{ words::batch_retry() }</button>
            }
            if is_over {
                <Go to={Route::History} class="button" testid="batch-results">{ words::batch_results() }</Go>
            }
            <button type="button" class="button primary" disabled={!may_close} onclick={on_close.reform(|_: MouseEvent| ())}
                data-testid="batch-close">{ words::close() }</button>
        </>
    };
    html! {
        <Dialog title={props.order.doing()} {on_close} {footer} closable={may_close} testid="batch-progress">
            { match &watched.status {
                Remote::Failed(error) => html! { <ProblemNote error={error.clone()} retry={watched.go_on.clone()} /> },
                Remote::Ready(status) => shown(status, props.order),
                Remote::NotAsked | Remote::Loading => html! {
                    <Bar counts={Counts { pending: props.total, ..Counts::default() }} />
                },
            } }
            if watched.is_given_up {
                <p class="muted">{ words::batch_longer() }{ " " }
                    <button type="button" class="text-button" onclick={watched.go_on.reform(|_: MouseEvent| ())}>{ words::batch_watch() }</button></p>
            }
        </Dialog>
    }
}

fn shown(status: &BatchStatus, order: Order) -> Html {
    let counts = Counts {
        pending: status.total - status.processed,
        succeeded: status.succeeded,
        failed: status.failed,
        ..Counts::default()
    };
    let (processed, total) = (status.processed, status.total);
    let text = match status.status {
        BatchState::Queued => words::batch_waiting(total),
        BatchState::Processing => order.so_far(processed, total),
        BatchState::Completed => words::batch_done(processed, total),
        BatchState::Failed => words::batch_all_failed().to_owned(),
    };
    html! {
        <>
            <p aria-live="polite" data-testid="batch-text">{ text }</p>
            <Bar {counts} />
            if let Some(errors) = &status.errors {
                <details class="options" data-testid="batch-errors">
                    <summary>{ words::batch_failed(errors.len() as u64) }</summary>
                    <ul class="batch-errors">{ for errors.iter().map(|error| html! {
                        <li key={error.email_id.to_string()}><code>{ error.email_id.to_string() }</code>{ " " }{ &error.error }</li>
                    }) }</ul>
                </details>
            }
        </>
    }
}
