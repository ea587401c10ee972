//! Looking at what would be sent: every row is rendered, and whatever stands in the way is named by row and
//! column.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bulkhead_shared::address::Address;
use bulkhead_shared::api::{LeftOutRow, LetterFault, LettersSeen, LookAtLetters, SeenLetter};
use bulkhead_shared::attached_file::{self, AttachedFile};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::{Card, recipient};
use bulkhead_shared::limits::{LEFT_OUT_SHOWN, LETTER_BYTES};
use bulkhead_shared::operations::BulkSend;
use bulkhead_shared::operations::recipient::{Attached, CellFault, Recipient};
use bulkhead_shared::problem::Invalid;
use jiff::Timestamp;

use super::build;
use super::files::FileContent;
use super::invalid::invalid;
use super::nearest::nearest;
use super::row_values::name_of;
use super::template::{RenderFault, Rendered, Templates};

/// Faults that are named one by one.
const FAULTS: usize = 1_000;
/// Mails that are shown unless others are asked for, of each sort.
const FIRST: usize = 3;
/// Bytes of a subject, most: no server takes longer lines than 998 (RFC 5322, section 2.1.1), and no person
/// reads them.
const SUBJECT_BYTES: usize = 900;

/// A text grows threefold in a mail, most (RFC 2045, section 6.7).
const GROWTH: usize = 3;
/// Bytes of a mail's own headers, most.
const HEAD_BYTES: usize = 8_000;

/// Renders the mails of all rows. `left_out` says who gets none, by row and recipient.
pub fn look(
    wanted: &LookAtLetters,
    left_out: impl Fn(u32, &Recipient) -> Option<LeftOutRow>,
    now: Timestamp,
) -> Result<LettersSeen, Invalid> {
    wanted.validate()?;
    let send = &wanted.operation;
    let recipients: Vec<_> = wanted.rows.iter().map(|row| send.recipient(row)).collect();
    let known = recipients.iter().map(|read| {
        read.as_ref().map_err(|fault| LetterFault {
            column: fault.column.clone(),
            message: fault.message.clone(),
            ..LetterFault::default()
        })
    });
    let total = u32::try_from(wanted.rows.len()).unwrap_or(u32::MAX);
    let seen = match see(send, known.collect()) {
        Ok(seen) => seen,
        // A template that is still being written is no bad request.
        Err(fault) => return Ok(no_template(total, fault, columns(&recipients))),
    };
    let show = wanted.show.clone();
    let show = show.unwrap_or_else(|| seen.worth_showing());
    let letters = show.into_iter().filter_map(|row| {
        let recipient = recipients.get(row as usize - 1)?.as_ref().ok()?;
        shown(send, recipient, row, now)
    });
    let letters = letters.collect();
    let numbered = (1..).zip(&recipients);
    let mut out: Vec<LeftOutRow> = numbered
        .filter_map(|(row, read)| left_out(row, read.as_ref().ok()?))
        .collect();
    let left_out_total = u32::try_from(out.len()).unwrap_or(u32::MAX);
    out.truncate(LEFT_OUT_SHOWN);
    Ok(LettersSeen {
        letters,
        left_out: out,
        left_out_total,
        columns: columns(&recipients),
        ..seen.answer
    })
}

/// What is seen while the template is none.
fn no_template(total: u32, fault: Invalid, columns: Vec<String>) -> LettersSeen {
    let part = match fault.field.as_str() {
        "operation.subject" => "Subject",
        "operation.html" => "HTML",
        _ => "Text",
    };
    LettersSeen {
        total,
        faults: vec![LetterFault {
            message: format!("{part}: {}", fault.message),
            ..LetterFault::default()
        }],
        faults_total: 1,
        columns,
        ..LettersSeen::default()
    }
}

/// Refuses what cannot be sent as it is: the first fault, and how many there are.
pub(crate) fn check(send: &BulkSend, inputs: &[Vec<u8>]) -> Result<(), Invalid> {
    let recipients: Vec<Option<Recipient>> = inputs
        .iter()
        .map(|input| Recipient::of_bytes(input))
        .collect();
    let known = recipients.iter().map(|read| {
        read.as_ref().ok_or_else(|| LetterFault {
            message: "This is no recipient.".to_owned(),
            ..LetterFault::default()
        })
    });
    let LettersSeen {
        faults,
        faults_total,
        ..
    } = see(send, known.collect())?.answer;
    let Some(fault) = faults.into_iter().next() else {
        return Ok(());
    };
    let more = match faults_total {
        0 | 1 => String::new(),
        2 => " There is one more fault.".to_owned(),
        total => format!(" There are {} more faults.", total - 1),
    };
    let column = fault.column.map(|column| format!("“{column}”: "));
    let meant = fault
        .nearest
        .map(|nearest| format!(" Did you mean “{nearest}”?"));
    let text = format!(
        "{}{}{}{more}",
        column.unwrap_or_default(),
        fault.message,
        meant.unwrap_or_default()
    );
    Err(match fault.row {
        Some(row) => Invalid::new(format!("selection.rows[{}]", row - 1), text),
        None => invalid("text", text),
    })
}

/// How a recipient is shown whose mail this job sends.
pub(crate) fn card(send: &BulkSend, id: &ItemId, input: &[u8]) -> Option<Card> {
    let recipient = Recipient::of_bytes(input)?;
    let to = recipient.mailbox()?;
    let templates = Templates::of(send).ok()?;
    let rendered = templates.render(send, &recipient).ok()?;
    Some(recipient::card(
        id.clone(),
        &to,
        &rendered.subject,
        &rendered.text,
    ))
}

/// The same for two addresses that are the same, however their domains are written.
pub(crate) fn address_key(recipient: &Recipient) -> Option<String> {
    key_of(&recipient.mailbox()?.address)
}

/// The same of an address alone.
pub(crate) fn key_of(address: &Address) -> Option<String> {
    build::ascii(address).map(|address| address.key())
}

/// What was seen of all rows.
struct Seen {
    answer: LettersSeen,
    /// Rows that can be sent, the first ones.
    first: Vec<u32>,
}

impl Seen {
    /// Rows whose mails are the most telling.
    fn worth_showing(&self) -> Vec<u32> {
        let rows = self
            .first
            .iter()
            .chain(&self.answer.longest)
            .chain(self.answer.fallback_rows.iter().take(FIRST));
        let mut shown = BTreeSet::new();
        rows.copied().filter(|row| shown.insert(*row)).collect()
    }

    fn fault(&mut self, fault: LetterFault) {
        self.answer.faults_total += 1;
        if self.answer.faults.len() < FAULTS {
            self.answer.faults.push(fault);
        }
    }
}

fn see(send: &BulkSend, recipients: Vec<Result<&Recipient, LetterFault>>) -> Result<Seen, Invalid> {
    let templates = Templates::of(send)?;
    let mut seen = Seen {
        answer: LettersSeen {
            total: u32::try_from(recipients.len()).unwrap_or(u32::MAX),
            ..LettersSeen::default()
        },
        first: Vec::new(),
    };
    check_columns(&recipients, &mut seen);
    let cells = recipients
        .iter()
        .flatten()
        .flat_map(|recipient| recipient.cells().keys());
    let mut names = Names {
        columns: cells.cloned().collect(),
        told: BTreeSet::new(),
    };
    let mut known: HashMap<String, u32> = HashMap::new();
    let attached = Attached::of(send);
    let mut longest = 0;
    for (row, recipient) in (1..).zip(recipients) {
        let recipient = match recipient {
            Ok(recipient) => recipient,
            Err(fault) => {
                seen.fault(LetterFault {
                    row: Some(row),
                    ..fault
                });
                continue;
            }
        };
        let mut faults = twice(send, recipient, row, &mut known);
        let files = attached.with(recipient);
        let rendered = templates
            .render(send, recipient)
            .and_then(|rendered| check_rendered(&rendered).map(|()| rendered));
        faults.extend(file_fault(rendered.as_ref().ok(), files, row));
        let faults: Vec<LetterFault> = match &rendered {
            Ok(_) => faults,
            Err(fault) => faults
                .into_iter()
                .chain(in_row(fault, row, &mut names))
                .collect(),
        };
        match rendered {
            Ok(rendered) if faults.is_empty() => seen.good(row, &rendered, &mut longest),
            _ => faults.into_iter().for_each(|fault| seen.fault(fault)),
        }
    }
    Ok(seen)
}

/// What stands in the way of the files that go along with a mail: one is not there, or all of it is too much.
fn file_fault(
    rendered: Option<&Rendered>,
    files: Result<Vec<&AttachedFile>, CellFault>,
    row: u32,
) -> Option<LetterFault> {
    let files = match files {
        Ok(files) => files,
        Err(CellFault { column, message }) => {
            return Some(LetterFault {
                row: Some(row),
                column,
                message,
                ..LetterFault::default()
            });
        }
    };
    let words = rendered.map_or(0, |rendered| {
        rendered.text.len() + rendered.html.as_ref().map_or(0, String::len)
    });
    let files: usize = files.iter().map(|file| file.encoded_bytes()).sum();
    let bytes = words * GROWTH + files + HEAD_BYTES;
    (bytes > LETTER_BYTES).then(|| LetterFault {
        row: Some(row),
        message: match files {
            0 => "The mail comes out larger than 10 MB.".to_owned(),
            _ => attached_file::too_much(),
        },
        ..LetterFault::default()
    })
}

impl Seen {
    fn good(&mut self, row: u32, rendered: &Rendered, longest: &mut usize) {
        self.answer.good += 1;
        if self.first.len() < FIRST {
            self.first.push(row);
        }
        let bytes = rendered.text.len() + rendered.html.as_ref().map_or(0, String::len);
        if bytes > *longest {
            *longest = bytes;
            self.answer.longest = Some(row);
        }
        if rendered.has_fallback {
            self.answer.with_fallback += 1;
            if self.answer.fallback_rows.len() < FAULTS {
                self.answer.fallback_rows.push(row);
            }
        }
    }
}

/// Two columns that a template would call the same.
fn check_columns(recipients: &[Result<&Recipient, LetterFault>], seen: &mut Seen) {
    let Some(first) = recipients.iter().find_map(|read| read.as_ref().ok()) else {
        return;
    };
    let mut names: BTreeMap<String, &String> = BTreeMap::new();
    for column in first.cells().keys() {
        if let Some(other) = names.insert(name_of(column), column) {
            seen.fault(LetterFault {
                column: Some(column.clone()),
                message: format!("A template cannot tell it from “{other}”: rename one of them."),
                ..LetterFault::default()
            });
        }
    }
}

/// Whoever is there twice, or cannot be reached by any server.
fn twice(
    send: &BulkSend,
    recipient: &Recipient,
    row: u32,
    known: &mut HashMap<String, u32>,
) -> Vec<LetterFault> {
    let fault = |message: String| {
        vec![LetterFault {
            row: Some(row),
            column: Some(send.address_column().to_owned()),
            message,
            ..LetterFault::default()
        }]
    };
    let Some(key) = address_key(recipient) else {
        return fault("What stands behind the @ is no domain that the DNS can hold.".to_owned());
    };
    match known.get(&key) {
        Some(first) => fault(format!(
            "The same address as in row {first}: each gets one mail."
        )),
        None => {
            known.insert(key, row);
            Vec::new()
        }
    }
}

/// A subject that came out as what cannot be one. Whatever is in it never becomes another header field: it
/// would be encoded; but a line break in a subject is somebody's mistake, or somebody's try.
fn check_rendered(rendered: &Rendered) -> Result<(), RenderFault> {
    let fault = |message: &str| {
        Err(RenderFault::Part {
            message: message.to_owned(),
            of_template: false,
        })
    };
    let subject = rendered.subject.trim();
    if subject.is_empty() {
        return fault("The subject comes out empty.");
    }
    if subject.chars().any(char::is_control) {
        return fault("The subject comes out with a line break or another control character.");
    }
    if subject.len() > SUBJECT_BYTES {
        return fault("The subject comes out longer than 900 bytes.");
    }
    if rendered.text.trim().is_empty() && rendered.html.is_none() {
        return fault("The text comes out empty.");
    }
    Ok(())
}

/// Names that templates can say, and those that were told to be none.
struct Names {
    /// Columns of any row.
    columns: BTreeSet<String>,
    /// What is the template's fault and was told already.
    told: BTreeSet<String>,
}

impl Names {
    /// A name that no column has is told once; one that only this row lacks is the row's fault.
    fn unknown(&mut self, name: &str, row: u32) -> Option<LetterFault> {
        let wanted = name_of(name);
        if let Some(column) = self.columns.iter().find(|column| name_of(column) == wanted) {
            return Some(at_cell(row, column, "This row has no such cell."));
        }
        let is_new = self.told.insert(wanted);
        is_new.then(|| LetterFault {
            message: format!("No column is called “{name}”."),
            name: Some(name.to_owned()),
            nearest: nearest(name, self.columns.iter()).cloned(),
            ..LetterFault::default()
        })
    }
}

fn at_cell(row: u32, column: &str, message: &str) -> LetterFault {
    LetterFault {
        row: Some(row),
        column: Some(column.to_owned()),
        message: message.to_owned(),
        ..LetterFault::default()
    }
}

/// A row's fault in words.
fn in_row(fault: &RenderFault, row: u32, names: &mut Names) -> Vec<LetterFault> {
    match fault {
        RenderFault::Unknown(unknown) => {
            let told = unknown.iter().filter_map(|name| names.unknown(name, row));
            told.collect()
        }
        RenderFault::Empty(columns) => {
            let empty = "The cell is empty, and nothing stands in for it.";
            columns
                .iter()
                .map(|column| at_cell(row, column, empty))
                .collect()
        }
        RenderFault::Part {
            message,
            of_template,
        } => {
            let is_new = !of_template || names.told.insert(message.clone());
            let fault = is_new.then(|| LetterFault {
                row: (!of_template).then_some(row),
                message: message.clone(),
                ..LetterFault::default()
            });
            fault.into_iter().collect()
        }
    }
}

fn shown(send: &BulkSend, recipient: &Recipient, row: u32, now: Timestamp) -> Option<SeenLetter> {
    let templates = Templates::of(send).ok()?;
    let rendered = templates.render(send, recipient).ok()?;
    let frame = build::Frame::of(send, recipient).ok()?;
    let id = super::id(&format!("preview.{row}"), frame.sender_domain()).ok()?;
    let files = Attached::of(send).with(recipient).ok()?;
    let not_shown = files.iter().map(|file| (*file, FileContent::NotShown));
    let not_shown: Vec<_> = not_shown.collect();
    let source = build::message(&frame, &rendered, &not_shown, &id, now).ok()?;
    Some(SeenLetter {
        row,
        to: frame.to().to_string(),
        subject: rendered.subject.trim().to_owned(),
        text: rendered.text,
        html: rendered.html,
        attachments: files.into_iter().cloned().collect(),
        source: String::from_utf8_lossy(&source).into_owned(),
    })
}

fn columns<E>(recipients: &[Result<Recipient, E>]) -> Vec<String> {
    let mut columns = BTreeSet::new();
    for recipient in recipients.iter().flatten() {
        columns.extend(recipient.cells().keys().cloned());
    }
    columns.into_iter().collect()
}

#[cfg(test)]
mod tests;
