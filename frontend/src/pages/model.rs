//! Model and privacy: who tells what mails are about, and of which accounts beginnings of mails are sent there.

mod consent;
mod form;

use bulkhead_shared::api::{Account, ChooseModel, ChosenModel, NamedModel};
use bulkhead_shared::kinds::Kind;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::components::sender_views::SHEET;
use crate::components::sheet::Sheet;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::session::Session;
use crate::words;
use consent::ConsentDialog;
use form::Form;

/// The page, once its part is here.
#[wasm_split(model, fallible)]
pub fn model() -> Drawn {
    Ok(html! { <Sheet href={SHEET}><ModelPage /></Sheet> })
}

#[component]
fn ModelPage() -> Html {
    use_effect_with((), |()| {
        browser::set_title(&format!("{} – Bulkhead", words::model_title()))
    });
    let found = use_loading((), |()| Some(api::model()));
    let asking = use_asking();
    let looked_at = use_state(|| None::<Account>);
    let accounts = use_context::<Session>().map(|session| session.accounts);
    let changed = {
        let reload = found.reload.clone();
        Callback::from(move |()| reload.emit(()))
    };
    let choose = {
        let (asking, changed) = (asking.clone(), changed.clone());
        Callback::from(move |wanted: ChooseModel| {
            let changed = changed.clone();
            let call = api::choose_model(wanted);
            asking.make("choose", call, move |_: ChosenModel| changed.emit(()));
        })
    };
    let forget = {
        let (asking, changed) = (asking.clone(), changed.clone());
        Callback::from(move |_: MouseEvent| {
            let changed = changed.clone();
            asking.make("forget", api::forget_model(), move |()| changed.emit(()));
        })
    };
    let withdraw = {
        let (asking, changed) = (asking.clone(), changed.clone());
        Callback::from(move |account: Account| {
            let changed = changed.clone();
            let call = api::withdraw_from_model(account.id);
            asking.make("withdraw", call, move |()| changed.emit(()));
        })
    };
    let busy = asking.busy.is_some();
    let inside = match &found.remote {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines" role="status" aria-busy="true" aria-label={words::model_loading()}><i /><i /><i /></div>
        },
        Remote::Failed(error) => {
            html! { <ProblemNote error={error.clone()} retry={found.reload.clone()} /> }
        }
        Remote::Ready(chosen) => html! {
            <>
                { who(chosen) }
                if chosen.asks_elsewhere() {
                    { consents(chosen, accounts.iter().flat_map(|all| all.iter()), &looked_at, &withdraw, busy) }
                }
                <h2>{ if chosen.endpoint.is_some() { words::model_endpoint() } else { words::model_another() } }</h2>
                <Form key={chosen.name.clone()} chosen={chosen.endpoint.clone()} {choose} disabled={busy} />
                if chosen.endpoint.is_some() {
                    <p><button type="button" class="button quiet-danger" onclick={forget} disabled={busy} data-testid="model-forget">
                        { if chosen.deployed.is_some() { words::model_back_to_deployed() } else { words::model_forget() } }</button></p>
                    <p class="muted small">{ words::model_forget_text() }</p>
                }
            </>
        },
    };
    let close = {
        let (looked_at, changed) = (looked_at.clone(), changed.clone());
        Callback::from(move |()| {
            looked_at.set(None);
            changed.emit(());
        })
    };
    html! {
        <div class="page narrow model-page" data-testid="model-page">
            <header class="page-head"><h1>{ words::model_title() }</h1></header>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            { inside }
            if let Some(account) = &*looked_at { <ConsentDialog account={account.clone()} on_close={close} /> }
        </div>
    }
}

/// Who tells what mails are about, and what is never sent.
fn who(chosen: &ChosenModel) -> Html {
    let (class, said) = match chosen.asks_elsewhere() {
        false => ("note-quiet", words::model_here()),
        true => ("note-warn", words::model_there()),
    };
    let name = match chosen.asks_elsewhere() {
        true => chosen.name.clone(),
        false => NamedModel::or_built_in(None),
    };
    html! {
        <div class={classes!("note", class)}>
            <Icon glyph={Glyph::Shield} />
            <div class="note-text"><strong data-testid="model-name">{ name }</strong>
                if let Some(deployed) = &chosen.deployed { <p class="muted small" data-testid="model-deployed">{ words::model_deployed(&deployed.to_string()) }</p> }
                <p>{ said }</p></div>
        </div>
    }
}

/// For each account with mails: whether they may be sent there.
fn consents<'a>(
    chosen: &ChosenModel,
    accounts: impl Iterator<Item = &'a Account>,
    looked_at: &UseStateHandle<Option<Account>>,
    withdraw: &Callback<Account>,
    disabled: bool,
) -> Html {
    let row = |account: &Account| {
        let agreed = chosen.agreed.iter().find(|it| it.account == account.id);
        let look = {
            let (looked_at, account) = (looked_at.clone(), account.clone());
            Callback::from(move |_: MouseEvent| looked_at.set(Some(account.clone())))
        };
        let take_back = {
            let account = account.clone();
            withdraw.reform(move |_: MouseEvent| account.clone())
        };
        html! {
            <li key={account.id.to_string()} class="lesson" data-testid="model-account" data-agreed={agreed.is_some().to_string()}>
                <span class="who"><span>{ &account.name }</span>
                    <span class="muted small">{ match agreed {
                        Some(agreed) => words::model_agreed(&browser::short(agreed.at)),
                        None => words::model_nothing_sent().to_owned(),
                    } }</span></span>
                <span class="advice-acts">
                    <button type="button" class="button small" onclick={look} {disabled} data-testid="model-look">
                        { if agreed.is_some() { words::model_what_is_sent() } else { words::model_what_would_be() } }</button>
                    if agreed.is_some() {
                        <button type="button" class="button small link-button" onclick={take_back} {disabled} data-testid="model-withdraw">
                            { words::model_withdraw() }</button>
                    }
                </span>
            </li>
        }
    };
    let with_mails = accounts.filter(|account| account.abilities(Kind::Mail).is_some());
    html! {
        <>
            <h2>{ words::model_accounts() }</h2>
            <ul class="lessons">{ for with_mails.map(row) }</ul>
        </>
    }
}
