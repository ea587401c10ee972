//! The functions of an English file.

use super::file::File;
use super::message::{Message, Value};

/// The source of a module with one function for each message.
pub(super) fn write(english: &File, place: usize) -> String {
    let mut source = format!(
        "/// All of them.\nconst OURS: bulkhead_words::Messages = bulkhead_words::Messages {{ place: {place}, fingerprint: {} }};\n",
        english.fingerprint()
    );
    for (index, message) in english.messages.iter().enumerate() {
        source.push_str(&function(index, message));
    }
    source
}

fn function(index: usize, message: &Message) -> String {
    let (name, args) = (message.function(), message.args());
    let english = message.packed(&args);
    let shown = english.replace(char::is_control, "·");
    let shown = shown.trim();
    if args.is_empty() {
        return format!(
            "/// {shown}\npub(crate) fn {name}() -> &'static str {{\n    bulkhead_words::say(OURS, {index}, {english:?})\n}}\n"
        );
    }
    let is = |arg: &String| message.values.get(arg).copied();
    let takes = args.iter().map(|arg| match is(arg) {
        Some(Value::Number) => format!("{}: u64", variable(arg)),
        _ => format!("{}: &str", variable(arg)),
    });
    let gives = args.iter().map(|arg| format!("{}.into()", variable(arg)));
    format!(
        "/// {shown}\npub(crate) fn {name}({}) -> String {{\n    bulkhead_words::say_with(OURS, {index}, {english:?}, &[{}])\n}}\n",
        takes.collect::<Vec<_>>().join(", "),
        gives.collect::<Vec<_>>().join(", ")
    )
}

fn variable(name: &str) -> String {
    name.replace('-', "_")
}
