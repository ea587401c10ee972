//! Cuts a query's text into tokens, each with its position in characters.

use super::QueryError;
use super::field::{check_field, error};
use crate::kinds::Kind;
use crate::words;

/// A piece of a query.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `-` right before something.
    Minus,
    /// `OR`
    Or,
    /// `AND`
    And,
    /// A word, quoted or not.
    Word(String),
    /// `name:value`, the name in lower case.
    Field {
        /// Before the colon.
        name: String,
        /// After it; never empty.
        value: String,
        /// Where the value begins.
        value_at: usize,
    },
}

/// A token and where it begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) at: usize,
    pub(super) token: Token,
}

/// All tokens of a query of this kind.
pub(super) fn tokens(kind: Kind, text: &str) -> Result<Vec<Placed>, QueryError> {
    let mut lexer = Lexer {
        kind,
        chars: text.chars().collect(),
        at: 0,
    };
    let mut tokens = Vec::new();
    while let Some(placed) = lexer.token()? {
        tokens.push(placed);
    }
    Ok(tokens)
}

struct Lexer {
    kind: Kind,
    chars: Vec<char>,
    at: usize,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn token(&mut self) -> Result<Option<Placed>, QueryError> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let at = self.at;
        let Some(first) = self.peek() else {
            return Ok(None);
        };
        let token = match first {
            '(' => self.single(Token::Open),
            ')' => self.single(Token::Close),
            '-' => self.minus()?,
            c if is_quote(c) => Token::Word(self.quoted()?),
            _ => self.word_or_field()?,
        };
        Ok(Some(Placed { at, token }))
    }

    fn single(&mut self, token: Token) -> Token {
        self.at += 1;
        token
    }

    fn minus(&mut self) -> Result<Token, QueryError> {
        let at = self.at;
        self.at += 1;
        match self.peek() {
            Some('-') => Err(error(self.at, words::query_one_minus())),
            Some(c) if !c.is_whitespace() && c != ')' => Ok(Token::Minus),
            _ => Err(error(at, words::query_minus())),
        }
    }

    fn word_or_field(&mut self) -> Result<Token, QueryError> {
        let at = self.at;
        let mut word = String::new();
        while let Some(c) = self.peek().filter(|&c| !ends_word(c)) {
            self.at += 1;
            // Only letters before the colon make a field: 10:30 is a word.
            if c == ':' && !word.is_empty() && word.chars().all(is_field_char) {
                return self.field(at, word.to_lowercase());
            }
            word.push(c);
        }
        Ok(match word.as_str() {
            "OR" => Token::Or,
            "AND" => Token::And,
            _ => Token::Word(word),
        })
    }

    fn field(&mut self, at: usize, name: String) -> Result<Token, QueryError> {
        let value_at = self.at;
        check_field(self.kind, &name, at)?;
        let value = match self.peek() {
            Some(c) if is_quote(c) => self.quoted()?,
            Some('(') => {
                return Err(error(value_at, words::query_value(&name)));
            }
            _ => self.bare(),
        };
        if value.is_empty() {
            return Err(error(value_at, words::query_no_value(&name)));
        }
        Ok(Token::Field {
            name,
            value,
            value_at,
        })
    }

    fn bare(&mut self) -> String {
        let begin = self.at;
        while self.peek().is_some_and(|c| !ends_word(c)) {
            self.at += 1;
        }
        self.chars
            .get(begin..self.at)
            .unwrap_or_default()
            .iter()
            .collect()
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let opened_at = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\\' if self
                    .peek()
                    .is_some_and(|next| next == '\\' || is_quote(next)) =>
                {
                    text.extend(self.peek());
                    self.at += 1;
                }
                c if is_quote(c) => {
                    return if text.trim().is_empty() {
                        Err(error(opened_at, words::query_empty_quotes()))
                    } else {
                        Ok(text)
                    };
                }
                c if c.is_whitespace() => text.push(' '),
                c => text.push(c),
            }
        }
        Err(error(opened_at, words::query_open_quote()))
    }
}

/// Keyboards and word processors turn straight quotes into curly ones.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)
}

fn is_field_char(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}
