//! A row as a card.

use super::columns::{BARE_BETWEEN, BETWEEN, Column, Kind};
use crate::vcard::edit::Name;
use crate::vcard::{Card, Version, text};
use crate::words;

/// Bytes of a cell, most.
pub const CELL_BYTES: usize = 32 * 1024;

/// Why a row makes no card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// More cells than the header.
    #[error("{}", words::vcard_row_too_many_cells())]
    TooManyCells,
    /// Nothing that would name anybody.
    #[error("{}", words::vcard_row_nobody())]
    Nobody,
    /// A cell larger than [`CELL_BYTES`].
    #[error("{}", words::vcard_row_too_long(.0))]
    TooLong(String),
    /// A column that no field of a contact is known for.
    #[error("{}", words::vcard_row_unknown(.0))]
    Unknown(String),
    /// Not a date, or one that could be two.
    #[error("{}", words::vcard_row_no_date(.0))]
    NotADate(String),
}

#[derive(Default)]
struct Contact {
    full_name: String,
    name: [String; 5],
    /// Which one it is, its name, and its department.
    organisations: Vec<(String, [String; 2])>,
    /// Year, month and day, where each has a column.
    birthday: [String; 3],
    /// Properties of one value: name and value, escaped.
    simple: Vec<(&'static str, String)>,
    /// In the order of their columns: kind, which one, cell.
    values: Vec<(Kind, String, String)>,
    labels: Vec<(Kind, String, String)>,
    addresses: Vec<(String, [String; 7])>,
    address_labels: Vec<(String, String)>,
}

pub(super) fn card(
    headers: &[String],
    columns: &[Column],
    row: &[String],
    uid: &str,
) -> Result<Card, RowError> {
    if row.len() > columns.len() {
        return Err(RowError::TooManyCells);
    }
    let mut contact = Contact::default();
    for ((header, column), cell) in headers.iter().zip(columns).zip(row) {
        if cell.len() > CELL_BYTES {
            return Err(RowError::TooLong(header.clone()));
        }
        let cell = cell.trim();
        if !cell.is_empty() {
            contact.take(header, column, cell)?;
        }
    }
    contact.join_birthday(headers, columns)?;
    contact.into_card(uid)
}

/// A table may have several columns for one thing, as Outlook has for the lines of a street. What stands in two of them
/// is said once.
fn add_line(to: &mut String, text: &str) {
    if to.lines().any(|line| line == text) {
        return;
    }
    if !to.is_empty() {
        to.push('\n');
    }
    to.push_str(text);
}

/// What is kept under this name, or something new.
fn entry<'a, N: PartialEq + Clone, T: Default>(all: &'a mut Vec<(N, T)>, name: &N) -> &'a mut T {
    let index = all.iter().position(|(known, _)| known == name);
    let index = index.unwrap_or_else(|| {
        all.push((name.clone(), T::default()));
        all.len() - 1
    });
    &mut all[index].1
}

impl Contact {
    fn take(&mut self, header: &str, column: &Column, cell: &str) -> Result<(), RowError> {
        let text = cell.to_owned();
        match column {
            Column::FullName => self.keep_first(header, cell, |it| &mut it.full_name),
            Column::NamePart(part) => self.keep_first(header, cell, |it| &mut it.name[*part]),
            Column::Organisation(which) => {
                add_line(&mut entry(&mut self.organisations, which)[0], cell);
            }
            Column::Department(which) => {
                add_line(&mut entry(&mut self.organisations, which)[1], cell);
            }
            Column::Nickname => self.simple.push(("NICKNAME", text::escape(cell))),
            Column::Title => self.simple.push(("TITLE", text::escape(cell))),
            Column::Note => self.simple.push(("NOTE", text::escape(cell))),
            Column::Categories => self.simple.push(("CATEGORIES", categories(cell))),
            Column::Birthday => self.put_birthday(header, cell)?,
            Column::Value(kind, slot) => self.values.push((*kind, slot.clone(), text)),
            Column::Label(kind, slot) => self.labels.push((*kind, slot.clone(), text)),
            Column::Address(slot, part) => {
                add_line(&mut entry(&mut self.addresses, slot)[*part], cell);
            }
            Column::BirthdayPart(part) => {
                self.keep_first(header, cell, |it| &mut it.birthday[*part])
            }
            Column::AddressLabel(slot) => self.address_labels.push((slot.clone(), text)),
            Column::Ignored | Column::Unknown => {}
        }
        Ok(())
    }

    /// Of several columns for what a card has one of, the first that says something counts. What another says beside it
    /// is noted: lost would be worse than out of place.
    fn keep_first(
        &mut self,
        header: &str,
        cell: &str,
        place: impl FnOnce(&mut Self) -> &mut String,
    ) {
        let place = place(self);
        if place.is_empty() {
            place.push_str(cell);
        } else if place != cell {
            let note = text::escape(&format!("{header}: {cell}"));
            self.simple.push(("NOTE", note));
        }
    }

    /// A birthday that stands in three columns, the year of which not everybody tells.
    fn join_birthday(&mut self, headers: &[String], columns: &[Column]) -> Result<(), RowError> {
        let [year, month, day] = &self.birthday;
        let text = match (year.as_str(), month.as_str(), day.as_str()) {
            ("", "", "") => return Ok(()),
            ("", month, day) => format!("--{month:0>2}-{day:0>2}"),
            (year, month, day) => format!("{year}-{month}-{day}"),
        };
        let mut columns = columns.iter();
        let first = columns.position(|column| matches!(column, Column::BirthdayPart(_)));
        let header = first.and_then(|first| headers.get(first));
        self.put_birthday(header.map_or("", String::as_str), &text)
    }

    fn put_birthday(&mut self, header: &str, text: &str) -> Result<(), RowError> {
        let date = date(text).map_err(|()| RowError::NotADate(header.to_owned()))?;
        if let Some(date) = date {
            self.keep_first(header, &date, |it| entry(&mut it.simple, &"BDAY"));
        }
        Ok(())
    }

    fn into_card(self, uid: &str) -> Result<Card, RowError> {
        let names_somebody = !self.full_name.is_empty()
            || self
                .organisations
                .iter()
                .any(|(_, [name, _])| !name.is_empty())
            || self.name.iter().any(|part| !part.is_empty())
            || self.values.iter().any(|(kind, ..)| *kind != Kind::Website);
        if !names_somebody {
            return Err(RowError::Nobody);
        }
        let mut card = Card::new(Version::V3_0, uid);
        let name = Name::of(&self.name);
        let full_name = match self.full_name.is_empty() {
            true => name.spoken(),
            false => self.full_name.clone(),
        };
        if !full_name.is_empty() {
            card.push("FN", &[], &text::escape(&full_name));
        }
        if self.name.iter().any(|part| !part.is_empty()) {
            card.push("N", &[], &text::join(&self.name, ";"));
        }
        for (_, [name, department]) in &self.organisations {
            let mut parts = vec![name.clone()];
            let units = department.split(BETWEEN).map(str::to_owned);
            parts.extend(units.filter(|unit| !unit.is_empty()));
            card.push("ORG", &[], &text::join(&parts, ";"));
        }
        for (name, value) in &self.simple {
            card.push(name, &[], value);
        }
        self.put_values(&mut card);
        card.complete();
        Ok(card)
    }

    fn put_values(&self, card: &mut Card) {
        let mut items = 0;
        for (kind, slot, cell) in &self.values {
            let mut labels = self.labels.iter();
            let label = labels.find(|(of, which, _)| of == kind && which == slot);
            let label = label.map_or_else(|| implied_label(slot), |(_, _, label)| label);
            let name = match kind {
                Kind::Email => "EMAIL",
                Kind::Telephone => "TEL",
                Kind::Website => "URL",
            };
            for value in cell.split(BETWEEN).filter(|value| !value.trim().is_empty()) {
                put(card, &mut items, name, label, &text::escape(value.trim()));
            }
        }
        for (slot, parts) in &self.addresses {
            let label = self.address_labels.iter().find(|(which, _)| which == slot);
            let label = label.map_or_else(|| implied_label(slot), |(_, label)| label);
            for parts in several(parts) {
                put(card, &mut items, "ADR", label, &text::join(&parts, ";"));
            }
        }
    }
}

/// The addresses in these cells, each of which has a part of each.
fn several(cells: &[String; 7]) -> impl Iterator<Item = [&str; 7]> {
    let parts = |cell: &'_ String| cell.split(BARE_BETWEEN).count();
    let addresses = cells.iter().map(parts).max().unwrap_or_default();
    let address = |index| {
        cells.each_ref().map(|cell| {
            let part = cell.split(BARE_BETWEEN).nth(index);
            part.unwrap_or_default().trim()
        })
    };
    let is_some = |address: &[&str; 7]| address.iter().any(|part| !part.is_empty());
    (0..addresses).map(address).filter(is_some)
}

fn implied_label(slot: &str) -> &str {
    slot.split_once('#').map_or("", |(label, _)| label)
}

/// A property with its label: as types where those have words for it, as Apple and Google do it where
/// they have none.
fn put(card: &mut Card, items: &mut u32, name: &str, label: &str, value: &str) {
    // Google marks what it takes for the main one, also where that has no label.
    let label = label.trim_start_matches('*').trim();
    let lower = label.to_lowercase();
    let types: Option<Vec<&str>> = lower.split_whitespace().map(type_of).collect();
    match types {
        Some(types) => {
            let types: Vec<(&str, &str)> = types.into_iter().map(|kind| ("TYPE", kind)).collect();
            card.push(name, &types, value);
        }
        None => {
            *items += 1;
            card.push(&format!("item{items}.{name}"), &[], value);
            card.push(&format!("item{items}.X-ABLabel"), &[], &text::escape(label));
        }
    }
}

fn type_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "home" => "home",
        "work" | "business" => "work",
        "mobile" | "cell" => "cell",
        "fax" => "fax",
        "pager" => "pager",
        "main" => "pref",
        "other" => "other",
        _ => return None,
    })
}

fn categories(cell: &str) -> String {
    let separators: &[&str] = if cell.contains(BETWEEN) {
        &[BETWEEN]
    } else {
        &[";", ","]
    };
    let mut names = vec![cell];
    for separator in separators {
        names = names
            .into_iter()
            .flat_map(|name| name.split(separator))
            .collect();
    }
    let names = names
        .into_iter()
        .map(|name| name.trim().trim_start_matches("* ").to_owned());
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    text::join(&names, ",")
}

/// A date as a card has it; none for Outlook's empty one. What could be two dates is an error.
fn date(cell: &str) -> Result<Option<String>, ()> {
    let text = cell.trim();
    if matches!(text, "0/0/00" | "0/0/0000") {
        return Ok(None);
    }
    // Without a year: `--04-12`.
    if let Some(rest) = text.strip_prefix("--") {
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let is_day = digits.len() == 4 && in_year(&digits[..2], &digits[2..]).is_ok();
        return is_day.then(|| Some(text.to_owned())).ok_or(());
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split(['-', '/', '.']).map(str::trim).collect();
    let (year, month, day) = match parts.as_slice() {
        [all] if all.len() == 8 && all.is_ascii() => (&all[..4], &all[4..6], &all[6..]),
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        [first, second, year] if year.len() == 4 => {
            match (first.parse::<u32>(), second.parse::<u32>()) {
                // With dots it is day, month, year; nobody writes it otherwise.
                (Ok(_), Ok(_)) if text.contains('.') => (*year, *second, *first),
                (Ok(month), Ok(day)) if day > 12 || month == day => (*year, *first, *second),
                (Ok(day), Ok(_)) if day > 12 => (*year, *second, *first),
                _ => return Err(()),
            }
        }
        _ => return Err(()),
    };
    if ![year, month, day].into_iter().all(digits) {
        return Err(());
    }
    let (month, day) = in_year(month, day)?;
    Ok(Some(format!("{year}-{month:02}-{day:02}")))
}

/// A month and a day, if there are such.
fn in_year(month: &str, day: &str) -> Result<(u32, u32), ()> {
    let number = |text: &str| text.parse::<u32>().map_err(|_| ());
    let (month, day) = (number(month)?, number(day)?);
    let is_one = (1..=12).contains(&month) && (1..=31).contains(&day);
    is_one.then_some((month, day)).ok_or(())
}
