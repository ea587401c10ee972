//! Queries as IMAP SEARCH. What `in:` says is settled before, folder by folder; what a SEARCH cannot
//! ask for exactly is asked for widely here, and settled afterwards by whoever asks.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::query::{Query, Term};
use jiff::{SignedDuration, Timestamp};

use super::fault::{Fault, Refusal};
use super::session::{Session, Told};
use super::uids;
use super::words::{self, Words};

/// What Dovecot looks for with a backslash before it, in addresses.
const ESCAPED: [char; 3] = ['\'', '"', '\\'];

/// Whether every server finds this text in the fields that hold it, and in no others. Dovecot does not join
/// encoded words before it decodes them, and looks for signs as it would write them itself.
pub(super) fn is_read_alike(text: &str) -> bool {
    text.is_ascii() && !text.contains(ESCAPED)
}

/// A query as the words of a SEARCH, with what its charset has to be.
struct Keys {
    words: Words,
    beyond_ascii: bool,
    now: Timestamp,
    /// Behind an odd number of NOTs: there what is asked for widely has to be asked for narrowly.
    negated: bool,
    /// The server takes text in plain ASCII only: of another, what of it is ASCII is asked for.
    ascii_only: bool,
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

    /// The same for text that servers may read in ways of their own: then the longest part of it that
    /// they all read alike, and whoever asks looks at what is found.
    fn said(self, fields: &[&str], text: &str) -> Self {
        if is_read_alike(text) {
            return self.any_of(fields, text);
        }
        if self.negated {
            return self.plain(" NOT ALL");
        }
        let ascii_only = self.ascii_only;
        let is_odd = |c: char| ESCAPED.contains(&c) || ascii_only && !c.is_ascii();
        let parts = text.split(is_odd).map(str::trim);
        match parts.max_by_key(|part| part.len()) {
            Some(part) if !part.is_empty() => self.any_of(fields, part),
            _ => self.plain(" ALL"),
        }
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
            Query::Not(inner) => {
                self.negated = !self.negated;
                self = self.plain(" NOT").query(inner);
                self.negated = !self.negated;
                self
            }
            Query::Term(term) => self.term(term),
        }
    }

    fn term(self, term: &Term) -> Self {
        match term {
            // TEXT would look at every header field too, and find a word in a mail server's name.
            Term::Text(text) => self.any_of(&["FROM", "TO", "CC", "BCC", "SUBJECT", "BODY"], text),
            Term::From(text) => self.said(&["FROM"], text),
            Term::To(text) => self.said(&["TO", "CC", "BCC"], text),
            Term::Subject(text) => self.said(&["SUBJECT"], text),
            // Settled before; a label no server could store is on no mail.
            Term::In(_) => self.plain(" ALL"),
            Term::Label(label) if words::is_flag(label) && !label.starts_with('\\') => {
                self.plain(&format!(" KEYWORD {label}"))
            }
            Term::Label(_) => self.plain(" NOT ALL"),
            Term::Unread => self.plain(" UNSEEN"),
            Term::Starred => self.plain(" FLAGGED"),
            Term::ListMail => self.any_of(&["HEADER LIST-ID", "HEADER LIST-UNSUBSCRIBE"], ""),
            Term::List(text) => self.any_of(&["HEADER LIST-ID"], text),
            Term::HasAttachment | Term::Class(..) if self.negated => self.plain(" NOT ALL"),
            Term::HasAttachment | Term::Class(..) => self.plain(" ALL"),
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
                let days = if self.negated { -1 } else { 2 };
                let day = day(moment.resolve(self.now), days);
                self.plain(&format!(" BEFORE {day}"))
            }
            Term::After(moment) => {
                let days = if self.negated { 2 } else { -1 };
                let day = day(moment.resolve(self.now), days);
                self.plain(&format!(" SINCE {day}"))
            }
        }
    }
}

/// The SEARCH (without its command) that a query reads as, and its charset.
fn keys(query: &Query, now: Timestamp, command: &str, asks: Asks) -> Words {
    keys_of(query, now, command, ["", ""], asks)
}

/// How a server is asked.
#[derive(Debug, Clone, Copy, Default)]
struct Asks {
    /// For an order.
    sort: bool,
    /// In plain ASCII.
    ascii_only: bool,
}

impl Asks {
    fn of(session: &Session) -> Self {
        Self {
            sort: false,
            ascii_only: session.ascii_only,
        }
    }
}

/// The same with words before and after it.
fn keys_of(query: &Query, now: Timestamp, command: &str, around: [&str; 2], asks: Asks) -> Words {
    let Asks { sort, ascii_only } = asks;
    let build = |charset: &str| Keys {
        words: Words::new(command).plain(charset).plain(around[0]),
        beyond_ascii: false,
        now,
        negated: false,
        ascii_only,
    };
    let mut read = build(if sort { " UTF-8" } else { "" }).query(query);
    if read.beyond_ascii && !sort {
        read = build(" CHARSET UTF-8").query(query);
    }
    read.plain(around[1]).words
}

/// The search for everything else: with its words in the same charset.
fn others(query: &Query, now: Timestamp, among: &str, asks: Asks) -> Words {
    let before = format!(" NOT ({among}");
    keys_of(query, now, "UID SEARCH", [&before, ")"], asks)
}

/// What stays the same for the same search, and for no other: not what a server is asked, because that is wider.
pub(super) fn key(query: &Query, now: Timestamp) -> String {
    format!("{now} {query:?}")
}

/// UIDs in the open folder that match, with others that may not, ascending.
pub(super) async fn wide(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
) -> Result<Vec<u32>, Fault> {
    let knew = session.ascii_only;
    let mut found = ask_widely(session, query, now, ["", ""], "ALL").await;
    // Exchange: what is found of the ASCII in a text is looked at all the same.
    if found.is_err() && session.ascii_only && !knew {
        found = ask_widely(session, query, now, ["", ""], "ALL").await;
    }
    let mut found = found?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Runs a search with words before and after it, among these.
async fn ask_widely(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    around: [&str; 2],
    among: &str,
) -> Result<Vec<u32>, Fault> {
    let asks = Asks::of(session);
    let words = keys_of(query, now, command(session), around, asks);
    run(session, words, || others(query, now, among, asks)).await
}

/// The same among those with UIDs between these two.
pub(super) async fn wide_within(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    (first, last): (u32, u32),
) -> Result<Vec<u32>, Fault> {
    let among = format!("UID {first}:{last}");
    let before = format!(" {among}");
    let mut found = ask_widely(session, query, now, [&before, ""], &among).await?;
    // Where the last UID is beyond the last mail, the last mail is told (RFC 3501, section 6.4.8).
    found.retain(|uid| (first..=last).contains(uid));
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Whether a search has to read the mails' texts, which takes a server long that keeps no index of them.
pub(super) fn reads_texts(query: &Query) -> bool {
    let mut terms = query.terms().into_iter();
    terms.any(|term| matches!(term, Term::Text(_)))
}

/// The same, the last received first, on a server that can sort.
pub(super) async fn wide_sorted(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
) -> Result<Vec<u32>, Fault> {
    let asks = Asks {
        sort: true,
        ..Asks::default()
    };
    let words = keys(query, now, "UID SORT (REVERSE ARRIVAL)", asks);
    let others = || others(query, now, "ALL", Asks::default());
    run(session, words, others).await
}

/// UIDs in the open folder received about a day: one more on each side.
pub(super) async fn around(session: &mut Session, time: Timestamp) -> Result<Vec<u32>, Fault> {
    let (from, until) = (day(time, -1), day(time, 2));
    let keys = format!("SINCE {from} BEFORE {until}");
    let words = Words::new(command(session)).plain(" ").plain(&keys);
    run(session, words, || not(&keys)).await
}

/// The day that many days from a time in UTC, as a search writes it. A time zone is less than a day from
/// UTC, so a day by the server's calendar and one by ours are too.
fn day(time: Timestamp, days: i64) -> String {
    let day = time.checked_add(SignedDuration::from_hours(24 * days));
    day.unwrap_or(time).strftime("%-d-%b-%Y").to_string()
}

/// The command that a search begins with.
fn command(session: &Session) -> &'static str {
    if session.can.esearch {
        "UID SEARCH RETURN (ALL)"
    } else {
        "UID SEARCH"
    }
}

/// Those of these messages of the open folder that match, by a query that a SEARCH can ask exactly.
pub(super) async fn among(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    uids: &[u32],
) -> Result<Vec<u32>, Fault> {
    let mut found = Vec::new();
    for (set, _) in uids::sets(uids) {
        let among = format!("UID {set}");
        let before = format!(" {among}");
        found.extend(ask_widely(session, query, now, [&before, ""], &among).await?);
    }
    Ok(found)
}

/// UIDs in the open folder that carry a keyword.
pub(super) async fn find_keyword(session: &mut Session, keyword: &str) -> Result<Vec<u32>, Fault> {
    let keys = format!("KEYWORD {keyword}");
    let words = Words::new("UID SEARCH ").plain(&keys);
    run(session, words, || not(&keys)).await
}

/// Those of these messages that are in the open folder.
pub(super) async fn among_uids(session: &mut Session, set: &str) -> Result<Vec<u32>, Fault> {
    let keys = format!("UID {set}");
    let words = Words::new("UID SEARCH ").plain(&keys);
    run(session, words, || not(&keys)).await
}

/// Those of these messages that are in the open folder, however many they are.
pub(super) async fn those_there(session: &mut Session, these: &[u32]) -> Result<Vec<u32>, Fault> {
    let mut there = Vec::new();
    for (set, asked) in uids::sets(these) {
        let mut found = among_uids(session, &set).await?;
        found.retain(|uid| asked.binary_search(uid).is_ok());
        there.append(&mut found);
    }
    Ok(there)
}

fn not(keys: &str) -> Words {
    Words::new("UID SEARCH NOT (").plain(keys).plain(")")
}

/// Runs a search; what it finds, in the order it comes. Nothing found is said; where nothing is said, it is
/// asked for everything else, because some servers (iCloud) say nothing where they found nothing.
async fn run(
    session: &mut Session,
    words: Words,
    others: impl FnOnce() -> Words,
) -> Result<Vec<u32>, Fault> {
    let exists = session.opened.as_ref().and_then(|opened| opened.exists);
    match run_once(session, words).await? {
        Some(found) => Ok(found),
        None if exists == Some(0) => Ok(Vec::new()),
        None => {
            let others = run_once(session, others()).await?;
            let all = run_once(session, Words::new("UID SEARCH ALL")).await?;
            let sorted = |mut uids: Vec<u32>| {
                uids.sort_unstable();
                uids
            };
            match (others.map(sorted), all.map(sorted)) {
                (Some(others), Some(all)) if others == all => Ok(Vec::new()),
                _ => Err(Fault::Senseless),
            }
        }
    }
}

/// Runs a search; none if the server agrees and says nothing.
async fn run_once(session: &mut Session, words: Words) -> Result<Option<Vec<u32>>, Fault> {
    let mut found = None;
    let end = session
        .run(words, &mut |told| {
            if let Told::Found(uids) = told {
                found.get_or_insert_with(Vec::new).extend(uids);
            }
        })
        .await?;
    match end.refusal() {
        None => Ok(found),
        Some(Refusal::NotUnderstood | Refusal::Final(_)) => Err(Fault::Call(
            CallError::Unsupported("This mail server does not understand the search.".to_owned()),
        )),
        Some(refusal) => {
            session.ascii_only |= refusal == Refusal::Charset;
            Err(Fault::Call(refusal.as_call()))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use bulkhead_shared::class::Class;
    use bulkhead_shared::query::Looked;

    use super::*;

    fn written(query: &str) -> String {
        let query = Query::parse(query).unwrap();
        asked(&query, "2026-03-01T12:00:00Z".parse().unwrap())
    }

    fn asked(query: &Query, now: Timestamp) -> String {
        let bytes = keys(query, now, "SEARCH", Asks::default()).key();
        String::from_utf8(bytes).unwrap()
    }

    /// Whatever a server is asked alike is looked at afterwards, and then differs: what was found for the one is not what
    /// the next page of the other begins with.
    #[test]
    fn searches_that_a_server_is_asked_alike_are_kept_apart() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let plain = |text: &str| Query::parse(text).unwrap();
        let knowing = |text: &str, revision, class| {
            let mail = "1.7.INBOX".parse().unwrap();
            plain(text).knowing(&Looked::new(revision, [(mail, class)].into()))
        };
        let newsletter = || knowing("class:newsletter", 1, Class::Newsletter);
        let alike = [
            plain("class:newsletter"),
            newsletter(),
            // Somebody said since that it is something else.
            knowing("class:newsletter", 2, Class::Personal),
            knowing("class:receipt", 1, Class::Newsletter),
            plain("has:attachment"),
        ];
        for (place, one) in alike.iter().enumerate() {
            assert_eq!(asked(one, now), "SEARCH ALL", "{one:?}");
            for other in &alike[place + 1..] {
                assert_ne!(key(one, now), key(other, now), "{one:?} and {other:?}");
            }
        }
        assert_eq!(key(&newsletter(), now), key(&newsletter(), now));
        // A time that is told from now is another one later.
        let recent = plain("newer_than:1d");
        assert_ne!(
            key(&recent, now),
            key(&recent, now + jiff::SignedDuration::from_secs(1))
        );
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
        // Wide, and narrow where it is taken away.
        assert_eq!(written("before:2026-01-05"), "SEARCH BEFORE 7-Jan-2026");
        assert_eq!(written("after:2026-01-05"), "SEARCH SINCE 4-Jan-2026");
        assert_eq!(
            written("-before:2026-01-05"),
            "SEARCH NOT BEFORE 4-Jan-2026"
        );
        assert_eq!(written("-after:2026-01-05"), "SEARCH NOT SINCE 7-Jan-2026");
        assert_eq!(
            written("-(has:attachment -has:attachment)"),
            "SEARCH NOT (ALL NOT ALL NOT ALL)"
        );
        assert_eq!(written("larger:9G"), "SEARCH NOT ALL");
    }

    #[test]
    fn days_are_counted_in_utc() {
        let time = |text: &str| text.parse().unwrap();
        assert_eq!(day(time("2026-01-01T00:00:00Z"), -1), "31-Dec-2025");
        assert_eq!(day(time("2026-01-01T23:59:59Z"), 2), "3-Jan-2026");
    }

    #[test]
    fn text_beyond_ascii_names_its_charset_and_cannot_end_the_string() {
        assert_eq!(
            written("subject:Grüße"),
            "SEARCH CHARSET UTF-8 SUBJECT {7}\r\nGrüße"
        );
        assert!(written(r#""a\"b""#).contains(" BODY {3}\r\na\"b"));
        // Of what servers read in ways of their own, the longest part that they all read alike.
        assert_eq!(written(r#"subject:"ab\"c""#), "SEARCH SUBJECT \"ab\"");
        assert_eq!(written(r#"-from:"ab\"c""#), "SEARCH NOT NOT ALL");
    }
}
