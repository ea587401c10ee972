//! Where a line and a card end, and how large they may be.

use super::*;

/// The names and texts of a card's properties, apart from its version.
fn said(text: &str) -> Vec<(String, String)> {
    let card = Card::read(text.as_bytes()).unwrap();
    assert_eq!(card.bytes(), text.as_bytes(), "not byte for byte");
    let properties = card.properties().filter(|it| !it.is("VERSION"));
    properties
        .map(|it| (it.name.clone(), it.text_or_marks()))
        .collect()
}

#[track_caller]
fn says(version: &str, inner: &str, expected: &[(&str, &str)]) {
    let text = format!("BEGIN:VCARD\r\nVERSION:{version}\r\n{inner}END:VCARD\r\n");
    let said = said(&text);
    let said: Vec<(&str, &str)> = said.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(said, expected, "{inner}");
}

#[test]
fn a_fold_is_a_blank_or_a_tab_and_goes_with_the_line_end() {
    let expected = [("NOTE", "ab  c"), ("TEL", "1")];
    for version in ["3.0", "4.0"] {
        says(version, "NOTE:a\r\n b\r\n\t  c\r\nTEL:1\r\n", &expected);
    }
    // What follows an empty line is no part of it.
    says("4.0", "TEL:1\r\n\r\n x:y\r\n", &[("TEL", "1")]);
    // In 2.1 the blank is part of the text, unless that is encoded.
    says("2.1", "NOTE:a\r\n b\r\n", &[("NOTE", "a b")]);
    says(
        "2.1",
        "NOTE;QUOTED-PRINTABLE:a=\r\n b\r\n",
        &[("NOTE", "ab")],
    );
}

#[test]
fn only_what_is_encoded_goes_on_behind_an_equals_sign() {
    let twice = [("URL", "http://x/?a="), ("TEL", "1")];
    says("3.0", "URL:http://x/?a=\r\nTEL:1\r\n", &twice);
    says("2.1", "URL:http://x/?a=\r\nTEL:1\r\n", &twice);
    // Folded right behind an equals sign that is part of the text.
    says(
        "3.0",
        "URL:http://x/?a=\r\n 1\r\n",
        &[("URL", "http://x/?a=1")],
    );
    // The word stands in the value, not before it.
    let word = [("NOTE", "quoted-printable="), ("TEL", "1")];
    says("2.1", "NOTE:quoted-printable=\r\nTEL:1\r\n", &word);
    let soft = [("NOTE", "ab=c"), ("TEL", "1")];
    says(
        "2.1",
        "NOTE;Encoding=Quoted-Printable:a=\r\nb=\r\n=3Dc\r\nTEL:1\r\n",
        &soft,
    );
    // The last line of a card goes on into no other card, whatever it ends with.
    says("2.1", "NOTE;QUOTED-PRINTABLE:a=\r\n", &[("NOTE", "a=")]);
}

#[test]
fn a_version_is_found_whatever_its_case_and_three_is_what_others_mostly_are() {
    for (line, version) in [
        ("VERSION:2.1", Version::V2_1),
        ("version: 4.0 ", Version::V4_0),
        ("VERSION:3.0", Version::V3_0),
        ("VERSION:5", Version::V3_0),
        ("X-VERSION:4.0", Version::V3_0),
        ("FN:a", Version::V3_0),
        ("FN:a\nVERSION:2.1\nVERSION:4.0", Version::V2_1),
    ] {
        let card = read(&format!("BEGIN:VCARD\n{line}\nEND:VCARD\n"));
        assert_eq!(card.version(), version, "{line}");
    }
    assert_eq!(Version::V2_1.as_str(), "2.1");
}

#[test]
fn a_card_may_have_a_megabyte_and_twenty_thousand_lines_and_no_more() {
    let fault = |bytes: &[u8]| {
        Card::read(bytes)
            .err()
            .map(|error| (error.line, error.fault))
    };
    let of_bytes = |bytes: usize| {
        let frame = "BEGIN:VCARD\nPHOTO:\nEND:VCARD\n";
        let data = "A".repeat(bytes - frame.len());
        format!("BEGIN:VCARD\nPHOTO:{data}\nEND:VCARD\n").into_bytes()
    };
    assert_eq!(of_bytes(1_048_576).len(), 1_048_576);
    assert_eq!(fault(&of_bytes(1_048_576)), None);
    assert_eq!(fault(&of_bytes(1_048_577)), Some((1, Fault::TooLarge)));
    let of_lines = |lines: usize| {
        let inner = "X:\n".repeat(lines - 2);
        format!("\n\nBEGIN:VCARD\n{inner}END:VCARD\n").into_bytes()
    };
    assert_eq!(fault(&of_lines(20_000)), None);
    assert_eq!(fault(&of_lines(20_001)), Some((3, Fault::TooLarge)));
}

#[test]
fn a_file_may_have_ten_thousand_cards() {
    let most = b"BEGIN:VCARD\nEND:VCARD\n".repeat(10_000);
    assert_eq!(cards(&most).unwrap().len(), 10_000);
}

#[test]
fn a_file_in_utf_16_is_told_apart_by_either_mark() {
    for bytes in [&b"\xff\xfeB\0"[..], b"\xfe\xff\0B"] {
        let error = cards(bytes).unwrap_err();
        assert_eq!((error.line, error.fault), (1, Fault::Utf16));
    }
}

#[test]
fn marks_and_empty_lines_between_cards_are_kept_with_the_next_one() {
    let first = "BEGIN:VCARD\nFN:a\nEND:VCARD\n";
    let second = "\u{feff}\u{feff} \n\u{feff}\r\nBEGIN:VCARD\nFN:b\nEND:VCARD\n";
    let read = cards(format!("{first}{second}\n").as_bytes()).unwrap();
    let texts: Vec<Vec<u8>> = read.iter().flatten().map(Card::bytes).collect();
    assert_eq!(texts, [first.as_bytes(), format!("{second}\n").as_bytes()]);
    // What comes behind the last one is no part of a card that cannot be read.
    let read = cards(b"rubbish\n\n").unwrap();
    assert_eq!(
        read,
        [Err(CardError {
            line: 1,
            fault: Fault::NoCard
        })]
    );
}

#[test]
fn what_a_card_is_called_among_others_is_its_own_id_or_the_one_that_is_given() {
    let (own, id) = card("UID:u-1\nFN:a").with_uid("new");
    assert_eq!((own.uid().as_deref(), id.as_str()), (Some("u-1"), "u-1"));
    assert_eq!(text(&own).matches("UID").count(), 1);
    let (given, id) = card("UID:\nFN:a").with_uid("n;1");
    assert_eq!(id, "n;1");
    assert!(text(&given).ends_with("FN:a\nUID:n\\;1\nEND:VCARD\n"));
}

#[test]
fn a_card_that_cannot_be_read_is_shown_by_what_names_it() {
    let shown = Shown::unreadable("/Book/Card 1.vcf");
    assert_eq!(shown.title, "(not readable)");
    assert_eq!(shown.detail, "/Book/Card 1.vcf");
    assert_eq!(shown.search, "name:/book/card 1.vcf\n");
    assert!(shown.facts.is_empty());
}

#[test]
fn a_fact_is_one_line_of_two_hundred_letters_and_is_searched_whole() {
    let note = format!("{}ü end\\n  here", "é".repeat(199));
    let shown = card(&format!(
        "FN:a\nROLE:Boss\nNICKNAME:x\\, y,z\nIMPP:\nNOTE:{note}"
    ))
    .shown();
    let facts: Vec<(&str, &str)> = shown
        .facts
        .iter()
        .map(|it| (it.name, it.value.as_str()))
        .collect();
    let cut = format!("{}ü", "é".repeat(199));
    let expected = [("role", "Boss"), ("nickname", "x, y, z"), ("note", &cut)];
    assert_eq!(facts, expected);
    assert!(shown.matches(&Search::words("note:end title:boss name:z here")));
    assert!(!shown.search.contains("chat"));
    // What stands before a colon is the name of a field only where there is one of that name.
    let linked = card("FN:a\nURL:http://x.example").shown();
    assert!(linked.matches(&Search::words("http://x url:http")));
    assert!(!linked.matches(&Search::words("name:http://x")));
}
