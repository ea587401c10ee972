//! Files at hand while mails are made of them.

use std::collections::HashMap;
use std::sync::Arc;

use bulkhead_shared::attached_file::AttachedFile;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::AccountId;
use jiff::Timestamp;

use crate::error::Error;
use crate::letters::FileContent;
use crate::ports::{Span, Table};
use crate::records::store::load_text;
use crate::records::{FileRecord, names};

/// Bytes of files that are held at once: those of two mails.
const HELD_BYTES: usize = 16_000_000;

/// The files of one account. What goes along with every mail is read once.
pub(crate) struct Shelf {
    table: Arc<dyn Table>,
    account: AccountId,
    held: HashMap<String, Arc<Vec<u8>>>,
    bytes: usize,
}

impl Shelf {
    pub(crate) fn new(table: Arc<dyn Table>, account: AccountId) -> Self {
        Self {
            table,
            account,
            held: HashMap::new(),
            bytes: 0,
        }
    }

    /// Files with their bytes, in the order asked; none if one of them is not kept any more, or is another one.
    pub(crate) async fn take(
        &mut self,
        files: &[&AttachedFile],
        now: Timestamp,
    ) -> Result<Option<Vec<FileContent>>, Error> {
        let mut taken = Vec::with_capacity(files.len());
        for file in files {
            let Some(bytes) = self.bytes_of(file, now).await? else {
                return Ok(None);
            };
            taken.push(FileContent::Bytes(bytes));
        }
        Ok(Some(taken))
    }

    async fn bytes_of(
        &mut self,
        file: &AttachedFile,
        now: Timestamp,
    ) -> Result<Option<Arc<Vec<u8>>>, Error> {
        if let Some(held) = self.held.get(&file.sha256) {
            return Ok(Some(held.clone()));
        }
        let Some(bytes) = self.read(file, now).await? else {
            return Ok(None);
        };
        if self.bytes + bytes.len() > HELD_BYTES {
            self.held.clear();
            self.bytes = 0;
        }
        let bytes = Arc::new(bytes);
        self.bytes += bytes.len();
        self.held.insert(file.sha256.clone(), bytes.clone());
        Ok(Some(bytes))
    }

    async fn read(&self, file: &AttachedFile, now: Timestamp) -> Result<Option<Vec<u8>>, Error> {
        let table = self.table.as_ref();
        let head =
            load_text::<FileRecord>(table, &names::file(&self.account, &file.sha256)).await?;
        if head.is_none_or(|head| head.record.until <= now) {
            return Ok(None);
        }
        let first = names::file_piece(&self.account, &file.sha256, 0);
        let span = Span {
            partition: first.partition,
            from: first.sort,
            to: format!("{}~", names::PIECES_FROM),
            reverse: false,
            limit: None,
        };
        let mut bytes = Vec::with_capacity(usize::try_from(file.bytes).unwrap_or_default());
        for piece in table.range(&span).await? {
            bytes.extend(piece.body);
        }
        // Whatever happened to it, nothing but what was confirmed goes out.
        Ok((sha256_hex(&bytes) == file.sha256).then_some(bytes))
    }
}
