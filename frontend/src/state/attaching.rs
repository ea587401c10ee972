//! Files that go along with mails while these are written: which there are, and how they are uploaded.

use std::ops::Range;

use bulkhead_shared::attached_file::{self, AttachedFile, too_large};
use bulkhead_shared::limits::{ATTACHMENT_BYTES, ATTACHMENTS_MOST, ATTACHMENTS_PER_REQUEST};
use bulkhead_words::decimal;

use crate::words;

use super::recipients::Recipients;

/// The files of the mails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attaching {
    /// Those that go along with every mail.
    pub all: Vec<AttachedFile>,
    /// Those of which a column names one for each.
    pub named: Vec<AttachedFile>,
    /// What the archive is called that these were in, as far as that is known.
    pub archive: Option<String>,
    /// The place of the column that names them.
    pub column: Option<usize>,
}

impl Attaching {
    /// The same with more files that go along with every mail; one takes the place of another with its name.
    pub fn with(&self, more: Vec<AttachedFile>) -> Result<Self, String> {
        let mut next = self.clone();
        next.all
            .retain(|file| !more.iter().any(|new| new.name == file.name));
        next.all.extend(more);
        attached_file::check_all("", &next.all, ATTACHMENTS_MOST)
            .and_then(|()| attached_file::check_together("", &next.all))
            .map_err(|wrong| wrong.message)?;
        Ok(next)
    }

    /// The column that names files: one most of whose cells are names of them.
    pub fn guess(&mut self, recipients: &Recipients) {
        let is_named = |cell: &str| self.named.iter().any(|file| file.name == cell.trim());
        let fits = |place: &usize| {
            let cells = recipients.rows.iter().filter_map(|row| row.get(*place));
            cells.filter(|cell| is_named(cell)).count() * 2 > recipients.rows.len()
        };
        let found = (0..recipients.columns.len()).find(fits);
        self.column = found.or(self
            .column
            .filter(|place| *place < recipients.columns.len()));
    }
}

/// Why a file cannot go along; none if it can, as far as its name and size tell.
pub fn refusal(name: &str, bytes: Option<&Vec<u8>>) -> Option<String> {
    if let Err(why) = attached_file::check_name(name) {
        return Some(words::attaching_wrong(name, &why.to_string()));
    }
    match bytes.map(Vec::len) {
        Some(0) => Some(words::attaching_empty(name)),
        Some(length) if length <= ATTACHMENT_BYTES => None,
        _ => Some(too_large(name)),
    }
}

/// Files that travel together, by their sizes: each request has room for so many bytes and so many files.
pub fn requests(sizes: &[usize]) -> Vec<Range<usize>> {
    let mut requests: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (place, size) in sizes.iter().enumerate() {
        bytes += size;
        match requests.last_mut() {
            Some(last) if bytes <= ATTACHMENT_BYTES && last.len() < ATTACHMENTS_PER_REQUEST => {
                last.end = place + 1;
            }
            _ => {
                bytes = *size;
                requests.push(place..place + 1);
            }
        }
    }
    requests
}

/// A size as people say it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..=999 => words::attaching_bytes(bytes),
        1_000..=999_499 => words::attaching_kilobytes((bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            words::attaching_megabytes(&decimal(tenths as f64 / 10.0, 1))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn file(name: &str, bytes: u64) -> AttachedFile {
        AttachedFile {
            name: name.to_owned(),
            bytes,
            sha256: "0".repeat(64),
        }
    }

    #[test]
    fn files_are_added_within_what_a_mail_takes() {
        let none = Attaching::default();
        let two = none.with(vec![file("a", 1), file("b", 2)]).unwrap();
        let again = two.with(vec![file("a", 3)]).unwrap();
        assert_eq!(again.all, [file("b", 2), file("a", 3)]);
        let large = (0..3).map(|n| file(&n.to_string(), 3_000_000)).collect();
        assert!(
            none.with(large)
                .unwrap_err()
                .starts_with("Together they are too large")
        );
        let many = (0..11).map(|n| file(&n.to_string(), 1)).collect();
        assert_eq!(none.with(many).unwrap_err(), "At most 10 files.");
    }

    #[test]
    fn the_column_with_the_names_shows() {
        let mut attaching = Attaching {
            named: vec![file("a.pdf", 1), file("b.pdf", 1)],
            ..Attaching::default()
        };
        let people = Recipients::of_text(
            "email\tbill\tcity\na@x.example\ta.pdf\tUlm\nb@x.example\tb.pdf\tUlm\n",
        );
        attaching.guess(&people);
        assert_eq!(attaching.column, Some(1));
        attaching.guess(&Recipients::of_text("a@x.example"));
        assert_eq!(attaching.column, Some(1));
        attaching.column = Some(2);
        attaching.guess(&Recipients::of_text("a@x.example"));
        assert_eq!(attaching.column, None);
    }

    #[test]
    fn files_travel_together_as_far_as_they_fit() {
        assert!(requests(&[]).is_empty());
        assert_eq!(
            requests(&[3_000_000, 1_000_000, 1, 4_000_000]),
            [0..2, 2..3, 3..4]
        );
        assert_eq!(requests(&[1; 201]), [0..100, 100..200, 200..201]);
    }

    #[test]
    fn sizes_are_said_as_people_do() {
        let said = [999, 1_499, 999_499, 999_500, 3_949_999].map(size);
        assert_eq!(said, ["999 bytes", "1 KB", "999 KB", "1.0 MB", "3.9 MB"]);
    }
}
