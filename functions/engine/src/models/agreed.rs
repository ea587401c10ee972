//! What is sent of an account's mails is shown, and agreed to.

use std::sync::Arc;

use bulkhead_shared::api::{AgreeToModel, ModelConsent};
use bulkhead_shared::ids::UserId;
use bulkhead_shared::query::Query;
use serde_json::json;

use super::current::current;
use super::{agreed_to, record_fact};
use crate::access::Owned;
use crate::accounts;
use crate::error::Error;
use crate::ports::{Expect, MailStore, Ports, Write};
use crate::reading::{Beginnings, EXCERPT_HEADERS, EXCERPT_READ, EXCERPT_TEXT, excerpt};
use crate::records::store::text_row;
use crate::records::{AccountRecord, AgreedRecord, names};

/// What is sent of this account's mails, with an example, and whether that was agreed to. An account that has no mails is
/// answered like what does not exist.
pub async fn consent(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
) -> Result<ModelConsent, Error> {
    let account = account.get();
    let chosen = current(ports, user).await?.map(|it| it.record.at);
    let given = agreed_to(ports, user, &account.id).await?;
    let given = given.filter(|given| Some(&given.to) == chosen.as_ref());
    let open = accounts::open(ports, account).await?;
    let mail = open.mail().ok_or(Error::NotFound)?;
    Ok(ModelConsent {
        endpoint: chosen.map(|at| at.named()),
        agreed_at: given.map(|given| given.at),
        headers: EXCERPT_HEADERS.map(str::to_owned).to_vec(),
        text_bytes: EXCERPT_TEXT as u64,
        example: example(ports, mail).await?,
    })
}

/// What would be sent of the newest mail in the inbox.
async fn example(ports: &Ports, mail: Arc<dyn MailStore>) -> Result<Option<String>, Error> {
    let Ok(query) = Query::parse("in:inbox") else {
        return Ok(None);
    };
    let page = mail.list(&query, ports.clock.now(), None, 1).await?;
    let Some(newest) = page.items.into_iter().next() else {
        return Ok(None);
    };
    let mut beginning = Beginnings::new(1, EXCERPT_READ);
    mail.fetch_beginnings(&[newest.id], EXCERPT_READ, &mut beginning)
        .await?;
    let read = beginning.finish().pop().flatten();
    Ok(read.and_then(Result::ok).map(|bytes| excerpt(&bytes)))
}

/// Says yes to sending beginnings of this account's mails to the model that is named, if that is the chosen one.
pub async fn agree(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    to: &AgreeToModel,
) -> Result<(), Error> {
    let id = &account.get().id;
    let chosen = current(ports, user).await?.map(|it| it.record.at);
    let Some(at) = chosen.filter(|at| at.named() == *to) else {
        return Err(Error::NotPossible(
            "Another model is chosen now; look again at what is sent where.",
        ));
    };
    let record = AgreedRecord {
        account: id.clone(),
        to: at,
        at: ports.clock.now(),
    };
    let row = text_row(names::agreed(user, id), 1, &record, None)?;
    let facts = json!({ "model": to.model, "host": to.host });
    let write = Write::Put(row, Expect::Anything);
    record_fact(ports, user, "model_agreed", Some(id), facts, write).await
}

/// Takes that back. Jobs that are under way send nothing any more.
pub async fn withdraw(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
) -> Result<(), Error> {
    let id = &account.get().id;
    if agreed_to(ports, user, id).await?.is_none() {
        return Ok(());
    }
    let gone = Write::Delete(names::agreed(user, id), Expect::Anything);
    record_fact(ports, user, "model_withdrawn", Some(id), json!({}), gone).await
}
