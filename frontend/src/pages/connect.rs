//! Connect an account: try it first, keep it then.

use bulkhead_shared::api::{Account, AccountKind, AccountTest, Connection, Discovered, NewAccount};
use bulkhead_shared::ids::AccountId;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::connect_fields::ConnectFields;
use crate::components::found_note::FoundNote;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::components::link::open;
use crate::components::problem_note::ProblemNote;
use crate::consent;
use crate::hooks::asking::use_asking;
use crate::router::use_navigator;
use crate::routes::{Route, Search};
use crate::session::Session;
use crate::state::callback::Failure;
use crate::state::connect_form::ConnectForm;
use crate::words;

/// The page, once its part is here; `back` from a provider's page, if a person comes from there.
#[wasm_split(connect, fallible, preload(fetch))]
pub fn connect(back: bool) -> Drawn {
    Ok(html! { <ConnectPage {back} /> })
}

#[derive(Properties, PartialEq)]
pub struct ConnectPageProps {
    /// Whether the person comes back from a provider's page.
    pub back: bool,
}

/// The page.
#[component]
pub fn ConnectPage(props: &ConnectPageProps) -> Html {
    let form = use_state(ConnectForm::default);
    let tested = use_state(|| None::<AccountTest>);
    let asking = use_asking();
    let failed = use_state(|| None::<Failure>);
    use_effect_with((), |()| {
        browser::set_title(&format!("{} – Bulkhead", words::connect_title()))
    });
    let navigator = use_navigator();
    let session = use_context::<Session>();
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
    let is_first = session
        .as_ref()
        .is_some_and(|session| session.accounts.is_empty());
    let arrive = Callback::from(move |account: Account| {
        connected.set(Some(account.id));
        if let Some(session) = &session {
            session.reload_accounts.emit(());
        }
    });
    {
        let (asking, failed, arrive) = (asking.clone(), failed.clone(), arrive.clone());
        use_effect_with(props.back, move |back| match back.then(consent::finish) {
            Some(Ok(given)) => {
                asking.make("connect", api::connect_by_consent(given), move |account| {
                    arrive.emit(account)
                })
            }
            Some(Err(failure)) => failed.set(Some(failure)),
            None => {}
        });
    }
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
    let rehearse = {
        let (asking, arrive) = (asking.clone(), arrive.clone());
        Callback::from(move |_: MouseEvent| {
            let arrive = arrive.clone();
            let sandbox = NewAccount {
                name: None,
                connection: Connection::Sandbox {},
            };
            asking.make("connect", api::connect(sandbox), move |account| {
                arrive.emit(account);
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
        let (form, failed) = (form.clone(), failed.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tested.set(None);
            failed.set(None);
            if let Some(offer) = form.leaves_for().cloned() {
                let (address, name) = (form.user.trim().to_owned(), form.called());
                let failed = failed.clone();
                spawn_local(async move {
                    let Err(failure) = consent::begin(offer, address, name).await;
                    failed.set(Some(failure));
                });
            } else if let Some(account) = wanted.clone() {
                let arrive = arrive.clone();
                asking.make("connect", api::connect(account), move |account| {
                    arrive.emit(account);
                });
            }
        })
    };
    let busy = asking.busy;
    let leaves = form.leaves_for().is_some();
    let to = found.as_ref().and_then(|found| found.provider.as_deref());
    let go = to.map_or_else(|| words::connect_go().to_owned(), words::connect_go_to);
    html! {
        <div class="page narrow">
            if is_first { { welcome(rehearse, asking.busy.is_some()) } }
            <header class="page-head">
                if is_first { <h2>{ words::connect_mine() }</h2> } else { <h1>{ words::connect_title() }</h1> }
            </header>
            <form class="card form" {onsubmit}>
                <ConnectFields form={(*form).clone()} {on_change} {on_address} />
                if looking.busy.is_some() {
                    <p class="muted" role="status">{ words::connect_looking() }</p>
                } else if let (Some(found), AccountKind::Imap) = (&*found, form.kind) {
                    <FoundNote found={found.clone()} />
                }
                if let Some(found) = &*tested {
                    <div class={classes!("note", if found.ok { "note-good" } else { "note-error" })} role="status"
                        data-testid="connect-result" data-ok={found.ok.to_string()}>
                        <Icon glyph={if found.ok { Glyph::Check } else { Glyph::Alert }} />
                        <div class="note-text">
                            if !found.ok { <strong>{ words::connect_not_yet() }</strong> }
                            <p>{ &found.message }</p>
                        </div>
                    </div>
                }
                if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
                if let Some(failure) = *failed { { failed_note(failure) } }
                <div class="form-buttons">
                    if leaves {
                        <span class="spring" />
                        <button type="submit" class="button primary" data-testid="connect-consent">
                            { go }
                        </button>
                    } else {
                        <button type="button" class="button" onclick={test} disabled={busy.is_some() || wanted.is_err()} data-testid="connect-test">
                            { if busy == Some("test") { words::connect_testing() } else { words::connect_test() } }
                        </button>
                        if let Err(missing) = &wanted { <span class="muted">{ *missing }</span> }
                        <span class="spring" />
                        <button type="submit" class="button primary" disabled={busy.is_some() || wanted.is_err()} data-testid="connect-submit">
                            { if busy == Some("connect") { words::connect_connecting() } else { words::connect_submit() } }
                        </button>
                    }
                </div>
            </form>
        </div>
    }
}

/// What this is, for who comes for the first time.
fn welcome(rehearse: Callback<MouseEvent>, disabled: bool) -> Html {
    html! {
        <section class="welcome" data-testid="welcome">
            <h1>{ words::connect_welcome() }</h1>
            <p>{ words::connect_welcome_how() }</p>
            <p class="muted">{ words::connect_welcome_sandbox() }</p>
            <button type="button" class="button" onclick={rehearse} {disabled} data-testid="try-sandbox">{ words::connect_try_sandbox() }</button>
        </section>
    }
}

/// Why no consent came of it.
fn failed_note(failure: Failure) -> Html {
    let (title, cure) = match failure {
        Failure::Denied => (words::connect_denied(), words::connect_denied_cure()),
        Failure::Mismatch => (words::connect_mismatch(), words::connect_mismatch_cure()),
        Failure::Insecure => (words::connect_insecure(), words::connect_insecure_cure()),
        Failure::NotKept | Failure::UsedUp => (failure.title(), failure.cure()),
        Failure::Refused | Failure::Unreachable => {
            (words::connect_refused(), words::connect_refused_cure())
        }
    };
    html! {
        <div class="note note-error" role="alert" data-testid="consent-failed">
            <Icon glyph={Glyph::Alert} />
            <div class="note-text"><strong>{ title }</strong><p>{ cure }</p></div>
        </div>
    }
}
