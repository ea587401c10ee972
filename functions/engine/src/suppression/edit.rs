//! Addresses come onto the list, and leave it.

use std::collections::BTreeMap;

use bulkhead_shared::api::{Suppress, SuppressReport};
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::limits;
use bulkhead_shared::problem::Invalid;
use serde_json::json;

use super::list::{SuppressionList, key_of_text, list, list_of};
use crate::access::Owned;
use crate::audit::{self, Fact};
use crate::error::Error;
use crate::letters::key_of;
use crate::ports::{Expect, Ports, Write};
use crate::records::store::text_row;
use crate::records::{AccountRecord, SuppressedRecord, names};

/// Puts addresses onto an account's list. Those that are on it stay as they are.
pub async fn add(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    wanted: &Suppress,
) -> Result<SuppressReport, Error> {
    let addresses = wanted.read()?;
    let id = &account.get().id;
    let at = ports.clock.now();
    let mut new = BTreeMap::new();
    for (place, address) in addresses.iter().enumerate() {
        let key = key_of(address).ok_or_else(|| {
            let text = "What stands behind the @ is no domain that the DNS can hold.";
            Invalid::new(format!("addresses[{place}]"), text)
        })?;
        let record = SuppressedRecord {
            address: address.to_string(),
            why: wanted.why,
            at,
            note: None,
            job: None,
        };
        new.entry(key).or_insert(record);
    }
    let known = list(ports, account).await?;
    new.retain(|key, _| !known.0.contains_key(key));
    if known.0.len() + new.len() > limits::SUPPRESSED_MOST {
        let most = limits::SUPPRESSED_MOST;
        let text = format!(
            "The list has {} addresses, and room for {most}.",
            known.0.len()
        );
        return Err(Invalid::new("addresses", text).into());
    }
    let added = put(ports, id, &known, new).await?;
    let fact = Fact {
        event: "addresses_suppressed".to_owned(),
        job: None,
        account: Some(id),
        facts: json!({ "addresses": added, "why": wanted.why }),
    };
    audit::record(ports, user, fact, Vec::new()).await?;
    Ok(SuppressReport {
        added,
        known: addresses.len() as u64 - added,
    })
}

/// Stores rows of addresses that are not known yet, as far as there is room. How many those were.
async fn put(
    ports: &Ports,
    account: &AccountId,
    known: &SuppressionList,
    new: BTreeMap<String, SuppressedRecord>,
) -> Result<u64, Error> {
    let room = limits::SUPPRESSED_MOST.saturating_sub(known.0.len());
    let new = new
        .into_iter()
        .filter(|(key, _)| !known.0.contains_key(key));
    let rows = new.take(room).map(|(key, record)| {
        let key = names::suppressed(account, &key);
        text_row(key, 1, &record, None)
    });
    let rows = rows.collect::<Result<Vec<_>, Error>>()?;
    let added = rows.len() as u64;
    ports.table.put_many(rows).await?;
    Ok(added)
}

/// Takes an address off an account's list. One that is not on it stays off it.
pub async fn remove(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    address: &str,
) -> Result<(), Error> {
    let key = key_of_text(address);
    let key = key.ok_or_else(|| Invalid::new("address", "Has to be an address."))?;
    let id = &account.get().id;
    let gone = Write::Delete(names::suppressed(id, &key), Expect::Anything);
    let fact = Fact {
        event: "address_released".to_owned(),
        job: None,
        account: Some(id),
        facts: json!({}),
    };
    audit::record(ports, user, fact, vec![gone]).await
}

/// Puts addresses onto the list of which a mail came back, as far as there is room. Those that are on it stay as
/// they are. By the key of each.
pub(crate) async fn bounced(
    ports: &Ports,
    account: &AccountId,
    came_back: BTreeMap<String, SuppressedRecord>,
) -> Result<(), Error> {
    if came_back.is_empty() {
        return Ok(());
    }
    let known = list_of(ports.table.as_ref(), account).await?;
    put(ports, account, &known, came_back).await?;
    Ok(())
}
