//! A person's mails with their UUIDs: account after account, the newest of each first.

use std::sync::Arc;

use bulkhead_engine::classes;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Account, Ports};
use bulkhead_engine::{access, accounts, review};
use bulkhead_shared::api::{Email, EmailStatus, Emails, Item};
use bulkhead_shared::ids::{AccountId, ItemId, UserId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;

use super::claims;
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
    let mail = open.clone().mail().ok_or(Error::NotFound)?;
    let query = classes::knowing(ports, account, query.clone()).await?;
    let page = mail.list(&query, ports.clock.now(), inner, limit).await?;
    let next_cursor = match page.next_cursor {
        Some(inner) => Some(format!("{account}.{inner}")),
        None => accounts.get(place + 1).map(|next| format!("{next}.")),
    };
    let emails = with_ids(ports, user, account, page.items).await?;
    let emails = with_status(ports, user, account, &open, emails).await?;
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
) -> Result<Vec<(ItemId, Email)>, Error> {
    for _ in 0..TRIES {
        let mut directory = Directory::load(ports, user).await?;
        let mut emails = Vec::with_capacity(items.len());
        for item in &items {
            if let Some(email_id) = directory.id(account, &item.id)? {
                emails.push((item.id.clone(), email(email_id, item)));
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

/// The same, each with how it stands: what a batch does in this moment goes before what became of it earlier.
async fn with_status(
    ports: &Ports,
    user: &UserId,
    account: &AccountId,
    open: &Arc<dyn Account>,
    emails: Vec<(ItemId, Email)>,
) -> Result<Vec<Email>, Error> {
    let ids: Vec<ItemId> = emails.iter().map(|(id, _)| id.clone()).collect();
    let named = emails.iter().map(|(_, email)| email.email_id).collect();
    let in_batches = claims::standing(ports, user, &named).await?;
    let standing = review::standing(ports, account, open, &ids).await?;
    let emails = emails.into_iter().map(|(id, email)| {
        let status = match in_batches.get(&email.email_id) {
            Some(EmailStatus::Processing) => Some(EmailStatus::Processing),
            other => standing.get(&id).or(other).copied(),
        };
        Email { status, ..email }
    });
    Ok(emails.collect())
}

fn email(email_id: bulkhead_shared::api::EmailId, item: &Item) -> Email {
    Email {
        email_id,
        from: item.from.clone(),
        subject: item.subject.clone(),
        received_at: item.date,
        folder: item.folder.clone(),
        unread: item.unread,
        status: None,
    }
}
