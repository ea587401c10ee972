//! A stand-in for Exchange Online: it keeps mailboxes and restore requests, knows the commands that are used
//! with their required parameters, and misbehaves when it is told to. Written after Microsoft's public
//! reference of the commands; no real organisation was asked.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PSS_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Map, Value, json};

use crate::certificate::{pem, sha256};

/// How it misbehaves, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Asks to wait, and says how many seconds, or not.
    Throttles(Option<u32>),
    /// Breaks down before it did anything, or after it did everything.
    BreaksBefore,
    BreaksAfter,
    /// Does everything and says nothing, or half of its answer.
    HangsAfter,
    CutsAfter,
    /// Does everything and answers something else.
    BabblesAfter,
    /// Does not take the token any more.
    ForgetsToken,
    /// Sends the rest of its answer to somebody else's server.
    SendsElsewhere,
}

/// What it keeps.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) mailboxes: Vec<Map<String, Value>>,
    pub(crate) requests: Vec<Map<String, Value>>,
    /// Looks until a request is done.
    pub(crate) slowness: u32,
    /// Requests end without success, after so many messages.
    pub(crate) fails: bool,
    pub(crate) copied_before_it_failed: u64,
    /// Commands that nobody gave the application.
    pub(crate) forbidden: Vec<&'static str>,
    /// What happens to the next commands of these names.
    pub(crate) moods: VecDeque<(&'static str, Mood)>,
    /// Commands that came, in order.
    pub(crate) asked: Vec<String>,
    /// Commands that took effect.
    pub(crate) done: Vec<String>,
    tokens: u32,
}

/// A running one; it ends with the process.
pub(crate) struct Fake {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
}

enum Reply {
    Answer(u16, String, String),
    Cut(String),
    Silence,
}

impl Fake {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, port, &shared));
            }
        });
        Self { port, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn serve(stream: TcpStream, port: u16, state: &Mutex<State>) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .next()
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    if stream.read_exact(&mut body).is_err() {
        return;
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let reply = match path.ends_with("/oauth2/v2.0/token") {
        true => token(&body, port, state),
        false => command(&path, &header("authorization"), &body, port, state),
    };
    let stream = stream.get_mut();
    match reply {
        Reply::Answer(status, header, body) => {
            let length = body.len();
            let text = format!(
                "HTTP/1.1 {status} As Told\r\nConnection: close\r\nContent-Length: {length}\r\n{header}\r\n{body}"
            );
            let _ = stream.write_all(text.as_bytes());
        }
        Reply::Cut(body) => {
            let text = format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}",
                body.len(),
                &body[..body.len() / 2]
            );
            let _ = stream.write_all(text.as_bytes());
        }
        Reply::Silence => std::thread::sleep(Duration::from_secs(3)),
    }
}

/// A token for whoever shows the certificate.
fn token(form: &str, port: u16, state: &Mutex<State>) -> Reply {
    let value = |name: &str| {
        let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(known, _)| *known == name);
        found
            .next()
            .map(|(_, value)| value.replace("%3A", ":").replace("%2F", "/"))
            .unwrap_or_default()
    };
    let assertion = value("client_assertion");
    let is_good = is_signed(&assertion, port)
        && value("grant_type") == "client_credentials"
        && value("scope") == "https://outlook.office365.com/.default"
        && value("client_assertion_type")
            == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    if !is_good {
        let body = json!({ "error": "invalid_client", "error_description": "AADSTS700027" });
        return Reply::Answer(401, String::new(), body.to_string());
    }
    let mut state = state.lock().unwrap();
    state.tokens += 1;
    let body = json!({ "access_token": format!("token-{}", state.tokens), "expires_in": 3_599 });
    Reply::Answer(200, String::new(), body.to_string())
}

fn is_signed(assertion: &str, port: u16) -> bool {
    let Some((text, signature)) = assertion.rsplit_once('.') else {
        return false;
    };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    let json = |part: &str| serde_json::from_slice::<Value>(&decode(part)).unwrap_or_default();
    let Some((header, claims)) = text.split_once('.') else {
        return false;
    };
    let (header, claims) = (json(header), json(claims));
    let key = pem(include_str!("key.pem"));
    let key = RsaKeyPair::from_pkcs8(&key).unwrap();
    let public = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.public().as_ref().to_vec());
    let thumbprint = sha256(&pem(include_str!("certificate.pem")));
    let now = jiff::Timestamp::now().as_second();
    public.verify(text.as_bytes(), &decode(signature)).is_ok()
        && header
            == json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": URL_SAFE_NO_PAD.encode(thumbprint) })
        && claims["aud"] == format!("http://127.0.0.1:{port}/contoso.example/oauth2/v2.0/token")
        && claims["iss"] == "app-1"
        && claims["sub"] == "app-1"
        && claims["jti"].as_str().is_some_and(|id| id.len() == 32)
        && claims["exp"]
            .as_i64()
            .is_some_and(|until| until > now && until <= now + 600)
}

fn refusal(status: u16, exception: &str) -> Reply {
    let message = format!(
        "Ex0123AB|Microsoft.Exchange.{exception}|Der Vorgang konnte nicht ausgeführt werden."
    );
    let details = json!([{ "code": "Context", "message": message }]);
    let body = json!({ "error": { "code": "BadRequest", "message": "Error", "details": details } });
    Reply::Answer(status, String::new(), body.to_string())
}

fn command(path: &str, authorization: &str, body: &str, port: u16, state: &Mutex<State>) -> Reply {
    let mut state = state.lock().unwrap();
    assert!(
        path.starts_with("/adminapi/beta/contoso.example/InvokeCommand"),
        "{path}"
    );
    let body: Value = serde_json::from_str(body).unwrap();
    let input = &body["CmdletInput"];
    let name = input["CmdletName"].as_str().unwrap().to_owned();
    let parameters = input["Parameters"].as_object().unwrap().clone();
    state.asked.push(name.clone());
    let mood = match state.moods.front() {
        Some((of, mood)) if *of == name => Some(*mood),
        _ => None,
    };
    if mood.is_some() {
        state.moods.pop_front();
    }
    if authorization != format!("Bearer token-{}", state.tokens) {
        return Reply::Answer(401, String::new(), String::new());
    }
    match mood {
        Some(Mood::Throttles(seconds)) => {
            let header = seconds.map(|seconds| format!("Retry-After: {seconds}\r\n"));
            return Reply::Answer(429, header.unwrap_or_default(), String::new());
        }
        Some(Mood::BreaksBefore) => return Reply::Answer(500, String::new(), "oops".to_owned()),
        Some(Mood::ForgetsToken) => {
            state.tokens += 1;
            return Reply::Answer(401, String::new(), String::new());
        }
        _ => {}
    }
    if state.forbidden.contains(&name.as_str()) {
        return refusal(
            403,
            "Configuration.Authorization.CmdletAccessDeniedException",
        );
    }
    let objects = match run(&mut state, &name, &parameters) {
        Ok(objects) => objects,
        Err(reply) => return reply,
    };
    if name.starts_with("New") || name.starts_with("Remove") || name.starts_with("Set") {
        state.done.push(name.clone());
    }
    let first: usize = path
        .split_once("skiptoken=")
        .map_or(0, |(_, token)| token.parse().unwrap());
    let page: Vec<_> = objects.iter().skip(first).take(2).collect();
    let mut answer = json!({ "@odata.context": "x", "value": page });
    if first + 2 < objects.len() {
        let host = match mood {
            Some(Mood::SendsElsewhere) => "http://127.0.0.1:9".to_owned(),
            _ => format!("http://127.0.0.1:{port}"),
        };
        let rest = "/adminapi/beta/contoso.example/InvokeCommand?$skiptoken=";
        answer["@odata.nextLink"] = json!(format!("{host}{rest}{}", first + 2));
    }
    let answer = answer.to_string();
    match mood {
        Some(Mood::BreaksAfter) => Reply::Answer(502, String::new(), String::new()),
        Some(Mood::HangsAfter) => Reply::Silence,
        Some(Mood::CutsAfter) => Reply::Cut(answer),
        Some(Mood::BabblesAfter) => Reply::Answer(200, String::new(), "{\"value\": 7}".to_owned()),
        _ => Reply::Answer(200, String::new(), answer),
    }
}

type Objects = Vec<Map<String, Value>>;

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn run(state: &mut State, name: &str, of: &Map<String, Value>) -> Result<Objects, Reply> {
    let not_found = || refusal(404, "Configuration.Tasks.ManagementObjectNotFoundException");
    let is_inactive = |object: &Map<String, Value>| object["IsInactiveMailbox"] == true;
    let found = |state: &State| {
        let wanted = text(of, "Identity").to_lowercase();
        let has = |object: &&mut Map<String, Value>| {
            ["ExchangeGuid", "UserPrincipalName", "PrimarySmtpAddress"]
                .iter()
                .any(|name| text(object, name).to_lowercase() == wanted)
        };
        let mut copies = state.mailboxes.clone();
        copies.iter_mut().find(has).map(|object| object.clone())
    };
    match name {
        "Get-Mailbox" if of.contains_key("Identity") => {
            let object = found(state).filter(|object| !is_inactive(object));
            Ok(vec![object.ok_or_else(not_found)?])
        }
        "Get-Mailbox" => {
            // Without it, a thousand.
            assert_eq!(text(of, "ResultSize"), "Unlimited");
            let filter = text(of, "Filter");
            let is_asked = |object: &&Map<String, Value>| {
                let inactive = is_inactive(object);
                let asked = match of.get("InactiveMailboxOnly") {
                    Some(_) => inactive,
                    None => of.contains_key("IncludeInactiveMailbox") || !inactive,
                };
                asked && (filter.is_empty() || filter.contains(text(object, "ExchangeGuid")))
            };
            Ok(state.mailboxes.iter().filter(is_asked).cloned().collect())
        }
        "Get-User" => Ok(vec![found(state).ok_or_else(not_found)?]),
        "Get-MailboxStatistics" => {
            found(state).ok_or_else(not_found)?;
            let told = json!({ "ItemCount": 7, "TotalItemSize": "1.2 MB (1,234,567 bytes)" });
            Ok(vec![told.as_object().unwrap().clone()])
        }
        "New-Mailbox" => {
            let upn = text(of, "MicrosoftOnlineServicesID").to_owned();
            assert!(text(of, "Password").len() > 16 && !text(of, "Name").is_empty());
            if state
                .mailboxes
                .iter()
                .any(|object| text(object, "UserPrincipalName") == upn)
            {
                return Err(refusal(
                    400,
                    "Data.Directory.ADObjectAlreadyExistsException",
                ));
            }
            let source = text(of, "InactiveMailbox").to_owned();
            let is_it = |object: &&mut Map<String, Value>| {
                text(object, "DistinguishedName") == source && object["IsInactiveMailbox"] == true
            };
            let object = state
                .mailboxes
                .iter_mut()
                .find(is_it)
                .ok_or_else(not_found)?;
            object.insert("IsInactiveMailbox".to_owned(), json!(false));
            object.insert("UserPrincipalName".to_owned(), json!(upn));
            object.insert("PrimarySmtpAddress".to_owned(), json!(upn));
            for name in ["DisplayName", "FirstName", "LastName"] {
                object.insert(name.to_owned(), json!(text(of, name)));
            }
            Ok(vec![object.clone()])
        }
        "Set-Mailbox" | "Set-User" | "Remove-Mailbox" => {
            let object = found(state).ok_or_else(not_found)?;
            let guid = text(&object, "ExchangeGuid").to_owned();
            let is_it = |object: &&mut Map<String, Value>| text(object, "ExchangeGuid") == guid;
            let object = state.mailboxes.iter_mut().find(is_it).unwrap();
            if name == "Remove-Mailbox" {
                assert_eq!(of["Confirm"], false);
                object.insert("IsInactiveMailbox".to_owned(), json!(true));
            }
            if let Some(smtp) = of.get("WindowsEmailAddress") {
                object.insert("PrimarySmtpAddress".to_owned(), smtp.clone());
            }
            for name in ["Department", "Company"] {
                if let Some(value) = of.get(name) {
                    object.insert(name.to_owned(), value.clone());
                }
            }
            Ok(Vec::new())
        }
        "New-MailboxRestoreRequest" => {
            let name = text(of, "Name").to_owned();
            if state
                .requests
                .iter()
                .any(|known| text(known, "Name") == name)
            {
                let exception = "MailboxReplicationService.NameMustBeUniquePermanentException";
                return Err(refusal(400, exception));
            }
            let options = [
                "KeepSourceItem",
                "KeepLatestItem",
                "KeepAll",
                "KeepTargetItem",
                "ForceCopy",
                "UpdateFromSource",
            ];
            assert!(options.contains(&text(of, "ConflictResolutionOption")));
            let mut request = of.clone();
            request.insert(
                "RequestGuid".to_owned(),
                json!(format!("request-{}", state.requests.len())),
            );
            request.insert("Looks".to_owned(), json!(0));
            state.requests.push(request.clone());
            Ok(vec![request])
        }
        "Get-MailboxRestoreRequest" => {
            let name = text(of, "Name");
            let is_asked =
                |object: &&Map<String, Value>| name.is_empty() || text(object, "Name") == name;
            Ok(state.requests.iter().filter(is_asked).cloned().collect())
        }
        "Get-MailboxRestoreRequestStatistics" => {
            let (slowness, fails) = (state.slowness, state.fails);
            let is_it = |object: &&mut Map<String, Value>| {
                text(object, "RequestGuid") == text(of, "Identity")
            };
            let request = state
                .requests
                .iter_mut()
                .find(is_it)
                .ok_or_else(not_found)?;
            let looks = request["Looks"].as_u64().unwrap() + 1;
            request.insert("Looks".to_owned(), json!(looks));
            let status = match (looks > u64::from(slowness), fails) {
                (false, _) => "InProgress",
                (true, true) => "FailedOther",
                (true, false) => "Completed",
            };
            request.insert("Status".to_owned(), json!(status));
            let items = if fails {
                state.copied_before_it_failed
            } else {
                42
            };
            request.insert("ItemsTransferred".to_owned(), json!(items));
            Ok(vec![request.clone()])
        }
        "Remove-MailboxRestoreRequest" => {
            let id = text(of, "Identity").to_owned();
            state
                .requests
                .retain(|request| text(request, "RequestGuid") != id);
            Ok(Vec::new())
        }
        other => panic!("{other} is no command that is used"),
    }
}
