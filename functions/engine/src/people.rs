//! Who is known to the owner of an account.

use std::collections::HashSet;
use std::sync::Arc;

use bulkhead_shared::vcard::Search;

use crate::ports::{Account, CallError};

/// Pages of contacts that are read, for knowing who is one.
const CONTACT_PAGES: u32 = 50;

/// The addresses of everybody in the account's contacts, in small letters; nobody where it has none.
pub(crate) async fn people(open: Arc<dyn Account>) -> Result<HashSet<String>, CallError> {
    let mut people = HashSet::new();
    let Some(contacts) = open.contacts() else {
        return Ok(people);
    };
    let (everybody, mut cursor) = (Search::words(""), None::<String>);
    for _ in 0..CONTACT_PAGES {
        let most = contacts.abilities().page_items;
        let page = contacts.list(&everybody, cursor.as_deref(), most).await?;
        for row in page.rows {
            let lines = row.shown.search.lines();
            people.extend(
                lines
                    .filter_map(|line| line.strip_prefix("email:"))
                    .map(|address| address.trim().to_owned()),
            );
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    people.remove("");
    Ok(people)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::address_book::MemoryAddressBook;
    use crate::testing::mailbox::MemoryMailbox;
    use futures::executor::block_on;

    fn card(number: u32, lines: &str) -> Vec<u8> {
        let text = format!(
            "BEGIN:VCARD\nVERSION:3.0\nUID:{number}\nFN:Nr {number:02}\nN:;;;;\n{lines}END:VCARD\n"
        );
        text.replace('\n', "\r\n").into_bytes()
    }

    /// On more than one page of contacts; who has no address is nobody here.
    #[test]
    fn people_are_all_addresses_of_all_contacts_in_small_letters() {
        let odd = [
            card(1, "EMAIL:Ann@X.example\nEMAIL:ann@home.example\n"),
            card(2, "TEL:123\nNOTE:email:nobody@x.example\n"),
            card(3, "EMAIL:\n"),
        ];
        let more = (4..20).map(|number| card(number, &format!("EMAIL:nr{number}@x.example\n")));
        let book = MemoryAddressBook::of(odd.into_iter().chain(more));
        let mailbox = MemoryMailbox::new(0).with_contacts(book);
        let mut expected: HashSet<String> = (4..20)
            .map(|number| format!("nr{number}@x.example"))
            .collect();
        expected.extend(["ann@x.example".to_owned(), "ann@home.example".to_owned()]);
        let known = block_on(people(Arc::new(mailbox))).unwrap();
        assert_eq!(known, expected);
        let nobody = block_on(people(Arc::new(MemoryMailbox::new(0)))).unwrap();
        assert_eq!(nobody, HashSet::new());
    }
}
