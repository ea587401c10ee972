//! From tokens to a query, by recursive descent over the grammar in the module above.

use super::field::{check_field, error};
use super::lex::{Placed, Token, tokens};
use super::value::{age, class, date, size};
use super::{Looked, Query, QueryError, Term};
use crate::kinds::Kind;
use crate::{labels, limits, words};

impl Query {
    /// Reads a query of mails. Never panics, whatever the text.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parse(Kind::Mail, text)
    }

    /// Reads a query of items of this kind, which may name the fields that such items have.
    pub fn parse_for(kind: Kind, text: &str) -> Result<Self, QueryError> {
        parse(kind, text)
    }
}

fn parse(kind: Kind, text: &str) -> Result<Query, QueryError> {
    check_text(text)?;
    let mut parser = Parser {
        kind,
        tokens: tokens(kind, text)?.into_iter().peekable(),
        end: text.chars().count(),
        terms: 0,
    };
    let query = parser.query(0)?;
    match parser.tokens.next() {
        None => Ok(query),
        // A query ends only before `)` or at the end.
        Some(placed) => Err(error(placed.at, words::query_stray_bracket())),
    }
}

fn check_text(text: &str) -> Result<(), QueryError> {
    if text.len() > limits::QUERY_BYTES {
        let fits = text
            .char_indices()
            .take_while(|(byte, c)| byte + c.len_utf8() <= limits::QUERY_BYTES)
            .count();
        return Err(error(
            fits,
            words::query_too_long(&limits::QUERY_BYTES.to_string()),
        ));
    }
    match text
        .chars()
        .position(|c| c.is_control() && !c.is_whitespace())
    {
        Some(at) => Err(error(at, words::query_control())),
        None => Ok(()),
    }
}

struct Parser {
    kind: Kind,
    tokens: std::iter::Peekable<std::vec::IntoIter<Placed>>,
    /// The position after the last character.
    end: usize,
    terms: usize,
}

impl Parser {
    fn peek(&mut self) -> Option<&Token> {
        self.tokens.peek().map(|placed| &placed.token)
    }

    fn position(&mut self) -> usize {
        self.tokens.peek().map_or(self.end, |placed| placed.at)
    }

    fn query(&mut self, depth: usize) -> Result<Query, QueryError> {
        let mut clauses = Vec::new();
        while !matches!(self.peek(), None | Some(Token::Close)) {
            clauses.push(self.clause(depth)?);
            if self.peek() == Some(&Token::And) {
                self.tokens.next();
                self.expect_term("AND")?;
            }
        }
        Ok(one_or(clauses, Query::All))
    }

    fn clause(&mut self, depth: usize) -> Result<Query, QueryError> {
        let mut terms = vec![self.term(depth)?];
        while self.peek() == Some(&Token::Or) {
            self.tokens.next();
            self.expect_term("OR")?;
            terms.push(self.term(depth)?);
        }
        Ok(one_or(terms, Query::Any))
    }

    fn expect_term(&mut self, after: &str) -> Result<(), QueryError> {
        let at = self.position();
        match self.peek() {
            None | Some(Token::Close | Token::Or | Token::And) => {
                Err(error(at, words::query_needs_after(after)))
            }
            Some(_) => Ok(()),
        }
    }

    fn term(&mut self, depth: usize) -> Result<Query, QueryError> {
        let Some(Placed { at, token }) = self.tokens.next() else {
            return Err(error(self.end, words::query_term_missing()));
        };
        match token {
            Token::Minus => Ok(Query::Not(Box::new(self.term(depth)?))),
            Token::Open => self.group(at, depth + 1),
            Token::Word(word) => self.counted(at, Query::Term(Term::Text(word))),
            Token::Field {
                name,
                value,
                value_at,
            } => {
                let term = term(self.kind, &name, value, value_at)?;
                self.counted(at, term)
            }
            Token::Or => Err(needs_before(at, "OR")),
            Token::And => Err(needs_before(at, "AND")),
            Token::Close => Err(error(at, words::query_stray_bracket())),
        }
    }

    fn group(&mut self, opened_at: usize, depth: usize) -> Result<Query, QueryError> {
        if depth > limits::QUERY_DEPTH {
            return Err(error(
                opened_at,
                words::query_too_deep(&limits::QUERY_DEPTH.to_string()),
            ));
        }
        if self.peek() == Some(&Token::Close) {
            return Err(error(opened_at, words::query_empty_brackets()));
        }
        let query = self.query(depth)?;
        match self.tokens.next() {
            Some(_) => Ok(query),
            None => Err(error(opened_at, words::query_open_bracket())),
        }
    }

    fn counted(&mut self, at: usize, term: Query) -> Result<Query, QueryError> {
        self.terms += 1;
        if self.terms > limits::QUERY_TERMS {
            return Err(error(
                at,
                words::query_too_many(&limits::QUERY_TERMS.to_string()),
            ));
        }
        Ok(term)
    }
}

fn needs_before(at: usize, word: &str) -> QueryError {
    error(at, words::query_needs_before(word))
}

fn one_or(mut queries: Vec<Query>, several: fn(Vec<Query>) -> Query) -> Query {
    match queries.pop() {
        Some(only) if queries.is_empty() => only,
        Some(last) => {
            queries.push(last);
            several(queries)
        }
        None => several(queries),
    }
}

fn term(kind: Kind, name: &str, value: String, at: usize) -> Result<Query, QueryError> {
    match kind {
        // Mailboxes have some of the fields of mails, and the lexer lets no others through.
        Kind::Mail | Kind::Mailbox => mail_term(name, value, at),
        // A field of a contact is a part of its text.
        Kind::Contact | Kind::Recipient => Ok(Query::Term(Term::Text(format!("{name}:{value}")))),
    }
}

fn mail_term(name: &str, value: String, at: usize) -> Result<Query, QueryError> {
    let term = match name {
        "from" => Term::From(value),
        "to" => Term::To(value),
        "subject" => Term::Subject(value),
        "list" => Term::List(value),
        "in" => Term::In(value),
        "label" => Term::Label(labels::keyword(&value)),
        "is" => return is(&value, at),
        "has" if value.eq_ignore_ascii_case("attachment") => Term::HasAttachment,
        "has" => return Err(error(at, words::query_has())),
        // What is known of mails is put in by who has it.
        "class" => Term::Class(class(&value, at)?, Looked::default()),
        "larger" => Term::Larger(size(&value, at)?),
        "smaller" => Term::Smaller(size(&value, at)?),
        "before" => Term::Before(date(&value, at)?),
        "after" => Term::After(date(&value, at)?),
        "older_than" => Term::Before(age(&value, at)?),
        "newer_than" => Term::After(age(&value, at)?),
        // The lexer lets no other name through.
        _ => return check_field(Kind::Mail, name, at).map(|()| Query::All(Vec::new())),
    };
    Ok(Query::Term(term))
}

fn is(value: &str, at: usize) -> Result<Query, QueryError> {
    let not = |term| Query::Not(Box::new(Query::Term(term)));
    match value.to_ascii_lowercase().as_str() {
        "unread" => Ok(Query::Term(Term::Unread)),
        "read" => Ok(not(Term::Unread)),
        "starred" => Ok(Query::Term(Term::Starred)),
        "unstarred" => Ok(not(Term::Starred)),
        "list" => Ok(Query::Term(Term::ListMail)),
        _ => Err(error(at, words::query_is())),
    }
}
