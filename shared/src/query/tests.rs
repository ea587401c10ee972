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
    parses("to:team@x.example", term(Term::To("team@x.example".into())));
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
    refuses("a\u{85}\u{7f}", 2, "control");
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
    let fields = "from:a ".repeat(100);
    assert!(Query::parse(&fields).is_ok());
    refuses(&format!("{fields}-from:a"), 701, "at most 100 terms");
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
    assert!(Query::parse("from:ann").unwrap().looked().is_none());
}

#[test]
fn every_example_parses() {
    for &kind in Kind::ALL {
        for (example, says) in examples(kind) {
            let query = Query::parse_for(kind, example);
            assert!(query.is_ok() && !says.say().is_empty(), "{example}");
        }
    }
    assert_eq!(examples(Kind::Mail)[0].0, "invoice");
    assert_eq!(examples(Kind::Mailbox)[0].0, "ann");
    assert!(examples(Kind::Recipient).is_empty());
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

#[test]
fn values_are_read_to_the_day_and_the_byte() {
    parses(
        "larger:8589934591G",
        term(Term::Larger(8_589_934_591 << 30)),
    );
    refuses("larger:8589934592G", 7, "5M");
    parses(
        "smaller:9223372036854775807",
        term(Term::Smaller(i64::MAX as u64)),
    );
    refuses("smaller:9223372036854775808", 8, "5M");
    parses("larger:0", term(Term::Larger(0)));
    parses("larger:1KB", term(Term::Larger(1_024)));
    parses("larger:2gb", term(Term::Larger(2 << 30)));
    parses("larger:7b", term(Term::Larger(7)));
    for none in [
        "larger:b",
        "larger:K",
        "larger:1KK",
        "larger:1.5M",
        "larger:-1",
        "larger:é",
    ] {
        refuses(none, 7, "5M");
    }
    parses(
        "older_than:36500d",
        term(Term::Before(Moment::DaysAgo(36_500))),
    );
    refuses("older_than:36501d", 11, "100 years");
    parses(
        "older_than:100Y",
        term(Term::Before(Moment::DaysAgo(36_500))),
    );
    parses("newer_than:3m", term(Term::After(Moment::DaysAgo(90))));
    parses("newer_than:0d", term(Term::After(Moment::DaysAgo(0))));
    for none in [
        "newer_than:d",
        "newer_than:7h",
        "newer_than:-7d",
        "newer_than:7é",
        "newer_than:99999999999999999999d",
    ] {
        refuses(none, 11, "7d");
    }
    parses("after:2024-02-29", term(Term::After(day("2024-02-29"))));
    parses("after:2024/2/9", term(Term::After(day("2024-02-09"))));
    parses("before:0001", term(Term::Before(day("0001-01-01"))));
    for none in [
        "after:24-01-01",
        "after:02024",
        "after:2024-001",
        "after:2024-1-001",
        "after:2024-00",
        "after:2024-1-0",
        "after:2023-02-29",
        "after:2024-1/2",
        "after:2024-",
        "after:20x4",
    ] {
        refuses(none, 6, "2024-01-31");
    }
}

#[test]
fn what_ends_a_word_and_what_does_not() {
    for quote in ["\"", "“", "”", "„"] {
        parses(
            &format!("{quote}a b{quote}c"),
            Query::All(vec![text("a b"), text("c")]),
        );
        parses(
            &format!("a{quote}b{quote}"),
            Query::All(vec![text("a"), text("b")]),
        );
        parses(&format!("\"a\\{quote}b\""), text(&format!("a{quote}b")));
        refuses(
            &format!("from:a {quote} {quote}"),
            7,
            "nothing between the quotes",
        );
    }
    parses("\"a\n\tb\"", text("a  b"));
    parses(r#""a\nb""#, text(r"a\nb"));
    parses("a(b)c", Query::All(vec![text("a"), text("b"), text("c")]));
    parses("from:ann(b)", Query::All(vec![from("ann"), text("b")]));
    parses("OLDER_than:1d", term(Term::Before(Moment::DaysAgo(1))));
    // Only letters and a line below make the name of a field.
    parses("a1:b", text("a1:b"));
    parses(":b", text(":b"));
    parses("a-b:c", text("a-b:c"));
    refuses("a_b:c", 0, "not known");
    parses(
        "subject:“weekly report”",
        term(Term::Subject("weekly report".into())),
    );
    refuses("subject:\"\"", 8, "nothing between the quotes");
    refuses("(from:)", 6, "needs a value");
    refuses("(-)", 1, "without a space");
    refuses("a -", 2, "without a space");
    parses("-(-a)", not(not(text("a"))));
}

#[test]
fn or_and_and_stand_between_terms() {
    let any = |words: &[&str]| Query::Any(words.iter().map(|word| text(word)).collect());
    parses("a OR b OR c", any(&["a", "b", "c"]));
    parses(
        "a OR (b OR c)",
        Query::Any(vec![text("a"), any(&["b", "c"])]),
    );
    parses(
        "a AND b OR c",
        Query::All(vec![text("a"), any(&["b", "c"])]),
    );
    parses("((a))", text("a"));
    parses(
        "or and And",
        Query::All(vec![text("or"), text("and"), text("And")]),
    );
    refuses("(a OR )", 6, "after it");
    refuses("(a AND )", 7, "after it");
    refuses("a OR AND b", 5, "after it");
    refuses("AND", 0, "before it");
    refuses("(OR a)", 1, "before it");
    refuses("-", 0, "without a space");
    refuses("-OR", 1, "before it");
    refuses("a (b))", 5, "no “(”");
    let error = Query::parse("a OR").unwrap_err();
    assert_eq!(
        error.to_string(),
        "“OR” needs a term after it, as in from:ann OR from:bob (at character 5)."
    );
}

#[test]
fn a_search_has_two_thousand_bytes_and_says_where_it_goes_beyond() {
    let most = "x".repeat(2_000);
    parses(&most, text(&most));
    refuses(&(most + "x"), 2_000, "at most 2000 bytes");
    let odd = format!("{}x", "é".repeat(1_000));
    refuses(&odd, 1_000, "bytes");
    let odd = format!("x{}", "é".repeat(1_000));
    refuses(&odd, 1_000, "bytes");
}

#[test]
fn each_kind_has_fields_of_its_own() {
    let of = |kind, text: &str| Query::parse_for(kind, text);
    let org = Ok(term(Term::Text("org:acme".into())));
    assert_eq!(of(Kind::Contact, "ORG:acme"), org);
    assert_eq!(
        of(Kind::Mailbox, "larger:1K"),
        Ok(term(Term::Larger(1_024)))
    );
    for (kind, text, whose) in [
        (
            Kind::Contact,
            "from:ann",
            "contacts. Known are name: email:",
        ),
        (
            Kind::Mailbox,
            "from:ann",
            "mailboxes. Known are in: larger:",
        ),
        (Kind::Recipient, "to:ann", "recipients."),
    ] {
        let refused = of(kind, text).unwrap_err();
        assert!(refused.message.contains(whose), "{refused}");
        assert_eq!(refused.position, 0);
    }
}

#[test]
fn the_nearest_class_is_meant_if_it_is_half_of_it() {
    let meant = |wrong: &str| {
        let told = Query::parse(&format!("class:\"{wrong}\""))
            .unwrap_err()
            .message;
        let (_, behind) = told.split_once("Did you mean ")?;
        Some(behind.split('?').next()?.to_owned())
    };
    for (wrong, class) in [
        ("sp", Some("spam")),
        ("s", None),
        ("requests", Some("request")),
        ("quest", Some("question")),
        ("meetup", Some("meeting")),
        ("ask", None),
        ("spaceship", None),
        ("Newsletters!", Some("newsletter")),
    ] {
        assert_eq!(meant(wrong).as_deref(), class, "{wrong}");
    }
}

#[test]
fn a_query_says_where_it_looks_and_which_of_that_is_nowhere() {
    let query = "(in:Work OR in:INBOX) -in:Nope in:anywhere in:nope in:nope label:x";
    let query = Query::parse(query).unwrap();
    assert_eq!(
        query.looks_in(),
        ["Work", "INBOX", "anywhere", "nope", "nope"]
    );
    assert!(query.says_where());
    assert_eq!(
        query.names_nothing(&|name| name == "Work"),
        ["Nope", "nope"]
    );
    assert_eq!(query.names_nothing(&|_| false), ["Nope", "Work", "nope"]);
    for role in [
        "inbox", "ARCHIVE", "trash", "sent", "Drafts", "spam", "Anywhere",
    ] {
        let query = Query::parse(&format!("in:{role}")).unwrap();
        assert!(query.names_nothing(&|_| false).is_empty(), "{role}");
    }
    let nowhere = Query::parse("-in:a from:b").unwrap();
    assert!(!nowhere.says_where() && nowhere.looks_in().is_empty());
    assert_eq!(nowhere.terms().len(), 2);
}

#[test]
fn each_role_is_written_as_a_word() {
    let here = |word: &str, role: Role| {
        let query = Query::parse(&format!("in:{word}")).unwrap();
        query.in_folder("Elsewhere", Some(role)).is_some()
    };
    let roles = [
        (Role::Inbox, "inbox"),
        (Role::Archive, "archive"),
        (Role::Trash, "Trash"),
        (Role::Sent, "SENT"),
        (Role::Drafts, "drafts"),
        (Role::Spam, "spam"),
    ];
    for (role, word) in roles {
        for (other, _) in roles {
            assert_eq!(here(word, other), role == other, "{word} {other:?}");
        }
        assert_eq!(role_word(role), word.to_lowercase());
    }
}

#[test]
fn what_is_known_is_settled_and_what_is_not_stays() {
    let known = |term: &Term, negated: bool| match term {
        Term::Text(word) if word == "yes" => Some(true),
        Term::Text(word) if word == "no" => Some(false),
        // Told apart by whether it is behind an odd number of signs.
        Term::Text(word) if word == "odd" => Some(negated),
        _ => None,
    };
    let open = |text: &str| Settled::Open(Query::parse(text).unwrap());
    for (query, settled) in [
        ("yes", Settled::Always),
        ("-yes", Settled::Never),
        ("-no", Settled::Always),
        ("yes a", open("a")),
        ("no a", Settled::Never),
        ("yes OR a", Settled::Always),
        ("no OR a", open("a")),
        ("no OR a OR b", open("a OR b")),
        ("yes a b", open("a b")),
        ("-(yes a)", open("-a")),
        ("-(no OR no)", Settled::Always),
        ("odd", Settled::Never),
        ("-odd", Settled::Never),
        ("-(-odd)", Settled::Never),
        ("", Settled::Always),
    ] {
        assert_eq!(
            Query::parse(query).unwrap().settle(&known),
            settled,
            "{query}"
        );
    }
    let somewhere = |query: &str| Query::parse(query).unwrap().where_in(&|value| value == "a");
    assert_eq!(somewhere("in:a"), Some(Query::All(vec![])));
    assert_eq!(somewhere("in:b"), None);
    assert_eq!(somewhere("-in:b x"), Some(text("x")));
}

#[test]
fn what_is_known_of_mails_tells_of_those_and_of_no_others() {
    let id = |name: &str| name.parse::<crate::ids::ItemId>().unwrap();
    let looked = Looked::new(3, [(id("a"), Class::Spam), (id("b"), Class::Other)].into());
    let mut mails: Vec<_> = looked
        .mails()
        .map(|(id, class)| (id.as_str(), class))
        .collect();
    mails.sort_unstable();
    assert_eq!(mails, [("a", Class::Spam), ("b", Class::Other)]);
    for (wanted, name, told) in [
        (Some(Class::Spam), "a", Some(true)),
        (Some(Class::Spam), "b", Some(false)),
        (Some(Class::Spam), "c", None),
        (None, "a", Some(false)),
        (None, "c", Some(true)),
    ] {
        assert_eq!(looked.tells(wanted, &id(name)), told, "{name}");
    }
    let query = Query::parse("from:x (class:spam OR -class:none)").unwrap();
    assert_eq!(query.looked(), Some(&Looked::default()));
    assert_eq!(query.knowing(&looked).looked(), Some(&looked));
}

#[test]
fn a_moment_is_itself_or_days_before_now() {
    let now: Timestamp = "2026-03-31T12:00:00.5Z".parse().unwrap();
    for (days, time) in [
        (0, "2026-03-31T12:00:00.5Z"),
        (1, "2026-03-30T12:00:00.5Z"),
        (31, "2026-02-28T12:00:00.5Z"),
    ] {
        assert_eq!(Moment::DaysAgo(days).resolve(now), time.parse().unwrap());
    }
    assert_eq!(Moment::DaysAgo(u32::MAX).resolve(now), Timestamp::MIN);
    assert_eq!(
        day("2024-01-31").resolve(now),
        "2024-01-31T00:00:00Z".parse().unwrap()
    );
}
