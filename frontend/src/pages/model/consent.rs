//! What is sent of an account's mails, shown once and plainly, and the yes to it.

use bulkhead_shared::api::{Account, ModelConsent};
use yew::prelude::*;

use crate::api;
use crate::components::dialog::Dialog;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct ConsentDialogProps {
    pub account: Account,
    pub on_close: Callback<()>,
}

/// The dialog.
#[component]
pub fn ConsentDialog(props: &ConsentDialogProps) -> Html {
    let found = use_loading(props.account.id.clone(), |account| {
        Some(api::model_consent(account))
    });
    let asking = use_asking();
    let known = found.remote.ready();
    let to = known.and_then(|consent| consent.endpoint.clone());
    let agree = {
        let (asking, account, to) = (asking.clone(), props.account.id.clone(), to.clone());
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(to) = to.clone() {
                let on_close = on_close.clone();
                let call = api::agree_to_model(account.clone(), to);
                asking.make("agree", call, move |()| on_close.emit(()));
            }
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    let footer = match known {
        Some(ModelConsent {
            agreed_at: None,
            endpoint: Some(to),
            ..
        }) => html! {
            <>
                <button type="button" class="button" onclick={close} data-testid="model-decline">{ words::model_consent_decline() }</button>
                <button type="button" class="button primary" onclick={agree} disabled={asking.busy.is_some()} data-testid="model-agree">
                    { words::model_consent_agree(&to.host) }</button>
            </>
        },
        _ => {
            html! { <button type="button" class="button" onclick={close}>{ words::close() }</button> }
        }
    };
    let inside = match &found.remote {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines" role="status" aria-busy="true" aria-label={words::loading()}><i /><i /><i /></div>
        },
        Remote::Failed(error) => {
            html! { <ProblemNote error={error.clone()} retry={found.reload.clone()} /> }
        }
        Remote::Ready(consent) => sent(consent),
    };
    html! {
        <Dialog title={words::model_consent_title(&props.account.name)} on_close={props.on_close.clone()} {footer}
            testid="model-consent">
            { inside }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </Dialog>
    }
}

fn sent(consent: &ModelConsent) -> Html {
    let Some(to) = &consent.endpoint else {
        return html! { <p>{ words::model_consent_none() }</p> };
    };
    let headers = consent.headers.join(", ");
    html! {
        <>
            <p>{ words::model_consent_goes(&to.to_string()) }</p>
            <ul>
                <li>{ words::model_consent_headers(&headers) }</li>
                <li>{ words::model_consent_text(consent.text_bytes) }</li>
                <li>{ words::model_consent_nothing_else() }</li>
            </ul>
            <p>{ words::model_consent_together() }</p>
            if let Some(example) = &consent.example {
                <h3>{ words::model_consent_example() }</h3>
                <pre class="compose-source" tabindex="0" data-testid="model-example">{ example }</pre>
                <p class="muted small">{ words::model_consent_bytes(example.len() as u64) }</p>
            } else {
                <p class="muted">{ words::model_consent_no_mail() }</p>
            }
        </>
    }
}
