//! Whom a mail to many goes to, as a table: read from a file, from what was pasted, and mended cell by cell.

use bulkhead_shared::address;
use bulkhead_shared::csv::{Grid, Limits};
use serde_json::{Map, Value};

/// Whom it goes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    /// What the file is called; none where they were pasted.
    pub file: Option<String>,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// The places of the columns with the address and with the name.
    pub address: Option<usize>,
    pub name: Option<usize>,
}

/// Columns that are usually the address, in lower case.
const ADDRESSES: [&str; 8] = [
    "email",
    "e-mail",
    "mail",
    "to",
    "address",
    "e-mail address",
    "email address",
    "adresse",
];
/// Columns that are usually the whole name.
const NAMES: [&str; 4] = ["name", "full name", "fullname", "display name"];

impl Recipients {
    /// Those of a file, whatever a spreadsheet saved it as.
    pub fn of_file(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let grid =
            Grid::read(bytes, Limits::default()).map_err(|why| sentence(&why.to_string()))?;
        let rows: Vec<Vec<String>> = grid.rows.into_iter().map(|row| row.cells).collect();
        Ok(Self {
            file: Some(name.to_owned()),
            ..Self::of_table(grid.headers, rows)
        })
    }

    /// Those of a table.
    pub fn of_table(columns: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        let named = |names: &[&str]| {
            let is_it = |column: &String| names.contains(&column.trim().to_lowercase().as_str());
            columns.iter().position(is_it)
        };
        let with_at = |place: usize| {
            let cells = rows.iter().filter_map(|row| row.get(place));
            cells.filter(|cell| cell.contains('@')).count() * 2 > rows.len()
        };
        let address = named(&ADDRESSES).filter(|place| with_at(*place));
        Self {
            file: None,
            address: address.or_else(|| (0..columns.len()).find(|place| with_at(*place))),
            name: named(&NAMES),
            columns,
            rows,
        }
    }

    /// Those that were pasted: a table of a spreadsheet, or addresses with or without names.
    pub fn of_text(text: &str) -> Self {
        if let Ok(grid) = Grid::of_text(text, Limits::default())
            && grid.headers.len() > 1
            && !grid.headers.iter().any(|header| header.contains('@'))
        {
            let rows = grid.rows.into_iter().map(|row| row.cells);
            return Self::of_table(grid.headers.clone(), rows.collect());
        }
        let read = address::list(text)
            .into_iter()
            .map(|(words, mailbox)| match mailbox {
                Ok(mailbox) => vec![mailbox.address.to_string(), mailbox.name],
                // The server's check says what is wrong with it.
                Err(_) => vec![words, String::new()],
            });
        Self {
            file: None,
            columns: vec!["email".to_owned(), "name".to_owned()],
            rows: read.collect(),
            address: Some(0),
            name: Some(1),
        }
    }

    /// What stands in a cell; none where there is no such cell. Rows are counted from 1.
    pub fn cell(&self, row: u32, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|known| known == column)?;
        let cells = self.rows.get((row as usize).checked_sub(1)?)?;
        Some(cells.get(place).map_or("", String::as_str))
    }

    /// Writes something else into a cell.
    pub fn set_cell(&mut self, row: u32, column: &str, text: String) {
        let place = self.columns.iter().position(|known| known == column);
        let index = (row as usize).checked_sub(1);
        if let Some((cells, place)) = index.and_then(|at| self.rows.get_mut(at)).zip(place) {
            if cells.len() <= place {
                cells.resize(place + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(place) {
                *cell = text;
            }
        }
    }

    /// Leaves somebody out.
    pub fn leave_out(&mut self, row: u32) {
        let index = (row as usize).wrapping_sub(1);
        if index < self.rows.len() {
            self.rows.remove(index);
        }
    }

    /// The rows as a request brings them.
    pub fn values(&self) -> Vec<Value> {
        let row = |cells: &Vec<String>| {
            let cells = cells
                .iter()
                .map(String::as_str)
                .chain(std::iter::repeat(""));
            let cells = self.columns.iter().zip(cells);
            let cells = cells.map(|(column, cell)| (column.clone(), cell.into()));
            Value::Object(cells.collect::<Map<String, Value>>())
        };
        self.rows.iter().map(row).collect()
    }
}

/// A text as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    format!("{}.", first.chain(chars).collect::<String>())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_shows_its_columns_and_which_has_the_addresses() {
        let file = b"Name;Ort;E-Mail\nAnn;Ulm;ann@example.org\nBo;;bo@example.org\n";
        let read = Recipients::of_file("people.csv", file).unwrap();
        assert_eq!(
            (read.address, read.name, read.rows.len()),
            (Some(2), Some(0), 2)
        );
        let odd = Recipients::of_file("x.csv", b"a,b\n1,x@example.org\n2,y@example.org\n").unwrap();
        assert_eq!((odd.address, odd.name), (Some(1), None));
        assert!(Recipients::of_file("x.csv", b"").is_err());
    }

    #[test]
    fn what_is_pasted_is_addresses_or_a_table() {
        let pasted = Recipients::of_text("Lee, Ann <ann@example.org>; bo@example.org\nnobody");
        let rows: Vec<_> = pasted.rows.iter().map(|row| row.join("|")).collect();
        assert_eq!(
            rows,
            ["ann@example.org|Lee, Ann", "bo@example.org|", "nobody|"]
        );
        let table = Recipients::of_text("email\tcity\nann@example.org\tUlm\n");
        assert_eq!(
            (table.columns.len(), table.rows.len(), table.address),
            (2, 1, Some(0))
        );
    }

    #[test]
    fn a_cell_is_mended_and_a_row_is_left_out() {
        let mut read = Recipients::of_text("email\tcity\nann@example.org\nbo@example.org\tUlm\n");
        assert_eq!(
            (read.cell(1, "city"), read.cell(3, "city")),
            (Some(""), None)
        );
        read.set_cell(1, "city", "Bonn".to_owned());
        read.set_cell(9, "city", "nowhere".to_owned());
        assert_eq!(
            (read.cell(1, "city"), read.cell(1, "town")),
            (Some("Bonn"), None)
        );
        read.leave_out(1);
        read.leave_out(0);
        assert_eq!((read.rows.len(), read.cell(1, "city")), (1, Some("Ulm")));
    }
}
