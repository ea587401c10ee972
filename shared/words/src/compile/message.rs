//! A message, read.

use std::collections::BTreeMap;

use crate::fit::is_wordy;
use crate::pattern::{
    ARG, CAUSE, END, FIRST_PLACE, IS, NEXT, PLAIN, PROSE, SELECT, STRONG, WRITTEN,
};

/// What values are called that are phrases themselves; several of one message are told apart behind a hyphen.
const PHRASES: [&str; 6] = ["items", "mails", "lists", "what", "class", "everything"];
/// The same of those that may be another server's words.
const CAUSES: [&str; 4] = ["why", "message", "error", "fault"];

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Number,
    Text,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Value(String),
    /// Variants by their keys, and the one for all else.
    Choice {
        by: String,
        variants: Vec<(String, Vec<Piece>)>,
        otherwise: Vec<Piece>,
    },
}

/// A message with its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    pub(super) name: String,
    pub(super) pieces: Vec<Piece>,
    /// What each of its values is.
    pub(super) values: BTreeMap<String, Value>,
}

impl Message {
    /// Its values in the order in which they first appear.
    pub(super) fn args(&self) -> Vec<String> {
        let mut args = Vec::new();
        gather(&self.pieces, &mut args);
        args
    }

    /// The pattern, with values by their places among `args`.
    pub(super) fn packed(&self, args: &[String]) -> String {
        let mut packed = String::new();
        write(&self.pieces, args, &|_| ARG, &mut packed);
        packed
    }

    /// Whether a text tells that it was made of this message: one that is hardly more than its values would fit anything,
    /// unless one of them is a phrase itself.
    pub(super) fn is_telling(&self) -> bool {
        let fitted = self.fitted(&self.args());
        !fitted.contains(ARG) || fitted.contains([PROSE, CAUSE]) || is_wordy(&fitted)
    }

    /// The pattern that texts are fitted to, which tells what each value looks like.
    pub(super) fn fitted(&self, args: &[String]) -> String {
        let mut packed = String::new();
        let mark = |name: &str| match self.values.get(name) {
            Some(Value::Number) => WRITTEN,
            _ if is_one_of(&PHRASES, name) => PROSE,
            _ if is_one_of(&CAUSES, name) => CAUSE,
            _ => ARG,
        };
        write(&self.pieces, args, &mark, &mut packed);
        packed
    }

    /// A message's name as a function has it.
    pub(super) fn function(&self) -> String {
        self.name.replace('-', "_")
    }
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.contains(&name.split('-').next().unwrap_or(name))
}

fn gather(pieces: &[Piece], args: &mut Vec<String>) {
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Value(name) => take(name, args),
            Piece::Choice {
                by,
                variants,
                otherwise,
            } => {
                take(by, args);
                for (_, variant) in variants {
                    gather(variant, args);
                }
                gather(otherwise, args);
            }
        }
    }
}

fn take(name: &String, args: &mut Vec<String>) {
    if !args.contains(name) {
        args.push(name.clone());
    }
}

fn write(pieces: &[Piece], args: &[String], mark: &dyn Fn(&str) -> char, packed: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => packed.push_str(&marked(text)),
            Piece::Value(name) => packed.extend([mark(name), place(name, args)]),
            Piece::Choice {
                by,
                variants,
                otherwise,
            } => {
                packed.extend([SELECT, place(by, args)]);
                for (key, variant) in variants {
                    packed.push_str(key);
                    packed.push(IS);
                    write(variant, args, mark, packed);
                    packed.push(NEXT);
                }
                packed.push(IS);
                write(otherwise, args, mark, packed);
                packed.push(END);
            }
        }
    }
}

fn place(name: &str, args: &[String]) -> char {
    let place = args.iter().position(|arg| arg == name).unwrap_or_default();
    let place = u32::try_from(place).ok();
    place
        .and_then(|place| char::from_u32(FIRST_PLACE + place))
        .unwrap_or(' ')
}

fn marked(text: &str) -> String {
    text.replace("<b>", STRONG.encode_utf8(&mut [0; 1]))
        .replace("</b>", PLAIN.encode_utf8(&mut [0; 1]))
}
