//! What a deserialiser's error means to a person: the field, and what would be right.
//!
//! Values are never repeated: what was sent in the wrong place may be a password.

use bulkhead_shared::problem::Invalid;

/// A deserialiser's message at a path (`options.brake`; `.` is the whole body).
pub(crate) fn explain(path: &str, message: &str) -> Invalid {
    let path = if path == "." { "" } else { path };
    let (field, sentence) = if let Some(name) = between(message, "missing field `", "`") {
        (join(path, name), "Has to be there.".to_owned())
    } else if let Some(name) = between(message, "duplicate field `", "`") {
        (join(path, name), "Is there twice.".to_owned())
    } else if let Some(name) = between(message, "unknown field `", "`") {
        (
            join(path, name),
            format!("Is not known here; {}.", known(message)),
        )
    } else if message.starts_with("unknown variant `") {
        (
            path.to_owned(),
            format!("Is not known here; {}.", known(message)),
        )
    } else if let Some((_, expected)) = message.rsplit_once(", expected ") {
        (path.to_owned(), format!("Has to be {}.", kind(expected)))
    } else if message.contains("digit") || message.contains("number") {
        (path.to_owned(), "Has to be a whole number.".to_owned())
    } else {
        // One of ours: "not a valid job id".
        (path.to_owned(), format!("Is {message}."))
    };
    Invalid::new(field, sentence)
}

/// A path with one more name.
fn join(path: &str, name: &str) -> String {
    // Some deserialisers name the field in the path already.
    if path.is_empty() || path == name || path.ends_with(&format!(".{name}")) {
        if path.is_empty() {
            name.to_owned()
        } else {
            path.to_owned()
        }
    } else {
        format!("{path}.{name}")
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.split(after).next()
}

/// What could stand there instead, as serde lists it.
fn known(message: &str) -> String {
    match message.split_once("`, expected ") {
        Some((_, list)) => format!("expected {list}"),
        None => "nothing is expected here".to_owned(),
    }
}

/// Rust's names of kinds, in words.
fn kind(expected: &str) -> String {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a string" | "string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        other if other.starts_with("struct ") || other.contains(" enum ") => "an object".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_field_and_never_repeats_a_value() {
        for (path, message, field, sentence) in [
            (
                ".",
                "missing field `account`",
                "account",
                "Has to be there.",
            ),
            (
                "connection",
                "missing field `host`",
                "connection.host",
                "Has to be there.",
            ),
            (
                "options.batchsize",
                "unknown field `batchsize`, expected `batch_size` or `brake`",
                "options.batchsize",
                "Is not known here; expected `batch_size` or `brake`.",
            ),
            (
                "operation",
                "unknown field `folder`, there are no fields",
                "operation.folder",
                "Is not known here; nothing is expected here.",
            ),
            (
                "connection.port",
                "invalid type: string \"hunter2, expected\", expected u16",
                "connection.port",
                "Has to be a whole number, 0 or more.",
            ),
            (
                "account",
                "not a valid account id",
                "account",
                "Is not a valid account id.",
            ),
            (
                "limit",
                "invalid digit found in string",
                "limit",
                "Has to be a whole number.",
            ),
        ] {
            let invalid = explain(path, message);
            assert_eq!(
                (invalid.field.as_str(), invalid.message.as_str()),
                (field, sentence)
            );
        }
    }
}
