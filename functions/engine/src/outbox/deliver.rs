//! Handing events to their readers.

use jiff::Timestamp;

use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Span, Write};
use crate::records::names;
use crate::records::store::{Stored, load_text, read_text, text_row};

use super::figures::Figures;
use super::{Event, News, Position, Reader};

/// Events read at once; then the reader's position is stored.
const AT_ONCE: u32 = 100;

/// Hands what is new of a person to every reader that has not had it. `news` is the row that says that
/// there is something. What there is no time for before `deadline` stays due.
pub(crate) async fn deliver(ports: &Ports, news: &Key, deadline: Timestamp) -> Result<(), Error> {
    let Some(told) = load_text::<News>(ports.table.as_ref(), news).await? else {
        return Ok(());
    };
    let figures = Figures(ports.meter.as_ref());
    let readers: [&dyn Reader; 1] = [&figures];
    for reader in readers {
        if !read_on(ports, &news.partition, reader, deadline).await? {
            return Ok(());
        }
    }
    // All have had it. If there is more by now, that row is another one, and stays due.
    let row = text_row(news.clone(), told.version, &told.record, None)?;
    let row = Write::Put(row, Expect::Version(told.version));
    match ports.table.write(vec![row]).await.map_err(Error::from) {
        Err(error) if error.is_conflict() => Ok(()),
        written => written,
    }
}

/// Says whether the reader has had everything.
async fn read_on(
    ports: &Ports,
    partition: &str,
    reader: &dyn Reader,
    deadline: Timestamp,
) -> Result<bool, Error> {
    let table = ports.table.as_ref();
    let key = names::position(partition, reader.name());
    let (mut position, mut version) = match load_text::<Position>(table, &key).await? {
        Some(Stored { record, version }) => (record, version),
        None => (Position::default(), 0),
    };
    loop {
        let rows = table.range(&after(partition, position)).await?;
        for row in &rows {
            let event: Stored<Event> = read_text(row)?;
            reader.take(&event.record);
            position.sequence = event.record.sequence;
        }
        if rows.is_empty() {
            return Ok(true);
        }
        let expect = match version {
            0 => Expect::Absent,
            version => Expect::Version(version),
        };
        version += 1;
        let row = text_row(key.clone(), version, &position, None)?;
        // Somebody else reads the same: they go on.
        table.write(vec![Write::Put(row, expect)]).await?;
        if ports.clock.now() >= deadline {
            return Ok(false);
        }
    }
}

/// The events that come after this position.
fn after(partition: &str, position: Position) -> Span {
    Span {
        partition: partition.to_owned(),
        from: format!("{:012}", position.sequence + 1),
        to: "999999999999".to_owned(),
        reverse: false,
        limit: Some(AT_ONCE),
    }
}
