#![allow(clippy::unwrap_used)]
use super::*;

fn read(text: &str) -> (String, String) {
    let mailbox = Mailbox::read(text).unwrap_or_else(|why| panic!("{text}: {why}"));
    (mailbox.name, mailbox.address.to_string())
}

#[test]
fn names_and_addresses_of_all_sorts_are_read() {
    for (text, name, address) in [
        ("ann@example.org", "", "ann@example.org"),
        (" <ann@example.org> ", "", "ann@example.org"),
        ("Ann Lee <ann@example.org>", "Ann Lee", "ann@example.org"),
        (
            r#""Lee, Ann" <ann@example.org>"#,
            "Lee, Ann",
            "ann@example.org",
        ),
        (
            r#""Ann \"A\" Lee" <a@example.org>"#,
            r#"Ann "A" Lee"#,
            "a@example.org",
        ),
        (
            "Ann (Sales) <ann@example.org>",
            "Ann (Sales)",
            "ann@example.org",
        ),
        ("ann@example.org (Ann Lee)", "", "ann@example.org"),
        // In quotes a bracket begins no comment.
        (r#""a(b"@example.org"#, "", r#""a(b"@example.org"#),
        (r#""a)b"@example.org (c (d))"#, "", r#""a)b"@example.org"#),
        ("Lee, Ann <ann@example.org>", "Lee, Ann", "ann@example.org"),
        (
            "Dr. Müller <m@bücher.example>",
            "Dr. Müller",
            "m@bücher.example",
        ),
        (
            "山田太郎 <taro@xn--eckwd4c7c.xn--zckzah>",
            "山田太郎",
            "taro@xn--eckwd4c7c.xn--zckzah",
        ),
        ("x@हिन्दी.example", "", "x@हिन्दी.example"),
        ("A.B+tag@Example.ORG", "", "A.B+tag@Example.ORG"),
        (r#""a b"@example.org"#, "", r#""a b"@example.org"#),
        (r#""a..b"@example.org"#, "", r#""a..b"@example.org"#),
        (r#""ann"@example.org"#, "", "ann@example.org"),
        ("o'hara@example.org", "", "o'hara@example.org"),
        (
            r#"Bob "Bo" Ray <bo@example.org>"#,
            r#"Bob "Bo" Ray"#,
            "bo@example.org",
        ),
        (
            "a@example.org <b@example.org>",
            "a@example.org",
            "b@example.org",
        ),
        ("{{x}} <a@example.org>", "{{x}}", "a@example.org"),
    ] {
        assert_eq!(read(text), (name.to_owned(), address.to_owned()), "{text}");
    }
}

#[test]
fn what_is_no_address_says_why() {
    use NotAnAddress::*;
    for (text, why) in [
        ("", Nothing),
        ("ann", NoAt),
        ("@example.org", NoLocal),
        ("ann@", Domain),
        ("ann@localhost", Domain),
        ("ann@example..org", Domain),
        ("ann@-x.org", Domain),
        ("ann@exam ple.org", Domain),
        ("ann@[127.0.0.1]", Domain),
        ("ann@1.2.3.4", Domain),
        ("ann@example.org.", Domain),
        ("ann@example.org,", Domain),
        ("a@b@example.org", TwoAts),
        (".ann@example.org", Dots),
        ("a..b@example.org", Dots),
        ("an n@example.org", Sign),
        ("büro@example.org", Letters),
        ("\u{202e}ann@example.org", Letters),
        ("Ann <ann@example.org", Open),
        ("\"Ann <ann@example.org>", Open),
        ("Ann <ann@example.org> x", Behind),
        ("Ann <ann@example.org>\r\nBcc: all@example.org", Control),
        ("ann@example.org\nBcc: x@example.org", Control),
    ] {
        assert_eq!(Mailbox::read(text), Err(why), "{text}");
    }
}

/// The most that servers take (RFC 5321, section 4.5.3.1), and that is called a name.
#[test]
fn what_is_as_long_as_it_may_be_is_read() {
    use NotAnAddress::*;
    let domain = |bytes: usize| format!("{0}.{0}.{1}", "d".repeat(63), "d".repeat(bytes - 128));
    let of = |local: usize, domain: &str| format!("{}@{domain}", "a".repeat(local));
    for (text, read) in [
        (of(64, "example.org"), Ok(76)),
        (of(65, "example.org"), Err(LongLocal)),
        (of(64, &domain(189)), Ok(254)),
        (of(64, &domain(190)), Err(Long)),
        (of(63, &domain(190)), Ok(254)),
        (of(63, &domain(191)), Err(Long)),
    ] {
        let told = Mailbox::read(&text).map(|mailbox| mailbox.address.to_string().len());
        assert_eq!(told, read, "{text}");
    }
    let name = "n".repeat(300);
    assert_eq!(read(&format!("{name} <a@example.org>")).0, name);
    let long = format!("{name}n <a@example.org>");
    assert_eq!(Mailbox::read(&long), Err(LongName));
}

#[test]
fn a_name_is_quoted_where_it_could_be_misread() {
    for (text, written) in [
        ("\"Ann Lee\" <a@x.example>", "Ann Lee <a@x.example>"),
        ("O'Hara-Müller <a@x.example>", "O'Hara-Müller <a@x.example>"),
        ("Lee, Ann <a@x.example>", "\"Lee, Ann\" <a@x.example>"),
        ("Dr. Lee <a@x.example>", "\"Dr. Lee\" <a@x.example>"),
        (" <a@x.example>", "a@x.example"),
    ] {
        let mailbox = Mailbox::read(text).unwrap();
        assert_eq!(mailbox.to_string(), written);
    }
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    for name in [
        "",
        "Ann",
        "Lee, Ann",
        r#"a "b" \c"#,
        "<x>",
        "Zoë (Büro)",
        "a@b",
        "\"",
        "{{ x }}",
    ] {
        let address = Mailbox::read("\"odd one\"@example.org").unwrap().address;
        let name = name.to_owned();
        let mailbox = Mailbox { name, address };
        assert_eq!(
            Mailbox::read(&mailbox.to_string()),
            Ok(mailbox.clone()),
            "{mailbox}"
        );
    }
}

#[test]
fn only_the_case_of_the_domain_means_nothing() {
    let key = |text: &str| Mailbox::read(text).unwrap().address.key();
    assert_eq!(key("Ann@Example.ORG"), key("Ann <Ann@example.org>"));
    assert_ne!(key("Ann@example.org"), key("ann@example.org"));
    assert_ne!(key("ann+x@example.org"), key("ann@example.org"));
}

#[test]
fn a_pasted_list_is_parted_where_people_part_it() {
    let of = |text: &str| -> Vec<String> {
        let read = list(text).into_iter();
        read.map(|(words, mailbox)| match mailbox {
            Ok(mailbox) => format!("{}|{}", mailbox.name, mailbox.address),
            Err(_) => format!("? {words}"),
        })
        .collect()
    };
    assert_eq!(
        of("a@x.example, b@x.example;c@x.example\r\n\nD <d@x.example>;\n"),
        [
            "|a@x.example",
            "|b@x.example",
            "|c@x.example",
            "D|d@x.example"
        ]
    );
    assert_eq!(
        of("Lee, Ann <a@x.example>, \"Ray; Bo\" <b@x.example>, nobody"),
        ["Lee, Ann|a@x.example", "Ray; Bo|b@x.example", "? nobody"]
    );
    assert_eq!(of("\"Ann <a@x.example>, b@x.example").len(), 1);
    assert!(of(" \n ,;").is_empty());
}
