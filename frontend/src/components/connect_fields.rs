//! The fields of the form that connects an account.

use bulkhead_shared::api::{AccountKind, Security};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::sign_in;
use crate::state::connect_form::ConnectForm;

const SECURITIES: [(&str, &str, Security); 3] = [
    ("tls", "TLS", Security::Tls),
    ("start_tls", "STARTTLS", Security::StartTls),
    ("none", "None (this machine only)", Security::None),
];

#[derive(Properties, PartialEq)]
pub struct ConnectFieldsProps {
    /// What is typed so far.
    pub form: ConnectForm,
    /// What is typed now.
    pub on_change: Callback<ConnectForm>,
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
        let (kind, autocomplete) = match name {
            "password" => ("password", "current-password"),
            _ => ("text", "off"),
        };
        html! {
            <label class="field">
                <span>{ label }</span>
                <input type={kind} {name} value={value.to_owned()} {oninput} placeholder={hint} {autocomplete}
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
        let option = |(name, label, security): &(&'static str, &'static str, Security)| {
            html! { <option value={*name} selected={self.form.security == *security}>{ *label }</option> }
        };
        let offered = SECURITIES
            .iter()
            .filter(|(_, _, security)| on_own_machine() || *security != Security::None);
        html! {
            <label class="field">
                <span>{ "Protection" }</span>
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
            <div class="segmented" role="radiogroup" aria-label="Kind of account">
                { props.kind(AccountKind::Imap, "IMAP mailbox", "connect-imap") }
                { props.kind(AccountKind::Dav, "CardDAV contacts", "connect-dav") }
                if on_own_machine() { { props.kind(AccountKind::Sandbox, "Sandbox", "connect-sandbox") } }
            </div>
            { props.text("name", "Name (if you like)", &form.name, "Work", |form, text| form.name = text) }
            if form.kind == AccountKind::Sandbox {
                <p class="muted">{ "A simulated mailbox and address book of this server: try everything, break nothing." }</p>
            } else {
                if form.kind == AccountKind::Imap {
                    <div class="field-row">
                        { props.text("host", "Mail server", &form.host, "imap.example.org", |form, text| form.host = text) }
                        { props.security() }
                        { props.text("port", "Port", &form.port, "993", |form, text| form.port = text) }
                    </div>
                } else {
                    { props.text("host", "Server or address", &form.host, "contacts.example.org", |form, text| form.host = text) }
                }
                { props.text("user", "User", &form.user, "me@example.org", |form, text| form.user = text) }
                { props.text("password", "Password", &form.password, "", |form, text| form.password = text) }
                <p class="muted hint">
                    <Icon glyph={Glyph::Shield} />
                    { "The password is kept sealed on the server and is never shown again. Providers with two steps want an app password." }
                </p>
            }
        </>
    }
}
