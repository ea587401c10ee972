//! The keys of the queue.

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
pub(super) const KEYS: [(&str, &str); 7] = [
    ("j / k", "Next / previous"),
    ("Enter, e", "Accept what is proposed"),
    ("c", "Change the class, or what is done"),
    ("x", "Tick the mail"),
    ("d, #", "Dismiss: do nothing with it"),
    ("z", "Take the last act back"),
    ("?", "This sheet"),
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
