//! Which files go along with whose mail.

use std::collections::HashMap;

use super::row::{CellFault, Recipient};
use crate::attached_file::AttachedFile;
use crate::operations::BulkSend;
use crate::words;

/// The files of a job's mails.
#[derive(Debug)]
pub struct Attached<'a> {
    all: &'a [AttachedFile],
    column: Option<&'a str>,
    /// What stands in for an empty cell.
    fallback: Option<&'a str>,
    named: HashMap<&'a str, &'a AttachedFile>,
}

impl<'a> Attached<'a> {
    /// Those that an operation names.
    pub fn of(send: &'a BulkSend) -> Self {
        let column = send.file_column.as_deref();
        let fallback = column.and_then(|column| send.fallbacks.get(column));
        let named = send.files.iter().map(|file| (file.name.as_str(), file));
        Self {
            all: &send.attachments,
            column,
            fallback: fallback.map(String::as_str),
            named: named.collect(),
        }
    }

    /// The files that go along with one mail: those of all, then the one that its row names.
    pub fn with(&self, recipient: &Recipient) -> Result<Vec<&'a AttachedFile>, CellFault> {
        let mut files: Vec<&AttachedFile> = self.all.iter().collect();
        let Some(column) = self.column else {
            return Ok(files);
        };
        let fault = |message: String| CellFault::at(column, message);
        let cell = recipient.cells().get(column);
        let cell = cell.ok_or_else(|| fault(words::attached_no_cell().to_owned()))?;
        let name = match (cell.trim(), self.fallback) {
            ("", Some(fallback)) => fallback.trim(),
            (name, _) => name,
        };
        if name.is_empty() {
            return Err(fault(words::attached_empty().to_owned()));
        }
        let file = self.named.get(name);
        let file = file.ok_or_else(|| {
            fault(match self.meant(name) {
                Some(file) => words::attached_unknown_meant(name, file),
                None => words::attached_unknown(name),
            })
        })?;
        if files.iter().any(|other| other.name == file.name) {
            return Err(fault(words::attached_already(name)));
        }
        files.push(file);
        Ok(files)
    }

    /// The file that was probably meant: the same but for small and large letters, folders before it, or its end.
    fn meant(&self, name: &str) -> Option<&'a str> {
        let bare = |name: &str| {
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
            name.to_lowercase()
        };
        let wanted = bare(name);
        let without_end = |name: &str| name.rsplit_once('.').map(|(name, _)| name.to_owned());
        let mut known: Vec<&str> = self.named.keys().copied().collect();
        known.sort_unstable();
        let is_meant = |known: &&str| {
            let known = bare(known);
            known == wanted || without_end(&known).is_some_and(|known| known == wanted)
        };
        known.into_iter().find(is_meant)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    fn file(name: &str) -> Value {
        json!({"name": name, "bytes": 3, "sha256": "0".repeat(64)})
    }

    /// The files of the mail whose row has this bill, or what is wrong with it.
    fn named(send: &BulkSend, bill: &str) -> Result<Vec<String>, String> {
        let row = json!({"to": "b@x.example", "bill": bill});
        let recipient = send.recipient(&row).unwrap();
        let files = Attached::of(send).with(&recipient);
        let files = files.map_err(|fault| fault.message)?;
        Ok(files.iter().map(|file| file.name.clone()).collect())
    }

    #[test]
    fn a_row_names_its_file_and_a_wrong_name_is_told_with_the_one_that_was_meant() {
        let send = json!({"from": "a@x.example", "subject": "s", "text": "t", "attachments": [file("terms.pdf")],
            "file_column": "bill", "files": [file("Bill 1.pdf"), file("terms.pdf")]});
        let send: BulkSend = serde_json::from_value(send).unwrap();
        let of = |bill: &str| named(&send, bill);
        assert_eq!(
            of(" Bill 1.pdf "),
            Ok(vec!["terms.pdf".to_owned(), "Bill 1.pdf".to_owned()])
        );
        for wrong in ["bill 1.PDF", "out/Bill 1.pdf", "Bill 1"] {
            let told = of(wrong).unwrap_err();
            assert!(
                told.ends_with("There is one called “Bill 1.pdf”."),
                "{told}"
            );
        }
        assert_eq!(
            of("Bill 2.pdf").unwrap_err(),
            "No file “Bill 2.pdf” was uploaded."
        );
        assert!(of("").unwrap_err().starts_with("The cell is empty"));
        assert!(of("terms.pdf").unwrap_err().contains("every mail already"));
        let row = send.recipient(&json!({"to": "b@x.example"})).unwrap();
        let fault = Attached::of(&send).with(&row).unwrap_err();
        assert_eq!(fault.column.as_deref(), Some("bill"));
    }

    #[test]
    fn an_empty_cell_takes_the_file_that_stands_in_for_it() {
        let send = json!({"from": "a@x.example", "subject": "s", "text": "t", "file_column": "bill",
            "files": [file("a.pdf"), file("out/A.txt"), file("rates")], "fallbacks": {"bill": " a.pdf ", "name": "x"}});
        let send: BulkSend = serde_json::from_value(send).unwrap();
        let of = |bill: &str| named(&send, bill);
        assert_eq!(of(" "), Ok(vec!["a.pdf".to_owned()]));
        assert_eq!(of("rates"), Ok(vec!["rates".to_owned()]));
        let unknown = |name: &str, meant: &str| {
            let told = format!("No file “{name}” was uploaded.");
            Err(match meant {
                "" => told,
                meant => format!("{told} There is one called “{meant}”."),
            })
        };
        assert_eq!(of("A"), unknown("A", "a.pdf"));
        assert_eq!(of("c:\\A.TXT"), unknown("c:\\A.TXT", "out/A.txt"));
        assert_eq!(of("RATES"), unknown("RATES", "rates"));
        assert_eq!(of("rates.pdf"), unknown("rates.pdf", ""));
        let plain = BulkSend {
            file_column: None,
            files: Vec::new(),
            ..send.clone()
        };
        let recipient = plain.recipient(&json!({"to": "b@x.example"})).unwrap();
        assert_eq!(Attached::of(&plain).with(&recipient), Ok(vec![]));
    }
}
