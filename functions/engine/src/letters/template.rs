//! Templates at work: a name that is not there is an error, values are data, and nothing takes long or
//! grows without end.
//!
//! A template can say `{{ name }}`, filter it, and decide by `{% if %}`. It cannot loop, set names or read
//! files: none of that is needed for a row of cells, and without it what is rendered is bounded by what
//! goes in.

use std::collections::BTreeSet;
use std::io::{self, Write};

use bulkhead_shared::operations::BulkSend;
use bulkhead_shared::operations::recipient::Recipient;
use bulkhead_shared::problem::Invalid;
use minijinja::machinery::{Token, WhitespaceConfig, tokenize};
use minijinja::syntax::SyntaxConfig;
use minijinja::tests::{is_defined, is_undefined};
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, filters};

use super::html_text::text_of;
use super::invalid::invalid;
use super::row_values::RowValues;

/// Steps of one rendering: far more than a template of 200 KB takes.
const FUEL: u64 = 500_000;
/// Bytes of one rendered part, most.
const PART_BYTES: usize = 2_000_000;
/// Tags that a template may have, beside `raw`, behind which nothing is one.
const TAGS: [&str; 4] = ["if", "elif", "else", "endif"];

/// The templates of a job, read and ready.
pub(super) struct Templates<'a> {
    environment: Environment<'a>,
    has_text: bool,
    has_html: bool,
}

/// A mail's parts with everything filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rendered {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
    /// A fallback stands in for an empty cell.
    pub(super) has_fallback: bool,
}

/// Why a row's mail cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RenderFault {
    /// The templates name what no column is called.
    Unknown(BTreeSet<String>),
    /// They need something of these columns, and the cells are empty.
    Empty(BTreeSet<String>),
    /// A part came out as what it cannot be.
    Part {
        /// What it is, as a sentence.
        message: String,
        /// Whether that is so whatever is in the row.
        of_template: bool,
    },
}

impl<'a> Templates<'a> {
    /// Reads the templates; or says what is wrong with one, and where.
    pub(super) fn of(send: &'a BulkSend) -> Result<Self, Invalid> {
        let mut environment = environment();
        for (part, template) in [
            ("subject", Some(&send.subject)),
            ("text", send.text.as_ref()),
            ("html", send.html.as_ref()),
        ] {
            let Some(template) = template else { continue };
            check(part, template)?;
            let read = environment.add_template(part, template);
            read.map_err(|error| invalid(part, in_words(&error)))?;
        }
        Ok(Self {
            environment,
            has_text: send.text.is_some(),
            has_html: send.html.is_some(),
        })
    }

    /// Fills everything in for one recipient.
    pub(super) fn render(
        &self,
        send: &BulkSend,
        recipient: &Recipient,
    ) -> Result<Rendered, RenderFault> {
        let mut empty = BTreeSet::new();
        loop {
            let values = RowValues::new(recipient, &send.fallbacks, &empty, false);
            let rendered = self.fill(&Value::from_dyn_object(values.clone()));
            let seen = values.seen();
            if !seen.unknown.is_empty() {
                return Err(RenderFault::Unknown(self.unknown(send, recipient)));
            }
            match rendered {
                Ok(rendered) if empty.is_empty() => {
                    return Ok(Rendered {
                        has_fallback: seen.used_fallback,
                        ..rendered
                    });
                }
                Ok(_) => return Err(RenderFault::Empty(empty)),
                Err(error) => match seen.empty {
                    // Once more as if that one were not, so that all of them are found.
                    Some(column)
                        if error.kind() == ErrorKind::UndefinedError
                            && empty.insert(column.clone()) => {}
                    _ if !empty.is_empty() => return Err(RenderFault::Empty(empty)),
                    _ => return Err(part_fault(&error)),
                },
            }
        }
    }

    /// All names that no column has: as if each were something, so that none hides another.
    fn unknown(&self, send: &BulkSend, recipient: &Recipient) -> BTreeSet<String> {
        let columns = recipient.cells().keys().cloned().collect();
        let values = RowValues::new(recipient, &send.fallbacks, &columns, true);
        // Whatever else is wrong is found once there are no such names.
        let _ = self.fill(&Value::from_dyn_object(values.clone()));
        values.seen().unknown
    }

    fn fill(&self, values: &Value) -> Result<Rendered, Error> {
        let subject = self.part("subject", values)?;
        let html = match self.has_html {
            true => Some(self.part("html", values)?),
            false => None,
        };
        let text = match (self.has_text, &html) {
            (true, _) => self.part("text", values)?,
            (false, Some(html)) => text_of(html),
            (false, None) => String::new(),
        };
        Ok(Rendered {
            subject,
            text,
            html,
            has_fallback: false,
        })
    }

    fn part(&self, part: &str, values: &Value) -> Result<String, Error> {
        let mut out = Bounded(Vec::new());
        let template = self.environment.get_template(part)?;
        template.render_captured_to(values, &mut out)?;
        String::from_utf8(out.0).map_err(|_| Error::from(ErrorKind::WriteFailure))
    }
}

/// One text that is filled in from values that are all there.
pub(super) struct TextTemplate<'a>(Environment<'a>);

/// What it is called among templates.
const TEXT: &str = "text";

impl<'a> TextTemplate<'a> {
    /// Reads it; or says what is wrong with it, and where.
    pub(super) fn read(text: &'a str) -> Result<Self, String> {
        let mut environment = environment();
        check(TEXT, text).map_err(|invalid| invalid.message)?;
        let read = environment.add_template(TEXT, text);
        read.map_err(|error| in_words(&error))?;
        Ok(Self(environment))
    }

    /// Fills it in; or says why that cannot be, with no value in it.
    pub(super) fn fill(
        &self,
        values: &std::collections::BTreeMap<&'static str, String>,
    ) -> Result<String, String> {
        let mut out = Bounded(Vec::new());
        let template = self.0.get_template(TEXT);
        let filled = template.and_then(|it| it.render_captured_to(values, &mut out));
        filled.map_err(|error| in_words(&error))?;
        String::from_utf8(out.0).map_err(|_| "It is no text.".to_owned())
    }
}

fn part_fault(error: &Error) -> RenderFault {
    let of_template = matches!(
        error.kind(),
        ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownMethod
            | ErrorKind::MissingArgument
            | ErrorKind::TooManyArguments
    );
    RenderFault::Part {
        message: in_words(error),
        of_template,
    }
}

/// What a template can do.
fn environment<'a>() -> Environment<'a> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_keep_trailing_newline(true);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|name| match name {
        "html" => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    environment.add_filter("default", filters::default);
    environment.add_filter("upper", filters::upper);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("title", filters::title);
    environment.add_filter("capitalize", filters::capitalize);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("int", filters::int);
    environment.add_filter("float", filters::float);
    environment.add_filter("round", filters::round);
    environment.add_filter("length", filters::length);
    environment.add_test("defined", is_defined);
    environment.add_test("undefined", is_undefined);
    environment
}

/// Refuses tags that a mail does not need, and to multiply: a few letters of a template would make gigabytes, some of
/// them before anything is rendered, and cells are texts anyway. The template is read as `minijinja` reads it: nobody
/// else knows what is a quote, a comment, or the end of an expression.
fn check(part: &str, template: &str) -> Result<(), Invalid> {
    let mut begins_tag = false;
    for read in tokenize(template, false, SyntaxConfig, WhitespaceConfig::default()) {
        let (token, span) = read.map_err(|error| invalid(part, in_words(&error)))?;
        let line = span.start_line;
        let wrong = match token {
            Token::Ident(tag) if begins_tag && !TAGS.contains(&tag) => format!(
                "Line {line}: a template has no tag “{tag}”; it can have if, elif, else and endif."
            ),
            Token::Mul | Token::Pow => format!("Line {line}: a template multiplies nothing."),
            token => {
                begins_tag = matches!(token, Token::BlockStart);
                continue;
            }
        };
        return Err(invalid(part, wrong));
    }
    Ok(())
}

/// What a template's error is, as a sentence, with no value in it.
fn in_words(error: &Error) -> String {
    let what = match error.kind() {
        ErrorKind::SyntaxError => error.detail().unwrap_or("it is no template").to_owned(),
        ErrorKind::UnknownFilter => "there is no such filter".to_owned(),
        ErrorKind::UnknownTest => "there is no such test".to_owned(),
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
            "a template calls nothing".to_owned()
        }
        ErrorKind::UndefinedError => "something is not there".to_owned(),
        ErrorKind::OutOfFuel => "it takes too long".to_owned(),
        ErrorKind::WriteFailure => "what comes of it is too large".to_owned(),
        _ => "this cannot be done with what is in the row".to_owned(),
    };
    match error.line() {
        Some(line) => format!("Line {line}: {what}."),
        None => format!("{}.", capital(&what)),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// Takes so many bytes and no more.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > PART_BYTES {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
