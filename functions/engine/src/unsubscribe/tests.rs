//! Whatever is in a header: nothing panics, nowhere is asked that does not stand in it, and no header line is split.

use bulkhead_shared::unsubscribe::Way;

use super::{Subscriber, read};

/// Pieces that headers are made of here.
const PIECES: [&str; 52] = [
    "List-Unsubscribe: ",
    "list-unsubscribe:",
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    "List-Unsubscribe-Post:",
    "Authentication-Results: mx.mine.example;",
    " dkim=pass header.d=x.example",
    " dkim=pass header.i=@x.example header.b=a",
    "Received: from a by mx.mine.example; now",
    "DKIM-Signature: d=x.example; h=list-unsubscribe:list-unsubscribe-post; b=a",
    "From: News <news@x.example>",
    "To: ann@mine.example",
    "Delivered-To: ",
    "List-Id: <a.x.example>",
    "<https://x.example/u?a=b>",
    "<https://x.example:8443/u>",
    "<HTTP://x.example>",
    "https://y.example/bare",
    "<mailto:u@x.example?subject=a%0D%0ABcc:b@x.example&body=c>",
    "<mailto:u@x.example,v@x.example>",
    "mailto:w@y.example",
    "<mailto:%00>",
    "<mailto:?to=u%40x.example&amp;subject=%E2%82%AC>",
    "=?utf-8?Q?=3Chttps=3A=2F=2Fz.example=3E?=",
    "=?utf-8?B?PG1haWx0bzp1QHouZXhhbXBsZT4=?=",
    "=?utf-8?Q?",
    "?=",
    "(",
    ")",
    "(a (b) <https://no.example>)",
    "\\",
    "\"",
    "<",
    ">",
    ",",
    ";",
    ":",
    "=",
    "@",
    "%",
    "%2",
    " ",
    "\t",
    "\r\n",
    "\r\n ",
    "\r\n\t",
    "\n",
    "\r",
    "\0",
    "ü",
    "\u{202e}",
    "https://",
    "mailto:",
];

/// A beginning that the account's own server vouches for.
const VOUCHED: &str = "Authentication-Results: mx.mine.example; dkim=pass header.d=x.example\r\n\
    Received: from a by mx.mine.example; now\r\n\
    DKIM-Signature: d=x.example; h=list-unsubscribe:list-unsubscribe-post; b=a\r\n\
    List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Unsubscribe: ";

/// Numbers that are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}

/// A header of some pieces, some of its bytes anything.
fn header(numbers: &mut Numbers) -> Vec<u8> {
    let mut header = match numbers.below(4) {
        0 => VOUCHED.as_bytes().to_vec(),
        _ => Vec::new(),
    };
    for _ in 0..numbers.below(24) {
        header.extend(PIECES[numbers.below(PIECES.len())].bytes());
        if numbers.below(3) == 0 {
            header.extend(b"\r\n");
        }
    }
    for _ in 0..numbers.below(3) {
        if !header.is_empty() {
            let place = numbers.below(header.len());
            header[place] = numbers.below(256) as u8;
        }
    }
    header
}

/// The header as it may be read: as it stands, and with the two encoded words of the pieces read.
fn readings(header: &[u8]) -> String {
    let text = String::from_utf8_lossy(header);
    let bare: String = text.split_whitespace().collect();
    format!("{bare} <https://z.example> <mailto:u@z.example>")
}

#[test]
fn nothing_is_asked_that_does_not_stand_in_the_header() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut clicks, mut mails, mut pages) = (0, 0, 0);
    for _ in 0..200_000 {
        let header = header(&mut numbers);
        let user = ["ann@mine.example", "ann"][numbers.below(2)];
        let list = read(
            &header,
            Subscriber {
                user: Some(user),
                sends: true,
            },
        );
        let context = String::from_utf8_lossy(&header);
        let stands = |url: &str| {
            // A damaged encoded word may be read in more than one way.
            context.contains("=?") || readings(&header).contains(url)
        };
        match &list.way {
            Way::OneClick { url, .. } => {
                clicks += 1;
                assert!(
                    url.to_lowercase().starts_with("https://") && stands(url),
                    "{url} in {context}"
                );
            }
            Way::NotTrusted { url, .. } | Way::WebPage { url } => {
                pages += 1;
                assert!(stands(url), "{url} in {context}");
            }
            Way::Mail {
                to, from, subject, ..
            } => {
                mails += 1;
                for text in [to, from, subject] {
                    assert!(!text.contains(['\r', '\n', '\0']), "{text:?} in {context}");
                }
                assert!(
                    from.contains("@mine.example") || user == "ann",
                    "{from} in {context}"
                );
                assert!(
                    context.to_lowercase().contains("mailto:") || context.contains("=?"),
                    "{context}"
                );
            }
            Way::CannotSend { .. } | Way::NotTold | Way::Spam => {}
        }
    }
    assert!(
        clicks > 20 && mails > 500 && pages > 500,
        "{clicks} {mails} {pages}"
    );
}
