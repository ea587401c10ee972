//! What SEARCH cannot tell exactly, told by looking at the mails themselves.
//!
//! BEFORE and SINCE know days only, by a calendar that is the server's (RFC 3501, section 6.4.4), no key
//! asks whether a file is attached, and servers read some texts in ways of their own. So the search is asked
//! a day wider on each side, for mails of any structure, and for less of such a text; then INTERNALDATE is
//! compared to the second in UTC, and BODYSTRUCTURE and the header fields are read. What mails are about no server
//! knows: that is told by what is known of those that somebody looked at.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::{Looked, Query, Settled, Term};
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use jiff::Timestamp;

use super::fault::Fault;
use super::fetched::Fetched;
use super::messages;
use super::name::item_id;
use super::search;
use super::session::Session;
use crate::headers;

/// Recipients that are looked at: more than any list of them that is not hostile.
const RECIPIENTS_READ: usize = 5_000;

/// What a search found.
pub(super) struct Exact {
    /// In the order they came.
    pub(super) uids: Vec<u32>,
    /// Left out, because it cannot be told whether they match.
    pub(super) untold: Untold,
}

/// Mails of which it cannot be told whether they match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Untold {
    /// Whether a file is attached.
    files: u64,
    /// When they arrived.
    times: u64,
    /// What they are about.
    classes: u64,
}

impl Untold {
    pub(super) fn add(&mut self, other: Self) {
        self.files += other.files;
        self.times += other.times;
        self.classes += other.classes;
    }

    /// So many mails of which this cannot be told.
    fn note(&mut self, open: &Condition, mails: usize) {
        let count = match open {
            Condition::ReceivedBefore(_) => &mut self.times,
            Condition::IsOf(..) => &mut self.classes,
            Condition::HasFile | Condition::Says(..) => &mut self.files,
        };
        *count += mails as u64;
    }

    /// As it is told of a folder.
    pub(super) fn of(self, folder: &str) -> impl Iterator<Item = Unsearched> {
        let why = [
            (UnsearchedWhy::Encrypted, self.files),
            (UnsearchedWhy::Undated, self.times),
            (UnsearchedWhy::NotLookedAt, self.classes),
        ];
        let some = why.into_iter().filter(|(_, mails)| *mails > 0);
        some.map(move |(why, mails)| Unsearched {
            folder: folder.to_owned(),
            why,
            items: Some(mails),
        })
    }
}

/// Of the mails that a wide search found, those that match.
pub(super) async fn settle(
    session: &mut Session,
    query: &Query,
    now: Timestamp,
    found: Vec<u32>,
) -> Result<Exact, Fault> {
    let fine = Fine::of(query, now);
    let unsettled = fine.unsettled(session, &found).await?;
    if unsettled.is_empty() {
        return Ok(Exact {
            uids: found,
            untold: Untold::default(),
        });
    }
    let fetched = fine.fetch(session, &unsettled).await?;
    let opened = session.opened.as_ref().ok_or(Fault::Senseless)?;
    let mut groups: BTreeMap<Vec<Option<bool>>, Vec<u32>> = BTreeMap::new();
    for (uid, fetched) in fetched {
        let id = item_id(opened.validity, uid, &opened.folder)?;
        groups
            .entry(fine.told(&id, &fetched)?)
            .or_default()
            .push(uid);
    }
    let mut untold = Untold::default();
    let mut matching: BTreeSet<u32> = BTreeSet::new();
    for (told, uids) in groups {
        let surely = fine.settle(query, &told, false);
        let surely = among(session, surely, now, &uids).await?;
        if let Some(open) = fine.open(&told) {
            let maybe = fine.settle(query, &told, true);
            let maybe = among(session, maybe, now, &uids).await?;
            untold.note(open, maybe.len().saturating_sub(surely.len()));
        }
        matching.extend(surely);
    }
    let unsettled: BTreeSet<u32> = unsettled.into_iter().collect();
    let is_in = |uid: &u32| !unsettled.contains(uid) || matching.contains(uid);
    Ok(Exact {
        uids: found.into_iter().filter(is_in).collect(),
        untold,
    })
}

/// A condition that has to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    ReceivedBefore(Timestamp),
    HasFile,
    /// Somebody looked at it, and found that it is about this; without a class: nobody looked at it.
    IsOf(Option<Class>, Looked),
    /// A header field holds this text, which is in lower case.
    Says(Field, String),
}

/// A part of the header that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    From,
    To,
    Subject,
}

impl Condition {
    /// The condition of a term, and whether the term says the opposite.
    fn of(term: &Term, now: Timestamp) -> Option<(Self, bool)> {
        match term {
            Term::Before(moment) => Some((Self::ReceivedBefore(moment.resolve(now)), false)),
            Term::After(moment) => Some((Self::ReceivedBefore(moment.resolve(now)), true)),
            Term::HasAttachment => Some((Self::HasFile, false)),
            Term::Class(class, looked) => Some((Self::IsOf(*class, looked.clone()), false)),
            Term::From(text) => Self::says(Field::From, text),
            Term::To(text) => Self::says(Field::To, text),
            Term::Subject(text) => Self::says(Field::Subject, text),
            _ => None,
        }
    }

    fn says(field: Field, text: &str) -> Option<(Self, bool)> {
        let alike = search::is_read_alike(text);
        (!alike).then(|| (Self::Says(field, text.to_lowercase()), false))
    }

    /// What has to be fetched to tell.
    fn item(&self) -> &'static str {
        match self {
            Self::ReceivedBefore(_) => "INTERNALDATE",
            Self::HasFile => "BODYSTRUCTURE",
            // Which mail it is says it all.
            Self::IsOf(..) => "UID",
            Self::Says(..) => "BODY.PEEK[HEADER.FIELDS (FROM TO CC BCC SUBJECT)]",
        }
    }
}

/// The conditions of a query that have to be looked at.
struct Fine {
    conditions: Vec<Condition>,
    now: Timestamp,
}

impl Fine {
    fn of(query: &Query, now: Timestamp) -> Self {
        let mut conditions = Vec::new();
        for term in query.terms() {
            if let Some((condition, _)) = Condition::of(term, now)
                && !conditions.contains(&condition)
            {
                conditions.push(condition);
            }
        }
        Self { conditions, now }
    }

    /// Those that the search does not settle: all, if it is about files, classes or texts; else those received
    /// about the days that are asked for.
    async fn unsettled(&self, session: &mut Session, found: &[u32]) -> Result<Vec<u32>, Fault> {
        if found.is_empty() || self.conditions.is_empty() {
            return Ok(Vec::new());
        }
        let mut near: BTreeSet<u32> = BTreeSet::new();
        for condition in &self.conditions {
            match condition {
                Condition::ReceivedBefore(time) => {
                    near.extend(search::around(session, *time).await?);
                }
                Condition::HasFile | Condition::IsOf(..) | Condition::Says(..) => {
                    return Ok(found.to_vec());
                }
            }
        }
        Ok(found
            .iter()
            .filter(|uid| near.contains(uid))
            .copied()
            .collect())
    }

    async fn fetch(
        &self,
        session: &mut Session,
        uids: &[u32],
    ) -> Result<messages::Messages, Fault> {
        let mut items = vec!["UID"];
        for item in self.conditions.iter().map(Condition::item) {
            if !items.contains(&item) {
                items.push(item);
            }
        }
        let fetched = messages::fetch(session, uids, &items.join(" "), "").await?;
        all_told(session, uids, &fetched).await?;
        Ok(fetched)
    }

    /// Whether each condition holds for a mail; none where that cannot be told.
    fn told(&self, id: &ItemId, fetched: &Fetched) -> Result<Vec<Option<bool>>, Fault> {
        let tell = |condition: &Condition| match condition {
            Condition::ReceivedBefore(time) => Ok(fetched.received.map(|at| at < *time)),
            Condition::HasFile => Ok(fetched.has_file),
            Condition::IsOf(class, looked) => Ok(looked.tells(*class, id)),
            Condition::Says(field, text) => {
                let header = fetched.header.as_ref().ok_or(Fault::Senseless)?;
                let shown = headers::shown(header, RECIPIENTS_READ);
                let said = match field {
                    Field::From => shown.from,
                    Field::To => shown.to,
                    Field::Subject => shown.subject,
                };
                Ok(Some(said.to_lowercase().contains(text)))
            }
        };
        self.conditions.iter().map(tell).collect()
    }

    /// What of a mail cannot be told, the most telling of it; none if all can.
    fn open(&self, told: &[Option<bool>]) -> Option<&Condition> {
        let open = self.conditions.iter().zip(told);
        let open = open.filter(|(_, told)| told.is_none());
        open.map(|(condition, _)| condition)
            .max_by_key(|condition| match condition {
                Condition::IsOf(..) => 2,
                Condition::ReceivedBefore(_) => 1,
                Condition::HasFile | Condition::Says(..) => 0,
            })
    }

    /// What is left of the query. What cannot be told matches neither a term nor its opposite; or both, to see what
    /// might match.
    fn settle(&self, query: &Query, told: &[Option<bool>], might: bool) -> Settled {
        query.settle(&|term, negated| {
            let (condition, opposite) = Condition::of(term, self.now)?;
            let place = self
                .conditions
                .iter()
                .position(|known| *known == condition)?;
            let told = told.get(place).copied().flatten();
            Some(told.map_or(negated != might, |holds| holds != opposite))
        })
    }
}

/// Those of these messages of which the rest of a query holds.
async fn among(
    session: &mut Session,
    rest: Settled,
    now: Timestamp,
    uids: &[u32],
) -> Result<Vec<u32>, Fault> {
    match rest {
        Settled::Always => Ok(uids.to_vec()),
        Settled::Never => Ok(Vec::new()),
        Settled::Open(rest) => search::among(session, &rest, now, uids).await,
    }
}

/// An error if some of these messages are there and nothing was told of them: an answer that cannot
/// be read must not read as "gone".
pub(super) async fn all_told(
    session: &mut Session,
    uids: &[u32],
    told: &messages::Messages,
) -> Result<(), Fault> {
    let is_untold = |uid: &&u32| !told.contains_key(uid);
    let untold: Vec<u32> = uids.iter().filter(is_untold).copied().collect();
    let all = Query::All(Vec::new());
    match search::among(session, &all, Timestamp::UNIX_EPOCH, &untold).await? {
        there if there.is_empty() => Ok(()),
        _ => Err(Fault::Senseless),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn mail() -> ItemId {
        item_id(7, 3, "INBOX").unwrap()
    }

    #[test]
    fn a_class_is_told_by_which_mail_it_is() {
        let looked = Looked::new(1, [(mail(), Class::Newsletter)].into());
        let other = item_id(7, 4, "INBOX").unwrap();
        for (text, looked_at, not_looked_at) in [
            ("class:newsletter", Some(true), None),
            ("class:spam", Some(false), None),
            ("class:none", Some(false), Some(true)),
        ] {
            let query = Query::parse(text).unwrap().knowing(&looked);
            let fine = Fine::of(&query, time("2026-03-10T12:00:00Z"));
            let told = |id: &ItemId| fine.told(id, &Fetched::default()).unwrap();
            assert_eq!(told(&mail()), [looked_at], "{text}");
            assert_eq!(told(&other), [not_looked_at], "{text}");
        }
    }

    #[test]
    fn what_was_told_settles_the_query() {
        let now = time("2026-03-10T12:00:00Z");
        let query = Query::parse("before:2026-03 -has:attachment from:ann").unwrap();
        let fine = Fine::of(&query, now);
        let settle = |received: &str, has_file: Option<bool>| {
            let fetched = Fetched {
                received: Some(time(received)),
                has_file,
                ..Fetched::default()
            };
            fine.settle(&query, &fine.told(&mail(), &fetched).unwrap(), false)
        };
        let open = Settled::Open(Query::Term(Term::From("ann".to_owned())));
        assert_eq!(settle("2026-02-28T23:59:59Z", Some(false)), open);
        assert_eq!(settle("2026-03-01T00:00:00Z", Some(false)), Settled::Never);
        assert_eq!(settle("2026-02-28T23:59:59Z", Some(true)), Settled::Never);
        // Neither with nor without a file.
        assert_eq!(settle("2026-02-28T23:59:59Z", None), Settled::Never);
        let with = Query::parse("has:attachment").unwrap();
        let fine = Fine::of(&with, now);
        assert_eq!(fine.settle(&with, &[None], false), Settled::Never);
        assert_eq!(fine.settle(&with, &[None], true), Settled::Always);
        assert!(fine.told(&mail(), &Fetched::default()).is_ok());
        let dated = Query::parse("after:2026").unwrap();
        let fine = Fine::of(&dated, now);
        let told = fine.told(&mail(), &Fetched::default()).unwrap();
        let open = fine.open(&told);
        assert!(matches!(open, Some(Condition::ReceivedBefore(_))));
    }
}
