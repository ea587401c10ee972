//! A table of mailboxes on the screen: its rows in the order in which they need a person, what is wrong with each,
//! and the jobs that are made of it.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_shared::api::{ItemOutcome, NewJob, Workbook};
use bulkhead_shared::csv::{CELL_CHARS, Grid, GridError, Limits};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use bulkhead_shared::kinds::mailbox::{ConflictRule, Mailbox};
use bulkhead_shared::limits::ROWS_PER_REQUEST;
use bulkhead_shared::operations::mailbox::validate::READY;
use bulkhead_shared::operations::{
    Operation, RecoverMailboxes, RestoreMailboxes, ValidateMailboxes,
};
use bulkhead_shared::selection::Selection;

use crate::words;

/// A table, as far as a person has come with it.
#[derive(Debug, Clone)]
pub struct Table {
    /// Where it came from.
    pub name: String,
    /// Its rows, checked as they are.
    pub sheet: Sheet,
    /// Its rows in the order in which they are shown: wrong ones first, done ones last.
    pub order: Vec<usize>,
    /// What the directory said of rows, by their numbers; none of a row that was changed since.
    found: BTreeMap<u64, Option<String>>,
}

/// How many rows stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Something is wrong in them.
    pub wrong: usize,
    /// The directory has something against them.
    pub blocked: usize,
    /// They can be run.
    pub ready: usize,
    /// They were done before.
    pub done: usize,
}

impl Table {
    /// Reads a file; why it is no such table, in a sentence.
    pub fn read(purpose: Purpose, name: &str, bytes: &[u8]) -> Result<Self, String> {
        let grid = Grid::read(bytes, Limits::default());
        Self::of(purpose, name, grid.map_err(|error| sentence(&error))?)
    }

    /// Reads the sheet of a workbook.
    pub fn of_workbook(purpose: Purpose, name: &str, book: &Workbook) -> Result<Self, String> {
        let rows = book.rows.iter();
        let rows = rows.map(|row| (row.line, row.cells.iter().map(String::as_str)));
        let grid = Grid::of_rows(rows, Limits::default());
        let name = match book.sheets {
            0 | 1 => words::table_of_sheet(name, &book.sheet),
            _ => words::table_of_one_sheet(name, &book.sheet),
        };
        Self::of(purpose, &name, grid.map_err(|error| sentence(&error))?)
    }

    /// Reads what was pasted of a spreadsheet. Without a row of headers it has the columns of a template.
    pub fn pasted(purpose: Purpose, text: &str) -> Result<Self, String> {
        let grid = Grid::of_text(text, Limits::default());
        let named = match grid {
            Ok(grid) if purpose.spec().layout(&grid.headers).is_ok() => Ok(grid),
            Ok(_) | Err(GridError::NoRows) => {
                let columns = purpose.spec().columns.iter().map(|column| column.name);
                let columns: Vec<&str> = columns.collect();
                let headed = format!("{}\n{text}", columns.join("\t"));
                Grid::of_text(&headed, Limits::default())
            }
            Err(error) => Err(error),
        };
        Self::of(
            purpose,
            words::table_pasted(),
            named.map_err(|error| sentence(&error))?,
        )
    }

    /// A table of mailboxes that were picked: each becomes what it was.
    pub fn picked(purpose: Purpose, mailboxes: &[Mailbox]) -> Result<Self, String> {
        let columns = purpose.spec().columns.iter().map(|column| column.name);
        let columns: Vec<&str> = columns.collect();
        let cells = |mailbox: &Mailbox| -> Vec<String> {
            let profile = &mailbox.profile;
            let cell = |column: &&str| match *column {
                "source_guid" => mailbox.guid.to_string(),
                "target_upn" => profile.upn.clone(),
                "target_smtp" => profile.smtp.clone(),
                "display_name" => profile.display_name.clone(),
                "first_name" => profile.first_name.clone(),
                "last_name" => profile.last_name.clone(),
                "department" => profile.department.clone(),
                "company" => profile.company.clone(),
                _ => String::new(),
            };
            columns.iter().map(cell).collect()
        };
        let rows: Vec<Vec<String>> = mailboxes.iter().map(cells).collect();
        let headers = std::iter::once((1, columns.to_vec()));
        let texts = |row: &'_ Vec<String>| -> Vec<String> { row.clone() };
        let rows: Vec<Vec<String>> = rows.iter().map(texts).collect();
        let below = (2..).zip(
            rows.iter()
                .map(|row| row.iter().map(String::as_str).collect()),
        );
        let all = headers
            .chain(below)
            .map(|(line, cells)| (line, cells.into_iter()));
        let grid = Grid::of_rows(all, Limits::default());
        Self::of(
            purpose,
            words::table_picked(),
            grid.map_err(|error| sentence(&error))?,
        )
    }

    fn of(purpose: Purpose, name: &str, grid: Grid) -> Result<Self, String> {
        let sheet = Sheet::new(purpose, grid).map_err(|faults| {
            let texts: Vec<String> = faults.iter().map(sentence).collect();
            texts.join(" ")
        })?;
        let mut table = Self {
            name: name.to_owned(),
            sheet,
            order: Vec::new(),
            found: BTreeMap::new(),
        };
        table.sort();
        Ok(table)
    }

    /// Puts the rows that need somebody first. While one is mended it stays where it is.
    pub fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.sheet.len()).collect();
        order.sort_by_key(|row| (self.rank(*row), *row));
        self.order = order;
    }

    fn rank(&self, row: usize) -> u8 {
        if self.sheet.is_done(row) {
            3
        } else if self.sheet.is_wrong(row) {
            0
        } else if self.blocker(row).is_some() {
            1
        } else {
            2
        }
    }

    /// What the directory has against a row.
    pub fn blocker(&self, row: usize) -> Option<&str> {
        self.found.get(&self.sheet.number(row))?.as_deref()
    }

    /// Whether the directory was asked about a row as it is.
    pub fn is_checked(&self, row: usize) -> bool {
        self.found.contains_key(&self.sheet.number(row))
    }

    /// Puts a text into a cell.
    pub fn mend(&mut self, row: usize, place: usize, text: &str) {
        let most = text.char_indices().nth(CELL_CHARS);
        let text = most.map_or(text, |(end, _)| &text[..end]);
        self.found.remove(&self.sheet.number(row));
        self.sheet.mend(row, place, text);
    }

    /// Takes rows out, by their numbers: somebody wants them gone, or a job has them now.
    pub fn take_out(&mut self, numbers: &BTreeSet<u64>) {
        self.sheet.take_out(numbers);
        self.found.retain(|number, _| !numbers.contains(number));
        self.sort();
    }

    /// What the directory said.
    pub fn heard(&mut self, items: impl Iterator<Item = ItemOutcome>) {
        for item in items {
            let (Some(row), Some(result)) = (item.row, item.result) else {
                continue;
            };
            let against = (result.class != READY).then(|| result.detail.unwrap_or(result.class));
            self.found.insert(row, against);
        }
        self.sort();
    }

    /// How many rows stand how.
    pub fn tally(&self) -> Tally {
        let mut counts = [0; 4];
        for row in 0..self.sheet.len() {
            counts[usize::from(self.rank(row))] += 1;
        }
        let [wrong, blocked, ready, done] = counts;
        Tally {
            wrong,
            blocked,
            ready,
            done,
        }
    }

    /// The jobs that look the rows through that are right by themselves, each as many as a job takes.
    pub fn validations(&self, account: &AccountId, rule: ConflictRule) -> Vec<NewJob> {
        let rows: Vec<usize> = self.sheet.ready().collect();
        let jobs = rows.chunks(ROWS_PER_REQUEST).map(|rows| {
            let operation = Operation::ValidateMailboxes(ValidateMailboxes {
                purpose: self.sheet.purpose(),
                columns: self.sheet.columns(),
                conflict_resolution: rule,
            });
            self.job(account, operation, rows)
        });
        jobs.collect()
    }

    /// The rows that nothing is known against, the first so many that a job takes.
    pub fn next(&self) -> Vec<usize> {
        let rows = self.sheet.ready();
        rows.filter(|row| self.blocker(*row).is_none())
            .take(ROWS_PER_REQUEST)
            .collect()
    }

    /// The job that does what the rows of [`Table::next`] say, and their numbers; none where there is no such row.
    pub fn job_of_next(
        &self,
        account: &AccountId,
        rule: ConflictRule,
    ) -> Option<(NewJob, BTreeSet<u64>)> {
        let rows = self.next();
        let columns = self.sheet.columns();
        let operation = match self.sheet.purpose() {
            Purpose::Recover => Operation::RecoverMailboxes(RecoverMailboxes { columns }),
            Purpose::Restore => Operation::RestoreMailboxes(RestoreMailboxes {
                columns,
                conflict_resolution: rule,
            }),
        };
        let numbers = rows.iter().map(|row| self.sheet.number(*row)).collect();
        (!rows.is_empty()).then(|| (self.job(account, operation, &rows), numbers))
    }

    fn job(&self, account: &AccountId, operation: Operation, rows: &[usize]) -> NewJob {
        NewJob {
            account: account.clone(),
            operation,
            selection: Selection::Rows {
                rows: rows.iter().map(|row| self.sheet.row(*row)).collect(),
            },
            options: Default::default(),
            confirm: None,
        }
    }
}

/// An error as a sentence of its own.
fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bulkhead_shared::outcome::ItemResult;

    use super::*;

    const GUID: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c330";

    fn table(rows: usize) -> Table {
        let mut text = "source_guid,target_upn,display_name\n".to_owned();
        for row in 0..rows {
            text.push_str(&format!("{GUID}{row},u{row}@x.example,User {row}\n"));
        }
        Table::read(Purpose::Recover, "a.csv", text.as_bytes()).unwrap()
    }

    fn said(row: u64, class: &str) -> ItemOutcome {
        ItemOutcome {
            id: "row".parse().unwrap(),
            outcome: None,
            reason: None,
            at: None,
            started_at: None,
            row: Some(row),
            result_unreadable: false,
            under_way: false,
            evidence: None,
            result: Some(ItemResult {
                class: class.to_owned(),
                percent: None,
                detail: (class != READY).then(|| "In the way.".to_owned()),
                about: None,
            }),
            card: None,
        }
    }

    #[test]
    fn rows_that_need_somebody_come_first_and_stay_in_place_while_they_are_mended() {
        let mut table = table(4);
        table.mend(2, 1, "wrong");
        assert_eq!(table.order, [0, 1, 2, 3]);
        table.sort();
        assert_eq!(table.order, [2, 0, 1, 3]);
        table.heard([said(2, "on_hold"), said(1, READY)].into_iter());
        assert_eq!(table.order, [2, 1, 0, 3]);
        assert_eq!(table.blocker(1), Some("In the way."));
        let tally = table.tally();
        assert_eq!(
            (tally.wrong, tally.blocked, tally.ready, tally.done),
            (1, 1, 2, 0)
        );
        // What was changed is to be asked about again.
        table.mend(1, 1, "other@x.example");
        assert!(table.blocker(1).is_none() && !table.is_checked(1) && table.is_checked(0));
    }

    #[test]
    fn jobs_are_made_of_the_rows_that_are_right() {
        let account: AccountId = "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
        let mut table = table(3);
        table.mend(0, 0, "7.39E+07");
        table.heard([said(2, "on_hold")].into_iter());
        let rule = ConflictRule::default();
        let count = |job: &NewJob| match &job.selection {
            Selection::Rows { rows } => rows.len(),
            _ => 0,
        };
        let validations = table.validations(&account, rule);
        assert_eq!(validations.iter().map(count).collect::<Vec<_>>(), [2]);
        let (job, numbers) = table.job_of_next(&account, rule).unwrap();
        assert_eq!(job.validate(), Ok(()));
        assert_eq!((count(&job), &numbers), (1, &BTreeSet::from([3])));
        // What a job has now is no longer here; the others keep their numbers.
        table.take_out(&numbers);
        assert_eq!((table.sheet.len(), table.sheet.number(1)), (2, 2));
        assert_eq!(table.blocker(1), Some("In the way."));
        assert!(table.job_of_next(&account, rule).is_none());
    }

    #[test]
    fn more_rows_than_a_job_takes_go_into_several() {
        let account: AccountId = "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
        let mut text = "source_guid,target_upn,display_name\n".to_owned();
        for row in 0..ROWS_PER_REQUEST + 5 {
            let guid = format!("3f2504e0-4f89-41d3-9a0c-{row:012x}");
            text.push_str(&format!("{guid},u{row}@x.example,User {row}\n"));
        }
        let mut table = Table::read(Purpose::Recover, "a.csv", text.as_bytes()).unwrap();
        let rule = ConflictRule::default();
        assert_eq!(table.validations(&account, rule).len(), 2);
        let (_, numbers) = table.job_of_next(&account, rule).unwrap();
        assert_eq!(numbers.len(), ROWS_PER_REQUEST);
        table.take_out(&numbers);
        let (_, numbers) = table.job_of_next(&account, rule).unwrap();
        assert_eq!(
            numbers.into_iter().collect::<Vec<_>>(),
            [10_001, 10_002, 10_003, 10_004, 10_005]
        );
    }

    #[test]
    fn what_is_pasted_needs_no_headers() {
        let row = format!("{GUID}1\tbob@x.example\t\tkeep_both");
        let table = Table::pasted(Purpose::Restore, &row).unwrap();
        assert_eq!((table.tally().ready, table.sheet.len()), (1, 1));
        let headed = format!("target_mailbox\tsource_guid\nbob@x.example\t{GUID}1\n");
        let table = Table::pasted(Purpose::Restore, &headed).unwrap();
        assert_eq!(table.tally().ready, 1);
        let error = Table::read(Purpose::Restore, "a", b"guid,to\n1,2\n").unwrap_err();
        assert!(
            error.starts_with("The column “source_guid” is missing; not known are: guid, to."),
            "{error}"
        );
    }
}
