//! A generated mail's bytes: headers, parts, and filling whose length is known without making it,
//! so that sizes are right in the listing and a photo costs nothing until somebody fetches it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::fmt::rfc2822;

use super::random::mix;
use super::{Attachment, Mail, Party};

/// A message in pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Message(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// So many lines of mark-up.
    Markup(u32),
    /// So many lines of base 64, made from a seed.
    Base64 {
        seed: u64,
        lines: u32,
    },
}

/// 76 characters, as RFC 2045 has it, and the line's end.
const LINE: u64 = 78;
const MARKUP: &str =
    "<tr><td style=\"padding:0 24px;font:16px/24px sans-serif\">&nbsp;&#8203;</td></tr>\r\n";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Message {
    /// Bytes in all.
    pub(in super::super) fn size(&self) -> u64 {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.len() as u64,
                Piece::Markup(lines) => u64::from(*lines) * MARKUP.len() as u64,
                Piece::Base64 { lines, .. } => u64::from(*lines) * LINE,
            })
            .sum()
    }

    /// The bytes, in blocks that fit into memory easily.
    pub(in super::super) fn blocks(self) -> impl Iterator<Item = Vec<u8>> {
        const LINES_AT_ONCE: u32 = 800;
        self.0.into_iter().flat_map(|piece| {
            let lines = match &piece {
                Piece::Text(_) => 1,
                Piece::Markup(lines) | Piece::Base64 { lines, .. } => *lines,
            };
            (0..lines).step_by(LINES_AT_ONCE as usize).map(move |from| {
                let to = lines.min(from + LINES_AT_ONCE);
                match &piece {
                    Piece::Text(text) => text.clone().into_bytes(),
                    Piece::Markup(_) => MARKUP.repeat((to - from) as usize).into_bytes(),
                    Piece::Base64 { seed, .. } => base64_lines(*seed, from..to),
                }
            })
        })
    }
}

fn base64_lines(seed: u64, lines: std::ops::Range<u32>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(lines.len() * LINE as usize);
    for line in lines {
        for word in 0..8u64 {
            let mut bits = mix(seed ^ (u64::from(line) << 8) ^ word);
            // Seven words of ten characters and one of six.
            for _ in 0..if word < 7 { 10 } else { 6 } {
                bytes.push(BASE64[(bits & 63) as usize]);
                bits >>= 6;
            }
        }
        bytes.extend(b"\r\n");
    }
    bytes
}

pub(super) fn compose(mail: &Mail) -> Message {
    let mut composer = Composer {
        pieces: Vec::new(),
        text: headers(mail),
    };
    let boundary = format!("=_part_{:08x}", mix(u64::from(mail.index)) as u32);
    if mail.attachments.is_empty() {
        composer.body(mail, &boundary);
    } else {
        let outer = format!("{boundary}_mixed");
        composer.add(&format!(
            "Content-Type: multipart/mixed; boundary=\"{outer}\"\r\n\r\nThis is a message in several parts.\r\n"
        ));
        composer.add(&format!("--{outer}\r\n"));
        composer.body(mail, &boundary);
        for (number, attachment) in mail.attachments.iter().enumerate() {
            composer.add(&format!("\r\n--{outer}\r\n"));
            composer.attachment(attachment, mix(u64::from(mail.index)) ^ number as u64);
        }
        composer.add(&format!("\r\n--{outer}--\r\n"));
    }
    composer.finish()
}

struct Composer {
    pieces: Vec<Piece>,
    /// Text not yet a piece.
    text: String,
}

impl Composer {
    fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn filling(&mut self, piece: Piece) {
        self.pieces
            .push(Piece::Text(std::mem::take(&mut self.text)));
        self.pieces.push(piece);
    }

    fn finish(mut self) -> Message {
        self.pieces.push(Piece::Text(self.text));
        Message(self.pieces)
    }

    fn body(&mut self, mail: &Mail, boundary: &str) {
        if mail.html == 0 {
            return self.plain(mail);
        }
        self.add(&format!(
            "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n"
        ));
        self.plain(mail);
        self.add(&format!(
            "\r\n--{boundary}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
             <html><body><table width=\"100%\">\r\n<tr><td>{}</td></tr>\r\n",
            mail.text.replace("\r\n", "<br>\r\n")
        ));
        self.filling(Piece::Markup(mail.html / MARKUP.len() as u32));
        self.add(&format!("</table></body></html>\r\n\r\n--{boundary}--\r\n"));
    }

    fn plain(&mut self, mail: &Mail) {
        self.add("Content-Type: text/plain; charset=utf-8\r\n");
        if mail.text.is_ascii() {
            self.add("\r\n");
            self.add(&mail.text);
        } else if mail.index.is_multiple_of(3) {
            self.add("Content-Transfer-Encoding: base64\r\n\r\n");
            for line in mail.text.as_bytes().chunks(57) {
                self.add(&STANDARD.encode(line));
                self.add("\r\n");
            }
        } else {
            self.add("Content-Transfer-Encoding: 8bit\r\n\r\n");
            self.add(&mail.text);
        }
    }

    fn attachment(&mut self, attachment: &Attachment, seed: u64) {
        self.add(&format!(
            "Content-Type: {}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n",
            attachment.media_type,
            name = attachment.name,
        ));
        self.filling(Piece::Base64 {
            seed,
            lines: attachment.lines,
        });
    }
}

fn headers(mail: &Mail) -> String {
    let domain = mail
        .sender
        .address
        .split('@')
        .next_back()
        .unwrap_or("example.com");
    let to: Vec<String> = mail.recipients.iter().map(mailbox).collect();
    let one_click = mail.list.as_ref().is_some_and(|list| !list.is_empty());
    let mut text = match one_click {
        true => vouched_for(domain),
        false => String::new(),
    };
    text.push_str(&format!(
        "Return-Path: <{}>\r\nDate: {}\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@mail.example.com>\r\n",
        mail.sender.address,
        rfc2822::DateTimePrinter::new()
            .timestamp_to_string(&mail.received)
            .unwrap_or_default(),
        mailbox(&mail.sender),
        to.join(",\r\n "),
        subject(mail),
        mail.index,
    ));
    if let Some(answered) = mail.answers {
        text.push_str(&format!(
            "In-Reply-To: <{answered}@mail.example.com>\r\nReferences: <{answered}@mail.example.com>\r\n"
        ));
    }
    if let Some(list) = mail.list.as_ref().filter(|list| !list.is_empty()) {
        text.push_str(&format!("List-Id: <{list}>\r\n"));
    }
    if mail.list.is_some() {
        text.push_str(&format!(
            "List-Unsubscribe: <https://{domain}/unsubscribe/{}>\r\n",
            mail.index
        ));
    }
    if one_click {
        text.push_str("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
    if mail.bulk {
        text.push_str("Precedence: bulk\r\n");
    }
    text.push_str("MIME-Version: 1.0\r\n");
    text
}

/// What a mail server writes on top of a mail whose signature it found good, and the signature.
fn vouched_for(domain: &str) -> String {
    format!(
        "Authentication-Results: mx.example.com; dkim=pass header.d={domain}\r\n\
         Received: from {domain} by mx.example.com\r\n\
         DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=s1;\r\n h=from:subject:list-unsubscribe:list-unsubscribe-post; bh=c2Fu; b=ZGJveA==\r\n"
    )
}

fn mailbox(party: &Party) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == ' ';
    if party.name.chars().all(plain) {
        party.shown()
    } else if party.name.is_ascii() {
        format!("\"{}\" <{}>", party.name, party.address)
    } else {
        format!("{} <{}>", encoded_words(&party.name), party.address)
    }
}

/// Most senders encode what is not ASCII (RFC 2047); some just send the bytes.
fn subject(mail: &Mail) -> String {
    if mail.subject.is_ascii() || mail.index.is_multiple_of(8) {
        mail.subject.clone()
    } else {
        encoded_words(&mail.subject)
    }
}

/// An encoded word has at most 75 characters: 45 bytes of text make 60, whole characters each.
fn encoded_words(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(45);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (word, after) = rest.split_at(end);
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
        rest = after;
    }
    words.join("\r\n ")
}
