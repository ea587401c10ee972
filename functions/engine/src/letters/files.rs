//! Files as parts of a mail.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bulkhead_shared::attached_file::{AttachedFile, LINE_BYTES};
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::{BodyPart, MimePart};

/// What is in a file that goes along.
#[derive(Debug, Clone)]
pub(crate) enum FileContent {
    /// All of it.
    Bytes(Arc<Vec<u8>>),
    /// It is not at hand where a mail is only looked at.
    NotShown,
}

/// A file with what is in it.
pub(super) type Filled<'a> = (&'a AttachedFile, FileContent);

/// Signs of a name in one piece of it: with its frame no line is longer than 78.
const PIECE_CHARS: usize = 54;

/// The part of a mail with this file: base64, whatever it is, so that not a byte of it changes on its way.
pub(super) fn part<'a>((file, content): &Filled<'_>) -> MimePart<'a> {
    let body = match content {
        FileContent::Bytes(bytes) => lines(bytes, file.encoded_bytes()),
        FileContent::NotShown => format!("({} bytes that are not shown here)\r\n", file.bytes),
    };
    MimePart::new(
        ContentType::new(file.media_type()),
        BodyPart::Binary(body.into_bytes().into()),
    )
    .header("Content-Disposition", Raw::new(disposition(&file.name)))
    .transfer_encoding("base64")
}

/// Base64 in lines (RFC 2045, section 6.8), of no more than `most` bytes.
fn lines(bytes: &[u8], most: usize) -> String {
    let mut text = String::with_capacity(most);
    for line in bytes.chunks(LINE_BYTES) {
        STANDARD.encode_string(line, &mut text);
        text.push_str("\r\n");
    }
    text
}

/// That it is a file, and what it is called (RFC 2183; RFC 2231 where the name is more than letters).
/// `mail-builder` writes encoded words in quotes here, which RFC 2047 forbids in section 5.
fn disposition(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    if name.len() <= PIECE_CHARS && name.bytes().all(is_plain) {
        return format!("attachment; filename=\"{name}\"");
    }
    let pieces = pieces(name);
    let one = pieces.len() == 1;
    let pieces = pieces.iter().enumerate().map(|(number, piece)| {
        let charset = if number == 0 { "utf-8''" } else { "" };
        let number = if one {
            String::new()
        } else {
            format!("*{number}")
        };
        format!("; filename{number}*={charset}{piece}")
    });
    format!("attachment{}", pieces.collect::<String>())
}

/// A name with whatever is no letter in digits, in pieces that part none.
fn pieces(name: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in name.chars() {
        let mut utf8 = [0; 4];
        let bytes = c.encode_utf8(&mut utf8).bytes();
        let written: String = bytes
            .map(
                |byte| match byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                    true => char::from(byte).to_string(),
                    false => format!("%{byte:02X}"),
                },
            )
            .collect();
        match pieces.last_mut() {
            Some(piece) if piece.len() + written.len() <= PIECE_CHARS => piece.push_str(&written),
            _ => pieces.push(written),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_script_is_written_in_digits() {
        assert_eq!(
            disposition("bill-1.pdf"),
            "attachment; filename=\"bill-1.pdf\""
        );
        assert_eq!(
            disposition("Zoë \"Z\".pdf"),
            "attachment; filename*=utf-8''Zo%C3%AB%20%22Z%22.pdf"
        );
        let long = disposition(&"請求書".repeat(10));
        assert!(
            long.starts_with("attachment; filename*0*=utf-8''%E8"),
            "{long}"
        );
        assert!(long.contains("; filename*4*="), "{long}");
        assert!(long.split("; ").all(|line| line.len() < 76), "{long}");
    }

    #[test]
    fn a_name_fills_a_line_and_goes_on_in_the_next() {
        let (fits, longer) = ("n".repeat(54), "n".repeat(55));
        assert_eq!(
            disposition(&fits),
            format!("attachment; filename=\"{fits}\"")
        );
        assert_eq!(
            disposition(&longer),
            format!("attachment; filename*0*=utf-8''{fits}; filename*1*=n")
        );
        // `é` takes six signs: the ninth fills the line.
        let nine = "é".repeat(9);
        let written = "%C3%A9".repeat(9);
        assert_eq!(
            disposition(&nine),
            format!("attachment; filename*=utf-8''{written}")
        );
        assert_eq!(
            disposition(&format!("{nine}_-.é")),
            format!("attachment; filename*0*=utf-8''{written}; filename*1*=_-.%C3%A9")
        );
    }

    #[test]
    fn lines_of_a_file_hold_as_much_as_they_may() {
        let (full, more) = (vec![0; LINE_BYTES], vec![0; LINE_BYTES + 1]);
        let line = "A".repeat(76);
        assert_eq!(lines(&full, 78), format!("{line}\r\n"));
        assert_eq!(lines(&more, 84), format!("{line}\r\nAA==\r\n"));
        assert_eq!(lines(b"", 0), "");
    }
}
