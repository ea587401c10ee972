//! A part being written, and how each item went.

use async_trait::async_trait;
use bulkhead_shared::csv::guard;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use crate::error::Error;
use crate::kinds::mbox::Quoter;
use crate::ports::{MessageSink, PartWriter, PartsError};

/// How an item went; none while that is open.
pub(super) type Went = Option<Result<(), ItemReason>>;

/// A part being written.
pub(super) struct File {
    writer: Box<dyn PartWriter>,
    quoter: Quoter,
    /// How each item of the present call went.
    went: Vec<Went>,
    has_items: bool,
    in_message: bool,
    first: bool,
}

impl File {
    /// Nothing is written yet.
    pub(super) fn new(writer: Box<dyn PartWriter>) -> Self {
        Self {
            writer,
            quoter: Quoter::default(),
            went: Vec::new(),
            has_items: false,
            in_message: false,
            first: true,
        }
    }

    /// From now on items of the next call are told.
    pub(super) fn begin_call(&mut self, items: usize) {
        self.went = vec![None; items];
    }

    /// How the items of the call went.
    pub(super) fn end_call(&mut self) -> Vec<Went> {
        self.has_items |= self.went.contains(&Some(Ok(())));
        std::mem::take(&mut self.went)
    }

    /// Whether a message began that did not end.
    pub(super) fn is_cut(&self) -> bool {
        self.in_message
    }

    /// Tells how an item of this call went.
    pub(super) fn set(&mut self, index: usize, result: Result<(), ItemReason>) {
        if let Some(slot) = self.went.get_mut(index) {
            *slot = Some(result);
        }
    }

    /// Whether nothing was asked for so far; asked once.
    pub(super) fn is_first(&mut self) -> bool {
        std::mem::take(&mut self.first)
    }

    /// Writes some bytes.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        self.writer.write(bytes).await
    }

    /// Ends the part, unless nothing is in it. Says whether there is something.
    pub(super) async fn finish(self) -> Result<bool, PartsError> {
        if self.has_items {
            self.writer.finish().await?;
        }
        Ok(self.has_items)
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

/// One row, each cell guarded against being taken for a formula.
pub(crate) fn csv_row<T: AsRef<str>>(cells: &[T]) -> Result<Vec<u8>, Error> {
    let guarded: Vec<_> = cells.iter().map(|cell| guard(cell.as_ref())).collect();
    row_of(guarded.iter().map(AsRef::as_ref))
}

/// One row of cells that are guarded already, where that is needed.
pub(super) fn row_of<'a>(cells: impl Iterator<Item = &'a str>) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let write = writer.write_record(cells);
    write.map_err(|error| PartsError(error.into()))?;
    writer
        .into_inner()
        .map_err(|error| PartsError(error.to_string().into()).into())
}
