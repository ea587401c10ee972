//! What a directory knows of mailboxes, in a file.

use bulkhead_shared::csv::{Cell, write_row};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::{Guid, Mailbox, Status};
use bulkhead_shared::operations::MailboxFormat;
use bulkhead_shared::outcome::ItemReason;

use super::file::File;
use crate::error::Error;
use crate::ports::{CallError, MailboxStore, PartsError};

/// The columns of a CSV. The first is the one that a recovery reads.
const COLUMNS: [&str; 15] = [
    "source_guid",
    "status",
    "upn",
    "smtp",
    "display_name",
    "first_name",
    "last_name",
    "department",
    "company",
    "messages",
    "bytes",
    "quota_bytes",
    "on_hold",
    "deleted_at",
    "retained_until",
];

/// Writes these mailboxes.
pub(super) async fn write(
    mailboxes: &dyn MailboxStore,
    format: MailboxFormat,
    ids: &[ItemId],
    file: &mut File,
) -> Result<Result<(), CallError>, Error> {
    let named: Vec<(usize, Guid)> = (0..)
        .zip(ids)
        .filter_map(|(index, id)| Some((index, Guid::of_item(id)?)))
        .collect();
    let guids: Vec<Guid> = named.iter().map(|(_, guid)| guid.clone()).collect();
    let found = match mailboxes.look(&guids).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    (0..ids.len()).for_each(|index| file.set(index, Err(ItemReason::Missing)));
    let mut out = Vec::new();
    for ((index, _), mailbox) in named.into_iter().zip(found) {
        let Some(mailbox) = mailbox else { continue };
        match format {
            MailboxFormat::Csv => row(&mailbox, &mut out),
            MailboxFormat::Json => {
                if !file.is_first() {
                    out.extend(b",\n");
                }
                let object = serde_json::to_vec(&mailbox);
                out.extend(object.map_err(|error| PartsError(error.into()))?);
            }
        }
        file.set(index, Ok(()));
    }
    file.write(&out).await?;
    Ok(Ok(()))
}

/// The row of headers.
pub(super) fn header() -> Vec<u8> {
    let mut out = Vec::new();
    write_row(&mut out, COLUMNS.iter().map(|name| (*name).into()));
    out
}

fn row(mailbox: &Mailbox, out: &mut Vec<u8>) {
    let profile = &mailbox.profile;
    let (status, deleted_at, retained_until) = match mailbox.status {
        Status::Active => ("active", None, None),
        Status::Inactive {
            deleted_at,
            retained_until,
        } => ("inactive", deleted_at, retained_until),
    };
    let number = |number: Option<u64>| number.map_or(Cell::from(""), Cell::from);
    let time = |time: Option<jiff::Timestamp>| {
        Cell::from(time.map(|time| time.to_string()).unwrap_or_default())
    };
    let cells: [Cell<'_>; COLUMNS.len()] = [
        mailbox.guid.as_str().into(),
        status.into(),
        profile.upn.as_str().into(),
        profile.smtp.as_str().into(),
        profile.display_name.as_str().into(),
        profile.first_name.as_str().into(),
        profile.last_name.as_str().into(),
        profile.department.as_str().into(),
        profile.company.as_str().into(),
        number(mailbox.items),
        number(mailbox.bytes),
        number(mailbox.quota_bytes),
        if mailbox.on_hold { "yes" } else { "no" }.into(),
        time(deleted_at),
        time(retained_until),
    ];
    write_row(out, cells);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ports::Parts;
    use crate::stores::Directory;
    use crate::testing::memory::MemoryParts;
    use bulkhead_shared::ids::JobId;
    use bulkhead_shared::kinds::mailbox::Profile;
    use futures::executor::block_on;

    fn mailbox(number: u8, name: &str, status: Status) -> Mailbox {
        Mailbox {
            guid: Guid::of_bytes([number; 16]),
            profile: Profile {
                upn: format!("{name}@x.example"),
                smtp: format!("{name}.mail@x.example"),
                display_name: name.to_owned(),
                ..Profile::default()
            },
            status,
            items: None,
            bytes: None,
            quota_bytes: None,
            on_hold: false,
        }
    }

    /// Ann's is kept until a day that is known, Bob's as long as somebody likes; Eve uses hers.
    fn mailboxes() -> [Mailbox; 3] {
        let kept = Status::Inactive {
            deleted_at: Some("2026-11-01T00:00:00Z".parse().unwrap()),
            retained_until: Some("2026-12-01T00:00:00Z".parse().unwrap()),
        };
        let somehow = Status::Inactive {
            deleted_at: None,
            retained_until: None,
        };
        let mut eve = mailbox(3, "=eve", Status::Active);
        eve.profile.first_name = "Eve".to_owned();
        eve.profile.last_name = "Lee, Dr.".to_owned();
        eve.profile.department = "Sales".to_owned();
        eve.profile.company = "X".to_owned();
        (eve.items, eve.bytes, eve.quota_bytes) = (Some(7), Some(8_000), Some(9_000));
        let mut ann = mailbox(1, "ann", kept);
        ann.on_hold = true;
        [ann, mailbox(2, "bob", somehow), eve]
    }

    /// What is written of these in one call each, and how each of them went.
    fn written(format: MailboxFormat, calls: &[&[ItemId]]) -> (String, Vec<bool>) {
        block_on(async {
            let directory = Directory::of(mailboxes().into());
            let (parts, job) = (MemoryParts::new(), "exp_01arz3ndektsv4rrffq69g5fav");
            let job: JobId = job.parse().unwrap();
            let mut file = File::new(parts.create(&job, "1").await.unwrap());
            let mut went = Vec::new();
            for ids in calls {
                file.begin_call(ids.len());
                let answer = write(&directory, format, ids, &mut file).await;
                answer.unwrap().unwrap();
                went.extend(file.end_call().into_iter().map(|one| match one.unwrap() {
                    Ok(()) => true,
                    Err(reason) => {
                        assert_eq!(reason, ItemReason::Missing);
                        false
                    }
                }));
            }
            assert!(file.finish().await.unwrap());
            let mut reader = parts.open(&job, "1").await.unwrap().unwrap();
            let text = reader.read().await.unwrap().unwrap();
            (String::from_utf8(text).unwrap(), went)
        })
    }

    #[test]
    fn each_mailbox_is_a_row_and_who_is_not_there_is_none() {
        let [ann, bob, eve] = mailboxes().map(|mailbox| mailbox.id());
        let nobody = mailbox(9, "nobody", Status::Active).id();
        let no_guid: ItemId = "somebody".parse().unwrap();
        let (text, went) = written(MailboxFormat::Csv, &[&[eve, no_guid, ann], &[nobody, bob]]);
        assert_eq!(went, [true, false, true, false, true]);
        let header = String::from_utf8(header()).unwrap();
        assert_eq!(
            header,
            "source_guid,status,upn,smtp,display_name,first_name,last_name,department,company,messages,bytes,\
             quota_bytes,on_hold,deleted_at,retained_until\r\n"
        );
        let expected = [
            "03030303-0303-0303-0303-030303030303,active,'=eve@x.example,'=eve.mail@x.example,'=eve,Eve,\
             \"Lee, Dr.\",Sales,X,7,8000,9000,no,,\r\n",
            "01010101-0101-0101-0101-010101010101,inactive,ann@x.example,ann.mail@x.example,ann,,,,,,,,yes,\
             2026-11-01T00:00:00Z,2026-12-01T00:00:00Z\r\n",
            "02020202-0202-0202-0202-020202020202,inactive,bob@x.example,bob.mail@x.example,bob,,,,,,,,no,,\r\n",
        ];
        assert_eq!(text, expected.concat());
    }

    #[test]
    fn objects_of_several_calls_are_one_list() {
        let all = mailboxes();
        let [ann, bob, eve] = mailboxes().map(|mailbox| mailbox.id());
        let (text, went) = written(MailboxFormat::Json, &[&[ann, bob], &[eve]]);
        assert_eq!(went, [true; 3]);
        let read: Vec<Mailbox> = serde_json::from_str(&format!("[{text}]")).unwrap();
        assert_eq!(read, all);
    }
}
