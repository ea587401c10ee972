//! The keys of the queue.

use crate::words;
use bulkhead_words::Says;

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

impl Key {
    /// Whether it changes nothing.
    pub(super) fn goes(self) -> bool {
        matches!(self, Self::Next | Self::Back | Self::Help)
    }
}

/// The sheet of keys.
pub(super) const KEYS: [(&str, Says); 7] = [
    ("j / k", Says(words::review_keys_move)),
    ("Enter, e", Says(words::review_keys_accept)),
    ("c", Says(words::review_keys_change)),
    ("x", Says(words::review_keys_tick)),
    ("d, #", Says(words::review_keys_dismiss)),
    ("z", Says(words::review_keys_back)),
    ("?", Says(words::review_keys_help)),
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
