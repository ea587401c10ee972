//! The keys of the queue.

use crate::appearance::Says;
use crate::words;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Next,
    Back,
    Accept,
    Change,
    Tick,
    Dismiss,
    Help,
}

/// The sheet of keys.
pub(super) const KEYS: [(&str, Says); 7] = [
    ("j / k", words::review_keys_move),
    ("Enter, e", words::review_keys_accept),
    ("c", words::review_keys_change),
    ("x", words::review_keys_tick),
    ("d, #", words::review_keys_dismiss),
    ("z", words::review_keys_back),
    ("?", words::review_keys_help),
];

/// What this key is for, by the name that a browser gives it.
pub(super) fn key(name: &str) -> Option<Key> {
    Some(match name {
        "j" | "ArrowDown" => Key::Next,
        "k" | "ArrowUp" => Key::Back,
        "e" | "Enter" => Key::Accept,
        "c" => Key::Change,
        "x" => Key::Tick,
        "d" | "#" => Key::Dismiss,
        "?" => Key::Help,
        _ => return None,
    })
}
