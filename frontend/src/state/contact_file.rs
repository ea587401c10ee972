//! A file of contacts as a person brings it: what is recognised in it, and what is wrong, row by row.

use std::collections::BTreeMap;

use bulkhead_shared::limits::{BODY_BYTES, ROWS_PER_REQUEST};
use bulkhead_shared::selection::Selection;
use bulkhead_shared::vcard::table::Table;
use bulkhead_shared::vcard::{self, Card};

use crate::words;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactFile {
    /// What it is called.
    pub name: String,
    /// What it was recognised as.
    pub form: &'static str,
    /// Its cards or rows, in their order.
    pub rows: Vec<FileRow>,
    /// Columns that no field of a contact is known for: they are left out.
    pub unknown: Vec<String>,
}

/// One contact of a file, or why it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Who it is; empty where it is nobody.
    pub title: String,
    /// What is known besides.
    pub second: String,
    /// The card as it is sent, or what is wrong with it in a sentence.
    pub card: Result<String, String>,
}

impl ContactFile {
    /// Reads a file, whatever it is called: cards begin like cards. An error is about the whole file.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let begin = bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(bytes)
            .trim_ascii_start();
        let is_card = begin
            .get(..b"BEGIN:VCARD".len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(b"BEGIN:VCARD"));
        let mut file = match is_card || name.to_lowercase().ends_with(".vcf") {
            true => Self {
                name: name.to_owned(),
                form: "vCard",
                rows: of_cards(bytes)?,
                unknown: Vec::new(),
            },
            false => of_table(name, bytes)?,
        };
        if file.rows.is_empty() {
            return Err(words::contact_file_empty().to_owned());
        }
        file.refuse_the_same();
        Ok(file)
    }

    /// The rows that make a contact.
    pub fn good(&self) -> impl Iterator<Item = (&FileRow, &str)> {
        let rows = self.rows.iter();
        rows.filter_map(|row| Some((row, row.card.as_deref().ok()?)))
    }

    /// The rows that make none: the number of each, counted from one, and why.
    pub fn wrong(&self) -> impl Iterator<Item = (usize, &str)> {
        let rows = (1..).zip(&self.rows);
        rows.filter_map(|(number, row)| Some((number, row.card.as_ref().err()?.as_str())))
    }

    /// What a request carries, or why it cannot.
    pub fn selection(&self) -> Result<Selection, String> {
        let cards: Vec<&str> = self.good().map(|(_, card)| card).collect();
        let bytes: usize = cards.iter().map(|card| card.len() + 50).sum();
        if cards.is_empty() {
            return Err(words::contact_file_nothing().to_owned());
        }
        if cards.len() > ROWS_PER_REQUEST || bytes > BODY_BYTES {
            return Err(words::contact_file_too_much().to_owned());
        }
        Ok(Selection::Rows {
            rows: cards.into_iter().map(Into::into).collect(),
        })
    }

    /// Cards with one id are one contact: the later ones are not made.
    fn refuse_the_same(&mut self) {
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        for (index, row) in self.rows.iter_mut().enumerate() {
            let Ok(card) = &row.card else { continue };
            let uid = Card::read(card.as_bytes()).ok().and_then(|card| card.uid());
            let Some(uid) = uid else { continue };
            match first.get(&uid) {
                Some(other) => {
                    row.card = Err(words::contact_file_twice(*other as u64 + 1));
                }
                None => {
                    first.insert(uid, index);
                }
            }
        }
    }
}

impl FileRow {
    fn of(card: &Card) -> Self {
        let shown = card.shown();
        let text = String::from_utf8(card.for_server());
        Self {
            title: shown.title,
            second: shown.detail,
            card: text.map_err(|_| words::contact_file_unreadable().to_owned()),
        }
    }

    fn wrong(why: &impl ToString) -> Self {
        let text = why.to_string();
        let mut letters = text.chars();
        let first = letters
            .next()
            .map(|letter| letter.to_uppercase().to_string());
        Self {
            title: String::new(),
            second: String::new(),
            card: Err(format!(
                "{}{}.",
                first.unwrap_or_default(),
                letters.as_str()
            )),
        }
    }
}

fn of_cards(bytes: &[u8]) -> Result<Vec<FileRow>, String> {
    let cards =
        vcard::cards(bytes).map_err(|error| words::contact_file_no_cards(&error.to_string()))?;
    let rows = cards.into_iter().map(|card| match card {
        Ok(card) => FileRow::of(&card),
        Err(error) => FileRow::wrong(&error),
    });
    Ok(rows.collect())
}

fn of_table(name: &str, bytes: &[u8]) -> Result<ContactFile, String> {
    let table =
        Table::read(bytes).map_err(|error| words::contact_file_no_table(&error.to_string()))?;
    let rows = (0..table.rows()).filter_map(|row| {
        Some(match table.card_without_id(row)? {
            Ok(card) => FileRow::of(&card),
            Err(error) => FileRow::wrong(&error),
        })
    });
    Ok(ContactFile {
        name: name.to_owned(),
        form: "CSV",
        rows: rows.collect(),
        unknown: table.unknown.clone(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn cards_are_recognised_one_by_one() {
        let card =
            |uid: &str| format!("BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:{uid}\nEND:VCARD\n");
        let text = format!("{}{}BEGIN:VCARD\nFN:cut\n", card("a"), card("a"));
        let file = ContactFile::read("export.txt", text.as_bytes()).unwrap();
        assert_eq!((file.form, file.rows.len()), ("vCard", 3));
        assert_eq!(
            file.good()
                .map(|(row, _)| row.title.as_str())
                .collect::<Vec<_>>(),
            ["a"]
        );
        let wrong: Vec<(usize, &str)> = file.wrong().collect();
        assert_eq!(wrong[0], (2, "It has the same id as number 1."));
        assert!(wrong[1].1.contains("does not end"), "{wrong:?}");
        let Selection::Rows { rows } = file.selection().unwrap() else {
            unreachable!()
        };
        assert_eq!(rows.len(), 1);
    }

    #[test]
    fn a_table_names_what_it_leaves_out_and_what_is_wrong() {
        let text =
            "First Name;E-mail;Shoe size;Birthday\nAnn;a@x.example;38;\nBob;;44;soon\n;;45;\n";
        let file = ContactFile::read("people.csv", text.as_bytes()).unwrap();
        assert_eq!(
            (file.form, file.unknown.as_slice()),
            ("CSV", &["Shoe size".to_owned()][..])
        );
        let (row, card) = file.good().next().unwrap();
        assert_eq!((row.title.as_str(), file.good().count()), ("Ann", 1));
        assert!(card.contains("EMAIL:a@x.example") && !card.contains("UID"));
        let wrong: Vec<(usize, &str)> = file.wrong().collect();
        assert_eq!(
            wrong[0],
            (2, "The column Birthday takes a date as 1990-04-12.")
        );
        assert!(wrong[1].1.starts_with("This row has no name"));
    }

    #[test]
    fn nothing_is_sent_of_what_is_neither() {
        for (name, bytes) in [
            ("a.csv", &b"Shoe size\n38\n"[..]),
            ("a.vcf", b"no card"),
            ("a.csv", b"Name\n"),
            ("a.bin", b"\xff\xfe\0"),
        ] {
            let sent = ContactFile::read(name, bytes).and_then(|file| file.selection());
            assert!(sent.is_err(), "{name}");
        }
    }
}
