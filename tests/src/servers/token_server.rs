//! A small server that gives out tokens and vouches for them, as providers' sign-ins do: the page on which a
//! person says yes and the token endpoint of OAuth 2.0 (RFC 6749, RFC 7636), and what a mail server asks about a
//! token (RFC 7662).

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The program that is known here, with its secret, and what it may ask for.
const CLIENT: &str = "bulkhead-test";
const SECRET: &str = "the program's own secret & more";
const SCOPE: &str = "mail offline_access";

/// A running one; it ends with the process.
pub struct TokenServer {
    /// Its port on 127.0.0.1.
    pub port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Whose consents there are, by their present names.
    consents: BTreeMap<String, String>,
    /// Whose token it is, and until when.
    tokens: BTreeMap<String, (String, Instant)>,
    /// How long a token lasts, and how long it is said to last.
    lasts: Duration,
    said: Duration,
    /// A consent changes its name with each use.
    rotates: bool,
    given: u64,
    /// Codes that were given out for a consent, each good once.
    codes: BTreeMap<String, Asked>,
}

/// What was asked for on the page where a person says yes.
struct Asked {
    user: String,
    redirect_uri: String,
    challenge: String,
}

impl TokenServer {
    /// Starts one. Its tokens last an hour.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State {
            lasts: Duration::from_secs(3_600),
            said: Duration::from_secs(3_600),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream, &shared));
            }
        });
        Self { port, state }
    }

    /// A consent of a user.
    pub fn consent(&self, user: &str) -> String {
        let mut state = lock(&self.state);
        state.given += 1;
        let consent = format!("consent-{}", state.given);
        state.consents.insert(consent.clone(), user.to_owned());
        consent
    }

    /// Tokens given out from now on last so long, and are said to last so long.
    pub fn tokens_last(&self, lasts: Duration, said: Duration) {
        let mut state = lock(&self.state);
        (state.lasts, state.said) = (lasts, said);
    }

    /// From now on a consent changes its name with each use, and the old name is worth nothing.
    pub fn rotate(&self) {
        lock(&self.state).rotates = true;
    }

    /// The user takes back all consents.
    pub fn take_back(&self) {
        lock(&self.state).consents.clear();
    }

    /// All tokens end.
    pub fn end_tokens(&self) {
        lock(&self.state).tokens.clear();
    }

    /// What a server that is known here as a program is told of it, for addresses of `example.test` and this
    /// IMAP port on 127.0.0.1.
    pub fn program(&self, imap_port: u16) -> String {
        let at = format!("http://127.0.0.1:{}", self.port);
        json!([{
            "client_id": CLIENT,
            "client_secret": SECRET,
            "provider": {
                "name": "Example", "domains": ["example.test"], "host": "127.0.0.1", "port": imap_port,
                "security": "none", "authorize": format!("{at}/authorize?tenant=common"),
                "token_endpoint": format!("{at}/token"), "scope": SCOPE,
            },
        }])
        .to_string()
    }

    /// How many tokens were given out.
    pub fn given(&self) -> usize {
        lock(&self.state).tokens.len()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap()
}

fn answer(stream: TcpStream, state: &Mutex<State>) {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    let mut length = 0;
    if stream.read_line(&mut first).is_err() {
        return;
    }
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    if stream.read_exact(&mut body).is_err() {
        return;
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let body = String::from_utf8_lossy(&body).into_owned();
    let form = read(if body.is_empty() { query } else { &body });
    let (status, head, body) = match path {
        "/authorize" => (200, "Content-Type: text/html".to_owned(), page(&form)),
        "/yes" => (302, allow(&mut lock(state), &form), String::new()),
        "/no" => (302, deny(&form), String::new()),
        "/token" => in_json(give(&mut lock(state), &form)),
        _ => in_json(vouch(&lock(state), &form)),
    };
    let length = body.len();
    let _ = write!(
        stream.get_mut(),
        "HTTP/1.1 {status} x\r\n{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}

fn in_json((status, body): (u16, String)) -> (u16, String, String) {
    (status, "Content-Type: application/json".to_owned(), body)
}

/// The values of a form, or of what follows the question mark.
type Form = BTreeMap<String, String>;

fn read(form: &str) -> Form {
    let url = Url::parse(&format!("http://localhost/?{form}")).unwrap();
    url.query_pairs().into_owned().collect()
}

fn value<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map_or("", String::as_str)
}

/// Where a person says yes or no to what a program asks for.
fn page(form: &Form) -> String {
    let is_right = value(form, "response_type") == "code"
        && value(form, "client_id") == CLIENT
        && value(form, "scope") == SCOPE
        && value(form, "tenant") == "common"
        && value(form, "code_challenge_method") == "S256";
    if !is_right {
        return format!("<!doctype html><p data-testid='refused'>{form:?}</p>");
    }
    let query = Url::parse_with_params("http://localhost/", form).unwrap();
    let query = query.query().unwrap().replace('&', "&amp;");
    format!(
        "<!doctype html><html lang='en'><title>Sign in</title><link rel='icon' href='data:,'>\
         <p>Bulkhead wants to read and change the mail of <b data-testid='whose'>{}</b>.</p>\
         <a data-testid='yes' href='/yes?{query}'>Yes</a> <a data-testid='no' href='/no?{query}'>No</a></html>",
        value(form, "login_hint")
    )
}

fn back(form: &Form, answer: (&str, &str)) -> String {
    let pairs = [answer, ("state", value(form, "state"))];
    let url = Url::parse_with_params(value(form, "redirect_uri"), pairs).unwrap();
    format!("Location: {url}")
}

fn allow(state: &mut State, form: &Form) -> String {
    state.given += 1;
    let code = format!("code-{}", state.given);
    let hint = value(form, "login_hint");
    let asked = Asked {
        user: hint.split('@').next().unwrap_or_default().to_owned(),
        redirect_uri: value(form, "redirect_uri").to_owned(),
        challenge: value(form, "code_challenge").to_owned(),
    };
    state.codes.insert(code.clone(), asked);
    back(form, ("code", &code))
}

fn deny(form: &Form) -> String {
    back(form, ("error", "access_denied"))
}

fn give(state: &mut State, form: &Form) -> (u16, String) {
    let refused = |status, error: &str| (status, format!(r#"{{"error":"{error}"}}"#));
    if value(form, "client_id") != CLIENT {
        return refused(401, "invalid_client");
    }
    match value(form, "grant_type") {
        "authorization_code" => {
            if value(form, "client_secret") != SECRET {
                return refused(401, "invalid_client");
            }
            let asked = state.codes.remove(value(form, "code"));
            let is_it = |asked: &Asked| {
                asked.redirect_uri == value(form, "redirect_uri")
                    && asked.challenge == challenge(value(form, "code_verifier"))
            };
            let Some(asked) = asked.filter(is_it) else {
                return refused(400, "invalid_grant");
            };
            state.given += 1;
            let consent = format!("consent-{}", state.given);
            state.consents.insert(consent.clone(), asked.user.clone());
            let mut answer = token(state, asked.user);
            answer += &format!(r#","refresh_token":"{consent}"}}"#);
            (200, answer)
        }
        "refresh_token" => renew(state, value(form, "refresh_token")),
        _ => refused(400, "unsupported_grant_type"),
    }
}

/// What a verifier was announced by (RFC 7636, section 4.2).
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn renew(state: &mut State, consent: &str) -> (u16, String) {
    let Some(user) = state.consents.get(consent).cloned() else {
        return (400, r#"{"error":"invalid_grant"}"#.to_owned());
    };
    let mut json = token(state, user.clone());
    if state.rotates {
        state.consents.remove(consent);
        let next = format!("consent-{}", state.given);
        json += &format!(r#","refresh_token":"{next}""#);
        state.consents.insert(next, user);
    }
    (200, json + "}")
}

/// A new token, in an answer that is still open.
fn token(state: &mut State, user: String) -> String {
    state.given += 1;
    let token = format!("token-{}", state.given);
    let until = Instant::now() + state.lasts;
    state.tokens.insert(token.clone(), (user, until));
    let said = state.said.as_secs();
    format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{said}"#)
}

fn vouch(state: &State, form: &Form) -> (u16, String) {
    let token = form.get("token").or_else(|| form.get("access_token"));
    let known = token.and_then(|token| state.tokens.get(token));
    match known.filter(|(_, until)| *until > Instant::now()) {
        Some((user, _)) => (200, format!(r#"{{"active":true,"username":"{user}"}}"#)),
        None => (200, r#"{"active":false}"#.to_owned()),
    }
}
