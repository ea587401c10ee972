//! A proxy in front of the server that cuts the line at a chosen moment, as networks do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// When the line is cut, once it is armed with n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before the n-th command with one of these words reaches the server.
    Before(&'static [&'static str]),
    /// When the server begins to answer the n-th command with one of these words: the answer never
    /// arrives.
    After(&'static [&'static str]),
}

/// Starts one; its port, and how many such commands are still to come.
pub(crate) async fn start(server: u16, cut: Cut) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let armed = Arc::new(AtomicUsize::new(0));
    let switch = Arc::clone(&armed);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
            tokio::spawn(pass(client, server, cut, Arc::clone(&armed)));
        }
    });
    (port, switch)
}

async fn pass(client: TcpStream, server: TcpStream, cut: Cut, armed: Arc<AtomicUsize>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let swallow = Arc::new(AtomicBool::new(false));
    let swallows = Arc::clone(&swallow);
    let answers = tokio::spawn(async move {
        let mut buffer = vec![0; 64 << 10];
        while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
            if swallows.load(Ordering::SeqCst)
                || to_client.write_all(&buffer[..read]).await.is_err()
            {
                break;
            }
        }
    });
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
        let bytes = &buffer[..read];
        let holds = |words: &[&str]| {
            let text = String::from_utf8_lossy(bytes);
            let is_it = words.iter().any(|word| text.contains(word));
            let left = armed.load(Ordering::SeqCst);
            if is_it && left > 0 {
                armed.store(left - 1, Ordering::SeqCst);
            }
            is_it && left == 1
        };
        match cut {
            Cut::Before(words) if holds(words) => break,
            Cut::After(words) if holds(words) => swallow.store(true, Ordering::SeqCst),
            _ => {}
        }
        if to_server.write_all(bytes).await.is_err() {
            break;
        }
        if swallow.load(Ordering::SeqCst) {
            // The server has begun to answer when this ends.
            let _ = answers.await;
            return;
        }
    }
    answers.abort();
}
