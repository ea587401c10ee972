//! A small server that gives out tokens and vouches for them, as providers' sign-ins do: the token endpoint
//! of OAuth 2.0 (RFC 6749), and what a mail server asks about a token (RFC 7662).

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

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
    let (status, json) = match path {
        "/token" => give(&mut lock(state), &form),
        _ => vouch(&lock(state), &form),
    };
    let length = json.len();
    let _ = write!(
        stream.get_mut(),
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{json}"
    );
}

/// A form of plain values.
fn read(form: &str) -> BTreeMap<&str, &str> {
    form.split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect()
}

fn give(state: &mut State, form: &BTreeMap<&str, &str>) -> (u16, String) {
    let is_ours = form.get("client_id") == Some(&"bulkhead-test")
        && form.get("grant_type") == Some(&"refresh_token");
    if !is_ours {
        return (401, r#"{"error":"invalid_client"}"#.to_owned());
    }
    let consent = form.get("refresh_token").copied().unwrap_or_default();
    let Some(user) = state.consents.get(consent).cloned() else {
        return (400, r#"{"error":"invalid_grant"}"#.to_owned());
    };
    state.given += 1;
    let token = format!("token-{}", state.given);
    let until = Instant::now() + state.lasts;
    state.tokens.insert(token.clone(), (user.clone(), until));
    let said = state.said.as_secs();
    let mut json =
        format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{said}"#);
    if state.rotates {
        state.consents.remove(consent);
        let next = format!("consent-{}", state.given);
        json += &format!(r#","refresh_token":"{next}""#);
        state.consents.insert(next, user);
    }
    (200, json + "}")
}

fn vouch(state: &State, form: &BTreeMap<&str, &str>) -> (u16, String) {
    let token = form.get("token").or_else(|| form.get("access_token"));
    let known = token.and_then(|token| state.tokens.get(*token));
    match known.filter(|(_, until)| *until > Instant::now()) {
        Some((user, _)) => (200, format!(r#"{{"active":true,"username":"{user}"}}"#)),
        None => (200, r#"{"active":false}"#.to_owned()),
    }
}
