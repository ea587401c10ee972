//! A line to a mail server on which answers to whole mails get lost: the server has the mail, and who sent it
//! never hears of it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// The line; it lives as long as the test.
pub struct Swallower {
    /// The port on 127.0.0.1 that leads to the server.
    pub port: u16,
    left: Arc<AtomicUsize>,
}

/// What ends a mail (RFC 5321, section 4.1.1.4).
const END: &[u8] = b"\r\n.\r\n";

impl Swallower {
    /// A line to the server at this port.
    pub fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(AtomicUsize::new(0));
        let swallows = Arc::clone(&left);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else {
                    continue;
                };
                pass_both(&client, &server, &swallows);
            }
        });
        Self { port, left }
    }

    /// The next so many answers get lost.
    pub fn swallow(&self, answers: usize) {
        self.left.store(answers, Ordering::SeqCst);
    }

    /// How many answers are still to get lost.
    pub fn left(&self) -> usize {
        self.left.load(Ordering::SeqCst)
    }
}

fn pass_both(client: &TcpStream, server: &TcpStream, swallows: &Arc<AtomicUsize>) {
    let swallow = Arc::new(AtomicBool::new(false));
    let (up, down) = (copies(client, server), copies(server, client));
    let (swallows, begins) = (Arc::clone(swallows), Arc::clone(&swallow));
    thread::spawn(move || {
        let mut tail = Vec::new();
        pass(up, |bytes| {
            tail.extend_from_slice(bytes);
            let ends = tail.windows(END.len()).any(|window| window == END);
            let keep = tail.len().saturating_sub(END.len() - 1);
            tail.drain(..keep);
            let one_less = |left: usize| left.checked_sub(1);
            if ends
                && swallows
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less)
                    .is_ok()
            {
                begins.store(true, Ordering::SeqCst);
            }
            true
        });
    });
    thread::spawn(move || pass(down, |_| !swallow.load(Ordering::SeqCst)));
}

fn copies(from: &TcpStream, to: &TcpStream) -> (TcpStream, TcpStream) {
    (from.try_clone().unwrap(), to.try_clone().unwrap())
}

/// Passes on what comes as long as `may` says so; then the line is cut both ways.
fn pass((mut from, mut to): (TcpStream, TcpStream), mut may: impl FnMut(&[u8]) -> bool) {
    let mut buffer = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if !may(&buffer[..read]) || to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
