//! Connect an account: try it first, keep it then.

use bulkhead_shared::api::{AccountTest, Connection, ImapConnection, NewAccount, Security};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::api;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::link::open;
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::routes::{Route, Search};
use crate::session::Session;

#[derive(Clone, PartialEq)]
struct Form {
    sandbox: bool,
    name: String,
    host: String,
    port: String,
    security: Security,
    user: String,
    password: String,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            sandbox: false,
            name: String::new(),
            host: String::new(),
            port: "993".to_owned(),
            security: Security::Tls,
            user: String::new(),
            password: String::new(),
        }
    }
}

impl Form {
    /// The request, or what is missing.
    fn read(&self) -> Result<NewAccount, &'static str> {
        let name = Some(self.name.trim().to_owned()).filter(|name| !name.is_empty());
        if self.sandbox {
            return Ok(NewAccount {
                name,
                connection: Connection::Sandbox {},
            });
        }
        let port = self
            .port
            .trim()
            .parse()
            .map_err(|_| "The port is a number from 1 to 65535.")?;
        if self.host.trim().is_empty() {
            return Err("Name the mail server.");
        }
        if self.user.trim().is_empty() || self.password.is_empty() {
            return Err("Name the user and the password.");
        }
        Ok(NewAccount {
            name,
            connection: Connection::Imap(ImapConnection {
                host: self.host.trim().to_owned(),
                port,
                security: self.security,
                user: self.user.trim().to_owned(),
                password: self.password.clone(),
            }),
        })
    }
}

/// The page.
#[component]
pub fn ConnectPage() -> Html {
    let form = use_state(Form::default);
    let tested = use_state(|| None::<AccountTest>);
    let asking = use_asking();
    let navigator = use_navigator();
    let session = use_context::<Session>();
    use_effect_with((), |()| browser::set_title("Connect an account – Bulkhead"));
    let set = {
        let (form, tested) = (form.clone(), tested.clone());
        move |change: &dyn Fn(&mut Form)| {
            let mut next = (*form).clone();
            change(&mut next);
            form.set(next);
            tested.set(None);
        }
    };
    let typed = |change: fn(&mut Form, String)| {
        let set = set.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                set(&|form| change(form, input.value()));
            }
        })
    };
    let on_security = {
        let set = set.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let (security, port) = match select.value().as_str() {
                    "start_tls" => (Security::StartTls, "143"),
                    "none" => (Security::None, "143"),
                    _ => (Security::Tls, "993"),
                };
                set(&|form| {
                    form.security = security;
                    form.port = port.to_owned();
                });
            }
        })
    };
    let kind = |sandbox: bool| {
        let set = set.clone();
        Callback::from(move |_: Event| set(&|form| form.sandbox = sandbox))
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
        let (asking, wanted) = (asking.clone(), wanted.clone().ok());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(account) = wanted.clone() {
                let (navigator, session) = (navigator.clone(), session.clone());
                asking.make("connect", api::connect(account), move |account| {
                    if let Some(session) = session {
                        session.reload_accounts.emit(());
                    }
                    if let Some(navigator) = navigator {
                        let to = Route::Mailbox {
                            account: account.id,
                        };
                        open(&navigator, &to, &Search::default());
                    }
                });
            }
        })
    };
    let field = |name: &'static str,
                 label: &'static str,
                 value: &str,
                 hint: &'static str,
                 oninput: Callback<InputEvent>| {
        let password = name == "password";
        html! {
            <label class="field">
                <span>{ label }</span>
                <input type={if password { "password" } else { "text" }} name={name} value={value.to_owned()} {oninput}
                    placeholder={hint} autocomplete={if password { "current-password" } else { "off" }} spellcheck="false"
                    data-testid={format!("connect-{name}")} />
            </label>
        }
    };
    let busy = asking.busy;
    html! {
        <div class="page narrow">
            <header class="page-head"><h1>{ "Connect an account" }</h1></header>
            <form class="card form" {onsubmit}>
                <div class="segmented" role="radiogroup" aria-label="Kind of account">
                    <label><input type="radio" name="kind" checked={!form.sandbox} onchange={kind(false)} data-testid="connect-imap" />
                        <span>{ "IMAP mailbox" }</span></label>
                    <label><input type="radio" name="kind" checked={form.sandbox} onchange={kind(true)} data-testid="connect-sandbox" />
                        <span>{ "Sandbox" }</span></label>
                </div>
                { field("name", "Name (if you like)", &form.name, "Work", typed(|form, text| form.name = text)) }
                if form.sandbox {
                    <p class="muted">{ "A simulated mailbox of this server: try everything, break nothing." }</p>
                } else {
                    <div class="field-row">
                        { field("host", "Mail server", &form.host, "imap.example.org", typed(|form, text| form.host = text)) }
                        <label class="field">
                            <span>{ "Protection" }</span>
                            <select onchange={on_security} data-testid="connect-security">
                                <option value="tls" selected={form.security == Security::Tls}>{ "TLS" }</option>
                                <option value="start_tls" selected={form.security == Security::StartTls}>{ "STARTTLS" }</option>
                                <option value="none" selected={form.security == Security::None}>{ "None (this machine only)" }</option>
                            </select>
                        </label>
                        { field("port", "Port", &form.port, "993", typed(|form, text| form.port = text)) }
                    </div>
                    { field("user", "User", &form.user, "me@example.org", typed(|form, text| form.user = text)) }
                    { field("password", "Password", &form.password, "", typed(|form, text| form.password = text)) }
                    <p class="muted hint"><Icon glyph={Glyph::Shield} />{ "The password is kept sealed on the server and is never shown again. Providers with two steps want an app password." }</p>
                }
                if let Some(found) = &*tested {
                    <div class={classes!("note", if found.ok { "note-good" } else { "note-error" })} role="status"
                        data-testid="connect-result" data-ok={found.ok.to_string()}>
                        <Icon glyph={if found.ok { Glyph::Check } else { Glyph::Alert }} />
                        <div class="note-text">{ &found.message }</div>
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
