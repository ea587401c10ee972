//! Whether what a mail says of unsubscribing was signed by whoever wrote it (RFC 8058, section 4): a valid DKIM
//! signature has to cover both fields. Which signatures are valid is what the account's own server found out when the
//! mail came in, and wrote on top of it (RFC 8601).

use bulkhead_shared::unsubscribe::Distrust;

use crate::header::fields;

/// Fields that a signature has to cover.
const COVERED: [&str; 2] = ["list-unsubscribe", "list-unsubscribe-post"];

/// Who vouches for what a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vouched {
    /// The server that checked the signature, by its own name.
    pub(super) by: String,
    /// The domain that signed.
    pub(super) signed_by: String,
}

/// What was found of one signature (RFC 8601, section 2.7.1).
#[derive(Default)]
struct Passed {
    domain: String,
    selector: Option<String>,
    begins: Option<String>,
}

/// Who vouches for a mail with this header. `domain` is the one of the account's own address, where it has one.
pub(super) fn vouched(header: &[u8], domain: Option<&str>) -> Result<Vouched, Distrust> {
    let (by, passed) = own_results(header, domain).ok_or(Distrust::NotChecked)?;
    let signatures = fields(header)
        .filter(|(name, _)| name.eq_ignore_ascii_case(b"DKIM-Signature"))
        .map(|(_, value)| tags(value));
    let signatures: Vec<_> = signatures.collect();
    let covers = |passed: &&Passed| {
        let mut of_it = signatures.iter().filter(|tags| is_of(tags, passed));
        of_it.any(|tags| COVERED.iter().all(|name| signs(tags, name)))
    };
    let passed = passed.iter().find(covers).ok_or(Distrust::NotCovered)?;
    Ok(Vouched {
        by,
        signed_by: passed.domain.clone(),
    })
}

/// The name of the account's own server, and the signatures that it found good. It is the one that wrote the top-most
/// results: those in the mail itself stand below them, and are somebody else's.
fn own_results(header: &[u8], domain: Option<&str>) -> Option<(String, Vec<Passed>)> {
    let mut found: Option<(String, Vec<Passed>)> = None;
    for (name, value) in fields(header) {
        if name.eq_ignore_ascii_case(b"Received") && found.is_some() {
            // What follows was written before this server had the mail.
            break;
        }
        if !name.eq_ignore_ascii_case(b"Authentication-Results") {
            continue;
        }
        let text = without_comments(value);
        let mut parts = text.split(';');
        // A version may follow.
        let server = parts.next()?.split_whitespace().next();
        let server = server.filter(|server| !server.contains('='));
        match (&mut found, server) {
            (None, server) => {
                let server = server?.to_ascii_lowercase();
                found = Some((server, parts.filter_map(passed).collect()));
            }
            (Some((known, all)), Some(server)) if server.eq_ignore_ascii_case(known) => {
                all.extend(parts.filter_map(passed));
            }
            (Some(_), _) => break,
        }
    }
    found.filter(|(server, _)| is_own(header, server, domain))
}

/// Whether a server of this name is the account's own: whoever received the mail last, or the account's domain.
fn is_own(header: &[u8], server: &str, domain: Option<&str>) -> bool {
    let received = fields(header).filter(|(name, _)| name.eq_ignore_ascii_case(b"Received"));
    let receiver = received
        .filter_map(|(_, value)| receiver(value))
        .find(|host| is_named(host));
    let is_same = |known: &str| known.eq_ignore_ascii_case(server) || owners_match(known, server);
    receiver.is_some_and(|host| is_same(&host)) || domain.is_some_and(is_same)
}

/// Who says that it received a mail, in a `Received` field.
fn receiver(value: &[u8]) -> Option<String> {
    let text = without_comments(value);
    let mut words = text.split([' ', '\t', '\r', '\n', ';']);
    words.find(|word| word.eq_ignore_ascii_case("by"))?;
    let host = words.find(|word| !word.is_empty())?;
    Some(host.trim_end_matches('.').to_ascii_lowercase())
}

/// Whether a host has a name in the DNS, and is no address.
fn is_named(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && !host.contains(':') && last.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether both names end in what one owner has.
fn owners_match(one: &str, other: &str) -> bool {
    owner(one).is_some_and(|owner_of_one| owner(other) == Some(owner_of_one))
}

/// The end of a host's name that one owner has: two labels, or three where the second is as short as in `co.uk`.
fn owner(host: &str) -> Option<String> {
    let host = host.to_ascii_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let count = match labels.get(labels.len().checked_sub(2)?)? {
        second if second.len() > 3 || labels.len() == 2 => 2,
        _ => 3,
    };
    let end = labels.get(labels.len().checked_sub(count)?..)?;
    let is_named = is_named(&host) && end.iter().all(|label| !label.is_empty());
    is_named.then(|| end.join("."))
}

/// A signature that was found good, as one result tells it; none if this tells of something else.
fn passed(result: &str) -> Option<Passed> {
    let mut words = result.split_whitespace();
    let (method, found) = words.next()?.split_once('=')?;
    // Its version may follow: `dkim/1`.
    let method = method.split('/').next()?;
    if !method.eq_ignore_ascii_case("dkim") || !found.eq_ignore_ascii_case("pass") {
        return None;
    }
    let mut passed = Passed::default();
    let mut identity = None;
    for (name, value) in words.filter_map(|word| word.split_once('=')) {
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "header.d" => passed.domain = value.to_ascii_lowercase(),
            "header.s" => passed.selector = Some(value.to_owned()),
            "header.b" => passed.begins = Some(value.to_owned()),
            "header.i" => identity = value.rsplit('@').next().map(str::to_ascii_lowercase),
            _ => {}
        }
    }
    if passed.domain.is_empty() {
        passed.domain = identity?;
    }
    Some(passed)
}

/// The tags of a signature (RFC 6376, section 3.2), without white space, which says nothing there.
fn tags(value: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(value);
    let tags = text.split(';').filter_map(|tag| tag.split_once('='));
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    tags.map(|(name, value)| (bare(name), bare(value)))
        .collect()
}

fn tag<'a>(tags: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut named = tags.iter().filter(|(known, _)| known == name);
    named.next().map(|(_, value)| value.as_str())
}

/// Whether this is the signature of which that was found.
fn is_of(tags: &[(String, String)], passed: &Passed) -> bool {
    let domain = tag(tags, "d").unwrap_or_default().to_ascii_lowercase();
    let is_below = passed.domain.strip_suffix(&domain);
    let is_below = is_below.is_some_and(|before| before.is_empty() || before.ends_with('.'));
    let says = |name: &str, wanted: &Option<String>, whole: bool| {
        let said = tag(tags, name).unwrap_or_default();
        wanted.as_ref().is_none_or(|wanted| match whole {
            true => said.eq_ignore_ascii_case(wanted),
            false => said.starts_with(wanted.as_str()),
        })
    };
    !domain.is_empty()
        && is_below
        && says("s", &passed.selector, true)
        && says("b", &passed.begins, false)
}

/// Whether a signature covers this field.
fn signs(tags: &[(String, String)], name: &str) -> bool {
    let covered = tag(tags, "h").unwrap_or_default();
    covered
        .split(':')
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// A structured field without comments and without what they hide (RFC 5322, section 3.2.2).
fn without_comments(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let (mut out, mut depth, mut quoted) = (String::with_capacity(text.len()), 0_u32, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if depth > 0 || quoted => {
                chars.next();
            }
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push(c);
            }
            '(' if !quoted => {
                depth += 1;
                out.push(' ');
            }
            ')' if !quoted && depth > 0 => depth -= 1,
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Whether there is one field of this name and no more.
pub(super) fn stands_once(header: &[u8], name: &str) -> bool {
    let named = fields(header).filter(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
    named.count() == 1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SIGNED: &str = "DKIM-Signature: v=1; a=rsa-sha256; d=lists.example; s=k1;\r\n\t\
        h=From:To:Subject:List-Unsubscribe\r\n :List-Unsubscribe-Post; b=AbCd\r\n EfGh==\r\n";

    fn told(results: &str, signature: &str) -> Result<Vouched, Distrust> {
        let header = format!(
            "{results}Received: from x.example (x.example [192.0.2.1])\r\n\tby mx.mine.example (Postfix) with ESMTPS id 1;\r\n\
             Fri, 27 Nov 2026 00:00:00 +0000\r\n{signature}From: news@lists.example\r\n"
        );
        vouched(header.as_bytes(), None)
    }

    fn by(server: &str) -> Result<Vouched, Distrust> {
        Ok(Vouched {
            by: server.to_owned(),
            signed_by: "lists.example".to_owned(),
        })
    }

    #[test]
    fn a_signature_that_covers_both_fields_and_was_found_good_is_trusted() {
        for results in [
            "Authentication-Results: mx.mine.example; dkim=pass header.d=lists.example\r\n",
            "Authentication-Results: mx.mine.example 1;\r\n\tspf=pass smtp.mailfrom=x; dkim=pass (2048-bit key; unprotected) header.d=lists.example header.i=@lists.example header.s=k1 header.b=AbCdEf\r\n",
            "Authentication-Results: mx.mine.example; dkim/1=pass header.i=@lists.example\r\n",
            // Each check in a field of its own.
            "Authentication-Results: mx.mine.example; dmarc=pass\r\nAuthentication-Results: mx.mine.example; dkim=pass header.d=lists.example\r\n",
        ] {
            assert_eq!(told(results, SIGNED), by("mx.mine.example"), "{results}");
        }
        // Another server of the same owner.
        let other =
            "Authentication-Results: filter.mine.example; dkim=pass header.d=lists.example\r\n";
        assert_eq!(told(other, SIGNED), by("filter.mine.example"));
    }

    #[test]
    fn what_is_not_covered_or_not_good_is_not_trusted() {
        let good = "Authentication-Results: mx.mine.example; dkim=pass header.d=lists.example header.s=k1 header.b=AbCd\r\n";
        for signature in [
            "",
            "DKIM-Signature: d=lists.example; s=k1; h=from:list-unsubscribe; b=AbCd\r\n",
            "DKIM-Signature: d=lists.example; s=k2; h=list-unsubscribe:list-unsubscribe-post; b=AbCd\r\n",
            "DKIM-Signature: d=lists.example; s=k1; h=list-unsubscribe:list-unsubscribe-post; b=XyZ\r\n",
            "DKIM-Signature: d=evil.example; s=k1; h=list-unsubscribe:list-unsubscribe-post; b=AbCd\r\n",
            "DKIM-Signature: d=s.example; s=k1; h=list-unsubscribe:list-unsubscribe-post; b=AbCd\r\n",
        ] {
            assert_eq!(
                told(good, signature),
                Err(Distrust::NotCovered),
                "{signature}"
            );
        }
        for results in [
            "Authentication-Results: mx.mine.example; dkim=fail header.d=lists.example\r\n",
            "Authentication-Results: mx.mine.example; none\r\n",
            "Authentication-Results: mx.mine.example; spf=pass (dkim=pass header.d=lists.example)\r\n",
            "Authentication-Results: mx.mine.example; dkim=pass\r\n",
        ] {
            assert_eq!(
                told(results, SIGNED),
                Err(Distrust::NotCovered),
                "{results}"
            );
        }
    }

    #[test]
    fn only_the_own_server_is_believed() {
        let forged =
            "Authentication-Results: mx.evil.example; dkim=pass header.d=lists.example\r\n";
        assert_eq!(told(forged, SIGNED), Err(Distrust::NotChecked));
        // Below what the own server found.
        let own = "Authentication-Results: mx.mine.example; dkim=none\r\n";
        let both = format!("{own}{forged}");
        assert_eq!(told(&both, SIGNED), Err(Distrust::NotCovered));
        // Below the own server's trace, under its name.
        let below = format!(
            "Authentication-Results: mx.mine.example; dkim=pass header.d=lists.example\r\n{SIGNED}"
        );
        assert_eq!(told(own, &below), Err(Distrust::NotCovered));
        // Without a name, as Microsoft's servers write it.
        let nameless = "Authentication-Results: spf=pass smtp.mailfrom=x; dkim=pass header.d=lists.example\r\n";
        assert_eq!(told(nameless, SIGNED), Err(Distrust::NotChecked));
        assert_eq!(told("", SIGNED), Err(Distrust::NotChecked));
    }

    #[test]
    fn the_order_that_large_providers_write_is_understood() {
        let header = format!(
            "Delivered-To: ann@mine.example\r\nReceived: by 2002:a05:6a10:1:2:3:4:5 with SMTP id q1;\r\n Fri, 27 Nov 2026\r\n\
             Return-Path: <b@lists.example>\r\nReceived: from o1.lists.example (o1.lists.example. [192.0.2.1])\r\n        by mx.google.example with ESMTPS id 1\r\n\
             Received-SPF: pass\r\nAuthentication-Results: mx.google.example;\r\n       dkim=pass header.i=@lists.example header.s=k1 header.b=AbCdEfGh;\r\n       spf=pass\r\n{SIGNED}"
        );
        assert_eq!(vouched(header.as_bytes(), None), by("mx.google.example"));
        // Under the account's own domain, where no trace names a host.
        let header = format!(
            "Authentication-Results: mine.example; dkim=pass header.d=lists.example\r\n{SIGNED}"
        );
        assert_eq!(
            vouched(header.as_bytes(), Some("mine.example")),
            by("mine.example")
        );
        assert_eq!(
            vouched(header.as_bytes(), Some("other.example")),
            Err(Distrust::NotChecked)
        );
    }

    #[test]
    fn a_bracket_in_quotes_begins_no_comment_and_one_in_a_comment_ends_it() {
        let value = br#"a (b (c) \) d) e "(f\")" g)"#;
        let words = without_comments(value);
        let words: Vec<&str> = words.split_whitespace().collect();
        assert_eq!(words, ["a", "e", "\"(f)\"", "g)"]);
    }

    #[test]
    fn owners_have_two_labels_or_three() {
        let owners = [
            "mx.google.com",
            "a.co.uk",
            "b.a.co.uk",
            "x.de",
            "localhost",
            "10.0.0.1",
            "::1",
        ]
        .map(owner);
        let expected = [
            Some("google.com"),
            Some("a.co.uk"),
            Some("a.co.uk"),
            Some("x.de"),
            None,
            None,
            None,
        ];
        assert_eq!(owners, expected.map(|owner| owner.map(str::to_owned)));
    }

    #[test]
    fn owners_are_told_apart_by_how_short_the_second_label_is() {
        for (host, expected) in [
            ("b.a.abc.uk", Some("a.abc.uk")),
            ("b.abcd.uk", Some("abcd.uk")),
            ("abc.uk", Some("abc.uk")),
            ("B.Abcd.UK", Some("abcd.uk")),
            ("a..com", None),
            (".com", None),
            ("com.", None),
            ("", None),
            ("mx.a1", Some("mx.a1")),
            ("[2001:db8::a.b]", None),
        ] {
            assert_eq!(owner(host).as_deref(), expected, "{host}");
        }
        assert!(owners_match("mx.mine.example", "filter.mine.example"));
        assert!(!owners_match("mx.mine.example", "mx.other.example"));
        assert!(!owners_match("localhost", "localhost"));
    }

    #[test]
    fn a_result_tells_of_a_good_signature_of_a_domain_or_of_nothing() {
        let told = |result: &str| {
            let passed = passed(result)?;
            Some((passed.domain, passed.selector, passed.begins))
        };
        let of = |domain: &str| Some((domain.to_owned(), None, None));
        assert_eq!(
            told(" DKIM=Pass Header.D=Lists.Example"),
            of("lists.example")
        );
        assert_eq!(
            told(r#"dkim=pass header.d="lists.example""#),
            of("lists.example")
        );
        // The domain itself says more than whom it signs for.
        assert_eq!(
            told("dkim=pass header.d=lists.example header.i=@other.example"),
            of("lists.example")
        );
        assert_eq!(
            told("dkim=pass header.i=news@Sub.lists.example"),
            of("sub.lists.example")
        );
        let all = told("dkim=pass (ok) header.d=a.example header.s=K1 header.b=AbC= x=y");
        let all = all.unwrap();
        assert_eq!(
            (all.1.as_deref(), all.2.as_deref()),
            (Some("K1"), Some("AbC="))
        );
        for none in [
            "",
            "dkim",
            "dkim=pass",
            "dkim=fail header.d=lists.example",
            "spf=pass header.d=lists.example",
            "dkim-x=pass header.d=lists.example",
        ] {
            assert_eq!(told(none), None, "{none}");
        }
    }

    #[test]
    fn a_signature_is_of_the_domain_that_was_found_or_of_one_above() {
        let own = |result: &str| {
            format!("Authentication-Results: mx.mine.example; dkim=pass {result}\r\n")
        };
        let signed = |tags: &str| {
            format!("DKIM-Signature: {tags}; h=list-unsubscribe:list-unsubscribe-post\r\n")
        };
        let below = own("header.i=@sub.lists.example");
        let trusted = Ok(Vouched {
            by: "mx.mine.example".to_owned(),
            signed_by: "sub.lists.example".to_owned(),
        });
        assert_eq!(told(&below, &signed("d=Lists.Example")), trusted);
        assert_eq!(
            told(&below, &signed("d=other.sub.lists.example")),
            Err(Distrust::NotCovered)
        );
        // The first tag of a name counts.
        assert_eq!(
            told(&below, &signed("d=lists.example; d=x.example")),
            trusted
        );
        assert_eq!(
            told(&below, &signed("d=x.example; d=lists.example")),
            Err(Distrust::NotCovered)
        );
        // One that names no domain is nobody's.
        for nameless in ["v=1", "d="] {
            let dotted = own("header.d=lists.example.");
            let found = told(&dotted, &signed(nameless));
            assert_eq!(found, Err(Distrust::NotCovered), "{nameless}");
        }
        // Selectors are names, and signatures are not.
        let named = own("header.d=lists.example header.s=K1 header.b=AbC");
        assert_eq!(
            told(&named, &signed("d=lists.example; s=k1; b=AbCd")),
            by("mx.mine.example")
        );
        let other = signed("d=lists.example; s=k1; b=abcd");
        assert_eq!(told(&named, &other), Err(Distrust::NotCovered));
        let other = signed("d=lists.example; s=k1x; b=AbCd");
        assert_eq!(told(&named, &other), Err(Distrust::NotCovered));
        // Of two that were found good, one covers what is asked.
        let two = own("header.d=x.example; dkim=pass header.d=lists.example");
        assert_eq!(told(&two, SIGNED), by("mx.mine.example"));
    }

    #[test]
    fn results_of_the_same_server_count_until_anybody_else_wrote() {
        let good = "Authentication-Results: MX.Mine.Example; dkim=pass header.d=lists.example\r\n";
        let own = "Authentication-Results: mx.mine.example; dkim=none\r\n";
        assert_eq!(told(&format!("{own}{good}"), SIGNED), by("mx.mine.example"));
        for between in [
            "Authentication-Results: mx.evil.example; none\r\n",
            // Without a name it may be anybody's.
            "Authentication-Results: spf=pass smtp.mailfrom=x\r\n",
        ] {
            let header = format!("{own}{between}{good}");
            assert_eq!(
                told(&header, SIGNED),
                Err(Distrust::NotCovered),
                "{between}"
            );
        }
    }

    #[test]
    fn who_received_a_mail_is_the_word_after_by() {
        for (value, expected) in [
            (
                "from a.example by MX.Mine.Example. with SMTP",
                Some("mx.mine.example"),
            ),
            ("BY mx.mine.example;now", Some("mx.mine.example")),
            (
                "from a.example (by evil.example) by  mx.mine.example",
                Some("mx.mine.example"),
            ),
            (
                "from a.example\r\n\tby\tmx.mine.example",
                Some("mx.mine.example"),
            ),
            ("from a.example", None),
            ("from a.example by ", None),
        ] {
            assert_eq!(receiver(value.as_bytes()).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn a_host_with_a_name_is_no_address_and_not_this_machine() {
        for (host, is) in [
            ("mx.mine.example", true),
            ("localhost", false),
            ("10.0.0.1", false),
            ("2001:db8::1", false),
            ("a:b.c", false),
            ("a.b1", true),
        ] {
            assert_eq!(is_named(host), is, "{host}");
        }
    }

    #[test]
    fn what_stands_outside_of_comments_and_quotes_stays() {
        for (value, expected) in [
            (r"a\b", r"a\b"),
            (r#"(a " b) c"#, "  c"),
            ("a (b", "a  "),
            ("a) b", "a) b"),
            ("((a) b) c", "   c"),
            (r#""(a" (b)"#, r#""(a"  "#),
            (r#""a\"(b""#, r#""a(b""#),
        ] {
            assert_eq!(without_comments(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn a_field_stands_once_under_any_of_its_spellings() {
        for (header, once) in [
            ("", false),
            ("A: 1\r\n", false),
            ("List-Unsubscribe: 1\r\n", true),
            ("list-unsubscribe:\r\nA: 1\r\n", true),
            ("List-Unsubscribe: 1\r\nLIST-UNSUBSCRIBE: 1\r\n", false),
            ("List-Unsubscribe: 1\r\nList-Unsubscribe-Post: 1\r\n", true),
        ] {
            let found = stands_once(header.as_bytes(), "List-Unsubscribe");
            assert_eq!(found, once, "{header}");
        }
    }
}
