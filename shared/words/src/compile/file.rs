//! A language file, read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, Variant,
    VariantKey,
};
use fluent_syntax::parser::{self, ParserError};

use super::error::Unbuildable;
use super::message::{Message, Piece, Value};

/// The messages of a file, in its order.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    pub(super) messages: Vec<Message>,
}

impl File {
    pub(super) fn message(&self, name: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.name == name)
    }

    /// Tells files with other names, or another order of them, apart (FNV-1a, 32 bits).
    pub(super) fn fingerprint(&self) -> u32 {
        let names = self
            .messages
            .iter()
            .flat_map(|it| it.name.bytes().chain([0]));
        names.fold(0x811c_9dc5, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
    }

    /// Fails unless it has exactly the messages of the English file, each with the same values.
    pub(super) fn says_the_same(&self, english: &Self) -> Result<(), Unbuildable> {
        for message in &english.messages {
            let Some(said) = self.message(&message.name) else {
                return Err(self.faulty(&message.name, "is missing"));
            };
            self.has_the_values_of(said, message)?;
        }
        let strange = self
            .messages
            .iter()
            .find(|message| english.message(&message.name).is_none());
        strange.map_or(Ok(()), |it| Err(self.faulty(&it.name, "is not in English")))
    }

    fn has_the_values_of(&self, said: &Message, english: &Message) -> Result<(), Unbuildable> {
        let names = |message: &Message| {
            let names: Vec<_> = message.values.keys().cloned().collect();
            names.join(", ")
        };
        if said.values.keys().ne(english.values.keys()) {
            let what = format!("has the values {}, and not {}", names(said), names(english));
            return Err(self.faulty(&said.name, &what));
        }
        let word = |value: Value| match value {
            Value::Number => "number",
            Value::Text => "text",
        };
        for (name, value) in &said.values {
            let wanted = english.values.get(name).copied().unwrap_or(*value);
            // A number may be written by what does not choose; a text cannot be counted.
            if *value == Value::Number && wanted == Value::Text {
                let what = format!(
                    "{name} is a {} here and a {} in English",
                    word(*value),
                    word(wanted)
                );
                return Err(self.faulty(&said.name, &what));
            }
        }
        Ok(())
    }

    fn faulty(&self, message: &str, what: &str) -> Unbuildable {
        faulty(&self.path, message, what)
    }
}

fn faulty(path: &Path, message: &str, what: &str) -> Unbuildable {
    Unbuildable::Message {
        path: path.to_owned(),
        message: message.to_owned(),
        what: what.to_owned(),
    }
}

/// Reads a file's text.
pub(super) fn read(path: &Path, text: &str) -> Result<File, Unbuildable> {
    let resource = parser::parse(text).map_err(|(_, errors)| Unbuildable::Syntax {
        path: path.to_owned(),
        what: errors.iter().map(|error| at(text, error)).collect(),
    })?;
    let mut reading = Reading {
        path,
        known: BTreeMap::new(),
    };
    let (mut messages, mut seen) = (Vec::<Message>::new(), BTreeSet::new());
    for entry in &resource.body {
        let (name, pattern, is_term) = match entry {
            Entry::Message(it) => (it.id.name, it.value.as_ref(), false),
            Entry::Term(it) => (it.id.name, Some(&it.value), true),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            Entry::Junk { content } => return Err(faulty(path, content, "is not understood")),
        };
        let message = reading.message(name, pattern)?;
        let known = if is_term {
            format!("-{name}")
        } else {
            name.to_owned()
        };
        if !seen.insert(known.clone()) {
            return Err(faulty(path, name, "is there twice"));
        }
        reading.known.insert(known, message.pieces.clone());
        if !is_term {
            messages.push(message);
        }
    }
    Ok(File {
        path: path.to_owned(),
        messages,
    })
}

fn at(text: &str, error: &ParserError) -> String {
    let line = text[..error.pos.start.min(text.len())].lines().count();
    format!("line {line}: {error}; ")
}

struct Reading<'a> {
    path: &'a Path,
    /// What messages and terms before this one say; terms behind a hyphen.
    known: BTreeMap<String, Vec<Piece>>,
}

impl Reading<'_> {
    fn message(&self, name: &str, pattern: Option<&Pattern<&str>>) -> Result<Message, Unbuildable> {
        let fail = |what: &str| faulty(self.path, name, what);
        let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        if !name.chars().all(is_plain) {
            return Err(fail("a name is lower case, with hyphens"));
        }
        let pattern = pattern.ok_or_else(|| fail("says nothing"))?;
        let mut values = BTreeMap::new();
        let pieces = self
            .pieces(pattern, &mut values)
            .map_err(|what| fail(&what))?;
        Ok(Message {
            name: name.to_owned(),
            pieces,
            values,
        })
    }

    fn pieces(
        &self,
        pattern: &Pattern<&str>,
        values: &mut BTreeMap<String, Value>,
    ) -> Result<Vec<Piece>, String> {
        let mut pieces = Vec::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => {
                    pieces.push(Piece::Text((*value).to_owned()))
                }
                PatternElement::Placeable { expression } => {
                    pieces.extend(self.expression(expression, values)?);
                }
            }
        }
        is_closed(&pieces)?;
        Ok(pieces)
    }

    fn expression(
        &self,
        expression: &Expression<&str>,
        values: &mut BTreeMap<String, Value>,
    ) -> Result<Vec<Piece>, String> {
        match expression {
            Expression::Inline(inline) => self.inline(inline, values),
            Expression::Select { selector, variants } => {
                self.choice(selector, variants, values).map(|it| vec![it])
            }
        }
    }

    fn inline(
        &self,
        inline: &InlineExpression<&str>,
        values: &mut BTreeMap<String, Value>,
    ) -> Result<Vec<Piece>, String> {
        let said = |name: String| {
            let said = self.known.get(&name);
            let said = said.filter(|pieces| pieces.iter().all(|it| matches!(it, Piece::Text(_))));
            said.cloned()
                .ok_or_else(|| format!("there is no {name} before it that is only text"))
        };
        match inline {
            InlineExpression::StringLiteral { value } => Ok(vec![Piece::Text((*value).to_owned())]),
            InlineExpression::VariableReference { id } => {
                values.entry(id.name.to_owned()).or_insert(Value::Text);
                Ok(vec![Piece::Value(id.name.to_owned())])
            }
            InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" => {
                let name = only(arguments).ok_or("NUMBER takes one value")?;
                values.insert(name.to_owned(), Value::Number);
                Ok(vec![Piece::Value(name.to_owned())])
            }
            InlineExpression::MessageReference {
                id,
                attribute: None,
            } => said(id.name.to_owned()),
            InlineExpression::TermReference {
                id,
                attribute: None,
                arguments: None,
            } => said(format!("-{}", id.name)),
            InlineExpression::FunctionReference { id, .. } => {
                Err(format!("{} is not known here", id.name))
            }
            _ => Err("there is something in braces that is not known here".to_owned()),
        }
    }

    fn choice(
        &self,
        selector: &InlineExpression<&str>,
        variants: &[Variant<&str>],
        values: &mut BTreeMap<String, Value>,
    ) -> Result<Piece, String> {
        let InlineExpression::VariableReference { id } = selector else {
            return Err("only a value chooses".to_owned());
        };
        let by = id.name.to_owned();
        let (mut chosen, mut otherwise) = (Vec::new(), Vec::new());
        values.entry(by.clone()).or_insert(Value::Text);
        for variant in variants {
            let key = match variant.key {
                VariantKey::Identifier { name } => name,
                VariantKey::NumberLiteral { value } => value,
            };
            let counts = matches!(variant.key, VariantKey::NumberLiteral { .. }) || key == "one";
            if counts {
                values.insert(by.clone(), Value::Number);
            }
            let pieces = self.pieces(&variant.value, values)?;
            if variant.default {
                otherwise = pieces;
            } else {
                chosen.push((key.to_owned(), pieces));
            }
        }
        Ok(Piece::Choice {
            by,
            variants: chosen,
            otherwise,
        })
    }
}

/// The one value that a function is called with.
fn only<'a>(arguments: &CallArguments<&'a str>) -> Option<&'a str> {
    match arguments.positional.as_slice() {
        [InlineExpression::VariableReference { id }] if arguments.named.is_empty() => Some(id.name),
        _ => None,
    }
}

fn is_closed(pieces: &[Piece]) -> Result<(), String> {
    let texts = pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let text: String = texts.collect();
    if text.matches("<b>").count() == text.matches("</b>").count() {
        Ok(())
    } else {
        Err("<b> is not closed".to_owned())
    }
}
