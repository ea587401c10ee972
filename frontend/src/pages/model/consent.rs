//! What is sent of an account's mails, shown once and plainly, and the yes to it.

use bulkhead_shared::api::{Account, ModelConsent};
use yew::prelude::*;

use crate::api;
use crate::components::dialog::Dialog;
use crate::components::problem_note::ProblemNote;
use crate::copy::numbers::thousands;
use crate::hooks::asking::use_asking;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;

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
                <button type="button" class="button" onclick={close} data-testid="model-decline">{ "Send nothing" }</button>
                <button type="button" class="button primary" onclick={agree} disabled={asking.busy.is_some()} data-testid="model-agree">
                    { format!("Agree to send this to {}", to.host) }</button>
            </>
        },
        _ => html! { <button type="button" class="button" onclick={close}>{ "Close" }</button> },
    };
    let inside = match &found.remote {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines" role="status" aria-busy="true" aria-label="Loading"><i /><i /><i /></div>
        },
        Remote::Failed(error) => {
            html! { <ProblemNote error={error.clone()} retry={found.reload.clone()} /> }
        }
        Remote::Ready(consent) => sent(consent),
    };
    html! {
        <Dialog title={format!("What is sent of {}", props.account.name)} on_close={props.on_close.clone()} {footer}
            testid="model-consent">
            { inside }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </Dialog>
    }
}

fn sent(consent: &ModelConsent) -> Html {
    let Some(to) = &consent.endpoint else {
        return html! { <p>{ "No other model is chosen any more: nothing is sent." }</p> };
    };
    let headers = consent.headers.join(", ");
    html! {
        <>
            <p>{ format!("When you Classify or Process mails of this account, this goes to {to}, of each of them:") }</p>
            <ul>
                <li>{ format!("these headers: {headers}") }</li>
                <li>{ format!("at most {} bytes of its text", thousands(consent.text_bytes)) }</li>
                <li>{ "no attachment, no other header, and nothing of any other mail" }</li>
            </ul>
            <p>{ "Together with instructions that are the same for every mail. Whoever runs that server can read and keep it." }</p>
            if let Some(example) = &consent.example {
                <h3>{ "Exactly what goes out of the newest mail in the inbox" }</h3>
                <pre class="compose-source" tabindex="0" data-testid="model-example">{ example }</pre>
                <p class="muted small">{ format!("{} bytes", thousands(example.len() as u64)) }</p>
            } else {
                <p class="muted">{ "There is no mail in the inbox to show as an example." }</p>
            }
        </>
    }
}
