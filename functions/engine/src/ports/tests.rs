//! What ports say of themselves, and what a provider's module need not say.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::api::{Folders, Item, Items, Role, TargetFolder};
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use futures::FutureExt;
use futures::executor::block_on;
use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::kinds::mail::{Change, Effect, Found, ItemState, Place};
use crate::testing::mailbox::{self, MemoryMailbox};

#[test]
fn what_is_measured_has_names_that_dashboards_know() {
    let selected = [
        (Selected::Ids, "ids"),
        (Selected::Query, "query"),
        (Selected::Rows, "rows"),
        (Selected::Undo, "undo"),
        (Selected::Retry, "retry"),
    ];
    for (selected, name) in selected {
        assert_eq!(selected.name(), name);
        assert_eq!(serde_json::to_value(selected).unwrap(), name);
    }
    let limits = [
        (Limit::Requests, "requests"),
        (Limit::OpenJobs, "open_jobs"),
        (Limit::ConnectionTries, "connection_tries"),
        (Limit::WaitingRequests, "waiting_requests"),
    ];
    for (limit, name) in limits {
        assert_eq!(limit.name(), name);
    }
}

#[test]
fn an_envelope_names_nobody_in_a_log() {
    let envelope = Envelope {
        from: "ann@example.org".to_owned(),
        to: "bob@example.org".to_owned(),
    };
    assert_eq!(format!("{envelope:?}"), "Envelope { .. }");
}

#[test]
fn a_function_is_a_clock_that_ends_no_call() {
    let noon: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
    let clock = move || noon;
    assert_eq!(Clock::now(&clock), noon);
    assert_eq!(clock.until(noon).now_or_never(), None);
    assert_eq!(Random::bits(&|| 7_u128), 7);
}

#[test]
fn a_message_says_what_it_is_about_and_is_stored_as_it_ever_was() {
    let job: JobId = "arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
    let account: AccountId = "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
    let owner: UserId = "ann".parse().unwrap();
    let of_job = |kind: &str| json!({"kind": kind, "job": job});
    let of_account = |kind: &str| json!({"kind": kind, "owner": "ann", "account": account});
    let mut chunk = of_job("chunk");
    chunk["chunk"] = json!(3);
    let mut review = of_account("review");
    review["job"] = json!(job);
    let messages = [
        (Message::Plan { job: job.clone() }, of_job("plan"), None),
        (Message::Check { job: job.clone() }, of_job("check"), None),
        (
            Message::Chunk {
                job: job.clone(),
                chunk: 3,
            },
            chunk,
            Some(3),
        ),
        (
            Message::Review {
                owner: owner.clone(),
                account: account.clone(),
                job: job.clone(),
            },
            review,
            None,
        ),
    ];
    for (message, stored, chunk) in messages {
        assert_eq!(serde_json::to_value(&message).unwrap(), stored);
        assert_eq!(message.about(), job.as_str());
        assert_eq!((message.job(), message.chunk()), (Some(&job), chunk));
    }
    type Of = fn(UserId, AccountId) -> Message;
    let kinds: [(Of, &str); 4] = [
        (|owner, account| Message::Scan { owner, account }, "scan"),
        (
            |owner, account| Message::Bounces { owner, account },
            "bounces",
        ),
        (
            |owner, account| Message::Advise { owner, account },
            "advise",
        ),
        (|owner, account| Message::Rule { owner, account }, "rule"),
    ];
    for (of, kind) in kinds {
        let message = of(owner.clone(), account.clone());
        assert_eq!(serde_json::to_value(&message).unwrap(), of_account(kind));
        assert_eq!(message.about(), account.as_str());
        assert_eq!((message.job(), message.chunk()), (None, None));
    }
}

#[test]
fn a_row_is_in_the_shard_in_which_it_was_stored() {
    // By FNV-1a of the partition; the sort key has no part in it.
    for (partition, shard) in [
        ("", 5),
        ("a", 12),
        ("arc_01arz3ndektsv4rrffq69g5fav", 13),
        ("USER#ann", 2),
        ("OUTBOX#ann", 4),
    ] {
        for sort in ["JOB", "NEWS"] {
            let key = Key {
                partition: partition.to_owned(),
                sort: sort.to_owned(),
            };
            assert_eq!(DueShard::of(&key), DueShard::Numbered(shard), "{partition}");
        }
    }
    let all: Vec<DueShard> = DueShard::all().collect();
    let numbered = (0..16).map(DueShard::Numbered);
    assert!(
        all.into_iter()
            .eq([DueShard::Unsharded].into_iter().chain(numbered))
    );
}

#[test]
fn what_failed_is_said_in_words_without_its_content() {
    let plan = Outgoing {
        message: Message::Plan {
            job: "arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap(),
        },
        delay: Duration::ZERO,
    };
    let queue = QueueError {
        failed: vec![plan.clone(), plan],
        cause: "busy".into(),
    };
    let refuses = format!("the provider refuses: {}", ItemReason::Missing.text());
    let words = [
        (
            CallError::Throttled { until: None }.to_string(),
            "the provider asks to wait",
        ),
        (
            CallError::SignIn.to_string(),
            "the provider refuses the sign-in",
        ),
        (
            CallError::Unavailable("timed out".to_owned()).to_string(),
            "the provider cannot be reached: timed out",
        ),
        (
            CallError::Unsupported("Not here.".to_owned()).to_string(),
            "Not here.",
        ),
        (
            CallError::Refused(ItemReason::Missing).to_string(),
            refuses.as_str(),
        ),
        (
            queue.to_string(),
            "the queue did not take 2 of the messages",
        ),
        (TableError::Conflict.to_string(), "a row is not as expected"),
        (
            TableError::Unavailable("secret".into()).to_string(),
            "the table is not available",
        ),
        (
            TableError::Refused("secret".into()).to_string(),
            "the table refuses",
        ),
        (
            SealError::Broken.to_string(),
            "the credentials cannot be unsealed",
        ),
        (
            SealError::Unavailable("secret".into()).to_string(),
            "the keeper of the key is not available",
        ),
        (
            PartsError("secret".into()).to_string(),
            "an export's part cannot be kept",
        ),
        (
            LedgerError("secret".into()).to_string(),
            "what is about to leave cannot be noted or looked up",
        ),
    ];
    for (said, words) in words {
        assert_eq!(said, words);
    }
}

#[test]
fn flags_and_labels_tell_what_became_of_a_mail() {
    let flags = |flags: &[&str]| -> BTreeSet<String> {
        flags.iter().map(|&flag| flag.to_owned()).collect()
    };
    let nothing = Facts {
        unread: true,
        ..Facts::default()
    };
    assert_eq!(Facts::of_flags(&flags(&[])), nothing);
    let all = flags(&["\\Seen", "\\Flagged", "\\Answered", "$Junk", "old", "zwei"]);
    let known = Facts {
        size: Some(3),
        unread: true,
        ..Facts::default()
    };
    let expected = Facts {
        unread: false,
        starred: true,
        answered: true,
        labels: vec!["old".to_owned(), "zwei".to_owned()],
        size: Some(3),
        ..Facts::default()
    };
    assert_eq!(known.with_flags(&all), expected);
}

#[test]
fn a_model_that_says_nothing_says_so_of_each_mail() {
    let told = Told::<u8>::nothing(3, CallError::SignIn);
    assert_eq!(told.found, [None, None, None]);
    assert!(matches!(told.broke, Some(CallError::SignIn)));
    let told = Told::all(vec![Ok(1), Err(ItemReason::Unclassified)]);
    assert_eq!(
        told.found,
        [Some(Ok(1)), Some(Err(ItemReason::Unclassified))]
    );
    assert!(told.broke.is_none());
}

/// A provider that has mails under numbers, the latest first, and says nothing else.
struct Bare {
    abilities: Abilities,
    mails: u64,
    /// How many mails each page was asked for.
    asked: Mutex<Vec<u32>>,
}

impl Bare {
    fn new(mails: u64) -> Self {
        let abilities = MailStore::abilities(&MemoryMailbox::new(0)).clone();
        Self {
            abilities: Abilities {
                call_items: 17,
                allowance: Some(Allowance {
                    items: 9,
                    seconds: 60,
                }),
                ..abilities
            },
            mails,
            asked: Mutex::default(),
        }
    }
}

fn item(number: u64) -> Item {
    mailbox::listed(format!("{number}").parse().unwrap(), "")
}

fn nobody<T>() -> Result<T, CallError> {
    Err(CallError::SignIn)
}

#[async_trait]
impl MailStore for Bare {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }
    async fn folders(&self) -> Result<Folders, CallError> {
        nobody()
    }
    async fn folder_for(&self, role: Role) -> Result<String, CallError> {
        Ok(format!("{role:?}"))
    }
    async fn folder_made(&self, _: &str) -> Result<String, CallError> {
        nobody()
    }
    async fn list(
        &self,
        _: &Query,
        _: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError> {
        self.asked.lock().unwrap().push(limit);
        let from: u64 = cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let to = self.mails.min(from + u64::from(limit));
        Ok(Items {
            items: (from..to).map(item).collect(),
            next_cursor: (to < self.mails).then(|| to.to_string()),
            total: Some(self.mails),
            unsearched: Vec::new(),
        })
    }
    async fn items(&self, _: &[ItemId]) -> Result<Vec<Option<Item>>, CallError> {
        nobody()
    }
    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        nobody()
    }
    async fn header_folders(&self) -> Result<Vec<HeaderFolder>, CallError> {
        nobody()
    }
    async fn headers(&self, _: &str, _: Option<&str>, _: u32) -> Result<Headers, CallError> {
        nobody()
    }
    async fn matches(
        &self,
        _: &Query,
        _: Timestamp,
        _: Option<&str>,
        _: u32,
    ) -> Result<Matches, CallError> {
        nobody()
    }
    async fn states(&self, _: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError> {
        nobody()
    }
    async fn change(&self, _: &[Change], _: &str) -> Result<Vec<Effect>, CallError> {
        nobody()
    }
    async fn reconcile(&self, _: &[Change], _: &str) -> Result<Vec<Found>, CallError> {
        nobody()
    }
    async fn fetch(&self, _: &[ItemId], _: &mut dyn MessageSink) -> Result<(), CallError> {
        nobody()
    }
}

#[async_trait]
impl Postbox for Bare {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }
    async fn deliver(&self, _: &[Letter]) -> Result<Vec<Delivery>, CallError> {
        nobody()
    }
    async fn find(&self, _: &[ItemId]) -> Result<Vec<SentCopy>, CallError> {
        nobody()
    }
}

#[async_trait]
impl Parts for Bare {
    async fn create(&self, _: &JobId, _: &str) -> Result<Box<dyn PartWriter>, PartsError> {
        Err(PartsError("full".into()))
    }
    async fn open(&self, _: &JobId, _: &str) -> Result<Option<Box<dyn PartReader>>, PartsError> {
        Ok(None)
    }
}

#[async_trait]
impl Ledger for Bare {
    async fn note(&self, _: &JobId, _: u32, _: &[Note]) -> Result<(), LedgerError> {
        Ok(())
    }
    async fn read(&self, _: &JobId, _: u32) -> Result<Vec<Note>, LedgerError> {
        Ok(Vec::new())
    }
}

/// The mails from this place on, and how many each page was asked for.
fn listed(mails: u64, place: u64, limit: u32) -> (Items, Vec<u32>) {
    let bare = Bare::new(mails);
    let query = Query::All(Vec::new());
    let page = bare.list_at(&query, Timestamp::UNIX_EPOCH, place, limit);
    let page = block_on(page).unwrap();
    let asked = bare.asked.lock().unwrap().clone();
    (page, asked)
}

#[test]
fn a_list_that_knows_no_places_is_walked_in_the_largest_steps() {
    let numbers = |page: &Items| -> Vec<String> {
        page.items.iter().map(|item| item.id.to_string()).collect()
    };
    let (page, asked) = listed(1_200, 1_003, 2);
    assert_eq!(numbers(&page), ["1003", "1004"]);
    assert_eq!(page.next_cursor.as_deref(), Some("1005"));
    assert_eq!(asked, [500, 500, 3, 2]);
    let (page, asked) = listed(1_200, 0, 2);
    assert_eq!(numbers(&page), ["0", "1"]);
    assert_eq!(asked, [2]);
    let (page, asked) = listed(1_200, 500, 2);
    assert_eq!(numbers(&page), ["500", "501"]);
    assert_eq!(asked, [500, 2]);
    let far = u64::from(u32::MAX) + 7;
    for (place, last_step) in [(1_200, 200), (1_201, 201), (far, 500)] {
        let (page, asked) = listed(1_200, place, 2);
        assert_eq!((page.items.len(), page.total), (0, Some(1_200)), "{place}");
        assert_eq!(asked, [500, 500, last_step], "{place}");
    }
}

#[test]
fn a_provider_that_says_nothing_of_it_does_what_is_usual() {
    block_on(async {
        let bare = Bare::new(0);
        let store: &dyn MailStore = &bare;
        assert_eq!(store.first_call_items(), 17);
        let allowance = bare.abilities.allowance;
        assert_eq!(store.allowance().await.unwrap(), allowance);
        let archive = Operation::Archive(Archive {});
        assert_eq!(store.objection(&archive).await.unwrap(), None);
        let target = TargetFolder {
            name: "Archive".to_owned(),
            will_be_made: false,
            seen_by_others: false,
        };
        assert_eq!(store.target_for(Role::Archive).await.unwrap(), target);
        assert_eq!(store.folder_named("B\u{fc}ro").await.unwrap(), "B\u{fc}ro");
        let names = ["a".to_owned(), "b".to_owned()];
        let seen = store.seen_by_others(&names).await.unwrap();
        assert_eq!(seen, Vec::<String>::new());
        // What is gone is not followed anywhere: one answer for each that was asked for.
        let lost = || ItemState {
            state: Place {
                folder: "INBOX".to_owned(),
                flags: BTreeSet::new(),
            },
            version: None,
            identity: None,
        };
        let lost = [lost(), lost()];
        assert_eq!(store.follow(&lost, &[]).await.unwrap(), [None, None]);

        let postbox: &dyn Postbox = &bare;
        assert_eq!(postbox.allowance().await.unwrap(), allowance);
        assert_eq!((postbox.outlet(), postbox.user()), (None, None));
        assert_eq!(postbox.objection(&archive), None);
        assert!(postbox.ready().await.is_ok());
        assert_eq!(postbox.sent("snd").await.unwrap(), []);

        assert!(!bare.hands_out());
        let job: JobId = "arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
        let label = FileLabel {
            name: "a.csv".to_owned(),
            media_type: "text/csv",
            kept_until: None,
        };
        let source = FileSource::Sections(&[]);
        assert_eq!(bare.hand_out(&job, &label, source).await.unwrap(), None);
        assert!(!bare.may_lack(&job, 0, Timestamp::UNIX_EPOCH));
    });
}
