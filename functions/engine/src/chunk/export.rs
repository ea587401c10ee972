//! Exporting the items of a chunk into a part of the file. Nothing in the mailbox is touched.

use async_trait::async_trait;
use bulkhead_shared::api::Item;
use bulkhead_shared::csv::guard;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::{ExportFormat, OperationName};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use jiff::Timestamp;

use super::apply::at_once;
use super::lease::ChunkLease;
use super::{RESERVE, Stop};
use crate::error::Error;
use crate::jobs::dispatch::pause_between;
use crate::kinds::mbox::Quoter;
use crate::ports::{CallError, MailStore, MessageSink, PartWriter, PartsError, Ports};

/// Items of one call, at most: between two calls a worker looks at flags and deadline.
const CALL_ITEMS: usize = 100;

/// Writes what is open in the chunk into a part of its own, named after the chunk's row so that no
/// two workers ever write the same one.
pub(super) async fn export(
    ports: &Ports,
    mail: &dyn MailStore,
    lease: &mut ChunkLease,
    deadline: Timestamp,
) -> Result<Option<Stop>, Error> {
    let format = lease.job.operation.format();
    let format = format.ok_or(Error::Missing("format"))?;
    let part = lease.next_part();
    let writer = ports.parts.create(&lease.job.id, &part).await?;
    let mut file = File {
        writer,
        quoter: Quoter::default(),
        results: Vec::new(),
        in_message: false,
        first: true,
    };
    let open = lease.next_items(at_once(lease));
    let size = CALL_ITEMS.min(lease.job.settings.batch_size as usize);
    let mut rest = open.as_slice();
    let mut stop = lease.look(ports).await?;
    while !rest.is_empty() {
        if ports.clock.now() + RESERVE > deadline && !file.results.is_empty() {
            stop = Some(Stop::Deadline);
        } else if stop.is_none() {
            stop = lease.look_again(ports).await?;
        }
        if stop.is_some() {
            break;
        }
        let most = size.min(mail.call_items(OperationName::Export) as usize);
        let (call, later) = rest.split_at(rest.len().min(most.max(1)));
        rest = later;
        let ids: Vec<ItemId> = call
            .iter()
            .map(|&place| lease.id_of(place).clone())
            .collect();
        file.results.push(vec![None; call.len()]);
        let done = match format {
            ExportFormat::Mbox => mail.fetch(&ids, &mut file).await,
            ExportFormat::Csv | ExportFormat::Json => {
                headers(mail, &ids, format, &mut file).await?
            }
        };
        if let Err(error) = done {
            stop = Some(Stop::Call(error));
            break;
        }
        lease.answered();
    }
    if file.in_message {
        // Cut off in the middle of a message: this part never was, and its items are tried again.
        return Ok(stop);
    }
    let results = file.results.concat();
    // A part without any mail would leave a comma behind that separates nothing.
    if results.contains(&Some(Ok(()))) {
        file.writer.finish().await?;
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

/// A part being written.
struct File {
    writer: Box<dyn PartWriter>,
    quoter: Quoter,
    /// For each call, how each of its items went; none while open.
    results: Vec<Vec<Option<Result<(), ItemReason>>>>,
    in_message: bool,
    first: bool,
}

impl File {
    fn set(&mut self, index: usize, result: Result<(), ItemReason>) {
        if let Some(slot) = self.results.last_mut().and_then(|call| call.get_mut(index)) {
            *slot = Some(result);
        }
    }
}

#[async_trait]
impl MessageSink for File {
    async fn begin(
        &mut self,
        index: usize,
        received: Timestamp,
        sender: &str,
    ) -> Result<(), PartsError> {
        self.in_message = true;
        self.quoter = Quoter::default();
        self.set(index, Ok(()));
        self.writer
            .write(&Quoter::separator(received, sender))
            .await
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        let mut out = Vec::with_capacity(bytes.len() + 64);
        self.quoter.push(bytes, &mut out);
        self.writer.write(&out).await
    }

    async fn end(&mut self) -> Result<(), PartsError> {
        let mut out = Vec::new();
        std::mem::take(&mut self.quoter).end(&mut out);
        self.writer.write(&out).await?;
        self.in_message = false;
        Ok(())
    }

    async fn skip(&mut self, index: usize, reason: ItemReason) -> Result<(), PartsError> {
        self.set(index, Err(reason));
        Ok(())
    }
}

/// One row or object of headers for each item.
async fn headers(
    mail: &dyn MailStore,
    ids: &[ItemId],
    format: ExportFormat,
    file: &mut File,
) -> Result<Result<(), CallError>, Error> {
    let items = match mail.items(ids).await {
        Ok(items) => items,
        Err(error) => return Ok(Err(error)),
    };
    let mut out = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let Some(item) = item else {
            file.set(index, Err(ItemReason::Missing));
            continue;
        };
        if format == ExportFormat::Csv {
            out.extend(csv_row(&cells(&item))?);
        } else {
            if !std::mem::take(&mut file.first) {
                out.extend_from_slice(b",\n");
            }
            serde_json::to_writer(&mut out, &item)?;
        }
        file.set(index, Ok(()));
    }
    file.writer.write(&out).await?;
    Ok(Ok(()))
}

/// The columns of a CSV of headers.
pub(crate) const COLUMNS: [&str; 10] = [
    "date", "from", "to", "subject", "folder", "labels", "unread", "starred", "size", "id",
];

fn cells(item: &Item) -> [String; 10] {
    [
        item.date.to_string(),
        item.from.clone(),
        item.to.clone(),
        item.subject.clone(),
        item.folder.clone(),
        item.labels.join(" "),
        item.unread.to_string(),
        item.starred.to_string(),
        item.size.to_string(),
        item.id.to_string(),
    ]
}

/// One row, each cell guarded against being taken for a formula.
pub(crate) fn csv_row<T: AsRef<str>>(cells: &[T]) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let guarded = cells.iter().map(|cell| guard(cell.as_ref()).into_owned());
    let write = writer.write_record(guarded);
    write.map_err(|error| PartsError(error.into()))?;
    writer
        .into_inner()
        .map_err(|error| PartsError(error.to_string().into()).into())
}
