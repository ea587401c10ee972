#![allow(clippy::unwrap_used)]

use super::*;

mod editing;
mod reading;
mod versions;

fn lines(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn card(inner: &str) -> Card {
    read(&format!("BEGIN:VCARD\nVERSION:3.0\n{inner}\nEND:VCARD\n"))
}

fn read(text: &str) -> Card {
    let bytes = lines(text);
    let card = Card::read(&bytes).unwrap();
    assert_eq!(card.bytes(), bytes, "not byte for byte");
    card
}

fn text(card: &Card) -> String {
    String::from_utf8(card.bytes())
        .unwrap()
        .replace("\r\n", "\n")
}

fn edited(card: &Card, edit: &Edit) -> Card {
    let mut card = card.clone();
    assert_eq!(edit.apply(&mut card), Ok(true), "{edit:?}");
    let mut again = card.clone();
    assert_eq!(edit.apply(&mut again), Ok(false), "twice: {edit:?}");
    card
}

const FULL: &str = "UID:u-1
N:Müller;Eva;;Dr.;
FN:Dr. Eva Müller
ORG:Acme\\, Inc.;Research
item1.TEL;TYPE=\"cell,voice\":+49 (0)30 1
item1.X-ABLabel:_$!<Other>!$_
TEL:0049 30 2
EMAIL;TYPE=INTERNET;TYPE=pref:eva@old.example
EMAIL:eva@home.example
X-ODD;X-P=\"a:b;c\":raw,\\;value
CATEGORIES:friends,work\\, hard
NOTE:one\\ntwo
 \x20folded
no property at all
ADR;TYPE=work:;;Street 1;City;;123;Country";

#[test]
fn what_an_edit_is_not_about_stays_byte_for_byte() {
    let whole = card(FULL);
    let before = text(&whole);
    let edits = [
        (Edit::Title("Head".to_owned()), "", "TITLE:Head\n"),
        (
            Edit::Organisation("New; Co".to_owned()),
            "ORG:Acme\\, Inc.;Research\n",
            "ORG:New\\; Co;Research\n",
        ),
        (
            Edit::FullName("Eva M.".to_owned()),
            "FN:Dr. Eva Müller\n",
            "FN:Eva M.\n",
        ),
        (
            Edit::AddCategories(vec!["Friends".to_owned(), "new, one".to_owned()]),
            "CATEGORIES:friends,work\\, hard\n",
            "CATEGORIES:friends,work\\, hard,new\\, one\n",
        ),
        (
            Edit::RemoveCategories(vec!["WORK, hard".to_owned()]),
            "CATEGORIES:friends,work\\, hard\n",
            "CATEGORIES:friends\n",
        ),
        (Edit::Note(String::new()), "NOTE:one\\ntwo\n  folded\n", ""),
        (
            Edit::TelephonePrefix {
                from: "0049".to_owned(),
                to: "+49".to_owned(),
            },
            "TEL:0049 30 2\n",
            "TEL:+49 30 2\n",
        ),
        (
            Edit::EmailDomain {
                from: "OLD.example".to_owned(),
                to: "new.example".to_owned(),
            },
            "pref:eva@old.example\n",
            "pref:eva@new.example\n",
        ),
        (
            Edit::AddEmail("x@y.example".to_owned()),
            "",
            "EMAIL:x@y.example\n",
        ),
        (Edit::AddTelephone("+1 2".to_owned()), "", "TEL:+1 2\n"),
    ];
    for (edit, old, new) in edits {
        let after = text(&edited(&whole, &edit));
        let expected = match old {
            "" => before.replace("END:VCARD", &format!("{new}END:VCARD")),
            old => before.replace(old, new),
        };
        assert_eq!(after, expected, "{edit:?}");
    }
    assert_eq!(whole.unreadable_lines(), 1);
}

#[test]
fn folds_may_cut_inside_a_character() {
    let bytes = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:M\xc3\r\n \xbcller\r\nEND:VCARD\r\n";
    let card = Card::read(bytes).unwrap();
    assert_eq!(card.text("FN"), "Müller");
    assert_eq!(card.bytes(), bytes);
}

#[test]
fn new_lines_are_folded_between_characters_and_read_back() {
    for length in 60..90 {
        let note = "ü".repeat(length) + "\n, ; \\ end";
        let note = edited(&card("FN:x"), &Edit::Note(note.clone())).bytes();
        for line in note.split(|&byte| byte == b'\n') {
            assert!(line.len() <= 76, "{} bytes", line.len());
            assert!(std::str::from_utf8(line).is_ok());
        }
        let again = Card::read(&note).unwrap();
        assert_eq!(again.text("NOTE"), "ü".repeat(length) + "\n, ; \\ end");
    }
}

#[test]
fn line_ends_stay_as_they_are() {
    let bytes = b"\xef\xbb\xbf\n\nBEGIN:VCARD\nVERSION:3.0\nFN:a\nTEL:1\nEND:VCARD\n\n";
    let mut card = Card::read(bytes).unwrap();
    assert_eq!(card.bytes(), bytes);
    assert_eq!(Edit::FullName("b".to_owned()).apply(&mut card), Ok(true));
    let text = String::from_utf8(card.bytes()).unwrap();
    assert_eq!(
        text,
        "\u{feff}\n\nBEGIN:VCARD\nVERSION:3.0\nFN:b\nTEL:1\nEND:VCARD\n\n"
    );
}

#[test]
fn several_cards_and_what_is_none_among_them() {
    let file = lines(
        "BEGIN:VCARD\nVERSION:3.0\nFN:a\nEND:VCARD\n\nbegin:vcard\nVERSION:4.0\nFN:b\nEND:VCARD  \n\
         BEGIN:VCARD\nFN:lost\nBEGIN:VCARD\nFN:c\nEND:VCARD\nrubbish\nmore\nBEGIN:VCARD\nFN:open\n",
    );
    let cards = cards(&file).unwrap();
    let names: Vec<Result<String, (usize, Fault)>> = cards
        .iter()
        .map(|card| match card {
            Ok(card) => Ok(card.text("FN")),
            Err(error) => Err((error.line, error.fault)),
        })
        .collect();
    assert_eq!(
        names,
        [
            Ok("a".to_owned()),
            Ok("b".to_owned()),
            Err((10, Fault::NotEnded)),
            Ok("c".to_owned()),
            Err((15, Fault::NoCard)),
            Err((17, Fault::NotEnded)),
        ]
    );
}

#[test]
fn what_is_no_file_of_cards_is_said() {
    let fault = |bytes: &[u8]| cards(bytes).unwrap_err().fault;
    assert_eq!(fault(b""), Fault::NoCard);
    assert_eq!(fault(b"\r\n \r\n"), Fault::NoCard);
    let many = b"BEGIN:VCARD\nEND:VCARD\n".repeat(CARDS_PER_FILE + 1);
    assert_eq!(fault(&many), Fault::TooMany);
    let two = b"BEGIN:VCARD\nEND:VCARD\n".repeat(2);
    assert_eq!(Card::read(&two).unwrap_err().fault, Fault::NotOne);
    assert_eq!(
        Card::read(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n")
            .unwrap_err()
            .fault,
        Fault::NoCard
    );
    let mut large = b"BEGIN:VCARD\nPHOTO:".to_vec();
    large.extend(vec![b'A'; CARD_BYTES]);
    large.extend_from_slice(b"\nEND:VCARD\nBEGIN:VCARD\nFN:next\nEND:VCARD\n");
    let read = cards(&large).unwrap();
    assert_eq!(read[0].as_ref().unwrap_err().fault, Fault::TooLarge);
    assert_eq!(read[1].as_ref().unwrap().text("FN"), "next");
}

#[test]
fn any_bytes_make_cards_or_errors_and_never_a_panic() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let pieces: [&[u8]; 14] = [
        b"BEGIN:VCARD\r\n",
        b"END:VCARD\n",
        b"VERSION:2.1\n",
        b"N;ENCODING=QUOTED-PRINTABLE:=4\n",
        b"=",
        b" ",
        b"\n",
        b"\xc3",
        b"\"",
        b";",
        b":",
        b"TEL;TYPE=\"x:1\n",
        b"AGENT:\n",
        b"\\",
    ];
    for _ in 0..3_000 {
        let mut bytes = Vec::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            bytes.extend_from_slice(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        let Ok(read) = cards(&bytes) else { continue };
        let whole: Option<Vec<Vec<u8>>> = read
            .iter()
            .map(|c| c.as_ref().ok().map(Card::bytes))
            .collect();
        if let Some(whole) = whole {
            assert_eq!(whole.concat(), bytes);
        }
        for card in read.iter().flatten() {
            assert_eq!(
                content_key(card),
                content_key(&Card::read(&card.bytes()).unwrap())
            );
            let _ = (
                card.shown(),
                card.in_version(Version::V4_0),
                table::record(card),
            );
            for edit in [
                Edit::Title("t".to_owned()),
                Edit::AddCategories(vec!["c".to_owned()]),
            ] {
                let _ = edit.apply(&mut card.clone());
            }
        }
    }
}

// What phones and other programs write, from reports about programs that lost it.

#[test]
fn quoted_printable_of_old_phones() {
    let card = read(
        "BEGIN:VCARD\nVERSION:2.1\n\
         N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=43=65=70=6C;=4D=61=74=C4=9B=6A;;;\n\
         FN;CHARSET=UTF-8;QUOTED-PRINTABLE:=D0=9C=D0=B8=D1=82=D0=BA=\n=D0=BE\n\
         NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=FC=DFe=0D=0Aaus=\n Bonn\n\
         TEL;CELL;VOICE:+420604893825\nSOUND;X-IRMC-N:;;;;\nEND:VCARD\n",
    );
    assert_eq!(card.version(), Version::V2_1);
    assert_eq!(card.main("N").unwrap().parts(';')[..2], ["Cepl", "Matěj"]);
    assert_eq!(card.text("FN"), "Митко");
    assert_eq!(card.text("NOTE"), "Grüße\r\nausBonn");
    assert_eq!(card.main("TEL").unwrap().types(), ["cell", "voice"]);
    assert_eq!(card.unreadable_lines(), 0);
    // CardDAV servers refuse quoted-printable: it has to be gone in 3.0.
    let new = text(&card.in_version(Version::V3_0));
    assert!(
        new.contains("FN:Митко\n") && new.contains("TEL;TYPE=CELL;TYPE=VOICE:+42"),
        "{new}"
    );
    assert!(!new.contains("QUOTED") && !new.contains("CHARSET"), "{new}");
    // An edit stays in the card's own version.
    let edited = edited(&card, &Edit::FullName("Ж;Z".to_owned()));
    let line = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=96\\;Z\n";
    assert!(text(&edited).contains(line), "{}", text(&edited));
    assert_eq!(edited.text("FN"), "Ж;Z");
}

#[test]
fn what_stands_in_an_unknown_character_set_is_never_written_over() {
    let mut bytes = b"BEGIN:VCARD\nVERSION:2.1\nORG;CHARSET=KOI8-R:\xc1\xc2\nEND:VCARD\n".to_vec();
    let mut card = Card::read(&bytes).unwrap();
    assert_eq!(card.bytes(), bytes);
    assert_eq!(card.main("ORG").unwrap().text(), None);
    let edit = Edit::Organisation("x".to_owned());
    assert_eq!(edit.apply(&mut card), Err(EditError::Unreadable));
    assert_eq!(card.bytes(), bytes);
    bytes.clear();
    // Bytes that are no UTF-8 where nothing is said.
    let latin = b"BEGIN:VCARD\nVERSION:3.0\nFN:M\xfcller\nEND:VCARD\n";
    let card = Card::read(latin).unwrap();
    assert_eq!(card.text("FN"), "M\u{fffd}ller");
    assert_eq!(card.bytes(), latin);
}

#[test]
fn an_empty_line_inside_a_name_loses_nothing() {
    let card = card("FN:Gábor Béla\n\nSzabó\nTEL:1");
    assert_eq!(card.text("FN"), "Gábor Béla");
    assert_eq!(card.text("TEL"), "1");
    assert_eq!(card.unreadable_lines(), 1);
}

#[test]
fn google_escapes_the_colon() {
    let card = card("FN:Z Rp: Wr\nN:Rp\\: Wr.no;Z New;;;");
    assert_eq!(card.main("N").unwrap().parts(';')[0], "Rp: Wr.no");
}

#[test]
fn names_that_are_none_are_kept_as_lines() {
    let card = read("BEGIN:VCARD\nGroup: \nFirst name:Eddie\nE-Mail 2:e@x.org\nEND:VCARD\n");
    assert_eq!(card.unreadable_lines(), 2);
    assert_eq!(card.shown().title, "(no name)");
}

#[test]
fn a_card_inside_a_card() {
    let card = read(
        "BEGIN:VCARD\nVERSION:2.1\nFN:boss\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:aid\nEND:VCARD\n\
         TEL:1\nEND:VCARD\n",
    );
    assert_eq!(card.all("FN").count(), 1);
    assert_eq!(
        (card.text("FN").as_str(), card.text("TEL").as_str()),
        ("boss", "1")
    );
}

#[test]
fn the_preferred_one_is_shown_and_changed() {
    let card = card("FN:x\nTITLE;PREF=2:second\nTITLE;PREF=1:first\nTITLE:third");
    assert_eq!(card.shown().detail, "first");
    let edited = edited(&card, &Edit::Title("new".to_owned()));
    assert!(text(&edited).contains("PREF=2:second\nTITLE;PREF=1:new\nTITLE:third"));
}

#[test]
fn telephone_prefixes() {
    let prefix = |number: &str, from: &str, to: &str| {
        let mut card = card(&format!("TEL:{number}"));
        let (from, to) = (from.to_owned(), to.to_owned());
        let edit = Edit::TelephonePrefix { from, to };
        edit.apply(&mut card).unwrap().then(|| card.text("TEL"))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(prefix("0049 30 1", "0049", "+49"), some("+49 30 1"));
    assert_eq!(prefix("00 49-30 1", "0049", "+49"), some("+49-30 1"));
    assert_eq!(prefix("(0049) 30", "0049", "+49"), some("+49 30"));
    assert_eq!(prefix("tel:+1-555", "+1", "+44"), some("tel:+44-555"));
    assert_eq!(prefix("+49 1", "+4", "+43"), some("+439 1"));
    for (number, from) in [
        ("1 0049", "0049"),
        ("004", "0049"),
        ("", "0"),
        ("x0049", "0049"),
    ] {
        assert_eq!(prefix(number, from, "+49"), None, "{number}");
    }
}

#[test]
fn edits_that_ask_for_nothing_or_too_much_are_refused() {
    for (edit, error) in [
        (Edit::FullName(" ".to_owned()), EditError::Empty),
        (Edit::Name(Name::default()), EditError::Empty),
        (Edit::AddCategories(Vec::new()), EditError::Empty),
        (Edit::AddCategories(vec![" ".to_owned()]), EditError::Empty),
        (Edit::Note("x".repeat(2_001)), EditError::TooLong),
        (
            Edit::AddCategories(vec!["c".to_owned(); 21]),
            EditError::TooLong,
        ),
        (Edit::AddEmail("nobody".to_owned()), EditError::NotAnAddress),
    ] {
        let mut card = card("FN:x");
        let before = card.clone();
        assert_eq!(edit.apply(&mut card), Err(error), "{edit:?}");
        assert_eq!(card, before);
    }
}

#[test]
fn the_content_key_sees_what_is_said_and_not_how() {
    let key = |inner: &str| content_key(&card(inner));
    // As Radicale and Cyrus write the first one anew.
    let same = [
        "FN:a b\nN:b;a;;;\nEMAIL;TYPE=HOME,pref:e@x\nX-F:p\\,q\nNOTE:xy\nitem1.X-ABLabel:l",
        "UID:1\nREV:2020\nN:b;a\nitem1.X-ABLABEL:l\nNOTE:x\n y\nFN:a b\nX-F:p,q\nemail;TYPE=pref;TYPE=home:e@x",
    ];
    assert_eq!(key(same[0]), key(same[1]));
    let base = "FN:a\nN:a;b;;;\nTEL;TYPE=home:1";
    for other in [
        "FN:a\nN:a\\;b;;;\nTEL;TYPE=home:1",
        "FN:a\nN:a;b;;;\nTEL;TYPE=work:1",
        "FN:a\nN:a;b;;;\nTEL;TYPE=home:1\nTEL;TYPE=home:1",
        "FN:a\nN:a;b;;;\nTEL;TYPE=home:2",
        "FN:a\nN:a;b;;;",
        "FN:a\nN:a;b;;;\nitem1.TEL;TYPE=home:1",
        "FN:a\nN:a;b;;;\nTEL;TYPE=home:1\nno property",
    ] {
        assert_ne!(key(base), key(other), "{other}");
    }
}

#[test]
fn versions_there_and_back_say_the_same() {
    let three = card(
        "UID:1\nFN:a\nN:a;;;;\nEMAIL;TYPE=work,pref:e@x\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\n AAAA\n\
         item1.URL:http://x\nitem1.X-ABLabel:l\nX-FOO;X-P=\"a;b\":c\nNOTE:1\\n2\\, 3",
    );
    let four = three.in_version(Version::V4_0);
    let written = text(&four);
    assert!(
        written.contains("EMAIL;TYPE=work;PREF=1:e@x\n"),
        "{written}"
    );
    assert!(
        written.contains("PHOTO:data:image/jpeg;base64,AAAAAAAA\n"),
        "{written}"
    );
    assert!(written.contains("X-FOO;X-P=\"a;b\":c\n"), "{written}");
    assert_eq!(
        content_key(&four.in_version(Version::V3_0)),
        content_key(&three)
    );
    assert_eq!(four.in_version(Version::V4_0), four);
    // 3.0 requires N, 4.0 does not.
    let nameless = read("BEGIN:VCARD\nVERSION:4.0\nFN:Only; Name\nEND:VCARD\n");
    let three = nameless.in_version(Version::V3_0);
    assert_eq!(three.main("N").unwrap().parts(';')[0], "Only; Name");
}

#[test]
fn shows_a_name_whatever_there_is_and_finds_by_words() {
    for (inner, title, detail) in [
        (
            "FN:Ann\nORG:Acme\nTITLE:Head\nEMAIL:a@x",
            "Ann",
            "Head · Acme",
        ),
        ("FN: \nN:Lee;Ann;;;\nTEL:1", "Ann Lee", "1"),
        ("ORG:Acme;Unit", "Acme, Unit", ""),
        ("EMAIL:a@x", "a@x", ""),
        ("NOTE:n", "(no name)", ""),
    ] {
        let shown = card(inner).shown();
        assert_eq!(
            (shown.title.as_str(), shown.detail.as_str()),
            (title, detail),
            "{inner}"
        );
    }
    let shown = card(FULL).shown();
    for words in [
        "eva",
        "MÜLLER acme",
        "org:research",
        "phone:0049302",
        "category:hard",
        "two folded",
    ] {
        assert!(shown.matches(&Search::words(words)), "{words}");
    }
    for words in ["adam", "org:eva", "eva adam", "phone:acme"] {
        assert!(!shown.matches(&Search::words(words)), "{words}");
    }
    assert!(
        shown
            .facts
            .iter()
            .any(|f| f.name == "organisation" && f.value == "Acme, Inc., Research")
    );
    let lists = "FN:Ann\nORG:A;B\nNICKNAME:c,d\nCATEGORIES:a,b,,e\nADR:;;f;g;;;\nTITLE:h,i\\;j";
    let shown = card(lists).shown();
    let facts = shown.facts.iter();
    let facts: Vec<_> = facts.map(|fact| (fact.name, fact.value.as_str())).collect();
    assert_eq!(
        facts,
        [
            ("organisation", "A, B"),
            ("position", "h,i;j"),
            ("nickname", "c, d"),
            ("categories", "a, b, e"),
            ("address", "f, g"),
        ]
    );
}

#[test]
fn a_new_card_is_one_that_reads_back() {
    let mut new = Card::new(Version::V4_0, "bulkhead-a;b");
    Edit::FullName("Ann".to_owned()).apply(&mut new).unwrap();
    let text = text(&new);
    assert_eq!(
        text,
        "BEGIN:VCARD\nVERSION:4.0\nUID:bulkhead-a\\;b\nFN:Ann\nEND:VCARD\n"
    );
    assert_eq!(Card::read(&new.bytes()).unwrap(), new);
    assert_eq!(new.uid().unwrap(), "bulkhead-a;b");
}

/// What was reported of other address books, tried on this one.
#[test]
fn others_faults_are_none_of_ours() {
    // A pause and a wait in a number, escaped, are not taken for separators, nor is their backslash shown.
    let fax = card("FN:Ann\nTEL;TYPE=\"WORK,FAX\":205246\\;\\;\\,\\;");
    let cells = table::record(&fax);
    assert!(cells.iter().any(|cell| cell == "205246;;,;"), "{cells:?}");
    // A comma inside a category does not make two of it, and a further one goes beside it.
    let one = card("FN:Ann\nCATEGORIES:1\\,2");
    let two = edited(&one, &Edit::AddCategories(vec!["x".to_owned()]));
    assert!(
        text(&two).contains("CATEGORIES:1\\,2,x\n"),
        "{}",
        text(&two)
    );
    // A name that somebody else broke is shown, and stays as it is when something else is edited.
    let broken = "N:TestContact\\;OC\\;\\;\\;;;;;";
    let odd = card(&format!("{broken}\nFN:OC TestContact"));
    assert_eq!(odd.shown().title, "OC TestContact");
    let odd = edited(&odd, &Edit::Organisation("Acme".to_owned()));
    assert!(
        text(&odd).contains(&format!("{broken}\n")),
        "{}",
        text(&odd)
    );
    // A note that is folded before a colon is one note, and stays folded so.
    let folded = card("FN:Ann\nNOTE:test;test\n :testtest");
    assert_eq!(folded.text("NOTE"), "test;test:testtest");
    assert_eq!(
        edited(&folded, &Edit::Title("x".to_owned())).text("NOTE"),
        "test;test:testtest"
    );
    // One name is not one person, and a note is worth keeping: only what says exactly the same is a duplicate.
    let [ann, other, noted] = ["TEL:1", "TEL:2", "TEL:1\nNOTE:from the fair"]
        .map(|more| content_key(&card(&format!("FN:Ann\n{more}"))));
    assert!(ann != other && ann != noted);
    // A number is found with and without its plus and its blanks.
    let shown = card("FN:Ann\nTEL:+49 (30) 12-34").shown();
    for wanted in ["phone:+49301234", "phone:1234", "+49301234"] {
        assert!(shown.matches(&Search::words(wanted)), "{wanted}");
    }
}
