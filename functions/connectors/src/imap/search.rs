//! Queries as IMAP SEARCH. What `in:` says is settled before, folder by folder.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::query::{Query, Term};
use imap_codec::imap_types::response::Data;
use jiff::Timestamp;

use super::capabilities::Capabilities;
use super::fault::{Fault, Refusal};
use super::messages;
use super::session::{Session, Told};
use super::words::{self, Words};

/// A query as the words of a SEARCH, with what its charset has to be.
struct Keys {
    words: Words,
    beyond_ascii: bool,
    can_within: bool,
    now: Timestamp,
}

impl Keys {
    fn plain(mut self, text: &str) -> Self {
        self.words = self.words.plain(text);
        self
    }

    fn text(mut self, text: &str) -> Self {
        self.beyond_ascii |= !text.is_ascii();
        self.words = self.words.plain(" ").text(text);
        self
    }

    /// One of these header fields, or the text, holds the value.
    fn any_of(mut self, fields: &[&str], value: &str) -> Self {
        for (index, field) in fields.iter().enumerate() {
            if index + 1 < fields.len() {
                self = self.plain(" OR");
            }
            self = self.plain(" ").plain(field).text(value);
        }
        self
    }

    fn query(mut self, query: &Query) -> Self {
        match query {
            Query::All(queries) if queries.is_empty() => self.plain(" ALL"),
            Query::All(queries) => {
                self = self.plain(" (ALL");
                for query in queries {
                    self = self.query(query);
                }
                self.plain(")")
            }
            Query::Any(queries) => {
                let Some((last, others)) = queries.split_last() else {
                    return self.plain(" NOT ALL");
                };
                for query in others {
                    self = self.plain(" OR").query(query);
                }
                self.query(last)
            }
            Query::Not(inner) => self.plain(" NOT").query(inner),
            Query::Term(term) => self.term(term),
        }
    }

    fn term(self, term: &Term) -> Self {
        match term {
            // TEXT would look at every header field too, and find a word in a mail server's name.
            Term::Text(text) => self.any_of(&["FROM", "TO", "CC", "SUBJECT", "BODY"], text),
            Term::From(text) => self.any_of(&["FROM"], text),
            Term::To(text) => self.any_of(&["TO", "CC", "BCC"], text),
            Term::Subject(text) => self.any_of(&["SUBJECT"], text),
            // Settled before; a label no server could store is on no mail.
            Term::In(_) => self.plain(" ALL"),
            Term::Label(label) if words::is_flag(label) && !label.starts_with('\\') => {
                self.plain(&format!(" KEYWORD {label}"))
            }
            Term::Label(_) => self.plain(" NOT ALL"),
            Term::Unread => self.plain(" UNSEEN"),
            Term::Starred => self.plain(" FLAGGED"),
            Term::HasAttachment => self.plain(" HEADER Content-Type multipart/mixed"),
            // IMAP sizes have 32 bits.
            Term::Larger(size) => match u32::try_from(*size) {
                Ok(size) => self.plain(&format!(" LARGER {size}")),
                Err(_) => self.plain(" NOT ALL"),
            },
            Term::Smaller(size) => match u32::try_from(*size) {
                Ok(size) => self.plain(&format!(" SMALLER {size}")),
                Err(_) => self.plain(" ALL"),
            },
            Term::Before(moment) => {
                let time = moment.resolve(self.now);
                self.before(time)
            }
            Term::After(moment) => {
                let time = moment.resolve(self.now);
                self.plain(" NOT").before(time)
            }
        }
    }

    /// Received before a time: to the second where the server has WITHIN, else to the day.
    fn before(self, time: Timestamp) -> Self {
        // WITHIN counts back from the server's own clock, so it is the real time that counts here.
        let ago = Timestamp::now().as_second() - time.as_second();
        match u32::try_from(ago + 1) {
            Ok(seconds @ 1..) if self.can_within => self.plain(&format!(" OLDER {seconds}")),
            _ => self.plain(&format!(" BEFORE {}", time.strftime("%-d-%b-%Y"))),
        }
    }
}

/// The SEARCH (without its command) that a query reads as, and its charset.
fn keys(query: &Query, now: Timestamp, can: Capabilities, words: &str, sort: bool) -> Words {
    let build = |charset: &str| Keys {
        words: Words::new(words).plain(charset),
        beyond_ascii: false,
        can_within: can.within,
        now,
    };
    let ascii = build(if sort { " UTF-8" } else { "" }).query(query);
    if ascii.beyond_ascii && !sort {
        return build(" CHARSET UTF-8").query(query).words;
    }
    ascii.words
}

/// What stays the same for the same search.
pub(super) fn key(query: &Query, now: Timestamp) -> Vec<u8> {
    keys(query, now, Capabilities::default(), "", false).key()
}

/// UIDs in the open folder that match, ascending.
pub(super) async fn find(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
) -> Result<Vec<u32>, Fault> {
    let command = if session.can.esearch {
        "UID SEARCH RETURN (ALL)"
    } else {
        "UID SEARCH"
    };
    let words = keys(query, now, session.can, command, false);
    let mut found = run(session, words).await?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// UIDs in the open folder that match, the last received first.
pub(super) async fn find_newest_first(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
) -> Result<Vec<u32>, Fault> {
    if session.can.sort {
        let command = "UID SORT (REVERSE ARRIVAL)";
        let words = keys(query, now, session.can, command, true);
        return run(session, words).await;
    }
    let found = find(session, query, now).await?;
    // A mail that was moved has a new UID and its old date, so the order of UIDs will not do.
    let dates = messages::fetch(session, &found, "UID INTERNALDATE", "").await?;
    let mut dated: Vec<_> = dates
        .values()
        .map(|mail| (mail.received, mail.uid))
        .collect();
    dated.sort_unstable();
    Ok(dated.into_iter().rev().map(|(_, uid)| uid).collect())
}

/// UIDs in the open folder that carry a keyword.
pub(super) async fn find_keyword(session: &mut Session, keyword: &str) -> Result<Vec<u32>, Fault> {
    let words = Words::new("UID SEARCH KEYWORD ").plain(keyword);
    run(session, words).await
}

async fn run(session: &mut Session, words: Words) -> Result<Vec<u32>, Fault> {
    let mut found = Vec::new();
    let end = session
        .run(words, &mut |told| match told {
            Told::Found(uids) => found.extend(uids),
            Told::Data(Data::Search(uids, _) | Data::Sort(uids, _)) => {
                found.extend(uids.iter().map(|uid| uid.get()));
            }
            _ => {}
        })
        .await?;
    match end.refusal() {
        None => Ok(found),
        Some(Refusal::NotUnderstood | Refusal::Final(_)) => Err(Fault::Call(
            CallError::Unsupported("This mail server does not understand the search.".to_owned()),
        )),
        Some(refusal) => Err(Fault::Call(refusal.as_call())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(query: &str) -> String {
        let query = Query::parse(query).unwrap();
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let bytes = keys(&query, now, Capabilities::default(), "SEARCH", false).key();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn queries_read_as_searches() {
        assert_eq!(written(""), "SEARCH ALL");
        assert!(written("is:unread from:ann").ends_with("UNSEEN FROM \"ann\")"));
        assert_eq!(written("-is:starred"), "SEARCH NOT FLAGGED");
        assert_eq!(
            written("subject:a OR subject:b OR label:c"),
            "SEARCH OR SUBJECT \"a\" OR SUBJECT \"b\" KEYWORD c"
        );
        assert_eq!(written("before:2026-01-05"), "SEARCH BEFORE 5-Jan-2026");
        assert_eq!(written("after:2026-01-05"), "SEARCH NOT BEFORE 5-Jan-2026");
        assert_eq!(written("larger:9G"), "SEARCH NOT ALL");
    }

    #[test]
    fn text_beyond_ascii_names_its_charset_and_cannot_end_the_string() {
        assert_eq!(
            written("subject:Grüße"),
            "SEARCH CHARSET UTF-8 SUBJECT {7}\r\nGrüße"
        );
        assert_eq!(written(r#"subject:"a\"b""#), "SEARCH SUBJECT {3}\r\na\"b");
    }
}
