//! Files that go along with mails: what one is called, what sort it is, and how large it may be. Browser and server
//! check the same.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::limits::{ATTACHMENT_BYTES, ATTACHMENT_NAME_BYTES, LETTER_BYTES};
use crate::problem::Invalid;
use crate::words;

/// A file that goes along with a mail, known by its bytes: what was confirmed is what is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachedFile {
    /// What it is called where it arrives: no folders, at most 150 bytes.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in small hexadecimal digits.
    pub sha256: String,
}

/// A name cannot be that of a file that goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoFileName {
    #[error("{}", words::file_no_name())]
    Empty,
    #[error("{}", words::file_long_name())]
    Long,
    #[error("{}", words::file_folder())]
    Folder,
    #[error("{}", words::file_unseen())]
    Unseen,
}

/// Characters of a line of base64 (RFC 2045, section 6.8: at most 76).
pub const LINE_CHARS: usize = 76;
/// Bytes that make one of those lines.
pub const LINE_BYTES: usize = 57;
/// Bytes of the headers of a part with a file, most: a name of any script grows ninefold there, and is in two of them.
const PART_HEAD_BYTES: usize = 2_000;

impl AttachedFile {
    /// The sort of file that it is, by its name.
    pub fn media_type(&self) -> &'static str {
        media_type(&self.name)
    }

    /// Bytes that it takes in a mail, most.
    pub fn encoded_bytes(&self) -> usize {
        let bytes = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        let lines = bytes.div_ceil(LINE_BYTES);
        lines
            .saturating_mul(LINE_CHARS + 2)
            .saturating_add(PART_HEAD_BYTES)
    }

    fn check(&self, field: &str) -> Result<(), Invalid> {
        let at = |end: &str, text: String| Err(Invalid::new(format!("{field}.{end}"), text));
        if let Err(why) = check_name(&self.name) {
            return at("name", why.to_string());
        }
        if self.bytes == 0 {
            return at("bytes", words::file_empty(&self.name));
        }
        if self.bytes > ATTACHMENT_BYTES as u64 {
            return at("bytes", too_large(&self.name));
        }
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        match self.sha256.len() == 64 && self.sha256.bytes().all(is_digit) {
            true => Ok(()),
            false => at("sha256", words::file_digits().to_owned()),
        }
    }
}

/// What is said of a file that is too large.
pub fn too_large(name: &str) -> String {
    words::file_too_large(name, &(ATTACHMENT_BYTES / 1_000_000).to_string())
}

/// Checks what a file is called.
pub fn check_name(name: &str) -> Result<(), NoFileName> {
    if name.trim().is_empty() || name.trim() != name {
        return Err(NoFileName::Empty);
    }
    if name.len() > ATTACHMENT_NAME_BYTES {
        return Err(NoFileName::Long);
    }
    if name.contains(['/', '\\']) || name == "." || name == ".." {
        return Err(NoFileName::Folder);
    }
    match name.chars().any(|c| c.is_control() || turns_around(c)) {
        true => Err(NoFileName::Unseen),
        false => Ok(()),
    }
}

/// Signs that let `fdp.exe` be read as `exe.pdf` (Unicode Standard Annex 9, section 2), and those of no width.
fn turns_around(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Checks files by themselves: each of them, that none is there twice, and how many they are.
pub fn check_all(field: &str, files: &[AttachedFile], most: usize) -> Result<(), Invalid> {
    if files.len() > most {
        return Err(Invalid::new(field, words::file_too_many(&most.to_string())));
    }
    let mut names = BTreeSet::new();
    for (place, file) in files.iter().enumerate() {
        let field = format!("{field}[{place}]");
        file.check(&field)?;
        if !names.insert(&file.name) {
            let text = words::file_twice(&file.name);
            return Err(Invalid::new(format!("{field}.name"), text));
        }
    }
    Ok(())
}

/// Checks that files fit into one mail.
pub fn check_together(field: &str, files: &[AttachedFile]) -> Result<(), Invalid> {
    let bytes: usize = files.iter().map(AttachedFile::encoded_bytes).sum();
    match bytes > LETTER_BYTES {
        true => Err(Invalid::new(field, too_much())),
        false => Ok(()),
    }
}

/// What is said of a mail that is too large.
pub fn too_much() -> String {
    let most = LETTER_BYTES / 1_000_000;
    words::file_too_much(&most.to_string())
}

/// Ends of names, and what they say of a file (the registry of media types of IANA).
const TYPES: [(&str, &str); 44] = [
    ("7z", "application/x-7z-compressed"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("epub", "application/epub+zip"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("heic", "image/heic"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ics", "text/calendar"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("m4a", "audio/mp4"),
    ("md", "text/markdown"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("odg", "application/vnd.oasis.opendocument.graphics"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ogg", "audio/ogg"),
    ("p7s", "application/pkcs7-signature"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("rtf", "application/rtf"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("vcf", "text/vcard"),
    ("wav", "audio/wav"),
    ("webp", "image/webp"),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// The sort of file that has such a name; one that says nothing is what nobody knows.
fn media_type(name: &str) -> &'static str {
    let end = name
        .rsplit_once('.')
        .map_or("", |(_, end)| end)
        .to_ascii_lowercase();
    let known = TYPES.iter().find(|(known, _)| *known == end);
    known.map_or("application/octet-stream", |(_, named)| named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_file_is_of_any_script_and_leads_nowhere() {
        for good in [
            "bill.pdf",
            "Rechnung für Zoë.pdf",
            "請求書.pdf",
            "a \"b\"; c=d.pdf",
            ".profile",
        ] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("", NoFileName::Empty),
            (" a.pdf", NoFileName::Empty),
            ("../a.pdf", NoFileName::Folder),
            ("c:\\a.pdf", NoFileName::Folder),
            ("..", NoFileName::Folder),
            ("a\nb.pdf", NoFileName::Unseen),
            ("bill\u{202e}fdp.exe", NoFileName::Unseen),
        ] {
            assert_eq!(check_name(bad), Err(why), "{bad}");
        }
        assert_eq!(check_name(&"é".repeat(76)), Err(NoFileName::Long));
    }

    fn file(name: &str, bytes: usize) -> AttachedFile {
        AttachedFile {
            name: name.to_owned(),
            bytes: bytes as u64,
            sha256: "0a".repeat(32),
        }
    }

    fn wrong(checked: Result<(), Invalid>) -> Option<String> {
        checked.err().map(|invalid| invalid.field)
    }

    #[test]
    fn a_file_that_goes_along_is_called_something_is_not_too_large_and_is_known_by_its_bytes() {
        let at = |end: &str| Some(format!("files[0].{end}"));
        let digits = |sha256: &str| AttachedFile {
            sha256: sha256.to_owned(),
            ..file("a.pdf", 1)
        };
        for (file, field) in [
            (file("a.pdf", 1), None),
            (file("a.pdf", ATTACHMENT_BYTES), None),
            (file(&"n".repeat(ATTACHMENT_NAME_BYTES), 1), None),
            (file("a.pdf", ATTACHMENT_BYTES + 1), at("bytes")),
            (file("a.pdf", 0), at("bytes")),
            (file(&"n".repeat(ATTACHMENT_NAME_BYTES + 1), 1), at("name")),
            (digits(&"0".repeat(63)), at("sha256")),
            (digits(&"G".repeat(64)), at("sha256")),
        ] {
            let checked = check_all("files", std::slice::from_ref(&file), 1);
            assert_eq!(wrong(checked), field, "{file:?}");
        }
        let two = [file("a.pdf", 1), file("b.pdf", 1)];
        assert_eq!(wrong(check_all("files", &two, 2)), None);
        let many = wrong(check_all("files", &two, 1));
        assert_eq!(many.as_deref(), Some("files"));
        let twice = wrong(check_all("files", &[two[0].clone(), two[0].clone()], 2));
        assert_eq!(twice.as_deref(), Some("files[1].name"));
    }

    /// Eight files of 16,000 full lines, each with the headers of its part, are ten million bytes to the byte.
    #[test]
    fn files_fit_into_one_mail_to_the_byte() {
        let mut files = vec![file("a.pdf", 16_000 * LINE_BYTES); 8];
        assert_eq!(wrong(check_together("files", &files)), None);
        files[0].bytes += 1;
        let full = wrong(check_together("files", &files));
        assert_eq!(full.as_deref(), Some("files"));
    }

    #[test]
    fn what_is_too_large_is_told_with_how_much_it_may_be() {
        let large = too_large("a.pdf");
        assert!(large.contains("a.pdf") && large.contains("4 MB"), "{large}");
        assert!(too_much().contains("10 MB"), "{}", too_much());
    }

    #[test]
    fn what_sort_it_is_follows_from_its_name() {
        assert_eq!(file("a.csv", 1).media_type(), "text/csv");
        assert_eq!(media_type("Bill.PDF"), "application/pdf");
        assert_eq!(media_type("a.tar.gz"), "application/gzip");
        assert_eq!(media_type("bill.pdf.exe"), "application/octet-stream");
        assert_eq!(media_type("pdf"), "application/octet-stream");
        assert!(TYPES.is_sorted_by_key(|(end, _)| *end));
    }

    #[test]
    fn what_it_takes_in_a_mail_is_more_than_it_is() {
        let encoded = |bytes: usize| file("a", bytes).encoded_bytes();
        assert_eq!(encoded(57), 78 + PART_HEAD_BYTES);
        assert_eq!(encoded(58), 2 * 78 + PART_HEAD_BYTES);
        assert!(encoded(usize::MAX) > LETTER_BYTES);
    }
}
