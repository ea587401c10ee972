//! Ports for servers that are told theirs before they start.

use std::fs;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Browsers call no address at some of those below.
const FIRST: u16 = 11_000;
/// From here on systems choose by themselves, where they do not say otherwise.
const END: u16 = 32_768;

/// A port that nobody listens on now, and that nobody in this process is given again.
///
/// It is none of those that the system gives to whoever asks for any port: a server takes its port a while after it was
/// chosen, and by then a connection of somebody else might have it.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let ports = FIRST..end();
    // Another process begins elsewhere.
    let begin = std::process::id().wrapping_mul(97);
    for _ in ports.clone() {
        let number = begin.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed).into());
        let port = FIRST + u16::try_from(number % u32::from(ports.end - FIRST)).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("every port is taken");
}

/// Where the ports begin that the system chooses by itself.
fn end() -> u16 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range");
    let words = range.unwrap_or_default();
    let first = words
        .split_whitespace()
        .next()
        .and_then(|word| word.parse().ok());
    first.unwrap_or(END).clamp(FIRST + 1_000, END)
}
