//! A server that answers as a test says: for what no real server does when it is asked to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: String,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Status, one header line or none, body.
    Answer(u16, &'static str, String),
    /// Nothing: the line goes dead.
    HangUp,
}

/// A running one; it ends with the test.
pub(crate) struct Fake {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Fake {
    pub(crate) async fn start(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, reply) = (Arc::new(Mutex::new(Vec::new())), Arc::new(reply));
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&reply), Arc::clone(&log)));
            }
        });
        Self { port, asked }
    }

    /// Methods and paths so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .map(|ask| format!("{} {}", ask.method, ask.path))
            .collect()
    }
}

/// One request, one answer, one connection.
async fn serve(
    mut stream: TcpStream,
    reply: Arc<impl Fn(&Request) -> Reply>,
    log: Arc<Mutex<Vec<Request>>>,
) {
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 16 << 10]);
    let request = loop {
        if let Some(request) = read(&bytes) {
            break request;
        }
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    };
    log.lock().unwrap().push(request.clone());
    if let Reply::Answer(status, header, body) = reply(&request) {
        let header = if header.is_empty() {
            String::new()
        } else {
            format!("{header}\r\n")
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} As Told\r\nConnection: close\r\nContent-Length: {length}\r\n{header}\r\n"
        );
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(body.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

fn read(bytes: &[u8]) -> Option<Request> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    if body.len() < length.unwrap_or(0) {
        return None;
    }
    let mut words = head.split(' ');
    Some(Request {
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
        body: body.to_owned(),
    })
}
