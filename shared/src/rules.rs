//! A rule: which mails it is about, and what it does with them. What it says is checked by the same code in browser
//! and server; so is what it would have found in the past.

use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::hash::sha256_hex;
use crate::kinds::Kind;
use crate::operations::{Operation, Task};
use crate::problem::Invalid;
use crate::query::{Moment, Query, Term};
use crate::words;

mod when;

pub use when::{HOURS, Weekday, When};

/// Rules of an account, most: more than anybody keeps in mind, and few enough for one row of the table.
pub const RULES_MOST: usize = 30;
/// Characters of a rule's name.
pub const NAME_CHARS: usize = 60;
/// Bytes of a rule's search.
pub const SEARCH_BYTES: usize = 1_000;
/// Senders that a rule names, most.
pub const SENDERS_MOST: usize = 20;
/// Bytes of a sender's address or domain.
const SENDER_BYTES: usize = 100;
/// Days that a back-test looks back.
pub const TEST_DAYS: u32 = 90;
/// The oldest age that a rule can ask for, in days.
pub const OLDER_DAYS_MOST: u32 = 3_650;
/// How sure a class can be asked to be, in percent: below the half it is a guess.
pub const PERCENT: std::ops::RangeInclusive<u8> = 50..=99;
/// Mails of one run, most: a person looks at them before they say yes. The rest is for the next one.
pub const RUN_MOST: usize = 1_000;
/// Mails of a run that a rule confirms by itself, where it says nothing else: more than a busy day brings, and few
/// enough to look through when it was wrong.
pub const BY_ITSELF_DEFAULT: u32 = 500;
/// A rule whose runs were taken back so often pauses itself.
pub const UNDONE_MOST: u32 = 3;

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleWords {
    /// What its owner calls it.
    pub name: String,
    /// A search that mails have to match. Empty: all mails do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// Classes of which a mail has to be one, by the model. None: whatever it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// How sure the class has to be, in percent.
    #[serde(default = "percent_default")]
    pub percent: u8,
    /// How many days a mail has to have been there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_days: Option<u32>,
    /// Addresses or domains of which the sender has to be one. None: whoever it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<String>,
    pub operation: Operation,
    /// When it runs.
    #[serde(default, skip_serializing_if = "When::is_by_hand")]
    pub when: When,
    /// Mails that it takes without asking when it runs by itself. Of more it makes a draft, which waits for a person.
    #[serde(
        default = "by_itself_default",
        skip_serializing_if = "is_by_itself_default"
    )]
    pub by_itself_most: u32,
}

fn percent_default() -> u8 {
    90
}

fn by_itself_default() -> u32 {
    BY_ITSELF_DEFAULT
}

fn is_by_itself_default(most: &u32) -> bool {
    *most == BY_ITSELF_DEFAULT
}

/// What a rule would have found in the past, as far as that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The search for it.
    pub query: Query,
    /// Words of the rule that tell how a mail is now, and not how it was then: they are left out, so it
    /// may find more than the rule would have.
    pub left_out: Vec<String>,
}

impl RuleWords {
    /// Checks all that it says. `at` is where it stands in what was sent: `rules[0].rule`.
    pub fn validate(&self, at: &str) -> Result<(), Invalid> {
        let invalid = |field: &str, text: String| Invalid::new(format!("{at}.{field}"), text);
        if self.name.trim().is_empty() || self.name.chars().count() > NAME_CHARS {
            let text = words::rules_name(&NAME_CHARS.to_string());
            return Err(invalid("name", text));
        }
        if self.search.len() > SEARCH_BYTES {
            let text = words::rules_search(&SEARCH_BYTES.to_string());
            return Err(invalid("search", text));
        }
        Query::parse(&self.search).map_err(|error| invalid("search", error.to_string()))?;
        if self.classes.len() > Class::ALL.len() {
            return Err(invalid("classes", words::rules_classes().to_owned()));
        }
        if let Some(class) = self.classes.iter().find(|it| Class::named(it).is_none()) {
            let known: Vec<&str> = Class::ALL.iter().map(|class| class.name()).collect();
            let text = words::rules_no_class(class, &known.join(", "));
            return Err(invalid("classes", text));
        }
        if !PERCENT.contains(&self.percent) {
            let text =
                words::rules_percent(&PERCENT.start().to_string(), &PERCENT.end().to_string());
            return Err(invalid("percent", text));
        }
        if self
            .older_days
            .is_some_and(|days| days == 0 || days > OLDER_DAYS_MOST)
        {
            let text = words::rules_older(&OLDER_DAYS_MOST.to_string());
            return Err(invalid("older_days", text));
        }
        if self.senders.len() > SENDERS_MOST {
            let text = words::rules_senders(&SENDERS_MOST.to_string());
            return Err(invalid("senders", text));
        }
        if let Some(sender) = self.senders.iter().find(|it| !is_sender(it)) {
            let text = words::rules_no_sender(sender);
            return Err(invalid("senders", text));
        }
        let is_empty = self.search.trim().is_empty()
            && self.classes.is_empty()
            && self.senders.is_empty()
            && self.older_days.is_none();
        if is_empty {
            return Err(invalid("search", words::rules_empty().to_owned()));
        }
        self.when.validate(&format!("{at}.when"))?;
        if self.by_itself_most == 0 || self.by_itself_most as usize > RUN_MOST {
            let text = words::rules_by_itself(&RUN_MOST.to_string());
            return Err(invalid("by_itself_most", text));
        }
        if self.when == (When::NewMail {}) && self.asks_for_age() {
            return Err(invalid("when", words::rules_new_is_not_old().to_owned()));
        }
        let about = self.operation.about();
        if about.kind != Some(Kind::Mail) || about.task != Task::Change {
            let text = words::rules_no_change().to_owned();
            return Err(invalid("operation.type", text));
        }
        // Whoever did not look at a mail answers none.
        if self.operation.target().is_some_and(|it| it.makes_others()) {
            let text = "A rule drafts no replies; processing proposes them.".to_owned();
            return Err(invalid("operation.type", text));
        }
        self.operation
            .validate()
            .map_err(|error| Invalid::new(format!("{at}.{}", error.field), error.message))
    }

    /// Whether mails have to have been there for a time.
    fn asks_for_age(&self) -> bool {
        let query = Query::parse(&self.search).ok();
        let is_aged =
            |term: &&Term| matches!(term, Term::Before(Moment::DaysAgo(days)) if *days > 0);
        self.older_days.is_some() || query.is_some_and(|query| query.terms().iter().any(is_aged))
    }

    /// Whether mails leave the place where a person sees them: then what is protected stays out.
    pub fn hides(&self) -> bool {
        self.operation.hides()
    }

    /// Whether a mail of this class is one of those that it is about.
    pub fn has_class(&self, class: &str) -> bool {
        self.classes.iter().any(|known| known == class)
    }

    /// Tells what it says from what any other rule says, but for its name, how sure it has to be, which a back-test
    /// tells for each percent, and when it runs.
    pub fn wording(&self) -> String {
        let mut classes = self.classes.clone();
        classes.sort_unstable();
        let operation = serde_json::to_string(&self.operation).unwrap_or_default();
        let said = (&self.search, classes, self.older_days, &self.senders);
        sha256_hex(format!("{said:?} {operation}").as_bytes())
    }

    /// What it finds as things are; none where its search cannot be read. What it hides it looks for in the inbox,
    /// unless its search says where to look.
    pub fn query(&self) -> Option<Query> {
        let mut all = self.parts()?;
        if let Some(days) = self.older_days {
            all.push(Query::Term(Term::Before(Moment::DaysAgo(days))));
        }
        if self.hides() && !all.iter().any(Query::says_where) {
            all.push(Query::Term(Term::In("inbox".to_owned())));
        }
        Some(Query::All(all))
    }

    /// What it would have found in the [`TEST_DAYS`] days until now, wherever that is today; none where its search
    /// cannot be read.
    pub fn past(&self) -> Option<Past> {
        let mut all = self.parts()?;
        let said: Vec<&Term> = all.iter().flat_map(Query::terms).collect();
        let mut left_out: Vec<String> = said.iter().filter_map(|term| of_today(term)).collect();
        left_out.sort_unstable();
        left_out.dedup();
        let aged = said.iter().filter_map(|term| match term {
            Term::Before(Moment::DaysAgo(days)) => Some(*days),
            _ => None,
        });
        // Who acts on what is a month old has acted, in ninety days, on what came in the thirty before as well.
        let aged = aged.chain(self.older_days).max().unwrap_or(0);
        // The widest that it can have been: whatever is not known holds, also behind a `-`.
        let known = |term: &Term, negated: bool| of_today(term).map(|_| !negated);
        for part in &mut all {
            *part = match part.settle(&known) {
                crate::query::Settled::Always => Query::All(Vec::new()),
                crate::query::Settled::Never => Query::Any(Vec::new()),
                crate::query::Settled::Open(query) => query,
            };
        }
        all.retain(|part| *part != Query::All(Vec::new()));
        if let Some(days) = self.older_days {
            all.push(Query::Term(Term::Before(Moment::DaysAgo(days))));
        }
        let since = Moment::DaysAgo(TEST_DAYS + aged);
        all.push(Query::Term(Term::After(since)));
        all.push(Query::Term(Term::In("anywhere".to_owned())));
        let query = Query::All(all);
        Some(Past { query, left_out })
    }

    /// Its search and its senders.
    fn parts(&self) -> Option<Vec<Query>> {
        let mut all = vec![Query::parse(&self.search).ok()?];
        if !self.senders.is_empty() {
            let from = self.senders.iter().map(|sender| Term::From(sender.clone()));
            all.push(Query::Any(from.map(Query::Term).collect()));
        }
        Some(all)
    }
}

/// An address, or a domain with or without the `@` before it: nothing that finds half the mailbox by mistake.
fn is_sender(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>,;".contains(c);
    let domain = text.rsplit('@').next().unwrap_or(text);
    text.len() <= SENDER_BYTES
        && text.chars().all(plain)
        && domain.len() >= 4
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
}

/// How a term is written that is about how a mail is now; none where it was the same when the mail came.
fn of_today(term: &Term) -> Option<String> {
    match term {
        Term::In(folder) => Some(format!("in:{folder}")),
        Term::Label(label) => Some(format!("label:{label}")),
        Term::Unread => Some("is:unread, is:read".to_owned()),
        Term::Starred => Some("is:starred, is:unstarred".to_owned()),
        Term::After(Moment::DaysAgo(_)) => Some("newer_than:".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Archive, MarkRead};

    fn daily(hour: u8, zone: &str) -> When {
        When::Daily {
            hour,
            zone: zone.to_owned(),
        }
    }

    fn rule(search: &str) -> RuleWords {
        RuleWords {
            name: "News".to_owned(),
            search: search.to_owned(),
            classes: Vec::new(),
            percent: 90,
            older_days: None,
            senders: Vec::new(),
            operation: Archive {}.into(),
            when: When::default(),
            by_itself_most: BY_ITSELF_DEFAULT,
        }
    }

    fn wrong(rule: &RuleWords) -> String {
        rule.validate("rules[0].rule").unwrap_err().field
    }

    #[test]
    fn what_a_rule_says_is_checked_where_it_is_wrong() {
        assert_eq!(rule("from:news").validate("rule"), Ok(()));
        let change = |change: fn(&mut RuleWords)| {
            let mut rule = rule("from:news");
            change(&mut rule);
            wrong(&rule)
        };
        assert_eq!(change(|it| it.name = " ".into()), "rules[0].rule.name");
        assert_eq!(
            change(|it| it.search = "is:odd".into()),
            "rules[0].rule.search"
        );
        // All mails of a mailbox are nobody's wish.
        assert_eq!(change(|it| it.search.clear()), "rules[0].rule.search");
        assert_eq!(
            change(|it| it.classes = vec!["News".into()]),
            "rules[0].rule.classes"
        );
        assert_eq!(
            change(|it| it.senders = vec!["com".into()]),
            "rules[0].rule.senders"
        );
        assert_eq!(
            change(|it| it.when = daily(24, "UTC")),
            "rules[0].rule.when.hour"
        );
        assert_eq!(
            change(|it| it.when = daily(7, "no zone")),
            "rules[0].rule.when.zone"
        );
    }

    #[test]
    fn limits_are_kept_where_they_are_reached() {
        let changed = |change: &dyn Fn(&mut RuleWords)| {
            let mut rule = rule("from:news");
            change(&mut rule);
            let wrong = rule.validate("rule").err().map(|wrong| wrong.field);
            wrong.unwrap_or_default()
        };
        let senders = |count: usize| vec!["x.example".to_owned(); count];
        let searched = |bytes: usize| "x".repeat(bytes);
        for (name, wrong) in [("ü".repeat(60), ""), ("ü".repeat(61), "rule.name")] {
            assert_eq!(changed(&|it| it.name.clone_from(&name)), wrong);
        }
        for (bytes, wrong) in [(1_000, ""), (1_001, "rule.search")] {
            assert_eq!(changed(&|it| it.search = searched(bytes)), wrong);
        }
        for (count, wrong) in [(12, ""), (13, "rule.classes")] {
            assert_eq!(
                changed(&|it| it.classes = vec!["spam".to_owned(); count]),
                wrong
            );
        }
        for (percent, wrong) in [
            (50, ""),
            (99, ""),
            (49, "rule.percent"),
            (100, "rule.percent"),
        ] {
            assert_eq!(changed(&|it| it.percent = percent), wrong);
        }
        for (days, wrong) in [
            (1, ""),
            (3_650, ""),
            (0, "rule.older_days"),
            (3_651, "rule.older_days"),
        ] {
            assert_eq!(changed(&|it| it.older_days = Some(days)), wrong);
        }
        for (count, wrong) in [(20, ""), (21, "rule.senders")] {
            assert_eq!(changed(&|it| it.senders = senders(count)), wrong);
        }
        for (mails, wrong) in [
            (1, ""),
            (1_000, ""),
            (0, "rule.by_itself_most"),
            (1_001, "rule.by_itself_most"),
        ] {
            assert_eq!(changed(&|it| it.by_itself_most = mails), wrong);
        }
    }

    #[test]
    fn a_rule_is_about_something_and_changes_it() {
        let of = |change: fn(&mut RuleWords)| {
            let mut rule = rule(" ");
            change(&mut rule);
            rule.validate("rule").map_err(|wrong| wrong.field)
        };
        assert_eq!(of(|_| ()), Err("rule.search".to_owned()));
        assert_eq!(of(|it| it.classes = vec!["spam".to_owned()]), Ok(()));
        assert_eq!(of(|it| it.senders = vec!["x.example".to_owned()]), Ok(()));
        assert_eq!(of(|it| it.older_days = Some(1)), Ok(()));
        let doing = |text: &str| {
            let operation = serde_json::from_str(text).unwrap();
            let rule = RuleWords {
                operation,
                ..rule("from:a")
            };
            rule.validate("rule").map_err(|wrong| wrong.field)
        };
        assert_eq!(doing(r#"{"type":"trash"}"#), Ok(()));
        let kind = Err("rule.operation.type".to_owned());
        for other in [
            r#"{"type":"draft_reply","text":"t"}"#,
            r#"{"type":"classify"}"#,
            r#"{"type":"delete_contacts"}"#,
            r#"{"type":"unsubscribe"}"#,
            r#"{"type":"export","format":"csv"}"#,
            r#"{"type":"undo","job":"arc_01arz3ndektsv4rrffq69g5fav"}"#,
        ] {
            assert_eq!(doing(other), kind, "{other}");
        }
        let add = Err("rule.operation.add".to_owned());
        assert_eq!(doing(r#"{"type":"label"}"#), add);
    }

    #[test]
    fn a_sender_is_an_address_or_a_domain() {
        let local = |bytes: usize| "x".repeat(bytes - "@x.example".len()) + "@x.example";
        for good in [
            "a.bc",
            "@x.example",
            "ann@x.example",
            "\u{e9}@x.example",
            &local(100),
        ] {
            assert!(is_sender(good), "{good}");
        }
        for bad in [
            "",
            "@",
            "x@",
            "com",
            "ann",
            "a.b",
            "ann@a.b",
            "example",
            ".example",
            "x.example.",
            ".x.example",
            "ann@x.example.",
            "a b@x.example",
            "a\tb@x.example",
            "a\u{7}@x.example",
            "\"a@x.example",
            "<a@x.example",
            "a@x.example>",
            "a@x.example,b",
            "a;b@x.example",
            &local(101),
        ] {
            assert!(!is_sender(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_left_out_is_usual_and_is_not_written() {
        let text = r#"{"name":"News","search":"from:a","operation":{"type":"archive"}}"#;
        let read: RuleWords = serde_json::from_str(text).unwrap();
        assert_eq!((read.percent, read.by_itself_most), (90, 500));
        assert!(read.when.is_by_hand());
        let full = r#"{"name":"N","classes":["spam"],"percent":50,"older_days":3,"senders":["x.example"],"operation":{"type":"trash"},"when":{"kind":"hourly"},"by_itself_most":501}"#;
        let read: RuleWords = serde_json::from_str(full).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), full);
        assert!(read.has_class("spam") && !read.has_class("other") && read.hides());
        assert!(
            !RuleWords {
                operation: MarkRead {}.into(),
                ..read
            }
            .hides()
        );
    }

    #[test]
    fn new_mail_may_be_asked_to_be_older_than_nothing() {
        let mut new = rule("older_than:0d");
        new.when = When::NewMail {};
        assert_eq!(new.validate("rule"), Ok(()));
        new.search = "before:2020".to_owned();
        assert_eq!(new.validate("rule"), Ok(()));
    }

    #[test]
    fn what_has_just_come_is_not_old() {
        let mut new = rule("from:a");
        new.when = When::NewMail {};
        assert_eq!(new.validate("rule"), Ok(()));
        new.older_days = Some(7);
        assert_eq!(wrong(&new), "rules[0].rule.when");
        new.older_days = None;
        new.search = "from:a older_than:2d".to_owned();
        assert_eq!(wrong(&new), "rules[0].rule.when");
    }

    #[test]
    fn what_was_stored_before_runs_by_hand_and_is_written_as_it_was() {
        let text =
            r#"{"name":"News","search":"from:a","percent":90,"operation":{"type":"archive"}}"#;
        let read: RuleWords = serde_json::from_str(text).unwrap();
        assert_eq!(read, rule("from:a"));
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn what_is_hidden_is_looked_for_in_the_inbox() {
        let found = |search: &str| rule(search).query().unwrap();
        assert_eq!(found("from:a").looks_in(), ["inbox"]);
        assert_eq!(found("from:a in:Work").looks_in(), ["Work"]);
        let read = RuleWords {
            operation: MarkRead {}.into(),
            ..rule("from:a")
        };
        assert_eq!(read.query().unwrap().looks_in(), Vec::<&str>::new());
    }

    #[test]
    fn the_past_is_asked_only_for_what_is_known_of_it() {
        let past = rule("from:a in:inbox -is:unread newer_than:7d")
            .past()
            .unwrap();
        assert_eq!(
            past.left_out,
            ["in:inbox", "is:unread, is:read", "newer_than:"]
        );
        let terms = past.query.terms();
        assert_eq!(terms[0], &Term::From("a".to_owned()));
        assert_eq!(terms[1], &Term::After(Moment::DaysAgo(90)));
        assert_eq!(terms[2], &Term::In("anywhere".to_owned()));
        assert_eq!(terms.len(), 3);
        // Either of them, and of one nothing is known: whatever came may have matched.
        let past = rule("from:a OR is:unread").past().unwrap();
        assert_eq!(past.query.terms().len(), 2, "{past:?}");
    }

    #[test]
    fn what_is_known_today_alone_is_left_out_of_the_past() {
        for (search, left) in [
            ("label:a", "label:a"),
            ("-label:a", "label:a"),
            ("is:read", "is:unread, is:read"),
            ("is:unstarred", "is:starred, is:unstarred"),
            ("in:Work", "in:Work"),
            ("newer_than:3d", "newer_than:"),
        ] {
            let past = rule(&format!("from:a {search}")).past().unwrap();
            assert_eq!(past.left_out, [left]);
            assert_eq!(past.query.terms().len(), 3, "{search}");
        }
        let left_out = |search: &str| rule(search).past().unwrap().left_out;
        for search in [
            "after:2024",
            "before:2024",
            "older_than:3d",
            "has:attachment",
            "larger:1M",
        ] {
            assert_eq!(left_out(search), Vec::<String>::new(), "{search}");
        }
        assert_eq!(left_out("label:b label:a label:b"), ["label:a", "label:b"]);
    }

    #[test]
    fn senders_are_looked_for_beside_the_search() {
        let mut named = rule("subject:x");
        named.senders = vec!["a.example".to_owned(), "b.example".to_owned()];
        named.older_days = Some(3);
        let expected =
            Query::parse("subject:x from:a.example OR from:b.example older_than:3d in:inbox");
        assert_eq!(named.query(), expected.ok());
        assert_eq!(rule("is:odd").query(), None);
        assert_eq!(rule("is:odd").past(), None);
    }

    #[test]
    fn what_acts_late_is_tested_on_what_came_early() {
        let mut old = rule("from:a older_than:10d");
        old.older_days = Some(30);
        let terms: Vec<Term> = old
            .past()
            .unwrap()
            .query
            .terms()
            .into_iter()
            .cloned()
            .collect();
        assert!(
            terms.contains(&Term::After(Moment::DaysAgo(120))),
            "{terms:?}"
        );
        assert!(terms.contains(&Term::Before(Moment::DaysAgo(30))));
        // The age that is asked for counts wherever it is said, and of two the larger.
        for (search, older_days, since) in [
            ("from:a older_than:10d", None, 100),
            ("from:a older_than:60d", Some(30), 150),
        ] {
            let rule = RuleWords {
                older_days,
                ..rule(search)
            };
            let past = rule.past().unwrap().query;
            let since = Term::After(Moment::DaysAgo(since));
            assert!(past.terms().contains(&&since), "{search}: {past:?}");
        }
    }

    #[test]
    fn a_name_and_a_percent_are_no_wording() {
        let one = rule("from:a");
        let other = RuleWords {
            name: "Other".to_owned(),
            percent: 60,
            when: daily(7, "Europe/Berlin"),
            by_itself_most: 10,
            ..one.clone()
        };
        assert_eq!(one.wording(), other.wording());
        assert_ne!(one.wording(), rule("from:b").wording());
        let read = RuleWords {
            operation: MarkRead {}.into(),
            ..one.clone()
        };
        assert_ne!(one.wording(), read.wording());
        let classes = |names: &[&str]| RuleWords {
            classes: names.iter().map(|name| (*name).to_owned()).collect(),
            ..one.clone()
        };
        let both = classes(&["spam", "other"]).wording();
        assert_eq!(both, classes(&["other", "spam"]).wording());
        assert_ne!(both, classes(&["spam"]).wording());
        let old = RuleWords {
            older_days: Some(3),
            ..one.clone()
        };
        let named = RuleWords {
            senders: vec!["x.example".to_owned()],
            ..one.clone()
        };
        assert!(one.wording() != old.wording() && one.wording() != named.wording());
    }
}
