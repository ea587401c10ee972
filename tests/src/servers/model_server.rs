//! A small server that speaks OpenAI's words and says of every mail that it is a receipt, as long as it gets the key.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

/// The key that it wants.
pub const KEY: &str = "sk-story-hunter2";

/// A running one; it ends with the process.
pub struct ModelServer {
    /// Where its API begins.
    pub url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl ModelServer {
    /// Starts one.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let heard = Arc::default();
        let shared = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { url, heard }
    }

    /// What was said to it about mails, request by request.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, heard: &Mutex<Vec<String>>) {
    let mut stream = BufReader::new(stream);
    while let Some((status, body)) = answer(&mut stream, heard) {
        let body = body.to_string();
        let text = format!(
            "HTTP/1.1 {status} As Told\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.get_mut().write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

fn answer(stream: &mut BufReader<TcpStream>, heard: &Mutex<Vec<String>>) -> Option<(u16, Value)> {
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
    let mut body = vec![0; header("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    if header("authorization") != Some(format!("Bearer {KEY}")) {
        return Some((
            401,
            json!({ "error": {
                "message": "Incorrect API key provided.", "type": "invalid_request_error", "param": null,
                "code": "invalid_api_key",
            } }),
        ));
    }
    let asked: Value = serde_json::from_slice(&body).ok()?;
    let mails = asked["messages"][1]["content"].as_str()?;
    heard.lock().ok()?.push(mails.to_owned());
    let schema = &asked["response_format"]["json_schema"]["schema"];
    let ids = schema["properties"].as_object()?.keys();
    let verdict = json!({ "class": "receipt", "sure": "certain" });
    let said: Map<String, Value> = ids.map(|id| (id.clone(), verdict.clone())).collect();
    let content = Value::from(said).to_string();
    let message = json!({ "role": "assistant", "content": content, "refusal": null });
    Some((
        200,
        json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": asked["model"],
            "choices": [{ "index": 0, "finish_reason": "stop", "message": message, "logprobs": null }],
            "usage": { "prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110 },
        }),
    ))
}
