//! A person's mails with their UUIDs: account after account, the newest of each first.

use bulkhead_engine::classes;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::Ports;
use bulkhead_engine::{access, accounts};
use bulkhead_shared::api::{Email, Emails, Item};
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;

use super::directory::Directory;

/// How often ids are asked for anew because somebody else kept some meanwhile.
const TRIES: u32 = 5;

/// A page of mails that a search finds. A page may be short, or empty, before the last one.
pub async fn list(
    ports: &Ports,
    user: &UserId,
    query: &Query,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Emails, Error> {
    let accounts = mail_accounts(ports, user).await?;
    let (place, inner) = position(&accounts, cursor)?;
    let Some(account) = accounts.get(place) else {
        return Ok(Emails {
            emails: Vec::new(),
            next_cursor: None,
            unsearched: Vec::new(),
        });
    };
    let record = access::account(ports, user, account).await?.into_inner();
    let open = accounts::open(ports, &record).await?;
    let mail = open.mail().ok_or(Error::NotFound)?;
    let query = classes::knowing(ports, account, query.clone()).await?;
    let page = mail.list(&query, ports.clock.now(), inner, limit).await?;
    let next_cursor = match page.next_cursor {
        Some(inner) => Some(format!("{account}.{inner}")),
        None => accounts.get(place + 1).map(|next| format!("{next}.")),
    };
    let emails = with_ids(ports, user, account, page.items).await?;
    Ok(Emails {
        emails,
        next_cursor,
        unsearched: page.unsearched,
    })
}

async fn mail_accounts(ports: &Ports, user: &UserId) -> Result<Vec<AccountId>, Error> {
    let accounts = accounts::list(ports, user).await?.accounts.into_iter();
    let with_mail = accounts.filter(|account| account.stores.contains_key(&Kind::Mail));
    Ok(with_mail.map(|account| account.id).collect())
}

/// Which account, and where in it.
fn position<'a>(
    accounts: &[AccountId],
    cursor: Option<&'a str>,
) -> Result<(usize, Option<&'a str>), Error> {
    let Some(cursor) = cursor else {
        return Ok((0, None));
    };
    let found = cursor.split_once('.').and_then(|(account, inner)| {
        let place = accounts
            .iter()
            .position(|known| known.as_str() == account)?;
        Some((place, Some(inner).filter(|inner| !inner.is_empty())))
    });
    let text = "Hand back the cursor of the page before, unchanged.";
    found.ok_or_else(|| Invalid::new("cursor", text).into())
}

async fn with_ids(
    ports: &Ports,
    user: &UserId,
    account: &AccountId,
    items: Vec<Item>,
) -> Result<Vec<Email>, Error> {
    for _ in 0..TRIES {
        let mut directory = Directory::load(ports, user).await?;
        let mut emails = Vec::with_capacity(items.len());
        for item in &items {
            if let Some(email_id) = directory.id(account, &item.id)? {
                emails.push(email(email_id, item));
            }
        }
        if directory.keep(ports, user).await? {
            return Ok(emails);
        }
    }
    Err(Error::NotPossible(
        "Others ask for the same in this moment; ask again.",
    ))
}

fn email(email_id: bulkhead_shared::api::EmailId, item: &Item) -> Email {
    Email {
        email_id,
        from: item.from.clone(),
        subject: item.subject.clone(),
        received_at: item.date,
        folder: item.folder.clone(),
        unread: item.unread,
    }
}
