//! A mail to many: recipients, a template, and beside it what each would get.

mod attaching;
mod chooser;
mod fields;
mod gathering;
mod kept;
mod seen;
mod suppressed;
mod template_field;
mod test_send;

use std::cell::Cell;
use std::rc::Rc;

use bulkhead_shared::api::{Account, LettersSeen, LookAtLetters};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::kinds::Kind;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api::{self, Answer, CallError};
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::{Drawn, later};
use crate::components::link::{Go, open};
use crate::components::problem_note::ProblemNote;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::router::use_navigator;
use crate::routes::{Route, Search};
use crate::state::compose::Compose;
use crate::words;

use fields::Fields;
use seen::{SeenProps, seen};
use suppressed::suppressed;
use test_send::test_send;

/// After so long without another key, what was written is looked at.
const QUIET_MILLIS: u32 = 350;

/// The page, once its part is here.
#[wasm_split(compose, fallible)]
pub fn compose(account: Account, draft: Option<JobId>) -> Drawn {
    let can_send = account.abilities(Kind::Recipient).is_some();
    let account = account.id;
    Ok(match draft {
        _ if !can_send => html! { <CannotSend {account} /> },
        Some(draft) => {
            html! { <Rewriting key={draft.to_string()} {account} draft={draft.clone()} /> }
        }
        None => html! { <ComposePage {account} /> },
    })
}

#[derive(Properties, PartialEq)]
struct CannotSendProps {
    account: AccountId,
}

/// An account that mails can be read of and not sent from.
#[component]
fn CannotSend(props: &CannotSendProps) -> Html {
    let account = props.account.clone();
    html! {
        <div class="page narrow">
            <div class="list-state empty" data-testid="cannot-send">
                <h1>{ words::compose_cannot_send() }</h1>
                <p class="muted">{ words::compose_cannot_send_meaning() }</p>
                <Go to={Route::Connect} class="button primary">{ words::compose_connect() }</Go>
                <Go to={Route::Mailbox { account }} class="button">{ words::compose_to_mailbox() }</Go>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RewritingProps {
    account: AccountId,
    draft: JobId,
}

/// The page with what a draft was made of, once that is here.
#[component]
fn Rewriting(props: &RewritingProps) -> Html {
    let loaded = use_loading(props.draft.clone(), |draft| Some(written_of(draft)));
    match &loaded.remote {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="page wide"><div class="skeleton-lines" aria-busy="true"><i /><i /><i /></div></div>
        },
        Remote::Failed(error) => html! {
            <div class="page wide"><ProblemNote error={error.clone()} retry={loaded.reload.clone()} /></div>
        },
        Remote::Ready(begun) => {
            html! { <ComposePage account={props.account.clone()} begun={begun.clone()} instead_of={props.draft.clone()} /> }
        }
    }
}

/// What a draft was made of.
async fn written_of(draft: JobId) -> Answer<Compose> {
    let job = api::job(draft.clone(), None).await?.job;
    let rows = api::job_rows(draft).await?.rows;
    let written = job.and_then(|job| Compose::of(&job.operation, &rows));
    written.ok_or(CallError::Unreadable(0))
}

#[derive(Properties, PartialEq)]
struct ComposePageProps {
    account: AccountId,
    /// What is written when the page opens.
    #[prop_or_else(Compose::new)]
    begun: Compose,
    /// The draft that the new one takes the place of.
    #[prop_or_default]
    instead_of: Option<JobId>,
}

/// What the server last saw, or why it did not look.
type Look = Result<LettersSeen, CallError>;

#[component]
fn ComposePage(props: &ComposePageProps) -> Html {
    let written = use_state(|| props.begun.clone());
    let look = use_state(|| None::<Look>);
    let shown = use_state(|| 1_u32);
    let list_changes = use_state(|| 0_u32);
    let sending = use_state(|| false);
    let refused = use_state(|| None::<CallError>);
    let navigator = use_navigator();
    use_effect_with((), |()| {
        browser::set_title(&format!("{} – Bulkhead", words::compose_title()))
    });
    {
        let (look, account) = (look.clone(), props.account.clone());
        let wanted = ((*written).clone(), *shown, *list_changes);
        use_effect_with(wanted, move |(written, shown, _)| {
            let wanted = written
                .look(Some(*shown).filter(|row| *row <= written.recipients.rows.len() as u32));
            let wanted = wanted.map(|wanted| LookAtLetters {
                account: Some(account),
                ..wanted
            });
            let current = Rc::new(Cell::new(true));
            let timer = wanted
                .ok()
                .filter(|wanted| wanted.validate().is_ok())
                .map(|wanted| {
                    let current = current.clone();
                    Timeout::new(QUIET_MILLIS, move || {
                        spawn_local(async move {
                            let seen = api::look_at_letters(wanted).await;
                            // An answer that comes late says nothing of what is written by now.
                            if current.get() {
                                look.set(Some(seen));
                            }
                        });
                    })
                });
            // Dropped with the next key, and then nothing is asked.
            move || {
                current.set(false);
                drop(timer);
            }
        });
    }
    let missing = written.missing();
    let good = matches!(&*look, Some(Ok(seen)) if seen.faults_total == 0 && seen.total > 0);
    let count = written.recipients.rows.len();
    let on_change = {
        let written = written.clone();
        Callback::from(move |next: Compose| written.set(next))
    };
    let draft = {
        let (written, account) = (written.clone(), props.account.clone());
        let (sending, refused) = (sending.clone(), refused.clone());
        let instead_of = props.instead_of.clone();
        Callback::from(move |_: MouseEvent| {
            let Some(navigator) = navigator.clone() else {
                return;
            };
            let Ok(job) = written.job(&account) else {
                return;
            };
            sending.set(true);
            let (sending, refused) = (sending.clone(), refused.clone());
            let instead_of = instead_of.clone();
            spawn_local(async move {
                match api::draft(&job, &browser::random_key()).await {
                    Ok(job) => {
                        if let Some(before) = instead_of {
                            // One that was confirmed meanwhile is no draft, and stays.
                            let _ = api::discard(before).await;
                        }
                        open(&navigator, &Route::Job { job: job.id }, &Search::default());
                    }
                    Err(error) => refused.set(Some(error)),
                }
                sending.set(false);
            });
        })
    };
    let too_much = written
        .job(&props.account)
        .err()
        .filter(|_| missing.is_none());
    let show = {
        let shown = shown.clone();
        Callback::from(move |row: u32| shown.set(row))
    };
    let on_list = {
        let list_changes = list_changes.clone();
        Callback::from(move |()| list_changes.set(*list_changes + 1))
    };
    let list = {
        let account = props.account.clone();
        later("suppressed", move || {
            suppressed(account.clone(), on_list.clone())
        })
    };
    let test = {
        let (account, written, row) = (props.account.clone(), written.clone(), *shown);
        let can_send = good && missing.is_none();
        later("test-send", move || {
            test_send(account.clone(), (*written).clone(), row, can_send)
        })
    };
    let preview = {
        let props = SeenProps {
            look: (*look).clone(),
            missing: missing.clone(),
            row: *shown,
            on_show: show,
            written: (*written).clone(),
            on_change: on_change.clone(),
        };
        later("seen", move || seen(props.clone()))
    };
    html! {
        <div class="page wide">
            <header class="page-head"><h1>{ words::compose_title() }</h1></header>
            <div class="compose" data-testid="compose">
                <div class="compose-form">
                    <Fields account={props.account.clone()} written={(*written).clone()} on_change={on_change.clone()} />
                    { list }
                    if let Some(error) = &*refused { <ProblemNote error={error.clone()} /> }
                    if let Some(why) = too_much { <p class="error-text" role="alert">{ why }</p> }
                    <div class="compose-foot">
                        <span class="muted" data-testid="compose-missing">{ missing.clone().unwrap_or_default() }</span>
                        <span class="spring" />
                        { test }
                        <button type="button" class="button primary" onclick={draft} disabled={!good || missing.is_some() || *sending}
                            data-testid="compose-draft">
                            <Icon glyph={Glyph::Check} />{ words::compose_preview_mails(count as u64) }
                        </button>
                    </div>
                </div>
                { preview }
            </div>
        </div>
    }
}
