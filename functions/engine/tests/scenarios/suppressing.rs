//! Who is on an account's list gets no mail: left out of a draft, and skipped when they came onto it later.

use bulkhead_engine::access::{self, Owned};
use bulkhead_engine::accounts;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, draft, preview, results, rows};
use bulkhead_engine::ports::{Span, Table};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::suppression;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{LeftOutRow, Suppress, SuppressReport, SuppressedAddresses};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use bulkhead_shared::selection::Selection;
use bulkhead_shared::suppression::Suppression;
use futures::executor::block_on;
use serde_json::{Value, json};

use super::{options, stage};

async fn owned(stage: &Stage) -> Owned<AccountRecord> {
    access::account(&stage.ports, &stage.user, &stage.account)
        .await
        .unwrap()
}

async fn suppress(
    stage: &Stage,
    addresses: &[&str],
    why: Suppression,
) -> Result<SuppressReport, Error> {
    let wanted = Suppress {
        addresses: addresses.iter().map(|&it| it.to_owned()).collect(),
        why,
    };
    let account = owned(stage).await;
    suppression::add(&stage.ports, &stage.user, &account, &wanted).await
}

async fn page(
    stage: &Stage,
    search: &str,
    cursor: Option<&str>,
    limit: u32,
) -> SuppressedAddresses {
    let account = owned(stage).await;
    suppression::page(&stage.ports, &account, Some(search), cursor, limit)
        .await
        .unwrap()
}

async fn drafted(stage: &Stage, addresses: &[&str]) -> Result<JobId, Error> {
    let rows = (1..)
        .zip(addresses)
        .map(|(n, to)| json!({"to": to, "n": n}));
    drafted_with(stage, rows.collect()).await
}

async fn drafted_with(stage: &Stage, rows: Vec<Value>) -> Result<JobId, Error> {
    let send = json!({"type": "bulk_send", "from": "ann@example.org", "subject": "Hi", "text": "Hello {{ n }}",
        "hold_seconds": 0});
    let operation: Operation = serde_json::from_value(send).unwrap();
    let request = stage.request(operation, Selection::Rows { rows }, options());
    draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS).await
}

fn sent_to(stage: &Stage) -> Vec<String> {
    let letters = stage.mailbox.delivered().into_iter();
    let mut to: Vec<String> = letters.map(|letter| letter.envelope.to).collect();
    to.sort();
    to
}

#[test]
fn suppressed_rows_are_left_out_of_a_draft_and_shown_with_why() {
    block_on(async {
        let stage = stage(1).await;
        let listed = ["Bo@EXAMPLE.org", "mia@m\u{fc}ller.example", "zoe@x.example"];
        let report = suppress(&stage, &listed, Suppression::Unsubscribed).await;
        assert_eq!(report.unwrap(), SuppressReport { added: 3, known: 0 });
        let to = [
            "cy@example.org",
            "Bo <Bo@example.ORG>",
            "bo@example.org",
            "mia@xn--mller-kva.example",
            "dan@example.org",
        ];
        let id = drafted(&stage, &to).await.unwrap();
        let job = stage.job(&id).await.unwrap();
        // The case before the @ is the business of who has the domain.
        assert_eq!((job.state, job.total), (State::Draft, 3));
        let left_out = rows::left_out(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let row = |row, address: &str| LeftOutRow {
            row,
            address: address.to_owned(),
            why: Suppression::Unsubscribed,
        };
        let expected = [
            row(2, "Bo@example.ORG"),
            row(4, "mia@xn--mller-kva.example"),
        ];
        assert_eq!((left_out.total, &left_out.rows[..]), (2, &expected[..]));
        let seen = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let told =
            "2 rows are left out: their addresses are on your list of those who get no mail.";
        assert!(seen.risk.reasons.iter().any(|it| it == told), "{seen:?}");
        // A draft is written anew with all of its rows.
        let all = rows::rows(&stage.ports, &stage.user, &id)
            .await
            .unwrap()
            .rows;
        let numbers: Vec<_> = all.iter().map(|row| row["n"].clone()).collect();
        assert_eq!(numbers, ["1", "2", "3", "4", "5"]);
        // Who leaves the list later is still not among what was confirmed.
        let account = owned(&stage).await;
        suppression::remove(&stage.ports, &stage.user, &account, "bo@example.org")
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 3));
        let expected = ["bo@example.org", "cy@example.org", "dan@example.org"];
        assert_eq!(sent_to(&stage), expected);
    });
}

#[test]
fn suppressed_rows_may_bring_more_than_a_stored_row_holds() {
    block_on(async {
        let stage = stage(1).await;
        let listed: Vec<String> = (1..=60).map(|n| format!("p{n}@example.org")).collect();
        let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
        let report = suppress(&stage, &listed, Suppression::Unsubscribed).await;
        assert_eq!(report.unwrap().added, 60);
        let long = "x".repeat(8_000);
        let rows = listed.iter().chain(&["cy@example.org"]);
        let rows = rows.map(|to| json!({"to": to, "n": long}));
        let id = drafted_with(&stage, rows.collect()).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().total, 1);
        let left_out = rows::left_out(&stage.ports, &stage.user, &id).await;
        let left_out = left_out.unwrap();
        assert_eq!(left_out.total, 60);
        let left_out = left_out.rows.iter().map(|row| row.address.as_str());
        assert!(left_out.eq(listed));
    });
}

#[test]
fn suppressed_after_the_draft_is_skipped_right_before_the_mail_goes_out() {
    block_on(async {
        let stage = stage(1).await;
        let id = drafted(
            &stage,
            &["bo@example.org", "cy@example.org", "dan@example.org"],
        )
        .await
        .unwrap();
        stage.confirm(&id).await.unwrap();
        suppress(&stage, &["cy@EXAMPLE.ORG"], Suppression::ByHand)
            .await
            .unwrap();
        let job = stage.run_to_end(&id).await;
        let counts = (job.counts.succeeded, job.counts.skipped, job.counts.failed);
        assert_eq!((job.state, counts), (State::Completed, (2, 1, 0)));
        assert_eq!(sent_to(&stage), ["bo@example.org", "dan@example.org"]);
        let skipped = Some(Outcome::Skipped);
        let page = results::items(&stage.ports, &stage.user, &id, skipped, None, 9).await;
        let page = page.unwrap();
        assert_eq!(page.items[0].id.as_str(), "cy@example.org");
        assert_eq!(page.items[0].reason, Some(ItemReason::Suppressed));
        let again = children::retry(&stage.ports, &stage.user, &id, limits::OPEN_JOBS).await;
        assert!(matches!(again, Err(Error::NotPossible(_))), "{again:?}");
    });
}

#[test]
fn suppressed_rows_alone_make_no_draft() {
    block_on(async {
        let stage = stage(1).await;
        suppress(&stage, &["bo@example.org"], Suppression::Bounced)
            .await
            .unwrap();
        let refused = drafted(&stage, &["bo@example.org"]).await.unwrap_err();
        let Error::Invalid(invalid) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(invalid.field, "selection.rows");
        assert!(stage.mailbox.delivered().is_empty());
    });
}

#[test]
fn suppressed_addresses_are_listed_searched_and_released() {
    block_on(async {
        let stage = stage(1).await;
        let addresses: Vec<String> = (10..40).map(|n| format!("p{n}@Example.org")).collect();
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        suppress(&stage, &addresses, Suppression::ByHand)
            .await
            .unwrap();
        let twice = ["q@other.example", "p10@example.org", "q@OTHER.example"];
        let report = suppress(&stage, &twice, Suppression::Complained).await;
        assert_eq!(report.unwrap(), SuppressReport { added: 1, known: 2 });
        let (mut seen, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let found = page(&stage, "EXAMPLE.org", cursor.as_deref(), 7).await;
            assert_eq!((found.total, found.matching), (31, 30));
            seen.extend(found.addresses);
            cursor = found.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let whose: Vec<&str> = seen.iter().map(|it| it.address.as_str()).collect();
        assert_eq!(whose, addresses, "each once, in order, as it was written");
        assert!(
            seen.iter().all(|it| it.why == Suppression::ByHand),
            "{seen:?}"
        );
        let account = owned(&stage).await;
        for _ in 0..2 {
            suppression::remove(&stage.ports, &stage.user, &account, "P <p12@EXAMPLE.org>")
                .await
                .unwrap();
        }
        assert_eq!(page(&stage, "", None, 500).await.total, 30);
        assert_eq!(page(&stage, "p12@", None, 500).await.matching, 0);
        let no_address = suppression::remove(&stage.ports, &stage.user, &account, "p12").await;
        assert!(
            matches!(no_address, Err(Error::Invalid(_))),
            "{no_address:?}"
        );
    });
}

#[test]
fn suppressed_addresses_have_a_limit_and_nothing_of_what_is_beyond_it_is_kept() {
    block_on(async {
        let stage = stage(1).await;
        let step = limits::SUPPRESSED_PER_REQUEST;
        for part in 0..limits::SUPPRESSED_MOST / step {
            let some: Vec<String> = (0..step)
                .map(|n| format!("{part}.{n}@example.org"))
                .collect();
            let some: Vec<&str> = some.iter().map(String::as_str).collect();
            suppress(&stage, &some, Suppression::ByHand).await.unwrap();
        }
        let known = suppress(&stage, &["0.0@example.org"], Suppression::ByHand).await;
        assert_eq!(known.unwrap(), SuppressReport { added: 0, known: 1 });
        let refused = suppress(
            &stage,
            &["0.0@example.org", "new@example.org"],
            Suppression::ByHand,
        );
        let refused = refused.await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused:?}");
        let all = page(&stage, "", None, 1).await.total;
        assert_eq!(all, limits::SUPPRESSED_MOST as u64);
    });
}

#[test]
fn suppressed_addresses_are_erased_with_their_account() {
    block_on(async {
        let stage = stage(1).await;
        suppress(
            &stage,
            &["bo@example.org", "\"~ ~\"@example.org"],
            Suppression::ByHand,
        )
        .await
        .unwrap();
        let account = owned(&stage).await;
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        let span = Span {
            partition: names::suppressed_partition(&stage.account),
            from: " ".to_owned(),
            to: "\u{10ffff}".to_owned(),
            reverse: false,
            limit: None,
        };
        assert_eq!(stage.table.range(&span).await.unwrap(), []);
    });
}
