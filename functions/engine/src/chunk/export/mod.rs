//! Exporting the items of a chunk into a part of the file. Nothing in the account is touched.

mod contacts;
mod file;
mod mails;

use std::sync::Arc;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{ContactFormat, ExportFormat, FileFormat};
use bulkhead_shared::outcome::{ItemReason, Outcome};

use super::apply::at_once;
use super::lease::ChunkLease;
use super::{RESERVE, Stop};
use crate::error::Error;
use crate::jobs::dispatch::pause_between;
use crate::ports::{Account, CallError, ContactStore, MailStore, Ports};
use crate::stores;

use file::File;
pub(crate) use file::csv_row;

/// Items of one call, at most: between two calls a worker looks at flags and deadline.
const CALL_ITEMS: usize = 100;

/// What a part is made of.
enum Exporter {
    Mails(Arc<dyn MailStore>, ExportFormat),
    Contacts(Arc<dyn ContactStore>, ContactFormat),
}

impl Exporter {
    fn of(account: Arc<dyn Account>, format: FileFormat) -> Result<Self, CallError> {
        let (exporter, kind) = match format {
            FileFormat::Mails(format) => {
                let mail = account.mail();
                (mail.map(|mail| Self::Mails(mail, format)), Kind::Mail)
            }
            FileFormat::Contacts(format) => {
                let contacts = account.contacts();
                let exporter = contacts.map(|contacts| Self::Contacts(contacts, format));
                (exporter, Kind::Contact)
            }
        };
        exporter.ok_or_else(|| stores::none_of(kind))
    }

    /// Items of the next call, at most.
    fn call_items(&self, lease: &ChunkLease) -> usize {
        let operation = lease.job.operation.name();
        let advised = match self {
            Self::Mails(mail, _) => mail.call_items(operation),
            Self::Contacts(contacts, _) => contacts.call_items(operation),
        };
        let most = CALL_ITEMS.min(lease.job.settings.batch_size as usize);
        most.min(advised as usize).max(1)
    }

    /// Writes these items, or says of each why not.
    async fn write(&self, ids: &[ItemId], file: &mut File) -> Result<Result<(), CallError>, Error> {
        match self {
            Self::Mails(mail, format) => mails::write(mail.as_ref(), *format, ids, file).await,
            Self::Contacts(contacts, format) => {
                contacts::write(contacts.as_ref(), *format, ids, file).await
            }
        }
    }
}

/// Writes what is open in the chunk into a part of its own, named after the chunk's row so that no
/// two workers ever write the same one.
pub(super) async fn export(
    ports: &Ports,
    account: Arc<dyn Account>,
    format: FileFormat,
    lease: &mut ChunkLease,
    deadline: jiff::Timestamp,
) -> Result<Option<Stop>, Error> {
    let exporter = match Exporter::of(account, format) {
        Ok(exporter) => exporter,
        Err(error) => return Ok(Some(Stop::Call(error))),
    };
    let part = lease.next_part();
    let mut file = File::new(ports.parts.create(&lease.job.id, &part).await?);
    let open = lease.next_items(at_once(lease));
    let mut rest = open.as_slice();
    let mut stop = lease.look(ports).await?;
    while !rest.is_empty() {
        if ports.clock.now() + RESERVE > deadline && file.has_calls() {
            stop = Some(Stop::Deadline);
        } else if stop.is_none() {
            stop = lease.look_again(ports).await?;
        }
        if stop.is_some() {
            break;
        }
        let (call, later) = rest.split_at(rest.len().min(exporter.call_items(lease)));
        rest = later;
        let ids = call.iter().map(|&place| lease.id_of(place).clone());
        file.begin_call(call.len());
        if let Err(error) = exporter.write(&ids.collect::<Vec<_>>(), &mut file).await? {
            stop = Some(Stop::Call(error));
            break;
        }
        lease.answered();
    }
    if file.is_cut() {
        // Cut off in the middle of a message: this part never was, and its items are tried again.
        return Ok(stop);
    }
    let results = file.finish().await?;
    // A part without any item would leave a comma behind that separates nothing.
    if results.contains(&Some(Ok(()))) {
        lease.record.parts.push(part);
    }
    let now = ports.clock.now();
    for (&place, result) in open.iter().zip(results) {
        lease.had_turn(place);
        match result {
            Some(Ok(())) => lease.end(place, Outcome::Succeeded, None, now),
            Some(Err(ItemReason::Missing)) => {
                lease.end(place, Outcome::Skipped, Some(ItemReason::Missing), now)
            }
            Some(Err(reason)) => lease.end(place, Outcome::Failed, Some(reason), now),
            None => {}
        }
    }
    if stop.is_none() && !lease.next_items(1).is_empty() {
        stop = Some(Stop::Pause(now + pause_between(&lease.job)));
    }
    Ok(stop)
}

/// The row of headers that a file of this format begins with; none where it has none.
pub(crate) fn header(format: FileFormat) -> Result<Option<Vec<u8>>, Error> {
    match format {
        FileFormat::Mails(ExportFormat::Csv) => csv_row(&mails::COLUMNS).map(Some),
        FileFormat::Contacts(ContactFormat::Csv) => contacts::header().map(Some),
        FileFormat::Mails(ExportFormat::Mbox | ExportFormat::Json)
        | FileFormat::Contacts(ContactFormat::Vcard4 | ContactFormat::Vcard3) => Ok(None),
    }
}
