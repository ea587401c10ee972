//! Which edits are taken, and what each of them makes of a card.

use super::*;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn prefix(from: &str, to: &str) -> Edit {
    let (from, to) = (from.to_owned(), to.to_owned());
    Edit::TelephonePrefix { from, to }
}

fn domain(from: &str, to: &str) -> Edit {
    let (from, to) = (from.to_owned(), to.to_owned());
    Edit::EmailDomain { from, to }
}

/// What the edit makes of these lines; none where it changes nothing.
fn made(inner: &str, edit: Edit) -> Option<String> {
    let mut card = card(inner);
    let before = card.clone();
    let changed = edit.apply(&mut card).unwrap();
    assert_eq!(changed, card != before, "{edit:?}");
    let text = text(&card);
    let inner = text.strip_prefix("BEGIN:VCARD\nVERSION:3.0\n").unwrap();
    let inner = inner.strip_suffix("END:VCARD\n").unwrap();
    changed.then(|| inner.trim_end().to_owned())
}

#[track_caller]
fn makes(inner: &str, edit: Edit, expected: &str) {
    assert_eq!(made(inner, edit).as_deref(), Some(expected), "{inner}");
}

#[track_caller]
fn leaves(inner: &str, edit: Edit) {
    assert_eq!(made(inner, edit), None, "{inner}");
}

#[test]
fn limits_are_kept_to_the_byte() {
    let x = |count: usize| "x".repeat(count);
    for (edit, expected) in [
        (Edit::Note(x(2_000)), Ok(())),
        (Edit::Note(x(2_001)), Err(EditError::TooLong)),
        (Edit::Title("é".repeat(1_000)), Ok(())),
        (Edit::Title("é".repeat(1_001)), Err(EditError::TooLong)),
        (Edit::AddCategories(texts(&["c"; 20])), Ok(())),
        (
            Edit::AddCategories(texts(&["c"; 21])),
            Err(EditError::TooLong),
        ),
        (
            Edit::RemoveCategories(texts(&["c"; 21])),
            Err(EditError::TooLong),
        ),
        (Edit::RemoveCategories(Vec::new()), Err(EditError::Empty)),
        (
            Edit::RemoveCategories(texts(&["c", " "])),
            Err(EditError::Empty),
        ),
        (Edit::AddTelephone(String::new()), Err(EditError::Empty)),
        // Nothing is something that these can be.
        (Edit::Organisation(String::new()), Ok(())),
        (Edit::Title(" ".to_owned()), Ok(())),
        (Edit::Note(String::new()), Ok(())),
    ] {
        assert_eq!(edit.validate(), expected, "{edit:?}");
    }
    let name = |family: String| {
        Edit::Name(Name {
            family,
            ..Name::default()
        })
    };
    assert_eq!(name(x(2_000)).validate(), Ok(()));
    assert_eq!(name(x(2_001)).validate(), Err(EditError::TooLong));
}

#[test]
fn a_prefix_is_one_to_fifteen_digits_with_or_without_a_plus() {
    for good in ["0", "+1", "123456789012345", "+123456789012345"] {
        assert_eq!(prefix(good, "1").validate(), Ok(()), "{good}");
        assert_eq!(prefix("1", good).validate(), Ok(()), "{good}");
    }
    for bad in ["+", "++1", "1 2", "1234567890123456", "12a", "a"] {
        assert_eq!(
            prefix(bad, "1").validate(),
            Err(EditError::NotAPrefix),
            "{bad}"
        );
        assert_eq!(
            prefix("1", bad).validate(),
            Err(EditError::NotAPrefix),
            "{bad}"
        );
    }
    assert_eq!(prefix("", "1").validate(), Err(EditError::Empty));
}

#[test]
fn a_domain_has_a_dot_and_neither_at_nor_blanks() {
    for (bad, other) in [
        ("example", "x.example"),
        ("@x.example", "y.example"),
        ("x .example", "y.example"),
        ("x\u{7}.example", "y.example"),
    ] {
        assert_eq!(
            domain(bad, other).validate(),
            Err(EditError::NotAnAddress),
            "{bad}"
        );
        assert_eq!(
            domain(other, bad).validate(),
            Err(EditError::NotAnAddress),
            "{bad}"
        );
    }
    assert_eq!(domain("x.example", "y.example").validate(), Ok(()));
}

#[test]
fn an_address_has_something_on_each_side_of_its_at() {
    for (text, is_one) in [
        ("a@x", true),
        (" a@x.example ", true),
        ("a@b@c", true),
        ("@x.example", false),
        ("a@", false),
        ("a.x.example", false),
        ("a b@x.example", false),
        ("a\u{7}@x.example", false),
    ] {
        assert_eq!(is_address(text), is_one, "{text:?}");
        let expected = if is_one {
            Ok(())
        } else {
            Err(EditError::NotAnAddress)
        };
        assert_eq!(Edit::AddEmail(text.to_owned()).validate(), expected);
    }
}

#[test]
fn a_name_is_given_in_its_parts_and_those_beyond_five_stay() {
    let name = Name {
        family: "Lee; Ray".to_owned(),
        given: "Ann".to_owned(),
        additional: "Bo".to_owned(),
        prefix: " Dr. ".to_owned(),
        suffix: "Jr.".to_owned(),
    };
    assert_eq!(name.spoken(), "Dr. Ann Bo Lee; Ray Jr.");
    assert_eq!(
        Name {
            given: "Ann".to_owned(),
            ..Name::default()
        }
        .spoken(),
        "Ann"
    );
    makes(
        "N:Old;O;;;;2nd",
        Edit::Name(name.clone()),
        "N:Lee\\; Ray;Ann;Bo; Dr. ;Jr.;2nd",
    );
    makes(
        "FN:x",
        Edit::Name(name),
        "FN:x\nN:Lee\\; Ray;Ann;Bo; Dr. ;Jr.",
    );
}

#[test]
fn an_organisation_keeps_its_units_and_takes_them_along_when_it_goes() {
    let organisation = |name: &str| Edit::Organisation(name.to_owned());
    makes(
        "ORG:Acme;Lab;East",
        organisation(" New "),
        "ORG:New;Lab;East",
    );
    makes("FN:x", organisation("New"), "FN:x\nORG:New");
    makes("ORG:Acme;Lab\nFN:x", organisation(" "), "FN:x");
    leaves("FN:x", organisation(""));
}

#[test]
fn a_value_that_says_the_same_stays_as_it_was_written() {
    let note = |text: &str| Edit::Note(text.to_owned());
    leaves("NOTE:a\\: b\\, c", note(" a: b, c "));
    makes("NOTE:a: b, c", note("a: b, c"), "NOTE:a: b\\, c");
    makes(
        "NOTE;LANGUAGE=en;SORT-AS=\"a\":a",
        note("b"),
        "NOTE;LANGUAGE=en:b",
    );
    makes(
        "item1.NOTE;ENCODING=8BIT;CHARSET=UTF-8:a",
        note("b"),
        "item1.NOTE:b",
    );
    leaves("FN:x", note(""));
}

#[test]
fn an_address_or_a_number_that_is_there_is_not_added_again() {
    let email = |text: &str| Edit::AddEmail(text.to_owned());
    leaves("EMAIL:Ann@X.example", email(" ann@x.EXAMPLE"));
    makes(
        "EMAIL:ann@x.example",
        email(" bob@x.example "),
        "EMAIL:ann@x.example\nEMAIL:bob@x.example",
    );
    let telephone = |text: &str| Edit::AddTelephone(text.to_owned());
    leaves("TEL:tel:+49-(30)-1", telephone("+49 30 1"));
    makes("TEL:1", telephone("*1#"), "TEL:1\nTEL:*1#");
    makes("TEL:+1", telephone("1"), "TEL:+1\nTEL:1");
}

#[test]
fn categories_are_put_beside_those_that_are_there_each_once() {
    let add = |names: &[&str]| Edit::AddCategories(texts(names));
    makes(
        "CATEGORIES:a,,b",
        add(&["B ", "c", "C"]),
        "CATEGORIES:a,b,c",
    );
    makes("CATEGORIES:", add(&["a"]), "CATEGORIES:a");
    makes("FN:x", add(&["a", "b, c"]), "FN:x\nCATEGORIES:a,b\\, c");
    leaves("CATEGORIES:a\nCATEGORIES:B", add(&["b", "A"]));
    let remove = |names: &[&str]| Edit::RemoveCategories(texts(names));
    makes(
        "CATEGORIES:a,b\nCATEGORIES:A\nTITLE:a\nCATEGORIES:c",
        remove(&["a "]),
        "CATEGORIES:b\nTITLE:a\nCATEGORIES:c",
    );
    leaves("CATEGORIES:a\\,b,c", remove(&["a", "b"]));
}

#[test]
fn categories_in_an_unknown_character_set_are_left_alone() {
    let mut card = card("CATEGORIES;CHARSET=KOI8-R:a");
    let edit = Edit::AddCategories(texts(&["b"]));
    assert_eq!(edit.apply(&mut card), Err(EditError::Unreadable));
    // Whether it is one of those that go nobody can tell.
    leaves(
        "CATEGORIES;CHARSET=KOI8-R:a",
        Edit::RemoveCategories(texts(&["a"])),
    );
}

#[test]
fn what_is_between_the_digits_of_a_prefix_goes_with_it() {
    let to = |inner: &str| made(inner, prefix("00494", "+1"));
    for number in ["0 0(4)9-4", "0.0/4\u{a0}94", "00494"] {
        assert_eq!(
            to(&format!("TEL:{number} 1")).as_deref(),
            Some("TEL:+1 1"),
            "{number}"
        );
    }
    // A bracket goes where the one before it went, and stays where there was none.
    assert_eq!(to("TEL:(00494)1").as_deref(), Some("TEL:+11"));
    assert_eq!(to("TEL:00-494)1").as_deref(), Some("TEL:+1)1"));
    assert_eq!(to("TEL:TEL:00494").as_deref(), Some("TEL:TEL:+1"));
    assert_eq!(to("TEL:fax:00494"), None);
    assert_eq!(to("TEL:0049 5"), None);
    // What is binary or in an unknown character set is nobody's number.
    assert_eq!(to("TEL;ENCODING=b:00494\nTEL;CHARSET=KOI8-R:00494"), None);
}

#[test]
fn a_domain_is_the_whole_of_what_is_behind_the_last_at() {
    let edit = || domain("Old.example", "new.example");
    makes(
        "EMAIL:\"a@b\"@OLD.example\nEMAIL:c@old.example ",
        edit(),
        "EMAIL:\"a@b\"@new.example\nEMAIL:c@new.example",
    );
    leaves(
        "EMAIL:a@mail.old.example\nEMAIL:old.example\nURL:a@old.example",
        edit(),
    );
}
