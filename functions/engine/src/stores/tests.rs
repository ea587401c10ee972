//! Mails, contacts and recipients as items, of an account in memory.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::api::{Role, TargetFolder};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::{Card, CardFact, Kind};
use bulkhead_shared::operations::contact::create::CreateContacts;
use bulkhead_shared::operations::contact::delete::DeleteContacts;
use bulkhead_shared::operations::{
    Archive, ContactTarget, MailTarget, Operation, OperationSpec, Target,
};
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;
use bulkhead_shared::unsubscribe::{MailingList, Way};
use futures::executor::block_on;
use jiff::Timestamp;

use super::item_store::Judged;
use super::mail::MailItems;
use super::{ItemStore, Row, abilities, cards, of};
use crate::kinds::mail::{FLAGGED, SEEN};
use crate::kinds::{Change, Effect, Found, Goal, ItemState, State, mail};
use crate::ports::{CallError, ContactStore, Facts, FromWhom, MailStore, Model, Told};
use crate::testing::address_book::{MemoryAddressBook, address};
use crate::testing::mailbox::{MemoryMailbox, place};

fn id(text: &str) -> ItemId {
    text.parse().unwrap()
}

fn items(mailbox: &MemoryMailbox, kind: Kind) -> Arc<dyn ItemStore> {
    of(Arc::new(mailbox.clone()), kind).unwrap()
}

fn mails(mailbox: &MemoryMailbox) -> Arc<dyn ItemStore> {
    items(mailbox, Kind::Mail)
}

fn into(name: &str, make: bool) -> Target {
    let name = name.to_owned();
    Target::Mail(MailTarget::IntoFolder { name, make })
}

fn folder(name: &str) -> Goal {
    Goal::Mail(mail::Goal::Folder(name.to_owned()))
}

pub(super) fn is_of_another_kind<T>(answer: Result<T, CallError>) -> bool {
    matches!(answer, Err(CallError::Refused(ItemReason::Internal)))
}

#[test]
fn an_account_has_the_items_of_each_kind_that_it_is_open_for() {
    let mailbox = MemoryMailbox::new(1);
    let account: Arc<dyn crate::ports::Account> = Arc::new(mailbox.clone());
    let all = abilities(&account);
    let kinds: Vec<Kind> = all.keys().copied().collect();
    assert_eq!(kinds, [Kind::Mail, Kind::Contact, Kind::Recipient]);
    assert_eq!(all[&Kind::Mail].page_items, 7);
    let none = of(account, Kind::Mailbox).err();
    assert!(matches!(
        none,
        Some(CallError::Unsupported(why)) if why == "This account has no mailboxes."
    ));
}

/// A folder that was away is there again only once somebody lets it be made.
#[test]
fn a_target_is_a_folder_and_only_where_that_is_wanted_one_that_is_made() {
    block_on(async {
        let mailbox = MemoryMailbox::new(1);
        mailbox.trouble(|trouble| trouble.gone = Some("Later".to_owned()));
        let is_gone = || {
            let mut gone = false;
            mailbox.trouble(|trouble| gone = trouble.gone.is_some());
            gone
        };
        let items = mails(&mailbox);
        let archive = Target::Mail(MailTarget::Into(Role::Archive));
        let flags = Target::Mail(MailTarget::Flags {
            add: vec![SEEN.to_owned()],
            remove: vec![FLAGGED.to_owned()],
        });
        let flagged = Goal::Mail(mail::Goal::Flags {
            add: vec![SEEN.to_owned()],
            remove: vec![FLAGGED.to_owned()],
        });
        for (target, goal) in [
            (Target::Back, Goal::Back),
            (archive, folder("Archive")),
            (flags, flagged),
            (into("Later", false), folder("Later")),
        ] {
            assert_eq!(items.past_goal(target.clone()).await.unwrap(), goal);
            assert_eq!(items.goal(target).await.unwrap(), goal);
        }
        let later = into("Later", true);
        assert_eq!(
            items.past_goal(later.clone()).await.unwrap(),
            folder("Later")
        );
        assert!(is_gone());
        assert_eq!(items.goal(later).await.unwrap(), folder("Later"));
        assert!(!is_gone());
        for target in [
            Target::Mail(MailTarget::Reply),
            Target::Contact(ContactTarget::Gone),
        ] {
            assert!(is_of_another_kind(items.goal(target.clone()).await));
            assert!(is_of_another_kind(items.past_goal(target).await));
        }
    });
}

#[test]
fn where_mails_go_is_told_and_whether_that_is_there() {
    block_on(async {
        let mailbox = MemoryMailbox::new(1);
        mailbox.trouble(|trouble| trouble.shared = vec!["Work".to_owned()]);
        let items = mails(&mailbox);
        let to = |name: &str, will_be_made| {
            Some(TargetFolder {
                name: name.to_owned(),
                will_be_made,
                seen_by_others: false,
            })
        };
        let text = "There is no folder of this name in the account.";
        let unknown = Invalid::new("operation.folder", text);
        for (target, goes, wrong) in [
            (
                Target::Mail(MailTarget::Into(Role::Trash)),
                to("Trash", false),
                None,
            ),
            (Target::Mail(MailTarget::Reply), to("Drafts", false), None),
            (into("Work", true), to("Work", false), None),
            (into("Work", false), to("Work", false), None),
            (into("New", true), to("New", true), None),
            (into("New", false), to("New", false), Some(unknown)),
            (Target::Back, None, None),
        ] {
            assert_eq!(items.destination(&target).await.unwrap(), goes);
            assert_eq!(items.check(&target).await.unwrap(), wrong, "{target:?}");
        }
        let folders = ["INBOX", "Work"].map(str::to_owned);
        let seen = items.seen_by_others(&folders).await.unwrap();
        assert_eq!(seen, ["Work"]);
    });
}

#[test]
fn no_mail_is_deleted_for_good() {
    block_on(async {
        let mailbox = MemoryMailbox::new(4);
        let items = mails(&mailbox);
        let ids = [1, 3].map(|number| mailbox.id_of(number).unwrap());
        let states = items.states(&ids).await.unwrap();
        assert_eq!(states[1].state, place("INBOX", &[FLAGGED]));
        let wanted = [State::Absent, place("Archive", &[SEEN])];
        let all = ids.iter().zip(&states).zip(wanted);
        let changes = all.map(|((id, from), to)| Change {
            id: id.clone(),
            from: from.clone(),
            to,
        });
        let mut changes: Vec<Change> = changes.collect();
        let effects = items.change(&changes, "tag").await.unwrap();
        let now = [place("Trash", &[]), place("Archive", &[SEEN])];
        for (effect, now) in effects.iter().zip(&now) {
            assert!(matches!(effect, Effect::Done { state, .. } if state.state == *now));
        }
        let found = items.reconcile(&changes, "tag").await.unwrap();
        for (found, now) in found.iter().zip(&now) {
            assert!(matches!(found, Found::Done { state, .. } if state.state == *now));
        }
        assert_eq!((effects.len(), found.len()), (2, 2));
        // It is marked in the trash as it was before.
        let four = mailbox.id_of(4).unwrap();
        mailbox.act(4, |place| {
            place.flags.insert("work".to_owned());
        });
        let before = items.states(std::slice::from_ref(&four)).await.unwrap();
        changes.truncate(1);
        changes[0] = Change {
            id: four,
            from: before[0].clone(),
            to: State::Absent,
        };
        let effects = items.change(&changes, "tag").await.unwrap();
        let trashed = place("Trash", &["work"]);
        assert!(matches!(&effects[0], Effect::Done { state, .. } if state.state == trashed));
        assert_eq!(mailbox.mails().len(), 4);
        // What was never a mail is none here.
        changes[0].from.state = State::Contact(b"card".to_vec());
        assert!(is_of_another_kind(items.change(&changes, "tag").await));
        assert!(is_of_another_kind(items.reconcile(&changes, "tag").await));
    });
}

#[test]
fn mails_are_told_in_the_order_asked_and_those_that_are_gone_are_none() {
    block_on(async {
        let mailbox = MemoryMailbox::new(2).limited_to(7, 60);
        let items = mails(&mailbox);
        let (one, two) = (mailbox.id_of(1).unwrap(), mailbox.id_of(2).unwrap());
        let ids = [two.clone(), id("INBOX.9"), one];
        let states = items.states(&ids).await.unwrap();
        let identities: Vec<_> = states.iter().map(|state| state.identity).collect();
        assert_eq!(identities, [Some(2), None, Some(1)]);
        assert_eq!(states[1], ItemState::ABSENT);
        let facts = items.facts(&ids).await.unwrap();
        let told = Facts {
            received: Some(Timestamp::UNIX_EPOCH),
            size: Some(1_000),
            sender: Some(FromWhom {
                address: "sender2@example.org".to_owned(),
                name: "Sender 2".to_owned(),
            }),
            ..Facts::default()
        };
        assert_eq!((facts.len(), &facts[0], &facts[1]), (3, &Some(told), &None));
        let shown = items.cards(&ids).await.unwrap();
        let titles: Vec<_> = shown
            .iter()
            .map(|card| card.as_ref().map(|card| card.second.as_str()))
            .collect();
        assert_eq!(titles, [Some("=Subject 2"), None, Some("=Subject 1")]);
        let allowance = Allowance {
            items: 7,
            seconds: 60,
        };
        assert_eq!(items.allowance().await.unwrap(), Some(allowance));
        assert_eq!(items.first_change_items(), 4);
        assert_eq!(items.sync_token().await.unwrap().as_deref(), Some("2.2"));
        let archive = Operation::from(Archive {});
        assert_eq!(items.objection(&archive).await.unwrap(), None);
        // It went away and came back, and has another id since.
        mailbox.act(2, |place| place.folder = "Work".to_owned());
        mailbox.act(2, |place| place.folder = "INBOX".to_owned());
        let lost = [states[0].clone(), states[2].clone()];
        let found = items.follow(&lost, &[]).await.unwrap();
        let found: Vec<_> = found
            .into_iter()
            .map(|found| found.map(|(id, state)| (id, state.identity)))
            .collect();
        assert_ne!(mailbox.id_of(2), Some(two));
        let expected = [2, 1].map(|number| Some((mailbox.id_of(number).unwrap(), Some(number))));
        assert_eq!(found, expected);
        let other = [ItemState {
            state: State::Contact(b"card".to_vec()),
            ..ItemState::ABSENT
        }];
        assert!(is_of_another_kind(items.follow(&other, &[]).await));
        let brought = [(ids[0].clone(), None), (ids[1].clone(), None)];
        let judged = items.judge(&archive, &brought, Timestamp::UNIX_EPOCH).await;
        let internal: Judged = Err(ItemReason::Internal);
        assert_eq!(judged.unwrap(), [internal.clone(), internal]);
        // Nothing is made of rows.
        let none = items.rows(&archive, Vec::new()).await;
        assert!(matches!(none, Err(CallError::Unsupported(why)) if !why.is_empty()));
        let query = Query::parse("in:inbox").unwrap();
        let page = items.matches(&query, Timestamp::UNIX_EPOCH, None, 1).await;
        let page = page.unwrap();
        assert_eq!((page.matches.len(), page.next.as_deref()), (1, Some("1")));
    });
}

/// Says that a mail is of the class that is its subject, as sure as the number behind it says.
struct BySubject;

#[async_trait]
impl Model for BySubject {
    fn message_bytes(&self) -> usize {
        100
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let found = beginnings.iter().map(|beginning| {
            let text = String::from_utf8_lossy(beginning);
            let line = text.lines().next().unwrap_or_default();
            let (class, percent) = line
                .trim_start_matches("Subject: ")
                .split_once(' ')
                .unwrap_or_default();
            Ok(ItemResult {
                class: class.to_owned(),
                percent: percent.parse().ok(),
                detail: None,
                about: None,
            })
        });
        Told::all(found.collect())
    }
}

/// What a store need not say is what follows from the rest, or nothing.
#[test]
fn what_is_not_said_of_contacts_follows_from_what_is() {
    block_on(async {
        let contacts = MemoryAddressBook::of([]).limited_to(5, 60);
        let mailbox = MemoryMailbox::new(1).with_contacts(contacts);
        let items = items(&mailbox, Kind::Contact);
        let said = items.abilities();
        let most = said.call_items;
        assert!(most > 1);
        assert_eq!(
            (items.change_items(), items.first_change_items()),
            (most, most)
        );
        assert!(said.allowance.is_some());
        assert_eq!(items.allowance().await.unwrap(), said.allowance);
        let token = mailbox.address_book().sync_token().await.unwrap();
        assert!(token.is_some());
        assert_eq!(items.sync_token().await.unwrap(), token);
        let ids = [address(1), address(2)];
        assert_eq!(items.facts(&ids).await.unwrap(), []);
        let gone = Target::Contact(ContactTarget::Gone);
        assert_eq!(items.destination(&gone).await.unwrap(), None);
        let folders = ["Work".to_owned()];
        assert_eq!(items.seen_by_others(&folders).await.unwrap(), [""; 0]);
        let operation = DeleteContacts {}.into();
        assert_eq!(items.check_rows(&operation, &[b"x".to_vec()]), None);
        let nobody = [(ids[0].clone(), None)];
        let judged = items
            .judge(&operation, &nobody, Timestamp::UNIX_EPOCH)
            .await;
        let missing: Judged = Err(ItemReason::Missing);
        assert_eq!(judged.unwrap(), [missing]);
        let state = State::Contact(b"x".to_vec());
        let card = items.card_of_state(&ids[0], &state).unwrap();
        assert_eq!(items.card_with_input(card.clone(), b"x"), card);
        assert_eq!(
            items.objection(&operation).await.unwrap(),
            None,
            "whatever the cards are"
        );
    });
}

#[test]
fn what_a_provider_objects_to_and_allows_is_passed_on() {
    block_on(async {
        let mailbox = MemoryMailbox::new(1).sending_at_most(5, 60);
        let why = Some("Not today.".to_owned());
        mailbox.trouble(|trouble| trouble.objection = why.clone());
        let operation = Operation::from(Archive {});
        for kind in [Kind::Mail, Kind::Recipient] {
            let objection = items(&mailbox, kind).objection(&operation).await;
            assert_eq!(objection.unwrap(), why, "{kind:?}");
        }
        let allowance = items(&mailbox, Kind::Recipient).allowance().await.unwrap();
        let (items, seconds) = (5, 60);
        assert_eq!(allowance, Some(Allowance { items, seconds }));
    });
}

/// A mail to many is shown as each of them gets it.
#[test]
fn a_recipient_is_shown_with_what_is_sent() {
    let items = items(&MemoryMailbox::new(1), Kind::Recipient);
    let send = serde_json::json!({"type": "bulk_send", "from": "Ann <ann@example.org>",
        "subject": "Hello {{ name }}", "text": "Dear {{ name }}"});
    let operation: Operation = serde_json::from_value(send).unwrap();
    let row = serde_json::json!({"to": "bo@example.net", "name": "Bo"});
    let Operation::BulkSend(send) = &operation else {
        panic!("{operation:?}");
    };
    let input = send.input(&row).unwrap();
    let card = items.card_of_input(&operation, &id("bo@example.net"), &input);
    let shown = format!("{card:?}");
    assert!(
        shown.contains("Hello Bo") && shown.contains("Dear Bo"),
        "{shown}"
    );
}

/// No mail is made of a row, and none is shown that is not there.
#[test]
fn mails_are_made_of_nothing() {
    block_on(async {
        let items = mails(&MemoryMailbox::new(1));
        let operation: Operation = Archive {}.into();
        let one = id("a");
        assert_eq!(items.card_of_input(&operation, &one, b"x"), None);
        let state = place("INBOX", &[]);
        assert_eq!(items.card_of_state(&one, &state), None);
        let rows = items.rows(&operation, Vec::new()).await;
        assert!(matches!(rows, Err(CallError::Unsupported(_))), "{rows:?}");
    });
}

#[test]
fn a_contact_came_by_no_list_is_no_spam_and_is_nowhere_else_once_it_is_gone() {
    block_on(async {
        let items = items(&MemoryMailbox::new(0), Kind::Contact);
        let ids = [address(1), address(2)];
        assert_eq!(items.lists(&ids).await.unwrap(), [None, None]);
        assert_eq!(items.spam(&BySubject, &ids).await.unwrap(), [false, false]);
        let lost = [ItemState::ABSENT, ItemState::ABSENT];
        assert_eq!(items.follow(&lost, &ids).await.unwrap(), [None, None]);
    });
}

#[test]
fn spam_is_what_is_put_there_marked_so_or_what_a_model_is_sure_of() {
    block_on(async {
        let mailbox = MemoryMailbox::new(8);
        for (number, said) in [
            (1, "spam 90"),
            (2, "spam 89"),
            (3, "newsletter 99"),
            (4, "personal 99"),
            (5, "personal 99"),
            (6, "spam sure"),
            (7, "personal 99"),
            (8, "personal 99"),
        ] {
            mailbox.write(number, &format!("Subject: {said}\r\n\r\nHello.\r\n"));
        }
        mailbox.act(4, |place| place.folder = "Spam".to_owned());
        for (number, mark) in [(5, "$junk"), (7, "$NotJunk"), (8, "$Phishing")] {
            mailbox.act(number, |place| {
                place.flags.insert(mark.to_owned());
            });
        }
        let ids: Vec<ItemId> = (1..=8)
            .map(|number| mailbox.id_of(number).unwrap())
            .collect();
        let items = mails(&mailbox);
        let spam = items.spam(&BySubject, &ids).await.unwrap();
        let spam = spam.into_iter().zip(1..).filter(|(is_spam, _)| *is_spam);
        let spam: Vec<u64> = spam.map(|(_, number)| number).collect();
        assert_eq!(spam, [1, 4, 5, 8]);
        let calls = mailbox.calls();
        let none: Vec<bool> = items.spam(&BySubject, &[]).await.unwrap();
        assert_eq!((none, mailbox.calls()), (vec![], calls));
    });
}

#[test]
fn a_list_is_told_by_the_header_for_who_can_ask_it() {
    block_on(async {
        let mailbox = MemoryMailbox::new(2);
        let header = "From: News <news@x.example>\r\nTo: me+news@example.org\r\n\
                      List-Id: <news.x.example>\r\nX-Long: ";
        let unsubscribe = "\r\nList-Unsubscribe: <mailto:off@x.example?subject=off>\r\n\r\nHello.";
        let long = "a".repeat(30_000);
        mailbox.write(1, &format!("{header}{long}{unsubscribe}"));
        let (one, two) = (mailbox.id_of(1).unwrap(), mailbox.id_of(2).unwrap());
        let ids = [two, id("INBOX.9"), one];
        let told = mails(&mailbox).lists(&ids).await.unwrap();
        let list = |way| MailingList {
            key: "news.x.example".to_owned(),
            name: "News".to_owned(),
            address: "news@x.example".to_owned(),
            mails: 1,
            way,
            asked_at: None,
        };
        let by_mail = Way::Mail {
            to: "off@x.example".to_owned(),
            from: "me+news@example.org".to_owned(),
            subject: "off".to_owned(),
            body: String::new(),
        };
        assert_eq!(told.len(), 3);
        assert_eq!(told[1], None);
        assert_eq!(told[2], Some((Timestamp::UNIX_EPOCH, list(by_mail))));
        let way = told[0].as_ref().map(|(_, list)| &list.way);
        assert_eq!(way, Some(&Way::NotTold));
        // From where nothing is sent nobody can ask it.
        let silent = MailItems {
            mail: Arc::new(mailbox.clone()) as Arc<dyn MailStore>,
            postbox: None,
        };
        let told = silent.lists(&ids[2..]).await.unwrap();
        let to = "off@x.example".to_owned();
        let way = told[0].as_ref().map(|(_, list)| list.way.clone());
        assert_eq!(way, Some(Way::CannotSend { to }));
    });
}

/// What is there is shown as it is, with what its row says; what is not there as its row would make it.
#[test]
fn a_list_is_shown_in_place_of_the_mail_that_stands_for_it() {
    block_on(async {
        let mailbox = MemoryMailbox::new(2);
        let (there, gone) = (mailbox.id_of(1).unwrap(), id("INBOX.9"));
        let list = MailingList {
            key: "news.x.example".to_owned(),
            name: "News".to_owned(),
            address: String::new(),
            mails: 2,
            way: Way::NotTold,
            asked_at: None,
        };
        let input = list.to_bytes();
        let store = mails(&mailbox);
        let asked = [
            (&there, Some(input.as_slice())),
            (&gone, Some(input.as_slice())),
            (&there, None),
            (&gone, None),
            (&gone, Some(b"no list".as_slice())),
        ];
        let shown = cards(store.as_ref(), &Archive {}.into(), &asked).await;
        let shown = shown.unwrap();
        let facts = vec![
            CardFact::new("list", "news.x.example"),
            CardFact::new("mails", "2 mails"),
        ];
        let as_list = |card: Card| Card {
            title: "News".to_owned(),
            second: Way::NotTold.text(),
            facts: facts.clone(),
            ..card
        };
        let mail = store.cards(std::slice::from_ref(&there)).await.unwrap();
        let mail = mail[0].clone().unwrap();
        let of_nothing = Card {
            id: gone.clone(),
            title: String::new(),
            second: String::new(),
            facts: Vec::new(),
            time: None,
            marks: Vec::new(),
        };
        let expected = [
            Some(as_list(mail.clone())),
            Some(as_list(of_nothing)),
            Some(mail),
            None,
            None,
        ];
        assert_eq!(shown, expected);
        let none = cards(store.as_ref(), &Archive {}.into(), &[]).await;
        assert!(none.unwrap().is_empty());
    });
}

const ANN: &str =
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:Ann Lee\r\nN:Lee;Ann;;;\r\nEND:VCARD\r\n";

#[test]
fn contacts_are_shown_made_and_changed_as_their_cards_say() {
    block_on(async {
        let broken = b"no card".to_vec();
        let book = MemoryAddressBook::of([ANN.into(), broken.clone()]);
        let mailbox = MemoryMailbox::new(0).with_contacts(book);
        let items = items(&mailbox, Kind::Contact);
        let ids = [address(2), address(9), address(1)];
        let cards = items.cards(&ids).await.unwrap();
        // One that cannot be read is there all the same, under its address.
        let unreadable = cards[0].as_ref().map(|card| card.second.as_str());
        assert_eq!(unreadable, Some("/book/002.vcf"));
        assert_eq!(cards[1], None);
        let ann = cards[2].as_ref().map(|card| card.title.as_str());
        assert_eq!(ann, Some("Ann Lee"));
        let of_state = |state| items.card_of_state(&address(1), &state);
        assert_eq!(of_state(State::Contact(ANN.into())), cards[2]);
        assert_eq!(of_state(State::Absent), None);
        let create: Operation = CreateContacts::default().into();
        let of_input = |input: &[u8]| items.card_of_input(&create, &address(1), input);
        assert_eq!(of_input(ANN.as_bytes()), cards[2]);
        assert_eq!(of_input(&broken), None);
        let states = items.states(&ids).await.unwrap();
        assert_eq!(states[2].state, State::Contact(ANN.into()));
        assert_eq!(states[1], ItemState::ABSENT);
        let query = Query::parse("from:ann").unwrap();
        let wrong = items.matches(&query, Timestamp::UNIX_EPOCH, None, 9).await;
        assert!(matches!(wrong, Err(CallError::Unsupported(_))));
        let query = Query::parse_for(Kind::Contact, "lee").unwrap();
        let page = items.matches(&query, Timestamp::UNIX_EPOCH, None, 9).await;
        let found = page.unwrap().matches;
        assert_eq!((found.len(), &found[0].id), (1, &address(1)));
        assert_eq!(found[0].version, states[2].version);
        let change = [Change {
            id: address(1),
            from: states[2].clone(),
            to: State::Absent,
        }];
        let effects = items.change(&change, "tag").await.unwrap();
        let gone = Effect::Done {
            id: address(1),
            state: ItemState::ABSENT,
        };
        assert_eq!(effects, [gone]);
        let found = items.reconcile(&change, "tag").await.unwrap();
        let gone = Found::Done {
            id: address(1),
            state: ItemState::ABSENT,
        };
        assert_eq!(found, [gone]);
    });
}

#[test]
fn a_contact_is_made_in_a_book_that_there_is() {
    block_on(async {
        let items = items(&MemoryMailbox::new(0), Kind::Contact);
        let new = |book: Option<&str>| ContactTarget::New {
            book: book.map(str::to_owned),
        };
        let text = "There is no such address book, or nothing can be made in it.";
        let unknown = Invalid::new("operation.book", text);
        for (target, wrong) in [
            (new(None), None),
            (new(Some("/book/")), None),
            (new(Some("/other/")), Some(unknown)),
            (ContactTarget::Gone, None),
        ] {
            let target = Target::Contact(target);
            assert_eq!(items.check(&target).await.unwrap(), wrong, "{target:?}");
            let Target::Contact(goal) = target.clone() else {
                continue;
            };
            let goal = Goal::Contact(goal);
            assert_eq!(items.goal(target.clone()).await.unwrap(), goal);
            assert_eq!(items.past_goal(target).await.unwrap(), goal);
        }
        assert_eq!(items.goal(Target::Back).await.unwrap(), Goal::Back);
        assert!(is_of_another_kind(items.goal(into("Work", true)).await));
        let rows = |operation: Operation, input: &str| {
            let key = "k1".to_owned();
            let input = input.as_bytes().to_vec();
            let items = items.clone();
            async move { items.rows(&operation, vec![Row { key, input }]).await }
        };
        let create = || Operation::from(CreateContacts::default());
        // A card keeps the id that it brings, and gets one where it brings none.
        let made = rows(create(), ANN).await.unwrap();
        let hex = |uid: &str| -> String { uid.bytes().map(|it| format!("{it:02x}")).collect() };
        let at = |uid: &str| id(&format!("/book/{}.vcf", hex(uid)));
        assert_eq!(made, [(at("u1"), ANN.as_bytes().to_vec())]);
        let without = ANN.replace("UID:u1\r\n", "");
        let made = rows(create(), &without).await.unwrap();
        assert_eq!(made[0].0, at("k1"));
        let text = String::from_utf8(made[0].1.clone()).unwrap();
        assert!(text.contains("UID:k1"), "{text}");
        let wrong = rows(create(), "no card").await;
        assert!(matches!(
            wrong,
            Err(CallError::Refused(ItemReason::Refused))
        ));
        let none = rows(DeleteContacts {}.into(), ANN).await;
        assert!(is_of_another_kind(none));
    });
}

/// They are brought, handed over, and never there.
#[test]
fn nobody_finds_judges_or_changes_recipients() {
    block_on(async {
        let mailbox = MemoryMailbox::new(1);
        let items = items(&mailbox, Kind::Recipient);
        let ids = [id("ann@x.example"), id("bob@x.example")];
        assert_eq!(items.cards(&ids).await.unwrap(), [None, None]);
        let absent = [ItemState::ABSENT, ItemState::ABSENT];
        assert_eq!(items.states(&ids).await.unwrap(), absent);
        let token = items.sync_token().await.unwrap();
        assert_eq!(token.as_deref(), Some("brought"));
        let archive = Operation::from(Archive {});
        assert_eq!(items.objection(&archive).await.unwrap(), None);
        assert_eq!(items.check(&Target::Back).await.unwrap(), None);
        assert_eq!(items.card_of_input(&archive, &ids[0], b"{}"), None);
        assert_eq!(items.check_rows(&archive, &[b"{}".to_vec()]), None);
        let query = Query::parse("ann").unwrap();
        let found = items.matches(&query, Timestamp::UNIX_EPOCH, None, 9).await;
        assert!(matches!(
            found,
            Err(CallError::Unsupported(why)) if why == "Recipients are brought, not searched."
        ));
        for goal in [
            items.goal(Target::Back).await,
            items.past_goal(Target::Back).await,
        ] {
            assert!(matches!(
                goal,
                Err(CallError::Unsupported(why)) if why == "This account has no recipients."
            ));
        }
        let brought = [(ids[0].clone(), None), (ids[1].clone(), None)];
        let judged = items.judge(&archive, &brought, Timestamp::UNIX_EPOCH).await;
        let internal: Judged = Err(ItemReason::Internal);
        assert_eq!(judged.unwrap(), [internal.clone(), internal]);
        assert!(is_of_another_kind(items.change(&[], "tag").await));
        assert!(is_of_another_kind(items.reconcile(&[], "tag").await));
        let wrong = vec![Row {
            key: "k1".to_owned(),
            input: b"no recipient".to_vec(),
        }];
        assert!(is_of_another_kind(items.rows(&archive, wrong).await));
    });
}
