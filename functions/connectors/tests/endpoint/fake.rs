//! A stand-in for a server that speaks OpenAI's words: a thread for each connection, answers as a test says. It reads
//! requests as strictly as the official description of the API allows: what is not described there is refused.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::described;

/// What happens to a request.
pub(crate) enum Reply {
    /// Answered with this status, these headers and this body.
    Status(u16, &'static str, Value),
    /// Answered well, with this text for content.
    Says(Box<dyn Fn(&Asked) -> String + Send>),
    /// The same, and why it ended.
    Ends(&'static str, Box<dyn Fn(&Asked) -> String + Send>),
    /// A body that is no JSON, with status 200.
    Babbles(String),
    /// Half of an answer.
    Cut,
    /// Nothing, for longer than anybody waits.
    Hangs,
    /// A body without an end.
    Floods,
}

/// A mail of a request, as the server sees it.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) authorization: Option<String>,
    pub(crate) body: Value,
    pub(crate) mails: Vec<Mail>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) asked: Vec<Asked>,
    pub(crate) replies: VecDeque<Reply>,
    /// Refuses these fields, as a server that does not know them: the field's name, and what it says.
    pub(crate) refuses: Vec<(&'static str, &'static str)>,
    /// Obeys what the mails say.
    pub(crate) obeys: bool,
    /// Does not tell what it took.
    pub(crate) untold: bool,
    /// Requests under way, and the most there were.
    pub(crate) under_way: (usize, usize),
    pub(crate) takes: Duration,
}

/// A running one; it ends with the process.
pub(crate) struct Fake {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { port, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn replies(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state().replies.extend(replies);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
    }
}

/// Each mail is what its subject says, if that is the name of a class; else personal.
pub(crate) fn by_subject(asked: &Asked) -> String {
    verdicts(asked.mails.iter().map(|mail| {
        let subject = mail
            .text
            .lines()
            .find_map(|line| line.strip_prefix("Subject: "));
        (mail.id.clone(), subject.unwrap_or("personal").to_owned())
    }))
}

pub(crate) fn verdicts(of: impl Iterator<Item = (String, String)>) -> String {
    let members = of
        .map(|(id, class)| format!("\"{id}\": {{\"class\": \"{class}\", \"sure\": \"certain\"}}"));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let mut stream = BufReader::new(stream);
    while let Some(asked) = read(&mut stream) {
        let (reply, takes) = {
            let mut state = lock();
            state.under_way.0 += 1;
            state.under_way.1 = state.under_way.1.max(state.under_way.0);
            let reply = match refused(&asked, &state) {
                Some(reply) => reply,
                None => state.replies.pop_front().unwrap_or_else(|| {
                    let obeys = state.obeys;
                    Reply::Says(Box::new(move |asked| match obeys {
                        true => obedient(asked),
                        false => by_subject(asked),
                    }))
                }),
            };
            state.asked.push(asked.clone());
            (reply, state.takes)
        };
        thread::sleep(takes);
        lock().under_way.0 -= 1;
        let untold = lock().untold;
        if answer(stream.get_mut(), &asked, reply, untold).is_none() {
            return;
        }
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim().to_owned())
    };
    assert!(
        head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"),
        "{head}"
    );
    let mut body = vec![0; header("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    let body: Value = serde_json::from_slice(&body).ok()?;
    described::request(&body);
    let content = body["messages"][1]["content"].as_str().unwrap_or_default();
    Some(Asked {
        authorization: header("authorization"),
        mails: mails(content),
        body,
    })
}

/// What stands between the marks.
fn mails(content: &str) -> Vec<Mail> {
    let mut mails = Vec::new();
    let mut rest = content;
    while let Some((_, after)) = rest.split_once("BEGIN ") {
        let (id, after) = after.split_once('\n').unwrap();
        let end = format!("\nEND {id}\n");
        let (text, after) = after.split_once(&end).unwrap();
        mails.push(Mail {
            id: id.to_owned(),
            text: text.to_owned(),
        });
        rest = after;
    }
    mails
}

fn refused(asked: &Asked, state: &State) -> Option<Reply> {
    let text = asked.body.to_string();
    let (_, says) = state.refuses.iter().find(|(part, _)| text.contains(part))?;
    let error = json!({ "error": {
        "message": says, "type": "invalid_request_error", "param": null, "code": null,
    } });
    described::error(&error);
    Some(Reply::Status(400, "", error))
}

/// Does what any mail says: `Answer CLASS for all` of all mails, `Answer CLASS for ID` of that one, and of its own what it
/// says first.
fn obedient(asked: &Asked) -> String {
    let mut said: Vec<(String, String)> = asked
        .mails
        .iter()
        .map(|mail| (mail.id.clone(), "personal".to_owned()))
        .collect();
    for mail in &asked.mails {
        for line in mail.text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["Answer", class, "for", whom] = words.as_slice() {
                for (id, said) in &mut said {
                    let own = *whom == "this" && *id == mail.id;
                    if *whom == "all" || own || id == whom {
                        *said = (*class).to_owned();
                    }
                }
            }
        }
    }
    verdicts(said.into_iter())
}

fn answer(stream: &mut TcpStream, asked: &Asked, reply: Reply, untold: bool) -> Option<()> {
    let whole = |stream: &mut TcpStream, status: u16, headers: &str, body: &str| {
        let length = body.len();
        let text = format!(
            "HTTP/1.1 {status} As Told\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(text.as_bytes()).ok()
    };
    let completion = |content: &str, finish: &str| {
        let mut completion = json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "m",
            "choices": [{
                "index": 0, "finish_reason": finish, "logprobs": null,
                "message": { "role": "assistant", "content": content, "refusal": null },
            }],
            "usage": { "prompt_tokens": 700, "completion_tokens": 30, "total_tokens": 730 },
        });
        described::answer(&completion);
        if untold {
            // Not described, and what some relays answer.
            completion["usage"] = Value::Null;
        }
        completion.to_string()
    };
    match reply {
        Reply::Status(status, headers, body) => whole(stream, status, headers, &body.to_string()),
        Reply::Says(says) => whole(stream, 200, "", &completion(&says(asked), "stop")),
        Reply::Ends(finish, says) => whole(stream, 200, "", &completion(&says(asked), finish)),
        Reply::Babbles(text) => whole(stream, 200, "", &text),
        Reply::Cut => {
            let body = completion(&by_subject(asked), "stop");
            let length = body.len();
            let half = &body[..length / 2];
            let text = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{half}");
            stream.write_all(text.as_bytes()).ok()?;
            None
        }
        Reply::Hangs => {
            thread::sleep(Duration::from_secs(60));
            None
        }
        Reply::Floods => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                .ok()?;
            while stream.write_all(&[b' '; 4_096]).is_ok() {}
            None
        }
    }
}
