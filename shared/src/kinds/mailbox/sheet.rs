//! A table of mailboxes as a person brings it: every row checked, mended in place, and checked again.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rows::{self, ROW_NUMBER};
use super::{Address, Blocker, Guid, MailboxName};
use crate::csv::{CellFault, Grid, HeaderFault, Layout, Row, Spec};
use crate::words;

/// What a table is brought for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Purpose {
    /// Inactive mailboxes become active ones.
    #[default]
    Recover,
    /// Inactive mailboxes' content goes into others.
    Restore,
}

/// A table, checked.
#[derive(Debug, Clone)]
pub struct Sheet {
    purpose: Purpose,
    grid: Grid,
    layout: Layout,
    done: Done,
    checked: Vec<Checked>,
    /// The place of each row in the table as it was brought, counted from 1.
    numbers: Vec<u64>,
    claims: Claims,
}

/// Where a table of results says what became of its rows.
#[derive(Debug, Clone, Default)]
struct Done {
    number: Option<usize>,
    status: Option<usize>,
}

/// What is known of a row by itself.
#[derive(Debug, Clone, Default)]
struct Checked {
    faults: Vec<Fault>,
    notes: Vec<String>,
    claims: Vec<Claim>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place of the column that it is about; none where it is about the whole row.
    pub place: Option<usize>,
    /// A sentence for a person, which names column and value and says what would be right.
    pub text: String,
}

/// What only one row may have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Claim {
    Source(Guid),
    Target(String),
    Restoration(String),
}

/// For each claim the rows that make it.
type Claims = HashMap<Claim, BTreeSet<usize>>;

/// The columns that a table of results has before those that were brought.
pub const RESULT_COLUMNS: [&str; 8] = [
    ROW_NUMBER,
    "source_identity",
    "target_identity",
    "status",
    "error",
    "started_at",
    "completed_at",
    "duration_seconds",
];

/// What a table of results says of a row that is done.
const COMPLETED: &str = "completed";

impl Purpose {
    /// The columns of its tables.
    pub fn spec(self) -> Spec {
        match self {
            Self::Recover => rows::RECOVERY,
            Self::Restore => rows::RESTORE,
        }
    }
}

impl Sheet {
    /// Checks a table. A table of results is one of rows again: what it says of them is taken off.
    pub fn new(purpose: Purpose, mut grid: Grid) -> Result<Self, Vec<HeaderFault>> {
        let done = take_results_off(&mut grid);
        let layout = purpose.spec().layout(&grid.headers)?;
        let mut sheet = Self {
            purpose,
            checked: vec![Checked::default(); grid.rows.len()],
            numbers: (1..).take(grid.rows.len()).collect(),
            claims: Claims::with_capacity(grid.rows.len() * 2),
            grid,
            layout,
            done,
        };
        for row in 0..sheet.grid.rows.len() {
            sheet.check(row);
        }
        Ok(sheet)
    }

    /// What it is brought for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The table itself.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Where its columns are.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.grid.rows.len()
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.grid.rows.is_empty()
    }

    /// A cell as it is; empty where there is none.
    pub fn cell(&self, row: usize, place: usize) -> &str {
        let row = self.grid.rows.get(row);
        row.and_then(|row| row.cells.get(place))
            .map_or("", String::as_str)
    }

    /// What is wrong with a row; nothing where it can be run.
    pub fn faults(&self, row: usize) -> Vec<Fault> {
        let Some(checked) = self.checked.get(row) else {
            return Vec::new();
        };
        let mut faults = checked.faults.clone();
        for claim in &checked.claims {
            let first = self.claims.get(claim).and_then(BTreeSet::first);
            if let Some(first) = first.filter(|first| **first < row) {
                faults.push(self.same(claim, row, *first));
            }
        }
        faults
    }

    /// Whether something is wrong with a row.
    pub fn is_wrong(&self, row: usize) -> bool {
        self.checked.get(row).is_some_and(|checked| {
            !checked.faults.is_empty()
                || checked.claims.iter().any(|claim| {
                    let first = self.claims.get(claim).and_then(BTreeSet::first);
                    first.is_some_and(|first| *first < row)
                })
        })
    }

    /// What was put right in a row, each in a few words.
    pub fn notes(&self, row: usize) -> &[String] {
        self.checked.get(row).map_or(&[], |checked| &checked.notes)
    }

    /// The number that a row has in results: what a table of results calls it, or its place in the table as it was
    /// brought, counted from 1.
    pub fn number(&self, row: usize) -> u64 {
        let told = self
            .done
            .number
            .map(|place| self.cell(row, place).trim().parse());
        let placed = || self.numbers.get(row).copied().unwrap_or_default();
        told.and_then(Result::ok).unwrap_or_else(placed)
    }

    /// Whether the table says that a row is done.
    pub fn is_done(&self, row: usize) -> bool {
        let status = self.done.status.map(|place| self.cell(row, place));
        status.is_some_and(|status| status.trim().eq_ignore_ascii_case(COMPLETED))
    }

    /// The rows that can be run and are not done.
    pub fn ready(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|row| !self.is_done(*row) && !self.is_wrong(*row))
    }

    /// The rows that something is wrong with and that are not done.
    pub fn wrong(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|row| !self.is_done(*row) && self.is_wrong(*row))
    }

    /// Puts a text into a cell, and checks its row again.
    pub fn mend(&mut self, row: usize, place: usize, text: &str) {
        let Some(cells) = self.grid.rows.get_mut(row).map(|row| &mut row.cells) else {
            return;
        };
        if let Some(cell) = cells.get_mut(place) {
            text.clone_into(cell);
            self.check(row);
        }
    }

    /// Takes rows out, by their numbers. The others keep theirs.
    pub fn take_out(&mut self, numbers: &BTreeSet<u64>) {
        let kept = (0..self.len()).map(|row| !numbers.contains(&self.number(row)));
        let kept: Vec<bool> = kept.collect();
        let mut stays = kept.iter().copied();
        self.grid.rows.retain(|_| stays.next().unwrap_or(true));
        let mut stays = kept.iter().copied();
        self.numbers.retain(|_| stays.next().unwrap_or(true));
        self.checked = vec![Checked::default(); self.grid.rows.len()];
        self.claims.clear();
        for row in 0..self.len() {
            self.check(row);
        }
    }

    /// The columns that a request names: a number for each row, and those of the table.
    pub fn columns(&self) -> Vec<String> {
        let number = std::iter::once(ROW_NUMBER.to_owned());
        number
            .chain(self.kept().map(|place| self.grid.headers[place].clone()))
            .collect()
    }

    /// A row as a request carries it, below [`Sheet::columns`].
    pub fn row(&self, row: usize) -> Value {
        let number = std::iter::once(self.number(row).to_string());
        let cells = self.kept().map(|place| self.cell(row, place).to_owned());
        number.chain(cells).map(Value::String).collect()
    }

    /// Places of the columns that go into a request: all with a name that are not what results say.
    fn kept(&self) -> impl Iterator<Item = usize> {
        let number = self.done.number;
        let status = self.done.status;
        let headers = self.grid.headers.iter().enumerate();
        headers.filter_map(move |(place, header)| {
            let is_ours = Some(place) == number || Some(place) == status;
            (!is_ours && !header.is_empty()).then_some(place)
        })
    }

    fn same(&self, claim: &Claim, row: usize, first: usize) -> Fault {
        let column = match claim {
            Claim::Source(_) => "source_guid",
            Claim::Target(_) => "target_upn",
            Claim::Restoration(_) => "target_mailbox",
        };
        let say = match claim {
            Claim::Source(_) => words::sheet_same_source,
            Claim::Target(_) => words::sheet_same_target,
            Claim::Restoration(_) => words::sheet_same_restoration,
        };
        let place = self.layout.place(column);
        let value = place.map_or("", |place| self.cell(row, place));
        let (row, line) = (self.number(first), self.grid.rows[first].line);
        Fault {
            place,
            text: say(column, value, &row.to_string(), &line.to_string()),
        }
    }

    fn check(&mut self, row: usize) {
        for claim in std::mem::take(&mut self.checked[row].claims) {
            if let Some(rows) = self.claims.get_mut(&claim) {
                rows.remove(&row);
            }
        }
        let checked = self.checked_row(&self.grid.rows[row]);
        if !self.is_done(row) {
            for claim in &checked.claims {
                self.claims.entry(claim.clone()).or_default().insert(row);
            }
        }
        self.checked[row] = checked;
    }

    fn checked_row(&self, row: &Row) -> Checked {
        let cells = self.layout.cells(&row.cells);
        let whole = self.grid.faults(row).into_iter().map(|fault| Fault {
            place: None,
            text: fault.to_string(),
        });
        let mut checked = Checked {
            faults: whole.collect(),
            ..Checked::default()
        };
        let read = match self.purpose {
            Purpose::Recover => rows::recovery(&cells)
                .map(|read| (read.cleaned, Claimed::Recovery(&read.row).claims())),
            Purpose::Restore => rows::restore(&cells)
                .map(|read| (read.cleaned, Claimed::Restore(&read.row).claims())),
        };
        match read {
            Ok((cleaned, claims)) => {
                let notes = cleaned.iter().map(|what| what.text().to_owned());
                checked.notes = notes.collect();
                checked.claims = claims;
            }
            Err(faults) => checked.faults.extend(faults.iter().map(|fault| Fault {
                place: self.layout.place(fault.column),
                text: CellFault::text(fault),
            })),
        }
        checked
    }
}

/// Takes off what a table of results says of its rows, but for their numbers and how they stand. It is one where
/// all eight columns are there.
fn take_results_off(grid: &mut Grid) -> Done {
    let place = |name: &str, headers: &[String]| {
        let mut headers = headers.iter();
        headers.position(|header| header.trim().eq_ignore_ascii_case(name))
    };
    if !RESULT_COLUMNS
        .iter()
        .all(|name| place(name, &grid.headers).is_some())
    {
        return Done {
            number: place(ROW_NUMBER, &grid.headers),
            status: None,
        };
    }
    let kept = |header: &str, at: usize, headers: &[String]| {
        let is_result = RESULT_COLUMNS
            .iter()
            .any(|name| place(name, headers) == Some(at));
        let stays = [ROW_NUMBER, "status"]
            .iter()
            .any(|name| header.trim().eq_ignore_ascii_case(name));
        !is_result || stays
    };
    let headers = std::mem::take(&mut grid.headers);
    let places: Vec<bool> = (0..)
        .zip(&headers)
        .map(|(at, header)| kept(header, at, &headers))
        .collect();
    let stays = |at: usize| places.get(at).copied().unwrap_or(true);
    for row in &mut grid.rows {
        let cells = std::mem::take(&mut row.cells).into_iter().enumerate();
        row.cells = cells
            .filter(|(at, _)| stays(*at))
            .map(|(_, cell)| cell)
            .collect();
    }
    let headers = headers.into_iter().enumerate();
    grid.headers = headers
        .filter(|(at, _)| stays(*at))
        .map(|(_, header)| header)
        .collect();
    Done {
        number: place(ROW_NUMBER, &grid.headers),
        status: place("status", &grid.headers),
    }
}

/// Rows that claim what an earlier one has, each with the first thing that is so: their places, counted from 0.
pub fn clashes<'a>(rows: impl Iterator<Item = (u64, Claimed<'a>)>) -> Vec<(usize, Blocker)> {
    let mut first: HashMap<Claim, u64> = HashMap::new();
    let mut found = Vec::new();
    for (place, (number, claimed)) in rows.enumerate() {
        let mut clash = None;
        for claim in claimed.claims() {
            match first.get(&claim) {
                Some(row) if clash.is_none() => clash = Some(claim.clash(*row)),
                Some(_) => {}
                None => {
                    first.insert(claim, number);
                }
            }
        }
        found.extend(clash.map(|clash| (place, clash)));
    }
    found
}

impl Claim {
    fn clash(&self, row: u64) -> Blocker {
        match self {
            Self::Source(_) => Blocker::SameSource { row },
            Self::Target(_) | Self::Restoration(_) => Blocker::SameTarget { row },
        }
    }
}

impl Claimed<'_> {
    fn claims(self) -> Vec<Claim> {
        match self {
            Self::Recovery(row) => vec![
                Claim::Source(row.source.clone()),
                Claim::Target(row.profile.upn.to_lowercase()),
            ],
            Self::Restore(row) => {
                let target = match &row.target {
                    MailboxName::Guid(guid) => guid.to_string(),
                    MailboxName::Address(address) => Address::key(address),
                };
                vec![Claim::Restoration(format!("{} {target}", row.source))]
            }
        }
    }
}

/// A row, as far as it claims what only one may have.
#[derive(Debug, Clone, Copy)]
pub enum Claimed<'a> {
    /// A row of a recovery.
    Recovery(&'a rows::Recovery),
    /// A row of a restore.
    Restore(&'a rows::Restore),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::csv::{Limits, write_row};

    const GUIDS: [&str; 3] = [
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "3f2504e0-4f89-41d3-9a0c-0305e82c3302",
        "3f2504e0-4f89-41d3-9a0c-0305e82c3303",
    ];

    fn sheet(purpose: Purpose, text: &str) -> Sheet {
        let grid = Grid::read(text.as_bytes(), Limits::default()).unwrap();
        Sheet::new(purpose, grid).unwrap()
    }

    fn recovery(rows: &[&str]) -> Sheet {
        let rows: Vec<String> = rows
            .iter()
            .map(|row| {
                row.replace("G1", GUIDS[0])
                    .replace("G2", GUIDS[1])
                    .replace("G3", GUIDS[2])
            })
            .collect();
        sheet(
            Purpose::Recover,
            &format!(
                "Ticket,source_guid,target_upn,display_name\n{}\n",
                rows.join("\n")
            ),
        )
    }

    #[test]
    fn an_error_names_row_line_column_value_and_what_would_be_right() {
        let sheet = recovery(&[
            "T1,7.39E+07,ann,",
            "",
            "T2,{G1},a@x.example,Ann",
            "T3,G1,A@x.example,Bob",
            "T4,#N/A,#REF!,x",
        ]);
        let texts = |row: usize| {
            sheet
                .faults(row)
                .into_iter()
                .map(|fault| fault.text)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts(0),
            [
                "source_guid “7.39E+07” is a number that a spreadsheet made of an id; format the column as text and put the id in again.",
                "target_upn “ann” is no address, which looks like ann@example.com, with one “@”.",
                "display_name is empty; put in the name that others are to see.",
            ]
        );
        assert_eq!(texts(1), [""; 0]);
        assert_eq!(sheet.notes(1), ["braces taken off"]);
        assert_eq!(
            texts(2),
            [
                format!("source_guid “{}”: row 2 (line 4) names the same mailbox; take one of the two out.", GUIDS[0]),
                "target_upn “A@x.example”: row 2 (line 4) wants the same target; take one of the two out.".to_owned(),
            ]
        );
        assert_eq!(sheet.grid().rows[2].line, 5);
        assert_eq!(
            texts(3),
            [
                "source_guid “#N/A” is a spreadsheet's error and no id; look up the id again.",
                "target_upn “#REF!” is a spreadsheet's error; look the address up again.",
            ]
        );
        assert_eq!(
            (sheet.ready().collect::<Vec<_>>(), sheet.wrong().count()),
            (vec![1], 3)
        );
    }

    #[test]
    fn what_is_mended_is_checked_again_and_so_is_what_it_was_the_same_as() {
        let mut sheet = recovery(&[
            "T1,G1,a@x.example,Ann",
            "T2,G1,b@x.example,Bob",
            "T3,G3,b@x.example,Cleo",
        ]);
        assert_eq!(sheet.wrong().collect::<Vec<_>>(), [1, 2]);
        sheet.mend(1, 1, GUIDS[1]);
        assert_eq!(sheet.wrong().collect::<Vec<_>>(), [2]);
        // The row that came first is right when the two change places.
        sheet.mend(1, 2, "c@x.example");
        assert_eq!(sheet.wrong().count(), 0);
        sheet.mend(1, 2, "");
        assert_eq!(sheet.wrong().collect::<Vec<_>>(), [1]);
        sheet.take_out(&BTreeSet::from([2]));
        assert_eq!((sheet.len(), sheet.wrong().count()), (2, 0));
        assert_eq!([sheet.number(0), sheet.number(1)], [1, 3]);
        sheet.mend(9, 9, "nowhere");
    }

    #[test]
    fn a_row_goes_with_its_number_and_all_that_was_brought() {
        let sheet = recovery(&["T1,G1,a@x.example,Ann"]);
        assert_eq!(
            sheet.columns(),
            [
                "row_number",
                "Ticket",
                "source_guid",
                "target_upn",
                "display_name"
            ]
        );
        let row = sheet.row(0);
        assert_eq!(
            row,
            serde_json::json!(["1", "T1", GUIDS[0], "a@x.example", "Ann"])
        );
    }

    #[test]
    fn a_table_of_results_brought_again_runs_what_is_not_done() {
        let mut out = Vec::new();
        let headers = RESULT_COLUMNS.iter().chain(&[
            "Ticket",
            "source_identity",
            "target_upn",
            "display_name",
        ]);
        write_row(&mut out, headers.map(|name| (*name).into()));
        for (number, status) in [(7, "completed"), (8, "failed"), (9, "pending")] {
            let guid = GUIDS[number - 7];
            let upn = format!("u{number}@x.example");
            let cells = [
                &number.to_string(),
                guid,
                &upn,
                status,
                "The mailbox is full.",
                "",
                "",
                "1.5",
                "=T",
                guid,
                &upn,
                "Name",
            ];
            write_row(&mut out, cells.map(|cell| cell.into()));
        }
        let grid = Grid::read(&out, Limits::default()).unwrap();
        let sheet = Sheet::new(Purpose::Recover, grid).unwrap();
        assert_eq!(
            sheet.grid().headers,
            [
                "row_number",
                "status",
                "Ticket",
                "source_identity",
                "target_upn",
                "display_name"
            ]
        );
        assert_eq!(sheet.ready().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(
            sheet.row(2),
            serde_json::json!(["9", "=T", GUIDS[2], "u9@x.example", "Name"])
        );
    }

    #[test]
    fn a_restore_takes_guids_and_names_and_each_pair_once() {
        let header = "source_guid;target_mailbox;target_folder;conflict_resolution\n";
        let rows = format!(
            "{header}{g};b@x.example;Restored/2025;KeepLatestItem\n{g};c@x.example;;\n{g};B@x.example;;\n{g};{{{g}}};a//b;replace\n",
            g = GUIDS[0]
        );
        let sheet = sheet(Purpose::Restore, &rows);
        assert_eq!(sheet.ready().collect::<Vec<_>>(), [0, 1]);
        let texts: Vec<String> = sheet
            .faults(3)
            .into_iter()
            .map(|fault| fault.text)
            .collect();
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert!(texts[1].contains("“replace” is no rule"), "{texts:?}");
        assert!(texts[2].contains("is the source itself"), "{texts:?}");
    }

    #[test]
    fn a_row_with_too_many_cells_is_wrong_as_a_whole() {
        let sheet = recovery(&["T1,G1,a@x.example,Lee, Ann", "T2,G2,b@x.example,Bob"]);
        let fault = Fault {
            place: None,
            text:
                "The row has 5 cells below 4 headers; a cell with “,” in it has to stand in quotes."
                    .to_owned(),
        };
        assert_eq!(sheet.faults(0), [fault]);
        assert!(sheet.is_wrong(0) && !sheet.is_wrong(1));
        assert_eq!(sheet.faults(1), []);
        assert_eq!(sheet.faults(2), []);
        assert!(!sheet.is_wrong(2));
    }

    #[test]
    fn a_fault_is_at_the_place_of_its_column() {
        let sheet = recovery(&["T1,x,y,", "T2,G1,b@x.example,Bob", "T3,G1,B@x.example,Bob"]);
        let places = |row: usize| {
            let faults = sheet.faults(row).into_iter();
            faults.map(|fault| fault.place).collect::<Vec<_>>()
        };
        assert_eq!(places(0), [Some(1), Some(2), Some(3)]);
        assert_eq!(places(2), [Some(1), Some(2)]);
        assert!(sheet.is_wrong(2));
        assert_eq!(
            (sheet.cell(1, 3), sheet.cell(1, 9), sheet.cell(9, 0)),
            ("Bob", "", "")
        );
    }

    #[test]
    fn a_table_knows_what_it_is_for_and_may_be_emptied() {
        let mut sheet = recovery(&["T1,G1,a@x.example,Ann"]);
        assert_eq!(
            (sheet.purpose(), sheet.is_empty()),
            (Purpose::Recover, false)
        );
        sheet.take_out(&BTreeSet::from([2]));
        assert_eq!(sheet.len(), 1);
        sheet.take_out(&BTreeSet::from([1]));
        assert_eq!((sheet.len(), sheet.is_empty()), (0, true));
        assert_eq!(sheet.number(0), 0);
        let text = format!("source_guid,target_mailbox\n{},b@x.example\n", GUIDS[0]);
        let restore = self::sheet(Purpose::Restore, &text);
        assert_eq!(restore.purpose(), Purpose::Restore);
    }

    #[test]
    fn a_row_is_called_by_the_number_that_it_brings() {
        let text = format!(
            "Row_Number,,source_guid,target_upn,display_name\n 70 ,z,{},a@x.example,A\nx,z,{},b@x.example,B\n",
            GUIDS[0], GUIDS[1]
        );
        let sheet = sheet(Purpose::Recover, &text);
        assert_eq!([sheet.number(0), sheet.number(1)], [70, 2]);
        // Neither the number nor a column without a name goes along a second time.
        assert_eq!(
            sheet.columns(),
            ["row_number", "source_guid", "target_upn", "display_name"]
        );
        assert_eq!(sheet.row(0)[0], "70");
    }

    #[test]
    fn what_is_done_claims_nothing_and_is_neither_ready_nor_wrong() {
        let header = RESULT_COLUMNS.join(",") + ",source_guid,target_upn,display_name";
        let row = |status: &str| format!("1,x,y,{status},,,,,{},a@x.example,Name", GUIDS[0]);
        let sheet = |rows: [&str; 3]| {
            let text = [header.clone(), rows.map(row).join("\n")].join("\n");
            sheet(Purpose::Recover, &text)
        };
        let of = |sheet: &Sheet| -> (Vec<usize>, Vec<usize>) {
            (sheet.ready().collect(), sheet.wrong().collect())
        };
        assert_eq!(
            of(&sheet([" Completed ", "failed", "completed"])),
            (vec![1], vec![])
        );
        assert_eq!(
            of(&sheet(["failed", "completed", "pending"])),
            (vec![0], vec![2])
        );
        assert_eq!(
            of(&sheet(["completed", "COMPLETED", "completed"])),
            (vec![], vec![])
        );
        // A column that is only called like that says nothing of what is done.
        let text = format!(
            "status,source_guid,target_upn,display_name\ncompleted,{},a@x.example,A\n",
            GUIDS[0]
        );
        let plain = self::sheet(Purpose::Recover, &text);
        assert_eq!(plain.ready().count(), 1);
        assert_eq!(plain.columns()[1], "status");
    }

    #[test]
    fn a_clash_names_the_earlier_row_and_the_first_thing_that_both_have() {
        let row = |guid: &str, upn: &str| rows::Recovery {
            source: guid.parse().unwrap(),
            profile: crate::kinds::mailbox::Profile {
                upn: upn.to_owned(),
                ..Default::default()
            },
        };
        let rows = [
            row(GUIDS[0], "a@x.example"),
            row(GUIDS[1], "A@x.example"),
            row(GUIDS[0], "a@x.example"),
            row(GUIDS[2], "c@x.example"),
        ];
        let claimed = (70..).zip(rows.iter().map(Claimed::Recovery));
        let expected = [
            (1, Blocker::SameTarget { row: 70 }),
            (2, Blocker::SameSource { row: 70 }),
        ];
        assert_eq!(clashes(claimed), expected);
        let into = |target: &str| rows::Restore {
            source: GUIDS[0].parse().unwrap(),
            target: MailboxName::read(target).unwrap(),
            folder: None,
            rule: None,
        };
        let rows = [
            into("b@x.example"),
            into("c@x.example"),
            into("B@x.example"),
        ];
        let claimed = (1..).zip(rows.iter().map(Claimed::Restore));
        assert_eq!(clashes(claimed), [(2, Blocker::SameTarget { row: 1 })]);
    }

    #[test]
    fn templates_validate() {
        for purpose in [Purpose::Recover, Purpose::Restore] {
            let grid = Grid::read(&purpose.spec().template(), Limits::default()).unwrap();
            let sheet = Sheet::new(purpose, grid).unwrap();
            assert_eq!(
                (sheet.len(), sheet.ready().count()),
                (1, 1),
                "{:?}",
                sheet.faults(0)
            );
        }
    }
}
