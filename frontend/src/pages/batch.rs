//! The batch API's own page: mails of all accounts, picked, classified or processed, and watched.

mod progress;
mod tools;

use bulkhead_shared::api::{BatchAccepted, Email, EmailId, Emails};
use wasm_split_helpers::wasm_split;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::state::batch::{Pick, Picked};
use crate::words;

use progress::BatchProgressModal;
use tools::{Order, Tools};

/// The page, once its part is here.
#[wasm_split(batch, fallible)]
pub fn batch() -> Drawn {
    Ok(html! { <BatchPage /> })
}

/// A batch that is watched.
#[derive(Clone, PartialEq)]
struct Watched {
    id: String,
    order: Order,
    ids: Vec<EmailId>,
}

/// The page.
#[component]
fn BatchPage() -> Html {
    use_effect_with((), |()| {
        browser::set_title(&format!("{} – Bulkhead", words::batch_title()))
    });
    let first = use_loading((), |()| Some(api::emails(None)));
    let further = use_state(Vec::<Emails>::new);
    let picked = use_reducer(Picked::default);
    let asking = use_asking();
    let watched = use_state(|| None::<Watched>);
    let listed: Vec<Email> = first.remote.ready().map_or_else(Vec::new, |page| {
        let further = further.iter().flat_map(|page| page.emails.clone());
        page.emails.iter().cloned().chain(further).collect()
    });
    let pick = {
        let dispatcher = picked.dispatcher();
        Callback::from(move |pick: Pick| dispatcher.dispatch(pick))
    };
    let on_order = {
        let (asking, watched, ids) = (asking.clone(), watched.clone(), picked.ids().to_vec());
        Callback::from(move |order: Order| {
            let (watched, asked) = (watched.clone(), ids.clone());
            let call = api::batch(order.path(), ids.clone());
            asking.make("batch", call, move |accepted: BatchAccepted| {
                watched.set(Some(Watched {
                    id: accepted.job_id,
                    order,
                    ids: asked,
                }));
            });
        })
    };
    let on_close = {
        let (watched, pick) = (watched.clone(), pick.clone());
        Callback::from(move |failed: Vec<EmailId>| {
            // What failed is picked again, so that one more click sends it anew.
            pick.emit(Pick::These(failed));
            watched.set(None);
        })
    };
    let on_more = {
        let (asking, further) = (asking.clone(), further.clone());
        Callback::from(move |next: String| {
            let further = further.clone();
            asking.make("more", api::emails(Some(next)), move |page| {
                let mut pages = (*further).clone();
                pages.push(page);
                further.set(pages);
            });
        })
    };
    let next = further
        .last()
        .or(first.remote.ready())
        .and_then(|page| page.next_cursor.clone());
    html! {
        <div class="page">
            <header class="page-head"><h1>{ words::batch_title() }</h1></header>
            <p class="muted">{ words::batch_lead() }</p>
            if !picked.ids().is_empty() {
                <Tools picked={(*picked).clone()} busy={asking.busy.is_some()} pick={pick.clone()} {on_order} />
            }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            { match &first.remote {
                Remote::NotAsked | Remote::Loading => html! {
                    <div class="skeleton-rows tall" aria-busy="true">{ for (0..6).map(|_| html! { <div class="skeleton-row"><i /><i /><i /></div> }) }</div>
                },
                Remote::Failed(error) => html! { <ProblemNote error={error.clone()} retry={first.reload.clone()} /> },
                Remote::Ready(_) if listed.is_empty() && next.is_none() => html! {
                    <div class="list-state empty"><h2>{ words::batch_none() }</h2><p class="muted">{ words::batch_none_text() }</p></div>
                },
                Remote::Ready(_) => table(&listed, &picked, &pick),
            } }
            if let Some(next) = next {
                <p class="list-end"><button type="button" class="button small" data-testid="batch-more"
                    disabled={asking.busy.is_some()} onclick={on_more.reform(move |_: MouseEvent| next.clone())}>{ words::batch_more() }</button></p>
            }
            if let Some(watched) = &*watched {
                <BatchProgressModal key={watched.id.clone()} batch={watched.id.clone()} order={watched.order}
                    total={watched.ids.len() as u64} {on_close} />
            }
        </div>
    }
}

fn table(listed: &[Email], picked: &Picked, pick: &Callback<Pick>) -> Html {
    let all: Vec<EmailId> = listed.iter().map(|email| email.email_id).collect();
    let is_all = !all.is_empty() && all.iter().all(|id| picked.has(*id));
    let onchange = {
        let pick = pick.clone();
        Callback::from(move |event: Event| {
            let checked = event
                .target_dyn_into::<HtmlInputElement>()
                .is_some_and(|input| input.checked());
            let wanted = if checked { all.clone() } else { Vec::new() };
            pick.emit(Pick::These(wanted));
        })
    };
    let rows = listed.iter().map(|email| {
        let id = email.email_id;
        let onchange = pick.reform(move |_: Event| Pick::Toggle(id));
        let name = format!("{}: {}", email.from, email.subject);
        html! {
            <tr key={id.to_string()} class={classes!(email.unread.then_some("unread"))}>
                <td><input type="checkbox" checked={picked.has(id)} {onchange} aria-label={name} /></td>
                <td>{ &email.from }</td>
                <td>{ &email.subject }</td>
                <td class="muted small">{ browser::short(email.received_at) }</td>
            </tr>
        }
    });
    html! {
        <table class="batch-table" data-testid="batch-emails">
            <thead><tr>
                <th><input type="checkbox" checked={is_all} {onchange} aria-label={words::batch_all()} data-testid="batch-all" /></th>
                <th>{ words::batch_from() }</th><th>{ words::batch_subject() }</th><th>{ words::batch_listed(listed.len() as u64) }</th>
            </tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}
