//! Cards in another version, for servers and in files, and what two cards say.

use super::*;

/// Cards, each with what it is in version 3.0 and in 4.0, apart from BEGIN, VERSION and END.
fn converts(version: &str, inner: &str, three: &str, four: &str) {
    let card = read(&format!(
        "BEGIN:VCARD\nVERSION:{version}\nFN:a\nN:a\n{inner}\nEND:VCARD\n"
    ));
    for (to, number, expected) in [(Version::V3_0, "3.0", three), (Version::V4_0, "4.0", four)] {
        let whole = format!("BEGIN:VCARD\nVERSION:{number}\nFN:a\nN:a\n{expected}\nEND:VCARD\n");
        assert_eq!(text(&card.in_version(to)), whole, "{inner}");
    }
}

#[test]
fn pictures_and_sounds_are_addresses_in_four_and_encoded_before() {
    let cases = [
        ("PHOTO;ENCODING=b:QUJD", "PHOTO:data:image/jpeg;base64,QUJD"),
        (
            "LOGO;TYPE=GIF;ENCODING=b:QUJD",
            "LOGO:data:image/gif;base64,QUJD",
        ),
        (
            "photo;VALUE=binary;X-A=b;ENCODING=b;TYPE=png:QUJD",
            "photo;X-A=b:data:image/png;base64,QUJD",
        ),
        (
            "SOUND;ENCODING=b;TYPE=OGG:QUJD",
            "SOUND:data:audio/ogg;base64,QUJD",
        ),
        (
            "SOUND;ENCODING=b:QUJD",
            "SOUND:data:application/octet-stream;base64,QUJD",
        ),
        (
            "KEY;ENCODING=b;TYPE=PGP:QUJD",
            "KEY:data:application/octet-stream;base64,QUJD",
        ),
    ];
    for (three, four) in cases {
        converts("3.0", three, three, four);
    }
    // As telephones of old write it, with blanks in between.
    converts(
        "2.1",
        "PHOTO;JPEG;BASE64:QU JD\n RUY=",
        "PHOTO;TYPE=JPEG;ENCODING=b:QUJDRUY=",
        "PHOTO:data:image/jpeg;base64,QUJDRUY=",
    );
    converts(
        "4.0",
        "PHOTO;MEDIATYPE=image/png;VALUE=uri;ALTID=1:data:image/png;base64,QUJD",
        "PHOTO;ALTID=1;ENCODING=b;TYPE=PNG:QUJD",
        "PHOTO;MEDIATYPE=image/png;VALUE=uri;ALTID=1:data:image/png;base64,QUJD",
    );
    let plain = "PHOTO;VALUE=uri:https://x.example/a;base64,b";
    converts("4.0", plain, plain, plain);
}

#[test]
fn the_preferred_one_is_said_the_way_of_each_version() {
    converts(
        "3.0",
        "TEL;TYPE=home,PREF:1",
        "TEL;TYPE=home,PREF:1",
        "TEL;TYPE=home;PREF=1:1",
    );
    converts(
        "4.0",
        "TEL;PREF=1;TYPE=home:1",
        "TEL;TYPE=pref;TYPE=home:1",
        "TEL;PREF=1;TYPE=home:1",
    );
    converts("4.0", "TEL;PREF=2:1", "TEL:1", "TEL;PREF=2:1");
    converts(
        "2.1",
        "TEL;HOME;PREF:1",
        "TEL;TYPE=HOME;TYPE=PREF:1",
        "TEL;TYPE=HOME;PREF=1:1",
    );
    converts("3.0", "X-A;X-B=pref:1", "X-A;X-B=pref:1", "X-A;X-B=pref:1");
}

#[test]
fn groups_and_odd_parameters_go_along() {
    let odd = "item1.URL;X-P=\"a;b\";X-Q=c:http://x";
    converts("3.0", odd, odd, odd);
    converts("4.0", odd, odd, odd);
}

#[test]
fn a_server_gets_what_its_version_requires_in_characters_that_it_knows() {
    let served = |bytes: &[u8]| {
        let served = Card::read(bytes).unwrap().for_server();
        String::from_utf8(served).unwrap().replace("\r\n", "\n")
    };
    // Bytes that are no UTF-8 where nothing is said are marked: what they meant nobody knows.
    let latin = served(b"BEGIN:VCARD\nVERSION:4.0\nFN:J\xf6rg\nEND:VCARD\n");
    assert_eq!(
        latin,
        "BEGIN:VCARD\nVERSION:3.0\nFN:J\u{fffd}rg\nN:J\u{fffd}rg;;;;\nEND:VCARD\n"
    );
    // Nothing before the card and nothing behind it, but a line end.
    let framed = served("\u{feff}\nBEGIN:VCARD\nVERSION:4.0\nX:y\nEND:VCARD\n\n".as_bytes());
    assert_eq!(
        framed,
        "BEGIN:VCARD\nVERSION:4.0\nX:y\nFN:(no name)\nEND:VCARD\n"
    );
    let open = served(b"BEGIN:VCARD\nVERSION:4.0\nFN: \nTEL:1\nEND:VCARD");
    assert_eq!(open, "BEGIN:VCARD\nVERSION:4.0\nTEL:1\nFN:1\nEND:VCARD\n");
    let three = served(b"BEGIN:VCARD\nVERSION:3.0\nFN:Lee\\, Ann\nEND:VCARD\n");
    assert_eq!(
        three,
        "BEGIN:VCARD\nVERSION:3.0\nFN:Lee\\, Ann\nN:Lee\\, Ann;;;;\nEND:VCARD\n"
    );
    let whole = "BEGIN:VCARD\nVERSION:3.0\nN:Lee\nFN:Ann\nEND:VCARD\n";
    assert_eq!(served(whole.as_bytes()), whole);
}

#[test]
fn an_exported_card_stands_alone_whatever_stood_around_it() {
    let bytes = "\n\u{feff}BEGIN:VCARD\nVERSION:3.0\nFN:a\nEND:VCARD\n\n\n";
    let card = Card::read(bytes.as_bytes()).unwrap();
    let alone = "BEGIN:VCARD\nVERSION:3.0\nFN:a\nEND:VCARD\n";
    assert_eq!(card.exported(Version::V3_0), alone.as_bytes());
    let open = Card::read(alone.trim_end().as_bytes()).unwrap();
    assert_eq!(
        open.exported(Version::V3_0),
        format!("{}\r\n", alone.trim_end()).as_bytes()
    );
}

#[test]
fn two_cards_say_the_same_whatever_the_writing() {
    let key = |inner: &str| content_key(&card(inner));
    for (one, other, same) in [
        ("NOTE:a b", "NOTE:a\n  b", true),
        ("FN:a\n\nTEL:1", "TEL:1\nFN:a", true),
        ("PHOTO;ENCODING=b:QUJD", "PHOTO;ENCODING=b:QU\n  JD", true),
        ("PHOTO;ENCODING=b:QUJD", "PHOTO;ENCODING=b:QUJE", false),
        (
            "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=A9",
            "FN:é",
            true,
        ),
        ("URL;VALUE=URI:x", "URL;VALUE=uri:x", true),
        ("TEL;X-A=B:1", "TEL;X-A=b:1", false),
        ("TEL;X-A=b:1", "TEL;X-B=b:1", false),
        ("ADR:;;S;;;;", "ADR:;;S", true),
        ("GENDER:F;", "GENDER:F", true),
        ("NOTE:a;", "NOTE:a", false),
        ("ORG:a;;b", "ORG:a;b", false),
        ("PRODID:x\nFN:a", "FN:a", true),
        ("Item1.TEL:1", "item1.TEL:1", true),
    ] {
        assert_eq!(key(one) == key(other), same, "{one} | {other}");
    }
}

/// Jobs that merge duplicates are stored with this.
#[test]
fn what_a_card_says_has_the_same_key_in_every_version_of_this_program() {
    let key = content_key(&card("UID:1\nFN:Ann\nN:Lee;Ann\nTEL;TYPE=home:1\nodd line"));
    assert_eq!(
        crate::hash::hex(key.as_bytes()),
        "df6b221a1a86fdfc0dc73d939265c4b4c462174cf226d5fb7c8ae8c95bcbb7af"
    );
}
