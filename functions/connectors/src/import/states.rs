//! What writers of mail files keep of a message's state in header fields of their own.
//!
//! | field | writer | source |
//! |---|---|---|
//! | `X-Mozilla-Status`, `-Status2`, `-Keys` | Thunderbird | `nsMsgMessageFlags.idl`, `nsMsgLocalFolderHdrs.h` |
//! | `Status`, `X-Status`, `X-Keywords` | mutt, Pine, Dovecot, UW-IMAP | Dovecot, "Mbox Mailbox Format" |
//! | `X-Label` | mutt | mutt's manual, "X-Label" |
//! | `X-Status` beside `X-KMail-…` | KMail | `messagestatus.cpp` of KDE PIM |
//! | `X-Evolution` | Evolution | `camel-mbox-summary.c` |
//! | `X-Gmail-Labels` | Google Takeout | see [`gmail`](super::gmail) |

use bulkhead_engine::kinds::mail::{FLAGGED, SEEN};

use super::gmail;
use super::message_state::{ANSWERED, DRAFT, FORWARDED, JUNK, NOT_JUNK, States};
use super::recognised::Form;
use crate::headers::{decode, field, fields};

impl States {
    /// Reads what a header tells. Where two programs kept a state, the one whose fields no other
    /// writes is believed; labels of all are taken.
    pub(super) fn read(header: &[u8]) -> Self {
        let mut states = Self::default();
        let kept = [gmail::take, mozilla, evolution, kmail, status];
        for take in kept {
            if take(header, &mut states) {
                break;
            }
        }
        mozilla_keys(header, &mut states);
        keywords(header, &mut states);
        states
    }
}

fn text(header: &[u8], name: &str) -> Option<String> {
    Some(String::from_utf8_lossy(field(header, name)?).into_owned())
}

fn hexadecimal(header: &[u8], name: &str) -> Option<u32> {
    u32::from_str_radix(text(header, name)?.trim(), 16).ok()
}

/// Bits of `nsMsgMessageFlags`; the upper half is in `X-Mozilla-Status2`.
fn mozilla(header: &[u8], states: &mut States) -> bool {
    const READ: u32 = 0x1;
    const REPLIED: u32 = 0x2;
    const MARKED: u32 = 0x4;
    const EXPUNGED: u32 = 0x8;
    const FORWARDED_BIT: u32 = 0x1000;
    const IMAP_DELETED: u32 = 0x0020_0000;
    /// Three bits for one of five labels, before there were tags.
    const LABEL: u32 = 0x0e00_0000;
    let Some(lower) = hexadecimal(header, "X-Mozilla-Status") else {
        return false;
    };
    let upper = hexadecimal(header, "X-Mozilla-Status2").unwrap_or(0) & 0xffff_0000;
    let bits = lower & 0xffff | upper;
    states.forms.insert(Form::ThunderbirdStates);
    for (bit, flag) in [
        (READ, SEEN),
        (REPLIED, ANSWERED),
        (MARKED, FLAGGED),
        (FORWARDED_BIT, FORWARDED),
    ] {
        states.set(flag, bits & bit != 0);
    }
    states.deleted = bits & (EXPUNGED | IMAP_DELETED) != 0;
    let label = (bits & LABEL) >> 25;
    states.set(&format!("$label{label}"), (1..=5).contains(&label));
    true
}

/// Tags, with blanks between and behind: room to change them in place.
fn mozilla_keys(header: &[u8], states: &mut States) {
    for key in text(header, "X-Mozilla-Keys")
        .unwrap_or_default()
        .split_whitespace()
    {
        states.forms.insert(Form::ThunderbirdStates);
        states.keyword(key);
    }
}

/// `00000012-0011`: a number, and bits of `CamelMessageFlags`.
fn evolution(header: &[u8], states: &mut States) -> bool {
    let value = text(header, "X-Evolution").unwrap_or_default();
    let bits = value
        .split_once('-')
        .and_then(|(_, bits)| bits.trim().get(..4))
        .and_then(|bits| u32::from_str_radix(bits, 16).ok());
    let Some(bits) = bits else {
        return false;
    };
    states.forms.insert(Form::EvolutionStates);
    for (bit, flag) in [
        (0x01, ANSWERED),
        (0x04, DRAFT),
        (0x08, FLAGGED),
        (0x10, SEEN),
        (0x80, JUNK),
    ] {
        states.set(flag, bits & bit != 0);
    }
    states.deleted = bits & 0x02 != 0;
    true
}

/// KMail's letters in `X-Status`: `F` means passed on, and `G` the star.
fn kmail(header: &[u8], states: &mut States) -> bool {
    let is_kmail = |(name, _): (&[u8], &[u8])| {
        name.get(..8)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"X-KMail-"))
    };
    let (Some(letters), true) = (text(header, "X-Status"), fields(header).any(is_kmail)) else {
        return false;
    };
    states.forms.insert(Form::KmailStates);
    for letter in letters.chars() {
        match letter {
            'R' | 'O' => states.set(SEEN, true),
            'A' => states.set(ANSWERED, true),
            'F' => states.set(FORWARDED, true),
            'G' => states.set(FLAGGED, true),
            'P' => states.set(JUNK, true),
            'H' => states.set(NOT_JUNK, true),
            'D' => states.deleted = true,
            _ => {}
        }
    }
    true
}

/// `Status: RO` and `X-Status: AFDT`.
fn status(header: &[u8], states: &mut States) -> bool {
    let (status, extended) = (text(header, "Status"), text(header, "X-Status"));
    // A field of that name is also written by others, about other things.
    let letters = |value: Option<String>, known: &str| {
        value.filter(|value| value.chars().all(|c| known.contains(c)))
    };
    let status = letters(status, "RONU ");
    let extended = letters(extended, "AFDTRSOUN ");
    if status.is_none() && extended.is_none() {
        return false;
    }
    states.forms.insert(Form::StatusStates);
    let has =
        |value: &Option<String>, letter| value.as_ref().is_some_and(|value| value.contains(letter));
    states.set(SEEN, has(&status, 'R'));
    states.set(ANSWERED, has(&extended, 'A'));
    states.set(FLAGGED, has(&extended, 'F'));
    states.set(DRAFT, has(&extended, 'T'));
    states.deleted = has(&extended, 'D');
    true
}

/// `X-Keywords`, blanks between; `X-Label`, blanks or commas between.
fn keywords(header: &[u8], states: &mut States) {
    for name in ["X-Keywords", "X-Label"] {
        let value = field(header, name).map(decode).unwrap_or_default();
        let between = |c: char| c.is_whitespace() || c == ',';
        for word in value.split(between).filter(|word| !word.is_empty()) {
            states.forms.insert(Form::KeywordLabels);
            states.keyword(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Flags and labels in one line, and whether it is deleted.
    fn read(header: &str) -> (String, bool) {
        let states = States::read(header.as_bytes());
        let all: Vec<String> = states.flags.into_iter().chain(states.labels).collect();
        (all.join(" "), states.deleted)
    }

    fn live(flags: &str) -> (String, bool) {
        (flags.to_owned(), false)
    }

    #[test]
    fn thunderbird() {
        for (header, flags) in [
            ("X-Mozilla-Status: 0001\n", "\\Seen"),
            ("X-Mozilla-Status: 0000\n", ""),
            (
                "X-Mozilla-Status: 0005\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys: $label1 work      \n",
                "$label1 \\Flagged \\Seen work",
            ),
            ("X-Mozilla-Status: 0003\r\n", "\\Answered \\Seen"),
            ("X-Mozilla-Status: 1001\n", "$Forwarded \\Seen"),
            (
                "X-Mozilla-Status: 0000\nX-Mozilla-Status2: 04000000\n",
                "$label2",
            ),
            (
                "X-Mozilla-Status: 0001\nX-Mozilla-Keys: NonJunk\n",
                "$NotJunk \\Seen",
            ),
            // What another program said before it counts no more.
            ("X-Mozilla-Status: 0000\nStatus: RO\n", ""),
            // A second one stems from a folder that was put together wrongly.
            (
                "X-Mozilla-Status: 0011\nFrom - x\nX-Mozilla-Status: 0000\n",
                "\\Seen",
            ),
            ("X-Mozilla-Keys: b&apw-ro\n", "b&apw-ro"),
        ] {
            assert_eq!(read(header), live(flags), "{header}");
        }
        for deleted in ["0008", "0009", "0019", "000b"] {
            assert!(
                read(&format!("X-Mozilla-Status: {deleted}\n")).1,
                "{deleted}"
            );
        }
        assert!(read("X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00200000\n").1);
        assert_eq!(read("X-Mozilla-Status: what\nStatus: R\n"), live("\\Seen"));
    }

    #[test]
    fn mutt_pine_and_dovecot() {
        for (header, flags) in [
            ("Status: RO\nX-Status: AF\n", "\\Answered \\Flagged \\Seen"),
            ("Status: O\n", ""),
            (
                "Status: R\nX-Keywords: work $Forwarded       \n",
                "$Forwarded \\Seen work",
            ),
            ("X-Status: T\n", "\\Draft"),
            ("Status: RO\nX-Label: one, two\n", "\\Seen one two"),
            ("Status: resolved\n", ""),
        ] {
            assert_eq!(read(header), live(flags), "{header}");
        }
        assert!(read("Status: RO\nX-Status: D\n").1);
    }

    #[test]
    fn kmail_and_evolution() {
        assert_eq!(
            read("Status: R\nX-Status: RFG\nX-KMail-EncryptionState: N\n"),
            live("$Forwarded \\Flagged \\Seen")
        );
        assert_eq!(
            read("X-Evolution: 00000012-0019\n"),
            live("\\Answered \\Flagged \\Seen")
        );
        assert_eq!(read("X-Evolution: 00000012-0000;x\n"), live(""));
        assert!(read("X-Evolution: 00000012-0012\n").1);
        assert_eq!(read("X-Evolution: -\nStatus: R\n"), live("\\Seen"));
    }
}
