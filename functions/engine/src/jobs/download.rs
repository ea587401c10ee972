//! Files that leave the system, read piece by piece or handed out as an address: what an export made,
//! and the outcomes as a CSV.

use std::vec;

use async_trait::async_trait;
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::operations::FileFormat;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::access;
use crate::audit::{self, Fact};
use crate::error::Error;
use crate::jobs::endings::chunk_outcomes;
use crate::jobs::outcome_rows::{columns, outcome_rows};
use crate::jobs::results::readable;
use crate::jobs::{bundle, progress, row_results};
use crate::ports::{FileLabel, FileSource, HandOut, PartReader, PartsError, Ports, Section};
use crate::records::JobRecord;
use crate::records::store::JobWithChunks;
use crate::tasks::export::{csv_row, header};

/// Chunks whose outcomes are read side by side: rows of less than a megabyte, mostly.
const CHUNKS_AT_ONCE: u32 = 8;

/// Chunks whose outcomes are one part of a large file that is handed out: a few megabytes, so that S3 joins them by
/// itself, and made in a second or two.
const CHUNKS_A_PART: u32 = 50;
/// For how long a provider is asked what items look like: the file of a large job is not to wait for a slow one,
/// and a function's answer has to come.
const LOOK_FOR: SignedDuration = SignedDuration::from_secs(10);

/// A file that is read piece by piece.
pub struct Download {
    /// Its media type.
    pub media_type: &'static str,
    /// A name for it.
    pub file_name: String,
    ports: Ports,
    job: JobRecord,
    source: Source,
    event: &'static str,
}

/// What is left of it.
enum Source {
    /// Rows made of what is stored for each chunk, with what items look like as far as the provider tells soon.
    Outcomes {
        opening: Option<Vec<u8>>,
        chunk: u32,
        look_until: Timestamp,
    },
    /// What is on record of the job.
    Bundle {
        opening: Option<Vec<u8>>,
        chunk: u32,
    },
    /// What an export made.
    Sections {
        left: vec::IntoIter<Section>,
        open: Option<Box<dyn PartReader>>,
    },
}

/// The outcomes of all items as a CSV, with the row numbers of the manifest.
pub async fn outcomes_csv(ports: &Ports, user: &UserId, id: &JobId) -> Result<Download, Error> {
    let job = readable(ports, user, id).await?;
    Ok(Download {
        media_type: "text/csv; charset=utf-8",
        file_name: format!("{}-results.csv", job.id),
        ports: ports.clone(),
        event: "results_downloaded",
        source: Source::Outcomes {
            opening: Some(match row_results::header(&job.operation) {
                Some(header) => header,
                None => csv_row(&columns(&job))?,
            }),
            chunk: 0,
            look_until: ports.clock.now() + LOOK_FOR,
        },
        job,
    })
}

/// All that is on record of a job.
pub async fn bundle(ports: &Ports, user: &UserId, id: &JobId) -> Result<Download, Error> {
    let record = readable(ports, user, id).await?;
    let job = progress::job(ports, user, id).await?;
    Ok(Download {
        media_type: "application/json",
        file_name: bundle::file_name(&record),
        ports: ports.clone(),
        event: "audit_downloaded",
        source: Source::Bundle {
            opening: Some(bundle::opening(ports, user, &job).await?),
            chunk: 0,
        },
        job: record,
    })
}

/// The file an export made.
pub async fn export(ports: &Ports, user: &UserId, id: &JobId) -> Result<Download, Error> {
    let state = access::job_with_chunks(ports, user, id).await?.into_inner();
    let format = state.job.record.operation.format();
    let format = format.ok_or(Error::NotPossible("This job is no export."))?;
    let JobWithChunks { job, chunks } = state;
    if !job.record.state.is_ended() {
        return Err(Error::NotPossible("The export has not ended yet."));
    }
    if job
        .record
        .results_until()
        .is_none_or(|until| until <= ports.clock.now())
    {
        return Err(Error::Gone);
    }
    let parts = chunks.into_iter().flat_map(|chunk| chunk.record.parts);
    let sections = sections(format, parts)?;
    Ok(Download {
        media_type: format.media_type(),
        file_name: format!("{}.{}", job.record.id, format.extension()),
        ports: ports.clone(),
        event: "export_downloaded",
        job: job.record,
        source: Source::Sections {
            left: sections.into_iter(),
            open: None,
        },
    })
}

/// The parts in order, with what a whole file of this format has around and between them.
fn sections(
    format: FileFormat,
    parts: impl Iterator<Item = String>,
) -> Result<Vec<Section>, Error> {
    let text = |text: &[u8]| Section::Text(text.to_vec());
    let parts = parts.map(Section::Part);
    if !format.is_json() {
        let head = header(format)?.map(Section::Text);
        return Ok(head.into_iter().chain(parts).collect());
    }
    let mut sections = vec![text(b"[\n")];
    for part in parts {
        if sections.len() > 1 {
            sections.push(text(b",\n"));
        }
        sections.push(part);
    }
    sections.push(text(b"\n]\n"));
    Ok(sections)
}

impl Download {
    /// Records that its person is given it. Before they are: what left without a trace could not be
    /// found out afterwards.
    pub async fn record(&mut self) -> Result<(), Error> {
        let fact = Fact {
            event: self.event.to_owned(),
            job: Some(&self.job.id),
            account: Some(&self.job.account),
            facts: json!({}),
        };
        audit::record(&self.ports, &self.job.owner, fact, Vec::new()).await
    }

    /// A short-lived address from which a browser gets all of it, made of what was not read yet.
    /// None where there is no such thing: then nothing was read, and it is streamed.
    pub async fn hand_out(&mut self) -> Result<Option<HandOut>, Error> {
        let parts = self.ports.parts.clone();
        if parts.hands_out() {
            self.make_parts().await?;
        }
        let job = self.job.id.clone();
        let file = FileLabel {
            name: self.file_name.clone(),
            media_type: self.media_type,
            kept_until: self.job.results_until(),
        };
        let source = match &self.source {
            Source::Sections { left, open: None } => FileSource::Sections(left.as_slice()),
            _ => FileSource::Reader(self),
        };
        Ok(parts.hand_out(&job, &file, source).await?)
    }

    /// Makes parts of the outcomes of a large job that has ended. What is made stays: a request that ends before all
    /// are is gone on with by the next one, so a file of any size comes to be.
    async fn make_parts(&mut self) -> Result<(), Error> {
        let (ports, job) = (&self.ports, &self.job);
        let Source::Outcomes {
            opening,
            chunk: 0,
            look_until,
        } = &mut self.source
        else {
            return Ok(());
        };
        if !job.state.is_ended() || job.chunks() <= CHUNKS_A_PART {
            return Ok(());
        }
        let look_until = *look_until;
        let mut sections: Vec<Section> = opening.take().map(Section::Text).into_iter().collect();
        for first in (0..job.chunks()).step_by(CHUNKS_A_PART as usize) {
            let end = job.chunks().min(first + CHUNKS_A_PART);
            let name = format!("outcomes-{first:06}");
            if ports.parts.open(&job.id, &name).await?.is_none() {
                let mut part = ports.parts.create(&job.id, &name).await?;
                for from in (first..end).step_by(CHUNKS_AT_ONCE as usize) {
                    let to = end.min(from + CHUNKS_AT_ONCE);
                    let rows = outcome_rows(ports, job, from..to, look_until).await?;
                    part.write(&rows).await?;
                }
                part.finish().await?;
            }
            sections.push(Section::Part(name));
        }
        self.source = Source::Sections {
            left: sections.into_iter(),
            open: None,
        };
        Ok(())
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        match &mut self.source {
            Source::Outcomes {
                opening,
                chunk,
                look_until,
            } => {
                if let Some(opening) = opening.take() {
                    return Ok(Some(opening));
                }
                if *chunk >= self.job.chunks() {
                    return Ok(None);
                }
                let end = self.job.chunks().min(*chunk + CHUNKS_AT_ONCE);
                let rows = outcome_rows(&self.ports, &self.job, *chunk..end, *look_until).await?;
                *chunk = end;
                Ok(Some(rows))
            }
            Source::Bundle { opening, chunk } => {
                if let Some(opening) = opening.take() {
                    return Ok(Some(opening));
                }
                let (last, at) = (self.job.chunks(), *chunk);
                if at > last {
                    return Ok(None);
                }
                *chunk += 1;
                if at == last {
                    return Ok(Some(bundle::END.to_vec()));
                }
                let ended = chunk_outcomes(&self.ports, &self.job, at).await?;
                let first = u64::from(at) * u64::from(self.job.full_chunk()) + 1;
                Ok(Some(bundle::items(first, ended)?))
            }
            Source::Sections { left, open } => {
                next_of_sections(&self.ports, &self.job, left, open).await
            }
        }
    }
}

#[async_trait]
impl PartReader for Download {
    async fn read(&mut self) -> Result<Option<Vec<u8>>, PartsError> {
        self.next().await.map_err(|error| PartsError(error.into()))
    }
}

async fn next_of_sections(
    ports: &Ports,
    job: &JobRecord,
    left: &mut vec::IntoIter<Section>,
    open: &mut Option<Box<dyn PartReader>>,
) -> Result<Option<Vec<u8>>, Error> {
    loop {
        if let Some(reader) = open {
            if let Some(bytes) = reader.read().await? {
                return Ok(Some(bytes));
            }
            *open = None;
        }
        let name = match left.next() {
            Some(Section::Part(name)) => name,
            Some(Section::Text(text)) => return Ok(Some(text)),
            None => return Ok(None),
        };
        let part = ports.parts.open(&job.id, &name).await?;
        *open = Some(part.ok_or(Error::Missing("export part"))?);
    }
}
