//! The fields of the form that connects an account.

use bulkhead_shared::api::{AccountKind, Security};
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::sign_in;
use crate::state::connect_form::ConnectForm;
use crate::words;
use bulkhead_words::Says;

const SECURITIES: [(&str, Says, Security); 3] = [
    ("tls", Says(|| "TLS"), Security::Tls),
    ("start_tls", Says(|| "STARTTLS"), Security::StartTls),
    (
        "none",
        Says(words::connect_fields_unprotected),
        Security::None,
    ),
];

#[derive(Properties, PartialEq)]
pub struct ConnectFieldsProps {
    /// What is typed so far.
    pub form: ConnectForm,
    /// What is typed now.
    pub on_change: Callback<ConnectForm>,
    /// An address was typed to its end.
    pub on_address: Callback<String>,
}

impl ConnectFieldsProps {
    /// A field that is typed into.
    fn text(
        &self,
        name: &'static str,
        label: &'static str,
        value: &str,
        hint: &'static str,
        change: fn(&mut ConnectForm, String),
    ) -> Html {
        let (form, on_change) = (self.form.clone(), self.on_change.clone());
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut next = form.clone();
                change(&mut next, input.value());
                on_change.emit(next);
            }
        });
        let on_address = self.on_address.clone();
        let onchange = Callback::from(move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            if let Some(input) = input.filter(|_| name == "user") {
                on_address.emit(input.value());
            }
        });
        let (kind, autocomplete) = match name {
            "password" => ("password", "current-password"),
            "client-secret" | "refresh-token" => ("password", "off"),
            _ => ("text", "off"),
        };
        html! {
            <label class="field">
                <span>{ label }</span>
                <input type={kind} {name} value={value.to_owned()} {oninput} {onchange} placeholder={hint} {autocomplete}
                    spellcheck="false" data-testid={format!("connect-{name}")} />
            </label>
        }
    }

    fn security(&self) -> Html {
        let (form, on_change) = (self.form.clone(), self.on_change.clone());
        let onchange = Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>();
            let named = |select: HtmlSelectElement| {
                let value = select.value();
                SECURITIES.iter().find(|(name, _, _)| *name == value)
            };
            if let Some((_, _, security)) = chosen.and_then(named) {
                let mut next = form.clone();
                next.protect(*security);
                on_change.emit(next);
            }
        });
        let option = |(name, label, security): &(&'static str, Says, Security)| {
            html! { <option value={*name} selected={self.form.security == *security}>{ label.say() }</option> }
        };
        let offered = SECURITIES
            .iter()
            .filter(|(_, _, security)| on_own_machine() || *security != Security::None);
        html! {
            <label class="field">
                <span>{ words::connect_fields_protection() }</span>
                <select {onchange} data-testid="connect-security">{ for offered.map(option) }</select>
            </label>
        }
    }

    fn kind(&self, kind: AccountKind, label: &'static str, testid: &'static str) -> Html {
        let (form, on_change) = (self.form.clone(), self.on_change.clone());
        let onchange = Callback::from(move |_: Event| {
            on_change.emit(ConnectForm {
                kind,
                ..form.clone()
            });
        });
        html! {
            <label>
                <input type="radio" name="kind" checked={self.form.kind == kind} {onchange} data-testid={testid} />
                <span>{ label }</span>
            </label>
        }
    }
}

impl ConnectFieldsProps {
    fn way(&self, by_consent: bool, label: &'static str, testid: &'static str) -> Html {
        let (form, on_change) = (self.form.clone(), self.on_change.clone());
        let onchange = Callback::from(move |_: Event| {
            on_change.emit(ConnectForm {
                by_consent,
                ..form.clone()
            });
        });
        html! {
            <label>
                <input type="radio" name="way" checked={self.form.by_consent == by_consent} {onchange} data-testid={testid} />
                <span>{ label }</span>
            </label>
        }
    }

    fn consent(&self) -> Html {
        let form = &self.form;
        if form.leaves_for().is_some() {
            return html! {
                <p class="muted" data-testid="connect-leaves">
                    { words::connect_fields_leaves() }
                </p>
            };
        }
        html! {
            <>
                <p class="muted">{ words::connect_fields_bring() }</p>
                { self.text("token-endpoint", words::connect_fields_token_endpoint(), &form.token_endpoint, "https://…",
                    |form, text| form.token_endpoint = text) }
                <div class="field-row">
                    { self.text("client-id", words::connect_fields_client_id(), &form.client_id, "", |form, text| form.client_id = text) }
                    { self.text("client-secret", words::connect_fields_client_secret(), &form.client_secret, "",
                        |form, text| form.client_secret = text) }
                </div>
                { self.text("refresh-token", words::connect_fields_refresh_token(), &form.refresh_token, "",
                    |form, text| form.refresh_token = text) }
            </>
        }
    }
}

impl ConnectFieldsProps {
    /// A field of several lines.
    fn lines(
        &self,
        name: &'static str,
        label: &'static str,
        value: &str,
        change: fn(&mut ConnectForm, String),
    ) -> Html {
        let (form, on_change) = (self.form.clone(), self.on_change.clone());
        let oninput = Callback::from(move |event: InputEvent| {
            // A field of several lines has a value like any other; a type of its own is not needed for that.
            let value = |target: JsValue| Reflect::get(&target, &"value".into()).ok()?.as_string();
            if let Some(value) = event.target().and_then(|target| value(target.into())) {
                let mut next = form.clone();
                change(&mut next, value);
                on_change.emit(next);
            }
        });
        html! {
            <label class="field">
                <span>{ label }</span>
                <textarea {name} value={value.to_owned()} {oninput} rows="4" autocomplete="off" spellcheck="false"
                    data-testid={format!("connect-{name}")} />
            </label>
        }
    }

    /// An organisation and an application. That this was never tried on a real one is said where it matters.
    fn exchange(&self) -> Html {
        let form = &self.form;
        html! {
            <>
                <p class="note" data-testid="connect-exchange-untried">
                    { words::connect_fields_untried() }
                </p>
                { self.text("tenant", words::connect_fields_organisation(), &form.tenant, "contoso.onmicrosoft.com", |form, text| form.tenant = text) }
                { self.text("client-id", words::connect_fields_application(), &form.client_id, "", |form, text| form.client_id = text) }
                { self.lines("certificate", words::connect_fields_certificate(), &form.certificate, |form, text| form.certificate = text) }
                { self.lines("private-key", words::connect_fields_private_key(), &form.private_key, |form, text| form.private_key = text) }
                <p class="muted hint">
                    <Icon glyph={Glyph::Shield} />
                    { words::connect_fields_permission() }
                </p>
            </>
        }
    }
}

/// The sandbox, and mail servers without protection, are only reached by a server that runs on the
/// person's own machine. Who signs in at a hosted sign-in talks to one that does not.
fn on_own_machine() -> bool {
    !sign_in::is_hosted()
}

/// The fields.
#[component]
pub fn ConnectFields(props: &ConnectFieldsProps) -> Html {
    let form = &props.form;
    html! {
        <>
            <div class="segmented" role="radiogroup" aria-label={words::connect_fields_kind()}>
                { props.kind(AccountKind::Imap, words::connect_fields_imap(), "connect-imap") }
                { props.kind(AccountKind::Dav, words::connect_fields_dav(), "connect-dav") }
                { props.kind(AccountKind::Cyrus, words::connect_fields_cyrus(), "connect-cyrus") }
                { props.kind(AccountKind::Exchange, words::connect_fields_exchange(), "connect-exchange") }
                if on_own_machine() { { props.kind(AccountKind::Sandbox, words::connect_fields_sandbox(), "connect-sandbox") } }
            </div>
            { props.text("name", words::connect_fields_name(), &form.name, words::connect_fields_name_hint(), |form, text| form.name = text) }
            if form.kind == AccountKind::Sandbox {
                <p class="muted">{ words::connect_fields_sandbox_is() }</p>
            } else if form.kind == AccountKind::Exchange {
                { props.exchange() }
            } else {
                if form.kind == AccountKind::Cyrus {
                    <p class="muted">{ words::connect_fields_cyrus_is() }</p>
                }
                { props.text("user", words::connect_fields_user(), &form.user, "me@example.org", |form, text| form.user = text) }
                if form.is_imap() {
                    <div class="field-row">
                        { props.text("host", words::connect_fields_mail_server(), &form.host, "imap.example.org", |form, text| form.host = text) }
                        { props.security() }
                        { props.text("port", words::connect_fields_port(), &form.port, "993", |form, text| form.port = text) }
                    </div>
                } else {
                    { props.text("host", words::connect_fields_dav_server(), &form.host, "contacts.example.org", |form, text| form.host = text) }
                }
                if form.kind == AccountKind::Imap {
                    <div class="field-row">
                        { props.text("submission-host", words::connect_fields_sending_server(), &form.submission_host,
                            "smtp.example.org", |form, text| form.submission_host = text) }
                        { props.text("submission-port", words::connect_fields_sending_port(), &form.submission_port, "465",
                            |form, text| form.submission_port = text) }
                    </div>
                    <div class="segmented" role="radiogroup" aria-label={words::connect_fields_way()}>
                        { props.way(false, words::connect_fields_password(), "connect-by-password") }
                        { props.way(true, words::connect_fields_consent(), "connect-by-consent") }
                    </div>
                }
                if form.by_consent && form.kind == AccountKind::Imap {
                    { props.consent() }
                } else {
                    { props.text("password", words::connect_fields_password(), &form.password, "", |form, text| form.password = text) }
                }
                <p class="muted hint">
                    <Icon glyph={Glyph::Shield} />
                    { words::connect_fields_sealed() }
                </p>
            }
        </>
    }
}
