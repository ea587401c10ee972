//! What a mail says of unsubscribing (RFC 2369, section 3.2): addresses in angle brackets, with comments between them.

use mail_parser::{HeaderValue, MessageParser};
use url::Url;

/// Addresses that are read of a field; more are nobody's choice.
const URIS_MOST: usize = 10;
/// Bytes of one, most: as long as servers take them.
const URI_BYTES: usize = 4_000;
/// Schemes that lead somewhere.
const SCHEMES: [&str; 3] = ["https:", "http:", "mailto:"];

/// The addresses in the value of a field, in their order: each as it stands there, but for white space, which only
/// folding puts into one.
pub(super) fn uris(value: &[u8]) -> Vec<String> {
    let text = decoded(value);
    let text = text.trim();
    let mut found = match text.contains('<') {
        true => in_brackets(text),
        // Some write none.
        false => text
            .split([',', ' ', '\t', '\r', '\n'])
            .map(str::to_owned)
            .collect(),
    };
    found.retain(|uri| is_uri(uri));
    found.truncate(URIS_MOST);
    found
}

/// The page that may be asked by a request, or opened; none where this is no such address.
pub(super) fn page(uri: &str) -> Option<Url> {
    // Browsers read an address without its slashes too, and with others.
    let (_, rest) = uri.split_once(':')?;
    let url = Url::parse(uri).ok().filter(|_| rest.starts_with("//"))?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    let is_page = matches!(url.scheme(), "https" | "http");
    (is_page && is_plain && url.host_str().is_some()).then_some(url)
}

fn is_uri(text: &str) -> bool {
    let scheme = |scheme: &&str| {
        let start = text.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    text.len() <= URI_BYTES
        && SCHEMES.iter().any(scheme)
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The text; encoded words in it are read, although RFC 2047 (section 5) knows none here.
fn decoded(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    if !text.contains("=?") {
        return text.into_owned();
    }
    let line = [b"Subject: ", value, b"\r\n\r\n"].concat();
    let read = MessageParser::default().parse_headers(&line);
    let read = read.and_then(|message| match message.header("Subject") {
        Some(HeaderValue::Text(text)) => Some(text.clone().into_owned()),
        _ => None,
    });
    read.unwrap_or_else(|| text.into_owned())
}

/// What stands between brackets, outside of comments.
fn in_brackets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut comments = 0_u32;
    let mut inside: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (&mut inside, c) {
            (Some(_), '>') => found.extend(inside.take()),
            // One that was never closed.
            (Some(uri), '<') => uri.clear(),
            (Some(_), c) if c.is_whitespace() => {}
            (Some(uri), c) => uri.push(c),
            (None, '\\') if comments > 0 => {
                chars.next();
            }
            (None, '(') => comments += 1,
            (None, ')') => comments = comments.saturating_sub(1),
            (None, '<') if comments == 0 => inside = Some(String::new()),
            (None, _) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_stand_in_brackets_whatever_is_between_them() {
        let cases: [(&str, &[&str]); 17] = [
            (
                "<mailto:u@x.example?subject=u>, <https://x.example/u?a=b,c>",
                &["mailto:u@x.example?subject=u", "https://x.example/u?a=b,c"],
            ),
            // Folded inside.
            (
                "<https://x.example/\r\n u/123>",
                &["https://x.example/u/123"],
            ),
            (
                "(Use this (or <https://no.example>) link) <https://x.example/u>",
                &["https://x.example/u"],
            ),
            (
                "(a \\) <https://no.example>) <mailto:u@x.example>",
                &["mailto:u@x.example"],
            ),
            ("<https://x.example/(u)>", &["https://x.example/(u)"]),
            ("<<https://x.example/u>>", &["https://x.example/u"]),
            ("https://x.example/u", &["https://x.example/u"]),
            (
                "mailto:u@x.example, https://x.example/u",
                &["mailto:u@x.example", "https://x.example/u"],
            ),
            ("<HTTPS://X.example/U>", &["HTTPS://X.example/U"]),
            (
                "=?us-ascii?Q?=3Chttps=3A=2F=2Fx=2Eexample=2Fu=3E?=",
                &["https://x.example/u"],
            ),
            // A long one in several words, as Python's library writes it.
            (
                "=?utf-8?q?=3Chttps=3A//x=2Eexample/unsu?=\r\n =?utf-8?q?bscribe=5Foneclick=3Fid=3D2=26e=3Da=2540b?=\r\n =?utf-8?q?=2Eexample=3E?=",
                &["https://x.example/unsubscribe_oneclick?id=2&e=a%40b.example"],
            ),
            // A tab between two, and line breaks around one.
            (
                "<mailto:u+a-b=c@x.example?subject=1>,\t\r\n  <https://x.example/o.htm?uid=1&sec=2>",
                &[
                    "mailto:u+a-b=c@x.example?subject=1",
                    "https://x.example/o.htm?uid=1&sec=2",
                ],
            ),
            // A line that was broken where nothing may be broken.
            ("<https://x.example/a \tb>", &["https://x.example/ab"]),
            (
                "<javascript:alert(1)>, <file:///etc/passwd>, <ftp://x.example>",
                &[],
            ),
            ("<https://x.example/\u{fc}>", &[]),
            ("<https://x.example", &[]),
            ("", &[]),
        ];
        for (value, expected) in cases {
            assert_eq!(uris(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn a_page_has_a_host_and_nobody_who_signs_in() {
        assert!(page("https://x.example/u").is_some());
        assert!(page("http://x.example/u").is_some());
        for none in [
            "https:/x.example/u",
            "https:x.example",
            "https:\\\\x.example",
            "https://ann:secret@x.example/",
            "https://ann@x.example/",
            "https://:secret@x.example/",
            "ftp://x.example/",
            "file:///etc/passwd",
            "x.example",
            "https://",
            "mailto:u@x.example",
            "https://[::1",
        ] {
            assert!(page(none).is_none(), "{none}");
        }
    }

    #[test]
    fn what_stands_between_addresses_hides_none_of_them() {
        let cases: [(&str, &[&str]); 8] = [
            // A comment that was never begun, and one that was never closed.
            (") <https://x.example/u>", &["https://x.example/u"]),
            ("( <https://x.example/u>", &[]),
            ("() <https://x.example/u>", &["https://x.example/u"]),
            ("(a (b) c) <https://x.example/u>", &["https://x.example/u"]),
            // A backslash hides what follows in a comment only.
            ("\\<https://x.example/u>", &["https://x.example/u"]),
            (
                "https://x.example/a\thttps://x.example/b\r\n https://x.example/c",
                &[
                    "https://x.example/a",
                    "https://x.example/b",
                    "https://x.example/c",
                ],
            ),
            (
                "xhttps://x.example <mailto:u@x.example>",
                &["mailto:u@x.example"],
            ),
            ("=?utf-8?Q?nothing?=", &[]),
        ];
        for (value, expected) in cases {
            assert_eq!(uris(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn ten_addresses_are_read_of_four_thousand_bytes_each() {
        for many in [10, 11] {
            let all: Vec<String> = (0..many)
                .map(|n| format!("<https://x.example/{n}>"))
                .collect();
            let read = uris(all.join(",").as_bytes());
            assert_eq!((read.len(), &*read[9]), (10, "https://x.example/9"));
        }
        for (bytes, is_read) in [(4_000, true), (4_001, false)] {
            let uri = format!("https://x.example/{}", "a".repeat(bytes - 18));
            assert_eq!(uri.len(), bytes);
            let read = uris(format!("<{uri}>").as_bytes());
            assert_eq!(read == [uri], is_read, "{bytes}");
        }
    }
}
