//! What comes onto the list, how it is read, and where it ends.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use bulkhead_shared::api::{LeftOutRow, Suppress, SuppressReport, SuppressedAddress};
use bulkhead_shared::limits;
use bulkhead_shared::operations::recipient::Recipient;
use bulkhead_shared::suppression::Suppression;
use futures::executor::block_on;
use serde_json::json;

use super::{SuppressionList, add, bounced, has, list, page, remove};
use crate::access::{self, Owned};
use crate::audit;
use crate::error::Error;
use crate::records::store::text_row;
use crate::records::{AccountRecord, SuppressedRecord, names};
use crate::testing::mailbox::MemoryMailbox;
use crate::testing::stage::Stage;

/// A person's account.
struct Mine {
    stage: Stage,
    account: Owned<AccountRecord>,
}

impl Mine {
    async fn new() -> Self {
        let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
        let account = access::account(&stage.ports, &stage.user, &stage.account);
        Self {
            account: account.await.unwrap(),
            stage,
        }
    }

    async fn suppress(&self, addresses: &[&str]) -> Result<SuppressReport, Error> {
        let wanted = Suppress {
            addresses: addresses.iter().map(|&it| it.to_owned()).collect(),
            why: Suppression::Unsubscribed,
        };
        add(&self.stage.ports, &self.stage.user, &self.account, &wanted).await
    }

    async fn came_back(&self, addresses: &[&str]) {
        let records = addresses.iter().map(|address| {
            let record = SuppressedRecord {
                why: Suppression::Bounced,
                note: Some("550 no such user".to_owned()),
                job: Some("snd_01arz3ndektsv4rrffq69g5fav".parse().unwrap()),
                ..self.record(address)
            };
            ((*address).to_owned(), record)
        });
        let records: BTreeMap<_, _> = records.collect();
        bounced(&self.stage.ports, &self.stage.account, records)
            .await
            .unwrap();
    }

    fn record(&self, address: &str) -> SuppressedRecord {
        SuppressedRecord {
            address: address.to_owned(),
            why: Suppression::ByHand,
            at: self.stage.ports.clock.now(),
            note: None,
            job: None,
        }
    }

    /// Puts so many addresses onto the list.
    async fn fill(&self, count: usize) {
        let rows = (0..count).map(|number| {
            let address = format!("{number:05}@full.example");
            let key = names::suppressed(&self.stage.account, &address);
            text_row(key, 1, &self.record(&address), None).unwrap()
        });
        let rows: Vec<_> = rows.collect();
        self.stage.ports.table.put_many(rows).await.unwrap();
    }

    /// A page: the addresses, how many match, how many there are, and where it goes on.
    async fn page(
        &self,
        search: Option<&str>,
        cursor: Option<&str>,
        limit: u32,
    ) -> (Vec<String>, u64, u64, Option<String>) {
        let found = page(&self.stage.ports, &self.account, search, cursor, limit);
        let found = found.await.unwrap();
        let addresses = found.addresses.into_iter().map(|it| it.address).collect();
        (addresses, found.matching, found.total, found.next_cursor)
    }

    async fn listed(&self) -> Vec<SuppressedAddress> {
        page(&self.stage.ports, &self.account, None, None, 500)
            .await
            .unwrap()
            .addresses
    }

    /// The newest facts of the audit trail, the newest first.
    async fn recorded(&self, count: usize) -> Vec<(String, serde_json::Value)> {
        let events = audit::list(&self.stage.ports, &self.stage.user, None, 50).await;
        let events = events.unwrap().events.into_iter().take(count);
        let told = events.map(|event| {
            assert_eq!(event.account, Some(self.stage.account.clone()));
            (event.event, event.facts)
        });
        told.collect()
    }
}

fn field_and_text(refused: Error) -> (String, String) {
    let Error::Invalid(invalid) = refused else {
        panic!("{refused:?}");
    };
    (invalid.field, invalid.message)
}

fn recipient(to: &str) -> Recipient {
    let stored = json!({ "to": to, "cells": {} });
    Recipient::of_bytes(stored.to_string().as_bytes()).unwrap()
}

#[test]
fn what_comes_onto_the_list_is_counted_recorded_and_shown() {
    block_on(async {
        let mine = Mine::new().await;
        let report = mine
            .suppress(&["Bo@example.org", "cy@example.org", "Bo@EXAMPLE.org"])
            .await;
        assert_eq!(report.unwrap(), SuppressReport { added: 2, known: 1 });
        let report = mine.suppress(&["cy@example.org"]).await.unwrap();
        assert_eq!(report, SuppressReport { added: 0, known: 1 });
        let shown = |address: &str| SuppressedAddress {
            address: address.to_owned(),
            why: Suppression::Unsubscribed,
            at: mine.stage.ports.clock.now(),
            note: None,
            job: None,
        };
        let listed = mine.listed().await;
        assert_eq!(listed, ["Bo@example.org", "cy@example.org"].map(shown));
        let account = &mine.account;
        remove(
            &mine.stage.ports,
            &mine.stage.user,
            account,
            "cy@EXAMPLE.org",
        )
        .await
        .unwrap();
        assert_eq!(mine.listed().await, ["Bo@example.org"].map(shown));
        let suppressed = |added: u64| {
            let facts = json!({ "addresses": added, "why": "unsubscribed" });
            ("addresses_suppressed".to_owned(), facts)
        };
        let released = ("address_released".to_owned(), json!({}));
        let recorded = [released, suppressed(0), suppressed(2)];
        assert_eq!(mine.recorded(3).await, recorded);
    });
}

#[test]
fn what_is_no_address_is_named_with_its_place() {
    block_on(async {
        let mine = Mine::new().await;
        // What only looks like an encoded label.
        let refused = mine.suppress(&["cy@example.org", "bo@xn--a.example"]).await;
        let refused = refused.unwrap_err();
        let text = "What stands behind the @ is no domain that the DNS can hold.";
        assert_eq!(
            field_and_text(refused),
            ("addresses[1]".to_owned(), text.to_owned())
        );
        assert_eq!(mine.listed().await, [], "nothing of it");
        let Stage { ports, user, .. } = &mine.stage;
        let refused = remove(ports, user, &mine.account, "cy").await.unwrap_err();
        assert_eq!(
            field_and_text(refused),
            ("address".to_owned(), "Has to be an address.".to_owned())
        );
    });
}

#[test]
fn the_list_holds_twenty_thousand_to_the_last() {
    block_on(async {
        let mine = Mine::new().await;
        mine.fill(limits::SUPPRESSED_MOST - 2).await;
        let refused = mine
            .suppress(&["a@x.example", "b@x.example", "c@x.example"])
            .await;
        let text = "The list has 19998 addresses, and room for 20000.";
        assert_eq!(
            field_and_text(refused.unwrap_err()),
            ("addresses".to_owned(), text.to_owned())
        );
        // What is on it already takes no room.
        let report = mine
            .suppress(&["a@x.example", "00000@full.example", "b@x.example"])
            .await;
        assert_eq!(report.unwrap(), SuppressReport { added: 2, known: 1 });
        assert!(mine.suppress(&["c@x.example"]).await.is_err());
    });
}

#[test]
fn what_came_back_comes_onto_the_list_as_far_as_there_is_room() {
    block_on(async {
        let mine = Mine::new().await;
        let rows = mine.stage.table.len();
        mine.came_back(&[]).await;
        assert_eq!(mine.stage.table.len(), rows);
        mine.suppress(&["bo@example.org"]).await.unwrap();
        mine.came_back(&["bo@example.org", "cy@example.org"]).await;
        let told = mine.listed().await;
        let why: Vec<_> = told.iter().map(|it| (&*it.address, it.why)).collect();
        let expected = [
            // Who is on it stays as they are.
            ("bo@example.org", Suppression::Unsubscribed),
            ("cy@example.org", Suppression::Bounced),
        ];
        assert_eq!(why, expected);
        assert_eq!(told[1].note.as_deref(), Some("550 no such user"));
        assert!(told[1].job.is_some());
        mine.fill(limits::SUPPRESSED_MOST - 4).await;
        mine.came_back(&[
            "d@y.example",
            "cy@example.org",
            "e@y.example",
            "f@y.example",
        ])
        .await;
        let found = mine.page(Some("@y.example"), None, 9).await;
        let names = ["d@y.example", "e@y.example"].map(str::to_owned);
        assert_eq!(found, (names.to_vec(), 2, 20_000, None));
        mine.came_back(&["g@y.example"]).await;
        assert_eq!(mine.page(None, None, 1).await.2, 20_000);
    });
}

#[test]
fn a_page_goes_on_behind_the_address_that_the_one_before_ended_with() {
    block_on(async {
        let mine = Mine::new().await;
        mine.suppress(&["a@x.example", "b@X.example", "c@y.example", "d@x.example"])
            .await
            .unwrap();
        let names = |names: &[&str]| names.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let cursor = |key: &str| Some(key.to_owned());
        let first = names(&["a@x.example", "b@X.example"]);
        let rest = names(&["c@y.example", "d@x.example"]);
        let (found, _, _, next) = mine.page(None, None, 2).await;
        assert_eq!(found, first);
        let next = next.unwrap();
        // A page that ends with the last one names no next.
        assert_eq!(
            mine.page(None, Some(&next), 2).await,
            (rest.clone(), 4, 4, None)
        );
        assert_eq!(
            mine.page(None, Some(&next), 1).await,
            (rest[..1].to_vec(), 4, 4, cursor("c@y.example"))
        );
        let (found, matching, total, next) = mine.page(Some("  X.Example "), None, 2).await;
        assert_eq!((found, matching, total), (first, 3, 4));
        let found = mine.page(Some("x.example"), next.as_deref(), 2).await;
        assert_eq!(found, (names(&["d@x.example"]), 3, 4, None));
        assert_eq!(mine.page(Some("b@x"), None, 2).await.1, 1);
        assert_eq!(mine.page(None, Some("d@x.example"), 2).await.0, names(&[]));
    });
}

#[test]
fn a_recipient_on_the_list_is_told_with_its_row_and_why() {
    block_on(async {
        let mine = Mine::new().await;
        let known = list(&mine.stage.ports, &mine.account).await.unwrap();
        assert!(known.is_empty());
        mine.suppress(&["Bo@example.org"]).await.unwrap();
        let known = list(&mine.stage.ports, &mine.account).await.unwrap();
        assert!(!known.is_empty());
        let of = |list: &SuppressionList, to: &str| list.left_out(7, &recipient(to));
        let row = LeftOutRow {
            row: 7,
            address: "Bo@EXAMPLE.org".to_owned(),
            why: Suppression::Unsubscribed,
        };
        assert_eq!(of(&known, "Bo <Bo@EXAMPLE.org>"), Some(row));
        assert_eq!(of(&known, "cy@example.org"), None);
        let table = mine.stage.ports.table.as_ref();
        for (to, is_on_it) in [
            ("Bo <Bo@EXAMPLE.org>", true),
            ("cy@example.org", false),
            // What another program stored as an address.
            ("nobody", false),
        ] {
            let has = has(table, &mine.stage.account, &recipient(to)).await;
            assert_eq!(has.unwrap(), is_on_it, "{to}");
        }
    });
}
