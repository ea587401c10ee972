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

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_shared::unsubscribe::Way;

    #[test]
    fn a_list_stands_in_the_place_of_its_mail() {
        for (mails, told) in [(1, "1 mail"), (2, "2 mails")] {
            let list = MailingList {
                key: "news.x.example".to_owned(),
                name: "The News".to_owned(),
                address: "news@x.example".to_owned(),
                way: Way::NotTold,
                mails,
                asked_at: None,
            };
            let mail = Card {
                id: "INBOX.1".parse().unwrap(),
                title: "News <news@x.example>".to_owned(),
                second: "Subject".to_owned(),
                facts: Vec::new(),
                time: None,
                marks: vec!["unread".to_owned()],
            };
            let shown = Card {
                title: "The News".to_owned(),
                second: Way::NotTold.text(),
                facts: vec![
                    CardFact::new("list", "news.x.example".to_owned()),
                    CardFact::new("mails", told.to_owned()),
                ],
                ..mail.clone()
            };
            assert_eq!(card(&list, mail), shown);
        }
    }
}
