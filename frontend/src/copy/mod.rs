//! What the screen says in words: numbers, times and jobs. Pure functions, tested on the host.

pub mod advice;
pub mod jobs;
pub mod keys;
pub mod moments;
pub mod numbers;

/// A folder as people call it: the inbox has no other name on any server than this one, shouted.
pub fn folder_name(name: &str) -> &str {
    if name.eq_ignore_ascii_case("INBOX") {
        "Inbox"
    } else {
        name
    }
}
