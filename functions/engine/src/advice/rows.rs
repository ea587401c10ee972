//! What is stored of advice: read and written.

use bulkhead_shared::advice::Decision;
use bulkhead_shared::ids::AccountId;

use crate::background::KEPT;
use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Table, Write};
use crate::records::store::{Stored, load_text, text_row};
use crate::records::{LearnedRecord, SuggestionsRecord, WeighedSoFar, names};

/// Lessons that are kept: so many fit a row whatever is in them. The oldest go first, but who was chosen to stay.
const LESSONS_MOST: usize = 400;
/// How often a write is tried again that somebody else was faster with.
const TRIES: u32 = 5;

fn since(version: u64) -> Expect {
    match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    }
}

pub(super) async fn suggestions(
    table: &dyn Table,
    account: &AccountId,
) -> Result<SuggestionsRecord, Error> {
    let stored = load_text(table, &names::suggestions(account)).await?;
    Ok(stored.map(|stored| stored.record).unwrap_or_default())
}

/// Writes what is suggested, and empties what was kept on the way there: a worker on AWS may write and not delete.
pub(super) async fn put_suggestions(
    ports: &Ports,
    account: &AccountId,
    record: &SuggestionsRecord,
) -> Result<(), Error> {
    let expires = Some(ports.clock.now() + KEPT);
    let nothing = WeighedSoFar::default();
    let rows = [
        text_row(names::suggestions(account), 1, record, expires)?,
        text_row(names::weighed(account), 1, &nothing, expires)?,
    ];
    let writes = rows.map(|row| Write::Put(row, Expect::Anything));
    Ok(ports.table.write(writes.into()).await?)
}

pub(super) async fn weighed(table: &dyn Table, account: &AccountId) -> Result<WeighedSoFar, Error> {
    let stored = load_text(table, &names::weighed(account)).await?;
    Ok(stored.map(|stored| stored.record).unwrap_or_default())
}

pub(super) async fn put_weighed(
    ports: &Ports,
    account: &AccountId,
    record: &WeighedSoFar,
) -> Result<(), Error> {
    let expires = Some(ports.clock.now() + KEPT);
    let row = text_row(names::weighed(account), 1, record, expires)?;
    Ok(ports
        .table
        .write(vec![Write::Put(row, Expect::Anything)])
        .await?)
}

pub(super) async fn drop_weighed(ports: &Ports, account: &AccountId) -> Result<(), Error> {
    delete(ports, names::weighed(account)).await
}

pub(super) async fn learned(
    table: &dyn Table,
    account: &AccountId,
) -> Result<LearnedRecord, Error> {
    let stored = load_text(table, &names::learned(account)).await?;
    Ok(stored.map(|stored| stored.record).unwrap_or_default())
}

/// Changes what was learned. It may be asked to do so again, should somebody else change it meanwhile.
pub(super) async fn change_learned(
    ports: &Ports,
    account: &AccountId,
    change: impl Fn(&mut LearnedRecord),
) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        let key = names::learned(account);
        let stored: Option<Stored<LearnedRecord>> = load_text(ports.table.as_ref(), &key).await?;
        let (mut record, version) = match stored {
            Some(stored) => (stored.record, stored.version),
            None => (LearnedRecord::default(), 0),
        };
        change(&mut record);
        shorten(&mut record);
        let row = text_row(key, version + 1, &record, None)?;
        let written = ports
            .table
            .write(vec![Write::Put(row, since(version))])
            .await;
        match written.map_err(Error::from) {
            Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
            written => return written,
        }
    }
}

fn shorten(record: &mut LearnedRecord) {
    while record.lessons.len() > LESSONS_MOST {
        let lessons = record.lessons.iter();
        let place = lessons
            .take(record.lessons.len() - 1)
            .position(|it| it.decision != Decision::Keep);
        record.lessons.remove(place.unwrap_or(0));
    }
}

pub(super) async fn forget_learned(ports: &Ports, account: &AccountId) -> Result<(), Error> {
    delete(ports, names::learned(account)).await
}

async fn delete(ports: &Ports, key: Key) -> Result<(), Error> {
    let gone = Write::Delete(key, Expect::Anything);
    Ok(ports.table.write(vec![gone]).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Clock;
    use crate::testing::lessons::lesson;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use bulkhead_shared::advice::Action;
    use futures::executor::block_on;
    use jiff::SignedDuration;
    use std::time::Duration;

    #[test]
    fn what_is_suggested_and_what_was_weighed_on_the_way_there_is_kept_for_sixty_days() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            let (ports, account) = (&stage.ports, &stage.account);
            let days = SignedDuration::from_hours(24 * 60);
            let expires = async |key: Key| {
                let row = ports.table.get(&key).await.unwrap();
                row.unwrap().expires
            };
            let so_far = WeighedSoFar {
                sources: vec!["from:a@x.example".to_owned()],
                ..WeighedSoFar::default()
            };
            put_weighed(ports, account, &so_far).await.unwrap();
            let begun = stage.clock.now();
            assert_eq!(expires(names::weighed(account)).await, Some(begun + days));
            assert_eq!(weighed(&*ports.table, account).await.unwrap(), so_far);
            stage.clock.advance(Duration::from_secs(60));
            let suggested = SuggestionsRecord::default();
            put_suggestions(ports, account, &suggested).await.unwrap();
            let ended = stage.clock.now();
            for key in [names::weighed(account), names::suggestions(account)] {
                assert_eq!(expires(key).await, Some(ended + days));
            }
            let nothing = WeighedSoFar::default();
            assert_eq!(weighed(&*ports.table, account).await.unwrap(), nothing);
        });
    }

    #[test]
    fn of_more_lessons_than_are_kept_the_oldest_go_but_who_was_chosen_to_stay() {
        // How many lessons there are, which of them say who is to stay, and which are gone then.
        for (many, chosen, gone) in [
            (400, vec![], vec![]),
            (401, vec![], vec![0]),
            (403, vec![], vec![0, 1, 2]),
            (403, vec![0, 1, 3], vec![2, 4, 5]),
            (402, (0..402).collect(), vec![0, 1]),
            // What was just said is no reason to forget itself.
            (401, (0..400).collect(), vec![0]),
        ] {
            let lessons = (0..many).map(|number: usize| {
                let decision = match chosen.contains(&number) {
                    true => Decision::Keep,
                    false => Decision::Accepted,
                };
                lesson(&number.to_string(), Action::Archive, decision)
            });
            let mut record = LearnedRecord {
                lessons: lessons.collect(),
            };
            shorten(&mut record);
            let left: Vec<_> = record.lessons.into_iter().map(|it| it.source).collect();
            let stays = (0..many).filter(|number| !gone.contains(number));
            let stays: Vec<_> = stays.map(|number| number.to_string()).collect();
            assert_eq!(left, stays, "{many} lessons, of which {chosen:?} stay");
        }
    }
}
