#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::api::Role;
use crate::limits;

fn term(term: Term) -> Query {
    Query::Term(term)
}

fn not(query: Query) -> Query {
    Query::Not(Box::new(query))
}

fn from(text: &str) -> Query {
    term(Term::From(text.into()))
}

fn text(text: &str) -> Query {
    term(Term::Text(text.into()))
}

fn day(text: &str) -> Moment {
    Moment::At(format!("{text}T00:00:00Z").parse().unwrap())
}

#[track_caller]
fn parses(input: &str, expected: Query) {
    assert_eq!(Query::parse(input), Ok(expected), "{input}");
}

#[track_caller]
fn refuses(input: &str, position: usize, says: &str) {
    let error = Query::parse(input).unwrap_err();
    assert_eq!(error.position, position, "{input}: {error}");
    assert!(error.message.contains(says), "{input}: {error}");
}

#[test]
fn nothing_matches_everything() {
    parses("", Query::All(vec![]));
    parses(" \t\n ", Query::All(vec![]));
}

#[test]
fn or_binds_tighter_than_standing_side_by_side() {
    let unread = term(Term::Unread);
    parses(
        "is:unread from:ann OR from:bob",
        Query::All(vec![
            unread.clone(),
            Query::Any(vec![from("ann"), from("bob")]),
        ]),
    );
    parses("a AND b", Query::All(vec![text("a"), text("b")]));
    parses("a b", Query::All(vec![text("a"), text("b")]));
    parses(
        "(is:unread from:ann) OR from:bob",
        Query::Any(vec![Query::All(vec![unread, from("ann")]), from("bob")]),
    );
    parses(
        "cats or dogs",
        Query::All(vec![text("cats"), text("or"), text("dogs")]),
    );
    parses("\"OR\"", text("OR"));
}

#[test]
fn minus_negates_what_touches_it() {
    parses("-from:ann", not(from("ann")));
    parses("-\"two words\"", not(text("two words")));
    parses("-(a b)", not(Query::All(vec![text("a"), text("b")])));
    parses("well-known", text("well-known"));
    parses("a OR -b", Query::Any(vec![text("a"), not(text("b"))]));
}

#[test]
fn values_and_words_may_be_quoted() {
    parses(
        "subject:\"weekly report\"",
        term(Term::Subject("weekly report".into())),
    );
    parses("“curly quotes”", text("curly quotes"));
    parses(r#""say \"hi\" \\ bye""#, text(r#"say "hi" \ bye"#));
    parses("FROM:Ann", from("Ann"));
    parses("in:Work/Projects", term(Term::In("Work/Projects".into())));
    parses("list:news.a.org", term(Term::List("news.a.org".into())));
    parses("10:30", text("10:30"));
    parses("from:a:b", from("a:b"));
    parses(
        "grüße 日本語",
        Query::All(vec![text("grüße"), text("日本語")]),
    );
}

#[test]
fn reads_flags_sizes_dates_and_ages() {
    parses("is:read", not(term(Term::Unread)));
    parses("is:Starred", term(Term::Starred));
    parses("is:unstarred", not(term(Term::Starred)));
    parses("has:attachment", term(Term::HasAttachment));
    parses("larger:5M", term(Term::Larger(5 << 20)));
    parses("larger:5mb", term(Term::Larger(5 << 20)));
    parses("smaller:100K", term(Term::Smaller(100 << 10)));
    parses("smaller:1000", term(Term::Smaller(1000)));
    parses("before:2024/01/31", term(Term::Before(day("2024-01-31"))));
    parses("after:2024", term(Term::After(day("2024-01-01"))));
    parses("after:2024-2", term(Term::After(day("2024-02-01"))));
    parses("older_than:2w", term(Term::Before(Moment::DaysAgo(14))));
    parses("newer_than:1y", term(Term::After(Moment::DaysAgo(365))));
}

#[test]
fn says_where_and_what_was_expected() {
    refuses("hello form:ann", 6, "from: to: subject:");
    refuses("see http://x", 4, "quote it");
    refuses("is:blue", 3, "unread, read, starred, unstarred or list");
    refuses("has:feet", 4, "attachment");
    refuses("larger:big", 7, "5M");
    refuses("larger:99999999999G", 7, "5M");
    refuses("larger:+5", 7, "5M");
    refuses("é before:2024-13-01", 9, "2024-01-31");
    refuses("before:2024-02-30", 7, "2024-01-31");
    refuses("before:2024-01-01-01", 7, "2024-01-31");
    refuses("older_than:7", 11, "7d");
    refuses("older_than:9999y", 11, "100 years");
    refuses("from:", 5, "needs a value");
    refuses("from: ann", 5, "needs a value");
    refuses("from:(a b)", 5, "(from:a OR from:b)");
    refuses("\"open", 0, "never closed");
    refuses("a \"\"", 2, "nothing between the quotes");
    refuses("a (b", 2, "never closed");
    refuses("a )", 2, "no “(”");
    refuses("()", 0, "nothing between");
    refuses("OR a", 0, "before it");
    refuses("a OR", 4, "after it");
    refuses("a AND OR b", 6, "after it");
    refuses("a - b", 2, "without a space");
    refuses("--a", 1, "enough");
    refuses("a\0b", 1, "control");
}

#[test]
fn is_bounded_in_length_terms_and_depth() {
    refuses(
        &"é".repeat(limits::QUERY_BYTES),
        limits::QUERY_BYTES / 2,
        "bytes",
    );
    let many = "a ".repeat(limits::QUERY_TERMS);
    assert!(Query::parse(&many).is_ok());
    refuses(&format!("{many}a"), many.len(), "terms");
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Query::parse(&nested(limits::QUERY_DEPTH)).is_ok());
    refuses(
        &nested(limits::QUERY_DEPTH + 1),
        limits::QUERY_DEPTH,
        "deep",
    );
    assert!(Query::parse(&nested(900)).is_err());
}

/// All strings of up to four pieces, and long random ones, out of everything that means something
/// here or is odd elsewhere.
#[test]
fn never_panics() {
    let pieces = [
        "",
        " ",
        "-",
        "(",
        ")",
        "\"",
        "“",
        "\\",
        ":",
        "OR",
        "AND",
        "a",
        "from:",
        "is:unread",
        "larger:1M",
        "larger:é",
        "before:2024-é1",
        "older_than:1日",
        "👩‍👩‍👧",
        "\u{202e}",
        "\u{85}",
        "\0",
        "ß",
        "İ",
        "\u{feff}",
        "e\u{301}",
    ];
    let mut state = 1u64;
    let check = |input: &str| {
        if let Err(error) = Query::parse(input) {
            assert!(error.position <= input.chars().count(), "{input:?}");
        }
    };
    for a in pieces {
        for b in pieces {
            for c in pieces {
                check(&[a, b, c].concat());
                check(&[a, " ", b, " ", c].concat());
            }
        }
    }
    for _ in 0..20_000 {
        let mut input = String::new();
        for _ in 0..(state >> 60) + 1 {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            input.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        check(&input);
    }
}

#[test]
fn a_class_is_one_that_there_is_or_none() {
    let of = |class| term(Term::Class(class, Looked::default()));
    parses("class:newsletter", of(Some(Class::Newsletter)));
    parses("-class:SPAM", not(of(Some(Class::Spam))));
    parses("class:list-discussion", of(Some(Class::ListDiscussion)));
    parses("class:\"list discussion\"", of(Some(Class::ListDiscussion)));
    parses("class:none", of(None));
    for (wrong, meant) in [
        ("newsleter", "newsletter"),
        ("reciept", "receipt"),
        ("promotions", "promotion"),
        ("notfication", "notification"),
        ("list", "list_discussion"),
        ("nwesletter", "newsletter"),
    ] {
        let says = format!("Did you mean {meant}?");
        refuses(&format!("in:inbox class:{wrong}"), 15, &says);
    }
    let far = Query::parse("class:invoices").unwrap_err().message;
    assert!(!far.contains("Did you mean"), "{far}");
    assert!(far.contains("receipt, delivery, spam, other"), "{far}");
    refuses("class:", 6, "needs a value");
    assert!(Query::parse_for(crate::kinds::Kind::Contact, "class:spam").is_err());
    assert!(Query::parse_for(crate::kinds::Kind::Mailbox, "class:spam").is_err());
}

#[test]
fn what_is_known_of_mails_goes_to_every_term_that_asks() {
    let id: crate::ids::ItemId = "a".parse().unwrap();
    let looked = Looked::new(3, [(id.clone(), Class::Spam)].into());
    let query = Query::parse("(class:spam OR from:ann) -class:none").unwrap();
    assert!(query.looked().is_some());
    let query = query.knowing(&looked);
    for query in query.terms() {
        if let Term::Class(class, known) = query {
            assert_eq!(known.tells(*class, &id), Some(class.is_some()));
        }
    }
    assert_eq!(looked.tells(Some(Class::Spam), &"b".parse().unwrap()), None);
    assert!(Query::parse("from:ann").unwrap().looked().is_none());
}

#[test]
fn every_example_parses() {
    for (example, _) in EXAMPLES {
        assert!(Query::parse(example).is_ok(), "{example}");
    }
}

#[test]
fn ages_count_back_from_now() {
    let now = "2026-03-31T12:00:00Z".parse().unwrap();
    assert_eq!(
        Moment::DaysAgo(31).resolve(now).to_string(),
        "2026-02-28T12:00:00Z"
    );
    assert_eq!(Moment::DaysAgo(u32::MAX).resolve(now), Timestamp::MIN);
}

#[test]
fn trash_and_spam_are_left_out_unless_asked_for() {
    let here =
        |query: &str, folder: &str, role| Query::parse(query).unwrap().in_folder(folder, role);
    let ann = Some(from("ann"));
    assert_eq!(here("from:ann", "INBOX", Some(Role::Inbox)), ann);
    assert_eq!(here("from:ann", "Bin", Some(Role::Trash)), None);
    assert_eq!(here("from:ann -in:inbox", "Bin", Some(Role::Trash)), None);
    assert_eq!(here("from:ann -in:inbox", "Work", None), ann);
    assert_eq!(here("from:ann in:trash", "Bin", Some(Role::Trash)), ann);
    assert_eq!(here("from:ann in:bin", "Bin", Some(Role::Trash)), ann);
    assert_eq!(here("from:ann in:anywhere", "Junk", Some(Role::Spam)), ann);
    assert_eq!(here("from:ann in:work/a", "Work/A", None), ann);
    assert_eq!(here("from:ann in:work", "Work/A", None), None);
    assert_eq!(
        here("from:ann OR in:work", "Work", None),
        Some(Query::All(vec![]))
    );
    assert_eq!(here("from:ann OR in:work", "Other", None), ann);
    assert_eq!(here("in:work", "Work", None), Some(Query::All(vec![])));
    assert_eq!(here("-in:work", "Work", None), None);
}
