//! How much one request may ask for: what fits exactly is taken, and one more is refused by the name of its field.
#![allow(clippy::unwrap_used)]

use bulkhead_shared::api::{
    BatchRequest, ChooseModel, ConfirmBy, DecideReview, LookAtLetters, NewJob,
};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, MarkRead, Operation, Trash};
use bulkhead_shared::options::Protected;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::selection::Selection;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const OK: Result<(), &str> = Ok(());

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

#[track_caller]
fn judged(judged: Result<(), Invalid>, expected: Result<(), &str>) {
    let field = judged.map_err(|invalid| invalid.field);
    assert_eq!(field, expected.map_err(str::to_owned));
}

fn account() -> AccountId {
    "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap()
}

fn ids(count: usize) -> Vec<ItemId> {
    (0..count)
        .map(|number| format!("i{number}").parse().unwrap())
        .collect()
}

#[test]
fn a_batch_names_at_least_one_mail_none_twice_and_no_more_than_it_may() {
    let of = |numbers: &[u32]| {
        let ids = numbers.iter();
        let ids = ids.map(|it| format!("550e8400-e29b-41d4-a716-{it:012}"));
        let request = json!({"email_ids": ids.collect::<Vec<_>>()});
        read::<BatchRequest>(request).validate(3)
    };
    judged(of(&[1, 2]), OK);
    judged(of(&[1, 2, 3]), OK);
    judged(of(&[]), Err("email_ids"));
    judged(of(&[1, 2, 1]), Err("email_ids"));
    judged(of(&[1, 2, 3, 4]), Err("email_ids"));
    assert!(of(&[1, 2, 3, 4]).unwrap_err().message.contains('4'));
}

#[test]
fn letters_are_looked_at_for_rows_that_are_there() {
    let look = |rows: usize, show: Option<Vec<usize>>| {
        let operation = json!({"from": "ann@example.org", "subject": "s", "text": "t"});
        let row = json!({"email": "bo@example.org"});
        let look = json!({"operation": operation, "rows": vec![row; rows], "show": show});
        read::<LookAtLetters>(look).validate()
    };
    judged(look(3, None), OK);
    judged(look(3, Some(vec![1, 3])), OK);
    judged(look(3, Some(vec![0])), Err("show"));
    judged(look(3, Some(vec![1, 4])), Err("show"));
    judged(look(1, Some(vec![1; limits::LETTERS_SHOWN])), OK);
    judged(
        look(1, Some(vec![1; limits::LETTERS_SHOWN + 1])),
        Err("show"),
    );
    judged(look(limits::ROWS_PER_REQUEST, None), OK);
    judged(look(limits::ROWS_PER_REQUEST + 1, None), Err("rows"));
}

#[test]
fn a_selection_has_its_most_in_ids_exceptions_and_rows() {
    let drafted = |selection: Selection| {
        let with = NewJob::with_care(account(), MarkRead {}.into(), selection);
        with.validate()
    };
    let all_but = |except| Selection::Query {
        query: String::new(),
        except,
    };
    let most = limits::IDS_PER_REQUEST;
    judged(drafted(Selection::Ids { ids: ids(most) }), OK);
    judged(
        drafted(Selection::Ids { ids: ids(most + 1) }),
        Err("selection.ids"),
    );
    judged(drafted(all_but(ids(most))), OK);
    judged(drafted(all_but(ids(most + 1))), Err("selection.except"));
    let twice = [ids(1), ids(1)].concat();
    judged(drafted(Selection::Ids { ids: twice }), Err("selection.ids"));
    let rows = |count| Selection::Rows {
        rows: vec![json!({}); count],
    };
    let most = limits::ROWS_PER_REQUEST;
    judged(rows(most).validate_for(Kind::Contact), OK);
    judged(
        rows(most + 1).validate_for(Kind::Contact),
        Err("selection.rows"),
    );
}

#[test]
fn a_row_brings_as_much_as_a_card_with_a_photo() {
    let drafted = |bytes: usize| {
        let frame = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nNOTE:\r\nEND:VCARD\r\n";
        let note = format!("NOTE:{}", "x".repeat(bytes - frame.len()));
        let row = json!(frame.replace("NOTE:", &note));
        let create = json!({"type": "create_contacts"});
        let rows = vec![row];
        NewJob::with_care(account(), read(create), Selection::Rows { rows })
    };
    let fits = drafted(limits::INPUT_BYTES);
    assert_eq!(fits.inputs().unwrap()[0].len(), limits::INPUT_BYTES);
    judged(fits.validate(), OK);
    judged(
        drafted(limits::INPUT_BYTES + 1).validate(),
        Err("selection.rows[0]"),
    );
}

#[test]
fn a_decision_names_as_many_mails_as_a_request_may() {
    let decide = |count| {
        let mails = json!({"type": "ids", "ids": ids(count)});
        let decide = json!({"mails": mails, "verdict": {"type": "accept"}});
        read::<DecideReview>(decide).validate()
    };
    judged(decide(limits::IDS_PER_REQUEST), OK);
    judged(decide(limits::IDS_PER_REQUEST + 1), Err("mails.ids"));
}

#[test]
fn a_model_is_asked_as_much_as_a_service_bears() {
    let with = |field: &str, value: Value| {
        let mut choose = json!({"url": "https://api.example.com/v1", "model": "m"});
        choose[field] = value;
        read::<ChooseModel>(choose).validate()
    };
    for (field, most) in [
        ("requests_per_minute", 6_000),
        ("side_by_side", 16),
        ("mails_per_request", 20),
    ] {
        judged(with(field, json!(1)), OK);
        judged(with(field, json!(most)), OK);
        judged(with(field, json!(0)), Err(field));
        judged(with(field, json!(most + 1)), Err(field));
    }
    for (field, most) in [("model", 128), ("key", 4_096)] {
        judged(with(field, json!("x".repeat(most))), OK);
        judged(with(field, json!("x".repeat(most + 1))), Err(field));
    }
    let host = "https://api.example.com/";
    let url = |bytes| json!(host.to_owned() + &"x".repeat(bytes - host.len()));
    judged(with("url", url(512)), OK);
    judged(with("url", url(513)), Err("url"));
}

#[test]
fn whoever_says_no_more_asks_a_model_once_a_second_four_times_at_once_and_a_mail_each() {
    let url = "https://api.example.com/v1";
    let read = read::<ChooseModel>(json!({"url": url, "model": "m"}));
    assert_eq!(read, ChooseModel::at(url, "m", None));
    let asked = (read.requests_per_minute, read.side_by_side);
    assert_eq!((asked, read.mails_per_request), ((60, 4), 1));
}

/// Protected mails are kept out where a search decides which mails go out of sight, and nowhere else.
#[test]
fn care_is_taken_where_a_search_hides_mails() {
    let care = |operation: Operation, selection: Selection| {
        let drafted = NewJob::with_care(account(), operation, selection);
        assert_eq!(drafted.confirm, None::<ConfirmBy>);
        drafted.options.protected
    };
    let search = || Selection::Query {
        query: "is:list".to_owned(),
        except: Vec::new(),
    };
    let picked = || Selection::Ids { ids: ids(1) };
    assert_eq!(care(Archive {}.into(), search()), Some(Protected::KeepOut));
    assert_eq!(care(Trash {}.into(), search()), Some(Protected::KeepOut));
    assert_eq!(care(MarkRead {}.into(), search()), None);
    assert_eq!(care(Archive {}.into(), picked()), None);
}
