//! A way in for made-up answers of a server.

use super::{answer, fetched, found, listed, status};

/// Answers of an IMAP server, each line as whatever it may be taken for.
pub fn imap_answers(input: &[u8]) {
    let lines = input.split_inclusive(|&byte| byte == b'\n');
    for raw in lines.chain([input]) {
        let _ = answer::read(raw, "a1");
        let _ = fetched::read(raw);
        let _ = fetched::body_begins(raw);
        let _ = listed::read(raw);
        let rest = raw.strip_prefix(b"* ").unwrap_or(raw);
        let _ = status::read(rest);
        let _ = found::listed(rest);
        let _ = found::extended(rest, "a1");
    }
}
