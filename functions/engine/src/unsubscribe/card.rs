//! How a list is shown where items are.

use bulkhead_shared::kinds::{Card, CardFact};
use bulkhead_shared::unsubscribe::MailingList;

/// The list in place of the mail that stands for it.
pub(crate) fn card(list: &MailingList, mail: Card) -> Card {
    let mails = match list.mails {
        1 => "1 mail".to_owned(),
        mails => format!("{mails} mails"),
    };
    Card {
        title: list.name.clone(),
        second: list.way.text(),
        facts: vec![
            CardFact::new("list", list.key.clone()),
            CardFact::new("mails", mails),
        ],
        ..mail
    }
}
