//! What was stored by another program, or is damaged, is never taken for something else.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use super::*;
use crate::kinds::{Back, State};
use crate::records::items::{Entry, Seen};
use crate::records::review::Settled;
use crate::testing::mailbox::place;

/// Why bytes in a schema cannot be read.
fn why<T: Packable + Debug>(schema: u8, bytes: &[u8]) -> String {
    T::decode(schema, bytes).unwrap_err().to_string()
}

/// What each number says that is no schema of this row.
fn refuses<T: Packable + Debug>(schemas: &[u8]) {
    for schema in (0..=7).filter(|schema| !schemas.contains(schema)) {
        let told = match schema {
            0 => "a stored record is damaged: it has no schema",
            _ => "a stored record is damaged: there were no such rows in its schema",
        };
        assert_eq!(why::<T>(schema, &[]), told, "{schema}");
    }
    for schema in [8, 255] {
        let newer = Newer::Schema {
            kind: T::KIND as u8,
            schema,
        };
        let read = T::decode(schema, &[]);
        assert!(matches!(read, Err(Unreadable::Newer(it)) if it == newer));
    }
}

#[test]
fn a_row_is_of_a_schema_that_had_such_rows() {
    refuses::<Manifest>(&[1, 2, 3]);
    refuses::<Vec<ItemId>>(&[1, 2]);
    refuses::<Vec<u32>>(&[1, 2]);
    refuses::<Vec<Option<Prior>>>(&[1, 2]);
    refuses::<Vec<Option<After>>>(&[1, 2]);
    refuses::<Vec<Option<Ending>>>(&[1, 2, 5]);
    refuses::<Vec<Option<ItemResult>>>(&[3, 6]);
    refuses::<ScannedFolder>(&[4]);
    refuses::<WaitingChunk>(&[6]);
    refuses::<KeptClasses>(&[7]);
}

#[test]
fn a_row_ends_where_its_record_ends() {
    let places = vec![1_u32, 2];
    let mut bytes = places.encode().unwrap();
    assert_eq!(Vec::<u32>::decode(2, &bytes).unwrap(), places);
    bytes.push(0);
    assert_eq!(
        why::<Vec<u32>>(2, &bytes),
        "a stored record is damaged: it goes on after its end"
    );
    assert_eq!(
        why::<Vec<u32>>(2, &bytes[..2]),
        "a stored record is damaged: it cannot be taken apart"
    );
}

/// The bytes of columns, in the order of the schema.
fn columns(stored: impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(&stored).unwrap()
}

const NOT_ONE_EACH: &str = "a stored record is damaged: it has not one for each mail";

#[test]
fn headers_have_one_of_each_column_for_each_mail() {
    let lists = |cut: usize| {
        let column = |place: usize| vec![0_i64; if place == cut { 1 } else { 2 }];
        let sender = ("a@example.org", "A", None::<String>, false, false);
        let marks: Vec<u8> = vec![0; if cut == 4 { 1 } else { 2 }];
        let sizes: Vec<u64> = vec![0; if cut == 3 { 3 } else { 2 }];
        let from: Vec<u32> = vec![0; if cut == 1 { 1 } else { 2 }];
        columns((
            "INBOX",
            None::<String>,
            None::<String>,
            vec![sender],
            column(0),
            from,
            column(2),
            sizes,
            marks,
        ))
    };
    assert_eq!(ScannedFolder::decode(4, &lists(9)).unwrap().mails.len(), 2);
    for cut in 0..5 {
        assert_eq!(why::<ScannedFolder>(4, &lists(cut)), NOT_ONE_EACH, "{cut}");
    }
}

#[test]
fn a_header_names_a_sender_that_is_there_and_a_time_that_there_is() {
    let folder = |from: u32, second: i64| {
        let sender = ("a@example.org", "A", None::<String>, false, false);
        let mails = (
            vec![7_i64],
            vec![from],
            vec![second],
            vec![9_u64],
            vec![5_u8],
        );
        let (none, senders) = (None::<String>, vec![sender.clone(), sender]);
        columns(("INBOX", none.clone(), none, senders, mails))
    };
    let read = ScannedFolder::decode(4, &folder(1, 60)).unwrap();
    let mail = read.mails[0];
    assert_eq!((mail.key, mail.sender, mail.size), (7, 1, 9));
    assert_eq!(mail.received.as_second(), 60);
    assert_eq!(
        (mail.unread, mail.starred, mail.answered),
        (true, false, true)
    );
    assert_eq!(
        why::<ScannedFolder>(4, &folder(2, 60)),
        "a stored record is damaged: it names a sender that is not there"
    );
    assert_eq!(
        why::<ScannedFolder>(4, &folder(1, i64::MAX)),
        "a stored record is damaged: a time is none"
    );
}

/// A chunk of two mails that wait, one column of which may be cut.
fn waiting(cut: usize, settled: u32, jobs: usize) -> Vec<u8> {
    let mails = |place: usize| if place == cut { 1 } else { 2 };
    let numbers = |place| vec![0_u8; mails(place)];
    let job = "prc_01arz3ndektsv4rrffq69g5fav";
    columns((
        job,
        0_i64,
        vec!["a", "b"],
        numbers(0),
        (numbers(1), numbers(2), numbers(3)),
        vec![""; mails(4)],
        vec![settled; mails(5)],
        vec![job; jobs],
    ))
}

#[test]
fn mails_that_wait_have_one_of_each_column() {
    let read = WaitingChunk::decode(6, &waiting(9, 0, 0)).unwrap();
    assert_eq!(read.mails.len(), 2);
    for cut in 0..6 {
        let told = why::<WaitingChunk>(6, &waiting(cut, 0, 0));
        assert_eq!(told, NOT_ONE_EACH, "{cut}");
    }
}

#[test]
fn a_mail_that_was_handed_over_names_a_job_that_is_there() {
    let settled = |number, jobs| {
        let read = WaitingChunk::decode(6, &waiting(9, number, jobs));
        read.map(|chunk| chunk.mails[1].settled.clone())
    };
    let given = Settled::Given("prc_01arz3ndektsv4rrffq69g5fav".parse().unwrap());
    for (number, expected) in [
        (0, None),
        (1, Some(Settled::Dismissed)),
        (2, Some(Settled::Left)),
        (3, Some(Settled::Gone)),
        (4, Some(given.clone())),
        (5, Some(given)),
    ] {
        assert_eq!(settled(number, 2).unwrap(), expected, "{number}");
    }
    assert_eq!(
        settled(6, 2).unwrap_err().to_string(),
        "a stored record is damaged: it names a job that is not there"
    );
}

#[test]
fn what_mails_are_about_has_one_of_each_column_and_a_class() {
    let kept = |cut: usize, class: u8| {
        let mails = |place: usize| if place == cut { 1 } else { 2 };
        columns((
            vec!["a", "b"],
            vec![class; mails(0)],
            vec![Some(7_u8); mails(1)],
            vec![0_u8; mails(2)],
            vec![0_i64; mails(3)],
        ))
    };
    assert_eq!(KeptClasses::decode(7, &kept(9, 1)).unwrap().mails.len(), 2);
    for cut in 0..4 {
        assert_eq!(why::<KeptClasses>(7, &kept(cut, 1)), NOT_ONE_EACH, "{cut}");
    }
    assert_eq!(
        why::<KeptClasses>(7, &kept(9, 0)),
        "a stored record is damaged: a mail has no class"
    );
}

#[test]
fn items_of_two_kinds_are_in_no_row() {
    let mail = place("INBOX", &[]);
    let contact = State::Contact(b"BEGIN:VCARD".to_vec());
    let manifest = |left: &State, prior: &State| Manifest {
        items: vec![Entry {
            id: "a".parse().unwrap(),
            seen: Seen::Gone,
            input: None,
        }],
        back: vec![Back {
            left: left.clone(),
            prior: prior.clone(),
        }],
    };
    assert!(manifest(&mail, &mail).encode().is_ok());
    assert!(manifest(&contact, &State::Absent).encode().is_ok());
    let refused = manifest(&mail, &contact).encode().unwrap_err();
    let cause = std::error::Error::source(&refused).unwrap().to_string();
    assert_eq!(cause, "items of two kinds in a row");
}

#[test]
fn bytes_that_are_none_are_said_to_be_expected() {
    let error = serde_json::from_str::<bytes::Bytes>("3").unwrap_err();
    assert!(error.to_string().contains("expected bytes"), "{error}");
}
