//! A message, read.

use std::collections::BTreeMap;

use crate::pattern::{ARG, END, FIRST_PLACE, IS, NEXT, PLAIN, SELECT, STRONG};

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
        write(&self.pieces, args, &mut packed);
        packed
    }

    /// A message's name as a function has it.
    pub(super) fn function(&self) -> String {
        self.name.replace('-', "_")
    }
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

fn write(pieces: &[Piece], args: &[String], packed: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => packed.push_str(&marked(text)),
            Piece::Value(name) => packed.extend([ARG, place(name, args)]),
            Piece::Choice {
                by,
                variants,
                otherwise,
            } => {
                packed.extend([SELECT, place(by, args)]);
                for (key, variant) in variants {
                    packed.push_str(key);
                    packed.push(IS);
                    write(variant, args, packed);
                    packed.push(NEXT);
                }
                packed.push(IS);
                write(otherwise, args, packed);
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
