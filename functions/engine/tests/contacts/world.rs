//! A person with contacts, all of them a little odd.

use std::collections::BTreeMap;

use bulkhead_engine::testing::address_book::{MemoryAddressBook, address};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::{DeleteContacts, Operation, Replacement, UpdateContacts};
use bulkhead_shared::selection::Selection;

/// Contacts at [`address`] 1 to this.
pub(crate) const CONTACTS: u64 = 14;

/// The card of the contact with this number. Nothing in it may change but what an edit is about: a folded
/// photo, a group, an unknown property, a line that is none, ends of lines of another kind.
pub(crate) fn card(number: u64) -> Vec<u8> {
    let end = if number.is_multiple_of(5) {
        "\n"
    } else {
        "\r\n"
    };
    let lines = [
        "BEGIN:VCARD".to_owned(),
        "VERSION:3.0".to_owned(),
        format!("UID:uid-{number}"),
        format!("FN:Person {number:02}"),
        "N:Person;;;;".to_owned(),
        "ORG:Acme;Lab".to_owned(),
        format!("TEL;TYPE=work:0049 30 {number}"),
        format!("EMAIL:p{number}@old.example"),
        "CATEGORIES:friends".to_owned(),
        "item1.X-ABLabel:_$!<Anniversary>!$_".to_owned(),
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ".to_owned(),
        " SkZJRgABAQ".to_owned(),
        "X-UNKNOWN;X-P=1:kept\\, as it is".to_owned(),
        "no property at all".to_owned(),
        "END:VCARD".to_owned(),
    ];
    lines.map(|line| line + end).concat().into_bytes()
}

pub(crate) fn mailbox() -> MemoryMailbox {
    let book = MemoryAddressBook::of((1..=CONTACTS).map(card));
    MemoryMailbox::new(2).with_contacts(book)
}

pub(crate) async fn stage() -> Stage {
    Stage::new(mailbox()).await.unwrap()
}

/// Everything that is there, byte for byte.
pub(crate) fn cards(stage: &Stage) -> BTreeMap<ItemId, Vec<u8>> {
    stage.mailbox.address_book().cards()
}

/// All contacts.
pub(crate) fn all() -> Selection {
    found("")
}

/// All that a search finds.
pub(crate) fn found(query: &str) -> Selection {
    Selection::Query {
        query: query.to_owned(),
        except: Vec::new(),
    }
}

/// These contacts, by number.
pub(crate) fn these(numbers: impl IntoIterator<Item = u64>) -> Selection {
    Selection::Ids {
        ids: numbers.into_iter().map(address).collect(),
    }
}

pub(crate) fn delete() -> Operation {
    Operation::DeleteContacts(DeleteContacts {})
}

/// An edit of which every contact has something to be edited.
pub(crate) fn update() -> Operation {
    Operation::UpdateContacts(UpdateContacts {
        organisation: Some("Newco".to_owned()),
        add_categories: vec!["2026".to_owned()],
        telephone_prefix: Some(Replacement {
            from: "0049".to_owned(),
            to: "+49".to_owned(),
        }),
        ..UpdateContacts::default()
    })
}

/// The card as [`update`] leaves it.
pub(crate) fn updated(card: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(card.to_vec()).unwrap();
    text.replace("ORG:Acme;Lab", "ORG:Newco;Lab")
        .replace("CATEGORIES:friends", "CATEGORIES:friends,2026")
        .replace("TEL;TYPE=work:0049 30", "TEL;TYPE=work:+49 30")
        .into_bytes()
}
