//! Mailboxes and restores as items, on a directory of three mailboxes.

use bulkhead_shared::kinds::mailbox::rows::{Recovery, Restore};
use bulkhead_shared::kinds::mailbox::{ConflictRule, Profile, Rights, Status};
use bulkhead_shared::operations::{Archive, MailTarget, RecoverMailboxes, RestoreMailboxes};
use futures::executor::block_on;

use super::*;
use crate::kinds::State;
use crate::ports::MailboxPage;
use crate::stores::tests::is_of_another_kind;

/// A directory that tells what it was given, and does whatever is asked.
pub(crate) struct Directory {
    abilities: Abilities,
    mailboxes: Vec<Mailbox>,
    restored: Vec<(Restoration, mailbox::Restored)>,
}

impl Directory {
    /// Nothing was restored into any of these.
    pub(crate) fn of(mailboxes: Vec<Mailbox>) -> Self {
        Self {
            abilities: abilities(),
            mailboxes,
            restored: Vec::new(),
        }
    }
}

#[async_trait]
impl MailboxStore for Directory {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    fn rules(&self) -> &[ConflictRule] {
        &[ConflictRule::KeepTarget, ConflictRule::KeepBoth]
    }

    async fn test(&self) -> Result<String, CallError> {
        Ok(String::new())
    }

    async fn rights(&self) -> Result<Rights, CallError> {
        Ok(Rights {
            recover: true,
            restore: true,
        })
    }

    async fn list(&self, _: &Search, place: u64, limit: u32) -> Result<MailboxPage, CallError> {
        let rows = self.mailboxes.iter().skip(place as usize);
        Ok(MailboxPage {
            rows: rows.take(limit as usize).cloned().collect(),
            total: self.mailboxes.len() as u64,
        })
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        Ok(Some("as it was".to_owned()))
    }

    async fn look(&self, guids: &[Guid]) -> Result<Vec<Option<Mailbox>>, CallError> {
        let known = |guid: &Guid| self.mailboxes.iter().find(|it| it.guid == *guid).cloned();
        Ok(guids.iter().map(known).collect())
    }

    async fn find(&self, names: &[MailboxName]) -> Result<Vec<Option<Mailbox>>, CallError> {
        let called = |name: &MailboxName| {
            let mut all = self.mailboxes.iter();
            let found = all.find(|mailbox| match name {
                MailboxName::Guid(guid) => mailbox.guid == *guid,
                MailboxName::Address(address) => {
                    let names = [&mailbox.profile.smtp, &mailbox.profile.upn];
                    !mailbox.is_inactive() && names.iter().any(|name| address.is(name))
                }
            });
            found.cloned()
        };
        Ok(names.iter().map(called).collect())
    }

    async fn restored(
        &self,
        restorations: &[Restoration],
    ) -> Result<Vec<Option<mailbox::Restored>>, CallError> {
        let is_there = |of: &Restoration| {
            let mut known = self.restored.iter();
            known
                .find(|(known, _)| known == of)
                .map(|(_, it)| it.clone())
        };
        Ok(restorations.iter().map(is_there).collect())
    }

    async fn change(
        &self,
        changes: &[mailbox::Change],
        _: &str,
    ) -> Result<Vec<mailbox::Effect>, CallError> {
        let done = |change: &mailbox::Change| {
            mailbox::Effect::done(change.id.clone(), change.to.clone().unwrap())
        };
        Ok(changes.iter().map(done).collect())
    }

    async fn reconcile(
        &self,
        changes: &[mailbox::Change],
        _: &str,
    ) -> Result<Vec<mailbox::Found>, CallError> {
        let judged = changes.iter().map(|it| it.judge(it.from.clone()));
        Ok(judged.collect())
    }
}

fn guid(number: u8) -> Guid {
    Guid::of_bytes([number; 16])
}

fn profile(name: &str) -> Profile {
    Profile {
        upn: format!("{name}@x.example"),
        smtp: format!("{name}.mail@x.example"),
        display_name: name.to_owned(),
        ..Profile::default()
    }
}

fn inactive(number: u8, name: &str) -> Mailbox {
    Mailbox {
        guid: guid(number),
        profile: profile(name),
        status: Status::Inactive {
            deleted_at: None,
            retained_until: None,
        },
        items: Some(3),
        bytes: None,
        quota_bytes: None,
        on_hold: false,
    }
}

fn active(number: u8, name: &str) -> Mailbox {
    Mailbox {
        status: Status::Active,
        ..inactive(number, name)
    }
}

fn into(number: u8, target: &str) -> Restoration {
    Restoration {
        source: guid(number),
        target: MailboxName::read(target).unwrap(),
    }
}

fn copied() -> mailbox::Restored {
    mailbox::Restored {
        rule: ConflictRule::KeepBoth,
        folder: None,
        copied: 3,
        receipt: b"1:3".to_vec(),
    }
}

fn abilities() -> Abilities {
    Abilities {
        labels: None,
        batch_size: 4,
        parallel_chunks: 1,
        call_items: 4,
        page_items: 2,
        item_bytes: 1_000,
        calls_per_batch: 1,
        batch_millis: (1, 2),
        operations: Vec::new(),
        allowance: None,
        cannot_search: Vec::new(),
    }
}

/// Ann's mailbox is kept, and so is Bob's; Eve uses hers, into which Bob's was restored.
fn store() -> MailboxItems {
    let mailboxes = vec![inactive(1, "ann"), inactive(2, "bob"), active(3, "eve")];
    MailboxItems(Arc::new(Directory {
        restored: vec![(into(2, "eve@x.example"), copied())],
        ..Directory::of(mailboxes)
    }))
}

fn recovery(number: u8, name: &str) -> MailboxRow {
    MailboxRow::Recover(Recovery {
        source: guid(number),
        profile: profile(name),
    })
}

fn restore(number: u8, target: &str, folder: Option<&str>) -> MailboxRow {
    MailboxRow::Restore(Restore {
        source: guid(number),
        target: MailboxName::read(target).unwrap(),
        folder: folder.map(str::to_owned),
        rule: None,
    })
}

fn brought(row: MailboxRow) -> Vec<u8> {
    let brought = Brought {
        number: 7,
        row,
        cells: Vec::new(),
        clash: None,
    };
    brought.encode()
}

fn validate() -> Operation {
    serde_json::from_str(r#"{"type":"validate_mailboxes"}"#).unwrap()
}

#[test]
fn a_directory_is_asked_for_one_mailbox_at_a_time_and_by_rules_that_it_has() {
    block_on(async {
        let store = store();
        assert_eq!(store.change_items(), 1);
        assert_eq!(store.objection(&validate()).await.unwrap(), None);
        let token = store.sync_token().await;
        assert_eq!(token.unwrap().as_deref(), Some("as it was"));
        let restored = |rule| Target::Mailbox(MailboxTarget::Restored { rule });
        for target in [
            restored(ConflictRule::KeepBoth),
            Target::Mailbox(MailboxTarget::Recovered),
            Target::Back,
        ] {
            assert_eq!(store.check(&target).await.unwrap(), None);
        }
        let refused = store.check(&restored(ConflictRule::KeepNewer)).await;
        let refused = refused.unwrap().unwrap();
        assert_eq!(refused.field, "operation.conflict_resolution");
        let rules = "it can by keep_target, keep_both.";
        assert!(refused.message.ends_with(rules), "{}", refused.message);
        let mails = Target::Mail(MailTarget::Reply);
        assert!(is_of_another_kind(store.goal(mails).await));
        assert_eq!(store.goal(Target::Back).await.unwrap(), Goal::Back);
        let recovered = Goal::Mailbox(MailboxTarget::Recovered);
        let goal = store.past_goal(Target::Mailbox(MailboxTarget::Recovered));
        assert_eq!(goal.await.unwrap(), recovered);
    });
}

#[test]
fn all_that_a_search_finds_is_read_page_by_page() {
    block_on(async {
        let store = store();
        let all = Query::parse("").unwrap();
        let now = Timestamp::UNIX_EPOCH;
        for (cursor, limit, found, next) in [
            (None, 2, vec![1, 2], Some("2")),
            (Some("2"), 2, vec![3], None),
            (Some("1"), 2, vec![2, 3], None),
            (None, 9, vec![1, 2, 3], None),
            (Some("9"), 2, vec![], None),
        ] {
            let page = store.matches(&all, now, cursor, limit).await.unwrap();
            let ids: Vec<ItemId> = page.matches.into_iter().map(|it| it.id).collect();
            let expected: Vec<ItemId> = found.into_iter().map(|it| guid(it).item_id()).collect();
            assert_eq!((ids, page.next.as_deref()), (expected, next), "{cursor:?}");
        }
        let nowhere = store.matches(&all, now, Some("x"), 2).await;
        assert!(matches!(nowhere, Err(CallError::Unsupported(_))));
    });
}

#[test]
fn mail_that_arrives_makes_no_other_version_and_what_matters_does() {
    let ann = inactive(1, "ann");
    let arrived = Mailbox {
        items: Some(4),
        bytes: Some(9),
        ..ann.clone()
    };
    assert_eq!(version(&arrived), version(&ann));
    let held = Mailbox {
        on_hold: true,
        ..ann.clone()
    };
    for other in [held, inactive(1, "bob"), active(1, "ann")] {
        assert_ne!(version(&other), version(&ann), "{other:?}");
    }
}

#[test]
fn a_mailbox_is_shown_as_it_is_and_a_restore_as_its_source() {
    block_on(async {
        let store = store();
        let restore_id = into(2, "eve@x.example").id().unwrap();
        let ids = [
            guid(3).item_id(),
            restore_id.clone(),
            guid(9).item_id(),
            "row 1".parse().unwrap(),
        ];
        let eve = active(3, "eve").card();
        let bob = Card {
            id: restore_id,
            ..inactive(2, "bob").card()
        };
        let cards = store.cards(&ids).await.unwrap();
        assert_eq!(cards, [Some(eve.clone()), Some(bob), None, None]);
        for (row, title, second, told, becomes) in [
            (
                recovery(1, "ada"),
                "ada".to_owned(),
                "ada@x.example",
                "becomes",
                "ada (ada@x.example)",
            ),
            (
                restore(1, "eve@x.example", None),
                guid(1).to_string(),
                "eve@x.example",
                "goes into",
                "eve@x.example",
            ),
            (
                restore(1, "eve@x.example", Some("Old")),
                guid(1).to_string(),
                "eve@x.example",
                "goes into",
                "eve@x.example, folder Old",
            ),
        ] {
            let input = brought(row);
            let number = CardFact::new("row", "7".to_owned());
            let card = Card {
                id: guid(1).item_id(),
                title,
                second: second.to_owned(),
                facts: vec![number.clone()],
                time: None,
                marks: Vec::new(),
            };
            let shown = store.card_of_input(&validate(), &guid(1).item_id(), &input);
            assert_eq!(shown, Some(card));
            let shown = store.card_with_input(eve.clone(), &input);
            let becomes = CardFact::new(told, becomes.to_owned());
            assert_eq!(shown.facts[..2], [number, becomes]);
            assert_eq!(shown.facts[2..], eve.facts);
        }
        assert_eq!(
            store.card_of_input(&validate(), &guid(1).item_id(), b"?"),
            None
        );
        assert_eq!(store.card_with_input(eve.clone(), b"?"), eve);
    });
}

#[test]
fn a_row_is_the_mailbox_or_the_restore_that_it_names_and_looked_through_it_is_itself() {
    block_on(async {
        let store = store();
        let row = |row: MailboxRow| Row {
            key: "vlm_1.0".to_owned(),
            input: brought(row),
        };
        let rows = || {
            vec![
                row(recovery(1, "ada")),
                row(restore(2, "eve@x.example", None)),
            ]
        };
        let ids = async |operation: Operation| {
            let made = store.rows(&operation, rows()).await.unwrap();
            made.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
        };
        let named = [guid(1).item_id(), into(2, "eve@x.example").id().unwrap()];
        assert_eq!(ids(RecoverMailboxes::default().into()).await, named);
        assert_eq!(ids(RestoreMailboxes::default().into()).await, named);
        let itself: ItemId = "row vlm_1.0".parse().unwrap();
        assert_eq!(ids(validate()).await, [itself.clone(), itself]);
        let damaged = vec![Row {
            key: String::new(),
            input: b"?".to_vec(),
        }];
        assert!(is_of_another_kind(store.rows(&validate(), damaged).await));
    });
}

#[test]
fn a_mailbox_is_in_use_or_kept_and_a_restore_is_there_or_not() {
    block_on(async {
        let store = store();
        let restore = |number, target| into(number, target).id().unwrap();
        let state = |mailbox: &Mailbox, state| ItemState {
            version: Some(version(mailbox)),
            ..mailbox::ItemState::present(state).widen()
        };
        let (bob, eve) = (inactive(2, "bob"), active(3, "eve"));
        for (id, expected) in [
            (guid(2).item_id(), state(&bob, MailboxState::Inactive)),
            (
                guid(3).item_id(),
                state(&eve, MailboxState::Active(profile("eve"))),
            ),
            (
                restore(2, "eve@x.example"),
                state(&bob, MailboxState::Restored(copied())),
            ),
            (
                restore(2, "ann@x.example"),
                state(&bob, MailboxState::NotRestored),
            ),
            (guid(9).item_id(), ItemState::ABSENT),
            (restore(9, "eve@x.example"), ItemState::ABSENT),
            ("row 1".parse().unwrap(), ItemState::ABSENT),
        ] {
            let states = store.states(std::slice::from_ref(&id)).await.unwrap();
            assert_eq!(states, [expected], "{id}");
        }
    });
}

#[test]
fn each_row_is_judged_by_the_mailboxes_that_it_names() {
    block_on(async {
        let store = store();
        let judged = async |row: MailboxRow| {
            let items = [("row 1".parse().unwrap(), Some(brought(row)))];
            let judged = store
                .judge(&validate(), &items, Timestamp::UNIX_EPOCH)
                .await;
            judged.unwrap().remove(0).unwrap().class
        };
        let ready = "ready";
        assert_eq!(judged(recovery(1, "ada")).await, ready);
        assert_ne!(
            judged(recovery(9, "ada")).await,
            ready,
            "there is no source"
        );
        assert_ne!(judged(recovery(3, "ada")).await, ready, "it is in use");
        assert_ne!(
            judged(recovery(1, "EVE")).await,
            ready,
            "somebody has the name"
        );
        let taken = MailboxRow::Recover(Recovery {
            source: guid(1),
            profile: Profile {
                smtp: "Eve.mail@x.example".to_owned(),
                ..profile("ada")
            },
        });
        assert_ne!(judged(taken).await, ready, "somebody has the address");
        assert_eq!(judged(restore(1, "Eve@x.example", None)).await, ready);
        assert_ne!(judged(restore(1, "ada@x.example", None)).await, ready);
        let by_newer = MailboxRow::Restore(Restore {
            source: guid(1),
            target: MailboxName::read("eve@x.example").unwrap(),
            folder: None,
            rule: Some(ConflictRule::KeepNewer),
        });
        assert_ne!(judged(by_newer).await, ready, "it has no such rule");
        // What cannot be read, and another operation, tell of no row.
        let items = [("row 1".parse().unwrap(), Some(b"?".to_vec()))];
        let internal: Vec<Judged> = vec![Err(ItemReason::Internal)];
        let now = Timestamp::UNIX_EPOCH;
        let judged = store.judge(&validate(), &items, now).await;
        assert_eq!(judged.unwrap(), internal);
        let other = Archive {}.into();
        let judged = store.judge(&other, &items, now).await;
        assert_eq!(judged.unwrap(), internal);
    });
}

#[test]
fn changes_and_what_became_of_them_are_told_as_of_any_kind() {
    block_on(async {
        let store = store();
        let id = guid(1).item_id();
        let from = mailbox::ItemState::present(MailboxState::Inactive);
        let to = Some(MailboxState::Active(profile("ada")));
        let change = Change {
            id: id.clone(),
            from: from.clone().widen(),
            to: State::Mailbox(to.clone().unwrap()),
        };
        let changes = [change];
        let state = mailbox::ItemState {
            state: to,
            version: None,
            identity: None,
        };
        let done = Effect::Done {
            id: id.clone(),
            state: state.widen(),
        };
        assert_eq!(store.change(&changes, "tag").await.unwrap(), vec![done]);
        let not_done = Found::NotDone {
            id,
            state: from.widen(),
        };
        assert_eq!(
            store.reconcile(&changes, "tag").await.unwrap(),
            vec![not_done]
        );
        let of_mails = [Change {
            to: State::Contact(Vec::new()),
            ..changes[0].clone()
        }];
        assert!(is_of_another_kind(store.change(&of_mails, "tag").await));
    });
}
