//! Somebody between us and a real server who changes what both say: servers that are odd in one thing
//! and right in all others.

use std::sync::{Arc, Mutex};

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_tests::servers::dovecot::Dovecot;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::support::at_port;

/// What is done with a command.
pub(crate) enum Act {
    /// The server gets this instead (the command without its tag).
    Pass(String),
    /// The server never gets it: untagged lines and the tagged end, without the tag.
    Answer(String),
}

/// What the server's line becomes: other lines, or none.
type Rewrite = dyn Fn(&str, &str) -> String + Send + Sync;
type Decide = dyn Fn(&str) -> Act + Send + Sync;

/// Changes commands and answers.
#[derive(Clone)]
pub(crate) struct Between {
    decide: Arc<Decide>,
    rewrite: Arc<Rewrite>,
}

impl Between {
    /// Changes nothing.
    pub(crate) fn new() -> Self {
        Self {
            decide: Arc::new(|command| Act::Pass(command.to_owned())),
            rewrite: Arc::new(|_, line| line.to_owned()),
        }
    }

    /// Decides about each command (without its tag).
    pub(crate) fn on_command(
        mut self,
        decide: impl Fn(&str) -> Act + Send + Sync + 'static,
    ) -> Self {
        self.decide = Arc::new(decide);
        self
    }

    /// Rewrites each untagged line of the server's; the command it belongs to comes first.
    pub(crate) fn on_line(
        mut self,
        rewrite: impl Fn(&str, &str) -> String + Send + Sync + 'static,
    ) -> Self {
        self.rewrite = Arc::new(rewrite);
        self
    }

    /// Answers a command that begins with these words; passes all others.
    pub(crate) fn answering(answers: &'static [(&'static str, &'static str)]) -> Self {
        Self::new().on_command(move |command| {
            let known = answers.iter().find(|(words, _)| command.starts_with(words));
            match known {
                Some((_, answer)) => Act::Answer((*answer).to_owned()),
                None => Act::Pass(command.to_owned()),
            }
        })
    }

    /// Our connector, with this one between it and the server.
    pub(crate) async fn open(self, server: &Dovecot) -> Imap {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let to = server.port;
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                tokio::spawn(stand(self.clone(), client, server));
            }
        });
        Imap::open(&at_port(server, port), Reach::Anywhere)
            .await
            .unwrap()
    }
}

async fn stand(between: Between, client: TcpStream, server: TcpStream) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let to_client = Arc::new(tokio::sync::Mutex::new(to_client));
    let command = Arc::new(Mutex::new(String::new()));
    let answers = answers(
        between.clone(),
        from_server,
        Arc::clone(&to_client),
        Arc::clone(&command),
    );
    let commands = commands(between, from_client, to_server, to_client, command);
    tokio::select! {
        _ = tokio::spawn(answers) => {}
        _ = tokio::spawn(commands) => {}
    }
}

async fn commands(
    between: Between,
    from: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    client: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
    current: Arc<Mutex<String>>,
) {
    let mut from = BufReader::new(from);
    while let Some(line) = line(&mut from).await {
        let text = String::from_utf8_lossy(&line).into_owned();
        let (tag, rest) = text.split_once(' ').unwrap_or(("", &text));
        let rest = rest.trim_end();
        *current.lock().unwrap() = rest.to_owned();
        // What goes on after a literal goes through as it is.
        let mut literal = literal_length(&line);
        let sent = match (between.decide)(rest) {
            _ if literal.is_some() => server.write_all(&line).await,
            Act::Pass(command) if command == rest => server.write_all(&line).await,
            Act::Pass(command) => {
                server
                    .write_all(format!("{tag} {command}\r\n").as_bytes())
                    .await
            }
            Act::Answer(answer) => {
                let (lines, end) = answer.rsplit_once("\r\n").unwrap_or(("", &answer));
                let lines = if lines.is_empty() {
                    String::new()
                } else {
                    format!("{lines}\r\n")
                };
                let answer = format!("{lines}{tag} {end}\r\n");
                client.lock().await.write_all(answer.as_bytes()).await
            }
        };
        if sent.is_err() {
            return;
        }
        while let Some(length) = literal {
            let mut bytes = vec![0; length];
            if from.read_exact(&mut bytes).await.is_err() {
                return;
            }
            let Some(rest) = self::line(&mut from).await else {
                return;
            };
            literal = literal_length(&rest);
            bytes.extend(rest);
            if server.write_all(&bytes).await.is_err() {
                return;
            }
        }
    }
}

async fn answers(
    between: Between,
    from: OwnedReadHalf,
    client: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
    current: Arc<Mutex<String>>,
) {
    let mut from = BufReader::new(from);
    while let Some(line) = line(&mut from).await {
        let literal = literal_length(&line);
        let out = match String::from_utf8(line.clone()) {
            Ok(text) if literal.is_none() && text.starts_with("* ") => {
                let command = current.lock().unwrap().clone();
                let rewritten = (between.rewrite)(&command, text.trim_end());
                let lines = rewritten.split_inclusive('\n').map(str::trim_end);
                lines
                    .map(|line| format!("{line}\r\n"))
                    .collect::<String>()
                    .into_bytes()
            }
            _ => line,
        };
        let mut client = client.lock().await;
        if client.write_all(&out).await.is_err() {
            return;
        }
        if let Some(length) = literal {
            let mut bytes = vec![0; length];
            if from.read_exact(&mut bytes).await.is_err() || client.write_all(&bytes).await.is_err()
            {
                return;
            }
        }
    }
}

async fn line(from: &mut BufReader<OwnedReadHalf>) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let read = from.read_until(b'\n', &mut line).await.ok()?;
    (read > 0).then_some(line)
}

fn literal_length(line: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(line.strip_suffix(b"}\r\n")?).ok()?;
    text.rsplit_once('{')?.1.trim_end_matches('+').parse().ok()
}
