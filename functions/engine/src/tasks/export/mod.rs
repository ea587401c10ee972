//! Exporting items into a part of a file. Nothing in the account is touched.

mod contacts;
mod file;
mod mailboxes;
mod mails;

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{ContactFormat, ExportFormat, FileFormat, MailboxFormat};
use bulkhead_shared::outcome::ItemReason;

use super::{Effect, Finished, Performed, Step, Task};
use crate::error::Error;
use crate::ports::{Account, CallError, ContactStore, MailStore, MailboxStore, Ports};
use crate::records::JobRecord;
use crate::stores::{self, ItemStore};

pub(crate) use file::csv_row;
use file::{File, Went};

/// Items of one call, at most: between two calls a worker looks at flags and deadline.
const CALL_ITEMS: u32 = 100;

/// What a part is made of.
enum Exporter {
    Mails(Arc<dyn MailStore>, ExportFormat),
    Contacts(Arc<dyn ContactStore>, ContactFormat),
    Mailboxes(Arc<dyn MailboxStore>, MailboxFormat),
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
            FileFormat::Mailboxes(format) => {
                let mailboxes = account.mailboxes();
                let exporter = mailboxes.map(|mailboxes| Self::Mailboxes(mailboxes, format));
                (exporter, Kind::Mailbox)
            }
        };
        exporter.ok_or_else(|| stores::none_of(kind))
    }

    /// Writes these items, or says of each why not.
    async fn write(&self, ids: &[ItemId], file: &mut File) -> Result<Result<(), CallError>, Error> {
        match self {
            Self::Mails(mail, format) => mails::write(mail.as_ref(), *format, ids, file).await,
            Self::Contacts(contacts, format) => {
                contacts::write(contacts.as_ref(), *format, ids, file).await
            }
            Self::Mailboxes(mailboxes, format) => {
                mailboxes::write(mailboxes.as_ref(), *format, ids, file).await
            }
        }
    }
}

/// A part of a file at work. It is named after the chunk's row, so that no two workers ever write the same
/// one.
pub(super) struct Exporting {
    exporter: Exporter,
    store: Arc<dyn ItemStore>,
    file: File,
    part: String,
}

impl Exporting {
    pub(super) async fn open(
        ports: &Ports,
        account: Arc<dyn Account>,
        job: &JobRecord,
        part: String,
    ) -> Result<Self, Error> {
        let format = job.operation.format().ok_or(Error::Missing("format"))?;
        Ok(Self {
            store: stores::of(account.clone(), job.kind)?,
            exporter: Exporter::of(account, format)?,
            file: File::new(ports.parts.create(&job.id, &part).await?),
            part,
        })
    }
}

#[async_trait]
impl Task for Exporting {
    fn touches(&self) -> bool {
        false
    }

    fn holds(&self) -> bool {
        true
    }

    fn call_items(&self) -> u32 {
        self.store.abilities().call_items.min(CALL_ITEMS)
    }

    async fn allowance(&mut self) -> Result<Option<Allowance>, CallError> {
        self.store.allowance().await
    }

    async fn perform(&mut self, steps: &[Step]) -> Result<Performed, Error> {
        let ids: Vec<ItemId> = steps.iter().map(|step| step.id.clone()).collect();
        self.file.begin_call(steps.len());
        let answer = self.exporter.write(&ids, &mut self.file).await?;
        let effects = self.file.end_call().into_iter().map(effect);
        Ok(Performed::partly(effects.collect(), answer.err()))
    }

    async fn finish(self: Box<Self>) -> Result<Finished, Error> {
        let Self { file, part, .. } = *self;
        if file.is_cut() {
            // Cut off in the middle of a message: this part never was, and its items are tried again.
            return Ok(Finished::Discarded);
        }
        // A part without any item would leave a comma behind that separates nothing.
        let has_items = file.finish().await?;
        Ok(Finished::Kept(has_items.then_some(part)))
    }
}

fn effect(went: Went) -> Option<Effect> {
    Some(match went? {
        Ok(()) => Effect::Done(None),
        Err(ItemReason::Missing) => Effect::Missing,
        Err(reason) => Effect::Refused(reason),
    })
}

/// The row of headers that a file of this format begins with; none where it has none.
pub(crate) fn header(format: FileFormat) -> Result<Option<Vec<u8>>, Error> {
    match format {
        FileFormat::Mails(ExportFormat::Csv) => csv_row(&mails::COLUMNS).map(Some),
        FileFormat::Contacts(ContactFormat::Csv) => contacts::header().map(Some),
        FileFormat::Mailboxes(MailboxFormat::Csv) => Ok(Some(mailboxes::header())),
        FileFormat::Mails(ExportFormat::Mbox | ExportFormat::Json)
        | FileFormat::Contacts(ContactFormat::Vcard4 | ContactFormat::Vcard3)
        | FileFormat::Mailboxes(MailboxFormat::Json) => Ok(None),
    }
}
