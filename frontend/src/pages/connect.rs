//! Connect an account: try it first, keep it then.

use bulkhead_shared::api::{AccountKind, AccountTest, Discovered};
use bulkhead_shared::ids::AccountId;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::api;
use crate::browser;
use crate::components::connect_fields::ConnectFields;
use crate::components::found_note::FoundNote;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::components::link::open;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::routes::{Route, Search};
use crate::session::Session;
use crate::state::connect_form::ConnectForm;

/// The page, once its part is here.
#[wasm_split(connect, fallible, preload(fetch))]
pub fn connect() -> Drawn {
    Ok(html! { <ConnectPage /> })
}

/// The page.
#[component]
pub fn ConnectPage() -> Html {
    let form = use_state(ConnectForm::default);
    let tested = use_state(|| None::<AccountTest>);
    let asking = use_asking();
    let navigator = use_navigator();
    let session = use_context::<Session>();
    use_effect_with((), |()| browser::set_title("Connect an account – Bulkhead"));
    let connected = use_state(|| None::<AccountId>);
    let accounts = session.as_ref().map(|session| session.accounts.clone());
    use_effect_with(
        ((*connected).clone(), accounts),
        move |(connected, accounts)| {
            // The mailbox can be shown once the account is known to everybody.
            let known = accounts.iter().flat_map(|accounts| accounts.iter());
            let here = known
                .map(|account| &account.id)
                .find(|id| connected.as_ref() == Some(*id));
            if let (Some(account), Some(navigator)) = (here.cloned(), navigator) {
                open(&navigator, &Route::Mailbox { account }, &Search::default());
            }
        },
    );
    let found = use_state(|| None::<Discovered>);
    let looking = use_asking();
    // As typed last: an answer must not bring back what was there when it was asked for.
    let latest = use_mut_ref(ConnectForm::default);
    let on_change = {
        let (form, tested, latest) = (form.clone(), tested.clone(), latest.clone());
        Callback::from(move |next: ConnectForm| {
            latest.replace(next.clone());
            form.set(next);
            tested.set(None);
        })
    };
    let on_address = {
        let (looking, found, on_change) = (looking.clone(), found.clone(), on_change.clone());
        Callback::from(move |address: String| {
            if !address.contains('@') || latest.borrow().kind != AccountKind::Imap {
                return;
            }
            let (found, on_change, latest) = (found.clone(), on_change.clone(), latest.clone());
            looking.make("discover", api::discover(address), move |answer| {
                let mut next = latest.borrow().clone();
                next.fill(&answer);
                on_change.emit(next);
                found.set(Some(answer));
            });
        })
    };
    let wanted = form.read();
    let test = {
        let (asking, tested, wanted) = (asking.clone(), tested.clone(), wanted.clone().ok());
        Callback::from(move |_: MouseEvent| {
            if let Some(account) = wanted.clone() {
                let tested = tested.clone();
                asking.make("test", api::test_connection(account), move |found| {
                    tested.set(Some(found))
                });
            }
        })
    };
    let onsubmit = {
        let (asking, wanted, tested) = (asking.clone(), wanted.clone().ok(), tested.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tested.set(None);
            if let Some(account) = wanted.clone() {
                let (connected, session) = (connected.clone(), session.clone());
                asking.make("connect", api::connect(account), move |account| {
                    connected.set(Some(account.id));
                    if let Some(session) = session {
                        session.reload_accounts.emit(());
                    }
                });
            }
        })
    };
    let busy = asking.busy;
    html! {
        <div class="page narrow">
            <header class="page-head"><h1>{ "Connect an account" }</h1></header>
            <form class="card form" {onsubmit}>
                <ConnectFields form={(*form).clone()} {on_change} {on_address} />
                if looking.busy.is_some() {
                    <p class="muted" role="status">{ "Looking for the mail server…" }</p>
                } else if let (Some(found), AccountKind::Imap) = (&*found, form.kind) {
                    <FoundNote found={found.clone()} />
                }
                if let Some(found) = &*tested {
                    <div class={classes!("note", if found.ok { "note-good" } else { "note-error" })} role="status"
                        data-testid="connect-result" data-ok={found.ok.to_string()}>
                        <Icon glyph={if found.ok { Glyph::Check } else { Glyph::Alert }} />
                        <div class="note-text">
                            if !found.ok { <strong>{ "This does not work yet." }</strong> }
                            <p>{ &found.message }</p>
                        </div>
                    </div>
                }
                if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
                <div class="form-buttons">
                    <button type="button" class="button" onclick={test} disabled={busy.is_some() || wanted.is_err()} data-testid="connect-test">
                        { if busy == Some("test") { "Testing…" } else { "Test" } }
                    </button>
                    if let Err(missing) = &wanted { <span class="muted">{ *missing }</span> }
                    <span class="spring" />
                    <button type="submit" class="button primary" disabled={busy.is_some() || wanted.is_err()} data-testid="connect-submit">
                        { if busy == Some("connect") { "Connecting…" } else { "Connect" } }
                    </button>
                </div>
            </form>
        </div>
    }
}
