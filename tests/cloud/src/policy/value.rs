//! Values of a policy: one or a list of them, and patterns.

use serde_json::Value;

/// Whether a text is like a pattern with `*` (anything) and `?` (one sign).
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut here) = (0, 0);
    // Where to go on if what follows the last star does not fit.
    let mut again: Option<(usize, usize)> = None;
    while here < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                again = Some((at + 1, here));
                at += 1;
            }
            Some(&sign) if sign == b'?' || sign == text[here] => {
                at += 1;
                here += 1;
            }
            _ => {
                let Some((after_star, from)) = again else {
                    return false;
                };
                again = Some((after_star, from + 1));
                at = after_star;
                here = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|sign| *sign == b'*')
}

/// Policies write one as itself, several as a list.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    let many = value.as_array().map(|list| list.iter());
    let one = (!value.is_array() && !value.is_null()).then_some(value);
    many.into_iter().flatten().chain(one)
}

pub(super) fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    list(value).map(text).collect()
}
