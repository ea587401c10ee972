//! A proxy in front of the server that answers some commands itself, or puts other words into the
//! server's mouth: what real servers were seen to say.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::ports::CallError;
use bulkhead_tests::servers::dovecot::Dovecot;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::support::at_port;

/// What becomes of a command.
pub(crate) enum Act {
    /// The server answers.
    Pass,
    /// This is answered, `$tag` being the command's tag; the server hears nothing.
    Say(String),
    /// The same, and the line is cut.
    SayAndHangUp(String),
    /// The server answers, and this becomes of its answer.
    Rewrite(fn(Vec<u8>) -> Vec<u8>),
    /// The server answers, so much later.
    Delay(Duration),
    /// The server answers, and the line is cut before that is heard.
    Lose,
    /// The line is cut while the server is still at it.
    Leave,
}

/// Says NO with this text.
pub(crate) fn no(text: &str) -> Act {
    Act::Say(format!("$tag NO {text}\r\n"))
}

type Meddle = Arc<Mutex<dyn FnMut(&str) -> Act + Send>>;

/// Starts one; its port. It is asked about each command, without its tag.
pub(crate) async fn start(server: u16, meddle: impl FnMut(&str) -> Act + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let meddle: Meddle = Arc::new(Mutex::new(meddle));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
            let meddle = Arc::clone(&meddle);
            tokio::spawn(async move {
                let _ = between(client, server, meddle).await;
            });
        }
    });
    port
}

/// Connects to a server through one.
pub(crate) async fn try_through(
    server: &Dovecot,
    meddle: impl FnMut(&str) -> Act + Send + 'static,
) -> Result<Imap, CallError> {
    let port = start(server.port, meddle).await;
    Imap::open(&at_port(server, port), Reach::Anywhere).await
}

/// The same where that works.
pub(crate) async fn through(
    server: &Dovecot,
    meddle: impl FnMut(&str) -> Act + Send + 'static,
) -> Imap {
    try_through(server, meddle).await.unwrap()
}

type Lines = BufReader<OwnedReadHalf>;

/// A response or command line with its literals, and the next lines that belong to it.
async fn whole(lines: &mut Lines) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let begin = bytes.len();
        if lines.read_until(b'\n', &mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let Some(length) = announced(&bytes[begin..]) else {
            return Ok(bytes);
        };
        let mut literal = vec![0; length];
        lines.read_exact(&mut literal).await?;
        bytes.extend(literal);
    }
}

fn announced(line: &[u8]) -> Option<usize> {
    let line = String::from_utf8_lossy(line).into_owned();
    let line = line.trim_end().strip_suffix('}')?;
    line.rsplit('{').next()?.trim_end_matches('+').parse().ok()
}

async fn between(client: TcpStream, server: TcpStream, meddle: Meddle) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, mut to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    let (mut commands, mut answers) = (BufReader::new(from_client), BufReader::new(from_server));
    to_client.write_all(&whole(&mut answers).await?).await?;
    loop {
        let mut line = Vec::new();
        if commands.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        let (tag, command) = text.trim_end().split_once(' ').unwrap();
        let act = (meddle.lock().unwrap())(command);
        match act {
            Act::Say(answer) => {
                to_client
                    .write_all(answer.replace("$tag", tag).as_bytes())
                    .await?;
            }
            Act::SayAndHangUp(answer) => {
                let answer = answer.replace("$tag", tag);
                return to_client.write_all(answer.as_bytes()).await;
            }
            act => {
                if let Act::Delay(delay) = act {
                    tokio::time::sleep(delay).await;
                }
                to_server.write_all(&line).await?;
                let mut streams = (&mut commands, &mut to_server, &mut answers, &mut to_client);
                let leaves = matches!(act, Act::Leave);
                let answer = answer(&mut streams, tag, announced(&line), leaves).await?;
                let answer = match act {
                    Act::Rewrite(rewrite) => rewrite(answer),
                    Act::Lose | Act::Leave => return Ok(()),
                    _ => answer,
                };
                to_client.write_all(&answer).await?;
            }
        }
    }
}

/// The server's whole answer, with the rest of the command passed on when the server wants it; or nothing
/// more once the server has the whole command.
async fn answer(
    (commands, to_server, answers, to_client): &mut (
        &mut Lines,
        &mut OwnedWriteHalf,
        &mut Lines,
        &mut OwnedWriteHalf,
    ),
    tag: &str,
    mut literal: Option<usize>,
    leaves: bool,
) -> std::io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    while !leaves || literal.is_some() {
        let response = whole(answers).await?;
        if let Some(length) = literal.filter(|_| response.starts_with(b"+")) {
            to_client.write_all(&response).await?;
            let mut rest = vec![0; length];
            commands.read_exact(&mut rest).await?;
            let begin = rest.len();
            commands.read_until(b'\n', &mut rest).await?;
            literal = announced(&rest[begin..]);
            to_server.write_all(&rest).await?;
            continue;
        }
        if response.starts_with(b"+") {
            to_client.write_all(&response).await?;
            let mut line = Vec::new();
            commands.read_until(b'\n', &mut line).await?;
            to_server.write_all(&line).await?;
            continue;
        }
        let ends = response.starts_with(format!("{tag} ").as_bytes());
        answer.extend(response);
        if ends {
            break;
        }
    }
    Ok(answer)
}

/// The responses of an answer, the command's end last.
pub(crate) fn responses(answer: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut current = Vec::new();
    let mut rest = answer;
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let (line, after) = rest.split_at(end + 1);
        let length = announced(line).unwrap_or(0);
        current.extend(line);
        current.extend(&after[..length]);
        rest = &after[length..];
        if announced(line).is_none() {
            all.push(std::mem::take(&mut current));
        }
    }
    all
}
