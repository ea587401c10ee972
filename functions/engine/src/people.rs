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
